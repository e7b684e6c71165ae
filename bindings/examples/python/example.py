"""Enqueues a workflow to whoever works on the database, and prints its result.

example.py URL
"""

# [readme]
import asyncio
import sys

from dbosc import Client, DboscError, WorkflowFailed


async def main(url: str) -> None:
    async with Client({"system_database_url": url}) as client:
        started = await client.call("enqueue", workflow_name="echo", queue_name="q", args=["Hello from Python 😀"])
        try:
            reply = await client.call("get_result", workflow_id=started["workflow_id"], timeout_ms=60_000)
            print(reply["result"])
        except WorkflowFailed as failure:
            sys.exit(f"the workflow failed: {failure.workflow_error['message']}")


# [/readme]
if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1]))
    except DboscError as error:
        sys.exit(f"{error} ({error.kind})")
