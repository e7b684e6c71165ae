"""The rows that every case of test_same_rows.py starts from: workflows in all states and relations, long ago."""

import json
import pickle
from base64 import b64encode
from typing import Any

# Before any instant that a test writes itself.
LONG_AGO = 1_700_000_000_000
FAR_FUTURE = 4_000_000_000_000

Rows = list[tuple[str, dict[str, Any]]]

INPUT = '{"namedArgs":{"k":[1,null]},"positionalArgs":[1,"two"]}'
FAILURE = '{"name":"Refused","message":"too much","code":42,"data":{"limit":1}}'
CLOSED = '"__DBOS_STREAM_CLOSED__"'


def pickled(value: Any) -> str:
    """As the Python SDK stores values in its own format."""
    return b64encode(pickle.dumps(value)).decode()


PICKLED_INPUT = pickled({"args": (1, "two"), "kwargs": {}})


def workflow(number: int, workflow_id: str, status: str, **columns: Any) -> Rows:
    """A workflow's rows; its instants tell it from the others."""
    at = LONG_AGO + number * 1000
    output, error = columns.pop("output", None), columns.pop("error", None)
    inputs = columns.pop("inputs", INPUT)
    over = status in ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
    started = status not in ("ENQUEUED", "DELAYED", "CANCELLED")
    row = {
        "workflow_uuid": workflow_id,
        "status": status,
        "name": "order",
        "created_at": at,
        "updated_at": at + 1,
        "started_at_epoch_ms": at + 2 if started else None,
        "completed_at": at + 3 if over else None,
        "queue_name": None if status == "CANCELLED" else "q",
        "executor_id": "executor-1" if started else None,
        "application_version": "v1",
        "application_name": "app",
        "recovery_attempts": 1 if started else 0,
        "serialization": "portable_json",
        **columns,
    }
    rows: Rows = [
        ("workflow_status", row),
        (
            "workflow_input",
            {"workflow_uuid": workflow_id, "inputs": inputs, "retention_timestamp": at},
        ),
    ]
    if output or error:
        values = {"output": output, "error": error, "retention_timestamp": at + 3}
        rows.append(("workflow_output", {"workflow_uuid": workflow_id, **values}))
    return rows


def step(workflow_id: str, number: int, name: str, **columns: Any) -> Rows:
    at = LONG_AGO + 500_000 + number
    row = {
        "workflow_uuid": workflow_id,
        "function_id": number,
        "function_name": name,
        "started_at_epoch_ms": at,
        "completed_at_epoch_ms": at + 1,
        "serialization": "portable_json",
        "application_name": "app",
        "retention_timestamp": at + 1,
        **columns,
    }
    return [("operation_outputs", row)]


def event(workflow_id: str, key: str, history: dict[int, str]) -> Rows:
    """An event with what it was after each step that set it."""
    base = {"workflow_uuid": workflow_id, "key": key, "serialization": "portable_json"}
    past = [
        ("workflow_events_history", {**base, "function_id": number, "value": value})
        for number, value in history.items()
    ]
    return [*past, ("workflow_events", {**base, "value": history[max(history)]})]


def stream(workflow_id: str, key: str, values: list[str], first_step: int) -> Rows:
    base = {"workflow_uuid": workflow_id, "key": key, "serialization": "portable_json"}
    return [
        ("streams", {**base, "offset": i, "function_id": first_step + i, "value": value})
        for i, value in enumerate(values)
    ]


def message(message_id: str, destination: str, consumed_by: Any = None, **columns: Any) -> Rows:
    row = {
        "message_uuid": message_id,
        "destination_uuid": destination,
        "topic": "t",
        "message": f'"{message_id}"',
        "created_at_epoch_ms": LONG_AGO,
        "serialization": "portable_json",
        "consumed": consumed_by is not None,
        "consumed_by_function_id": consumed_by,
        **columns,
    }
    return [("notifications", row)]


def order_history(workflow_id: str, child: str) -> Rows:
    """Six steps, events, streams and messages: what a fork copies and a rewind takes back."""
    return [
        *step(workflow_id, 1, "charge", output='{"paid":true}'),
        *step(workflow_id, 2, "ship", output='"shipped"', child_workflow_id=child),
        *step(workflow_id, 3, "DBOS.recv", output='"first"'),
        *step(workflow_id, 4, "charge", error=FAILURE),
        *step(workflow_id, 5, "DBOS.setEvent"),
        *step(workflow_id, 6, "DBOS.closeStream"),
        *event(workflow_id, "progress", {2: "1", 5: '{"all":true}'}),
        *event(workflow_id, "late", {5: "null"}),
        *stream(workflow_id, "log", ['"a"', '{"b":[]}', CLOSED], 4),
        *stream(workflow_id, "open", ["1", "2"], 2),
        *message(f"{workflow_id}-first", workflow_id, consumed_by=3),
        *message(f"{workflow_id}-second", workflow_id),
    ]


def queue(number: int, name: str, **columns: Any) -> Rows:
    row = {
        "queue_id": f"queue-{number}",
        "name": name,
        "priority_enabled": True,
        "created_at": LONG_AGO + number,
        "updated_at": LONG_AGO + number + 1,
        "application_name": "app",
        **columns,
    }
    return [("queues", row)]


def schedule(name: str, cron: str, context: Any = None, **columns: Any) -> Rows:
    row = {
        "schedule_id": f"id-{name}",
        "schedule_name": name,
        "workflow_name": "order",
        "schedule": cron,
        "status": "ACTIVE",
        "context": pickled(context),
        "automatic_backfill": False,
        "application_name": "app",
        **columns,
    }
    return [("workflow_schedules", row)]


def version(name: str, number: int, application: Any) -> Rows:
    row = {
        "version_id": f"id-{name}",
        "version_name": name,
        "version_timestamp": LONG_AGO + number,
        "created_at": LONG_AGO,
        "application_name": application,
    }
    return [("application_versions", row)]


def identity(user: str) -> dict[str, Any]:
    return {
        "authenticated_user": user,
        "authenticated_roles": '["a", "b"]',
        "assumed_role": "a",
        "attributes": json.dumps({"customer": user, "nested": {"n": 1}}),
    }


def world() -> Rows:
    return [
        *workflow(1, "done", "SUCCESS", output='{"total":3}', was_forked_from=True,
                  workflow_timeout_ms=5000, workflow_deadline_epoch_ms=LONG_AGO + 9,
                  owner_xid="owner", creator_xid="creator", **identity("ada")),
        *order_history("done", "done-child"),
        *workflow(2, "done-child", "SUCCESS", name="ship", parent_workflow_id="done"),
        *workflow(3, "failed", "ERROR", error=FAILURE, class_name="Box", config_name="box1",
                  priority=4, queue_partition_key="p1"),
        *order_history("failed", "nobody"),
        *workflow(4, "running", "PENDING", deduplication_id="d-running", owner_xid="owner",
                  workflow_timeout_ms=5000, workflow_deadline_epoch_ms=FAR_FUTURE),
        *stream("running", "log", ['"a"', '"b"', '"c"'], 1),
        *event("running", "progress", {1: "7"}),
        *workflow(5, "waiting", "ENQUEUED", deduplication_id="d1", priority=3,
                  queue_partition_key="p1", **identity("bob")),
        *workflow(6, "delayed", "DELAYED", delay_until_epoch_ms=FAR_FUTURE, schedule_name="daily"),
        *workflow(7, "cancelled", "CANCELLED", application_version="v2"),
        *workflow(8, "dead", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", recovery_attempts=50),
        *workflow(9, "parent", "PENDING", name="family"),
        *step("parent", 1, "child", child_workflow_id="child"),
        *workflow(10, "child", "PENDING", name="family", parent_workflow_id="parent",
                  attributes="null"),
        *workflow(11, "grandchild", "ENQUEUED", name="family", parent_workflow_id="child"),
        *workflow(12, "fork", "ENQUEUED", forked_from="done", was_forked_from=True),
        *workflow(13, "fork-of-fork", "ENQUEUED", forked_from="fork", queue_name="other"),
        *workflow(14, "foreign", "ENQUEUED", application_name="another", executor_id="executor-2",
                  deduplication_id="d-foreign"),
        *step("foreign", 1, "charge", application_name="another"),
        *workflow(15, "unclaimed", "SUCCESS", application_name=None, output="null"),
        *step("unclaimed", 1, "charge", application_name=None),
        *workflow(16, "wild%_card", "ENQUEUED", name="100%", attributes="[]"),
        *workflow(17, "wildXXcard", "ENQUEUED", name="100%"),
        *workflow(18, "native", "ENQUEUED", serialization=None, inputs=PICKLED_INPUT),
        *workflow(19, "silent", "SUCCESS"),
        *workflow(20, "debounced", "DELAYED", deduplication_id="order-waits", is_debounced=True,
                  delay_until_epoch_ms=LONG_AGO + 9),
        *workflow(21, "limited", "DELAYED", deduplication_id="order-limited", is_debounced=True,
                  delay_until_epoch_ms=LONG_AGO + 9, debounce_deadline_epoch_ms=LONG_AGO + 99),
        *workflow(22, "debounced-unclaimed", "DELAYED", deduplication_id="order-unclaimed",
                  is_debounced=True, application_name=None),
        *workflow(23, "debounced-foreign", "DELAYED", deduplication_id="order-foreign",
                  is_debounced=True, application_name="another"),
        *workflow(24, "holder", "ENQUEUED", deduplication_id="order-held"),
        *workflow(25, "sched-nightly-2023-11-16T03:00:00+00:00", "SUCCESS",
                  schedule_name="nightly", serialization=None, inputs=PICKLED_INPUT),
        *version("v1", 1, "app"),
        *version("v2", 2, "app"),
        *version("v3", 3, "another"),
        *version("v0", 0, None),
        *stream("silent", "unclosed", ['"a"', '"b"'], 1),
        *queue(1, "limited", concurrency=5, worker_concurrency=3, rate_limit_max=7,
               rate_limit_period_sec=2),
        *queue(2, "partitioned", partition_queue=True, partition_concurrency=4,
               partition_worker_concurrency=2),
        *queue(3, "free", application_name=None),
        *queue(4, "theirs", application_name="another"),
        *schedule("daily", "0 30 2 * * *", {"a": [1, {"b": None}]}, workflow_name="ship",
                  workflow_class_name="Box", last_fired_at="2023-11-14T02:30:00+01:00",
                  automatic_backfill=True, cron_timezone="Europe/Berlin", queue_name="q"),
        *schedule("nightly", "0 3 * * *", status="PAUSED",
                  last_fired_at="2023-11-16T03:00:00+00:00"),
        *schedule("foreign", "0 0 * * * *", ["é"], cron_timezone="UTC",
                  application_name="another"),
        *schedule("unclaimed", "0 */20 * * * *", 7, workflow_name="family",
                  application_name=None),
        *schedule("blank", "0 30 2 * * *", cron_timezone="", queue_name="",
                  workflow_class_name=""),
        *schedule("wild%_card", "0 0 0 1 * *", "text"),
        *schedule("wildXXcard", "0 0 0 1 * *", 1.5, status="PAUSED"),
    ]
