"""One call: as the Python client takes it and as ours does."""

from dataclasses import dataclass
from typing import Any, Callable, Optional

from dbos import DBOSClient, WorkflowSerializationFormat

from side_by_side import APPLICATION

PORTABLE = WorkflowSerializationFormat.PORTABLE
HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Case:
    name: str
    theirs: Callable[[DBOSClient], Any]
    operation: str
    request: dict[str, Any]
    # In whose name the clients speak.
    application: Optional[str] = APPLICATION
    # What the reply of ours that the Python client answers with is, if the operation's usual one is not.
    pick: Optional[Callable[[dict[str, Any]], Any]] = None
    # A table that is empty when the case starts.
    without: Optional[str] = None
    # The Python client's class of error and our kind of it, where the call is refused by both.
    refused: Optional[tuple[str, str]] = None


def change(
    operation: str, name: str, their_options: dict[str, Any], ours: dict[str, Any], **case: Any
) -> Case:
    """An operation that the Python client has under the same name."""
    call = lambda client: getattr(client, operation)(**their_options)
    return Case(f"{operation}: {name}", call, operation, ours, **case)
