"""The folders of src/ include downwards only, and each keeps to its subject."""
import re

import project

LEVELS = {"base": 1, "schema": 2, "model": 3, "sql": 3, "store": 4, "wire": 4, "watch": 4, "write": 4, "client": 5,
          "c_api": 6}
SIDEWAYS = {("watch", "store"), ("write", "store")}

# Headers of others, and the only places that may include them.
KEPT = {
    r"libpq-fe\.h|libpq/.*|postgres_ext\.h": "src/sql/postgres/",
    r"sqlite3.*\.h": "src/sql/sqlite/",
    r"rapidjson/.*": "src/base/json.cc",
    r"cctz/.*": "src/base/timezone.cc",
    r"dbosc/.*": "src/c_api/",
}

SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE \w|DELETE FROM|FROM \w|WHERE \w|RETURNING|CREATE TABLE)\b"
                 r'|^(?:R?"\w*\(?)\s*(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|LISTEN|NOTIFY|SET)\b')
JSON_KEY = re.compile(r'\\"\w+\\"\s*:|[{,]\s*"\w+"\s*:')
# A literal that ends where a quoted SQL value begins, and is joined with something.
JOINED_VALUE = re.compile(r"""(?:[=(,<>]|\b(?:IN|LIKE|VALUES|TO|SET|AND|OR))\s*'"\s*(?:\+|<<|\.append|,\s*\w+\()""")
VALUE_IN_TEXT = "a value inside the text of a statement (bind it as a parameter): "
FORMATTED = re.compile(r"\b(?:s?n?printf|format)\s*\([^;\"]*R?\"[^;]*?\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|VALUES)\b")


def check_includes(problems, name, text):
    _, layer, *rest = name.split("/")
    for found in re.finditer(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, re.M):
        line, quote, included = project.line_of(text, found.start(1)), found[1], found[2]
        for pattern, place in KEPT.items():
            if re.fullmatch(pattern, included) and not name.startswith(place):
                problems.tell(name, line, f"only {place} may include {included}")
        if quote != '"':
            continue
        target = included.split("/")[0]
        if "/" not in included:
            problems.tell(name, line, f'"{included}" is not named from src/')
        elif target == "dbosc":
            problems.tell(name, line, f"write <{included}>")
        elif target not in LEVELS:
            problems.tell(name, line, f"{target}/ is no layer")
        elif target != layer and LEVELS[target] >= LEVELS[layer] and (layer, target) not in SIDEWAYS:
            problems.tell(name, line, f"{layer}/ must not include {target}/")
        elif layer == target == "sql" and len(rest) == 2 and included.split("/")[1] in {"postgres", "sqlite"} - {rest[0]}:
            problems.tell(name, line, f"sql/{rest[0]}/ must not include {included}")


def check_subjects(problems, name, text):
    layer = name.split("/")[1]
    for position, literal in project.literals(text):
        line = project.line_of(text, position)
        if layer in ("client", "c_api", "wire", "watch") and SQL.search(literal):
            problems.tell(name, line, f"SQL in {layer}/: {literal.splitlines()[0]}")
        if layer in ("store", "sql") and JSON_KEY.search(literal):
            problems.tell(name, line, f"a JSON key in {layer}/: {literal.splitlines()[0]}")
        if layer == "sql" and re.search(r"\bworkflow_(status|events|input|output)\b", literal):
            problems.tell(name, line, f"sql/ has never heard of a workflow: {literal.splitlines()[0]}")
    if layer in ("store", "sql"):
        for found in [*JOINED_VALUE.finditer(text), *FORMATTED.finditer(text)]:
            problems.tell(name, project.line_of(text, found.start()), VALUE_IN_TEXT + found[0].splitlines()[0])


def main():
    problems = project.Problems()
    names = project.files(".h", ".cc", ".def", under="src/")
    for name in names:
        layer = name.split("/")[1]
        if layer not in LEVELS:
            problems.tell(name, 1, f"{layer}/ is no layer")
            continue
        text = project.without_comments(project.read(name))
        check_includes(problems, name, text)
        check_subjects(problems, name, text)
    problems.finish(f"the layers of {len(names)} files")


if __name__ == "__main__":
    main()
