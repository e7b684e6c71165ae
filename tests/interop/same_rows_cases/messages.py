"""Messages to workflows and their forks."""

from typing import Any, Iterator

from dbos import DBOSClient, SendMessage

from same_rows_world import pickled

from .case import PORTABLE, Case

MESSAGE = {"a": [1, None]}


def send(name: str, *args: Any, forks: bool = False, **case: Any) -> Case:
    """The arguments are destination, message, topic and key."""
    keys = ("destination_id", "message", "topic", "idempotency_key")
    request = {key: each for key, each in zip(keys, args) if key == "message" or each is not None}
    if forks:
        request["send_to_forks"] = True
    call = lambda client: client.send(*args, serialization_type=PORTABLE, send_to_forks=forks)
    return Case(f"send: {name}", call, "send", request, **case)


def send_many(name: str, messages: list[tuple[Any, ...]], forks: bool = False, **case: Any) -> Case:
    def call(client: DBOSClient) -> None:
        sent = [SendMessage(*each) for each in messages]
        client.send_bulk(sent, serialization_type=PORTABLE, send_to_forks=forks)

    entries = [send("", *each, forks=forks).request for each in messages]
    return Case(f"send_many: {name}", call, "send_many", {"messages": entries}, **case)


def messages() -> Iterator[Case]:
    nobody = ("DBOSNonExistentWorkflowError", "non_existent_workflow")
    yield send("no topic", "running", {"a": [1, None, "é"]})
    yield send("nothing", "running", None)
    yield send("topic", "running", "hello", "topic é")
    yield send("empty topic", "running", "hello", "")
    yield send("key", "running", "hello", "t", "key")
    yield send("key used before", "done", "again", "t", "done-first")
    yield send("to a workflow that is over", "done", "late")
    raw = {"$raw": pickled(MESSAGE), "serialization": "py_pickle"}
    yield Case(
        "send: in the Python SDK's own format",
        lambda client: client.send("running", MESSAGE, "t"),
        "send",
        {"destination_id": "running", "message": raw, "topic": "t", "payloads": "raw"},
    )
    yield send("to forks", "done", "all", "t", "key", forks=True)
    yield send("to forks, without a key", "done", "all", forks=True)
    yield send("to forks of who has none", "running", "all", "t", "key", forks=True)
    yield send("to nobody", "nobody", "hello", refused=nobody)
    two = [("running", 1, "t", "k"), ("waiting", [2], None, None)]
    yield send_many("two", two)
    yield send_many("one key, two destinations", [("running", 1, "t", "k"), ("waiting", 2, "t", "k")])
    yield send_many("to forks", [("done", 1, "t", "k"), ("running", 2)], forks=True)
    yield send_many("none", [])
    yield send_many("one to nobody", [*two, ("nobody", 1)], refused=nobody)
    yield send_many(
        "the same key twice",
        [("running", 1, "t", "k"), ("running", 2, "t", "k")],
        refused=("DBOSException", "repeated_idempotency_key"),
    )
