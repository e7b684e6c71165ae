"""enqueue --from-file: a workflow for each line, and a run that can be repeated."""

import json
from pathlib import Path

import pytest

from command import Dbosc


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """More lines than one transaction takes."""
    path = tmp_path / "workflows.jsonl"
    lines = ({"workflow_name": "w", "queue_name": "nobody", "args": [number]} for number in range(1200))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_every_line_is_a_workflow_and_a_second_run_finds_them(dbosc: Dbosc, file: Path) -> None:
    assert dbosc.json("enqueue", "--from-file", str(file)) == {"created": 1200}
    assert dbosc.json("enqueue", "--from-file", str(file)) == {"existing": 1200}
    assert dbosc.ok("workflow", "count").out == "1200\n"
    assert dbosc.json("enqueue", "--from-file", str(file), "--batch-id", "b") == {"created": 1200}


def test_a_run_goes_on_behind_the_line_that_stopped_it(dbosc: Dbosc, file: Path) -> None:
    whole = file.read_text()
    lines = whole.splitlines(keepends=True)
    file.write_text("".join(lines[:700]) + "{not json\n" + "".join(lines[701:]))
    done = dbosc.run("enqueue", "--from-file", str(file))
    assert (done.code, done.out) == (2, "created: 500\n")
    assert f"{file}:701: " in done.err and done.err.count("\n") == 1
    file.write_text(whole)
    assert dbosc.json("enqueue", "--from-file", str(file)) == {"created": 700, "existing": 500}


def test_a_dry_run_looks_at_the_lines_and_starts_nothing(dbosc: Dbosc, file: Path) -> None:
    checked = dbosc.json("enqueue", "--from-file", str(file), "--dry-run")
    assert checked == {"checked": 1200}
    assert dbosc.ok("workflow", "count").out == "0\n"


@pytest.mark.parametrize(
    "line, told",
    [
        ('{"workflow_name": "w"}', "queue_name is missing"),
        ('{"workflow_name": "w", "queue_name": "q", "wait": 1}', "unknown key wait"),
        ('"w"', "neither an object nor an array"),
    ],
)
def test_a_wrong_line_is_named(dbosc: Dbosc, line: str, told: str) -> None:
    good = '{"workflow_name": "w", "queue_name": "nobody"}\n\n'
    done = dbosc.run("enqueue", "--from-file", "-", "--dry-run", stdin=good + line + "\n")
    assert done.code == 2
    assert told in done.err and "3" in done.err


def test_a_refused_line_is_told_and_leaves_the_others(dbosc: Dbosc) -> None:
    held = json.dumps({"workflow_name": "w", "queue_name": "nobody", "deduplication_id": "one"})
    text = f"{held}\n{held}\n" + '{"workflow_name": "v", "queue_name": "nobody"}\n'
    done = dbosc.run("-o", "jsonl", "enqueue", "--from-file", "-", stdin=text)
    assert done.code == 13
    outcomes = [json.loads(line) for line in done.lines()]
    assert [(each["line"], each["outcome"]) for each in outcomes] == [
        (1, "created"),
        (2, "deduplicated"),
        (3, "created"),
    ]
    assert done.err.startswith("dbosc: line 2: deduplicated: ")


def test_the_progress_is_drawn_on_a_terminal_only(dbosc: Dbosc, file: Path) -> None:
    code, text = dbosc.in_terminal("enqueue", "--from-file", str(file))
    assert code == 0
    assert "100% [" in text and "1200 lines" in text
    assert text.endswith("created: 1200\n")
    assert dbosc.ok("enqueue", "--from-file", str(file)).err == ""
    code, text = dbosc.in_terminal("--quiet", "enqueue", "--from-file", str(file))
    assert (code, text) == (0, "existing: 1200\n")
