"""The typed layer of the Java package: its requests and replies, and the methods of a client and a transaction."""

from generators.java_operations import operations
from generators.java_types import reply, request
from generators.model import Api

SOURCES = "java/src/generated/java/dev/dbosc/"


def files(api: Api) -> dict[str, str]:
    types = {struct.name: reply(struct) if struct.in_reply else request(struct) for struct in api.structs.values()}
    found = {f"{SOURCES}types/{name}.java": text for name, text in types.items()}
    found[f"{SOURCES}SharedOperations.java"] = operations(
        "SharedOperations", "What a client and a transaction can do alike.", None,
        [operation for operation in api.operations if operation.in_transaction], submitted=False)
    found[f"{SOURCES}ClientOperations.java"] = operations(
        "ClientOperations", "What a client can do: what a transaction can, the waits, and each without waiting.",
        "SharedOperations", api.operations, submitted=True)
    return found
