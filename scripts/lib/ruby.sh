# shellcheck shell=bash
# The section `ruby` of scripts/test; sourced after common.sh, sdks.sh and bindings.sh, never run. Everything is made below `build`.

ruby_packages=(ruby ruby-dev ruby-pg ruby-activerecord gcc make swig)
ruby_package=$root/bindings/ruby
ruby_home=$build/ruby

# check_ruby_sources: SWIG's output is what is committed, and all is free of what Ruby warns of.
check_ruby_sources() {
  "$root/bindings/swig/ruby.sh" "$ruby_home/swig" || return 1
  local file
  for file in raw.h ruby_raw.h raw_wrap.c; do
    diff -q "$ruby_home/swig/$file" "$ruby_package/ext/dbosc/$file" || {
      say "run bindings/swig/ruby.sh"
      return 1
    }
  done
  local said
  said=$(find "$ruby_package" -name '*.rb' -exec ruby -wc {} \; 2>&1 | sort -u)
  [[ $said == 'Syntax OK' ]] || {
    say "$said"
    return 1
  }
  quietly "$build/log/rbs.log" ruby -S rbs3.1 -r bigdecimal -I "$ruby_package/sig" validate
}

# install_gem: the gem, built and installed into a home of its own, as a user would.
install_gem() {
  rm -rf "$ruby_home/gems"
  mkdir -p "$ruby_home/gems"
  (cd "$ruby_package" && quietly "$build/log/gem-build.log" gem build --output "$ruby_home/dbosc.gem" dbosc.gemspec) &&
    GEM_HOME=$ruby_home/gems quietly "$build/log/gem-install.log" gem install --local --no-document "$ruby_home/dbosc.gem"
}

run_ruby() {
  local PATH=/usr/bin:$PATH
  install_packages "${ruby_packages[@]}" &&
    python_environment "$build/venv/interop" "${interop_packages[@]}" &&
    install_library && check_generated && check_ruby_sources && install_gem || return 1
  # What is tested is the installed gem.
  GEM_HOME=$ruby_home/gems DBOSC_PYTHON_SDK=$build/venv/interop/bin ruby -w "$ruby_package/test/all.rb"
}
