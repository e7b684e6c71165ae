# shellcheck shell=bash
# The section `cli` of scripts/test; sourced after common.sh and sdks.sh, never run.

# Where archives are that are inside the command as one file (tools/dbosc/static.cmake).
archives=$build/archives

# install_archives: what that command needs beside the library's packages. Of Debian's package with two of the archives
# no more is taken, as it would bring a compiler along.
install_archives() {
  install_packages libabsl-dev libkrb5-dev libldap-dev zlib1g-dev || return 1
  [[ ! -f $archives/lib/libpgport.a ]] || return 0
  local major package=$build/archives/package
  major=$(pg_config --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
  rm -rf "$package"
  mkdir -p "$package" "$archives/lib"
  (cd "$package" && quietly "$build/log/archives.log" apt-get download "postgresql-server-dev-$major") || return 1
  dpkg-deb -x "$package"/*.deb "$package" && cp "$package/usr/lib/postgresql/$major"/lib/libpg{port,common}.a "$archives/lib/" &&
    rm -rf "$package"
}

run_cli() {
  mkdir -p "$interop"
  install_archives && build_test_tree "$build/test" all -DDBOSC_STATIC_CLI=ON -DDBOSC_ARCHIVES="$archives" &&
    install_python_sdk || return 1
  local tools=$build/test/tools/dbosc
  DBOSC_CLI=$tools/dbosc DBOSC_STATIC_CLI=$tools/static/dbosc DBOSC_LIBRARY=$build/test/libdbosc.so \
    "$DBOSC_PYTHON_SDK/python" -B -m pytest "$root/tests/cli" --rootdir "$root/tests/cli" \
    -p no:cacheprovider --basetemp "$interop/cli-tmp" -q --durations 5
}
