"""Schedules of ours in the hands of real schedulers and the SDKs' own clients."""

from uuid import uuid4

import pytest

from programs import eventually

CONTEXTS = {
    "nothing": None,
    "yes": True,
    "small": -3,
    "large": 2**40,
    "fraction": 1.5,
    "text": 'é "quoted" \n ☃',
    "list": [1, [2, []], {}],
    "object": {"a": {"b": None}, "": "empty"},
}

TYPE_OF_TIME = {"python": "datetime", "typescript": "Date", "go": "Time"}
EVERY_SECOND = "* * * * * *"
NEVER_SOON = "0 0 0 1 1 *"


@pytest.fixture
def name(caller):
    """The name of a schedule that is gone in the end."""
    name = f"schedule-{uuid4().hex}"
    yield name
    caller.call("delete_schedule", schedule_name=name)


def create(caller, name, schedule=NEVER_SOON, **options):
    request = {"language": caller.system.sdk.name, "workflow_name": "scheduled", **options}
    given = {key: value for key, value in request.items() if value is not None}
    return caller.call("create_schedule", schedule_name=name, schedule=schedule, **given)


def runs(caller, name, **filters):
    reply = caller.call("list_workflows", schedule_name=name, **filters)
    return {workflow["workflow_id"]: workflow for workflow in reply["workflows"]}


def finished(caller, name):
    return runs(caller, name, status="SUCCESS")


def backfill(caller, name, start, end):
    reply = caller.call("backfill_schedule", schedule_name=name, start=start, end=end)
    return [(run["workflow_id"], run["outcome"]) for run in reply["outcomes"]]


def test_a_context_of_ours_is_what_the_official_client_reads(caller, name):
    create(caller, name)
    for context in [*CONTEXTS.values(), CONTEXTS]:
        # A scalar's text may be Go's or Java's.
        sdk = caller.system.sdk.name
        caller.call("update_schedule", schedule_name=name, context=context, language=sdk)
        assert caller.system.official.ask("schedules")[name] == context


def test_python_gets_integers_of_any_size(caller, name):
    if caller.system.sdk.name != "python":
        return
    powers = [2**bits + more for bits in (7, 31, 63, 64, 2047) for more in (-1, 0, 1)]
    numbers = [*powers, *(-power for power in powers)]
    create(caller, name, context=numbers)
    assert caller.system.official.ask("schedules")[name] == numbers


def test_a_scheduler_runs_what_we_create_and_stops_where_we_pause(caller, name):
    sdk = caller.system.sdk.name
    create(caller, name, EVERY_SECOND, context=CONTEXTS["object"])
    eventually(lambda: len(finished(caller, name)) >= 2, what="two firings")
    first = min(finished(caller, name))
    result = caller.system.official.ask("result", id=first)
    assert (result["type"], result["context"]) == (TYPE_OF_TIME[sdk], CONTEXTS["object"])

    # It fires each second unless it is paused: five seconds after the last run it has stopped.
    caller.call("pause_schedule", schedule_name=name)

    def is_quiet():
        newest = max(run["created_at_ms"] for run in runs(caller, name).values())
        now = caller.call("preview_schedule", schedule_name=name, count=1)["firings_at_ms"][0]
        return now - newest > 5000

    eventually(is_quiet, what="five seconds without a firing")
    paused = runs(caller, name)

    # What the scheduler has fired is not fired again.
    window = [run["created_at_ms"] for run in paused.values()]
    made = backfill(caller, name, min(window) - 15_000, max(window) + 1)
    assert {run for run, outcome in made if outcome == "existing"} == set(paused)

    before = len(finished(caller, name))
    caller.call("update_schedule", schedule_name=name, context="changed")
    caller.call("resume_schedule", schedule_name=name)

    def latest_context():
        done = finished(caller, name)
        newest = max(done, key=lambda run: done[run]["created_at_ms"])
        return len(done) > before and caller.system.official.ask("result", id=newest)["context"]

    eventually(lambda: latest_context() == "changed", what="a run with the new context")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe"])
def test_a_backfill_and_the_official_one_make_the_same_runs(caller, name, zone):
    create(caller, name, "0 */30 * * * *", context=1, cron_timezone=zone)
    ask = caller.system.official.ask
    # Both sides of the ends of summer time.
    for start, end in [(1730608200000, 1730622600000), (1712415600000, 1712430000000)]:
        middle = (start + end) // 2
        ours = backfill(caller, name, start, middle)
        assert {outcome for _, outcome in ours} == {"created"}
        count = len(runs(caller, name))
        assert ask("backfill", name=name, start=start, end=middle) == [run for run, _ in ours]
        assert len(runs(caller, name)) == count
        theirs = ask("backfill", name=name, start=middle, end=end)
        assert backfill(caller, name, middle, end) == [(run, "existing") for run in theirs]


def test_runs_of_ours_get_what_those_of_the_sdk_get(caller, name):
    ask = caller.system.official.ask
    create(caller, name, "0 */30 * * * *", context=CONTEXTS, cron_timezone="Australia/Lord_Howe")
    for start in (1712415600000, 1712417400000, 1712419200000):
        # The same time from both: ours first, then theirs under a name of its own.
        (run, _), *_ = backfill(caller, name, start, start + 3_600_000)
        ours = ask("result", id=run)
        assert (ours["type"], ours["context"]) == (
            TYPE_OF_TIME[caller.system.sdk.name],
            CONTEXTS,
        )
        assert run == f"sched-{name}-{ours['at']}"
    triggered = caller.call("trigger_schedule", schedule_name=name)["workflow_id"]
    ours, theirs = (ask("result", id=run) for run in (triggered, ask("trigger", name=name)))
    assert (ours["type"], ours["context"]) == (theirs["type"], theirs["context"])
    assert triggered == f"sched-{name}-trigger-{ours['at']}"


def test_the_language_is_told_from_schedules_of_the_official_client(caller, name):
    official = f"{name}-official"
    caller.system.official.ask(
        "create_schedule",
        name=official,
        workflow="scheduled",
        schedule=NEVER_SOON,
        context=CONTEXTS,
        application=caller.system.application,
    )
    create(caller, name, language=None, context=CONTEXTS)
    contexts = caller.system.official.ask("schedules")
    assert contexts[name] == contexts[official] == CONTEXTS
    # A run of theirs, by us.
    run = caller.call("trigger_schedule", schedule_name=official)["workflow_id"]
    assert caller.system.official.ask("result", id=run)["context"] == CONTEXTS
    caller.call("delete_schedule", schedule_name=official)
