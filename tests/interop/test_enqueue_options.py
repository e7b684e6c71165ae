"""A real worker takes what we enqueue, with each option of `enqueue`."""

import sqlite3
import time
from datetime import datetime, timezone
from typing import Any, Optional
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from dbosc_ffi import DboscError, Status
from programs import eventually

# Values that every SDK's numbers hold.
ANYTHING = {
    "text": "é漢😀 \u2028 \"quoted\" back\\slash\ttab",
    "numbers": [0, -1, 1.5, 2**53 - 1],
    "nested": {"empty": {}, "list": [[], [None]], "": "empty key"},
    "true": True,
    "null": None,
}


def stored_inputs(url: str, workflow_id: str) -> tuple[Optional[str], Optional[str]]:
    """The workflow's input where older workers look for it, and where newer ones write it."""
    query = (
        "SELECT s.inputs, i.inputs FROM {schema}workflow_status s"
        " LEFT JOIN {schema}workflow_input i ON i.workflow_uuid = s.workflow_uuid"
        " WHERE s.workflow_uuid = {place}"
    )
    if urlsplit(url).scheme == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            return connection.execute(query.format(schema="", place="?"), [workflow_id]).fetchone()
        finally:
            connection.close()
    with psycopg.connect(url) as connection:
        query = query.format(schema="dbos.", place="%s")
        return connection.execute(query, [workflow_id]).fetchone()


def as_text(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat()


def test_positional_arguments_arrive_in_order(caller):
    assert caller.run("add", 2, 40) == 42


@pytest.mark.parametrize("value", [ANYTHING, [], {}, "", 0, False, None], ids=repr)
def test_a_payload_comes_back_as_it_went(caller, value):
    assert caller.run("echo", value) == value


def test_keyword_arguments_arrive_by_name(caller):
    if not caller.system.sdk.takes_kwargs:
        pytest.skip("this SDK has no keyword arguments")
    assert caller.run("kwargs_echo", kwargs={"a": 1, "b": ANYTHING}) == {"a": 1, "b": ANYTHING}


@pytest.mark.parametrize("columns", ["status", "split", "both"])
def test_the_worker_reads_the_input_from_wherever_it_is_put(caller_factory, columns):
    caller = caller_factory(payload_columns=columns)
    workflow_id = caller.enqueue("echo", ANYTHING)
    assert caller.result(workflow_id) == ANYTHING
    status, split = stored_inputs(caller.system.url, workflow_id)
    assert (status is not None, split is not None) == {
        "status": (True, False),
        "split": (False, True),
        "both": (True, True),
    }[columns]


def test_the_workflow_id_is_ours_to_choose(caller):
    workflow_id = f"chosen-{uuid4()}"
    reply = caller.enqueue_reply("whoami", workflow_id=workflow_id)
    assert reply == {"workflow_id": workflow_id, "outcome": "created"}
    assert caller.result(workflow_id)["workflow_id"] == workflow_id


def test_a_used_workflow_id_stands_for_the_first_enqueue(caller):
    workflow_id = caller.enqueue("echo", "first")
    reply = caller.enqueue_reply("echo", "second", workflow_id=workflow_id)
    assert reply == {"workflow_id": workflow_id, "outcome": "existing"}
    assert caller.result(workflow_id) == "first"


def test_a_used_workflow_id_is_refused_on_request(caller):
    workflow_id = caller.enqueue("echo", "first")
    with pytest.raises(DboscError) as refused:
        caller.enqueue(
            "echo", "second", workflow_id=workflow_id, workflow_id_reuse_policy="reject"
        )
    assert (refused.value.status, refused.value.kind) == (Status.CONFLICT, "workflow_id_in_use")
    assert caller.result(workflow_id) == "first"


@pytest.mark.parametrize("instance_key", ["config_name", "instance_name"])
def test_a_method_is_found_by_class_and_instance(caller, instance_key):
    options = {"class_name": "Box", instance_key: "box1"}
    assert caller.run("describe", "here", **options) == "box1: here"


def test_only_a_worker_of_the_version_takes_the_workflow(caller):
    other = caller.enqueue("echo", 1, app_version="another version")
    assert caller.run("echo", 2) == 2
    assert caller.status(other) == "ENQUEUED"


def test_without_a_version_the_latest_worker_takes_the_workflow(caller):
    assert caller.run("echo", 1, app_version=None) == 1


def test_only_a_worker_of_the_application_takes_the_workflow(caller):
    other = caller.enqueue("echo", 1, application_name="another-application")
    assert caller.run("echo", 2, application_name=caller.system.application) == 2
    assert caller.status(other) == "ENQUEUED"


def test_a_workflow_of_no_application_is_taken_by_any(caller_factory):
    caller = caller_factory(application_name=None)
    assert caller.run("echo", 1) == 1


def test_a_workflow_past_its_timeout_is_cancelled(caller):
    workflow_id = caller.enqueue("block", workflow_timeout_ms=300)
    with pytest.raises(DboscError) as cancelled:
        caller.result(workflow_id)
    assert cancelled.value.status == Status.WORKFLOW_CANCELLED
    workflow = caller.workflow(workflow_id)
    assert workflow["status"] == "CANCELLED"
    assert workflow["workflow_timeout_ms"] == 300
    assert workflow["deadline_at_ms"] > workflow["created_at_ms"]


@pytest.mark.parametrize("spelling", [int, as_text], ids=["milliseconds", "text"])
def test_a_workflow_past_its_deadline_is_cancelled(caller, spelling):
    deadline = int(time.time() * 1000) + 500
    workflow_id = caller.enqueue("block", deadline=spelling(deadline))
    with pytest.raises(DboscError) as cancelled:
        caller.result(workflow_id)
    assert cancelled.value.status == Status.WORKFLOW_CANCELLED
    assert caller.workflow(workflow_id)["deadline_at_ms"] == deadline


def test_a_delayed_workflow_runs_when_its_time_has_come(caller):
    workflow_id = caller.enqueue("echo", 1, delay_ms=200)
    assert caller.result(workflow_id) == 1
    assert caller.workflow(workflow_id)["delay_until_ms"] is not None


def test_a_delayed_workflow_does_not_run_before_its_time(caller):
    workflow_id = caller.enqueue("echo", 1, delay_ms=3_600_000)
    assert caller.run("echo", 2) == 2
    assert caller.status(workflow_id) == "DELAYED"


def test_a_deduplication_id_has_one_holder_until_it_ends(caller):
    key = f"key-{uuid4()}"
    holder = caller.start_block(deduplication_id=key)
    with pytest.raises(DboscError) as refused:
        caller.enqueue("echo", 1, deduplication_id=key)
    assert (refused.value.status, refused.value.kind) == (Status.CONFLICT, "queue_deduplicated")
    assert refused.value.details["workflow_id"] == holder

    reply = caller.enqueue_reply(
        "echo", 1, deduplication_id=key, duplication_policy="return_existing"
    )
    assert reply == {"workflow_id": holder, "outcome": "existing"}

    caller.release(holder)
    assert caller.run("echo", 2, deduplication_id=key) == 2


def test_no_priority_goes_first_then_the_lower_number(caller):
    running = caller.start_block(queue_name="serial")
    waiting = {
        priority: caller.enqueue("block", queue_name="serial", priority=priority)
        for priority in [30, None, 10, 20]
    }
    for priority in [None, 10, 20, 30]:
        caller.release(running)
        running = waiting.pop(priority)
        caller.wait_for_status(running, "PENDING")
        assert {caller.status(each) for each in waiting.values()} <= {"ENQUEUED"}
    caller.release(running)


@pytest.mark.parametrize("priority", [None, 5])
def test_among_equals_the_first_enqueued_runs_first(caller, priority):
    running = caller.start_block(queue_name="serial")
    waiting = []
    for _ in range(3):
        waiting.append(caller.enqueue("block", queue_name="serial", priority=priority))
        created = caller.workflow(waiting[-1])["created_at_ms"]
        eventually(lambda: time.time() * 1000 > created + 1, what="another millisecond")
    while waiting:
        caller.release(running)
        running = waiting.pop(0)
        caller.wait_for_status(running, "PENDING")
        assert {caller.status(each) for each in waiting} <= {"ENQUEUED"}
    caller.release(running)


def test_partitions_of_a_queue_do_not_wait_for_each_other(caller):
    partition = f"busy-{uuid4()}"
    running = caller.start_block(queue_name="pq", queue_partition_key=partition)
    same = caller.enqueue("echo", 1, queue_name="pq", queue_partition_key=partition)
    assert caller.run("echo", 2, queue_name="pq", queue_partition_key=f"free-{uuid4()}") == 2
    assert caller.status(same) == "ENQUEUED"
    caller.release(running)
    assert caller.result(same) == 1


IDENTITY = {
    "authenticated_user": "ada",
    "authenticated_roles": ["reader", "writer \"quoted\" é"],
    "assumed_role": "reader",
}


def test_the_workflow_sees_the_user_and_the_roles(caller):
    workflow_id = caller.enqueue("whoami", **IDENTITY)
    expected = {key: IDENTITY[key] for key in caller.system.sdk.sees}
    assert caller.result(workflow_id) == {"workflow_id": workflow_id, **expected}


def test_the_official_client_sees_what_the_row_says(caller):
    attributes = {"tenant": "acme", "nested": {"tags": ["a", "b"]}, "n": 1}
    workflow_id = caller.enqueue("echo", 1, attributes=attributes, priority=7, **IDENTITY)
    assert caller.result(workflow_id) == 1
    seen = caller.system.official.ask("status", id=workflow_id)
    assert {**seen, "partition": seen.get("partition") or None} == {
        "status": "SUCCESS",
        "name": "echo",
        "user": "ada",
        "roles": IDENTITY["authenticated_roles"],
        "attributes": attributes,
        "application": caller.system.application,
        "version": caller.system.version,
        "priority": 7,
        "partition": None,
    }


def test_the_official_client_sees_nothing_where_nothing_was_said(caller):
    workflow_id = caller.enqueue("echo", 1)
    assert caller.result(workflow_id) == 1
    seen = caller.system.official.ask("status", id=workflow_id)
    for key in ("user", "roles", "attributes", "partition"):
        assert not seen.get(key), key


def test_a_trace_context_travels_in_the_attributes(caller):
    context = {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate": "vendor=value",
    }
    workflow_id = caller.enqueue("echo", 1, attributes={"a": 1}, **context)
    assert caller.result(workflow_id) == 1
    seen = caller.system.official.ask("status", id=workflow_id)
    assert seen["attributes"] == {"a": 1, "dbos.otelContext": context}


def test_all_options_go_together(caller):
    options: dict[str, Any] = {
        "workflow_id": f"all-{uuid4()}",
        "workflow_id_reuse_policy": "reject",
        "class_name": "Box",
        "config_name": "box1",
        "workflow_timeout_ms": 60_000,
        "delay_ms": 1,
        "deduplication_id": f"key-{uuid4()}",
        "duplication_policy": "reject",
        "priority": 5,
        "attributes": {"a": 1},
        "application_name": caller.system.application,
        "serialization": "portable_json",
        "max_recovery_attempts": 10,
        **IDENTITY,
    }
    assert caller.run("describe", "all", **options) == "box1: all"


def test_a_partition_key_and_a_deduplication_id_are_not_taken_together(caller):
    with pytest.raises(DboscError) as refused:
        caller.enqueue(
            "echo", 1, queue_name="pq", queue_partition_key="a", deduplication_id=f"key-{uuid4()}"
        )
    assert refused.value.status == Status.INVALID_ARGUMENT


def test_many_workflows_of_one_client_all_run(caller):
    ids = [caller.enqueue("echo", i) for i in range(50)]
    assert [caller.result(workflow_id) for workflow_id in ids] == list(range(50))
    eventually(lambda: {caller.status(each) for each in ids} == {"SUCCESS"}, what="all succeeded")
