"""Sizes, header guards, text hygiene, scripts that parse, and nothing that belongs to one machine."""
import ast
import re
import subprocess

import project

MOST_LINES = (("src/", 500), ("tests/", 800), ("examples/", 500), ("tools/", 500), ("bench/", 500),
              ("bindings/", 500))
SOURCES = (".h", ".hpp", ".c", ".cc", ".def", ".py", ".sh", ".go", ".java", ".rs", ".mjs", ".cjs", ".rb")
# Lists that a tool writes.
WRITTEN_BY_TOOLS = ("go.sum", "package-lock.json", "Cargo.lock")

MACHINE = re.compile(
    r"(?<![\w.$}~-])/(?:work|root|home/\w+|Users/\w+)/"  # folders of one machine
    r"|\b(?:(?:extra-)?[i]ndex-url|[G]OPROXY=|npm_config_[r]egistry|registry\s*=\s*[\"']?http)"  # package sources
    r"|https?://(?:\w+:\w+@)?(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.[\d.]+"  # private addresses
    r"|https?://[\w.-]+\.(?:internal|local|lan|corp)\b"
    r"|https?://[\w.-]*(?:artifactory|nexus|devpi|verdaccio)[\w.-]*")
PUBLIC_REGISTRIES = ("https://registry.npmjs.org/", "https://repo.maven.apache.org/", "https://proxy.golang.org",
                     "https://pypi.org/", "https://crates.io/")
RESOLVED = re.compile(r'"resolved":\s*"([^"]+)"')


def check_size(problems, name, text):
    for folder, most in MOST_LINES:
        lines = text.count("\n")
        if name.startswith(folder) and name.endswith(SOURCES) and lines > most:
            problems.tell(name, most + 1, f"{lines} lines; {folder} files have at most {most}")


def check_guard(problems, name, text):
    if not name.endswith((".h", ".hpp", ".h.in")):
        return
    if name.startswith("include/"):
        guard = re.sub(r"\W", "_", name.removesuffix(".in").rsplit("/", 1)[1]).upper()
        if f"#ifndef {guard}\n#define {guard}\n" not in text or not text.endswith(f"#endif /* {guard} */\n"):
            problems.tell(name, 1, f"a public header is guarded by {guard}")
    elif not re.search(r"^#pragma once$", text, re.M) and not re.search(
            r"^#ifndef (\w+)\n#define \1\n.*^#endif[^\n]*\n$", text, re.M | re.S):
        problems.tell(name, 1, "neither #pragma once nor a guard around it")


def check_text(problems, name, text):
    if text and not text.endswith("\n"):
        problems.tell(name, text.count("\n") + 1, "no newline at the end")
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip() and not name.endswith(".md"):
            problems.tell(name, number, "white space at the end of the line")
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            problems.tell(name, number, "a merge conflict")
        for found in MACHINE.finditer(line):
            problems.tell(name, number, f"belongs to one machine: {found[0]}")
        for found in RESOLVED.finditer(line):
            if not found[1].startswith(PUBLIC_REGISTRIES):
                problems.tell(name, number, f"not a public registry: {found[1]}")


def check_script(problems, name, text):
    if name.endswith(".py"):
        try:
            ast.parse(text, name)
        except SyntaxError as error:
            problems.tell(name, error.lineno or 1, error.msg)
        return
    shell = re.match(r"#!.*\b(bash|sh)\b|# shellcheck shell=(bash|sh)\b", text)
    if shell or name.endswith(".sh"):
        checked = subprocess.run([(shell and (shell[1] or shell[2])) or "bash", "-n", project.path(name)],
                                 capture_output=True, text=True)
        if checked.returncode:
            line = checked.stderr.splitlines()[0]
            found = re.search(r"line (\d+)|: (\d+):", line)
            problems.tell(name, found and (found[1] or found[2]) or 1, line)


def main():
    problems = project.Problems()
    names = project.files()
    for name in names:
        text = project.read(name)
        if text is None:
            continue
        check_script(problems, name, text)
        if name.endswith(WRITTEN_BY_TOOLS) or project.generated(text):
            check_text(problems, name, text)
            continue
        check_size(problems, name, text)
        check_guard(problems, name, text)
        check_text(problems, name, text)
    problems.finish(f"{len(names)} files")


if __name__ == "__main__":
    main()
