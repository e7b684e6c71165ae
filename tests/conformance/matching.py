"""Whether an outcome is what a step expects, to the last digit."""

import json
from typing import Any, Iterator


class Number(str):
    """A number as it is spelled."""


def parse(text: str) -> Any:
    return json.loads(text, parse_int=Number, parse_float=Number)


def differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """An expected object names some keys of the one found; everything else is equal."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{path}.{key}")
            else:
                yield f"{path}.{key} is missing"
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for i, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{path}[{i}]")
    elif type(expected) is not type(found) or expected != found:
        yield f"{path} is {found!r} and not {expected!r}"
