"""Python values of every type that has a tag, and what dbosc makes of them."""

from base64 import b64encode
from collections import OrderedDict
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from math import copysign, isinf, isnan
from typing import Any, Iterator
from uuid import UUID
from zoneinfo import ZoneInfo

MAX_SAFE_INTEGER = 2**53 - 1


def _zone_text(value: Any) -> str:
    text = value.isoformat()
    return f"{text}[{value.tzinfo.key}]" if isinstance(value.tzinfo, ZoneInfo) else text


def _moment(tag: str, value: Any) -> dict[str, Any]:
    shown = {"$type": tag, "iso": _zone_text(value)}
    if value.fold:
        shown["fold"] = 1
    if isinstance(value.tzinfo, timezone) and _has_name(value.tzinfo):
        shown["tzname"] = value.tzinfo.tzname(None)
    return shown


def _has_name(zone: tzinfo) -> bool:
    return len(zone.__getinitargs__()) == 2  # type: ignore[attr-defined]


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _text(value: str) -> Any:
    if _is_whole(value):
        return value
    units = value.encode("utf-16-le", "surrogatepass")
    pairs = [int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2)]
    return {"$type": "string", "code_units": pairs}


def _float(value: float) -> Any:
    if isnan(value):
        return {"$type": "float", "value": "nan"}
    if isinf(value):
        return {"$type": "float", "value": "inf" if value > 0 else "-inf"}
    negative_zero = value == 0 and copysign(1, value) < 0
    return {"$type": "float", "value": "-0.0"} if negative_zero else value


def _mapping(value: dict[Any, Any]) -> Any:
    plain = all(isinstance(k, str) and k != "$type" and _is_whole(k) for k in value)
    if plain:
        return {key: meaning(item) for key, item in value.items()}
    return {"$type": "map", "entries": [[meaning(k), meaning(v)] for k, v in value.items()]}


def _items(tag: str, value: Any) -> dict[str, Any]:
    return {"$type": tag, "items": [meaning(item) for item in value]}


_MEANINGS: tuple[tuple[Any, Any], ...] = (
    ((type(None), bool), lambda value: value),
    (
        int,
        lambda value: (
            value if abs(value) <= MAX_SAFE_INTEGER else {"$type": "int", "value": str(value)}
        ),
    ),
    (float, _float),
    (str, _text),
    ((bytes, bytearray), lambda v: {"$type": "bytes", "base64": b64encode(v).decode()}),
    (list, lambda value: [meaning(item) for item in value]),
    (tuple, lambda value: _items("tuple", value)),
    ((set, frozenset), lambda value: _items("set", value)),
    (dict, _mapping),
    (datetime, lambda value: _moment("datetime", value)),
    (date, lambda value: {"$type": "date", "iso": value.isoformat()}),
    (time, lambda value: _moment("time", value)),
    (
        timedelta,
        lambda value: {
            "$type": "duration",
            "days": value.days,
            "seconds": value.seconds,
            "microseconds": value.microseconds,
        },
    ),
    (Decimal, lambda value: {"$type": "decimal", "value": str(value)}),
    (UUID, lambda value: {"$type": "uuid", "value": str(value)}),
)


def meaning(value: Any) -> Any:
    """What dbosc shows of a value that is of no class of its own, with tags."""
    return next(shown(value) for types, shown in _MEANINGS if isinstance(value, types))


def _integers() -> Iterator[int]:
    for bits in (7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128, 2031, 2032, 2039, 2040, 5000):
        for near in (-1, 0, 1):
            yield from (2**bits + near, -(2**bits) + near)
    yield from (0, 10**40, -(10**400))


BERLIN = ZoneInfo("Europe/Berlin")
SHARED = ["s", {"k": (1,)}]
VALUES: dict[str, Any] = {
    "none": None,
    "booleans": [True, False],
    "integers": list(_integers()),
    "floats": [0.0, -0.0, 1.0, 0.1, 5e-324, 1.7976931348623157e308, 1e16, 123456789012345.6, 1e-5],
    "special floats": [float("nan"), float("inf"), float("-inf")],
    "texts": ["", "a", "é\n\\u0041\\", "😀", "\0", "中\u2028", "'\"", "x" * 255, "é" * 200],
    "lone surrogates": ["\ud800", "a\udfffb", "\ud83d"],
    "bytes": [b"", b"\0\xff\n", bytes(300), bytearray(b""), bytearray(b"\x80a")],
    "containers": [[], {}, (), set(), frozenset(), [[[]]], (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "sets": [{1}, frozenset(["a"]), {(1, frozenset([2]))}],
    "many items": list(range(1100)),
    "many keys": {f"k{i}": i for i in range(1010)},
    "keys": {"a.b": 1, "": 2, "é": 3},
    "other keys": {1: "a", None: "b", (1, "x"): "c", 1.5: "d", b"e": "f", frozenset([1]): []},
    "a key like a tag": {"$type": "datetime"},
    "a key with a lone surrogate": {"\ud800": 1},
    "shared": [SHARED, SHARED, {"again": SHARED}],
    "ordered": OrderedDict([("b", 1), ("a", OrderedDict())]),
    "dates": [date(1, 1, 1), date(2024, 2, 29), date(9999, 12, 31)],
    "times": [
        time(),
        time(23, 59, 59, 999999),
        time(1, 2, 3, tzinfo=timezone.utc),
    ],
    "durations": [timedelta(), timedelta(-1, 5, 7), timedelta.max, timedelta.min],
    "datetimes": [
        datetime(1, 1, 1),
        datetime(2024, 2, 29, 12, 34, 56, 789012),
        datetime(2024, 2, 29, tzinfo=timezone.utc),
        datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=5, seconds=7, microseconds=9))),
        datetime(2024, 2, 29, tzinfo=timezone(timedelta(hours=1), "CET")),
        datetime.max.replace(tzinfo=timezone.utc),
    ],
    "zoned datetimes": [
        datetime(2024, 1, 1, 12, tzinfo=BERLIN),
        datetime(2024, 7, 1, 12, tzinfo=BERLIN),
        datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN),
        datetime(2024, 3, 31, 2, 30, tzinfo=BERLIN),
        datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Asia/Kathmandu")),
    ],
    "decimals": [Decimal(text) for text in ("1.10", "1E+3", "-0", "NaN", "-Infinity", "0E-10")],
    "uuids": [UUID(int=0), UUID(int=2**128 - 1), UUID("12345678-1234-5678-1234-567812345678")],
}
# Protocols before 4 lose which of two equal local times it is.
FROM_PROTOCOL_4: dict[str, Any] = {
    "folds": [
        time(1, fold=1),
        datetime(2024, 1, 1, fold=1),
        datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=1),
        datetime(2024, 3, 31, 2, 30, tzinfo=BERLIN, fold=1),
        datetime(2024, 7, 1, 12, tzinfo=BERLIN, fold=1),
    ],
}


def with_meanings(values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {name: (value, meaning(value)) for name, value in values.items()}
