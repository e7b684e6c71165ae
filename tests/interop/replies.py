"""What both clients answer, in the same words."""

import pickle
from base64 import b64decode
from datetime import datetime
from typing import Any, Callable, Iterator, Optional

from dbos import WorkflowStatus

Row = dict[str, Any]


def unpickled(text: str) -> Any:
    """The value that the Python SDK, or we for it, have stored; ValueError for what is no pickle."""
    stored = b64decode(text, validate=True)
    if not stored.startswith(b"\x80"):
        raise ValueError(text)
    return pickle.loads(stored)


# Our key of a workflow or a step: the name that the Python SDK has for it.
WORKFLOW_KEYS = {
    "workflow_id": "workflow_id",
    "status": "status",
    "name": "name",
    "class_name": "class_name",
    "config_name": "config_name",
    "queue_name": "queue_name",
    "priority": "priority",
    "deduplication_id": "deduplication_id",
    "queue_partition_key": "queue_partition_key",
    "app_version": "app_version",
    "application_name": "application_name",
    "app_id": "app_id",
    "executor_id": "executor_id",
    "authenticated_user": "authenticated_user",
    "assumed_role": "assumed_role",
    "authenticated_roles": "authenticated_roles",
    "created_at_ms": "created_at",
    "updated_at_ms": "updated_at",
    "dequeued_at_ms": "dequeued_at",
    "completed_at_ms": "completed_at",
    "delay_until_ms": "delay_until_epoch_ms",
    "workflow_timeout_ms": "workflow_timeout_ms",
    "deadline_at_ms": "workflow_deadline_epoch_ms",
    "recovery_attempts": "recovery_attempts",
    "forked_from": "forked_from",
    "was_forked_from": "was_forked_from",
    "parent_workflow_id": "parent_workflow_id",
    "schedule_name": "schedule_name",
    "attributes": "attributes",
    "input": "input",
    "output": "output",
    "error": "error",
}
STEP_KEYS = {
    "function_id": "function_id",
    "function_name": "function_name",
    "child_workflow_id": "child_workflow_id",
    "started_at_ms": "started_at_epoch_ms",
    "completed_at_ms": "completed_at_epoch_ms",
    "output": "output",
    "error": "error",
}
SCHEDULE_KEYS = (
    "schedule_id",
    "schedule_name",
    "workflow_name",
    "workflow_class_name",
    "schedule",
    "status",
    "context",
    "automatic_backfill",
    "cron_timezone",
    "queue_name",
    "application_name",
)
ERROR_KEYS = ("name", "message", "code", "data")


def their_reply(value: Any) -> Any:
    """What the Python client answered, in our words."""
    if isinstance(value, WorkflowStatus):
        return {key: their_reply(getattr(value, theirs)) for key, theirs in WORKFLOW_KEYS.items()}
    if isinstance(value, dict) and "function_id" in value:
        return {key: their_reply(value[theirs]) for key, theirs in STEP_KEYS.items()}
    if isinstance(value, dict) and "schedule_id" in value:
        fired = value["last_fired_at"]
        instant = fired and int(datetime.fromisoformat(fired).timestamp() * 1000)
        return {**{key: value[key] for key in SCHEDULE_KEYS}, "last_fired_at_ms": instant}
    if isinstance(value, Exception):
        return {key: getattr(value, key, None) for key in ERROR_KEYS}
    if hasattr(value, "get_workflow_id"):
        return value.get_workflow_id()
    if isinstance(value, (list, tuple, Iterator)):
        return [their_reply(each) for each in value]
    if isinstance(value, dict):
        return {key: their_reply(each) for key, each in value.items()}
    return value


def _known_keys(entry: Optional[Row], keys: dict[str, str]) -> Optional[Row]:
    if entry is None:
        return None
    found = {key: entry.get(key) for key in keys}
    if found["error"]:
        found["error"] = {key: found["error"].get(key) for key in ERROR_KEYS}
    return found


def _version(version: Row) -> Row:
    """One of our versions with the Python SDK's names."""
    renamed = {"version_timestamp_ms": "version_timestamp", "created_at_ms": "created_at"}
    return {renamed.get(key, key): value for key, value in version.items()}


# What in our reply the Python client answers with, too.
OUR_REPLY: dict[str, Callable[[Row], Any]] = {
    "enqueue": lambda reply: reply["workflow_id"],
    "debounce": lambda reply: reply["workflow_id"],
    "list_application_versions": lambda reply: [_version(v) for v in reply["versions"]],
    "get_latest_application_version": lambda reply: _version(reply["version"]),
    "rename_application": lambda reply: reply,
    "fork_workflow": lambda reply: reply["workflow_id"],
    "rewind_workflow": lambda reply: reply["workflow_id"],
    "wait_first": lambda reply: reply["workflow_id"],
    "get_event": lambda reply: reply["value"],
    "get_result": lambda reply: reply["result"],
    "read_stream": lambda reply: reply["values"],
    "get_workflow": lambda reply: _known_keys(reply["workflow"], WORKFLOW_KEYS),
    "list_workflows": lambda reply: [_known_keys(w, WORKFLOW_KEYS) for w in reply["workflows"]],
    "list_queued_workflows": lambda reply: [
        _known_keys(w, WORKFLOW_KEYS) for w in reply["workflows"]
    ],
    "list_queues": lambda reply: [queue["name"] for queue in reply["queues"]],
    "trigger_schedule": lambda reply: reply["workflow_id"],
    "backfill_schedule": lambda reply: [run["workflow_id"] for run in reply["outcomes"]],
    "get_schedule": lambda reply: reply["schedule"],
    "list_schedules": lambda reply: reply["schedules"],
    "list_workflow_steps": lambda reply: [_known_keys(s, STEP_KEYS) for s in reply["steps"]],
}
