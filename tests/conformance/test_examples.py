"""The example of each language, as its README has it: enqueues, waits, prints what the worker has made of it."""

import subprocess
from pathlib import Path

import pytest

from languages import LANGUAGES, Language
from programs import PYTHON, Program
from test_story import APPLICATION, VERSION, fresh_database

EXAMPLE_SECONDS = 300


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each.is_example], ids=lambda each: each.name)
def test_the_example_prints_the_result(language: Language, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with fresh_database("sqlite", request, tmp_path) as url:
        worker = Program(PYTHON, tmp_path / "worker.log", "work", url, APPLICATION, VERSION)
        try:
            done = subprocess.run(
                language.command("example", url), capture_output=True, text=True, timeout=EXAMPLE_SECONDS
            )
        finally:
            worker.stop()
    assert done.returncode == 0, done.stderr[-5000:]
    assert done.stdout.startswith("Hello from ") and done.stdout.endswith(" 😀\n")
