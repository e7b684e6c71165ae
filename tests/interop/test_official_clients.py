"""We read what the SDK's own client wrote, and it reads what we wrote."""

from uuid import uuid4

import pytest

from dbosc_ffi import DboscError, Status

VALUE = {"text": "é漢😀", "list": [1, None, {"a": 1.5}]}


@pytest.fixture
def theirs(caller):
    """Enqueues with the SDK's client for its worker, and returns the id."""

    def enqueue(workflow, *args, **options):
        return caller.system.official.ask(
            "enqueue",
            workflow=workflow,
            args=list(args),
            **{
                "queue": "q",
                "application": caller.system.application,
                "version": caller.system.version,
                **options,
            },
        )

    return enqueue


def test_we_get_the_result_of_what_they_enqueued(caller, theirs):
    assert caller.result(theirs("echo", VALUE)) == VALUE


def test_we_get_the_failure_of_what_they_enqueued(caller, theirs):
    with pytest.raises(DboscError) as failed:
        caller.result(theirs("fail_portable", "Refused", "too much", 42, VALUE))
    assert failed.value.status == Status.WORKFLOW_FAILED
    told = failed.value.details["workflow_error"]
    assert (told["message"], told["code"], told["data"]) == ("too much", 42, VALUE)


def test_we_see_the_workflow_they_enqueued(caller, theirs):
    workflow_id = theirs(
        "add",
        1,
        2,
        id=f"theirs-{uuid4()}",
        user="ada",
        roles=["reader"],
        attributes={"a": {"b": 1}},
        priority=4,
    )
    caller.result(workflow_id)
    workflow = caller.workflow(workflow_id)
    expected = {
        "workflow_id": workflow_id,
        "status": "SUCCESS",
        "queue_name": "q",
        "input": {"args": [1, 2], "kwargs": {}},
        "output": 3,
        "authenticated_user": "ada",
        "authenticated_roles": ["reader"],
        "attributes": {"a": {"b": 1}},
        "priority": 4,
        "application_name": caller.system.application,
    }
    assert {key: workflow[key] for key in expected} == expected


def test_we_find_what_they_enqueued(caller, theirs):
    prefix = f"found-{uuid4()}-"
    ids = [theirs("echo", i, id=f"{prefix}{i}", user=f"user-{i}") for i in range(3)]
    for workflow_id in ids:
        caller.result(workflow_id)

    def found(**filters):
        reply = caller.call("list_workflows", workflow_id_prefix=prefix, **filters)
        return reply["workflows"]

    def found_ids(**filters):
        return {workflow["workflow_id"] for workflow in found(**filters)}

    assert found_ids() == set(ids)
    assert found_ids(user="user-1") == {ids[1]}
    assert found_ids(user=["user-0", "user-2"]) == {ids[0], ids[2]}
    assert found_ids(status="SUCCESS", queue_name="q") == set(ids)
    assert found_ids(status="ERROR") == set()
    assert len(found(limit=2, offset=2)) == 1
    times = [workflow["created_at_ms"] for workflow in found(sort_desc=True)]
    assert times == sorted(times, reverse=True)
    reply = caller.call("count_workflows", workflow_id_prefix=prefix, user=["user-0", "user-2"])
    assert reply["count"] == 2


def test_we_list_what_waits_in_their_queue(caller, theirs):
    workflow_id = theirs("echo", VALUE, version=f"version-{uuid4()}")
    queued = caller.call("list_queued_workflows", workflow_ids=[workflow_id])["workflows"]
    assert [workflow["workflow_id"] for workflow in queued] == [workflow_id]
    assert queued[0]["input"] == {"args": [VALUE], "kwargs": {}}


def test_we_cancel_what_they_enqueued(caller, theirs):
    workflow_id = theirs("block")
    caller.wait_for_status(workflow_id, "PENDING")
    caller.call("cancel_workflows", workflow_ids=[workflow_id])
    assert caller.system.official.ask("status", id=workflow_id)["status"] == "CANCELLED"


def test_our_message_reaches_the_workflow_they_enqueued(caller, theirs):
    workflow_id = theirs("receive", "t")
    caller.send(workflow_id, VALUE, topic="t")
    assert caller.system.official.ask("result", id=workflow_id) == VALUE


def test_their_message_reaches_the_workflow_we_enqueued(caller):
    workflow_id = caller.enqueue("receive", "t")
    caller.system.official.ask("send", id=workflow_id, message=VALUE, topic="t")
    assert caller.result(workflow_id) == VALUE


def test_we_read_an_event_of_the_workflow_they_enqueued(caller, theirs):
    workflow_id = theirs("events", 2)
    caller.result(workflow_id)
    reply = caller.call("get_event", workflow_id=workflow_id, key="progress")
    assert reply == {"found": True, "value": 2}


def test_they_read_result_and_event_of_the_workflow_we_enqueued(caller):
    workflow_id = caller.enqueue("events", 2)
    assert caller.system.official.ask("result", id=workflow_id) == 2
    assert caller.system.official.ask("event", id=workflow_id, key="progress") == 2


def test_a_result_in_their_own_format_comes_back_raw_on_request(caller, theirs):
    workflow_id = theirs("echo", "native", portable=False)
    reply = caller.call("get_result", workflow_id=workflow_id, payloads="raw", timeout_ms=60_000)
    result = reply["result"]
    assert result["serialization"] == caller.system.sdk.native
    assert isinstance(result["$raw"], str) and result["$raw"]
