"""Commands on a database where nobody works: what they change, and how it reads."""

import json
from pathlib import Path
from typing import Optional
from uuid import uuid4

import pytest

from command import Dbosc
from conftest import new_url


def enqueue(dbosc: Dbosc, name: str, *options: str) -> str:
    return dbosc.json("enqueue", name, "nobody", *options)["workflow_id"]


def test_a_database_is_made_once(tmp_path: Path) -> None:
    for backend in ("sqlite", "postgres"):
        with new_url(backend, tmp_path) as url:
            assert "Created: true" in Dbosc(url).ok("init-db").out
            assert Dbosc(url).run("init-db").code == 13
            assert Dbosc(url).json("schema-version")["schema_version"] > 100


def test_bulk_changes_take_filters_and_can_be_tried_dry(dbosc: Dbosc) -> None:
    ids = {enqueue(dbosc, "a") for _ in range(3)}
    other = enqueue(dbosc, "b")
    dry = dbosc.json("workflow", "cancel", "--name", "a", "--dry-run")["outcomes"]
    assert {each["workflow_id"] for each in dry} == ids
    assert dbosc.ok("workflow", "count", "--status", "CANCELLED").out == "0\n"
    table = dbosc.ok("workflow", "cancel", "--filter-name", "a").lines()
    assert table[0].split() == ["Workflow", "id", "Outcome"]
    assert {tuple(line.split()) for line in table[1:]} == {(each, "cancelled") for each in ids}
    assert dbosc.json("workflow", "get", other)["workflow"]["status"] == "ENQUEUED"


def test_workflows_are_resumed_and_deleted(dbosc: Dbosc) -> None:
    workflow_id = enqueue(dbosc, "w")
    dbosc.ok("workflow", "cancel", workflow_id)
    resumed = dbosc.json("workflow", "resume", workflow_id, "none")["outcomes"]
    assert [each["outcome"] for each in resumed] == ["resumed", "not_found"]
    assert dbosc.json("workflow", "get", workflow_id)["workflow"]["status"] == "ENQUEUED"
    dbosc.ok("workflow", "delete", workflow_id, "--children")
    assert dbosc.run("workflow", "get", workflow_id).code == 12


def test_workflows_on_queues_are_listed(dbosc: Dbosc) -> None:
    workflow_id = enqueue(dbosc, "w")
    for path in (["workflow", "queue", "list"], ["workflow", "list-queued"]):
        listed = dbosc.json(*path, "-q", "nobody")["workflows"]
        assert [each["workflow_id"] for each in listed] == [workflow_id]


def test_an_application_is_renamed(dbosc: Dbosc) -> None:
    old, new = f"old-{uuid4().hex}", f"new-{uuid4().hex}"
    workflow_id = enqueue(dbosc, "w", "--application-name", old)
    dbosc.ok("rename-application", "--from", old, "--to", new)
    workflow = dbosc.json("workflow", "get", workflow_id)["workflow"]
    assert workflow["application_name"] == new


def test_pages_go_on_from_their_cursor(dbosc: Dbosc) -> None:
    ids = [enqueue(dbosc, "paged") for _ in range(3)]
    first = dbosc.run("workflow", "list", "--limit", "2")
    assert [line.split()[0] for line in first.lines()[1:]] == ids[:2]
    hint = next(line for line in first.err.splitlines() if "--cursor" in line)
    rest = dbosc.ok("workflow", "list", "--limit", "2", "--cursor", hint.split("'")[1])
    assert [line.split()[0] for line in rest.lines()[1:]] == ids[2:]
    assert dbosc.ok("--quiet", "workflow", "list", "--limit", "2").err == ""


def test_json_is_alone_on_the_output(dbosc: Dbosc) -> None:
    ids = [enqueue(dbosc, "rows", "--args", '[12345678901234567890, 1.50]') for _ in range(2)]
    whole = dbosc.ok("-o", "json", "workflow", "list", "--load-input")
    assert [each["workflow_id"] for each in whole.json()["workflows"]] == ids
    lines = dbosc.ok("workflow", "list", "-o", "jsonl")
    assert [json.loads(line)["workflow_id"] for line in lines.lines()] == ids
    assert "12345678901234567890" in lines.out and "1.50" in lines.out
    assert whole.err + lines.err == ""


def test_queues_are_made_changed_paused_and_deleted(dbosc: Dbosc) -> None:
    name = f"queue-{uuid4().hex}"
    limits = ["--worker-concurrency", "4", "--rate-limit-limit", "50", "--rate-limit-period", "60s"]
    dbosc.ok("queue", "register", name, *limits)
    queue = dbosc.json("queue", "get", name)["queue"]
    assert queue["rate_limit"] == {"limit": 50, "period_ms": 60000}
    changed = dbosc.json("queue", "update", name, "--clear-rate-limit", "--worker-concurrency", "8")
    assert (changed["queue"]["rate_limit"], changed["queue"]["worker_concurrency"]) == (None, 8)
    assert "Paused: true" in dbosc.ok("queue", "pause", name).out
    dbosc.ok("queue", "resume", name)
    assert name in dbosc.ok("queue", "list").out
    dbosc.ok("queue", "delete", name)
    assert dbosc.run("queue", "get", name).code == 12


def test_schedules_are_made_foreseen_and_deleted(dbosc: Dbosc) -> None:
    name = f"schedule-{uuid4().hex}"
    dbosc.ok("schedule", "create", name, "w", "0 2 * * *", "--language", "python", "--context", '{"deep": [1]}')
    assert dbosc.json("schedule", "get", name)["schedule"]["context"] == {"deep": [1]}
    after = ["--after", "2026-01-01T00:00:00Z", "--count", "2"]
    times = dbosc.ok("--utc", "schedule", "preview", name, *after).lines()
    assert times == ["2026-01-01T02:00:00.000Z", "2026-01-02T02:00:00.000Z"]
    dbosc.ok("schedule", "delete", name)
    assert dbosc.run("schedule", "get", name).code == 12


def test_an_export_is_imported_elsewhere(dbosc: Dbosc, tmp_path: Path) -> None:
    workflow_id = enqueue(dbosc, "moved", "--args", "[1]")
    document = dbosc.ok("-o", "json", "workflow", "export", workflow_id).out
    with new_url("sqlite", tmp_path) as url:
        Dbosc(url).ok("init-db")
        assert Dbosc(url).run("workflow", "import", "--json", "@-", stdin=document).code == 0
        assert Dbosc(url).json("workflow", "get", workflow_id)["workflow"]["name"] == "moved"


@pytest.mark.parametrize(
    "zone, utc, shown",
    [
        ("Asia/Tokyo", None, "2026-01-01 11:00:00+09:00"),
        ("America/New_York", None, "2025-12-31 21:00:00-05:00"),
        ("Asia/Tokyo", "--utc", "2026-01-01T02:00:00.000Z"),
    ],
)
def test_instants_are_in_the_users_zone_or_in_utc(zone: str, utc: Optional[str], shown: str, dbosc: Dbosc) -> None:
    options = ["--schedule", "0 2 * * *", "--language", "python", "--after", "2026-01-01T00:00:00Z", "--count", "1"]
    given = ([utc] if utc else []) + ["schedule", "preview", *options]
    assert dbosc.ok(*given, TZ=zone).out == shown + "\n"
