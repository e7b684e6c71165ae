"""The same call through the official Python client and through ours leaves the same rows.

The calls are listed in same_rows_cases, the rows they find in same_rows_world.py; what is compared, and which
columns hold clocks, in side_by_side.py. What differs on purpose stands here, with the reason; a difference that
is gone fails, too, so that this table stays true.

To compare with a newer SDK: install it where the tests' Python environment is and run this file again, e.g.

    build/venv/interop/bin/pip install --upgrade dbos
    scripts/test interop                # or, in its environment: pytest tests/interop/test_same_rows.py
"""

import shutil
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Iterator, Optional

import pytest

from databases import copied_database
from dbosc_ffi import DboscError
from replies import OUR_REPLY, their_reply
from same_rows_cases import CASES, Case
from same_rows_world import world
from side_by_side import UUID, SideBySide, normal, normal_rows

# --- What differs on purpose ---------------------------------------------------------------------


class Anything:
    """Equals all."""

    def __eq__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "anything"


ANY: Any = Anything()


@dataclass(frozen=True)
class Difference:
    """In the cases that the pattern names, the values at a path: error, reply… or rows.TABLE.NUMBER.COLUMN."""

    cases: str
    path: str
    theirs: Any
    ours: Any
    reason: str
    backend: str = "*"

    def explains(self, case: Case, backend: str, at: "Apart") -> bool:
        return (
            fnmatchcase(case.name, self.cases)
            and fnmatchcase(backend, self.backend)
            and fnmatchcase(at.path, self.path)
            and self.theirs == at.theirs
            and self.ours == at.ours
        )


def we_refuse(cases: str, kind: str, reason: str, backend: str = "*") -> Difference:
    """The Python client accepts the call, we do not."""
    return Difference(cases, "error", None, kind, reason, backend)


DIFFERENCES = [
    Difference(
        "enqueue: *", "rows.workflow_status.*.attributes", "null", None,
        "without attributes they store JSON null, all other SDKs and we SQL NULL",
    ),
    Difference(
        "update_workflow_attributes: clear, *", "rows.workflow_status.*.attributes", "null", None,
        "they clear to JSON null, all other SDKs and we to SQL NULL",
    ),
    Difference(
        "update_workflow_attributes: merge, *", "rows.workflow_status.*.attributes", ANY, ANY,
        "they lose a key with a quotation mark in it", backend="sqlite",
    ),
    Difference(
        "cancel_workflows: all states", "rows.workflow_status.*.*ed_at", "<now>", ANY,
        "they write the end of a cancelled workflow anew, we leave it",
    ),
    Difference(
        "fork_workflow: *", "rows.workflow_status.*.creator_xid", None, "<uuid>",
        "our retry after a lost commit recognizes the fork that it made",
    ),
    Difference(
        "fork_workflow: *", "rows.workflow_status.*.attributes", "null", None,
        "they copy no attributes as JSON null, we as they are",
    ),
    Difference(
        "rewind_workflow: to step 0", "error", "ValueError", None,
        "other SDKs count steps from 0",
    ),
    Difference(
        "resume_workflows: one is unknown", "error", "DBOSNonExistentWorkflowError", None,
        "we say so of the one, and resume the others",
    ),
    Difference(
        "get_workflow: nobody", "error", "DBOSNonExistentWorkflowError", None,
        "we answer null",
    ),
    Difference(
        "send_many: one key, two destinations", "error", "DBOSException", None,
        "a key counts for each destination alone, as in two calls of send",
    ),
    Difference(
        "*", "reply.*input*", ANY, ANY,
        "we do not guess the format of a row that has none: it comes out raw",
    ),
    Difference(
        "list_workflows: *attribute*", "error", "DBOSException", "unsupported_filter",
        "neither can on SQLite", backend="sqlite",
    ),
    Difference(
        "list_workflows: id prefix in capitals", "reply*", ANY, ANY,
        "on SQLite their prefix matches ASCII letters of either case, ours as on Postgres",
        backend="sqlite",
    ),
    Difference(
        "register_queue: *", "rows.queues.*.queue_id", ANY, "<uuid>",
        "on SQLite they take the table's default, which Go's tables do not have",
        backend="sqlite",
    ),
    we_refuse("register_queue: worker concurrency 0", "out_of_range", "as most SDKs do"),
    Difference(
        "debounce: new*", "rows.workflow_status.*.creator_xid", None, "<uuid>",
        "our retry after a lost commit recognizes the workflow that it made",
    ),
    Difference(
        "debounce: new*", "rows.workflow_status.*.attributes", "null", None,
        "without attributes they store JSON null, all other SDKs and we SQL NULL",
    ),
    Difference(
        "*_schedule*: *", "rows.workflow_schedules.*.cron_timezone", None, "UTC",
        "without a zone they store none, which not all SDKs take for UTC; we store UTC",
    ),
    Difference(
        "create_schedule: empty class", "rows.workflow_schedules.*.workflow_class_name", "", None,
        "only TypeScript writes no class as an empty one",
    ),
    Difference(
        "trigger_schedule: *", "rows.workflow_status.*.creator_xid", None, "<uuid>",
        "our retry after a lost commit recognizes the run that it made",
    ),
    Difference(
        "backfill_schedule: *", "rows.workflow_status.*.creator_xid", None, "<uuid>",
        "our retry after a lost commit recognizes the runs that it made",
    ),
    Difference(
        "*_schedule: *", "rows.workflow_status.*.attributes", "null", None,
        "without attributes they store JSON null, all other SDKs and we SQL NULL",
    ),
    Difference(
        "list_schedules: prefix with wildcards", "reply*", ANY, ANY,
        "their prefix of a schedule takes % and _ for any text, that of a workflow as they are, as ours",
    ),
    Difference(
        "list_schedules: no statuses", "reply*", ANY, ANY,
        "no value is no filter with us; with them so for workflows, but no schedule matches",
    ),
    Difference(
        "list_schedules: no workflows", "reply*", ANY, ANY,
        "no value is no filter with us; with them so for workflows, but no schedule matches",
    ),
    Difference(
        "*_schedule*: *", "reply*", "", None,
        "an empty zone, queue or class says no more than none, and is null with us",
    ),
    Difference(
        "*_schedule: *", "rows.workflow_status.*.class_name", "", None,
        "their worker fails a run of an empty class, which it does not know",
    ),
    Difference(
        "list_schedules: prefix in capitals", "reply*", ANY, ANY,
        "on SQLite their prefix matches ASCII letters of either case, ours as on Postgres",
        backend="sqlite",
    ),
    we_refuse(
        "create_schedule: by a nameless client", "missing_key",
        "every application would run a schedule that nobody owns",
    ),
    we_refuse(
        "apply_schedules: by a nameless client", "missing_key",
        "every application would run a schedule that nobody owns",
    ),
    we_refuse(
        "create_schedule: for an application without rows", "missing_key",
        "nothing tells which SDK's scheduler is to read it",
    ),
    we_refuse(
        "create_schedule: cron of a day that never comes", "invalid_cron",
        "their scheduler fails on it",
    ),
    we_refuse("create_schedule: empty queue", "empty_value", "they take it for none"),
    we_refuse("apply_schedules: the same twice", "repeated_value", "it can only be a mistake"),
    we_refuse(
        "*_schedule: another application's", "name_owned_by_another_application",
        "only its own application, or a client of none, may change a schedule",
    ),
    we_refuse("backfill_schedule: *window*", "out_of_range", "it can only be a mistake"),
    we_refuse("backfill_schedule: to before it starts", "out_of_range", "it can only be a mistake"),
    we_refuse(
        "set_latest_application_version: never registered", "version_not_found",
        "they change nothing and do not say so",
    ),
    we_refuse("send_many: none", "missing_key", "nothing to do is a mistake of the caller"),
    we_refuse("enqueue: empty queue", "empty_value", "no worker would ever take it"),
    we_refuse("enqueue: empty deduplication id", "empty_value", "as most SDKs do"),
    we_refuse("enqueue: deduplication id and partition", "conflicting_keys", "as most SDKs do"),
    we_refuse("enqueue: negative *", "out_of_range", "it can only be a mistake"),
    we_refuse("enqueue: attributes that are no object", "wrong_type", "workers expect an object"),
]


# --- Both databases --------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SideBySide]:
    """Both clients, each on a database of its own."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            folder = tmp_path_factory.mktemp("same-rows")
            template = request.getfixturevalue("migrated_sqlite_template")
            copies = [shutil.copy(template, folder / name) for name in ("theirs", "ours")]
            urls = [f"sqlite:///{path}" for path in copies]
        else:
            admin = request.getfixturevalue("postgres_url")
            template = request.getfixturevalue("migrated_template")
            urls = [stack.enter_context(copied_database(admin, template)) for _ in range(2)]
        with closing(SideBySide(request.param, *urls, world())) as sides:
            yield sides


# --- The comparison --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    reply: Any
    # The class or kind of the error.
    error: Optional[str]
    rows: dict[str, list[dict[str, Any]]]


def their_outcome(both: SideBySide, case: Case) -> Outcome:
    both.their_database.fill(case.without)
    client, _ = both.clients(case.application)
    reply = error = None
    try:
        reply = their_reply(case.theirs(client))
    except Exception as raised:
        error = type(raised).__name__
    return outcome(case, reply, error, both.their_database.rows())


def our_outcome(both: SideBySide, case: Case) -> Outcome:
    both.our_database.fill(case.without)
    _, client = both.clients(case.application)
    reply = error = None
    try:
        reply = client.call(case.operation, case.request)
        pick = case.pick or OUR_REPLY.get(case.operation)
        reply = pick(reply) if pick else None
    except DboscError as raised:
        error = raised.kind
    return outcome(case, reply, error, both.our_database.rows())


def outcome(case: Case, reply: Any, error: Optional[str], rows: Any) -> Outcome:
    new_id = reply if isinstance(reply, str) and UUID.search(reply) else None
    if case.operation not in OUR_REPLY:
        reply = None
    return Outcome(normal("", reply, new_id), error, normal_rows(rows, new_id))


MISSING = "<missing>"


@dataclass(frozen=True)
class Apart:
    path: str
    theirs: Any
    ours: Any

    def __str__(self) -> str:
        return f"{self.path}: theirs {self.theirs!r}, ours {self.ours!r}"


def flat(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict) and value:
        entries = value.items()
    elif isinstance(value, list) and value:
        entries = enumerate(value)
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for key, each in entries:
        found.update(flat(each, f"{path}.{key}"))
    return found


def whole(outcome: Outcome) -> dict[str, Any]:
    return {**flat(outcome.reply, "reply"), **flat(outcome.rows, "rows")}


def compare(case: Case, theirs: Outcome, ours: Outcome) -> list[Apart]:
    """Where the outcomes differ; an error is the same if the case says so."""
    expected = case.refused or (None, None)
    if (theirs.error, ours.error) != expected:
        apart = Apart("error", theirs.error, ours.error)
        return [apart]
    left, right = whole(theirs), whole(ours)
    pairs = [(path, left.get(path, MISSING), right.get(path, MISSING)) for path in left | right]
    return [Apart(path, a, b) for path, a, b in pairs if a != b]


def explained(case: Case, both: SideBySide, apart: Apart) -> bool:
    found = [each for each in DIFFERENCES if each.explains(case, both.backend, apart)]
    met.update(found)
    return bool(found)


# What this run has seen: the differences that were met, and the cases.
met: set[Difference] = set()
seen: set[tuple[str, str]] = set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_clients_leave_the_same_rows_and_answer_the_same(both, case):
    theirs, ours = their_outcome(both, case), our_outcome(both, case)
    apart = compare(case, theirs, ours)
    seen.add((both.backend, case.name))
    unexplained = [each for each in apart if not explained(case, both, each)]
    assert not unexplained, "\n".join(map(str, unexplained))
    assert not ours.error or ours.rows == normal_rows(both.our_database.untouched), "a refused call has written"


def test_every_listed_difference_is_still_there():
    if len(seen) < 2 * len(CASES):
        pytest.skip("only some of the cases were run")
    assert [each for each in DIFFERENCES if each not in met] == []
