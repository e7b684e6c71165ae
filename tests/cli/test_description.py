"""Every operation of the library is a command, with a flag for each key and help for each flag."""

import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

from command import Dbosc
from programs import required

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
from make_reference import describe  # noqa: E402


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    return describe(required("DBOSC_LIBRARY"))


@pytest.fixture(scope="module")
def commands() -> list[dict[str, Any]]:
    return Dbosc().json("commands")["commands"]


def keys_of(fields: list[dict[str, Any]], before: str = "") -> Iterator[str]:
    """Every key, and those of objects inside, but not of the items of lists."""
    for field in fields:
        yield before + field["key"]
        if field["type"] == "object":
            yield from keys_of(field.get("fields", []), f"{before}{field['key']}.")


def test_every_operation_is_a_command_of_its_own(api: Any, commands: Any) -> None:
    called = {command["operation"] for command in commands}
    assert called == {operation["name"] for operation in api["operations"]}
    paths = [command["command"] for command in commands]
    assert len(paths) == len(set(paths))


def test_the_help_of_every_command_tells_all_keys_and_an_example(api: Any, commands: Any) -> None:
    fields = {each["name"]: each["request"]["fields"] for each in api["operations"]}
    for command in commands:
        help_text = Dbosc().ok(*command["command"].split(), "--help").out
        assert f"Usage: dbosc {command['command']}" in help_text
        assert f"Example: dbosc {command['command']}" in help_text
        assert set(command["flags"]) == set(keys_of(fields[command["operation"]]))
        for key, flags in command["flags"].items():
            assert flags, f"{command['command']} has no flag for {key}"
            for flag in flags:
                assert f" {flag}" in help_text, f"{command['command']} {flag}"


def test_no_flag_stands_for_two_keys(commands: Any) -> None:
    for command in commands:
        flags = [flag for names in command["flags"].values() for flag in names]
        assert len(flags) == len(set(flags)), command["command"]


def test_the_config_is_a_set_of_flags_of_the_program(api: Any) -> None:
    help_text = Dbosc().ok("--help").out
    for field in api["config"]["fields"]:
        assert "--" + field["key"].replace("_", "-") in help_text


def test_every_group_tells_its_commands(commands: Any) -> None:
    groups = {command["command"].rpartition(" ")[0] for command in commands}
    for group in groups - {""}:
        text = Dbosc().ok(*group.split(), "--help").out
        assert f"Usage: dbosc {group} COMMAND" in text


def test_the_manual_has_every_command(commands: Any) -> None:
    page = Dbosc().ok("manual").out
    assert page.startswith(".TH DBOSC 1")
    operations = {command["operation"] for command in commands}
    assert page.count("\n.SS dbosc ") >= len(operations)


def test_call_does_what_the_command_does(dbosc: Dbosc) -> None:
    made = dbosc.json("call", "enqueue", "workflow_name=w", "queue_name=nobody", "args=[1, 2]")
    assert made["outcome"] == "created"
    by_id = ["workflow_ids=" + made["workflow_id"], "workflow_ids=none"]
    cancelled = dbosc.json("call", "cancel_workflows", *by_id)["outcomes"]
    assert [each["outcome"] for each in cancelled] == ["cancelled", "not_found"]
    counted = dbosc.json("call", "count_workflows", "status=CANCELLED", "--json", '{"name": "w"}')
    assert counted == {"count": 1}
    filtered = ["filter.name=w", "filter.status=CANCELLED", "dry_run=true"]
    found = dbosc.json("call", "resume_workflows", *filtered)["outcomes"]
    assert [each["workflow_id"] for each in found] == [made["workflow_id"]]


def test_the_version_is_told() -> None:
    version = Dbosc().ok("--version").out
    assert version.startswith("dbosc ")
    assert Dbosc().ok("version").out == version
