"""Asks the cron parsers of the SDKs and keeps their answers: make_vectors.py [--check] [DIALECT...].

README.md tells what it needs.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cases import DIALECTS, Case, cases  # noqa: E402
from programs import required  # noqa: E402

DATA = HERE.parents[1] / "unit" / "data" / "cron"


def command(dialect: str) -> list[str]:
    if dialect == "python":
        return [f"{required('DBOSC_PYTHON_SDK')}/python", "-B", str(HERE / "python" / "vectors.py")]
    if dialect == "typescript":
        return ["node", str(HERE / "typescript" / "vectors.mjs"), required("DBOSC_TYPESCRIPT_SDK")]
    if dialect == "go":
        return ["go", "run", "-C", str(HERE / "go"), "."]
    return ["java", "-cp", f"{required('DBOSC_JAVA_SDK')}/*", str(HERE / "java" / "Vectors.java")]


def answers(dialect: str, asked: list[Case]) -> list[str]:
    lines = "".join(json.dumps(case) + "\n" for case in asked)
    done = subprocess.run(command(dialect), input=lines, stdout=subprocess.PIPE, text=True, check=True)
    found = done.stdout.splitlines()
    if len(found) != len(asked):
        raise RuntimeError(f"{dialect}: {len(found)} answers to {len(asked)} questions")
    return found


def text_of(dialect: str) -> str:
    asked = cases(dialect)
    rows = []
    for (expression, zone, start, _), answer in zip(asked, answers(dialect, asked)):
        row = [expression, json.loads(answer)] if answer == '"refused"' else [expression, zone, start, json.loads(answer)]
        rows.append(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n")
    return "".join(dict.fromkeys(rows))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("dialect", nargs="*", help=f"of {', '.join(DIALECTS)}; default: all")
    arguments = parser.parse_args()
    if unknown := set(arguments.dialect) - set(DIALECTS):
        parser.error(f"no dialect {', '.join(sorted(unknown))}")
    failed = False
    for dialect in arguments.dialect or DIALECTS:
        path, text = DATA / f"{dialect}.jsonl", text_of(dialect)
        if not arguments.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        elif path.read_text() != text:
            failed = True
            print(f"{path.name}: the parser answers otherwise", file=sys.stderr)
        print(f"{dialect}: {text.count(chr(10))} vectors")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
