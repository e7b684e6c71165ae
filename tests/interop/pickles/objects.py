"""Objects of classes and exceptions, and what dbosc shows of them."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import PurePosixPath
from pickle import HIGHEST_PROTOCOL
from typing import Any, Iterator, NamedTuple, Optional

from pickles.values import FROM_PROTOCOL_4, VALUES, meaning, with_meanings


class Color(Enum):
    RED = "red"


class Plain:
    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


@dataclass
class Point:
    x: int
    y: Optional[list[int]] = None


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a: int) -> None:
        self.a = a


class Pair(NamedTuple):
    first: int
    second: str


class CustomError(Exception):
    pass


def described(value: Any, **parts: Any) -> dict[str, Any]:
    name = f"{type(value).__module__}.{type(value).__qualname__}"
    return {"$type": "object", "class": name, **parts}


def error(value: BaseException, message: Optional[str], **parts: Any) -> dict[str, Any]:
    return {
        **described(value),
        "$type": "error",
        "name": type(value).__name__,
        "message": message,
        "args": [meaning(argument) for argument in value.args if "args" not in parts],
        **parts,
    }


def with_attributes(raised: BaseException, **attributes: Any) -> BaseException:
    raised.__dict__.update(attributes)
    return raised


# What is shown of an instance of a class. Protocols before 2 have another way for some.
OBJECTS: dict[str, tuple[Any, dict[str, Any]]] = {
    name: (value, shown)
    for name, value, shown in (
        ("enum", Color.RED, described(Color.RED, args=["red"])),
        ("object", Plain(a=1, b=[None]), described(Plain(), state={"a": 1, "b": [None]})),
        ("object without state", Plain(), described(Plain())),
        ("dataclass", Point(1, [2]), described(Point(0), state={"x": 1, "y": [2]})),
        ("path", PurePosixPath("/x/y"), described(PurePosixPath(), args=["/", "x", "y"])),
        ("complex", 1 + 2j, described(1j, args=[1.0, 2.0])),
        ("range", range(1, 9, 2), described(range(0), args=[1, 9, 2])),
        ("counter", Counter("aab"), described(Counter(), args=[{"a": 2, "b": 1}])),
        ("deque", deque([1, [2]]), described(deque(), items=[1, [2]])),
        (
            "defaultdict",
            defaultdict(list, {"k": [1]}),
            described(
                defaultdict(),
                args=[{"$type": "class", "name": "builtins.list"}],
                entries=[["k", [1]]],
            ),
        ),
        ("class", dict, {"$type": "class", "name": "builtins.dict"}),
        ("ellipsis", ..., {"$type": "class", "name": "builtins.Ellipsis"}),
        ("method", Plain.__init__, {"$type": "class", "name": f"{__name__}.Plain.__init__"}),
        ("signalling nan", Decimal("sNaN"), described(Decimal(), args=["sNaN"])),
        ("error", ValueError("bad é"), error(ValueError("bad é"), "bad é")),
        ("error without arguments", KeyError(), error(KeyError(), "")),
        ("error of a number", ValueError(5), error(ValueError(5), None)),
        ("error of two", CustomError("first", 2), error(CustomError("first", 2), "first")),
        (
            "error with attributes",
            with_attributes(CustomError("m"), code="E1", data={"a": [1]}, more=None),
            error(
                CustomError("m"),
                "m",
                code="E1",
                data={"a": [1]},
                state={"code": "E1", "data": {"a": [1]}, "more": None},
            ),
        ),
        (
            "error group",
            ExceptionGroup("several", [ValueError("one")]),
            error(
                ExceptionGroup("several", [ValueError("one")]),
                "several",
                args=["several", [error(ValueError("one"), "one")]],
            ),
        ),
    )
}
FROM_PROTOCOL_2: dict[str, tuple[Any, dict[str, Any]]] = {
    "slots": (
        Slotted(1),
        described(Slotted(1), state={"$type": "tuple", "items": [None, {"a": 1}]}),
    ),
    "named tuple": (Pair(1, "x"), described(Pair(1, "x"), args=[1, "x"])),
}
# Protocols before 3 have Python 2's name of this class.
FROM_PROTOCOL_3: dict[str, tuple[Any, dict[str, Any]]] = {
    "error of a file": (
        FileNotFoundError(2, "No such file", "/x"),
        error(FileNotFoundError(), "[Errno 2] No such file: '/x'", args=[2, "No such file", "/x"]),
    ),
}


def all_cases() -> Iterator[tuple[str, Any, Any, range]]:
    """Name, value, meaning and the protocols that keep it."""
    groups = (
        (0, with_meanings(VALUES)),
        (4, with_meanings(FROM_PROTOCOL_4)),
        (0, OBJECTS),
        (2, FROM_PROTOCOL_2),
        (3, FROM_PROTOCOL_3),
    )
    for first, group in groups:
        for name, (value, shown) in group.items():
            yield name, value, shown, range(first, HIGHEST_PROTOCOL + 1)
