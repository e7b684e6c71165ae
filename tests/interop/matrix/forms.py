"""Payloads in the mode `tagged`, in one form to compare: numbers by value, with all digits."""

import json
from decimal import Decimal
from typing import Any


class Number(str):
    """A number as text: the same text for the same value, the sign of zero told."""

    def __new__(cls, text: str) -> "Number":
        sign, digits, exponent = Decimal(text).as_tuple()
        shortest = "".join(map(str, digits)).rstrip("0") or "0"
        power = 0 if shortest == "0" else int(exponent) + len(digits) - len(shortest)
        return super().__new__(cls, f"{'-' * sign}{shortest}e{power}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str.__eq__(self, other)

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __repr__(self) -> str:
        return f"Number({str(self)})"


def normal(value: Any) -> Any:
    """Without the tags of numbers that JSON has words for."""
    if isinstance(value, list):
        return [normal(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("$type") == "int" or value == {"$type": "float", "value": "-0.0"}:
        return Number(value["value"])
    return {key: normal(member) for key, member in value.items()}


def read(text: str) -> Any:
    """JSON in the form that is compared."""
    return normal(json.loads(text, parse_int=Number, parse_float=Number))


def to_send(text: str) -> Any:
    """JSON as a request takes it."""
    return json.loads(text)
