"""Every C and C++ file is as clang-format 16 writes it."""
import re
import shutil
import subprocess
import sys

import project


def clang_format():
    """The program of version 16, or None."""
    for program in ("clang-format-16", "clang-format"):
        if shutil.which(program):
            version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
            if re.search(r"version 16\.", version):
                return program
    return None


def main():
    program = clang_format()
    if not program:
        print("clang-format 16 is not installed")
        sys.exit(project.SKIP)
    problems = project.Problems()
    names = [name for name in project.files(".h", ".hpp", ".c", ".cc") if not project.generated(project.read(name) or "")]
    result = subprocess.run([program, "--dry-run", "--Werror", *names], cwd=project.ROOT, capture_output=True, text=True)
    for found in re.finditer(r"^([^\s:]+):(\d+):\d+: error: (.*)$", result.stderr, re.M):
        problems.tell(found[1], found[2], found[3])
    if result.returncode and not problems.count:
        problems.tell(".clang-format", 1, result.stderr.rstrip())
    problems.finish(f"the format of {len(names)} files; `{program} -i FILE` puts one right")


if __name__ == "__main__":
    main()
