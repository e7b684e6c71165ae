# frozen_string_literal: true

# Finds libdbosc by --with-dbosc-dir (or -include, -lib), else by pkg-config.
require "mkmf"

dir_config("dbosc")
pkg_config("dbosc") unless with_config("dbosc-dir") || with_config("dbosc-include")

unless have_header("dbosc/dbosc.h") && have_library("dbosc", "dbosc_completions_next_many", "dbosc/dbosc.h")
  abort <<~SENTENCE
    libdbosc was not found. Install it with its header, so that `pkg-config dbosc` finds it (PKG_CONFIG_PATH), or say
    where it is: gem install dbosc -- --with-dbosc-dir=FOLDER
  SENTENCE
end

# SWIG's runtime has more than any one wrapper uses.
append_cflags(%w[-Wno-unused-function -Wno-unused-parameter -Wno-declaration-after-statement])
create_makefile("dbosc/raw")
