"""What a real worker makes of a workflow comes back: results, failures, cancellation, steps."""

import pytest

from dbosc_ffi import DboscError, Status


def failure_of(caller, workflow_id: str) -> DboscError:
    with pytest.raises(DboscError) as failed:
        caller.result(workflow_id)
    return failed.value


def test_an_ordinary_error_comes_back_with_name_and_message(caller):
    workflow_id = caller.enqueue("fail", "it broke: é \"quoted\"")
    error = failure_of(caller, workflow_id)
    assert (error.status, error.details["workflow_id"]) == (Status.WORKFLOW_FAILED, workflow_id)
    told = error.details["workflow_error"]
    assert told["name"] == caller.system.sdk.ordinary_error
    assert told["message"] == "it broke: é \"quoted\""
    assert told["serialization"] == "portable_json"
    assert caller.status(workflow_id) == "ERROR"


@pytest.mark.parametrize("code", [42, "E42"])
def test_a_portable_error_comes_back_whole(caller, code):
    data = {"field": "amount", "limits": [1, 2]}
    error = failure_of(caller, caller.enqueue("fail_portable", "Refused", "too much", code, data))
    assert error.status == Status.WORKFLOW_FAILED
    told = error.details["workflow_error"]
    assert told["name"] == caller.system.sdk.portable_error
    assert (told["message"], told["code"], told["data"]) == ("too much", code, data)


def test_a_failure_is_remembered(caller):
    workflow_id = caller.enqueue("fail", "once")
    first, second = failure_of(caller, workflow_id), failure_of(caller, workflow_id)
    assert first.details == second.details


def test_waiting_ends_with_the_time_we_gave_it(caller):
    workflow_id = caller.start_block()
    with pytest.raises(DboscError) as late:
        caller.call("get_result", workflow_id=workflow_id, timeout_ms=50)
    assert late.value.status == Status.TIMEOUT
    assert caller.release(workflow_id) == "released"


def test_a_cancelled_workflow_gives_no_result_until_it_is_resumed(caller):
    workflow_id = caller.start_block()
    reply = caller.call("cancel_workflows", workflow_ids=[workflow_id])
    assert reply["outcomes"] == [{"workflow_id": workflow_id, "outcome": "cancelled"}]
    error = failure_of(caller, workflow_id)
    assert (error.status, error.kind) == (
        Status.WORKFLOW_CANCELLED,
        "awaited_workflow_cancelled",
    )
    assert caller.status(workflow_id) == "CANCELLED"

    reply = caller.call("resume_workflows", workflow_ids=[workflow_id], queue_name="q")
    assert reply["outcomes"] == [{"workflow_id": workflow_id, "outcome": "resumed"}]
    caller.wait_for_status(workflow_id, "PENDING")
    assert caller.release(workflow_id, "after all") == "after all"


def test_a_workflow_resumed_onto_no_queue_runs_on_the_workers_own(caller):
    workflow_id = caller.enqueue("echo", 1, delay_ms=3_600_000)
    caller.call("cancel_workflows", workflow_ids=[workflow_id])
    caller.call("resume_workflows", workflow_ids=[workflow_id])
    assert caller.result(workflow_id) == 1


def test_a_workflow_cancelled_in_the_queue_never_runs(caller):
    running = caller.start_block(queue_name="serial")
    waiting = caller.enqueue("echo", 1, queue_name="serial")
    caller.call("cancel_workflows", workflow_ids=[waiting])
    caller.release(running)
    assert caller.run("echo", 2, queue_name="serial") == 2
    workflow = caller.workflow(waiting)
    assert (workflow["status"], workflow["dequeued_at_ms"]) == ("CANCELLED", None)


def test_a_finished_workflow_is_neither_cancelled_nor_resumed(caller):
    workflow_id = caller.enqueue("echo", 1)
    caller.result(workflow_id)
    for operation in ("cancel_workflows", "resume_workflows"):
        reply = caller.call(operation, workflow_ids=[workflow_id])
        assert reply["outcomes"] == [{"workflow_id": workflow_id, "outcome": "unchanged"}]
    assert caller.status(workflow_id) == "SUCCESS"


def test_a_finished_workflow_tells_what_happened_to_it(caller):
    workflow_id = caller.enqueue("add", 1, 2, attributes={"a": 1}, priority=3)
    caller.result(workflow_id)
    workflow = caller.workflow(workflow_id)
    told = {
        "workflow_id": workflow_id,
        "status": "SUCCESS",
        "queue_name": "q",
        "input": {"args": [1, 2], "kwargs": {}},
        "output": 3,
        "attributes": {"a": 1},
        "priority": 3,
        "application_name": caller.system.application,
    }
    assert {key: workflow[key] for key in told} == told
    times = [workflow[f"{what}_at_ms"] for what in ("created", "dequeued", "completed")]
    assert all(times)


def test_input_and_output_are_left_out_on_request(caller):
    workflow_id = caller.enqueue("echo", "large")
    caller.result(workflow_id)
    workflow = caller.workflow(workflow_id, load_input=False, load_output=False)
    assert "large" not in str(workflow)


def test_the_steps_are_listed_in_order(caller):
    workflow_id = caller.enqueue("events", 3)
    caller.result(workflow_id)
    steps = caller.call("list_workflow_steps", workflow_id=workflow_id)["steps"]
    first = caller.system.sdk.first_step
    assert [step["function_id"] for step in steps] == [first, first + 1, first + 2]
    assert {step["function_name"] for step in steps} == {"DBOS.setEvent"}
