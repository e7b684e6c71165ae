"""Prepared SQL in the transactions of other drivers, next to a row of the caller's own."""

import sqlite3
from contextlib import closing
from typing import Any, Callable, Iterator

import psycopg
import pytest

STYLES = {"postgres": ["format", "numbered"], "sqlite": ["question", "named"]}


class Orders:
    """A table of the caller's in the system database, and transactions of the caller's driver."""

    def __init__(self, connection: Any, style: str, unique_violation: type[Exception]) -> None:
        self.connection = connection
        self.style = style
        self.unique_violation = unique_violation
        self.run("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY)", ())
        self.connection.commit()

    def run(self, sql: str, params: Any) -> Any:
        return self.connection.cursor().execute(sql, params)

    def order(self, order_id: str, prepared: dict[str, Any]) -> int:
        """Writes an order and runs the statements; returns the rows that the last one counted."""
        self.run(f"INSERT INTO orders VALUES ('{order_id}')", ())
        rows = [self.run(each["sql"], each["params"]) for each in prepared["statements"]]
        return rows[-1].rowcount

    def count(self) -> int:
        row = self.run("SELECT count(*) FROM orders", ()).fetchone()
        self.connection.rollback()
        return row[0]


@pytest.fixture(params=[0, 1])
def orders(request: pytest.FixtureRequest, caller) -> Iterator[Orders]:
    """psycopg on Postgres, Python's own driver on SQLite; each has two styles of parameters."""
    style, url = STYLES[caller.system.backend][request.param], caller.system.url
    if caller.system.backend == "sqlite":
        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            yield Orders(connection, style, sqlite3.IntegrityError)
        return
    cursor = psycopg.RawCursor if style == "numbered" else psycopg.Cursor
    with psycopg.connect(url, cursor_factory=cursor) as connection:
        yield Orders(connection, style, psycopg.errors.UniqueViolation)


@pytest.fixture
def prepare(caller, orders: Orders) -> Callable[..., dict[str, Any]]:
    def prepare_enqueue(*args: Any, **options: Any) -> dict[str, Any]:
        options.setdefault("workflow_name", "add")
        return caller.call(
            "prepare_enqueue",
            queue_name="q",
            app_version=caller.system.version,
            args=list(args),
            params_style=orders.style,
            **options,
        )

    return prepare_enqueue


def exists(caller, workflow_id: str) -> bool:
    return caller.call("count_workflows", workflow_ids=[workflow_id])["count"] == 1


def test_the_worker_runs_what_was_committed_with_the_order(caller, orders, prepare):
    before = orders.count()
    text = "caf\u00e9 \U0001f600 100% ? :p1 $1"
    prepared = prepare(text, workflow_name="echo", attributes={"a": 1}, priority=3)
    assert orders.order(prepared["workflow_id"], prepared) == 1
    assert not exists(caller, prepared["workflow_id"])
    orders.connection.commit()
    assert caller.result(prepared["workflow_id"]) == text
    assert caller.workflow(prepared["workflow_id"])["attributes"] == {"a": 1}
    assert orders.count() == before + 1


def test_nothing_is_there_after_a_rollback(caller, orders, prepare):
    before = orders.count()
    prepared = prepare(1, 2)
    orders.order(prepared["workflow_id"], prepared)
    orders.connection.rollback()
    assert not exists(caller, prepared["workflow_id"])
    assert orders.count() == before


def test_a_taken_id_raises_the_drivers_own_unique_violation(caller, orders, prepare):
    workflow_id = caller.enqueue("add", 1, 2)
    with pytest.raises(orders.unique_violation):
        orders.order("colliding", prepare(3, 4, workflow_id=workflow_id))
    orders.connection.rollback()
    assert caller.result(workflow_id) == 3


def test_a_taken_id_counts_no_row_where_nothing_is_asked_for(caller, orders, prepare):
    workflow_id = caller.enqueue("add", 1, 2)
    prepared = prepare(3, 4, workflow_id=workflow_id, on_conflict="nothing")
    assert orders.order(f"kept-{workflow_id}", prepared) == 0
    orders.connection.commit()
    assert caller.result(workflow_id) == 3


def test_the_message_of_a_committed_transaction_arrives(caller, orders):
    workflow_id = caller.start_block()
    prepared = caller.call(
        "prepare_send",
        destination_id=workflow_id,
        message={"n": 1},
        topic="go",
        params_style=orders.style,
    )
    orders.order(f"message-{workflow_id}", prepared)
    orders.connection.commit()
    assert caller.result(workflow_id) == {"n": 1}
