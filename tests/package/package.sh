#!/usr/bin/env bash
# One test of the library as others build against it: package.sh STEP [LIBDIR]. Run by ctest, which sets the variables.
#   install           installs into a prefix and moves that
#   pkgconfig_shared  builds and runs the programs with `pkg-config dbosc`
#   pkgconfig_static  the same with `pkg-config --static dbosc` where only the archive is
#   find_package      the same as CMake projects, of C alone and of C++ alone, on both libraries
#   child             the same with the source as a child project
set -euo pipefail
: "${BUILD:?}" "${STAGE:?}" "${VERSION:?}" "${CMAKE:?}" "${CC:?}" "${CXX:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=$STAGE/moved
libdir=${2:-lib}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# run_program PROGRAM shared|static: runs it on a fresh database and looks at what it is linked with.
run_program() {
  local program=$1 kind=$2 linked=static
  rm -f "$program.sqlite"*
  "$program" "sqlite:///$program.sqlite"
  if [[ $(ldd "$program") == *libdbosc.so.0* ]]; then linked=shared; fi
  [[ $linked == "$kind" ]] || fail "$program is linked with the $linked library instead of the $kind one"
}

# pkgconfig_programs KIND PREFIX [PKG-CONFIG-OPTION...]
pkgconfig_programs() {
  local kind=$1 root=$2 work=$STAGE/pkgconfig_$1
  shift 2
  rm -rf "$work"
  mkdir -p "$work"
  export PKG_CONFIG_PATH=$root/$libdir/pkgconfig LD_LIBRARY_PATH=$root/$libdir
  [[ $(pkg-config --modversion dbosc) == "$VERSION" ]] || fail "dbosc.pc is of another version"
  local flags libraries
  read -ra flags <<<"$(pkg-config --cflags dbosc)"
  read -ra libraries <<<"$(pkg-config "$@" --libs dbosc)"
  "$CC" -std=c99 -Wall -Wextra -pedantic -Werror "${flags[@]}" "$here/programs/program.c" -o "$work/c" \
    "${libraries[@]}"
  "$CXX" -std=c++17 -Wall -Wextra -pedantic -Werror "${flags[@]}" "$here/programs/program.cc" -o "$work/cxx" \
    "${libraries[@]}"
  run_program "$work/c" "$kind"
  run_program "$work/cxx" "$kind"
}

# The command runs from where the tree was moved to, with what a shell and `man` look for.
check_command() {
  local file
  [[ $(env -u LD_LIBRARY_PATH "$prefix/bin/dbosc" --version) == "dbosc $VERSION" ]] ||
    fail "the installed command does not run"
  for file in man/man1/dbosc.1 bash-completion/completions/dbosc zsh/site-functions/_dbosc \
    fish/vendor_completions.d/dbosc.fish; do
    [[ -s $prefix/share/$file ]] || fail "share/$file is not installed"
  done
}

install_and_move() {
  rm -rf "$STAGE"
  mkdir -p "$STAGE"
  DESTDIR='' "$CMAKE" --install "$BUILD" --prefix "$STAGE/installed" >"$STAGE/install.log"
  mv "$STAGE/installed" "$prefix"
  local file
  for file in include/dbosc/{dbosc.h,dbosc.hpp,dbosc_version.h} "$libdir"/libdbosc.{so,so.0,a} \
    "$libdir/pkgconfig/dbosc.pc" "$libdir"/cmake/dbosc/dboscConfig{,Version}.cmake; do
    [[ -f $prefix/$file ]] || fail "$file is not installed"
  done
  check_command
  if grep -rIlF -e "$STAGE" -e "$BUILD" "$prefix"; then fail "these files know where they were built or installed"; fi
  if readelf -d "$prefix/$libdir/libdbosc.so" | grep -E 'R(UN)?PATH'; then fail "the library has a run path"; fi
}

find_package_programs() {
  local language library work
  for language in C CXX; do
    work=$STAGE/find_package_$language
    rm -rf "$work"
    "$CMAKE" -S "$here/find_package" -B "$work" -G Ninja -DLANGUAGE=$language -DPROGRAMS="$here/programs" \
      -DDBOSC_EXPECTED_VERSION="${VERSION%.*}" -DCMAKE_PREFIX_PATH="$prefix"
    "$CMAKE" --build "$work"
    for library in dbosc dbosc_static; do
      if [[ $library == dbosc ]]; then run_program "$work/with_$library" shared; fi
      if [[ $library == dbosc_static ]]; then run_program "$work/with_$library" static; fi
    done
    if "$CMAKE" -S "$here/find_package" -B "$work-wrong" -G Ninja -DLANGUAGE=$language -DPROGRAMS="$here/programs" \
      -DDBOSC_EXPECTED_VERSION=99.0 -DCMAKE_PREFIX_PATH="$prefix" >/dev/null 2>&1; then
      fail "find_package takes version $VERSION for 99.0"
    fi
  done
}

child_programs() {
  local work=$STAGE-child language installed
  rm -rf "$work"
  # A debug build, as a parent may have one; without what debuggers read it takes a third of the time.
  "$CMAKE" -S "$here/child" -B "$work" -G Ninja -DPROGRAMS="$here/programs" -DDBOSC_SOURCE="$here/../.." \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0
  if grep 'program\.cc\?"' "$work/compile_commands.json" | grep -E -- '-Wall|-Wextra|-Werror|-fvisibility|-fPIC'; then
    fail "the parent's programs are compiled with flags of ours"
  fi
  if [[ -e $work/CPackConfig.cmake ]]; then fail "a child must not make a package of its parent"; fi
  "$CMAKE" --build "$work"
  for language in c cxx; do
    run_program "$work/${language}_with_dbosc" shared
    run_program "$work/${language}_with_dbosc_static" static
  done
  "$CMAKE" --install "$work" --prefix "$work-installed" >/dev/null
  installed=$(cd "$work-installed" && find . -type f)
  rm -rf "$work-installed"
  [[ $installed == ./bin/c_with_dbosc ]] || fail "the parent installs more than its own: $installed"
}

case ${1:-} in
  install) install_and_move ;;
  pkgconfig_shared) pkgconfig_programs shared "$prefix" ;;
  pkgconfig_static)
    rm -rf "$STAGE/archive_only"
    cp -a "$prefix" "$STAGE/archive_only"
    rm "$STAGE/archive_only/$libdir"/libdbosc.so*
    pkgconfig_programs static "$STAGE/archive_only" --static
    ;;
  find_package) find_package_programs ;;
  child) child_programs ;;
  *) fail "unknown step ${1:-}" ;;
esac
