"""System databases for the tests: made, migrated by the Python SDK, copied, dropped."""

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional, Union
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

MIGRATION_SECONDS = 120


def execute(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def database_name(admin_url: str) -> Iterator[str]:
    """A URL whose database does not exist yet; what has come to be there is dropped in the end."""
    name = f"dbosc_{uuid4().hex}"
    yield urlsplit(admin_url)._replace(path=f"/{name}").geturl()
    execute(
        admin_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


@contextmanager
def copied_database(admin_url: str, template: Optional[str] = None) -> Iterator[str]:
    """A copy of the database at the template's URL, or an empty database."""
    source = urlsplit(template).path[1:] if template else "template1"
    with database_name(admin_url) as url:
        names = [sql.Identifier(name) for name in (urlsplit(url).path[1:], source)]
        execute(admin_url, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        yield url


def run(*command: Union[str, Path]) -> str:
    """Runs a program to its end; what it has printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=MIGRATION_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def migrate(python_sdk: Path, url: str, *options: str) -> None:
    run(python_sdk / "dbos", "migrate", "--sys-db-url", url, *options)
