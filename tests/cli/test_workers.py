"""What the command says to a real worker, and what comes back."""

import json

from command import interrupted
from conftest import VERSION, World


def test_a_workflow_is_started_awaited_and_looked_at(world: World) -> None:
    workflow_id = world.enqueue("add", "[1, 2]")
    assert world.dbosc.ok("workflow", "wait", workflow_id).out == "3\n"
    workflow = world.dbosc.json("workflow", "get", workflow_id)["workflow"]
    assert (workflow["status"], workflow["output"]) == ("SUCCESS", 3)
    listed = world.dbosc.ok("workflow", "list", "--workflow-id-prefix", workflow_id).lines()
    assert listed[0].startswith("Workflow id")
    assert listed[1].split()[:3] == [workflow_id, "SUCCESS", "add"]


def test_the_flags_of_the_official_commands_are_taken(world: World) -> None:
    workflow_id = world.enqueue("add", "[3, 4]", "--authenticated-user", "ada")
    world.dbosc.ok("workflow", "wait", workflow_id)
    flags = ["-u", "ada", "-S", "SUCCESS", "-n", "add", "--application-version", VERSION, "-l", "5", "-d"]
    listed = world.dbosc.json("workflow", "list", *flags, "--start-time", "2020-01-01T00:00:00Z")
    assert [each["workflow_id"] for each in listed["workflows"]] == [workflow_id]


def test_steps_are_listed_and_forked_from(world: World) -> None:
    workflow_id = world.enqueue("steps", '[["one", "two"]]')
    world.dbosc.ok("workflow", "wait", workflow_id)
    steps = world.dbosc.ok("-o", "jsonl", "workflow", "steps", workflow_id).lines()
    assert [json.loads(step)["function_name"] for step in steps] == ["one", "two"]
    forked = world.dbosc.json("workflow", "fork", workflow_id, "--step", "2", "-v", VERSION, "-q", "q")
    first, second = world.dbosc.ok("workflow", "wait", forked["workflow_id"]).json()
    assert first < second


def test_a_failed_workflow_is_told_in_one_line(world: World) -> None:
    done = world.dbosc.run("workflow", "wait", world.enqueue("fail", '["no such luck"]'))
    assert (done.code, done.out, done.err.count("\n")) == (21, "", 1)
    assert "no such luck" in done.err
    told = world.dbosc.run("-o", "json", "workflow", "wait", world.enqueue("fail", '["again"]'))
    assert (told.code, told.out) == (21, "")
    assert json.loads(told.err)["workflow_error"]["message"] == "again"


def test_messages_go_in_and_events_come_out(world: World) -> None:
    receiver = world.enqueue("receive", '["mail"]')
    world.dbosc.ok("send", receiver, '{"digits": 12345678901234567890.10}', "--topic", "mail")
    result = world.dbosc.ok("workflow", "wait", receiver)
    assert json.loads(result.out)["digits"] == 12345678901234567890.10
    setter = world.enqueue("events", "[3]")
    world.dbosc.ok("workflow", "wait", setter)
    assert world.dbosc.ok("event", "get", setter, "progress").out == "3\n"
    missing = world.dbosc.run("event", "get", setter, "nothing", "--timeout", "0")
    assert (missing.code, missing.err) == (12, "dbosc: not found\n")


def test_a_stream_is_followed_to_its_end(world: World) -> None:
    writer = world.enqueue("stream", '[[1, "two", {"three": 3}], true]')
    assert world.dbosc.ok("stream", "tail", writer, "log").lines() == ["1", '"two"', '{"three":3}']
    assert world.dbosc.ok("stream", "read", writer, "log", "--offset", "2").lines() == ['{"three":3}']


def test_ctrl_c_ends_a_stream_that_goes_on(world: World) -> None:
    relay = world.enqueue("relay")
    world.dbosc.ok("send", relay, '"first"', "--topic", "value")
    tail = world.dbosc.start("stream", "tail", relay, "log")
    assert tail.stdout is not None
    assert tail.stdout.readline() == b'"first"\n'
    done = interrupted(tail)
    assert (done.code, done.out) == (130, "")
    world.dbosc.ok("workflow", "cancel", relay)


def test_ctrl_c_ends_a_wait(world: World) -> None:
    blocked = world.enqueue("block")
    assert interrupted(world.dbosc.start("workflow", "wait", blocked)).code == 130
    world.dbosc.ok("workflow", "cancel", blocked)


def test_a_wait_ends_at_its_timeout(world: World) -> None:
    blocked = world.enqueue("block")
    done = world.dbosc.run("workflow", "wait", blocked, "--timeout", "20ms")
    assert (done.code, done.out, done.err.count("\n")) == (14, "", 1)
    world.dbosc.ok("workflow", "cancel", blocked)
    assert world.dbosc.run("workflow", "wait", blocked).code == 22


def test_a_file_is_run_by_the_worker(world: World) -> None:
    common = ["--workflow-name", "add", "--queue-name", "q", "--app-version", VERSION]
    text = "".join(f"[{number}, 1]\n" for number in range(20))
    file = ["enqueue", "--from-file", "-", *common, "--batch-id", world.backend]
    done = world.dbosc.run("-o", "jsonl", *file, stdin=text)
    assert done.code == 0, done
    ids = [json.loads(line)["workflow_id"] for line in done.lines()]
    world.dbosc.ok("workflow", "wait-all", *ids)
    assert world.dbosc.ok("workflow", "wait", ids[7]).out == "8\n"
