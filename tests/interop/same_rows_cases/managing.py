"""Cancel, resume, delete, and changes to a workflow's delay and attributes."""

from typing import Iterator

from same_rows_world import FAR_FUTURE

from .case import HOUR_MS, Case, change

ALL = ["done", "failed", "running", "waiting", "delayed", "cancelled", "dead", "parent", "foreign",
       "nobody"]
KNOWN = [workflow_id for workflow_id in ALL if workflow_id != "nobody"]


def changes() -> Iterator[Case]:
    same = lambda operation, name, options, **case: change(
        operation, name, options, options, **case
    )
    yield same("cancel_workflows", "all states", {"workflow_ids": ALL})
    yield same("cancel_workflows", "a parent alone", {"workflow_ids": ["parent"]})
    yield same(
        "cancel_workflows", "children", {"workflow_ids": ["parent"], "cancel_children": True}
    )
    yield same(
        "cancel_workflows",
        "children of who is over",
        {"workflow_ids": ["done", "child"], "cancel_children": True},
    )
    yield same("cancel_workflows", "none", {"workflow_ids": []})
    for operation in ("cancel_workflows", "resume_workflows", "delete_workflows"):
        yield same(operation, "twice the same", {"workflow_ids": ["running", "running"]})
    yield same("resume_workflows", "all states", {"workflow_ids": KNOWN})
    yield same("resume_workflows", "onto a queue", {"workflow_ids": KNOWN, "queue_name": "other"})
    yield same("resume_workflows", "one is unknown", {"workflow_ids": ALL})
    yield same("delete_workflows", "all states", {"workflow_ids": ALL})
    yield same("delete_workflows", "a parent alone", {"workflow_ids": ["parent"]})
    yield same(
        "delete_workflows",
        "children",
        {"workflow_ids": ["parent", "done"], "delete_children": True},
    )

    delayed = {"workflow_id": "delayed"}
    yield change(
        "set_workflow_delay", "by a time", {**delayed, "delay_seconds": 3600},
        {**delayed, "delay_ms": HOUR_MS},
    )
    yield change(
        "set_workflow_delay", "to an instant", {**delayed, "delay_until_epoch_ms": FAR_FUTURE + 1},
        {**delayed, "delay_until": FAR_FUTURE + 1},
    )
    yield change(
        "set_workflow_delay", "to nothing", {**delayed, "delay_seconds": 0},
        {**delayed, "delay_ms": 0},
    )
    for other in ("waiting", "done", "nobody"):
        yield change(
            "set_workflow_delay", f"of {other}", {"workflow_id": other, "delay_seconds": 1},
            {"workflow_id": other, "delay_ms": 1000},
        )
    yield same(
        "set_workflow_delay", "without a time", delayed, refused=("DBOSException", "missing_key")
    )
    yield change(
        "set_workflow_delay", "both", {**delayed, "delay_seconds": 1, "delay_until_epoch_ms": 1},
        {**delayed, "delay_ms": 1, "delay_until": 1},
        refused=("DBOSException", "conflicting_keys"),
    )
    yield change(
        "set_workflow_delay", "negative", {**delayed, "delay_seconds": -1},
        {**delayed, "delay_ms": -1000}, refused=("DBOSException", "out_of_range"),
    )

    given = {"nested": {"m": [None]}, "é\"'$.x": 1, "new": None}
    update = "update_workflow_attributes"
    for target in ("done", "running", "wild%_card", "child", "foreign", "nobody"):
        yield same(update, f"replace, {target}", {"workflow_id": target, "attributes": given})
        yield same(
            update,
            f"merge, {target}",
            {"workflow_id": target, "attributes": given, "merge": True},
        )
        yield same(update, f"clear, {target}", {"workflow_id": target, "attributes": None})
    yield same(update, "replace by nothing", {"workflow_id": "done", "attributes": {}})
    yield same(
        update, "merge nothing", {"workflow_id": "done", "attributes": {}, "merge": True}
    )
    many = {f"key {i}": i for i in range(120)}
    yield same(update, "merge many", {"workflow_id": "done", "attributes": many, "merge": True})
    bad = ("DBOSException", "wrong_type")
    yield same(update, "no object", {"workflow_id": "done", "attributes": [1]}, refused=bad)
    yield same(
        update, "merge null", {"workflow_id": "done", "attributes": None, "merge": True},
        refused=bad,
    )
