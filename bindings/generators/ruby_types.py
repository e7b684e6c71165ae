"""How the API's types look in Ruby: names, what crosses, documents and signatures."""

from generators.model import Field, Type

DOCUMENTED = {"string": "String", "enum": "String", "integer": "Integer", "boolean": "Boolean", "instant": "Time",
              "payload": "Object", "json": "Object", "object": "Hash", "string_or_strings": "String, Array<String>",
              "integer_or_string": "Integer, String"}
SIGNATURES = {"string": "String", "enum": "String", "integer": "Integer", "boolean": "bool", "instant": "Time",
              "payload": "json", "json": "json", "object": "Hash[String, json]",
              "string_or_strings": "String | Array[String]", "integer_or_string": "Integer | String"}
# What requests take besides.
TAKEN = {"enum": "String | Symbol", "instant": "instant", "payload": "json_in", "json": "json_in", "object": "json_in"}


def is_instant(field: Field) -> bool:
    return (field.type.items or field.type).kind == "instant"


def is_duration(field: Field) -> bool:
    return field.is_duration and not is_instant(field)


def ruby_name(field: Field) -> str:
    """Ruby's types know their unit."""
    return field.key.removesuffix("_ms") if is_instant(field) or is_duration(field) else field.key


def crossing(field: Field) -> str:
    if field.type.items:
        return f"Types::List.new({_item_crossing(field)})"
    if field.type.struct:
        return f"Types::Nested.new({field.type.struct})"
    if is_duration(field):
        return "Types::Duration"
    return "Types::Instant" if is_instant(field) else "Types::Plain"


def _item_crossing(field: Field) -> str:
    if field.type.items.struct:
        return f"Types::Nested.new({field.type.items.struct})"
    return "Types::Instant" if is_instant(field) else "Types::Plain"


def documented(type_: Type, field: Field) -> str:
    if type_.items:
        return f"Array<{documented(type_.items, field)}>"
    if type_.struct:
        return type_.struct
    if is_duration(field):
        return "Numeric"
    return "Time" if is_instant(field) else DOCUMENTED[type_.kind]


def default(field: Field) -> str:
    if is_duration(field):
        return f"{field.default / 1000:g} s"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return repr(field.default) if isinstance(field.default, str) else str(field.default)


def signature(field: Field, in_reply: bool) -> str:
    """With nil where it may be absent."""
    text = _signature(field.type, field, in_reply)
    if field.clearable:
        return f"({text} | unset)?"
    if field.required or text.startswith("json"):
        return text
    return f"({text})?" if " | " in text else f"{text}?"


def _signature(type_: Type, field: Field, in_reply: bool) -> str:
    if type_.items:
        return f"Array[{_signature(type_.items, field, in_reply)}]"
    if type_.struct:
        return type_.struct if in_reply else f"{type_.struct} | Hash[Symbol, untyped]"
    if is_duration(field):
        return "Float" if in_reply else "duration"
    if is_instant(field):
        return "Time" if in_reply else "instant"
    return SIGNATURES[type_.kind] if in_reply else TAKEN.get(type_.kind, SIGNATURES[type_.kind])
