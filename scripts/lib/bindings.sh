# shellcheck shell=bash
# What the sections of the packages of other languages share; sourced after common.sh, never run. Everything is made
# below `build`.

library_prefix=$build/prefix

# install_library: the library of the tests' build into a prefix of its own, and the variables by which pkg-config and
# the loader find it there. DBOSC_LIBRARY is the shared library.
install_library() {
  build_test_tree "$build/test" dbosc &&
    quietly "$build/log/archive-build.log" cmake --build "$build/test" --target dbosc_static dbosc_cli &&
    DESTDIR='' quietly "$build/log/prefix.log" cmake --install "$build/test" --prefix "$library_prefix" || return 1
  DBOSC_LIBRARY=$(find "$library_prefix" -name libdbosc.so -print -quit)
  [[ -n $DBOSC_LIBRARY ]] || {
    say "no libdbosc.so below $library_prefix"
    return 1
  }
  local folder=${DBOSC_LIBRARY%/*}
  export DBOSC_LIBRARY PKG_CONFIG_PATH=$folder/pkgconfig LD_LIBRARY_PATH=$folder
}

# check_generated: what bindings/generate.py writes is what is committed, and the library still says the same of itself.
check_generated() {
  quietly "$build/log/generate.log" python3 -B "$root/bindings/generate.py" check "$DBOSC_LIBRARY"
}
