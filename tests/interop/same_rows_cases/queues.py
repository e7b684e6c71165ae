"""The registry of queues: registering, changing, deleting and listing."""

from typing import Any, Iterator, Optional

from side_by_side import APPLICATION

from .case import Case

LIMITER = {"limit": 3, "period": 0.75}
RATE_LIMIT = {"limit": 3, "period_ms": 750}
CLASH = ("ValueError", "conflicting_limits")
OWNED = ("DBOSException", "name_owned_by_another_application")


def register(
    label: str,
    name: str,
    their_options: Optional[dict[str, Any]] = None,
    our_options: Optional[dict[str, Any]] = None,
    **case: Any,
) -> Case:
    """Options that have the same name and meaning in both are given once."""
    theirs = their_options or {}
    ours = theirs if our_options is None else our_options
    call = lambda client: client.register_queue(name, **theirs)
    return Case(
        f"register_queue: {label}", call, "register_queue", {"name": name, **ours}, **case
    )


def registrations() -> Iterator[Case]:
    yield register("no limits", "new")
    yield register("by a nameless client", "new", application=None)
    yield register("for another application", "new", {"application_name": "another"})
    for key in ("global_concurrency", "worker_concurrency", "partition_concurrency",
                "partition_worker_concurrency"):
        yield register(key, "new", {key: 2})
    yield register("rate limit", "new", {"limiter": LIMITER}, {"rate_limit": RATE_LIMIT})
    yield register("partition rate limit", "new", {"partition_limiter": LIMITER},
                   {"partition_rate_limit": RATE_LIMIT})
    yield register("polling interval", "new", {"polling_interval_sec": 0.1},
                   {"polling_interval_ms": 100})
    yield register("one that is there", "limited", {"worker_concurrency": 2})
    yield register("one that is there, never_update", "limited",
                   {"worker_concurrency": 2, "on_conflict": "never_update"})
    yield register("a partitioned one without limits", "partitioned")
    yield register("an unclaimed one", "free", {"worker_concurrency": 2})
    yield register("an unclaimed one, never_update", "free", {"on_conflict": "never_update"})
    yield register("one with an owner, by a nameless client", "theirs", {"worker_concurrency": 2},
                   application=None)
    yield register("another application's", "theirs", refused=OWNED)
    yield register("another application's, never_update", "theirs",
                   {"on_conflict": "never_update"}, refused=OWNED)
    yield register("update_if_latest_version", "new",
                   {"on_conflict": "update_if_latest_version"},
                   refused=("DBOSException", "unsupported_option"))
    yield register("reserved name", "_dbos_new", refused=("ValueError", "reserved_name"))
    for small, large in (
        ("worker_concurrency", "global_concurrency"),
        ("partition_worker_concurrency", "partition_concurrency"),
        ("partition_worker_concurrency", "worker_concurrency"),
        ("partition_concurrency", "global_concurrency"),
        ("partition_worker_concurrency", "global_concurrency"),
    ):
        yield register(f"{small} above {large}", "new", {small: 3, large: 2}, refused=CLASH)
        yield register(f"{small} equal to {large}", "new", {small: 2, large: 2})
    yield register("worker concurrency 0", "new", {"worker_concurrency": 0})
    yield register("partition concurrency 0", "new", {"partition_concurrency": 0},
                   refused=("ValueError", "out_of_range"))


def queue_changes() -> Iterator[Case]:
    """Each setter of theirs is one key of ours."""
    changes: list[tuple[str, str, Any, str, Any, Any]] = [
        ("limited", "global_concurrency", 9, "global_concurrency", 9, None),
        ("limited", "global_concurrency", None, "global_concurrency", None, None),
        ("limited", "global_concurrency", 2, "global_concurrency", 2, CLASH),
        ("limited", "worker_concurrency", 5, "worker_concurrency", 5, None),
        ("limited", "worker_concurrency", 6, "worker_concurrency", 6, CLASH),
        ("limited", "limiter", LIMITER, "rate_limit", RATE_LIMIT, None),
        ("limited", "limiter", None, "rate_limit", None, None),
        ("limited", "polling_interval_sec", 0.2, "polling_interval_ms", 200, None),
        ("limited", "partition_concurrency", 5, "partition_concurrency", 5, None),
        ("limited", "partition_limiter", LIMITER, "partition_rate_limit", RATE_LIMIT, None),
        ("partitioned", "partition_concurrency", 1, "partition_concurrency", 1, CLASH),
        ("partitioned", "partition_concurrency", None, "partition_concurrency", None, None),
        ("theirs", "worker_concurrency", 1, "worker_concurrency", 1, None),
    ]
    for name, setter, value, key, ours, refused in changes:
        yield Case(
            f"update_queue: {key} of {name}: {ours}",
            lambda client, name=name, setter=setter, value=value: getattr(
                client.retrieve_queue(name), f"set_{setter}"
            )(value),
            "update_queue",
            {"name": name, key: ours},
            refused=refused,
        )
    for name in ("limited", "theirs", "absent"):
        yield Case(
            f"delete_queue: {name}",
            lambda client, name=name: client.delete_queue(name),
            "delete_queue",
            {"name": name},
        )
    for label, options, application in (
        ("own", {}, APPLICATION),
        ("of a nameless client", {}, None),
        ("of another application", {"application_name": "another"}, APPLICATION),
        ("no applications", {"application_name": []}, APPLICATION),
    ):
        yield Case(
            f"list_queues: {label}",
            lambda client, options=options: sorted(
                queue.name for queue in client.list_queues(**options)
            ),
            "list_queues",
            options,
            application=application,
        )
