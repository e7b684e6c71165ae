"""Enqueue, with each option."""

from typing import Any, Iterator, Optional

from same_rows_world import PICKLED_INPUT

from .case import HOUR_MS, PORTABLE, Case

REQUIRED = {"workflow_name": "order", "queue_name": "q"}


def enqueue(
    name: str,
    their_options: dict[str, Any],
    our_options: Optional[dict[str, Any]] = None,
    args: Any = (1, {"b": "é\u2028\"<&>"}),
    kwargs: Optional[dict[str, Any]] = None,
    **case: Any,
) -> Case:
    """Options that have the same name and meaning in both are given once."""
    options = {**REQUIRED, "serialization_type": PORTABLE, **their_options}
    request = {**REQUIRED, **(their_options if our_options is None else our_options)}
    if args:
        request["args"] = list(args)
    if kwargs:
        request["kwargs"] = kwargs
    call = lambda client: client.enqueue(options, *args, **(kwargs or {}))
    return Case(f"enqueue: {name}", call, "enqueue", request, **case)


def enqueues() -> Iterator[Case]:
    yield enqueue("nothing but the required", {})
    yield enqueue("by a nameless client", {}, application=None)
    yield enqueue("no arguments", {}, args=())
    yield enqueue("keyword arguments", {}, kwargs={"a": [None], "z": 1.5})
    yield enqueue("keyword arguments alone", {}, args=(), kwargs={"a": True})
    yield enqueue("numbers", {}, args=(0, -1, 1.5, 2**53 - 1, 10**25, 1e300, 0.1))
    options: dict[str, dict[str, Any]] = {
        "workflow id": {"workflow_id": "chosen"},
        "reuse policy of a new id": {"workflow_id": "chosen"},
        "version": {"app_version": "v9"},
        "class": {"class_name": "Box"},
        "user": {"authenticated_user": "ada"},
        "roles": {"authenticated_user": "ada", "authenticated_roles": ["a", "é\"b"]},
        "empty roles": {"authenticated_roles": []},
        "priority 1": {"priority": 1},
        "greatest priority": {"priority": 2**31 - 1},
        "partition": {"queue_partition_key": "p"},
        "attributes": {"attributes": {"a": {"b": [1, None, "é"]}, "c": 1.5}},
        "empty attributes": {"attributes": {}},
        "application": {"application_name": "another"},
        "deduplication id": {"deduplication_id": "free"},
        "deduplication id held on another queue": {
            "deduplication_id": "d1",
            "queue_name": "other",
        },
        "id of a workflow": {"workflow_id": "waiting"},
        "id of a workflow that is over": {"workflow_id": "done"},
        "id of a cancelled workflow": {"workflow_id": "cancelled"},
        "id of a workflow on another queue": {"workflow_id": "waiting", "queue_name": "other"},
        "id and deduplication id of a workflow": {
            "workflow_id": "waiting",
            "deduplication_id": "d1",
        },
        "id of a workflow of another application": {"workflow_id": "foreign"},
        "id of a workflow, deduplication id of another": {
            "workflow_id": "delayed",
            "deduplication_id": "d1",
        },
    }
    for name, each in options.items():
        yield enqueue(name, each)
    yield enqueue("instance", {"class_name": "Box", "instance_name": "box1"})
    yield enqueue("delay", {"delay_seconds": 3600}, {"delay_ms": HOUR_MS})
    yield enqueue("delay of nothing", {"delay_seconds": 0}, {"delay_ms": 0})
    yield enqueue("timeout", {"workflow_timeout": 1.5}, {"workflow_timeout_ms": 1500})
    existing = {"deduplication_id": "d1", "workflow_id": "second"}
    yield enqueue(
        "deduplication id that is held",
        existing,
        refused=("DBOSQueueDeduplicatedError", "queue_deduplicated"),
    )
    yield enqueue(
        "deduplication id that is held, holder wanted",
        {**existing, "duplication_policy": "return-existing"},
        {**existing, "duplication_policy": "return_existing"},
    )
    yield enqueue(
        "deduplication id that another application holds, holder wanted",
        {"deduplication_id": "d-foreign", "duplication_policy": "return-existing"},
        {"deduplication_id": "d-foreign", "duplication_policy": "return_existing"},
    )
    yield enqueue(
        "deduplication id that is free, holder wanted",
        {"deduplication_id": "free", "duplication_policy": "return-existing"},
        {"deduplication_id": "free", "duplication_policy": "return_existing"},
    )
    yield enqueue(
        "id in use, refusal wanted",
        {"workflow_id": "waiting", "workflow_id_reuse_policy": "reject"},
        refused=("DBOSWorkflowIDInUseError", "workflow_id_in_use"),
    )
    conflict = ("DBOSConflictingWorkflowError", "conflicting_workflow")
    yield enqueue(
        "id of another function",
        {"workflow_id": "waiting", "workflow_name": "ship"},
        refused=conflict,
    )
    yield enqueue(
        "id of another class", {"workflow_id": "waiting", "class_name": "Box"}, refused=conflict
    )
    yield enqueue(
        "id of another instance",
        {"workflow_id": "failed", "class_name": "Box", "instance_name": "box2"},
        refused=conflict,
    )
    trace = {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate": "vendor=value",
    }
    yield enqueue(
        "trace context",
        {"attributes": {"a": 1, "dbos.otelContext": trace}},
        {"attributes": {"a": 1}, **trace},
    )
    yield enqueue("priority 0", {"priority": 0}, refused=("DBOSException", "invalid_priority"))
    yield enqueue("priority -1", {"priority": -1}, refused=("DBOSException", "invalid_priority"))
    yield enqueue(
        "priority too great", {"priority": 2**31}, refused=("DBOSException", "invalid_priority")
    )
    yield enqueue("empty id", {"workflow_id": ""}, refused=("DBOSException", "empty_value"))
    yield enqueue("blank id", {"workflow_id": " "}, refused=("DBOSException", "empty_value"))
    yield enqueue(
        "holder wanted without a deduplication id",
        {"duplication_policy": "return-existing"},
        {"duplication_policy": "return_existing"},
        refused=("DBOSException", "missing_key"),
    )
    unknown = ("DBOSException", "unknown_value")
    yield enqueue("unknown duplication policy", {"duplication_policy": "x"}, refused=unknown)
    yield enqueue("unknown reuse policy", {"workflow_id_reuse_policy": "x"}, refused=unknown)
    yield enqueue("empty queue", {"queue_name": ""})
    yield enqueue("empty deduplication id", {"deduplication_id": ""})
    yield enqueue(
        "deduplication id and partition",
        {"deduplication_id": "free", "queue_partition_key": "p"},
    )
    yield enqueue("negative timeout", {"workflow_timeout": -1}, {"workflow_timeout_ms": -1000})
    yield enqueue("negative delay", {"delay_seconds": -1}, {"delay_ms": -1000})
    yield enqueue("attributes that are no object", {"attributes": [1]})
    raw = {"$raw": PICKLED_INPUT, "serialization": "py_pickle"}
    yield Case(
        "enqueue: arguments in the Python SDK's own format",
        lambda client: client.enqueue(REQUIRED, 1, "two"),
        "enqueue",
        {**REQUIRED, "args": raw, "payloads": "raw"},
    )
