"""Worker and client of the Python SDK; README.md beside this file says what it does."""

import itertools
import json
import os
import sys
from datetime import datetime, timezone
from typing import Any, Callable

from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    DBOSConfiguredInstance,
    DebouncerClient,
    PortableWorkflowError,
    SetWorkflowID,
    WorkflowSerializationFormat,
)

import python_payloads  # noqa: F401  registers its workflows

LONG_SECONDS = 600
POLL_SECONDS = 0.1


@DBOS.workflow(name="echo")
def echo(value: Any) -> Any:
    return value


@DBOS.workflow(name="add")
def add(a: Any, b: Any) -> Any:
    return a + b


@DBOS.workflow(name="fail")
def fail(message: str) -> None:
    raise ValueError(message)


@DBOS.workflow(name="fail_portable")
def fail_portable(name: str, message: str, code: Any, data: Any) -> None:
    raise PortableWorkflowError(message, name, code, data)


@DBOS.workflow(name="events")
def events(n: int) -> int:
    for i in range(1, n + 1):
        DBOS.set_event("progress", i)
    return n


@DBOS.workflow(name="receive")
def receive(topic: str | None) -> Any:
    return DBOS.recv(topic, timeout_seconds=LONG_SECONDS)


@DBOS.workflow(name="block")
def block() -> Any:
    return DBOS.recv("go", timeout_seconds=LONG_SECONDS)


@DBOS.workflow(name="whoami")
def whoami() -> dict[str, Any]:
    return {
        "workflow_id": DBOS.workflow_id,
        "authenticated_user": DBOS.authenticated_user,
        "authenticated_roles": DBOS.authenticated_roles,
    }


@DBOS.workflow(name="kwargs_echo")
def kwargs_echo(**kwargs: Any) -> dict[str, Any]:
    return kwargs


executions = itertools.count(1)
failed: set[str] = set()


def execute(name: str) -> int:
    """A step: the number of its execution, counted over all workflows of this process."""
    if name.startswith("fails once") and name not in failed:
        failed.add(name)
        raise ValueError(name)
    return next(executions)


@DBOS.workflow(name="steps")
def steps(names: list[str]) -> list[Any]:
    return [
        DBOS.recv("go", timeout_seconds=LONG_SECONDS)
        if name == "wait"
        else DBOS.run_step({"name": name}, execute, name)
        for name in names
    ]


@DBOS.workflow(name="stream")
def stream(values: list[Any], close: bool) -> int:
    for value in values:
        DBOS.write_stream("log", value)
    if close:
        DBOS.close_stream("log")
    return len(values)


@DBOS.workflow(name="relay")
def relay() -> Any:
    while (value := DBOS.recv("value", timeout_seconds=LONG_SECONDS)) is not None:
        DBOS.write_stream("log", value)
    DBOS.close_stream("log")
    return DBOS.recv("go", timeout_seconds=LONG_SECONDS)


@DBOS.workflow(name="family")
def family(count: int) -> list[Any]:
    handles = []
    for i in range(count):
        with SetWorkflowID(f"{DBOS.workflow_id}-child-{i}"):
            handles.append(DBOS.start_workflow(block))
    return [handle.get_result(polling_interval_sec=POLL_SECONDS) for handle in handles]


@DBOS.workflow(name="scheduled")
def scheduled(at: datetime, context: Any) -> dict[str, Any]:
    return {"type": type(at).__name__, "at": at.isoformat(), "context": context}


@DBOS.dbos_class("Box")
class Box(DBOSConfiguredInstance):
    @DBOS.workflow(name="describe")
    def describe(self, value: Any) -> str:
        return f"{self.config_name}: {value}"


def work(url: str, application: str, version: str) -> None:
    config: DBOSConfig = {
        "name": application,
        "system_database_url": url,
        "application_version": version,
        "run_migrations": False,
        "notification_listener_polling_interval_sec": POLL_SECONDS,
        "scheduler_polling_interval_sec": POLL_SECONDS,
    }
    DBOS(config=config)
    Box("box1")
    DBOS.launch()
    DBOS.register_queue("q", polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue("serial", global_concurrency=1, polling_interval_sec=POLL_SECONDS)
    DBOS.register_queue("pq", partition_concurrency=1, polling_interval_sec=POLL_SECONDS)
    print("READY", flush=True)
    sys.stdin.read()
    # At once, whatever waits for a message: a workflow's state is in the database.
    os._exit(0)


def enqueue_options(command: dict[str, Any]) -> dict[str, Any]:
    names = {
        "workflow": "workflow_name",
        "queue": "queue_name",
        "id": "workflow_id",
        "version": "app_version",
        "user": "authenticated_user",
        "roles": "authenticated_roles",
        "attributes": "attributes",
        "priority": "priority",
        "partition": "queue_partition_key",
        "application": "application_name",
    }
    options = {names[key]: value for key, value in command.items() if key in names}
    if command.get("portable", True):
        options["serialization_type"] = WorkflowSerializationFormat.PORTABLE
    return options


def status_of(client: DBOSClient, command: dict[str, Any]) -> dict[str, Any]:
    status = client.retrieve_workflow(command["id"]).get_status()
    return {
        "status": status.status,
        "name": status.name,
        "user": status.authenticated_user,
        "roles": status.authenticated_roles,
        "attributes": status.attributes,
        "application": status.application_name,
        "version": status.app_version,
        "priority": status.priority,
        "partition": status.queue_partition_key,
    }


def rate_limit(given: dict[str, Any] | None) -> Any:
    return given and {"limit": given["limit"], "period": given["period_ms"] / 1000}


def register_queue(client: DBOSClient, command: dict[str, Any]) -> None:
    client.register_queue(
        command["queue"],
        global_concurrency=command.get("global_concurrency"),
        worker_concurrency=command.get("worker_concurrency"),
        limiter=rate_limit(command.get("rate_limit")),
        partition_concurrency=command.get("partition_concurrency"),
        partition_worker_concurrency=command.get("partition_worker_concurrency"),
        partition_limiter=rate_limit(command.get("partition_rate_limit")),
        polling_interval_sec=command.get("polling_interval_ms", 1000) / 1000,
        application_name=command.get("application"),
    )


def milliseconds(limiter: Any) -> Any:
    return limiter and {
        "limit": limiter["limit"],
        "period_ms": round(limiter["period"] * 1000),
    }


def queue_of(client: DBOSClient, name: str) -> dict[str, Any] | None:
    queue = client.retrieve_queue(name)
    return queue and {
        "name": queue.name,
        "global_concurrency": queue.global_concurrency,
        "worker_concurrency": queue.worker_concurrency,
        "rate_limit": milliseconds(queue.limiter),
        "partition_concurrency": queue.partition_concurrency,
        "partition_worker_concurrency": queue.partition_worker_concurrency,
        "partition_rate_limit": milliseconds(queue.partition_limiter),
        "polling_interval_ms": round(queue.polling_interval_sec * 1000),
        "application_name": queue.application_name,
    }


def debounce(client: DBOSClient, command: dict[str, Any]) -> str:
    debouncer = DebouncerClient(
        client,
        enqueue_options(command),  # type: ignore[arg-type]
        debounce_timeout_sec=command["timeout_ms"] / 1000 if "timeout_ms" in command else None,
    )
    handle = debouncer.debounce(
        command["key"], command["period_ms"] / 1000, *command.get("args", [])
    )
    return handle.get_workflow_id()


def instant(epoch_ms: int) -> datetime:
    return datetime.fromtimestamp(epoch_ms / 1000, timezone.utc)


def client(url: str) -> None:
    dbos = DBOSClient(system_database_url=url)
    commands: dict[str, Callable[[dict[str, Any]], Any]] = {
        "enqueue": lambda c: dbos.enqueue(
            enqueue_options(c), *c.get("args", []), **c.get("kwargs", {})  # type: ignore[arg-type]
        ).get_workflow_id(),
        "debounce": lambda c: debounce(dbos, c),
        "versions": lambda c: [v["version_name"] for v in dbos.list_application_versions()],
        "latest": lambda c: dbos.get_latest_application_version()["version_name"],
        "set_latest": lambda c: dbos.set_latest_application_version(c["version"]),
        "schedules": lambda c: {s["schedule_name"]: s["context"] for s in dbos.list_schedules()},
        "create_schedule": lambda c: dbos.create_schedule(
            schedule_name=c["name"],
            workflow_name=c["workflow"],
            schedule=c["schedule"],
            context=c["context"],
            application_name=c["application"],
        ),
        "trigger": lambda c: dbos.trigger_schedule(c["name"]).get_workflow_id(),
        "backfill": lambda c: [
            handle.get_workflow_id()
            for handle in dbos.backfill_schedule(c["name"], instant(c["start"]), instant(c["end"]))
        ],
        "send": lambda c: dbos.send(
            c["id"],
            c["message"],
            c.get("topic"),
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        ),
        "result": lambda c: dbos.retrieve_workflow(c["id"]).get_result(
            polling_interval_sec=POLL_SECONDS
        ),
        "event": lambda c: dbos.get_event(c["id"], c["key"]),
        "status": lambda c: status_of(dbos, c),
        "register_queue": lambda c: register_queue(dbos, c),
        "queue": lambda c: queue_of(dbos, c["queue"]),
        "queues": lambda c: sorted(
            queue.name for queue in dbos.list_queues(application_name=c["application"])
        ),
    }
    print("READY", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": commands[command["do"]](command)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    dbos.destroy()


if __name__ == "__main__":
    {"work": work, "client": client}[sys.argv[1]](*sys.argv[2:])
