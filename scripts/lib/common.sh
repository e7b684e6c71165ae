# shellcheck shell=bash disable=SC2034
# Shared by the scripts here; sourced, never run. Sets `root` (the repository) and `build` (the one folder that
# the scripts write to). The functions return 1 where they fail, with or without `set -e`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build

# What a build of the library needs.
library_packages=(g++ cmake ninja-build pkg-config libpq-dev libsqlite3-dev rapidjson-dev libcctz-dev)

# What the command needs beside that.
command_packages=(libcli11-dev)

# The version of the Python SDK that workers run in the demonstration and in the tests.
python_sdk=dbos==3.4.0

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$(basename "$0"): $*"
  exit 1
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# quietly LOG COMMAND...: runs COMMAND with its output in LOG; shows the end of LOG if it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    say "failed: $*"
    tail -n 40 "$log" >&2
    return 1
  fi
}

package_installed() {
  [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]
}

# install_packages PACKAGE...: installs with apt what is missing, without starting any service: no default
# database cluster is made, and a daemon that comes along stays switched off.
install_packages() {
  local missing=() package
  for package in "$@"; do
    package_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || die "please install: ${missing[*]}"
  say "installing ${missing[*]}"
  quietly "$build/log/apt-update.log" as_root apt-get update || return 1
  local no_cluster=/etc/postgresql-common/createcluster.d/dbosc-no-main-cluster.conf policy=/usr/sbin/policy-rc.d own_policy=
  as_root mkdir -p "$(dirname "$no_cluster")"
  as_root tee "$no_cluster" >/dev/null <<<'create_main_cluster = false'
  if [[ ! -e $policy ]]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  local status=0
  quietly "$build/log/apt-install.log" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}" || status=$?
  as_root rm -f "$no_cluster"
  [[ -z $own_policy ]] || as_root rm -f "$policy"
  for package in "${missing[@]}"; do
    [[ $package != pgbouncer ]] || as_root update-rc.d pgbouncer disable >/dev/null 2>&1 || true
  done
  return "$status"
}

# base_python: prints a Python that can make virtual environments, which may have to be installed.
base_python() {
  if python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    command -v python3
  else
    install_packages python3 python3-venv >&2 || return 1
    printf '/usr/bin/python3\n'
  fi
}

# python_environment DIR REQUIREMENT...: a virtual environment in DIR holding the requirements, made once.
python_environment() {
  local directory=$1
  shift
  local marker=$directory/.complete
  [[ -f $marker && $(<"$marker") == "$*" ]] && return 0
  say "preparing Python packages: $*"
  local python
  python=$(base_python) || return 1
  rm -rf "$directory"
  mkdir -p "$(dirname "$directory")"
  quietly "$build/log/venv.log" "$python" -m venv "$directory" || return 1
  quietly "$build/log/pip.log" "$directory/bin/python" -m pip install --disable-pip-version-check --no-input "$@" ||
    return 1
  printf '%s' "$*" >"$marker"
}

# build_tree DIR TARGET|all CMAKE-OPTION...: configures DIR and builds the target in it.
build_tree() {
  local directory=$1 target=$2 name
  name=$(basename "$1")
  shift 2
  quietly "$build/log/$name-configure.log" cmake -S "$root" -B "$directory" -G Ninja "$@" || return 1
  quietly "$build/log/$name-build.log" cmake --build "$directory" --target "$target"
}

# build_test_tree DIR TARGET|all CMAKE-OPTION...: the same with the tests. Of what debuggers read it has the lines only,
# which halves the time that it takes.
build_test_tree() {
  local directory=$1 target=$2
  shift 2
  build_tree "$directory" "$target" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS_RELWITHDEBINFO='-O2 -g1 -DNDEBUG' \
    -DDBOSC_TESTS=ON -DDBOSC_UNITY_TESTS=ON -DDBOSC_WERROR=ON "$@"
}

# stop_process PID: ends a process that this shell started: politely, and after ten seconds by force.
stop_process() {
  local tries
  kill "$1" 2>/dev/null || true
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
