"""What goes wrong is told in one line, with the documented exit code and without a secret."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from command import Dbosc, Done
from programs import required

SECRET = "wr0ng-s3cret"


def check_line(done: Done, code: int, told: str) -> None:
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1), done
    assert done.err.startswith("dbosc: ")
    assert told in done.err


@pytest.mark.parametrize(
    "arguments, told",
    [
        ("", "subcommand is required"),
        ("workflow", "subcommand is required"),
        ("workflow list --no-such-flag", "--no-such-flag"),
        ("workflow get", "workflow_id"),
        ("workflow get a b", "b"),
        ("workflow list --limit many", "--limit must be an integer"),
        ("workflow wait a --timeout soon", "--timeout-ms must be milliseconds"),
        ("workflow list -o xml", "xml"),
        ("workflow enqueue w q --args [1,", "--args is not JSON"),
        ("workflow enqueue w q --duplication-policy maybe", "must be one of reject, return_existing"),
        ("workflow enqueue w q --args @/no/such/file", "No such file"),
        ("workflow enqueue w q --json []", "--json must be an object"),
        ("workflow enqueue w q --json {\"quue_name\":1}", "quue_name"),
        ("workflow enqueue w q --batch-id b", "--from-file"),
        ("call no_such_operation", "no_such_operation"),
        ("call get_workflow workflow_id", "KEY=VALUE"),
        ("call get_workflow workflow=1", "workflow"),
        ("completion tcsh", "tcsh"),
    ],
)
def test_wrong_usage(quiet_url: str, arguments: str, told: str) -> None:
    check_line(Dbosc(quiet_url).run(*arguments.split()), 2, told)


def test_what_is_not_there(dbosc: Dbosc) -> None:
    check_line(dbosc.run("workflow", "get", "nobody"), 12, "not found")
    check_line(dbosc.run("send", "nobody", "1"), 12, "nobody")
    missing = dbosc.run("-o", "json", "workflow", "get", "nobody")
    assert (missing.code, missing.json()) == (12, {"workflow": None})
    told = dbosc.run("-o", "json", "send", "nobody", "1")
    assert (told.code, told.out, json.loads(told.err)["kind"]) == (12, "", "non_existent_workflow")


def test_a_conflict(dbosc: Dbosc) -> None:
    taken = ["workflow", "enqueue", "w", "nobody", "--workflow-id-reuse-policy", "reject"]
    workflow_id = dbosc.json(*taken)["workflow_id"]
    check_line(dbosc.run(*taken, "--workflow-id", workflow_id), 13, "workflow_id_in_use")


def test_a_database_that_cannot_be_reached() -> None:
    url = f"postgresql://postgres:{SECRET}@127.0.0.1:1/none"
    done = Dbosc(url).run("workflow", "list", "--startup-timeout", "200ms")
    check_line(done, 16, "")
    assert SECRET not in done.err


def test_a_refused_password() -> None:
    url = required("DBOSC_TEST_POSTGRES_URL")
    place = urlsplit(url)
    wrong = url.replace(f":{place.password}@", f":{SECRET}@")
    for output in ("table", "json"):
        done = Dbosc(wrong).run("-o", output, "workflow", "list")
        assert (done.code, done.out, done.err.count("\n")) == (16, "", 1)
        assert "authentication_failed" in done.err
        assert SECRET not in done.err


def test_a_password_from_the_environment() -> None:
    url = required("DBOSC_TEST_POSTGRES_URL")
    password = urlsplit(url).password
    bare = Dbosc(url.replace(f":{password}@", "@"))
    assert bare.ok("--lazy", "check-connection", PGPASSWORD=password).out == "true\n"
    assert bare.run("--lazy", "check-connection", PGPASSWORD=SECRET).code == 16


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.sqlite'}"
    check_line(Dbosc(url).run("workflow", "list"), 12, "database_missing")


def test_a_database_without_a_schema(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    check_line(Dbosc(url).run("workflow", "list"), 19, "schema_missing")


def test_output_that_cannot_be_written(dbosc: Dbosc) -> None:
    with open("/dev/full", "w") as full:
        process = dbosc.start("workflow", "count", stdout=full)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.startswith(b"dbosc: cannot write the output")
