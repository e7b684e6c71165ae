"""What a real workflow writes and is sent can be read: streams, events, messages."""

import pytest

from dbosc_ffi import DboscError, Status

VALUES = [{"text": "é漢😀", "list": [1, None]}, "", 0, [], "__DBOS_STREAM_OPEN__"]


@pytest.fixture
def read(caller):
    """Reads the stream `log` of a workflow: waits for values for as long as it takes."""

    def read_stream(workflow_id, **options):
        request = {"workflow_id": workflow_id, "key": "log", "timeout_ms": 60_000, **options}
        return caller.call("read_stream", **request)

    return read_stream


@pytest.fixture
def read_to_the_end(read):
    """Reads on until nothing will follow, and returns all values."""

    def read_all(workflow_id, **options):
        values, offset = [], 0
        while True:
            reply = read(workflow_id, offset=offset, **options)
            values += reply["values"]
            offset = reply["next_offset"]
            if reply["closed"]:
                return values

    return read_all


@pytest.mark.parametrize("closes", [True, False], ids=["closed", "left open"])
def test_a_stream_is_read_to_its_end(caller, read_to_the_end, closes):
    workflow_id = caller.enqueue("stream", VALUES, closes)
    assert read_to_the_end(workflow_id) == VALUES
    assert caller.result(workflow_id) == len(VALUES)


def test_a_stream_is_read_in_pieces(caller, read, read_to_the_end):
    workflow_id = caller.enqueue("stream", VALUES, True)
    caller.result(workflow_id)
    piece = read(workflow_id, offset=1, limit=2)
    assert piece == {"values": VALUES[1:3], "next_offset": 3, "closed": False}
    assert read(workflow_id, offset=3) == {"values": VALUES[3:], "next_offset": 5, "closed": True}
    assert read(workflow_id, offset=5) == {"values": [], "next_offset": 5, "closed": True}
    assert read_to_the_end(workflow_id, limit=1) == VALUES


def test_a_stream_is_read_while_it_is_written(caller, read):
    workflow_id = caller.enqueue("relay")
    for i, value in enumerate(VALUES):
        caller.send(workflow_id, value, topic="value")
        reply = read(workflow_id, offset=i)
        assert reply == {"values": [value], "next_offset": i + 1, "closed": False}
    caller.send(workflow_id, None, topic="value")
    end = {"values": [], "next_offset": len(VALUES), "closed": True}
    assert read(workflow_id, offset=len(VALUES)) == end
    assert caller.status(workflow_id) == "PENDING"
    caller.release(workflow_id)


def test_a_stream_that_nobody_writes_ends_with_its_workflow(caller, read):
    workflow_id = caller.start_block()
    reply = read(workflow_id, timeout_ms=0)
    assert reply == {"values": [], "next_offset": 0, "closed": False}
    caller.release(workflow_id)
    assert read(workflow_id) == {"values": [], "next_offset": 0, "closed": True}


def test_a_stream_of_nobody_is_refused(read):
    with pytest.raises(DboscError) as refused:
        read("nobody")
    assert (refused.value.status, refused.value.kind) == (
        Status.NOT_FOUND,
        "non_existent_workflow",
    )


@pytest.mark.parametrize("closes", [True, False], ids=["closed", "left open"])
def test_the_streams_of_a_workflow_are_listed(caller, closes):
    workflow_id = caller.enqueue("stream", VALUES, closes)
    caller.result(workflow_id)
    reply = caller.call("list_streams", workflow_id=workflow_id)
    assert reply["streams"] == [{"key": "log", "values": VALUES, "closed": closes}]


def test_the_events_of_a_workflow_are_listed(caller):
    workflow_id = caller.enqueue("events", 3)
    caller.result(workflow_id)
    reply = caller.call("list_events", workflow_id=workflow_id)
    event = {"key": "progress", "value": 3, "serialization": "portable_json"}
    assert reply["events"] == [event]


def test_the_messages_of_a_workflow_are_listed(caller):
    workflow_id = caller.start_block()
    caller.send(workflow_id, VALUES, topic="another")
    caller.send(workflow_id, "untitled")
    caller.release(workflow_id, "released")
    messages = caller.call("list_messages", workflow_id=workflow_id)["messages"]
    # Messages of the same millisecond have no order.
    told = {each["topic"]: (each["message"], each["consumed"]) for each in messages}
    assert told == {
        "another": (VALUES, False),
        None: ("untitled", False),
        "go": ("released", True),
    }
