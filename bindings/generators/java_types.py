"""Requests as builders, replies as records."""

import itertools
import json

from generators.java_text import HEAD, comment, constant, escaped, name_of
from generators.model import Field, Struct, Type, pascal

TEXTS = "string_or_strings"
IMPORTS = ("java.time.Duration", "java.time.Instant", "java.util.Arrays", "java.util.Collection", "java.util.List",
           "java.util.Map")


def source(package: str, body: str) -> str:
    used = [name for name in IMPORTS if name.rsplit(".", 1)[1] in body]
    imports = "".join(f"import {name};\n" for name in used)
    return f"{HEAD}package {package};\n\n{imports}{imports and chr(10)}{body}"


def documented(field: Field) -> str:
    """What the description says of a key, with its default and its range."""
    text = field.doc
    limits = [f"{word} {limit}" for word, limit in (("at least", field.min), ("at most", field.max))
              if limit is not None]
    if limits:
        text += f" ({', '.join(limits)})"
    if field.default is not None:
        text += f" Default: `{json.dumps(field.default, ensure_ascii=False)}`."
    return escaped(text)


def constants(fields: tuple[Field, ...]) -> str:
    """The values of enumerations, which are the database's texts."""
    text = ""
    for field in fields:
        for value in (field.type.items or field.type).values:
            name = constant(field.key, value)
            text += comment("  ", f"A value of {{@code {field.key}}}.")
            text += f'  public static final String {name} = "{value}";\n\n'
    return text


# --- Requests ----------------------------------------------------------------------------------


def given(field: Field) -> list[tuple[str, str]]:
    """How a key can be given: types of a parameter, each with the call that keeps it."""
    name, key, kind = name_of(field.key), field.key, field.type.kind
    one = f'put("{key}", {name})'
    if field.is_duration:
        return [("Duration", one)]
    if kind == "payload":
        return [("Object", f'putPayload("{key}", {name})')]
    if kind == "object" and not field.type.struct:
        return [("Map<String, ?>", f'putPayload("{key}", {name})')]
    if kind == "integer_or_string":
        return [("long", one), ("String", one)]
    if kind == TEXTS or kind == "array":
        return given_many(field)
    plain = {"string": "String", "enum": "String", "integer": "long", "boolean": "boolean", "instant": "Instant",
             "object": field.type.struct}
    return [(plain.get(kind, "Object"), one if kind in plain else f'putPayload("{key}", {name})')]


def given_many(field: Field) -> list[tuple[str, str]]:
    name, key, items = name_of(field.key), field.key, field.type.items
    if field.type.kind == TEXTS or items.kind in ("string", "enum"):
        one, all_of = "String", "Collection<String>"
        put = "putTexts"
    elif items.struct:
        one, all_of, put = items.struct, f"Collection<{items.struct}>", "putAll"
    else:
        return [("Collection<?>", f'putPayload("{key}", {name})')]
    return [(all_of, f'{put}("{key}", {name})'), (one + "...", f'{put}("{key}", Arrays.asList({name}))')]


def setting(name: str, parameter: str, call: str) -> str:
    return f"    public Builder {name}({parameter}) {{\n      {call};\n      return this;\n    }}\n\n"


def setter(field: Field) -> str:
    name, text = name_of(field.key), ""
    doc = (documented(field), f"@param {name} the key {{@code {field.key}}}", "@return this builder")
    ways = given(field)
    if field.key == "args" and field.type.kind == "payload":
        ways = [("Object...", 'putPayload("args", Arrays.asList(args))')]
        text += comment("    ", documented(field), "@param args the whole payload, in the form of the payload mode",
                        "@return this builder")
        text += setting("argsPayload", "Json args", 'putPayload("args", args)')
    for kind, put in ways:
        text += comment("    ", *doc) + setting(name, f"{kind} {name}", put)
    if field.clearable:
        text += comment("    ", f"Clears {{@code {field.key}}}, where absence would leave it as it is.",
                        "@return this builder")
        text += setting(f"clear{pascal(field.key)}", "", f'putNull("{field.key}")')
    return text


def required_ways(struct: Struct) -> list[list[tuple[Field, str]]]:
    """The required keys with their types: once for each combination of those types, without varargs but the last."""
    required = [field for field in struct.fields if field.required]
    choices = [[(field, kind) for kind, _ in given(field) if not kind.endswith("...")] for field in required]
    return [list(way) for way in itertools.product(*choices)]


def parameters(way: list[tuple[Field, str]]) -> str:
    return ", ".join(f"{kind} {name_of(field.key)}" for field, kind in way)


def params_doc(way: list[tuple[Field, str]]) -> list[str]:
    return [f"@param {name_of(field.key)} {documented(field)}" for field, _ in way]


def returning(head: str, way: list[tuple[Field, str]], value: str) -> str:
    return f"  public static {head}({parameters(way)}) {{\n    return {value};\n  }}\n\n"


def factories(struct: Struct) -> str:
    text = ""
    for way in required_ways(struct):
        chain = "".join(f".{name_of(field.key)}({name_of(field.key)})" for field, _ in way)
        text += comment("  ", "A builder, with what is required.", *params_doc(way), "@return a new builder")
        text += returning("Builder builder", way, f"new Builder(){chain}")
        arguments = ", ".join(name_of(field.key) for field, _ in way)
        text += comment("  ", "What is required, and defaults.", *params_doc(way), "@return the whole")
        text += returning(f"{struct.name} of", way, f"builder({arguments}).build()")
    return text


def request(struct: Struct) -> str:
    name = struct.name
    setters = "".join(setter(field) for field in struct.fields)
    what = "Keys of the request." if name.endswith("Request") else "A part of a request, or the settings of a client."
    body = comment("", f"{what} What is not set is absent.") + f"""public final class {name} extends Request {{
{constants(struct.fields)}  private {name}(Builder builder) {{
    super(builder);
  }}

{factories(struct)}  /**
   * A builder that has what this has.
   *
   * @return a new builder
   */
  public Builder toBuilder() {{
    Builder builder = new Builder();
    builder.putKeys(this);
    return builder;
  }}

  /** Sets the keys of a {{@link {name}}}. Not for several threads at once. */
  public static final class Builder extends RequestBuilder {{
    private Builder() {{}}

{setters}    /**
     * What has been set so far; the builder may go on.
     *
     * @return the whole
     */
    public {name} build() {{
      return new {name}(this);
    }}
  }}
}}
"""
    return source("dev.dbosc.types", body)


# --- Replies -----------------------------------------------------------------------------------


def item_of(kind: Type) -> tuple[str, str]:
    """The type of a list's items, and what reads one of them."""
    if kind.struct:
        return kind.struct, f"{kind.struct}::fromJson"
    return {"string": ("String", "Json::asText"), "enum": ("String", "Json::asText"),
            "integer": ("Long", "Json::asLong"), "instant": ("Instant", "Json::asInstant")}.get(
                kind.kind, ("Json", "Json::itself"))


def taken(field: Field) -> tuple[str, str]:
    """The type of a component, and the call that reads it."""
    key, kind = field.key, field.type
    if field.is_duration:
        return "Duration", f'fields.duration("{key}")'
    if kind.kind == "array":
        item, read = item_of(kind.items)
        return f"List<{item}>", f'fields.list("{key}", {read})'
    if kind.struct:
        return kind.struct, f'fields.struct("{key}", {kind.struct}::fromJson)'
    plain = {"string": "String", "enum": "String", "integer": "Long", "boolean": "Boolean", "instant": "Instant"}
    reader = {"String": "text", "Long": "number", "Boolean": "truth", "Instant": "instant", "Json": "json"}
    found = plain.get(kind.kind, "Json")
    return found, f'fields.{reader[found]}("{key}")'


def reply(struct: Struct) -> str:
    name, components = struct.name, [(name_of(field.key), *taken(field)) for field in struct.fields]
    listed = ",\n    ".join(f"{kind} {component}" for component, kind, _ in components)
    read = ",\n        ".join(call for _, _, call in components)
    doc = [f"@param {name_of(field.key)} {documented(field)}" for field in struct.fields]
    what = "The reply of an operation." if name.endswith("Reply") else "A part of a reply."
    unused = "" if components else '    Fields.of(json);\n'
    fields = "    Fields fields = Fields.of(json);\n" if components else unused
    body = comment("", f"{what} What is absent or null is null; a list, empty.", *doc) + f"""public record {name}(
    {listed}) {{
{constants(struct.fields)}  /**
   * Reads it; keys that this version does not know are left out.
   *
   * @param json an object
   * @return the whole
   */
  public static {name} fromJson(Json json) {{
{fields}    return new {name}(
        {read});
  }}
}}
"""
    return source("dev.dbosc.types", body)
