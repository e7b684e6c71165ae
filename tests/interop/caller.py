"""What the tests say to a worker through our client."""

from typing import Any, Optional

from dbosc_ffi import Client
from programs import System, eventually

# Bounds for a broken run; what is waited for comes within a second.
RESULT_MS = 60_000


class Caller:
    """Our client, with the defaults that reach one worker: its queue `q` and its version."""

    def __init__(self, client: Client, system: System) -> None:
        self.client = client
        self.system = system

    def call(self, operation: str, **request: Any) -> dict[str, Any]:
        return self.client.call(operation, request)

    def enqueue(self, workflow: str, *args: Any, **options: Any) -> str:
        """Enqueues a workflow, and returns its id. An option that is None is left out."""
        return self.enqueue_reply(workflow, *args, **options)["workflow_id"]

    def enqueue_reply(self, workflow: str, *args: Any, **options: Any) -> dict[str, Any]:
        request = {"queue_name": "q", "app_version": self.system.version, **options}
        if args:
            request["args"] = list(args)
        given = {key: value for key, value in request.items() if value is not None}
        return self.call("enqueue", workflow_name=workflow, **given)

    def result(self, workflow_id: str) -> Any:
        reply = self.call("get_result", workflow_id=workflow_id, timeout_ms=RESULT_MS)
        return reply["result"]

    def run(self, workflow: str, *args: Any, **options: Any) -> Any:
        """Enqueues a workflow and returns its result."""
        return self.result(self.enqueue(workflow, *args, **options))

    def workflow(self, workflow_id: str, **options: Any) -> dict[str, Any]:
        return self.call("get_workflow", workflow_id=workflow_id, **options)["workflow"]

    def status(self, workflow_id: str) -> Optional[str]:
        """The status of a workflow; None while there is no such workflow."""
        workflow = self.workflow(workflow_id)
        return workflow and workflow["status"]

    def wait_for_status(self, workflow_id: str, status: str) -> None:
        eventually(
            lambda: self.status(workflow_id) == status, what=f"status {status} of {workflow_id}"
        )

    def send(self, workflow_id: str, message: Any, **options: Any) -> dict[str, Any]:
        return self.call("send", destination_id=workflow_id, message=message, **options)

    def start_block(self, **options: Any) -> str:
        """Enqueues a workflow that waits until `release`, and returns when it runs."""
        workflow_id = self.enqueue("block", **options)
        self.wait_for_status(workflow_id, "PENDING")
        return workflow_id

    def release(self, workflow_id: str, message: Any = "released") -> Any:
        """Lets a waiting workflow end, and returns its result."""
        self.send(workflow_id, message, topic="go")
        return self.result(workflow_id)
