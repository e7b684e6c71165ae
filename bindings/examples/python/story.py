"""Runs the steps of tests/conformance/steps.json and prints how each ended, a line of JSON each.

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
            case {"call": operation, "request": request, "cancelled_after_ms": ms}:
                try:
                    return [account(await asyncio.wait_for(self.client.call_text(operation, request), ms / 1000))]
                except asyncio.TimeoutError:
                    return [account(asyncio.CancelledError())]
            case {"call": operation, "request": request}:
                return [account(await self.client.call_text(operation, request))]
            case {"submit": operation, "request": request, "tag": tag}:
                calls = [self.client.call_text(operation, request) for _ in range(step.get("times", 1))]
                self.submitted[tag] = [asyncio.create_task(call) for call in calls]
                await asyncio.sleep(0)  # Tasks begin when the loop comes to them.
            case {"cancel": tag}:
                for task in self.submitted[tag]:
                    task.cancel()
            case {"await": tag}:
                return [account(end) for end in await asyncio.gather(*self.submitted[tag], return_exceptions=True)]
            case {"begin": _}:
                self.transaction = self.client.begin()
            case {"in_transaction": operation, "request": request}:
                return [account(self.transaction.call_text(operation, request))]
            case {"execute": sql, "params": params}:
                return [account(self.transaction.execute_text(sql, params))]
            case {"commit": _}:
                self.transaction.commit()
                self.transaction.close()
            case {"rollback": _}:
                self.transaction.rollback()
                self.transaction.close()
            case {"fork": _}:
                return [in_child(self.client)]
            case {"close": _}:
                self.client.shutdown()
            case {"open": _}:
                self.client.close()
                self.client = self.open()
            case _:
                raise ValueError(f"no such step: {step}")
        return ["{}"]


async def main(path: str, url: str) -> None:
    with open(path, encoding="utf-8") as file:
        steps = [step for step in json.load(file) if "says" in step]
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
