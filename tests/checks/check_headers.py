"""The public headers compile alone, twice in one file, in every language version that they promise.

check_headers.py INCLUDE_DIR CC CXX: the folder that holds the generated dbosc_version.h, and the compilers; clang-16 is
used as well where it is installed."""
import shutil
import subprocess
import sys

import project

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only"]
C_STANDARDS = ("c99", "c11", "c17")
HEADERS = {
    "include/dbosc/dbosc.h": ("c++11", "c++14", "c++17", "c++20"),
    "include/dbosc/dbosc.hpp": ("c++17", "c++20"),
}


def compile_alone(problems, header, compiler, language, standard, include_dir):
    source = f"#include <{header.removeprefix('include/')}>\n" * 2 + "int this_file_is_not_empty;\n"
    flags = STRICT + (["-Wc++-compat"] if language == "c" else [])
    command = [compiler, "-x", language, f"-std={standard}", *flags, "-I" + project.path("include"),
               "-I" + include_dir, "-"]
    result = subprocess.run(command, input=source, capture_output=True, text=True)
    if result.returncode:
        problems.tell(header, 1, f"does not compile alone as {standard} with {compiler}:\n{result.stderr.rstrip()}")


def main(include_dir, cc, cxx):
    problems = project.Problems()
    compilers = [(cc, cxx)]
    if shutil.which("clang-16"):
        compilers.append(("clang-16", "clang++-16" if shutil.which("clang++-16") else "clang-16"))
    for header, cxx_standards in HEADERS.items():
        for c_compiler, cxx_compiler in compilers:
            if header.endswith(".h"):
                for standard in C_STANDARDS:
                    compile_alone(problems, header, c_compiler, "c", standard, include_dir)
            for standard in cxx_standards:
                compile_alone(problems, header, cxx_compiler, "c++", standard, include_dir)
    problems.finish("the public headers")


if __name__ == "__main__":
    main(*sys.argv[1:])
