# shellcheck shell=bash
# The section `go` of scripts/test; sourced after common.sh, sdks.sh and bindings.sh, never run.

go_package=$root/bindings/go
go_build=$build/go

# What is committed is what SWIG and the generator write, formatted, and without what `go vet` minds.
check_go_sources() {
  check_generated && quietly "$build/log/make-go.log" python3 -B "$root/bindings/swig/make_go.py" --check || return 1
  local unformatted
  unformatted=$(gofmt -l "$go_package") || return 1
  [[ -z $unformatted ]] || {
    say "not as gofmt writes them: $unformatted"
    return 1
  }
  go -C "$go_package" vet ./... && go -C "$go_package/drivertest" vet ./...
}

# Without cgo the compiler's complaint says what is missing.
check_go_without_cgo() {
  local said
  if said=$(CGO_ENABLED=0 go -C "$go_package" build ./... 2>&1) || [[ $said != *dbosc_needs_cgo* ]]; then
    say "CGO_ENABLED=0 builds, or does not say what it lacks: $said"
    return 1
  fi
}

# The line by which the package's page says to install it, in a module beside the repository.
check_go_page() {
  local line
  line=$(grep '^go mod edit ' "$go_package/README.md") || return 1
  rm -rf "$go_build"
  mkdir -p "$go_build/app"
  ln -s "$root" "$go_build/dbosc"
  cp "$go_package/examples/greet/main.go" "$go_build/app/"
  (cd "$go_build/app" && quietly "$build/log/go-page.log" bash -ec "go mod init app; $line; go build -o greet .")
}

run_go() {
  install_packages swig && provide_go && install_library &&
    python_environment "$build/venv/interop" "${interop_packages[@]}" || return 1
  export DBOSC_PYTHON_SDK=$build/venv/interop/bin
  check_go_sources && check_go_without_cgo && check_go_page &&
    GOEXPERIMENT=cgocheck2 go -C "$go_package" test -race -count=1 -timeout 500s ./... &&
    go -C "$go_package/drivertest" test -count=1 -timeout 300s ./...
}
