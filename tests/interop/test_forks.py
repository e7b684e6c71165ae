"""A real worker goes on with what we fork, rewind and resume: it runs no step again that it need not.

The workflow `steps` returns for each step the number of its execution, which only grows: a result that is as it
was has been replayed, a greater one has been run again.
"""

from uuid import uuid4

import pytest

from dbosc_ffi import DboscError, Status
from programs import eventually


def fork(caller, workflow_id, start_step, **options):
    reply = caller.call(
        "fork_workflow",
        **{"workflow_id": workflow_id, "start_step": start_step, "queue_name": "q", **options},
    )
    return reply["workflow_id"], reply["start_step"]


def assert_run_again_from(first, before, after):
    """The steps before that one were replayed, all others run."""
    assert after[:first] == before[:first]
    assert len(after) == len(before)
    assert all(number > max(before) for number in after[first:]), (before, after)


@pytest.fixture
def done(caller):
    """A workflow of four steps that is over, and its result."""
    workflow_id = caller.enqueue("steps", ["a", "b", "again", "again"])
    return workflow_id, caller.result(workflow_id)


@pytest.mark.parametrize("first", [0, 1, 3, 4])
def test_a_fork_runs_from_a_step_on(caller, done, first):
    workflow_id, before = done
    start_step = caller.system.sdk.first_step + first
    forked, reported = fork(caller, workflow_id, start_step)
    assert reported == start_step
    assert_run_again_from(first, before, caller.result(forked))
    assert caller.workflow(forked)["forked_from"] == workflow_id
    assert caller.workflow(workflow_id)["was_forked_from"] is True
    assert caller.result(workflow_id) == before


@pytest.mark.parametrize("step, first", [("last_step", 3), ("b", 1), ("again", 3)])
def test_a_fork_runs_from_a_named_step_on(caller, done, step, first):
    workflow_id, before = done
    forked, reported = fork(caller, workflow_id, step)
    assert reported == caller.system.sdk.first_step + first
    assert_run_again_from(first, before, caller.result(forked))


def test_a_fork_from_the_last_failure_may_succeed(caller):
    fails = f"fails once {uuid4()}"
    workflow_id = caller.enqueue("steps", ["a", fails, "c"])
    with pytest.raises(DboscError) as failed:
        caller.result(workflow_id)
    assert failed.value.status == Status.WORKFLOW_FAILED
    forked, reported = fork(caller, workflow_id, "last_failure")
    assert reported == caller.system.sdk.first_step + 1
    assert len(caller.result(forked)) == 3
    steps = caller.call("list_workflow_steps", workflow_id=forked)["steps"]
    assert [step["function_name"] for step in steps] == ["a", fails, "c"]
    assert caller.status(workflow_id) == "ERROR"


def test_a_fork_on_no_queue_runs_on_the_workers_own(caller, done):
    workflow_id, before = done
    reply = caller.call("fork_workflow", workflow_id=workflow_id, start_step="last_step")
    assert_run_again_from(3, before, caller.result(reply["workflow_id"]))


def test_several_forks_are_made_at_once(caller, done):
    workflow_id, before = done
    names = [f"fork-{uuid4()}" for _ in range(2)]
    forks = [
        {"workflow_id": workflow_id, "start_step": step, "new_workflow_id": name, "queue_name": "q"}
        for step, name in zip(("b", "last_step"), names)
    ]
    reply = caller.call("fork_workflows", forks=forks)
    assert [each["workflow_id"] for each in reply["forks"]] == names
    for first, name in zip((1, 3), names):
        assert_run_again_from(first, before, caller.result(name))


def test_what_a_filter_finds_is_forked(caller):
    prefix = f"forked-{uuid4()}-"
    fails = f"fails once {uuid4()}"
    failed = caller.enqueue("steps", ["a", fails], workflow_id=f"{prefix}failed")
    with pytest.raises(DboscError):
        caller.result(failed)
    caller.result(caller.enqueue("steps", ["a"], workflow_id=f"{prefix}done"))
    mine = {"workflow_id_prefix": prefix, "status": "ERROR"}
    request = {"filter": mine, "start_step": "last_failure", "queue_name": "q"}
    step = caller.system.sdk.first_step + 1
    dry = caller.call("fork_workflows", dry_run=True, **request)["forks"]
    assert dry == [{"forked_from": failed, "workflow_id": None, "start_step": step}]
    (made,) = caller.call("fork_workflows", **request)["forks"]
    assert (made["forked_from"], made["start_step"]) == (failed, step)
    assert len(caller.result(made["workflow_id"])) == 2


def test_a_fork_takes_another_child_for_one_that_is_over(caller):
    workflow_id = caller.enqueue("family", 1)
    child = f"{workflow_id}-child-0"
    caller.wait_for_status(child, "PENDING")
    caller.release(child, "first")
    assert caller.result(workflow_id) == ["first"]

    other = caller.start_block()
    caller.release(other, "second")
    forked, _ = fork(caller, workflow_id, "DBOS.getResult", replacement_children={child: other})
    assert caller.result(forked) == ["second"]


def test_a_message_reaches_the_forks_too(caller):
    workflow_id = caller.enqueue("steps", ["a", "wait"])
    caller.wait_for_status(workflow_id, "PENDING")
    forked, _ = fork(caller, workflow_id, caller.system.sdk.first_step)
    reply = caller.send(workflow_id, "all", topic="go", send_to_forks=True)
    assert reply["recipients"] == [workflow_id, forked]
    assert caller.result(workflow_id)[1] == caller.result(forked)[1] == "all"


@pytest.mark.parametrize("first", [0, 2])
def test_a_rewound_workflow_runs_from_a_step_on(caller, done, first):
    workflow_id, before = done
    reply = caller.call(
        "rewind_workflow",
        workflow_id=workflow_id,
        start_step=caller.system.sdk.first_step + first,
        queue_name="q",
    )
    assert reply["workflow_id"] == workflow_id
    assert_run_again_from(first, before, caller.result(workflow_id))


def test_a_rewound_workflow_receives_its_messages_again(caller):
    workflow_id = caller.enqueue("steps", ["a", "wait", "c"])
    caller.send(workflow_id, "once sent", topic="go")
    before = caller.result(workflow_id)
    caller.call("rewind_workflow", workflow_id=workflow_id, start_step="DBOS.recv", queue_name="q")
    caller.send(workflow_id, "sent again", topic="go")
    after = caller.result(workflow_id)
    assert (after[0], after[1]) == (before[0], "sent again")
    assert after[2] > before[2]


def test_a_resumed_workflow_goes_on_after_its_last_step(caller):
    workflow_id = caller.enqueue("steps", ["a", "b", "wait", "c"])
    steps = lambda: caller.call("list_workflow_steps", workflow_id=workflow_id)["steps"]
    caller.wait_for_status(workflow_id, "PENDING")
    eventually(lambda: len(steps()) >= 2, what="two steps")
    before = [(step["function_name"], step["completed_at_ms"]) for step in steps()[:2]]
    caller.call("cancel_workflows", workflow_ids=[workflow_id])
    caller.call("resume_workflows", workflow_ids=[workflow_id], queue_name="q")
    caller.send(workflow_id, "go on", topic="go")
    result = caller.result(workflow_id)
    assert result[0] < result[1] < result[3] and result[2] == "go on"
    assert [(step["function_name"], step["completed_at_ms"]) for step in steps()[:2]] == before
