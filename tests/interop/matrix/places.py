"""Where a payload can stand: what makes a worker put it there, and how our client reads it back."""

from dataclasses import dataclass
from typing import Any, Callable

import errors

# Calls an operation in one payload mode.
Call = Callable[..., Any]
# (call, a workflow's id, its row) -> the payload.
Reader = Callable[[Call, str, Any], Any]


def _only(found: list[Any]) -> Any:
    assert len(found) == 1, f"one was expected: {found}"
    return found[0]


def _row(key: str) -> Reader:
    return lambda call, workflow_id, row: row[key]


def _argument(arguments: Any) -> Any:
    # Raw arguments are one text.
    return _only(arguments["args"]) if "args" in arguments else arguments


def _input(_: Call, __: str, row: Any) -> Any:
    return _argument(row["input"])


def _child_input(call: Call, workflow_id: str, _: Any) -> Any:
    child = call("get_workflow", workflow_id=f"{workflow_id}-input")["workflow"]
    return _argument(child["input"])


def _event(call: Call, workflow_id: str, _: Any) -> Any:
    return _only(call("list_events", workflow_id=workflow_id)["events"])["value"]


def _stream(call: Call, workflow_id: str, _: Any) -> Any:
    streams = call("list_streams", workflow_id=workflow_id)["streams"]
    return _only(_only(streams)["values"])


def _step(key: str) -> Reader:
    def read(call: Call, workflow_id: str, _: Any) -> Any:
        steps = call("list_workflow_steps", workflow_id=workflow_id)["steps"]
        return _only([step for step in steps if step["function_name"] == "step"])[key]

    return read


def _message(call: Call, workflow_id: str, _: Any) -> Any:
    return _only(call("list_messages", workflow_id=workflow_id)["messages"])["message"]


def _context(_: Call, __: str, row: Any) -> Any:
    output = row["output"]
    return output if "$raw" in output else output["context"]


@dataclass(frozen=True)
class Place:
    name: str
    # The workflow that puts its argument there, and that argument.
    workflow: str
    read: Reader
    argument: Callable[[Any], Any] = lambda payload: payload
    # The payload goes to the workflow in a message.
    by_message: bool = False
    # A schedule starts the workflow, with the payload as its context.
    by_schedule: bool = False


# Of what we write.
WRITTEN = [
    Place("input", "echo", _input),
    Place("result", "echo", _row("output")),
    Place("error", "fail_custom", _row("error"), errors.custom),
    Place("event", "set_event", _event),
    Place("stream", "write_stream", _stream),
    Place("message", "receive", _row("output"), lambda _: None, by_message=True),
    Place("step", "step", _step("output")),
    Place("schedule", "scheduled", _context, by_schedule=True),
]

@dataclass(frozen=True)
class Plain:
    """A workflow that is run once in each format."""

    name: str
    workflow: str
    arguments: list[Any]
    result: int
    read: Reader = _row("output")


PLAIN = [Plain("two arguments", "add", [2, 3], 5), Plain("sleep", "sleep", [20], 20)]

# Of what the workflow `publish` makes.
PUBLISHED: dict[str, Reader] = {
    "input": _child_input,
    "result": _row("output"),
    "event": _event,
    "stream": _stream,
    "message": _message,
    "step": _step("output"),
}

# Of errors that a worker raises by itself.
RAISED: dict[str, tuple[tuple[str, Reader], ...]] = {
    "fail": (("error", _row("error")),),
    "publish_error": (("error", _row("error")), ("step error", _step("error"))),
}
