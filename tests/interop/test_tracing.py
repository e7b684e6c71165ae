"""A workflow that is enqueued with a trace context runs inside the caller's trace."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from programs import WORKERS, Program, required

APPLICATION = "interop-tracing"
VERSION = "v1"
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
PARENT_ID = "b7ad6b7169203331"


@dataclass(frozen=True)
class TracingWorker:
    """The Python SDK with OpenTelemetry."""

    def command(self) -> list[str]:
        python = Path(required("DBOSC_PYTHON_SDK")) / "python"
        return [str(python), str(WORKERS / "python_tracing_worker.py")]

    def environment(self) -> dict[str, str]:
        return dict(os.environ)


@pytest.fixture
def trace_of(migrated_sqlite_url, client_factory, tmp_path):
    """Enqueues a workflow with these options, and returns the trace that it ran in."""
    client = client_factory(migrated_sqlite_url, application_name=APPLICATION)
    arguments = (migrated_sqlite_url, APPLICATION, VERSION)
    worker = Program(TracingWorker(), tmp_path / "worker.log", *arguments)

    def run(**options):
        request = {"workflow_name": "trace", "queue_name": "q", "app_version": VERSION, **options}
        workflow_id = client.call("enqueue", request)["workflow_id"]
        waited = {"workflow_id": workflow_id, "timeout_ms": 60_000}
        return client.call("get_result", waited)["result"]

    yield run
    worker.stop()


def test_a_workflow_joins_the_trace_of_its_caller(trace_of):
    context = {"traceparent": f"00-{TRACE_ID}-{PARENT_ID}-01", "tracestate": "vendor=value,t@v=1"}
    ours = trace_of(**context)
    assert ours["trace_id"] == TRACE_ID
    assert ours["parent_id"] == PARENT_ID
    assert ours["tracestate"] == "vendor=value,t@v=1"
    other = trace_of()
    assert other["trace_id"] != TRACE_ID
    assert other["parent_id"] is None
