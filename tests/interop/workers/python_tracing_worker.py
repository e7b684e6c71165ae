"""A worker of the Python SDK with OpenTelemetry: python_tracing_worker.py URL APPLICATION VERSION."""

import os
import sys
from typing import Any

from dbos import DBOS, DBOSConfig
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider


@DBOS.workflow(name="trace")
def trace_of_workflow() -> dict[str, Any]:
    """The span that the workflow runs in, and the one that it belongs to."""
    span = trace.get_current_span()
    assert isinstance(span, ReadableSpan) and span.context is not None
    return {
        "trace_id": format(span.context.trace_id, "032x"),
        "parent_id": format(span.parent.span_id, "016x") if span.parent else None,
        "tracestate": span.context.trace_state.to_header(),
    }


def main(url: str, application: str, version: str) -> None:
    # Spans are made, and sent nowhere.
    trace.set_tracer_provider(TracerProvider())
    config: DBOSConfig = {
        "name": application,
        "system_database_url": url,
        "application_version": version,
        "run_migrations": False,
        "enable_otlp": True,
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue("q", polling_interval_sec=0.1)
    print("READY", flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
