"""Debounces: new ones, those of workflows that wait, keys that are held."""

from typing import Any, Iterator, Optional

from dbos import DebouncerClient

from .case import PORTABLE, Case
from .enqueue import REQUIRED


def debounce(
    name: str,
    key: str,
    their_options: Optional[dict[str, Any]] = None,
    timeout_seconds: Optional[float] = None,
    period_seconds: float = 1800,
    **case: Any,
) -> Case:
    options = {**REQUIRED, "serialization_type": PORTABLE, **(their_options or {})}
    request = {
        **REQUIRED,
        **(their_options or {}),
        "args": [1, "two"],
        "debounce_key": key,
        "debounce_period_ms": int(period_seconds * 1000),
        "debounce_timeout_ms": int((timeout_seconds or 0) * 1000),
    }
    call = lambda client: DebouncerClient(
        client, options, debounce_timeout_sec=timeout_seconds
    ).debounce(key, period_seconds, 1, "two")
    return Case(f"debounce: {name}", call, "debounce", request, **case)


def debounces() -> Iterator[Case]:
    yield debounce("new", "k")
    yield debounce("new with a limit", "k", timeout_seconds=7200)
    yield debounce("new with a limit below its period", "k", timeout_seconds=600)
    yield debounce("new with options", "k", {
        "workflow_id": "given", "app_version": "v1",
        "authenticated_user": "ada", "authenticated_roles": ["a"], "attributes": {"a": 1},
    })
    yield debounce("new by nobody", "k", application=None)
    yield debounce("id of a workflow that is over", "k", {"workflow_id": "done"})
    yield debounce("waiting", "waits")
    yield debounce("waiting, with another id", "waits", {"workflow_id": "given"})
    yield debounce("waiting with a limit", "limited", timeout_seconds=7200)
    yield debounce("waiting, of nobody", "unclaimed")
    yield debounce("waiting, for another application", "foreign", {"application_name": "another"})
    yield debounce("waiting, by nobody", "foreign", application=None)
    held = ("DBOSQueueDeduplicatedError", "queue_deduplicated")
    yield debounce("waiting, of another application", "foreign", refused=held)
    yield debounce("held by no debounce", "held", refused=held)
    for key, value, our_value in [
        ("deduplication_id", "d", "d"), ("priority", 1, 1), ("queue_partition_key", "p", "p"),
        ("duplication_policy", "return-existing", "return_existing"),
        ("workflow_id_reuse_policy", "reject", "reject"),
    ]:
        case = debounce(f"with {key}", "k", {key: value}, refused=("DBOSException", "conflicting_keys"))
        case.request[key] = our_value
        yield case
