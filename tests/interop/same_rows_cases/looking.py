"""Listings, and what a client reads or waits for."""

from datetime import datetime, timezone
from typing import Any, Iterator

from same_rows_world import LONG_AGO

from .case import Case, change

POLL = 0.01


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
        "no applications": {"application_name": []},
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
