"""py_pickle beside CPython's own pickle: we read what it writes, it loads what we write."""

import json
import math
import pickle
import random
import sqlite3
from base64 import b64decode, b64encode
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Callable
from uuid import UUID

import pytest

from dbosc_ffi import Client, DboscError
from pickles.objects import all_cases
from pickles.values import BERLIN, FROM_PROTOCOL_4, VALUES, meaning

RANDOM_VALUES = 400
CASES = list(all_cases())


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> "Table":
    return Table(tmp_path_factory.mktemp("pickles") / "system.sqlite")


class Table:
    """The inputs of workflows that nobody runs."""

    def __init__(self, path: Any) -> None:
        config = {"system_database_url": f"sqlite:///{path}", "lazy": True}
        self.client = Client(config)
        self.client.call("create_system_database")
        self.rows = sqlite3.connect(path)

    def enqueue(self, **request: Any) -> str:
        request = {"workflow_name": "w", "queue_name": "q", "serialization": "py_pickle", **request}
        return self.client.call("enqueue", request)["workflow_id"]

    def stored(self, **request: Any) -> bytes:
        """The pickle that we write of arguments with tags."""
        found = self.rows.execute(
            "SELECT inputs, serialization FROM workflow_status WHERE workflow_uuid = ?",
            [self.enqueue(payloads="tagged", **request)],
        ).fetchone()
        assert found[1] == "py_pickle"
        return b64decode(found[0], validate=True)

    def read(self, pickled: bytes, payloads: str = "tagged") -> Any:
        """The arguments that we read of a pickle."""
        raw = {"$raw": b64encode(pickled).decode(), "serialization": "py_pickle"}
        request = {"workflow_id": self.enqueue(payloads="raw", args=raw), "payloads": payloads}
        return self.client.call("get_workflow", request)["workflow"]["input"]


def in_order(shown: Any) -> Any:
    """A meaning whose sets can be compared, and in which 1 is not 1.0."""
    if isinstance(shown, list):
        return [in_order(item) for item in shown]
    if not isinstance(shown, dict):
        return repr(shown)
    parts = {key: in_order(value) for key, value in shown.items()}
    if shown.get("$type") == "set":
        parts["items"].sort(key=json.dumps)
    return parts


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_what_cpython_pickles_is_read(table, case):
    _, value, shown, protocols = case
    for protocol in protocols:
        inputs = {"args": (value,), "kwargs": {"k": value}}
        found = table.read(pickle.dumps(inputs, protocol))
        assert in_order(found) == in_order({"args": [shown], "kwargs": {"k": shown}}), protocol


@pytest.mark.parametrize("name", [*VALUES, *FROM_PROTOCOL_4])
def test_what_is_written_cpython_loads(table, name):
    value = {**VALUES, **FROM_PROTOCOL_4}[name]
    check_loads(table, value)


def check_loads(table: Table, value: Any) -> None:
    given = meaning(value)
    loaded = pickle.loads(table.stored(args=[given], kwargs={"k": given}))
    assert list(loaded) == ["args", "kwargs"]
    assert isinstance(loaded["args"], tuple)
    for found in (*loaded["args"], loaded["kwargs"]["k"]):
        assert in_order(meaning(found)) == in_order(given)
        assert (
            type(found) is type(value)
            or isinstance(value, type(found))
            or ((type(value), type(found)) in {(bytearray, bytes), (frozenset, set)})
        )


class RandomValues:
    """Values of any shape; the same ones for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        characters = 'aé中😀\0"\\$\ud800'
        return "".join(self.random.choices(characters, k=self.random.randrange(6)))

    def moment(self) -> datetime:
        naive = datetime(1, 1, 1) + timedelta(microseconds=self.random.randrange(10**17 * 3))
        offset = timedelta(microseconds=self.random.randrange(-86399 * 10**6, 86399 * 10**6))
        zones = (None, timezone.utc, timezone(offset), timezone(offset, "Z1"), BERLIN)
        zone = self.random.choice(zones)
        return naive.replace(tzinfo=zone, fold=self.random.randrange(2))

    def hashable(self, depth: int) -> Any:
        makers: tuple[Callable[[], Any], ...] = (
            lambda: None,
            lambda: self.random.random() < 0.5,
            lambda: self.random.randrange(-300, 300),
            lambda: (
                self.random.getrandbits(self.random.randrange(1, 300)) * self.random.choice((1, -1))
            ),
            lambda: self.random.uniform(-1, 1) * 10 ** self.random.randrange(-300, 300),
            lambda: self.random.choice((math.inf, -math.inf, -0.0, 1e22)),
            self.text,
            lambda: self.random.randbytes(self.random.randrange(300)),
            self.moment,
            lambda: self.moment().date(),
            lambda: self.moment().replace(tzinfo=None).time(),
            lambda: timedelta(self.random.randrange(-999, 999), self.random.randrange(86400), 7),
            lambda: Decimal(self.random.randrange(10**9)).scaleb(self.random.randrange(-20, 20)),
            lambda: UUID(int=self.random.getrandbits(128)),
            lambda: tuple(self.several(self.hashable, depth)),
            lambda: frozenset(self.several(self.hashable, depth)),
        )
        return self.random.choice(makers)()

    def several(self, make: Callable[[int], Any], depth: int) -> list[Any]:
        return [make(depth - 1) for _ in range(self.random.randrange(5))] if depth > 0 else []

    def value(self, depth: int = 4) -> Any:
        kind = self.random.randrange(6)
        if kind == 0:
            return self.several(self.value, depth)
        if kind == 1:
            return {self.text(): item for item in self.several(self.value, depth)}
        if kind == 2:
            return {self.hashable(depth): item for item in self.several(self.value, depth)}
        if kind == 3:
            return set(self.several(self.hashable, depth))
        if kind == 4:
            return tuple(self.several(self.value, depth))
        return self.hashable(depth)


def test_any_value_goes_both_ways(table):
    for seed in range(RANDOM_VALUES):
        value = RandomValues(seed).value()
        protocol = 4 + seed % 2  # older ones lose folds
        shown = table.read(pickle.dumps({"args": (value,), "kwargs": {}}, protocol))
        assert in_order(shown) == in_order({"args": [meaning(value)], "kwargs": {}}), seed
        check_loads(table, value)


def test_plain_json_is_loaded_as_json_is(table):
    text = '[null,true,-0,255,256,-1,70000,12345678901234567890,1.0,1e5,-0.0,5e-324,"é",{"a":[{}]}]'
    given = json.loads(text)
    loaded = pickle.loads(table.stored(args=given, kwargs={"$a": given}))
    assert repr(loaded) == repr({"args": tuple(given), "kwargs": {"$a": given}})


def test_what_fails_to_load_is_refused(table):
    for shown in (
        {"$type": "set", "items": [[]]},
        {"$type": "map", "entries": [[{}, 1]]},
        {"$type": "datetime", "iso": "2024-01-01T00:00:00+00:00[No/Where]"},
        {"$type": "object", "class": "os.system", "args": ["true"]},
    ):
        with pytest.raises(DboscError, match="py_pickle") as refused:
            table.stored(args=[shown])
        assert (refused.value.kind, refused.value.details["path"]) == ("unsupported_value", "args")


def test_a_python_worker_is_given_real_objects(caller):
    if caller.system.sdk.name != "python":
        pytest.skip("only Python reads pickles")
    moment = datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=1)
    for value in (moment, date(2024, 2, 29), time(1), timedelta(1), Decimal("1.10"), {1: (2, {3})}):
        shown = meaning(value)
        options = {"serialization": "py_pickle", "payloads": "tagged"}
        workflow_id = caller.enqueue("echo", shown, **options)
        reply = caller.call("get_result", workflow_id=workflow_id, payloads="tagged")
        assert reply["result"] == shown
    assert caller.run("add", 10**30, 1, serialization="py_pickle") == 10**30 + 1
