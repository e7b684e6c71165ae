#!/usr/bin/env python3
"""Tables from results.jsonl: `report.py FILE...`, one table a case; `--summary`, one row a case; `--goals`, what must
be reached beside what was seen; `--record DOCUMENT` writes into the document what its marks ask for (README.md).

Figures are medians over rounds; a ratio is taken within a round, then the median. Samples of wake-ups are pooled."""
import argparse
import json
import re

from harness.figures import Results
from harness.goals import goals, speed
from harness.tables import every_case, runs, summary

WRITTEN = {"run": runs, "speed": speed, "goals": goals, "summary": summary, "cases": every_case}
"""What stands between the marks `<!-- bench: NAME -->` and `<!-- bench: end -->`."""


def read(paths):
    for path in paths:
        with open(path) as file:
            yield from map(json.loads, file)


def recorded(text, results):
    """The text with everything between marks written anew."""
    def written(found):
        return f"{found[1]}\n{WRITTEN[found[2]](results).strip()}\n{found[3]}"
    marks = rf"(<!-- bench: ({'|'.join(WRITTEN)}) -->\n).*?(<!-- bench: end -->)"
    text, count = re.subn(marks, written, text, flags=re.DOTALL)
    return text if count else None


def record(document, results):
    with open(document) as file:
        text = recorded(file.read(), results)
    if text is None:
        raise SystemExit(f"{document} has no marks")
    with open(document, "w") as file:
        file.write(text)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--summary", action="store_const", dest="show", const=summary, default=every_case)
    arguments.add_argument("--goals", action="store_const", dest="show", const=goals)
    arguments.add_argument("--record", metavar="DOCUMENT")
    arguments.add_argument("files", nargs="+")
    options = arguments.parse_args()
    results = Results(read(options.files))
    if options.record:
        record(options.record, results)
    else:
        print(options.show(results))


if __name__ == "__main__":
    main()
