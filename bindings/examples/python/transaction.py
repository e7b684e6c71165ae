"""Writes an order and starts its workflow in one transaction, of psycopg or of sqlite3.

transaction.py URL ORDER commit|rollback
"""

# [readme]
import asyncio
import sqlite3
import sys
from typing import Any

from dbosc import Client


def connect(url: str) -> tuple[Any, str, str]:
    """A connection that begins a transaction with its first change, and how its driver marks parameters."""
    if url.startswith("sqlite:///"):
        return sqlite3.connect(url.removeprefix("sqlite:///")), "question", "?"
    import psycopg

    return psycopg.connect(url), "format", "%s"


async def main(url: str, order: str, end: str) -> None:
    connection, style, mark = connect(url)
    async with Client({"system_database_url": url}) as client:
        start = await client.call(
            "prepare_enqueue", workflow_name="echo", queue_name="q", args=[order], workflow_id=order, params_style=style
        )
    cursor = connection.cursor()
    cursor.execute(f"INSERT INTO orders VALUES ({mark})", (order,))
    for statement in start["statements"]:
        cursor.execute(statement["sql"], statement["params"])
    connection.commit() if end == "commit" else connection.rollback()
    connection.close()


# [/readme]
if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
