"""docs/reference.md is what docs/make_reference.py makes of the built library.

check_reference.py LIBRARY: the built libdbosc.so."""
import subprocess
import sys

import project

PAGE = "docs/reference.md"
PROGRAM = "docs/make_reference.py"


def main(library):
    problems = project.Problems()
    made = subprocess.run([sys.executable, "-B", project.path(PROGRAM), library], check=True, capture_output=True,
                          text=True).stdout.splitlines()
    kept = project.read(PAGE).splitlines()
    if made != kept:
        pairs = enumerate(zip(made + [None], kept + [None]), 1)
        line = next(number for number, (wanted, found) in pairs if wanted != found)
        problems.tell(PAGE, line, f"is not what the library says: run {PROGRAM} LIBRARY > {PAGE}")
    problems.finish(PAGE)


if __name__ == "__main__":
    main(*sys.argv[1:])
