"""Forks and rewinds."""

from typing import Any, Iterator

from .case import Case


def fork(
    name: str, workflow_id: str, start_step: int, theirs: dict[str, Any], ours: dict[str, Any],
    **case: Any,
) -> Case:
    call = lambda client: client.fork_workflow(workflow_id, start_step, **theirs)
    request = {"workflow_id": workflow_id, "start_step": start_step, **ours}
    return Case(f"fork_workflow: {name}", call, "fork_workflow", request, **case)


def rewind(
    name: str, workflow_id: str, start_step: int, theirs: dict[str, Any], ours: dict[str, Any],
    **case: Any,
) -> Case:
    call = lambda client: client.rewind_workflow(workflow_id, start_step=start_step, **theirs)
    request = {"workflow_id": workflow_id, "start_step": start_step, **ours}
    return Case(f"rewind_workflow: {name}", call, "rewind_workflow", request, **case)


def forks() -> Iterator[Case]:
    nobody = ("DBOSNonExistentWorkflowError", "non_existent_workflow")
    for start_step in (0, 1, 2, 3, 5, 6, 7, 100):
        yield fork(f"from step {start_step}", "done", start_step, {}, {})
    for source in ("failed", "running", "waiting", "delayed", "cancelled", "unclaimed", "foreign",
                   "wild%_card", "child", "native"):
        yield fork(f"of {source}", source, 2, {}, {})
    yield fork("by a nameless client", "unclaimed", 1, {}, {}, application=None)
    yield fork("version", "done", 3, {"application_version": "v9"}, {"app_version": "v9"})
    queue = {"queue_name": "other"}
    yield fork("queue", "done", 3, queue, queue)
    partition = {"queue_name": "other", "queue_partition_key": "p"}
    yield fork("partition", "done", 3, partition, partition)
    yield fork("timeout", "done", 3, {"timeout_seconds": 1.5}, {"workflow_timeout_ms": 1500})
    children = {"replacement_children": {"done-child": "another-child", "stranger": "x"}}
    yield fork("replaced children", "done", 4, children, children)
    yield fork("of nobody", "nobody", 1, {}, {}, refused=nobody)
    chain = {"replacement_children": {"done-child": "x", "x": "y"}}
    yield fork("children replaced by ids that are replaced", "done", 4, chain, chain)
    for seconds in (0, -1):
        yield fork(
            f"timeout of {seconds} s", "done", 1, {"timeout_seconds": seconds},
            {"workflow_timeout_ms": seconds * 1000}, refused=("Exception", "out_of_range"),
        )

    for start_step in (1, 2, 3, 5, 6, 7):
        yield rewind(f"to step {start_step}", "done", start_step, {}, {})
    for source in ("failed", "cancelled", "dead", "unclaimed"):
        yield rewind(f"of {source}", source, 1, {}, {})
    yield rewind("version", "done", 3, {"application_version": "v9"}, {"app_version": "v9"})
    yield rewind("queue", "done", 3, queue, queue)
    yield rewind("partition", "done", 3, partition, partition)
    yield rewind("of nobody", "nobody", 1, {}, {}, refused=nobody)
    for active in ("running", "waiting", "delayed"):
        yield rewind(
            f"of {active}", active, 1, {}, {}, refused=("DBOSException", "workflow_not_over")
        )
    yield rewind("to step 0", "done", 0, {}, {})
    yield rewind("to step -1", "done", -1, {}, {}, refused=("ValueError", "out_of_range"))
