"""The API as the generators see it: operations, and named structs for every object in their requests and replies."""

import dataclasses
import json
import re


def words(name: str) -> list[str]:
    return [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]


def pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words(name))


def camel(name: str) -> str:
    text = pascal(name)
    return text[:1].lower() + text[1:]


def singular(key: str) -> str:
    if key.endswith("ies"):
        return key[:-3] + "y"
    return key[:-1] if key.endswith("s") and not key.endswith("ss") else key


@dataclasses.dataclass(frozen=True)
class Type:
    """`kind` is a type of describe.json. `struct` names an object with fields, `items` is an array's."""

    kind: str
    struct: str | None = None
    items: "Type | None" = None
    values: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Field:
    key: str
    type: Type
    doc: str
    required: bool
    clearable: bool
    default: object
    alias: str | None
    min: int | None
    max: int | None

    @property
    def is_duration(self) -> bool:
        """Milliseconds that are not an instant: the API's rule for keys that end so."""
        return self.type.kind == "integer" and self.key.endswith("_ms")


@dataclasses.dataclass(frozen=True)
class Struct:
    """`in_reply` is whether it comes from the library; the same shape in both directions is two structs."""

    name: str
    fields: tuple[Field, ...]
    in_reply: bool


@dataclasses.dataclass(frozen=True)
class Operation:
    name: str
    doc: str
    in_transaction: bool
    request: Struct
    reply: Struct


class Api:
    """`structs` has every struct once by its name, those of the operations' requests and replies among them."""

    def __init__(self, description: dict):
        self.structs: dict[str, Struct] = {}
        self._shapes: dict[str, str] = {}
        self.config = self._struct("Config", "config", description["config"]["fields"], in_reply=False)
        self.operations = [self._operation(operation) for operation in description["operations"]]

    def _operation(self, described: dict) -> Operation:
        name = described["name"]
        return Operation(
            name=name,
            doc=described["doc"],
            in_transaction=described["in_transaction"],
            request=self._struct(pascal(name) + "Request", name, described["request"]["fields"], in_reply=False),
            reply=self._struct(pascal(name) + "Reply", name, described["reply"]["fields"], in_reply=True),
        )

    def _struct(self, name: str, owner: str, fields: list, in_reply: bool) -> Struct:
        struct = Struct(name, tuple(self._field(field, owner, in_reply) for field in fields), in_reply)
        self._shapes[json.dumps([name, fields])] = name
        self.structs[name] = struct
        return struct

    def _field(self, field: dict, owner: str, in_reply: bool) -> Field:
        return Field(
            key=field["key"],
            type=self._type(field, field["key"], owner, in_reply),
            doc=field["doc"],
            required=field.get("required", False),
            clearable=field.get("clearable", False),
            default=field.get("default"),
            alias=field.get("alias"),
            min=field.get("min"),
            max=field.get("max"),
        )

    def _type(self, described: dict, key: str, owner: str, in_reply: bool) -> Type:
        kind = described["type"]
        if kind == "array":
            return Type(kind, items=self._type(described["items"], singular(key), owner, in_reply))
        if kind == "enum":
            return Type(kind, values=tuple(described["values"]))
        if kind == "object" and described.get("fields"):
            return Type(kind, struct=self._nested(key, owner, described["fields"], in_reply))
        return Type(kind)

    def _nested(self, key: str, owner: str, fields: list, in_reply: bool) -> str:
        """An object below a request or a reply: named by its key; where that name has another shape, by its owner too.
        Objects of one shape share a struct."""
        base = pascal(key) + ("" if in_reply else "Options")
        for name in (base, pascal(owner) + base):
            shape = json.dumps([name, fields])
            if self._shapes.get(shape) == name:
                return name
            if name not in self.structs:
                return self._struct(name, owner, fields, in_reply).name
        raise ValueError(f"{owner}: two objects are called {base}")
