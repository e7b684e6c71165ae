"""System databases made by the SDK's own migrations, and by the operation under test.

The official side is made once a session; a test gets a copy of it.
"""

import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

from databases import copied_database, migrate, run

HOSTILE_SCHEMA = 'we"ird schema'
SCHEMAS = ["dbos", HOSTILE_SCHEMA]

CREATED = {"created": True, "schema_version": 125}

# `dbos migrate` has no switch for this; DBOS.launch with use_listen_notify=False runs these two.
MIGRATE_WITHOUT_LISTEN_NOTIFY = """
import sys
import sqlalchemy
from dbos._migration import ensure_dbos_schema, run_dbos_migrations

engine = sqlalchemy.create_engine(sys.argv[1].replace("postgresql:", "postgresql+psycopg:", 1))
ensure_dbos_schema(engine, sys.argv[2])
run_dbos_migrations(engine, sys.argv[2], False)
"""


def quoted(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'


def migrate_officially(python_sdk: Path, url: str, schema: str, listen_notify: bool = True) -> None:
    if listen_notify:
        migrate(python_sdk, url, "--schema", schema)
    else:
        run(python_sdk / "python", "-c", MIGRATE_WITHOUT_LISTEN_NOTIFY, url, schema)


@contextmanager
def databases(admin_url: str) -> Iterator[Callable[..., str]]:
    """Makes databases, empty or of a template, that are dropped in the end."""
    with ExitStack() as stack:
        yield lambda template=None: stack.enter_context(copied_database(admin_url, template))


@pytest.fixture
def new_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    with databases(postgres_url) as new:
        yield new


@pytest.fixture(scope="session")
def official_original(postgres_url: str, python_sdk: Path) -> Iterator[Callable[[str, bool], str]]:
    """The database that the SDK migrated with a schema and a switch; to be copied, not used."""
    originals: dict[tuple[str, bool], str] = {}
    with databases(postgres_url) as new:

        def original(schema: str, listen_notify: bool) -> str:
            key = (schema, listen_notify)
            if key not in originals:
                originals[key] = new()
                migrate_officially(python_sdk, originals[key], schema, listen_notify)
            return originals[key]

        yield original


@pytest.fixture
def official(
    official_original: Callable[[str, bool], str], new_database: Callable[..., str]
) -> Callable[..., str]:
    """Makes a database as the SDK does: a fresh copy at every call."""

    def make(schema: str = "dbos", listen_notify: bool = True) -> str:
        return new_database(official_original(schema, listen_notify))

    return make


@pytest.fixture
def ours(client_factory: Callable[..., Any], missing_database_url: str) -> Callable[..., str]:
    """Makes a database by the operation under test, once a test."""

    def make(schema: str = "dbos", **request: Any) -> str:
        client = client_factory(missing_database_url, lazy=True, schema=schema)
        assert client.call("create_system_database", request) == CREATED
        return missing_database_url

    return make


@pytest.fixture
def official_file(tmp_path: Path, migrated_sqlite_template: Path) -> Path:
    return shutil.copy(migrated_sqlite_template, tmp_path / "official.sqlite")


@pytest.fixture
def our_file(tmp_path: Path, client_factory: Callable[..., Any]) -> Path:
    path = tmp_path / "ours.sqlite"
    client = client_factory(f"sqlite:///{path}", lazy=True)
    assert client.call("create_system_database", {}) == CREATED
    return path
