"""The benchmark's harness runs every case of our contender, and its tables can be written. No figure is looked at."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from programs import required

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bench"))

from harness.figures import WAITS  # noqa: E402
from harness.tables import RATED  # noqa: E402

SECONDS = 900
OPERATIONS = {*RATED, *WAITS, "wire", "cold", "idle", "run"}
DATABASES = ("perf_dbos", "perf_1k", "perf_10k", "perf_1m")


def drop_databases(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name in DATABASES:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.fixture(scope="module")
def results(
    postgres_url: str, python_sdk: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """What a run of all cases with a hundredth of the operations wrote."""
    folder = tmp_path_factory.mktemp("bench")
    contender = Path(required("DBOSC_LIBRARY")).parent / "bench" / "dbosc-contender"
    environment = {
        **os.environ,
        "BENCH_BUILD": str(folder),
        "BENCH_DBOSC": str(contender),
        "BENCH_OUT": str(folder / "results.jsonl"),
        "BENCH_PG_URL": urlsplit(postgres_url)._replace(query="").geturl(),
        "BENCH_PY": str(python_sdk / "python"),
        "BENCH_SMOKE": "1",
        "BIG_ROWS": "2000",
        "CONTENDERS": "dbosc",
        "ROUNDS": "1",
        "SCALE": "0.01",
    }
    drop_databases(postgres_url)
    try:
        run = subprocess.run(
            [ROOT / "bench" / "run.sh"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        yield folder / "results.jsonl"
    finally:
        drop_databases(postgres_url)


def entries(results: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in results.read_text().splitlines()]


def test_every_case_of_ours_is_measured(results: Path) -> None:
    assert [entry for entry in entries(results) if entry.get("failed")] == []
    assert {entry["op"] for entry in entries(results)} == OPERATIONS


def test_what_runs_in_process_is_measured() -> None:
    program = Path(required("DBOSC_LIBRARY")).parent / "bench" / "dbosc-in-process"
    run = subprocess.run(
        [program, "--benchmark_min_time=0.001", "--benchmark_format=json"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    measured = [each for each in json.loads(run.stdout)["benchmarks"] if not each.get("error_occurred")]
    assert {each["name"] for each in measured} >= {"parse_request", "render_row", "read_workflow_of_sqlite"}


@pytest.mark.parametrize("name", ["README.md", "bench/RESULTS.md"])
def test_the_tables_are_written_between_the_marks(results: Path, tmp_path: Path, name: str) -> None:
    document = tmp_path / "document.md"
    empty = (ROOT / name).read_text()
    document.write_text(empty)
    report = [sys.executable, "-B", str(ROOT / "bench" / "report.py")]
    subprocess.run([*report, "--record", str(document), str(results)], check=True)
    once = document.read_text()
    assert once != empty
    subprocess.run([*report, "--record", str(document), str(results)], check=True)
    assert document.read_text() == once
