#!/usr/bin/env bash
# Makes the C sources of the Ruby package from the .i files: ruby.sh [FOLDER], default the package's own ext/dbosc.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${1:-$here/../ruby/ext/dbosc}

mkdir -p "$target"
cp "$here/raw.h" "$here/ruby_raw.h" "$target/"
# SWIG leaves white space at the ends of lines.
(cd "$here" && swig -ruby -Wall -o /dev/stdout ruby.i) | sed 's/[[:space:]]*$//' >"$target/raw_wrap.c"
