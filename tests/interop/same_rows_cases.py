"""The calls of test_same_rows.py: each as the Python client takes it and as ours does.

All start from the rows of same_rows_world.py.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Iterator, Optional

from dbos import DBOSClient, SendMessage, WorkflowSerializationFormat

from same_rows_world import FAR_FUTURE, LONG_AGO, PICKLED_INPUT, pickled
from side_by_side import APPLICATION

PORTABLE = WorkflowSerializationFormat.PORTABLE
HOUR_MS = 3_600_000
POLL = 0.01
MESSAGE = {"a": [1, None]}


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
    # The Python client's class of error and our kind of it, where the call is refused by both.
    refused: Optional[tuple[str, str]] = None


# --- Enqueue -------------------------------------------------------------------------------------

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


# --- Messages ------------------------------------------------------------------------------------


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


# --- Managing ------------------------------------------------------------------------------------

ALL = ["done", "failed", "running", "waiting", "delayed", "cancelled", "dead", "parent", "foreign",
       "nobody"]
KNOWN = [workflow_id for workflow_id in ALL if workflow_id != "nobody"]


def change(
    operation: str, name: str, their_options: dict[str, Any], ours: dict[str, Any], **case: Any
) -> Case:
    """An operation that the Python client has under the same name."""
    call = lambda client: getattr(client, operation)(**their_options)
    return Case(f"{operation}: {name}", call, operation, ours, **case)


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


# --- Forks ---------------------------------------------------------------------------------------


def fork(
    name: str, workflow_id: str, start_step: int, theirs: dict[str, Any], ours: dict[str, Any],
    **case: Any,
) -> Case:
    call = lambda client: client.fork_workflow(workflow_id, start_step, **theirs)
    request = {"workflow_id": workflow_id, "start_step": start_step, **ours}
    return Case(f"fork_workflow: {name}", call, "fork_workflow", request, **case)


def rewind(
    name: str, workflow_id: str, start_step: int, theirs: dict[str, Any], ours: dict[str, Any],
    **case: Any,
) -> Case:
    call = lambda client: client.rewind_workflow(workflow_id, start_step=start_step, **theirs)
    request = {"workflow_id": workflow_id, "start_step": start_step, **ours}
    return Case(f"rewind_workflow: {name}", call, "rewind_workflow", request, **case)


def forks() -> Iterator[Case]:
    nobody = ("DBOSNonExistentWorkflowError", "non_existent_workflow")
    for start_step in (0, 1, 2, 3, 5, 6, 7, 100):
        yield fork(f"from step {start_step}", "done", start_step, {}, {})
    for source in ("failed", "running", "waiting", "delayed", "cancelled", "unclaimed", "foreign",
                   "wild%_card", "child", "native"):
        yield fork(f"of {source}", source, 2, {}, {})
    yield fork("by a nameless client", "unclaimed", 1, {}, {}, application=None)
    yield fork("version", "done", 3, {"application_version": "v9"}, {"app_version": "v9"})
    queue = {"queue_name": "other"}
    yield fork("queue", "done", 3, queue, queue)
    partition = {"queue_name": "other", "queue_partition_key": "p"}
    yield fork("partition", "done", 3, partition, partition)
    yield fork("timeout", "done", 3, {"timeout_seconds": 1.5}, {"workflow_timeout_ms": 1500})
    children = {"replacement_children": {"done-child": "another-child", "stranger": "x"}}
    yield fork("replaced children", "done", 4, children, children)
    yield fork("of nobody", "nobody", 1, {}, {}, refused=nobody)
    chain = {"replacement_children": {"done-child": "x", "x": "y"}}
    yield fork("children replaced by ids that are replaced", "done", 4, chain, chain)
    for seconds in (0, -1):
        yield fork(
            f"timeout of {seconds} s", "done", 1, {"timeout_seconds": seconds},
            {"workflow_timeout_ms": seconds * 1000}, refused=("Exception", "out_of_range"),
        )

    for start_step in (1, 2, 3, 5, 6, 7):
        yield rewind(f"to step {start_step}", "done", start_step, {}, {})
    for source in ("failed", "cancelled", "dead", "unclaimed"):
        yield rewind(f"of {source}", source, 1, {}, {})
    yield rewind("version", "done", 3, {"application_version": "v9"}, {"app_version": "v9"})
    yield rewind("queue", "done", 3, queue, queue)
    yield rewind("partition", "done", 3, partition, partition)
    yield rewind("of nobody", "nobody", 1, {}, {}, refused=nobody)
    for active in ("running", "waiting", "delayed"):
        yield rewind(
            f"of {active}", active, 1, {}, {}, refused=("DBOSException", "workflow_not_over")
        )
    yield rewind("to step 0", "done", 0, {}, {})
    yield rewind("to step -1", "done", -1, {}, {}, refused=("ValueError", "out_of_range"))


# --- Looking -------------------------------------------------------------------------------------


def at(number: int, more: int = 0) -> str:
    """An instant of the world's workflow of that number, as text."""
    instant = (LONG_AGO + number * 1000 + more) / 1000
    return datetime.fromtimestamp(instant, timezone.utc).isoformat()


def filters() -> dict[str, dict[str, Any]]:
    """Filters that both have under the same name."""
    found: dict[str, dict[str, Any]] = {
        "none": {},
        "ids": {"workflow_ids": ["waiting", "done", "nobody", "foreign"]},
        "id prefix": {"workflow_id_prefix": "done"},
        "id prefixes": {"workflow_id_prefix": ["done", "fork-"]},
        "id prefix with wildcards": {"workflow_id_prefix": "wild%_"},
        "id prefix in capitals": {"workflow_id_prefix": "DONE"},
        "name in capitals": {"name": "ORDER"},
        "name with wildcards": {"name": "1%"},
        "status": {"status": "ENQUEUED"},
        "statuses": {"status": ["ERROR", "CANCELLED", "PENDING"]},
        "name": {"name": "family"},
        "names": {"name": ["family", "ship"]},
        "version": {"app_version": "v2"},
        "versions": {"app_version": ["v1", "v2"]},
        "user": {"user": "ada"},
        "users": {"user": ["ada", "bob"]},
        "queue": {"queue_name": "other"},
        "queues": {"queue_name": ["other", "q"]},
        "executor": {"executor_id": "executor-1"},
        "executors": {"executor_id": ["executor-1", "executor-2"]},
        "forked from": {"forked_from": "done"},
        "forked from several": {"forked_from": ["done", "fork"]},
        "parent": {"parent_workflow_id": "parent"},
        "parents": {"parent_workflow_id": ["parent", "child"]},
        "application": {"application_name": "another"},
        "applications": {"application_name": ["another", "app"]},
        "start": {"start_time": at(8)},
        "end": {"end_time": at(8)},
        "start, on another clock": {"start_time": "2023-11-15T00:13:28+02:00"},
        "start, in parts of a second": {"start_time": at(8, 1)},
        "completed after": {"completed_after": at(3, 3)},
        "completed before": {"completed_before": at(3, 3)},
        "dequeued after": {"dequeued_after": at(8, 2)},
        "dequeued before": {"dequeued_before": at(8, 2)},
        "a fork": {"is_fork": True},
        "no fork": {"is_fork": False},
        "with a parent": {"has_parent": True},
        "without a parent": {"has_parent": False},
        "limit": {"limit": 3},
        "offset": {"offset": 3},
        "limit and offset": {"limit": 2, "offset": 3},
        "newest first": {"sort_desc": True, "limit": 4},
        "without input": {"load_input": False},
        "without output": {"load_output": False},
        "several": {"status": ["SUCCESS", "ERROR"], "name": "order", "sort_desc": True},
    }
    return found


def lists() -> Iterator[Case]:
    both = lambda operation, name, options, **case: change(
        operation, name, options, options, **case
    )
    for operation in ("list_workflows", "list_queued_workflows"):
        for name, options in filters().items():
            yield both(operation, name, options)
        yield both(operation, "by a nameless client", {}, application=None)
    more: dict[str, dict[str, Any]] = {
        "forked": {"was_forked_from": True},
        "not forked": {"was_forked_from": False},
        "queues only": {"queues_only": True},
        "queues only, of a status": {"queues_only": True, "status": "SUCCESS"},
        "schedule": {"schedule_name": "daily"},
        "schedules": {"schedule_name": ["daily", "weekly"]},
        "no ids": {"workflow_ids": []},
        "no statuses": {"status": []},
        "no attributes": {"attributes": {}},
        "empty name": {"name": ""},
        "empty id prefix": {"workflow_id_prefix": ""},
        "limit and offset 0": {"limit": 0, "offset": 0},
        "ids of an application": {"workflow_ids": ["done", "foreign"], "application_name": "app"},
    }
    for name, options in more.items():
        yield both("list_workflows", name, options)
    for name, attributes in {
        "one attribute": {"customer": "ada"},
        "nested attribute": {"nested": {"n": 1}},
        "attributes that nobody has": {"customer": "ada", "nested": {"n": 2}},
    }.items():
        yield both("list_workflows", name, {"attributes": attributes})
    yield both(
        "list_workflows",
        "no instant",
        {"start_time": "yesterday"},
        refused=("ValueError", "invalid_instant"),
    )
    for workflow_id in ("done", "failed", "waiting", "nobody"):
        yield both("list_workflow_steps", workflow_id, {"workflow_id": workflow_id})
    steps = {"workflow_id": "done"}
    yield both("list_workflow_steps", "limit, offset", {**steps, "limit": 2, "offset": 1})
    yield both("list_workflow_steps", "without output", {**steps, "load_output": False})


def looks() -> Iterator[Case]:
    for workflow_id in ("done", "failed", "delayed", "cancelled", "native", "foreign", "nobody"):
        yield Case(
            f"get_workflow: {workflow_id}",
            lambda client, target=workflow_id: client.retrieve_workflow(target).get_status(),
            "get_workflow",
            {"workflow_id": workflow_id},
        )
    failures = {
        "failed": ("PortableWorkflowError", "workflow_failed"),
        "cancelled": ("DBOSAwaitedWorkflowCancelledError", "awaited_workflow_cancelled"),
        "dead": (
            "DBOSAwaitedWorkflowMaxRecoveryAttemptsExceeded",
            "max_recovery_attempts_exceeded",
        ),
    }
    for workflow_id in ("done", "silent", "unclaimed", *failures):
        yield Case(
            f"get_result: {workflow_id}",
            lambda client, target=workflow_id: client.retrieve_workflow(target).get_result(
                polling_interval_sec=POLL
            ),
            "get_result",
            {"workflow_id": workflow_id},
            refused=failures.get(workflow_id),
        )
    for workflow_id, key in [
        ("done", "progress"), ("done", "late"), ("running", "progress"), ("running", "never"),
        ("nobody", "progress"),
    ]:
        yield Case(
            f"get_event: {key} of {workflow_id}",
            lambda client, target=workflow_id, key=key: client.get_event(target, key, 0),
            "get_event",
            {"workflow_id": workflow_id, "key": key, "timeout_ms": 0},
        )
    for workflow_id, key, offset in [
        ("done", "log", 0), ("done", "log", 1), ("done", "log", 2), ("done", "log", 9),
        ("done", "open", 0), ("silent", "unclosed", 0), ("silent", "never", 0),
        ("cancelled", "log", 0),
    ]:
        yield Case(
            f"read_stream: {key} of {workflow_id} from {offset}",
            lambda client, target=workflow_id, key=key, offset=offset: client.read_stream(
                target, key, offset=offset, polling_interval_sec=POLL
            ),
            "read_stream",
            {"workflow_id": workflow_id, "key": key, "offset": offset},
        )
    for offset in (0, 1):
        yield Case(
            f"read_stream: one value, number {offset}",
            lambda client, offset=offset: client.read_stream_offset("running", "log", offset),
            "read_stream",
            {"workflow_id": "running", "key": "log", "offset": offset, "limit": 1},
            pick=lambda reply: reply["values"][0],
        )
    yield Case(
        "read_stream: of nobody",
        lambda client: list(client.read_stream("nobody", "log", polling_interval_sec=POLL)),
        "read_stream",
        {"workflow_id": "nobody", "key": "log"},
        refused=("DBOSNonExistentWorkflowError", "non_existent_workflow"),
    )
    first = lambda ids: lambda client: client.wait_first(
        [client.retrieve_workflow(each) for each in ids], polling_interval_sec=POLL
    )
    for ids in (["running", "failed"], ["cancelled", "waiting"], ["delayed", "dead"]):
        yield Case(f"wait_first: {ids}", first(ids), "wait_first", {"workflow_ids": ids})
    for ids, kind in (([], "missing_key"), (["done", "done"], "repeated_value")):
        yield Case(
            f"wait_first: {ids}", first(ids), "wait_first", {"workflow_ids": ids},
            refused=("ValueError", kind),
        )


CASES = [*enqueues(), *messages(), *changes(), *forks(), *lists(), *looks()]
