# shellcheck shell=bash
# The section `java` of scripts/test; sourced after common.sh, sdks.sh and bindings.sh, never run.

java_build=$build/java

# The line by which the package's page says to install it, with all of its tests; its output goes below `build`.
install_java_package() {
  local line
  line=$(sed -n 's/^mvn /mvn -B -q -Dbuild.folder="$java_build" /p' "$root/bindings/java/README.md") || return 1
  [[ -n $line ]] || {
    say "bindings/java/README.md has no line that begins with mvn"
    return 1
  }
  (cd "$root" && eval "$line")
}

# Under -Xcheck:jni the JVM prints what native code does wrong, and goes on.
check_jni_is_quiet() {
  ! grep -rn -A3 'WARNING in native method\|FATAL ERROR in native method' "$java_build/surefire-reports" "$1"
}

# The jar alone, on the class path and as a module, finds its native part; its two companions are there.
check_jar() {
  local jar=$java_build/dbosc-0.1.0.jar program=dev.dbosc.examples.Version
  [[ -s ${jar%.jar}-sources.jar && -s ${jar%.jar}-javadoc.jar ]] || {
    say "no jars of sources and documentation beside $jar"
    return 1
  }
  java -cp "$jar:$java_build/lib/*:$java_build/test-classes" "$program" &&
    java -p "$jar:$java_build/lib" --add-modules dev.dbosc -cp "$java_build/test-classes" "$program"
}

run_java() {
  install_packages swig && provide_java && install_library && check_generated &&
    python_environment "$build/venv/interop" "${interop_packages[@]}" || return 1
  export DBOSC_PYTHON_SDK=$build/venv/interop/bin
  local log=$build/log/java-package.log
  mkdir -p "$build/log"
  rm -rf "$java_build/surefire-reports"
  install_java_package 2>&1 | tee "$log"
  ((PIPESTATUS[0] == 0)) || return 1
  check_jni_is_quiet "$log" && check_jar || return 1
  grep -h 'Tests run' "$java_build"/surefire-reports/*.txt
}
