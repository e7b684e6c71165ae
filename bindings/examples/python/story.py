"""Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.

story.py STEPS URL
"""

import asyncio
import json
import os
import sys
from typing import Any, Optional

from dbosc import Client, DboscError, Transaction


def account(outcome: str | BaseException) -> str:
    """A reply as it came, or an error as it came."""
    if isinstance(outcome, str):
        return f'{{"reply":{outcome}}}'
    if isinstance(outcome, DboscError):
        return f'{{"error":{outcome.text}}}'
    if isinstance(outcome, asyncio.CancelledError):
        return '{"error":{"status":"CANCELLED"}}'
    raise outcome


def in_child(client: Client) -> str:
    """What a forked child is told that uses the client of its parent."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            client.begin()
        except DboscError as error:
            os.write(writing, account(error).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read() or '{"reply":{}}'


class Story:
    def __init__(self, url: str) -> None:
        self.url = url
        self.client = self.open()
        self.transaction: Optional[Transaction] = None
        self.submitted: dict[str, list[asyncio.Task[str]]] = {}

    def open(self) -> Client:
        return Client({"system_database_url": self.url})

    async def step(self, step: dict[str, Any]) -> list[str]:
        """How it ended; more than one where it was submitted more than once."""
        match step:
            case {"do": "call", "operation": operation, "request": request, "cancelled_after_ms": ms}:
                try:
                    return [account(await asyncio.wait_for(self.client.call_text(operation, request), ms / 1000))]
                except asyncio.TimeoutError:
                    return [account(asyncio.CancelledError())]
            case {"do": "call", "operation": operation, "request": request}:
                return [account(await self.client.call_text(operation, request))]
            case {"do": "submit", "operation": operation, "request": request, "tag": tag, "times": times}:
                calls = [self.client.call_text(operation, request) for _ in range(times)]
                self.submitted[tag] = [asyncio.create_task(call) for call in calls]
                await asyncio.sleep(0)  # Tasks begin when the loop comes to them.
            case {"do": "cancel", "tag": tag}:
                for task in self.submitted[tag]:
                    task.cancel()
            case {"do": "await", "tag": tag}:
                return [account(end) for end in await asyncio.gather(*self.submitted[tag], return_exceptions=True)]
            case {"do": "begin"}:
                self.transaction = self.client.begin()
            case {"do": "in_transaction", "operation": operation, "request": request}:
                return [account(self.transaction.call_text(operation, request))]
            case {"do": "execute", "sql": sql, "params": params}:
                return [account(self.transaction.execute_text(sql, params))]
            case {"do": "commit"}:
                self.transaction.commit()
                self.transaction.close()
            case {"do": "rollback"}:
                self.transaction.rollback()
                self.transaction.close()
            case {"do": "fork"}:
                return [in_child(self.client)]
            case {"do": "close"}:
                self.client.shutdown()
            case {"do": "open"}:
                self.client.close()
                self.client = self.open()
            case _:
                raise ValueError(f"no such step: {step}")
        return ["{}"]


async def main(path: str, url: str) -> None:
    with open(path, encoding="utf-8") as file:
        steps = json.load(file)
    story = Story(url)
    for step in steps:
        try:
            outcomes = await story.step(step)
        except DboscError as error:
            outcomes = [account(error)]
        print(f"[{','.join(outcomes)}]", flush=True)
    story.client.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
