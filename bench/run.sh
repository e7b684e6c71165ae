#!/usr/bin/env bash
# Builds the contenders and runs cases: bench/run.sh [CASE...], default all; bench/run.sh build only builds.
# README.md lists the cases and the variables.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib/common.sh"
cd "$root/bench"
: "${BENCH_BUILD:=$build/bench}" "${CONTENDERS:=dbosc,raw,rawsqlite}"
export BENCH_BUILD CONTENDERS PYTHONDONTWRITEBYTECODE=1
mkdir -p "$BENCH_BUILD"

# chosen NAME: whether it takes part, in whatever mode.
chosen() { [[ $CONTENDERS == all || ,$CONTENDERS, =~ ,$1[:,] ]]; }

# older TARGET SOURCE...: whether the target has to be made.
older() {
  local target=$1 source
  shift
  [[ -e $target ]] || return 0
  for source in "$@"; do if [[ $source -nt $target ]]; then return 0; fi; done
  return 1
}

# compile NAME SOURCES FLAG...: a program of raw/ into $BENCH_BUILD/NAME; SOURCES is a pattern.
compile() {
  local target=$BENCH_BUILD/$1 sources
  mapfile -t sources < <(compgen -G "$2")
  shift 2
  if older "$target" "${sources[@]}"; then
    cc -O2 -Wall -Wextra -D_GNU_SOURCE "${sources[@]}" -o "$target" "$@"
  fi
}

# The packages of ours, each as its users build it, on a library that is installed for them.
build_packages() {
  chosen dbosc-go || chosen dbosc-java || chosen dbosc-ruby || return 0
  build_tree "$BENCH_BUILD/dbosc" all -DDBOSC_BENCH=ON -DDBOSC_CLI=OFF || return 1
  DESTDIR='' quietly "$build/log/bench-prefix.log" cmake --install "$BENCH_BUILD/dbosc" --prefix "$BENCH_BUILD/prefix" || return 1
  local library
  library=$(find "$BENCH_BUILD/prefix" -name libdbosc.so -printf '%h\n' -quit)
  # For the packages alone: older builds of ours beside them have libraries of their own.
  export BENCH_PACKAGES_LIBRARY=$library
  local -x PKG_CONFIG_PATH=$library/pkgconfig LD_LIBRARY_PATH=$library
  if chosen dbosc-go; then go build -C packages/go -o "$BENCH_BUILD/dbosc-go" .; fi
  local package sources
  package=$BENCH_BUILD/dbosc-java
  mapfile -t sources < <(find ../bindings/java packages/java -type f)
  if chosen dbosc-java && older "$package/contender" "${sources[@]}"; then
    mvn -q -B -f ../bindings/java -Dbuild.folder="$package" -DskipTests package
    javac -cp "$package/*:$package/lib/*" -d "$package/contender" packages/java/Contender.java
    touch "$package/contender"
  fi
  mapfile -t sources < <(find ../bindings/ruby -type f)
  if chosen dbosc-ruby && older "$BENCH_BUILD/dbosc.gem" "${sources[@]}"; then
    (cd ../bindings/ruby && quietly "$build/log/bench-gem.log" gem build --output "$BENCH_BUILD/dbosc.gem" dbosc.gemspec)
    GEM_HOME=$BENCH_BUILD/gems quietly "$build/log/bench-gem.log" gem install --local --no-document "$BENCH_BUILD/dbosc.gem"
  fi
}

build_contenders() {
  build_packages
  compile raw 'raw/postgres/*.c' "-I$(pg_config --includedir)" -lpq -lpthread
  compile pgtap raw/pgtap.c -lpthread
  compile rawsqlite raw/sqlite.c -lsqlite3
  if chosen dbosc && [[ -z ${BENCH_DBOSC:-} ]]; then
    build_tree "$BENCH_BUILD/dbosc" dbosc-contender -DDBOSC_BENCH=ON
  fi
  if chosen go && older "$BENCH_BUILD/go-contender" go/main.go; then
    GOFLAGS=-mod=mod go build -C go -o "$BENCH_BUILD/go-contender" .
  fi
  if chosen rust && older "$BENCH_BUILD/rust/release/peers" rust/src/main.rs; then
    CARGO_TARGET_DIR=$BENCH_BUILD/rust cargo build -q --release --manifest-path rust/Cargo.toml
  fi
  if chosen java && older "$BENCH_BUILD/java/classes/Contender.class" java/src/Contender.java; then
    mvn -q -B -f java dependency:copy-dependencies -DoutputDirectory="$BENCH_BUILD/java/lib"
    javac -nowarn -cp "$BENCH_BUILD/java/lib/*" -d "$BENCH_BUILD/java/classes" java/src/Contender.java
  fi
}

# A server that flushes its commits, speaks no TLS and counts statements, for this run.
start_server() {
  local directory=$BENCH_BUILD/postgres home as_owner=()
  BENCH_PG_URL=$("$root/scripts/postgres" start "$directory")
  trap '"$root/scripts/postgres" stop "$BENCH_BUILD/postgres"' EXIT
  trap 'exit 130' INT TERM
  export BENCH_PG_URL
  home=$(readlink -f "$directory/home")
  cat >>"$home/data/postgresql.conf" <<'SETTINGS'
shared_preload_libraries = 'pg_stat_statements'
fsync = on
full_page_writes = on
shared_buffers = 256MB
max_wal_size = 8GB
checkpoint_timeout = 30min
SETTINGS
  if ((EUID == 0)); then as_owner=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi
  (cd "$home" && "${as_owner[@]}" "$(pg_config --bindir)/pg_ctl" -D data -s -w restart -l server.log)
}

build_contenders
if [[ ${1:-} == build ]]; then exit; fi
if [[ -z ${BENCH_PY:-} ]]; then
  python_environment "$build/venv/bench" "$python_sdk" 'psycopg[binary]>=3.2,<4'
  BENCH_PY=$build/venv/bench/bin/python
fi
if [[ -z ${BENCH_PG_URL:-} ]]; then start_server; fi
"$BENCH_PY" bench.py "$@"
