"""A business row and the start of its workflow in one transaction of a driver of the language's own.

The packages for Go, Java and Ruby have such tests in their own suites (pgx, JDBC, pg).
"""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbosc_ffi import Client
from languages import LANGUAGES, Language
from programs import PYTHON, Program
from test_story import APPLICATION, VERSION, fresh_database

TRANSACTION_SECONDS = 300

PAIRS = [(language, backend) for language in LANGUAGES for backend in language.drivers]


def connect(url: str) -> Any:
    if url.startswith("sqlite:///"):
        return closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None))
    return closing(psycopg.connect(url, autocommit=True))


def orders(url: str) -> list[str]:
    with connect(url) as connection:
        return [order for (order,) in connection.execute("SELECT id FROM orders")]


@pytest.mark.parametrize(("language", "backend"), PAIRS, ids=[f"{each.name}-{backend}" for each, backend in PAIRS])
def test_an_order_and_its_workflow_are_there_together_or_not_at_all(
    language: Language, backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with fresh_database(backend, request, tmp_path) as url, closing(Client({"system_database_url": url})) as client:
        with connect(url) as connection:
            connection.execute("CREATE TABLE orders (id TEXT PRIMARY KEY)")

        def transaction(order: str, end: str) -> None:
            command = language.command("transaction", url, order, end)
            done = subprocess.run(command, capture_output=True, text=True, timeout=TRANSACTION_SECONDS)
            assert done.returncode == 0, done.stdout + done.stderr[-5000:]

        def workflows() -> list[str]:
            return [each["workflow_id"] for each in client.call("list_workflows")["workflows"]]

        transaction("taken back", "rollback")
        assert (orders(url), workflows()) == ([], [])
        transaction("kept 😀", "commit")
        assert (orders(url), workflows()) == (["kept 😀"], ["kept 😀"])
        worker = Program(PYTHON, tmp_path / "worker.log", "work", url, APPLICATION, VERSION)
        try:
            reply = client.call("get_result", {"workflow_id": "kept 😀", "timeout_ms": 60_000})
        finally:
            worker.stop()
        assert reply["result"] == "kept 😀"
