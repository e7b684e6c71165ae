"""docs/interop.md, made of what came of the arenas."""

from collections import defaultdict
from typing import Callable, Iterable

import abilities
import own_values
import payloads
from arena import IT_RAISES, IT_WRITES, WE_WRITE, Cell
from arenas import Result
from places import PLAIN, PUBLISHED, WRITTEN
from verdicts import CHANGED, IMPOSSIBLE, SAME, WRONG, Verdict
from versions import version

HEAD = """# Payloads through real workers

Made by `scripts/test-interop`, which runs each payload below through a real worker of each SDK and fails where this page is not
what it found. *We write*: our client enqueues a workflow, sends a message or creates a schedule with the payload, the worker puts
it at the place, and our client reads it back, in payload mode `tagged`, equal to what was sent. *It writes*: the worker makes
values of its language's own types, and our client reads what they are. The databases are made by our `create_system_database`.

- **12**: so many payloads, all equal to what was written.
- **12 ~2**: so many, 2 of which the SDK itself changes on the way; what they become is checked, too. The notes say why.
- **12 -2**: so many, and 2 more that are refused with a clear error before anything is written, as the notes say.
- **no**: the SDK has nothing there, as the notes say.
"""


class Notes:
    """Reasons, numbered as they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def marks(self, reasons: Iterable[str]) -> str:
        numbers = {self._numbers.setdefault(reason, len(self._numbers) + 1) for reason in reasons}
        return "".join(f"[^{number}]" for number in sorted(numbers))

    def text(self) -> str:
        return "\n".join(f"[^{number}]: {reason}." for reason, number in self._numbers.items())


def _cell(verdicts: list[Verdict], notes: Notes) -> str:
    kinds = [verdict.kind for verdict in verdicts]
    there = kinds.count(SAME) + kinds.count(CHANGED)
    parts = [str(there) if there else "no"]
    parts += [f"~{kinds.count(CHANGED)}"] if CHANGED in kinds else []
    parts += [f"-{kinds.count(IMPOSSIBLE)}"] if IMPOSSIBLE in kinds and there else []
    parts += [f"**{kinds.count(WRONG)} wrong**"] if WRONG in kinds else []
    reasons = {v.reason for v in verdicts if v.kind in (CHANGED, IMPOSSIBLE)}
    return " ".join(parts) + notes.marks(sorted(reasons))


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _columns(results: list[Result]) -> list[tuple[Result, str]]:
    return [(result, name) for result in results for name in abilities.formats(result.sdk)]


def _heads(columns: list[tuple[Result, str]]) -> list[str]:
    return [f"{result.sdk.name}, {result.backend}: `{name}`" for result, name in columns]


def _select(result: Result, wanted: Callable[[Cell], bool]) -> list[Verdict]:
    return [verdict for cell, verdict in result.verdicts.items() if wanted(cell)]


Columns = list[tuple[Result, str]]


def _places(columns: Columns, direction: str, names: list[str], notes: Notes) -> str:
    def row(place: str) -> list[str]:
        cells = []
        for result, format_name in columns:
            at = (direction, format_name, place)
            found = _select(result, lambda c: (c.direction, c.format, c.place) == at)
            reason = abilities.impossible(result.sdk.name, format_name, place)
            cells.append(_cell(found, notes) if found else "no" + notes.marks([reason or ""]))
        return [place, *cells]

    return _table(["", *_heads(columns)], map(row, names))


def _payloads(columns: list[tuple[Result, str]], notes: Notes) -> str:
    names = list(dict.fromkeys(p.name for _, name in columns for p in payloads.of_format(name)))

    def row(payload: str) -> list[str]:
        cells = []
        for result, format_name in columns:
            of = (WE_WRITE, format_name, payload)
            found = _select(result, lambda c: (c.direction, c.format, c.payload) == of)
            cells.append(_cell(found, notes) if found else "")
        return [payload, *cells]

    return _table(["", *_heads(columns)], map(row, names))


def _sdks(results: list[Result]) -> str:
    cells: dict[str, int] = defaultdict(int)
    backends: dict[str, list[str]] = defaultdict(list)
    for result in results:
        cells[result.sdk.name] += len(result.verdicts)
        backends[result.sdk.name].append(result.backend)
    rows = (
        [name, version(name), ", ".join(backends[name]), str(count)]
        for name, count in cells.items()
    )
    return _table(["SDK", "version", "databases", "cells"], rows)


def text(results: list[Result]) -> str:
    columns, notes = _columns(results), Notes()
    written = [place.name for place in WRITTEN] + [plain.name for plain in PLAIN]
    parts = [
        HEAD,
        _sdks(results),
        "\n## We write, by place\n",
        _places(columns, WE_WRITE, written, notes),
        "\n## We write, by payload\n\nEach at all places that the format has.\n",
        _payloads(columns, notes),
        "\n## It writes, by place\n",
        _places(columns, IT_WRITES, list(PUBLISHED), notes),
        "\nThe values:\n",
        *(f"- {name}: {', '.join(own_values.OF[name])}" for name in _names(results)),
        "\n## It raises\n",
        "Name, message, code and data of an error of the language, and of one of the application's\n"
        "own in a step.\n",
        _places(columns, IT_RAISES, ["error", "step error"], notes),
        "\n## Notes\n",
        notes.text(),
    ]
    return "\n".join(parts) + "\n"


def _names(results: list[Result]) -> list[str]:
    return list(dict.fromkeys(result.sdk.name for result in results))
