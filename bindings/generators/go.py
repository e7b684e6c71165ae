"""The typed layer of the Go package: requests and replies with how they cross, and a method for every operation."""

from generators import go_types
from generators.go_types import BANNER, comment, name_of
from generators.model import Api, Operation


def files(api: Api) -> dict[str, str]:
    types = go_types.Types(api)
    return {
        "go/types_gen.go": types.file(),
        "go/enums_gen.go": types.enums_file(),
        "go/operations_gen.go": operations_file(api),
    }


def operations_file(api: Api) -> str:
    methods = [method("c *Client", operation) for operation in api.operations]
    in_transactions = [method("t *Tx", operation) for operation in api.operations if operation.in_transaction]
    return "\n".join([BANNER, "", "package dbosc", "", 'import "context"', "", *methods, *in_transactions])


def method(receiver: str, operation: Operation) -> str:
    name = name_of(operation.name)
    request, reply = operation.request.name, operation.reply.name
    sentence = operation.doc[:1].lower() + operation.doc[1:]
    lines = comment(f"{name} {sentence}")
    lines.append(f"func ({receiver}) {name}(ctx context.Context, request {request}) (*{reply}, error) {{")
    lines.append(f'\treturn call[{reply}](ctx, {receiver[0]}, "{operation.name}", &request)')
    lines.append("}\n")
    return "\n".join(lines)
