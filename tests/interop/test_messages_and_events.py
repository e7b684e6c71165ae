"""Messages of ours reach the workflows of a real worker, and their events reach us."""

from uuid import uuid4

import pytest

from dbosc_ffi import DboscError, Status

MESSAGE = {"text": "é漢😀", "list": [1, None, {"a": 1.5}]}


@pytest.mark.parametrize("message", [MESSAGE, "", 0, [], None], ids=repr)
def test_a_message_is_received_as_it_was_sent(caller, message):
    workflow_id = caller.enqueue("receive", "topic é")
    caller.send(workflow_id, message, topic="topic é")
    assert caller.result(workflow_id) == message


def test_a_message_without_a_topic_is_received_by_who_asks_for_none(caller):
    workflow_id = caller.enqueue("receive", None)
    caller.send(workflow_id, "other", topic="other")
    caller.send(workflow_id, MESSAGE)
    assert caller.result(workflow_id) == MESSAGE


def test_a_message_waits_for_the_workflow_to_start(caller):
    workflow_id = caller.enqueue("receive", "early", delay_ms=200)
    caller.send(workflow_id, MESSAGE, topic="early")
    assert caller.result(workflow_id) == MESSAGE


def test_messages_are_received_in_the_order_they_were_sent(caller):
    workflow_id = caller.enqueue("receive", "t", delay_ms=300)
    for message in ("first", "second"):
        caller.send(workflow_id, message, topic="t")
    assert caller.result(workflow_id) == "first"


def test_a_message_with_an_idempotency_key_is_sent_once(caller):
    workflow_id = caller.enqueue("receive", "t", delay_ms=200)
    key = f"key-{uuid4()}"
    for message in ("first", "second"):
        caller.send(workflow_id, message, topic="t", idempotency_key=key)
    assert caller.result(workflow_id) == "first"


def test_many_messages_go_to_many_workflows_at_once(caller):
    ids = [caller.enqueue("receive", "t") for _ in range(3)]
    messages = [
        {"destination_id": workflow_id, "message": i, "topic": "t"}
        for i, workflow_id in enumerate(ids)
    ]
    caller.call("send_many", messages=messages)
    assert [caller.result(workflow_id) for workflow_id in ids] == [0, 1, 2]


def test_a_message_to_nobody_is_refused(caller):
    with pytest.raises(DboscError) as refused:
        caller.send(f"nobody-{uuid4()}", "hello")
    assert (refused.value.status, refused.value.kind) == (
        Status.NOT_FOUND,
        "non_existent_workflow",
    )


def test_the_last_value_of_an_event_is_read(caller):
    workflow_id = caller.enqueue("events", 3)
    caller.result(workflow_id)
    reply = caller.call("get_event", workflow_id=workflow_id, key="progress")
    assert reply == {"found": True, "value": 3}


def test_an_event_is_waited_for(caller):
    workflow_id = caller.enqueue("events", 1, delay_ms=200)
    reply = caller.call("get_event", workflow_id=workflow_id, key="progress", timeout_ms=60_000)
    assert reply == {"found": True, "value": 1}


def test_an_event_that_never_comes_is_not_found(caller):
    workflow_id = caller.enqueue("echo", 1)
    reply = caller.call("get_event", workflow_id=workflow_id, key="never", timeout_ms=50)
    assert reply["found"] is False
