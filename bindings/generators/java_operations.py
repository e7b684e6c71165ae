"""The methods, one and its variants for each operation."""

from generators.java_text import HEAD, comment, escaped, name_of
from generators.java_types import IMPORTS, parameters, params_doc, required_ways
from generators.model import Operation

# Beyond that many required keys there is no short form, only the builder.
MOST_ARGUMENTS = 3


def method(operation: Operation, call: str, result: str, suffix: str, returns: str) -> str:
    name, request, reply = name_of(operation.name) + suffix, operation.request.name, operation.reply.name
    doc = escaped(operation.doc)
    tail = ["@throws DboscException as its status says"] if not suffix else []
    text = comment("  ", doc, "@param request its keys", f"@return {returns}", *tail)
    text += f"  public {result} {name}({request} request) {{\n"
    text += f'    return {call}("{operation.name}", request, {reply}::fromJson);\n  }}\n\n'
    for way in required_ways(operation.request):
        if len(way) <= MOST_ARGUMENTS:
            arguments = ", ".join(name_of(field.key) for field, _ in way)
            text += comment("  ", doc, *params_doc(way), f"@return {returns}", *tail)
            text += f"  public {result} {name}({parameters(way)}) {{\n"
            text += f"    return {name}({request}.of({arguments}));\n  }}\n\n"
    return text


def blocking(operation: Operation) -> str:
    return method(operation, "call", operation.reply.name, "", "the reply")


def submitted_call(operation: Operation) -> str:
    return method(operation, "submit", f"CompletableFuture<{operation.reply.name}>", "Async",
                  "the reply to come, or a {@link DboscException}; its cancel ends the call")


ABSTRACT = {
    "call": """  abstract <T> T call(String operation, Request request, Function<Json, T> reader);
""",
    "submit": """  abstract <T> CompletableFuture<T> submit(
      String operation, Request request, Function<Json, T> reader);
""",
}


def operations(name: str, doc: str, parent: str | None, listed: list[Operation], submitted: bool) -> str:
    methods = "".join(blocking(operation) for operation in listed if not parent or not operation.in_transaction)
    if submitted:
        methods += "".join(submitted_call(operation) for operation in listed)
    imports = [found for found in IMPORTS if found.rsplit(".", 1)[1] in methods]
    imports += ["java.util.concurrent.CompletableFuture"] * submitted + ["java.util.function.Function"]
    head = "".join(f"import {found};\n" for found in ["dev.dbosc.types.*", *imports])
    heritage = f" extends {parent}" if parent else ""
    return (f"{HEAD}package dev.dbosc;\n\n{head}\n{comment('', doc)}abstract class {name}{heritage} {{\n"
            f"  {name}() {{}}\n\n{ABSTRACT['submit' if submitted else 'call']}\n{methods.rstrip()}\n}}\n")
