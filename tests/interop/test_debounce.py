"""Our debounce and the SDK's debouncers share their keys: all calls become one run of the worker."""

from uuid import uuid4

import pytest

from dbosc_ffi import DboscError, Status
from programs import ProgramError

# Longer than any test: what is put off so runs when the test makes it due.
HOUR_MS = 3_600_000


class Debouncer:
    """One key, asked for in turns by our client and by the SDK's."""

    def __init__(self, caller, workflow="echo"):
        self.caller = caller
        self.official = caller.system.official
        self.workflow = workflow
        self.key = uuid4().hex

    def ours(self, *args, period_ms=HOUR_MS, **options):
        return self.caller.call(
            "debounce",
            workflow_name=self.workflow,
            queue_name="q",
            debounce_key=self.key,
            debounce_period_ms=period_ms,
            language=self.caller.system.sdk.name,
            args=list(args),
            **options,
        )

    def theirs(self, *args, period_ms=HOUR_MS, **options):
        return self.official.ask(
            "debounce",
            workflow=self.workflow,
            queue="q",
            key=self.key,
            period_ms=period_ms,
            args=list(args),
            **options,
        )

    def run(self, workflow_id):
        """Makes the workflow due; returns its result, as the SDK's client reads it."""
        reply = self.caller.call("set_workflow_delay", workflow_id=workflow_id, delay_ms=0)
        assert reply["outcome"] == "updated"
        return self.official.ask("result", id=workflow_id)


@pytest.fixture
def debouncer(caller):
    return Debouncer(caller)


@pytest.mark.parametrize("portable", [True, False], ids=["portable", "native"])
def test_their_workflow_is_put_off_by_us_and_runs_with_our_arguments(debouncer, portable):
    workflow_id = debouncer.theirs("theirs", portable=portable)
    reply = debouncer.ours({"last": ["é", None]})
    assert reply == {"workflow_id": workflow_id, "outcome": "extended"}
    assert debouncer.run(workflow_id) == {"last": ["é", None]}


@pytest.mark.parametrize("portable", [True, False], ids=["portable", "native"])
@pytest.mark.parametrize("columns", ["status", "split", "both"])
def test_our_workflow_is_put_off_by_them_and_runs_with_their_arguments(
    caller_factory, portable, columns
):
    debouncer = Debouncer(caller_factory(payload_columns=columns))
    reply = debouncer.ours("ours")
    assert reply["outcome"] == "created"
    assert debouncer.theirs("theirs", portable=portable) == reply["workflow_id"]
    assert debouncer.run(reply["workflow_id"]) == "theirs"


def test_calls_in_turn_are_one_run(caller):
    debouncer = Debouncer(caller, "steps")
    (before,) = caller.run("steps", ["before"])
    ids = {debouncer.ours(["one"])["workflow_id"]}
    ids.add(debouncer.theirs(["two"]))
    ids.add(debouncer.ours(["three"])["workflow_id"])
    ids.add(debouncer.theirs(["four"]))
    ids.add(debouncer.ours(["five"])["workflow_id"])
    assert len(ids) == 1
    assert debouncer.run(*ids) == [before + 1]
    (after,) = caller.run("steps", ["after"])
    assert after == before + 2, "one execution between the two"


def test_the_key_is_free_once_the_workflow_has_started(debouncer):
    first = debouncer.ours(1)["workflow_id"]
    assert debouncer.run(first) == 1
    second = debouncer.ours(2)
    assert second["outcome"] == "created"
    assert debouncer.theirs(3) == second["workflow_id"] != first
    assert debouncer.run(second["workflow_id"]) == 3


def test_the_limit_of_our_first_call_holds_for_their_later_ones(debouncer):
    workflow_id = debouncer.ours(1, debounce_timeout_ms=2 * HOUR_MS)["workflow_id"]
    limit = debouncer.caller.workflow(workflow_id)["debounce_deadline_at_ms"]
    assert debouncer.theirs(2, period_ms=10 * HOUR_MS, timeout_ms=50 * HOUR_MS) == workflow_id
    workflow = debouncer.caller.workflow(workflow_id)
    assert (workflow["delay_until_ms"], workflow["debounce_deadline_at_ms"]) == (limit, limit)


def test_the_limit_of_their_first_call_holds_for_our_later_ones(debouncer):
    workflow_id = debouncer.theirs(1, timeout_ms=2 * HOUR_MS)
    limit = debouncer.caller.workflow(workflow_id)["debounce_deadline_at_ms"]
    reply = debouncer.ours(2, period_ms=10 * HOUR_MS, debounce_timeout_ms=50 * HOUR_MS)
    assert reply == {"workflow_id": workflow_id, "outcome": "extended"}
    workflow = debouncer.caller.workflow(workflow_id)
    assert (workflow["delay_until_ms"], workflow["debounce_deadline_at_ms"]) == (limit, limit)


def test_a_period_that_passes_starts_the_workflow(debouncer):
    workflow_id = debouncer.ours("soon", period_ms=50)["workflow_id"]
    assert debouncer.official.ask("result", id=workflow_id) == "soon"


def test_a_key_that_somebody_else_holds_is_refused_by_both(debouncer):
    workflow_id = debouncer.ours(1)["workflow_id"]
    key = debouncer.caller.workflow(workflow_id)["deduplication_id"]
    debouncer.caller.call("cancel_workflows", workflow_ids=[workflow_id])
    holder = debouncer.caller.enqueue("echo", 1, deduplication_id=key, delay_ms=HOUR_MS)
    with pytest.raises(DboscError) as refused:
        debouncer.ours(2)
    assert (refused.value.status, refused.value.kind) == (Status.CONFLICT, "queue_deduplicated")
    assert refused.value.details["workflow_id"] == holder
    with pytest.raises(ProgramError):
        debouncer.theirs(3)
    assert debouncer.run(holder) == 1
