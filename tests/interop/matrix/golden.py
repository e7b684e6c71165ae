"""Golden data for the unit tests: what the workers store of their own types, and its meaning."""

import json
from pathlib import Path
from typing import Any, Iterator

import own_values
from abilities import PORTABLE
from arena import IT_WRITES
from arenas import Result
from versions import version

DATA = Path(__file__).parents[2] / "unit" / "data" / "golden" / "matrix.jsonl"
_WHERE = {"result": "output", "step": "step_output"}


def _cases(result: Result) -> Iterator[dict[str, Any]]:
    sdk = result.sdk
    for cell, outcome in result.outcomes.items():
        if cell.direction != IT_WRITES:
            continue
        text = own_values.OF[sdk.name][cell.payload][outcome.label == PORTABLE]
        meaning = json.loads(text or "null")
        if cell.place == "input":
            meaning = {"$type": "args", "positional": [meaning], "named": {}}
        yield {
            "sdk": sdk.name,
            "sdk_version": version(sdk.name),
            "case": cell.payload,
            "where": _WHERE.get(cell.place, cell.place),
            "serialization": outcome.label,
            "stored": outcome.stored,
            "meaning": meaning,
        }


def text(results: list[Result]) -> str:
    """A line for each text, which mostly is the same at many places."""
    lines = {}
    for result in results:
        for case in _cases(result):
            same = (case["sdk"], case["where"] == "input", case["serialization"], case["stored"])
            lines.setdefault(same, json.dumps(case, ensure_ascii=False, separators=(",", ":")))
    return "".join(f"{line}\n" for line in lines.values())
