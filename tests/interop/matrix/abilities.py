"""What an SDK cannot do, and what it makes of a payload instead.

Each has its reason, which the page shows.
"""

from typing import Optional

from programs import Sdk

PORTABLE = "portable_json"

NO_FORMAT = {
    ("rust", PORTABLE): "the SDK has no portable mode: its workflows get the envelope",
}

# (SDK, place): why nothing can be there.
NO_PLACE = {
    ("rust", "stream"): "the SDK's workflows have no call that writes a stream",
    ("rust", "schedule"): "the SDK has no schedules",
}
OWN_CONTEXT = "a schedule's context is always in the SDK's own format"


def formats(sdk: Sdk) -> list[str]:
    return [name for name in (PORTABLE, sdk.native) if (sdk.name, name) not in NO_FORMAT]


def impossible(sdk: str, format_name: str, place: str) -> Optional[str]:
    """Why the SDK has nothing at a place."""
    if place == "schedule" and format_name == PORTABLE:
        return OWN_CONTEXT
    return NO_PLACE.get((sdk, place))


_ONE = "a workflow of the SDK takes one argument"

# (format, payload): why we refuse to write it.
UNWRITABLE: dict[tuple[str, str], str] = {
    (PORTABLE, "nan"): "JSON has no NaN",
    ("DBOS_JSON", "add"): _ONE,
    ("rust_serde", "add"): _ONE,
}


def unwritable(format_name: str, payload: str) -> Optional[str]:
    return UNWRITABLE.get((format_name, payload))


_DATE = "2024-02-29T12:34:56.789Z"
_DOUBLE = "JavaScript's numbers are doubles"
_GO_DOUBLE = "Go decodes a number without a type of its own as a double"
_RUST_DOUBLE = "serde_json's Value holds an integer beyond 64 bits as a double"
_BIGINT = "an integer beyond 2^53 is written for TypeScript as a BigInt"
_BIG_INTEGER = "an integer beyond 64 bits is written for Java as a BigInteger"
_SHORTEST = "Java writes this double so; it is the same one"
_NO_TYPES = "TypeScript stores an error's properties as plain JSON"
_BEYOND_64_BITS = {"2^64": "18446744073709552000", "-2^63-1": "-9223372036854776000"}
_DOUBLES = {"2^53+1": "9007199254740992", "2^63-1": "9223372036854776000", **_BEYOND_64_BITS}
_DIGITS = {
    "2^53+1": "9007199254740993",
    "2^63-1": "9223372036854775807",
    "2^64": "18446744073709551616",
    "-2^63-1": "-9223372036854775809",
    "10^40": "1" + "0" * 40,
}

_NOT_LONG = ("2^64", "-2^63-1", "10^40")

Change = tuple[str, str]


def _bigint(payload: str) -> str:
    return '{"$type":"bigint","value":"%s"}' % _DIGITS[payload]


def _each(
    sdk: str, format_name: str, reason: str, texts: dict[str, str]
) -> dict[tuple[str, str, str], Change]:
    return {(sdk, format_name, name): (text, reason) for name, text in texts.items()}


# (SDK, format of the workflow, payload): what it becomes, and why; "*" is every SDK.
CHANGED: dict[tuple[str, str, str], Change] = {
    **_each("*", PORTABLE, "the portable format has texts for dates", {"datetime": f'"{_DATE}"'}),
    **_each("typescript", PORTABLE, _DOUBLE, _DOUBLES),
    **_each("typescript", PORTABLE, "JavaScript's JSON knows no negative zero", {"-0.0": "0"}),
    **_each(
        "*",
        "js_superjson",
        _BIGINT,
        {name: _bigint(name) for name in _DIGITS},
    ),
    **_each("go", PORTABLE, _GO_DOUBLE, _DOUBLES),
    **_each("go", "DBOS_JSON", _GO_DOUBLE, _DOUBLES),
    **_each("go", PORTABLE, "Go writes a negative zero as the integer -0", {"-0.0": "0"}),
    **_each("go", "DBOS_JSON", "Go writes a negative zero as the integer -0", {"-0.0": "0"}),
    **_each("rust", "rust_serde", _RUST_DOUBLE, _BEYOND_64_BITS),
    **_each("java", PORTABLE, _SHORTEST, {"5e-324": "4.9e-324"}),
    **_each("java", "java_jackson", _SHORTEST, {"5e-324": "4.9e-324"}),
    **_each("*", "java_jackson", _BIG_INTEGER, {name: _bigint(name) for name in _NOT_LONG}),
}

# The same at one place: (..., place); None where nothing changes there.
CHANGED_AT: dict[tuple[str, str, str, str], Optional[Change]] = {
    # Steps are native even there, and superjson has a word for it.
    ("typescript", PORTABLE, "-0.0", "step"): None,
    # Errors are written by gob.
    ("go", "DBOS_JSON", "-0.0", "error"): None,
    # The SDK hands a context on as text.
    **{("go", "DBOS_JSON", name, "schedule"): None for name in (*_DOUBLES, "-0.0")},
    # Steps are native even there.
    **{("java", PORTABLE, name, "step"): (_bigint(name), _BIG_INTEGER) for name in _NOT_LONG},
    ("typescript", "js_superjson", "null", "schedule"): (
        '{"$type":"undefined"}',
        "TypeScript takes a null context for none",
    ),
    **{
        ("typescript", "js_superjson", name, "error"): (text, _NO_TYPES)
        for name, text in {
            "key $type": "{}",
            "datetime": f'"{_DATE}"',
            "set": "{}",
            "map": "{}",
            "number keys": "{}",
            "regexp": "{}",
            "url": '"https://example.org/a?b=c"',
            "typed members": '{"a.b":[{"c":"%s"},{"$type":"undefined"}]}' % _DATE,
        }.items()
    },
}


def changed(sdk: str, place: str, format_name: str, payload: str) -> Optional[Change]:
    at = (sdk, format_name, payload, place)
    if at in CHANGED_AT:
        return CHANGED_AT[at]
    # What we wrote is there as we wrote it, whoever reads it.
    own = None if place == "input" else CHANGED.get((sdk, format_name, payload))
    return own or CHANGED.get(("*", format_name, payload))


def reasons(sdk: Sdk) -> set[str]:
    """All that is said above of an SDK's payloads."""
    names = formats(sdk)
    told = {reason for (name, _), reason in UNWRITABLE.items() if name in names}
    told |= {
        reason
        for (of, name, _), (_, reason) in CHANGED.items()
        if of in ("*", sdk.name) and name in names
    }
    return told | {at[1] for (of, *_), at in CHANGED_AT.items() if of == sdk.name and at}
