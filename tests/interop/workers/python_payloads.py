"""The Python worker's workflows that carry payloads; README.md beside this file explains them."""

import base64
import enum
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from dbos import DBOS, SetWorkflowID


class CustomError(Exception):
    """An application's own error."""

    def __init__(self, message: str, code: Any = None, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.data = code, data


class Color(enum.Enum):
    RED = 1


@dataclass
class Point:
    x: int
    label: str


# Values of Python's own types, by the names that the tests know them by.
OWN: dict[str, Any] = {
    "null": None,
    "true": True,
    "int": -(2**63) - 1,
    "big-int": 10**40,
    "float": 1.5,
    "nan": float("nan"),
    "infinity": float("inf"),
    "negative-zero": -0.0,
    "text": 'é漢😀\0"\\',
    "lone-surrogate": "a\ud800b",
    "bytes": base64.b64decode("AP8="),
    "bytearray": bytearray(b"ab"),
    "list": [1, "two", None, [3.5]],
    "tuple": (1, "two", ()),
    "set": {"one"},
    "frozenset": frozenset({1}),
    "dict": {"a": 1, "é": [True]},
    "int-keys": {1: "one", 2: "two"},
    "ordered-dict": OrderedDict(a=1),
    "datetime": datetime(2024, 2, 29, 12, 34, 56, 789000),
    "datetime-utc": datetime(2024, 2, 29, 12, 34, 56, tzinfo=timezone.utc),
    "datetime-offset": datetime(2024, 2, 29, 12, 34, 56, tzinfo=timezone(timedelta(hours=2))),
    "date": date(2024, 2, 29),
    "time": time(12, 34, 56, 789),
    "timedelta": timedelta(days=1, seconds=2, microseconds=3),
    "decimal": Decimal("1.10"),
    "uuid": UUID("12345678-1234-5678-1234-567812345678"),
    "complex": complex(1, -2),
    "path": PurePosixPath("/a/b"),
    "enum": Color.RED,
    "dataclass": Point(1, "é"),
}


@DBOS.workflow(name="fail_custom")
def fail_custom(failure: dict[str, Any]) -> None:
    raise CustomError(failure["message"], failure["code"], failure["data"])


@DBOS.workflow(name="set_event")
def set_event(value: Any) -> None:
    DBOS.set_event("value", value)


@DBOS.workflow(name="write_stream")
def write_stream(value: Any) -> None:
    DBOS.write_stream("log", value)
    DBOS.close_stream("log")


@DBOS.workflow(name="step")
def step(value: Any) -> Any:
    return DBOS.run_step({"name": "step"}, lambda: value)


@DBOS.workflow(name="sleep")
def sleep(milliseconds: int) -> int:
    DBOS.sleep(milliseconds / 1000)
    return milliseconds


@DBOS.workflow(name="keep")
def keep(value: Any) -> Any:
    return value


def start_with(value: Any) -> None:
    with SetWorkflowID(f"{DBOS.workflow_id}-input"):
        DBOS.start_workflow(keep, value)


@DBOS.workflow(name="publish")
def publish(what: dict[str, Any]) -> Any:
    value = OWN[what["name"]]
    places = {
        "event": lambda: DBOS.set_event("value", value),
        "stream": lambda: DBOS.write_stream("log", value),
        "step": lambda: DBOS.run_step({"name": "step"}, lambda: value),
        "message": lambda: DBOS.send(str(DBOS.workflow_id), value),
        "input": lambda: start_with(value),
    }
    for place in what["places"]:
        places[place]()
    return value


def fail_in_step(message: str) -> None:
    raise CustomError(message, 7, None)


@DBOS.workflow(name="publish_error")
def publish_error(message: str) -> None:
    DBOS.run_step({"name": "step"}, fail_in_step, message)
