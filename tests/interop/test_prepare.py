"""Prepared SQL in the transactions of other drivers, next to a row of the caller's own."""

from contextlib import closing
from typing import Any, Callable, Iterator

import pytest

import foreign_drivers
from caller import Caller
from foreign_drivers import Connection, Driver, DriverError, DriverProgram
from programs import AnsweringProgram


class Orders:
    """A table of the caller's in the system database, and transactions of the caller's driver."""

    def __init__(self, driver: Driver, connection: Connection, other: Connection) -> None:
        self.driver = driver
        self.connection = connection
        self._other = other
        other.run("CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY)")
        other.commit()

    def run(self, prepared: dict[str, Any]) -> int:
        """Runs the statements; returns the rows that the last one counted."""
        rows = [self.connection.run(each["sql"], each["params"]) for each in prepared["statements"]]
        return rows[-1]

    def order(self, order_id: str, prepared: dict[str, Any]) -> int:
        """Begins a transaction, writes an order and runs the statements."""
        self.connection.begin()
        assert self.connection.run(f"INSERT INTO orders VALUES ('{order_id}')") == 1
        return self.run(prepared)

    def is_there(self, order_id: str) -> bool:
        """Whether another connection finds the order."""
        found = self._other.run(f"UPDATE orders SET id = id WHERE id = '{order_id}'")
        self._other.rollback()
        return found == 1


@pytest.fixture(scope="session")
def driver_programs(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[DriverProgram], AnsweringProgram]]:
    """Starts the program of a driver where a test first needs it."""
    folder = tmp_path_factory.mktemp("drivers")
    started: dict[str, AnsweringProgram] = {}

    def program(origin: DriverProgram) -> AnsweringProgram:
        if origin.name not in started:
            started[origin.name] = AnsweringProgram(origin, folder / f"{origin.name}.log")
        return started[origin.name]

    yield program
    for each in started.values():
        each.stop()


@pytest.fixture(params=foreign_drivers.ALL.values(), ids=foreign_drivers.ALL.keys())
def driver(request: pytest.FixtureRequest) -> Driver:
    """A driver of the database that the system has (conftest.py leaves out the others)."""
    return request.param


@pytest.fixture
def orders(driver: Driver, driver_programs, caller) -> Iterator[Orders]:
    drivers = (driver, foreign_drivers.PYTHONS_OWN[driver.backend])
    one, other = (each.connect(driver_programs, caller.system.url) for each in drivers)
    with closing(one), closing(other):
        yield Orders(driver, one, other)


@pytest.fixture
def prepare(caller, driver: Driver) -> Callable[..., dict[str, Any]]:
    def prepare_enqueue(*args: Any, by: Caller = caller, **options: Any) -> dict[str, Any]:
        options.setdefault("workflow_name", "add")
        return by.call(
            "prepare_enqueue",
            queue_name="q",
            app_version=caller.system.version,
            args=list(args),
            params_style=driver.style,
            **options,
        )

    return prepare_enqueue


def exists(caller, workflow_id: str) -> bool:
    return caller.call("count_workflows", workflow_ids=[workflow_id])["count"] == 1


# Inputs apart take a second statement on SQLite, and another one on Postgres.
@pytest.mark.parametrize("columns", ["status", "split"])
def test_the_worker_runs_what_was_committed_with_the_order(
    caller, caller_factory, orders, prepare, columns
):
    text = "caf\u00e9 \U0001f600 100% ? :p1 $1"
    by = caller_factory(payload_columns=columns)
    prepared = prepare(text, by=by, workflow_name="echo", attributes={"a": 1}, priority=3)
    workflow_id = prepared["workflow_id"]
    assert orders.order(workflow_id, prepared) == 1
    assert not exists(caller, workflow_id)
    orders.connection.commit()
    assert caller.result(workflow_id) == text
    assert caller.workflow(workflow_id)["attributes"] == {"a": 1}
    assert orders.is_there(workflow_id)


def test_nothing_is_there_after_a_rollback(caller, orders, prepare):
    prepared = prepare(1, 2)
    assert orders.order(prepared["workflow_id"], prepared) == 1
    orders.connection.rollback()
    assert not exists(caller, prepared["workflow_id"])
    assert not orders.is_there(prepared["workflow_id"])


def test_a_taken_id_raises_the_drivers_own_unique_violation(caller, orders, prepare):
    workflow_id = caller.enqueue("add", 1, 2)
    with pytest.raises(DriverError) as raised:
        orders.order(workflow_id, prepare(3, 4, workflow_id=workflow_id))
    assert raised.value.code == orders.driver.unique_violation
    orders.connection.rollback()
    assert not orders.is_there(workflow_id)
    assert caller.result(workflow_id) == 3


def test_a_taken_id_counts_no_row_where_nothing_is_asked_for(caller, orders, prepare):
    workflow_id = caller.enqueue("add", 1, 2)
    prepared = prepare(3, 4, workflow_id=workflow_id, on_conflict="nothing")
    assert orders.order(workflow_id, prepared) == 0
    orders.connection.commit()
    assert orders.is_there(workflow_id)
    assert caller.result(workflow_id) == 3


@pytest.fixture
def prepare_message(caller, driver: Driver) -> Callable[[str], dict[str, Any]]:
    def prepare_send(workflow_id: str) -> dict[str, Any]:
        return caller.call(
            "prepare_send",
            destination_id=workflow_id,
            message={"n": 1},
            topic="go",
            params_style=driver.style,
        )

    return prepare_send


def test_the_message_of_a_committed_transaction_arrives(caller, orders, prepare_message):
    workflow_id = caller.start_block()
    assert orders.order(workflow_id, prepare_message(workflow_id)) == 1
    orders.connection.commit()
    assert caller.result(workflow_id) == {"n": 1}
    assert orders.is_there(workflow_id)


def test_a_transaction_that_begins_with_a_message_can_take_it_back(
    caller, orders, prepare_message
):
    workflow_id = caller.start_block()
    orders.connection.begin()
    assert orders.run(prepare_message(workflow_id)) == 1
    orders.connection.rollback()
    assert caller.release(workflow_id, "released") == "released"
