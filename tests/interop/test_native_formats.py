"""A worker runs what we write in its own format, and we read what it makes of it."""

import pytest

from test_outcomes import failure_of

VALUES = [{"a <&>": [1, "é\u2028\u2029", None, 2.5, {}]}, "text", 0, -1.5, True, [], None]


@pytest.fixture
def native(caller) -> str:
    if caller.system.sdk.native != "DBOS_JSON":
        pytest.skip("only Go's own format is looked at here")
    return caller.system.sdk.native


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_in_its_own_format_comes_back(caller, native, value):
    workflow_id = caller.enqueue("echo", value, serialization=native)
    assert caller.result(workflow_id) == value
    workflow = caller.workflow(workflow_id)
    assert workflow["serialization"] == native
    assert (workflow["input"]["args"], workflow["output"]) == ([value], value)


def test_auto_is_its_own_format_once_it_has_run_such_a_workflow(caller, caller_factory, native):
    caller.run("echo", 1, serialization=native)
    automatic = caller_factory(serialization="auto")
    workflow_id = automatic.enqueue("echo", VALUES[0])
    assert automatic.result(workflow_id) == VALUES[0]
    assert automatic.workflow(workflow_id)["serialization"] == native


def test_its_own_errors_come_back(caller, native):
    told = failure_of(
        caller, caller.enqueue("fail", "it broke", serialization=native)
    ).details["workflow_error"]
    assert (told["message"], told["serialization"]) == ("it broke", native)
    # An error of the SDK itself is a gob.
    told = failure_of(
        caller, caller.enqueue("fail", {"no": "text"}, serialization=native)
    ).details["workflow_error"]
    assert (told["name"], told["code"]) == ("WorkflowExecution", 10)
