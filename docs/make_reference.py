#!/usr/bin/env python3
"""Prints the reference of operations, made from what the library says of itself.

    docs/make_reference.py LIBRARY > docs/reference.md

Run it again after a change of an operation; a check compares the two.
"""

import ctypes
import json
import sys

TYPES = {
    "string": "string",
    "integer": "integer",
    "boolean": "true or false",
    "instant": "epoch milliseconds or RFC 3339 text",
    "integer_or_string": "integer or string",
    "string_or_strings": "string or array of strings",
    "object": "object",
    "payload": "payload",
    "json": "JSON",
}


# Requests take two spellings of an instant, replies have one.
REPLY_INSTANT = "epoch milliseconds"


def is_instant(field: dict, reply: bool) -> bool:
    return reply and field["type"] == "instant"


def describe(library_path: str) -> dict:
    library = ctypes.CDLL(library_path)
    library.dbosc_describe.restype = ctypes.c_void_p
    library.dbosc_string_free.argtypes = [ctypes.c_void_p]
    text = library.dbosc_describe()
    try:
        return json.loads(ctypes.string_at(text))
    finally:
        library.dbosc_string_free(text)


def type_of(field: dict, reply: bool = False) -> str:
    if field["type"] == "enum":
        return " \\| ".join(f"`{value}`" for value in field["values"])
    if field["type"] == "array":
        return "array of " + (REPLY_INSTANT if is_instant(field["items"], reply) else type_of(field["items"], reply) + "s")
    if is_instant(field, reply):
        return REPLY_INSTANT
    text = TYPES[field["type"]]
    if "min" in field and "max" in field:
        return f"{text}, {field['min']} to {field['max']}"
    if "min" in field:
        return f"{text}, at least {field['min']}"
    return text


def remarks(field: dict) -> str:
    text = field["doc"]
    if "default" in field:
        text += f" Default: `{json.dumps(field['default'])}`."
    if "alias" in field:
        text += f" Also `{field['alias']}`."
    return text.replace("|", "\\|")


def rows(fields: list, reply: bool, prefix: str = "") -> list:
    lines = []
    for field in fields:
        mark = "\\*" if field.get("required") else ""
        lines.append(f"| `{prefix}{field['key']}`{mark} | {type_of(field, reply)} | {remarks(field)} |")
        nested = field.get("fields") or field.get("items", {}).get("fields")
        if nested:
            suffix = "[]." if field["type"] == "array" else "."
            lines += rows(nested, reply, f"{prefix}{field['key']}{suffix}")
    return lines


def table(fields: list, reply: bool = False) -> list:
    if not fields:
        return ["None.", ""]
    return ["| key | type | meaning |", "|---|---|---|", *rows(fields, reply), ""]


def main() -> None:
    api = describe(sys.argv[1])
    lines = [
        "# Reference of operations",
        "",
        "Made by `docs/make_reference.py` from `dbosc_describe()`; do not edit. Keys marked \\* are required; null means",
        "absent. A key that is not listed is refused. Conventions stand on top of `include/dbosc/dbosc.h`.",
        "",
        "## Config of `dbosc_client_open`",
        "",
        *table(api["config"]["fields"]),
    ]
    for operation in api["operations"]:
        lines += [f"## {operation['name']}", "", operation["doc"], "", "**Request**", ""]
        lines += table(operation["request"]["fields"])
        lines += ["**Reply**", ""]
        lines += table(operation["reply"]["fields"], reply=True)
    print("\n".join(lines).rstrip())


if __name__ == "__main__":
    main()
