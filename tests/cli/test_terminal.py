"""How tables look in a terminal, and what a shell completes."""

import shutil
import subprocess
from typing import Any

import pytest

from command import Dbosc, environment
from programs import required

ESCAPE = "\x1b"


@pytest.fixture
def one_row(dbosc: Dbosc) -> str:
    """The id of the only workflow of the application."""
    return dbosc.json("enqueue", "a-workflow-of-a-rather-long-name", "nobody")["workflow_id"]


def test_colours_are_for_terminals_that_want_them(dbosc: Dbosc, one_row: str) -> None:
    code, text = dbosc.in_terminal("workflow", "list")
    assert code == 0
    assert f"{ESCAPE}[34mENQUEUED{ESCAPE}[0m" in text
    assert ESCAPE not in dbosc.in_terminal("workflow", "list", NO_COLOR="1")[1]
    assert ESCAPE not in dbosc.in_terminal("workflow", "list", TERM="dumb")[1]
    assert ESCAPE not in dbosc.in_terminal("workflow", "list", "--color", "never")[1]
    assert ESCAPE not in dbosc.ok("workflow", "list").out
    assert ESCAPE in dbosc.ok("workflow", "list", "--color", "always").out


@pytest.mark.parametrize("columns", [50, 80, 120])
def test_a_table_fits_the_terminal_and_keeps_ids_whole(dbosc: Dbosc, one_row: str, columns: int) -> None:
    _, text = dbosc.in_terminal("--quiet", "workflow", "list", columns=columns, NO_COLOR="1")
    lines = text.splitlines()
    assert len(lines) == 2
    assert all(len(line) <= columns for line in lines)
    assert lines[1].startswith(one_row)


def test_columns_are_chosen(dbosc: Dbosc, one_row: str) -> None:
    table = dbosc.ok("workflow", "list", "--columns", "name,workflow_id").lines()
    assert table[0].split() == ["Name", "Workflow", "id"]
    assert table[1].split() == ["a-workflow-of-a-rather-long-name", one_row]
    assert dbosc.run("workflow", "list", "--columns", "nothing").code == 2


def test_a_table_is_plain_text(dbosc: Dbosc, one_row: str) -> None:
    assert dbosc.ok("workflow", "list").out.isascii()


def test_stored_text_does_not_act_on_the_terminal(dbosc: Dbosc) -> None:
    dbosc.ok("enqueue", f"evil{ESCAPE}[2J\nname", "nobody")
    _, text = dbosc.in_terminal("workflow", "list", "--columns", "name", NO_COLOR="1")
    assert text == "Name\nevil\\u001b[2J\\nname\n"


def test_json_is_indented_for_people_only(dbosc: Dbosc, one_row: str) -> None:
    _, text = dbosc.in_terminal("-o", "json", "workflow", "count")
    assert text == '{\n  "count": 1\n}\n'
    assert dbosc.ok("-o", "json", "workflow", "count").json() == {"count": 1}


def completed(*words: str) -> list[str]:
    return Dbosc().ok("__complete", "plain", *words).lines()


def test_groups_commands_flags_and_values_are_completed() -> None:
    assert completed("workf") == ["workflow"]
    assert {"list", "get", "steps", "wait"} <= set(completed("workflow", ""))
    assert completed("workflow", "list", "--sort") == ["--sort-desc"]
    assert "--system-database-url" in completed("workflow", "list", "--sys")
    assert completed("workflow", "enqueue", "--duplication-policy", "") == ["reject", "return_existing"]
    assert completed("-o", "json") == ["json", "jsonl"]
    assert completed("call", "enqueue_m") == ["enqueue_many"]
    assert completed("workflow", "get", "--workflow-id", "") == []


def test_descriptions_stand_behind_a_tab() -> None:
    lines = Dbosc().ok("__complete", "described", "workflow", "ca").lines()
    assert [line.split("\t")[0] for line in lines] == ["cancel"]
    assert lines[0].split("\t")[1]


def test_bash_completes_by_the_script(tmp_path: Any) -> None:
    script = tmp_path / "dbosc.bash"
    script.write_text(Dbosc().ok("completion", "bash").out)
    ask = 'source "$1"; COMP_WORDS=("$2" queue pau); COMP_CWORD=2; _dbosc; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", ask, "bash", script, required("DBOSC_CLI")],
        capture_output=True,
        text=True,
        env=environment({}),
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("pause\n", "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_take_their_script(shell: str, tmp_path: Any) -> None:
    script = Dbosc().ok("completion", shell).out
    assert "__complete" in script
    program = shutil.which(shell)
    if program:  # where it is installed, it also has to parse
        path = tmp_path / "dbosc"
        path.write_text(script)
        subprocess.run([program, "-n", path], check=True, timeout=60)
