"""docs/features.md is whole: every row has a state, and what it claims is proved by tests that exist."""
import ast
import re

import project

TABLE = "docs/features.md"
HEADER = ["feature", "ours", "state", "proved by"]
# Which states claim something, and so need a test.
STATES = {"done": True, "part": True, "otherwise": True, "not yet": False}
GROUPS = "ABCDEFGHIJKLMNOPQRST"

GTEST = re.compile(r"^TEST(?:_P|_F)?\(\s*(\w+),\s*(\w+)\s*\)", re.M)
C_TEST = re.compile(r"\bTEST\((\w+)\)")
GO_TEST = re.compile(r"^func (Test\w+)\(", re.M)
PROOF = re.compile(r"`(\w+): ([^`]+)`")


def of_gtest(kind):
    texts = (project.read(name) for name in project.files(".cc", under=f"tests/{kind}/"))
    return {f"{suite}.{case}" for text in texts for suite, case in GTEST.findall(text)}


def of_pytest(kind):
    found = set()
    for name in project.files(".py", under=f"tests/{kind}/"):
        functions = (node.name for node in ast.parse(project.read(name), name).body if isinstance(node, ast.FunctionDef))
        found.update(f"{name.rsplit('/', 1)[1]}::{each}" for each in functions if each.startswith("test_"))
    return found


def of_c():
    names = project.files(".c", under="tests/c_api/")
    return {f"{name.rsplit('/', 1)[1]}::{each}" for name in names for each in C_TEST.findall(project.read(name))}


def of_go():
    names = project.files("_test.go", under="bindings/go/")
    return {each for name in names for each in GO_TEST.findall(project.read(name))}


def of_java():
    names = project.files("Test.java", under="bindings/java/src/test/")
    found = re.compile(r"@(?:Parameterized)?Test\b(?:\s*@\w+(?:\([^)]*\))?)*\s*void (\w+)\(")
    return {f"{name.rsplit('/', 1)[1].removesuffix('.java')}.{each}" for name in names
            for each in found.findall(project.read(name))}


def of_ruby():
    names = project.files("_test.rb", under="bindings/ruby/test/")
    found = re.compile(r"^\s*(?:def |define_method\(:)(test_\w+)", re.M)
    return {f"{name.rsplit('/', 1)[1]}::{each}" for name in names for each in found.findall(project.read(name))}


def existing_tests():
    """{kind: names} of every test that a row may name."""
    kinds = {kind: of_gtest(kind) for kind in ("contract", "unit", "faults")}
    python = {section: of_pytest(section) for section in ("interop", "cli", "conformance")}
    packages = {"go": of_go(), "java": of_java(), "ruby": of_ruby()}
    return {**kinds, **python, **packages, "c_api": of_c()}


def rows(text):
    """(line, cells) of every row of a table; the line under a header is left out."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            yield number, [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def check_row(problems, line, cells, tests):
    if len(cells) != len(HEADER):
        problems.tell(TABLE, line, f"{len(cells)} cells instead of {len(HEADER)}")
        return
    feature, _, state, proofs = cells
    if state not in STATES:
        problems.tell(TABLE, line, f"'{feature}' has no state of {', '.join(STATES)}")
        return
    named = PROOF.findall(proofs)
    if STATES[state] and not named:
        problems.tell(TABLE, line, f"'{feature}' is {state}, and no test proves it")
    for kind, name in named:
        if name not in tests.get(kind, ()):
            problems.tell(TABLE, line, f"there is no test {kind}: {name}")
    if re.sub(r"[\s,]|<br>", "", PROOF.sub("", proofs)):
        problems.tell(TABLE, line, f"'{feature}' is proved by something else than `kind: test`")


def main():
    problems = project.Problems()
    text = project.read(TABLE)
    tests = existing_tests()
    looked_at = 0
    for line, cells in rows(text):
        if cells != HEADER:
            check_row(problems, line, cells, tests)
            looked_at += 1
    for group in GROUPS:
        if not re.search(rf"^## {group}\. ", text, re.M):
            problems.tell(TABLE, 1, f"group {group} is missing")
    problems.finish(f"{looked_at} features")


if __name__ == "__main__":
    main()
