"""One story, told in every language: each step ends as steps.json says, and the tables are alike after it."""

import difflib
import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

import pytest

from databases import copied_database
from languages import BACKENDS, LANGUAGES, Language
from matching import differences, parse
from programs import PYTHON, Program
from side_by_side import Database, normal_rows

STEPS = Path(__file__).parent / "steps.json"
STORY_SECONDS = 300
APPLICATION, VERSION = "story", "v1"

# What a step does, by the key that it has.
DOINGS = ("call", "submit", "cancel", "await", "begin", "in_transaction", "execute", "commit", "rollback")
DOINGS += ("fork", "close", "open")

# No two runs have these alike: which process took a workflow, ids that a database draws by itself.
DRAWN = {"executor_id", "owner_xid", "queue_id", "schedule_id", "version_id"}


def steps() -> list[dict[str, Any]]:
    return [step for step in parse(STEPS.read_text()) if "says" in step]


# --- Databases -----------------------------------------------------------------------------------


@contextmanager
def fresh_database(backend: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if backend == "sqlite":
        path = folder / "system.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("migrated_template")
        with copied_database(request.getfixturevalue("postgres_url"), template) as url:
            yield url


# --- A run ---------------------------------------------------------------------------------------


def told(step: dict[str, Any]) -> dict[str, Any]:
    """A step as the programs get it: what to do, with JSON for the library as text, so that no digit is lost."""
    do = next(word for word in DOINGS if word in step)
    given: dict[str, Any] = {"do": do}
    if do in ("call", "submit", "in_transaction"):
        given |= {"operation": step[do], "request": json.dumps(step["request"], ensure_ascii=False)}
    if do == "submit":
        given |= {"tag": step["tag"], "times": step.get("times", 1)}
    if do in ("cancel", "await"):
        given |= {"tag": step[do]}
    if do == "execute":
        given |= {"sql": step["execute"], "params": json.dumps(step["params"])}
    if "cancelled_after_ms" in step:
        given |= {"cancelled_after_ms": step["cancelled_after_ms"]}
    return given


def parts() -> list[list[dict[str, Any]]]:
    """The steps that one process is told after another."""
    parts: list[list[dict[str, Any]]] = [[]]
    for step in json.loads(STEPS.read_text()):
        if "reload" in step:
            parts.append([])
        elif "says" in step:
            parts[-1].append(told(step))
    return parts


def tell(language: Language, url: str, folder: Path) -> list[list[Any]]:
    """The outcomes of every step, as the language's program prints them."""
    return [outcomes for part in parts() for outcomes in tell_part(language, part, url, folder)]


def tell_part(language: Language, part: list[dict[str, Any]], url: str, folder: Path) -> list[list[Any]]:
    steps_file = folder / "steps.json"
    steps_file.write_text(json.dumps(part, ensure_ascii=False))
    done = subprocess.run(
        language.command("story", str(steps_file), url), capture_output=True, text=True, timeout=STORY_SECONDS
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-5000:]}"
    return [parse(line) for line in done.stdout.split("\n") if line]


def wrong(language: Language, step: dict[str, Any], outcomes: list[Any]) -> list[str]:
    """How the outcomes of a step are not what it expects."""
    unable = next((reason for do, reason in language.cannot.items() if do in step), None)
    if unable:
        assert outcomes == [{"skipped": unable}]
        return []
    expected = {key: step[key] for key in ("reply", "error") if key in step}
    found = [f"{len(outcomes)} outcomes"] if not outcomes else []
    for outcome in outcomes:
        unexpected = [key for key in ("reply", "error") if key in outcome and key not in expected]
        found += [f"ended in {key}: {outcome[key]}" for key in unexpected]
        found += differences(expected, outcome)
    return sorted(set(found))


def without_chance(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what tells which process ran, when, and what ids were drawn."""
    drawn = {column for column in row if column in DRAWN}
    if row.get("function_name") == "DBOS.sleep":
        drawn.add("output")  # until when
    return {column: None if column in drawn else value for column, value in row.items()}


def tables(url: str) -> list[str]:
    """Every row of every table, a line each."""
    database = Database(url, [])
    try:
        rows = database.rows()
    finally:
        database.close()
    rows = {table: [without_chance(row) for row in found] for table, found in rows.items()}
    return [
        f"{table}: {json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)}"
        for table, found in sorted(normal_rows(rows).items())
        for row in found
    ]


def first_tables(folder: Path, backend: str, language: Language, found: list[str]) -> tuple[str, list[str]]:
    """The tables after the first of all runs, in whatever process it was, and whose that was."""
    first, own = folder / f"tables-{backend}.json", folder / f"tables-{backend}-{language.name}.json"
    own.write_text(json.dumps([language.name, found]))
    try:
        os.link(own, first)  # whole, and once
    except FileExistsError:
        pass
    name, expected = json.loads(first.read_text())
    return name, expected


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_the_story_is_the_same(
    language: Language, backend: str, request: pytest.FixtureRequest, tmp_path: Path, run_folder: Path
) -> None:
    with fresh_database(backend, request, tmp_path) as url:
        worker = Program(PYTHON, tmp_path / "worker.log", "work", url, APPLICATION, VERSION)
        try:
            outcomes = tell(language, url, tmp_path)
        finally:
            worker.stop()
        story = steps()
        faults = [
            f"step {number} ({step['says']}): {fault}"
            for number, (step, outcome) in enumerate(zip(story, outcomes), 1)
            for fault in wrong(language, step, outcome)
        ]
        assert not faults, "\n".join(faults)
        assert len(outcomes) == len(story)
        found = tables(url)
    first, expected = first_tables(run_folder, backend, language, found)
    differing = difflib.unified_diff(expected, found, f"after {first}", f"after {language.name}", n=0, lineterm="")
    assert found == expected, "\n".join(differing)
