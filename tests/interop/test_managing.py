"""What we change about workflows, real workers heed; what they end, we wait for."""

from uuid import uuid4

import pytest

HOUR_MS = 3_600_000


@pytest.fixture
def outcomes(caller):
    """Calls an operation that changes workflows, and returns what became of each."""

    def change(operation, **request):
        reply = caller.call(operation, **request)
        return {each["workflow_id"]: each["outcome"] for each in reply["outcomes"]}

    return change


def start_family(caller, count=2):
    """A running parent and its running children."""
    parent = caller.enqueue("family", count)
    children = [f"{parent}-child-{i}" for i in range(count)]
    for each in (parent, *children):
        caller.wait_for_status(each, "PENDING")
    return parent, children


# --- Waiting -----------------------------------------------------------------------------------


def test_the_first_of_several_is_waited_for(caller):
    blocks = [caller.start_block() for _ in range(2)]
    caller.send(blocks[1], "released", topic="go")
    reply = caller.call("wait_first", workflow_ids=blocks, timeout_ms=60_000)
    assert reply == {"workflow_id": blocks[1]}
    caller.release(blocks[0])


def test_all_of_several_are_waited_for(caller):
    ended = [caller.enqueue("echo", 1), caller.enqueue("fail", "it broke"), caller.start_block()]
    caller.call("cancel_workflows", workflow_ids=ended[2:])
    reply = caller.call("wait_all", workflow_ids=ended, timeout_ms=60_000)
    assert reply == {"workflow_ids": ended}
    assert [caller.status(each) for each in ended] == ["SUCCESS", "ERROR", "CANCELLED"]


# --- Waiting in a queue --------------------------------------------------------------------------


def test_the_holder_of_a_deduplication_id_is_found_until_it_ends(caller):
    key = {"queue_name": "q", "deduplication_id": f"key-{uuid4()}"}
    find = lambda: caller.call("find_deduplicated_workflow", **key)["workflow_id"]
    assert find() is None
    holder = caller.start_block(deduplication_id=key["deduplication_id"])
    assert find() == holder
    caller.release(holder)
    assert find() is None


def test_a_delayed_workflow_runs_at_once_when_its_delay_is_taken_back(caller):
    workflow_id = caller.enqueue("echo", 1, delay_ms=HOUR_MS)
    reply = caller.call("set_workflow_delay", workflow_id=workflow_id, delay_ms=0)
    assert reply == {"outcome": "updated"}
    assert caller.result(workflow_id) == 1


def test_a_changed_priority_changes_the_order(caller):
    running = caller.start_block(queue_name="serial")
    first, second = (
        caller.enqueue("block", queue_name="serial", priority=priority) for priority in (5, 10)
    )
    reply = caller.call("set_workflow_priority", workflow_id=second, priority=1)
    assert reply == {"outcome": "updated"}
    caller.release(running)
    caller.wait_for_status(second, "PENDING")
    assert caller.status(first) == "ENQUEUED"
    caller.release(second)
    caller.wait_for_status(first, "PENDING")
    caller.release(first)


def test_a_workflow_runs_when_it_is_moved_to_a_queue_that_is_listened_to(caller, outcomes):
    workflow_id = caller.enqueue("echo", 1, queue_name=f"unheard-{uuid4()}")
    assert caller.run("echo", 2) == 2
    assert caller.status(workflow_id) == "ENQUEUED"
    moved = outcomes("move_workflows", workflow_ids=[workflow_id], queue_name="q")
    assert moved == {workflow_id: "moved"}
    assert caller.result(workflow_id) == 1


# --- Attributes ----------------------------------------------------------------------------------


def test_their_client_reads_the_attributes_that_we_change(caller):
    workflow_id = caller.enqueue("echo", 1, attributes={"a": 1, "b": {"c": 2}})
    caller.result(workflow_id)
    attributes = lambda: caller.system.official.ask("status", id=workflow_id).get("attributes")
    update = lambda **request: caller.call(
        "update_workflow_attributes", workflow_id=workflow_id, **request
    )
    assert update(attributes={"b": ["é"], "d": None}, merge=True) == {"outcome": "updated"}
    assert attributes() == {"a": 1, "b": ["é"], "d": None}
    assert update(attributes={"e": 1.5}) == {"outcome": "updated"}
    assert attributes() == {"e": 1.5}
    assert update(attributes=None) == {"outcome": "updated"}
    assert not attributes()


# --- Children ------------------------------------------------------------------------------------


def test_a_parent_is_cancelled_with_its_children(caller, outcomes):
    parent, children = start_family(caller)
    cancelled = outcomes("cancel_workflows", workflow_ids=[parent], cancel_children=True)
    assert cancelled == dict.fromkeys([parent, *children], "cancelled")
    assert caller.call("wait_all", workflow_ids=[parent, *children], timeout_ms=60_000)
    assert {caller.status(each) for each in (parent, *children)} == {"CANCELLED"}


def test_a_parent_is_deleted_with_its_children(caller, outcomes):
    parent, children = start_family(caller)
    for child in children:
        caller.release(child, "over")
    assert caller.result(parent) == ["over", "over"]
    listed = caller.call("list_workflows", parent_workflow_id=parent)["workflows"]
    assert {each["workflow_id"] for each in listed} == set(children)
    deleted = outcomes("delete_workflows", workflow_ids=[parent], delete_children=True)
    assert deleted == dict.fromkeys([parent, *children], "deleted")
    assert [caller.workflow(each) for each in (parent, *children)] == [None, None, None]


# --- By filter -----------------------------------------------------------------------------------


def test_what_a_filter_finds_is_cancelled_resumed_and_deleted(caller, outcomes):
    prefix = f"filtered-{uuid4()}-"
    ids = [caller.start_block(workflow_id=f"{prefix}{i}") for i in range(2)]
    over = caller.enqueue("echo", 1, workflow_id=f"{prefix}over")
    caller.result(over)
    mine = {"workflow_id_prefix": prefix}
    running = {**mine, "status": "PENDING"}

    expected = dict.fromkeys(ids, "cancelled")
    assert outcomes("cancel_workflows", filter=running, dry_run=True) == expected
    assert {caller.status(each) for each in ids} == {"PENDING"}
    assert outcomes("cancel_workflows", filter=running) == expected
    assert {caller.status(each) for each in ids} == {"CANCELLED"}

    expected = {**dict.fromkeys(ids, "resumed"), over: "unchanged"}
    assert outcomes("resume_workflows", filter=mine, queue_name="q", dry_run=True) == expected
    assert {caller.status(each) for each in ids} == {"CANCELLED"}
    assert outcomes("resume_workflows", filter=mine, queue_name="q") == expected
    for each in ids:
        assert caller.release(each, "after all") == "after all"

    expected = dict.fromkeys([*ids, over], "deleted")
    assert outcomes("delete_workflows", filter=mine, dry_run=True) == expected
    assert caller.result(over) == 1
    assert outcomes("delete_workflows", filter=mine) == expected
    assert caller.call("count_workflows", **mine) == {"count": 0}
