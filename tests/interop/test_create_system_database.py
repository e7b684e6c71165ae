"""create_system_database makes what the official migrations make, and never touches what is there.

What the functions and the trigger in it do is compared in test_sql_functions.py.
"""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

import catalog
from databases import migrate, run
from dbosc_ffi import DboscError, Status
from system_databases import CREATED, HOSTILE_SCHEMA, SCHEMAS, migrate_officially, quoted

ENQUEUE_AND_LIST = """
import sys
from dbos import DBOSClient

client = DBOSClient(system_database_url=sys.argv[1])
handle = client.enqueue({"workflow_name": "wf", "queue_name": "q", "workflow_id": "w1"}, 1, key="x")
client.send("w1", {"text": "hello"}, topic="greetings", idempotency_key="m1")
found = client.list_workflows(workflow_ids=["w1"])
print(handle.workflow_id, found[0].status, found[0].input["args"], found[0].input["kwargs"])
"""


# --- The catalog ---------------------------------------------------------------------------------


def assert_same(expected: catalog.Catalog, actual: catalog.Catalog) -> None:
    assert not catalog.differences(expected, actual)
    assert expected == actual


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("listen_notify", [True, False])
def test_a_created_postgres_database_has_the_catalog_of_a_migrated_one(
    official, ours, schema, listen_notify
):
    assert_same(
        catalog.read_postgres(official(schema, listen_notify), schema),
        catalog.read_postgres(ours(schema, use_listen_notify=listen_notify), schema),
    )


def test_the_name_of_the_schema_changes_nothing_in_the_catalog(official, ours):
    assert_same(
        catalog.read_postgres(official("dbos"), "dbos"),
        catalog.read_postgres(ours(HOSTILE_SCHEMA), HOSTILE_SCHEMA),
    )


def test_a_created_sqlite_file_has_the_catalog_of_a_migrated_one(official_file, our_file):
    assert_same(catalog.read_sqlite(official_file), catalog.read_sqlite(our_file))


def test_an_existing_database_without_the_schema_is_filled(official, client_factory, new_database):
    url = new_database()
    client = client_factory(url, lazy=True)
    assert client.call("create_system_database", {}) == CREATED
    assert_same(catalog.read_postgres(official()), catalog.read_postgres(url))


def test_only_the_named_schema_is_made(ours):
    with psycopg.connect(ours(HOSTILE_SCHEMA)) as connection:
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'"
        ).fetchall()
    assert sorted(name for (name,) in schemas) == ["public", HOSTILE_SCHEMA]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_official_migrations_find_nothing_left_to_do(ours, python_sdk, schema):
    url = ours(schema)
    before = catalog.read_postgres(url, schema)
    migrate_officially(python_sdk, url, schema)
    assert_same(before, catalog.read_postgres(url, schema))


def test_the_official_migrations_find_nothing_left_to_do_in_a_sqlite_file(our_file, python_sdk):
    before = catalog.read_sqlite(our_file)
    migrate(python_sdk, f"sqlite:///{our_file}")
    assert_same(before, catalog.read_sqlite(our_file))


def test_the_official_client_works_on_a_created_postgres_database(ours, python_sdk):
    printed = run(python_sdk / "python", "-c", ENQUEUE_AND_LIST, ours())
    assert printed.splitlines()[-1] == "w1 ENQUEUED (1,) {'key': 'x'}"


def test_the_official_client_works_on_a_created_sqlite_file(our_file, python_sdk):
    printed = run(python_sdk / "python", "-c", ENQUEUE_AND_LIST, f"sqlite:///{our_file}")
    assert printed.splitlines()[-1] == "w1 ENQUEUED (1,) {'key': 'x'}"


# --- Refusal -------------------------------------------------------------------------------------


def assert_refused(client: Any) -> None:
    with pytest.raises(DboscError) as refusal:
        client.call("create_system_database", {})
    assert refusal.value.kind == "system_database_exists"
    assert refusal.value.status == Status.CONFLICT


def add_workflow(connection: Any, prefix: str = "") -> None:
    connection.execute(
        f"INSERT INTO {prefix}workflow_status (workflow_uuid, created_at) VALUES ('kept', 7)"
    )
    connection.commit()


def assert_postgres_refused_and_untouched(client: Any, url: str, schema: str) -> None:
    prefix = quoted(schema) + "."
    workflows = f"SELECT workflow_uuid, created_at FROM {prefix}workflow_status"
    before = catalog.read_postgres(url, schema)
    with psycopg.connect(url) as connection:
        add_workflow(connection, prefix)
        assert_refused(client)
        assert connection.execute(workflows).fetchall() == [("kept", 7)]
    assert_same(before, catalog.read_postgres(url, schema))


def assert_file_refused_and_untouched(client: Any, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        add_workflow(connection)
    connection.close()
    before = path.read_bytes()
    assert_refused(client)
    assert path.read_bytes() == before


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_database_made_by_the_sdk_is_refused_and_left_untouched(official, client_factory, schema):
    url = official(schema)
    client = client_factory(url, lazy=True, schema=schema)
    assert_postgres_refused_and_untouched(client, url, schema)


def test_a_database_of_an_older_level_is_refused_and_not_migrated(official, client_factory):
    url = official()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE dbos.dbos_migrations SET version = 107")
        connection.execute("DROP TABLE dbos.workflow_input, dbos.workflow_output")
    assert_postgres_refused_and_untouched(client_factory(url, lazy=True), url, "dbos")
    assert catalog.read_postgres(url)["versions"] == [107]


def test_creating_a_database_twice_is_refused_the_second_time(ours, client_factory):
    url = ours()
    assert_postgres_refused_and_untouched(client_factory(url, lazy=True), url, "dbos")


def test_a_second_schema_in_the_same_database_is_not_refused(ours, client_factory):
    url = ours()
    before = catalog.read_postgres(url)
    second = client_factory(url, lazy=True, schema="second")
    assert second.call("create_system_database", {}) == CREATED
    assert_same(before, catalog.read_postgres(url))
    assert_same(before, catalog.read_postgres(url, "second"))


def test_a_sqlite_file_made_by_the_sdk_is_refused_and_left_untouched(official_file, client_factory):
    client = client_factory(f"sqlite:///{official_file}", lazy=True)
    assert_file_refused_and_untouched(client, official_file)


def test_creating_a_sqlite_file_twice_is_refused_the_second_time(our_file, client_factory):
    client = client_factory(f"sqlite:///{our_file}", lazy=True)
    assert_file_refused_and_untouched(client, our_file)
