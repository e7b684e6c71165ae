"""Queues that we register, change and pause, real workers heed; each side reads the other's."""

from uuid import uuid4

import pytest

from caller import Caller
from dbosc_ffi import DboscError
from programs import ProgramError, eventually

POLL_MS = 100
HOUR_MS = 3_600_000
# As many turns as a worker may need until it has seen a change.
ROUNDS = 60

LIMITS = {
    "global_concurrency": 9,
    "worker_concurrency": 7,
    "rate_limit": {"limit": 5, "period_ms": 1500},
    "partition_concurrency": 6,
    "partition_worker_concurrency": 4,
    "partition_rate_limit": {"limit": 3, "period_ms": 250},
    "polling_interval_ms": 120,
}
NO_LIMITS = {**dict.fromkeys(LIMITS), "polling_interval_ms": 1000}


@pytest.fixture
def register(caller):
    """Registers queues that workers look at often; returns their names. They are gone in the end."""
    names = []

    def register(**limits):
        name = f"ours-{uuid4()}"
        names.append(name)
        settings = {"polling_interval_ms": POLL_MS, **limits}
        assert caller.call("register_queue", name=name, **settings)["outcome"] == "created"
        return name

    yield register
    for name in names:
        caller.call("delete_queue", name=name)


@pytest.fixture
def let_the_worker_look(caller: Caller, register):
    """Returns once the worker has read the registry since the call: it serves a new queue."""

    def look():
        assert caller.run("echo", "seen", queue_name=register()) == "seen"

    return look


def settings(queue):
    return queue and {key: queue[key] for key in ("name", "application_name", *LIMITS)}


def waits(caller, workflow_id):
    return caller.status(workflow_id) == "ENQUEUED"


# --- Limits that real workers heed -----------------------------------------------------------------


def on(queue, limits):
    """Options that enqueue on the queue: into one partition, where its limits make it partitioned."""
    partitioned = any(key.startswith("partition") for key in limits)
    return {"queue_name": queue, "queue_partition_key": "p" if partitioned else None}


@pytest.mark.parametrize(
    "limit",
    [
        "global_concurrency",
        "worker_concurrency",
        "partition_concurrency",
        "partition_worker_concurrency",
    ],
)
def test_a_worker_runs_one_at_a_time_where_the_concurrency_is_one(caller, register, limit):
    place = on(register(**{limit: 1}), [limit])
    ids = [caller.enqueue("block", **place) for _ in range(4)]
    for each in ids:
        caller.send(each, "released", topic="go")
    for each in ids:
        assert caller.result(each) == "released"
    runs = sorted(
        (run["dequeued_at_ms"], run["completed_at_ms"]) for run in map(caller.workflow, ids)
    )
    for (_, over), (start, _) in zip(runs, runs[1:]):
        assert over <= start


@pytest.mark.parametrize("limit", ["rate_limit", "partition_rate_limit"])
def test_a_rate_limit_holds_until_it_is_changed(caller, register, let_the_worker_look, limit):
    queue = register(**{limit: {"limit": 1, "period_ms": HOUR_MS}})
    first, second = (caller.enqueue("echo", i, **on(queue, [limit])) for i in range(2))
    done = eventually(lambda: [each for each in (first, second) if not waits(caller, each)])
    let_the_worker_look()
    assert len(done) == 1
    rest = second if done == [first] else first
    assert waits(caller, rest)
    caller.call("update_queue", name=queue, **{limit: {"limit": 2, "period_ms": HOUR_MS}})
    assert caller.result(rest) in (0, 1)


def test_a_lower_priority_goes_first(caller, register):
    place = {"queue_name": register(global_concurrency=1)}
    running = caller.start_block(**place)
    late, early = (caller.enqueue("block", priority=each, **place) for each in (9, 3))
    caller.release(running)
    caller.wait_for_status(early, "PENDING")
    assert waits(caller, late)
    for each in (early, late):
        caller.release(each)


def test_partitions_have_limits_of_their_own(caller, register, let_the_worker_look):
    queue = register(partition_concurrency=1)
    enqueue = lambda key: caller.enqueue("block", queue_name=queue, queue_partition_key=key)
    a, b = enqueue("a"), enqueue("b")
    for each in (a, b):
        caller.wait_for_status(each, "PENDING")
    second = enqueue("a")
    let_the_worker_look()
    assert waits(caller, second)
    for each in (a, b, second):
        caller.release(each)


def test_a_deleted_queue_is_served_again_when_it_is_registered_again(caller, register):
    queue = register()
    caller.run("echo", 1, queue_name=queue)
    assert caller.call("delete_queue", name=queue) == {"deleted": True}
    waiting = caller.enqueue("echo", 2, queue_name=queue)
    caller.call("register_queue", name=queue, polling_interval_ms=POLL_MS)
    assert caller.result(waiting) == 2


# --- Pause -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"rate_limit": {"limit": 50, "period_ms": 1000}, "worker_concurrency": 10},
        {"global_concurrency": 10},
        {"partition_concurrency": 1},
        {"partition_worker_concurrency": 2, "partition_rate_limit": {"limit": 9, "period_ms": 10}},
    ],
    ids=["no limits", "rate limit", "global", "partitions in one sweep", "partitions one by one"],
)
def test_a_worker_takes_nothing_from_a_paused_queue_until_it_is_resumed(
    caller, register, let_the_worker_look, limits
):
    queue = register(**limits)
    on_queue = on(queue, limits)
    assert caller.run("echo", 1, **on_queue) == 1
    before = caller.call("get_queue", name=queue)["queue"]

    assert caller.call("pause_queue", name=queue)["outcome"] == "paused"
    # The worker may take some until it has seen the pause.
    for _ in range(ROUNDS):
        waiting = caller.enqueue("echo", 2, **on_queue)
        let_the_worker_look()
        if waits(caller, waiting):
            break
    let_the_worker_look()
    assert waits(caller, waiting)
    stats = caller.call("queue_stats", name=queue)["queues"][0]
    assert (stats["waiting"], stats["paused"]) == (1, True)

    resumed = caller.call("resume_queue", name=queue)
    assert resumed["outcome"] == "resumed"
    assert caller.result(waiting) == 2
    assert settings(resumed["queue"]) == settings(before)
    assert caller.run("echo", 3, **on_queue) == 3


def test_what_runs_when_a_queue_is_paused_goes_on(caller, register):
    queue = register()
    running = caller.start_block(queue_name=queue)
    caller.call("pause_queue", name=queue)
    assert caller.release(running) == "released"
    caller.call("resume_queue", name=queue)


def test_their_client_can_read_a_paused_queue(caller, register):
    queue = register(rate_limit={"limit": 5, "period_ms": 1500}, worker_concurrency=2)
    caller.call("pause_queue", name=queue)
    theirs = caller.system.official.ask("queue", queue=queue)
    assert theirs["worker_concurrency"] == 2
    assert theirs["rate_limit"]["limit"] <= 0
    assert queue in caller.system.official.ask("queues", application=caller.system.application)
    caller.call("resume_queue", name=queue)
    theirs = caller.system.official.ask("queue", queue=queue)
    assert theirs["rate_limit"] == {"limit": 5, "period_ms": 1500}


def test_a_pause_ends_when_their_client_registers_the_queue_anew(caller, register):
    queue = register()
    caller.call("pause_queue", name=queue)
    caller.system.official.ask("register_queue", queue=queue, polling_interval_ms=POLL_MS)
    assert not caller.call("get_queue", name=queue)["queue"]["paused"]
    assert caller.run("echo", 1, queue_name=queue) == 1


# --- The same queue on both sides ------------------------------------------------------------------


@pytest.mark.parametrize("limits", [{}, LIMITS], ids=["no limits", "all limits"])
def test_each_side_reads_the_others_queue(caller_factory, limits):
    caller = caller_factory(application_name="owner")
    official = caller.system.official
    ours, theirs = f"ours-{uuid4()}", f"theirs-{uuid4()}"
    caller.call("register_queue", name=ours, **limits)
    official.ask("register_queue", queue=theirs, application="owner", **limits)
    expected = {**NO_LIMITS, **limits, "application_name": "owner"}
    for name in (ours, theirs):
        assert settings(caller.call("get_queue", name=name)["queue"]) == {**expected, "name": name}
        assert official.ask("queue", queue=name) == {**expected, "name": name}
    listed = [queue["name"] for queue in caller.call("list_queues")["queues"]]
    assert {ours, theirs} <= set(listed)
    assert official.ask("queues", application="owner") == listed
    for name in (ours, theirs):
        assert caller.call("delete_queue", name=name) == {"deleted": True}
        assert official.ask("queue", queue=name) is None


def test_neither_side_takes_a_queue_from_another_application(caller_factory):
    caller = caller_factory(application_name="owner")
    official = caller.system.official
    ours, theirs = f"ours-{uuid4()}", f"theirs-{uuid4()}"
    caller.call("register_queue", name=ours)
    official.ask("register_queue", queue=theirs, application="another")
    with pytest.raises(DboscError) as refused:
        caller.call("register_queue", name=theirs)
    assert refused.value.kind == "name_owned_by_another_application"
    with pytest.raises(ProgramError, match="owner"):
        official.ask("register_queue", queue=ours, application="another")
    for name in (ours, theirs):
        caller.call("delete_queue", name=name)
