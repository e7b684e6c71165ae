"""Each payload at each place, in each format of each SDK: we write, it runs; it writes, we read.

Every cell of an arena is run at once, so a test here only looks at the outcomes of one format.
"""

import os
from functools import cache
from pathlib import Path
from typing import Callable

import pytest

import abilities
import arenas
import golden
import page
from arenas import Result
from verdicts import CHANGED, IMPOSSIBLE, WRONG

PAGE = Path(__file__).parents[3] / "docs" / "interop.md"
FORMATS = [
    (name, format_name)
    for name, (sdk, _) in arenas.NAMES.items()
    for format_name in abilities.formats(sdk)
]
PAGE_MODE = os.environ.get("DBOSC_INTEROP_PAGE")


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """What came of an arena, which is run when it is first asked for."""

    @cache
    def run(name: str) -> Result:
        return arenas.run(name, tmp_path_factory.mktemp(name))

    return run


@pytest.mark.parametrize("direction", ["we write", "it writes", "it raises"])
@pytest.mark.parametrize("name, format_name", FORMATS)
def test_every_payload_arrives(result, name, format_name, direction):
    cells = {
        cell: verdict
        for cell, verdict in result(name).verdicts.items()
        if (cell.format, cell.direction) == (format_name, direction)
    }
    assert cells
    wrong = [
        f"{cell.place}, {cell.payload}: {verdict.reason}"
        for cell, verdict in cells.items()
        if verdict.kind == WRONG
    ]
    assert not wrong, f"{len(wrong)} of {len(cells)} cells:\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", arenas.NAMES)
def test_no_exception_is_made_without_need(result, name):
    sdk = result(name).sdk
    told = {v.reason for v in result(name).verdicts.values() if v.kind in (CHANGED, IMPOSSIBLE)}
    assert abilities.reasons(sdk) <= told


if PAGE_MODE:

    def test_the_page_tells_what_was_found(result):
        results = [result(name) for name in arenas.NAMES]
        text = page.text(results)
        if PAGE_MODE == "write":
            PAGE.write_text(text)
            golden.DATA.write_text(golden.text(results))
        assert PAGE.read_text() == text, "DBOSC_INTEROP_PAGE=write scripts/test-interop rewrites it"
