"""create_system_database makes what the official migrations make, and never touches what is there.

The official side is made once a session by the SDK's own migrations; a test gets a copy of it.
"""

import re
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import dict_row

import catalog
from dbosc_ffi import DboscError, Status

HOSTILE_SCHEMA = 'we"ird schema'
SCHEMAS = ["dbos", HOSTILE_SCHEMA]
CHANNEL = "dbos_notifications_channel"

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

ENQUEUE_AND_LIST = """
import sys
from dbos import DBOSClient

client = DBOSClient(system_database_url=sys.argv[1])
handle = client.enqueue({"workflow_name": "wf", "queue_name": "q", "workflow_id": "w1"}, 1, key="x")
client.send("w1", {"text": "hello"}, topic="greetings", idempotency_key="m1")
found = client.list_workflows(workflow_ids=["w1"])
print(handle.workflow_id, found[0].status, found[0].input["args"], found[0].input["kwargs"])
"""


# --- Databases -----------------------------------------------------------------------------------


class PostgresServer:
    """Makes databases on the server of an admin URL, and drops them in the end."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._made: list[str] = []

    def create(self, template: str | None = None) -> str:
        name = f"dbosc_{uuid4().hex}"
        source = sql.Identifier(urlsplit(template).path[1:] if template else "template1")
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
        self._made.append(name)
        return urlsplit(self._admin_url)._replace(path=f"/{name}").geturl()

    def drop_all(self) -> None:
        for name in self._made:
            self._run(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture
def server(postgres_url):
    server = PostgresServer(postgres_url)
    yield server
    server.drop_all()


@pytest.fixture(scope="session")
def official_originals(postgres_url):
    """A server of its own for the databases the SDK migrated, and these by schema and switch."""
    server = PostgresServer(postgres_url)
    yield server, {}
    server.drop_all()


@pytest.fixture
def official(official_originals, python_sdk, server):
    """Makes a database as the SDK does: a fresh copy at every call."""
    keeper, originals = official_originals

    def make(schema: str = "dbos", listen_notify: bool = True) -> str:
        key = (schema, listen_notify)
        if key not in originals:
            originals[key] = keeper.create()
            migrate_officially(python_sdk, originals[key], schema, listen_notify)
        return server.create(template=originals[key])

    return make


@pytest.fixture
def ours(client_factory, missing_database_url):
    """Makes a database by the operation under test, once a test."""

    def make(schema: str = "dbos", **request: Any) -> str:
        client = client_factory(missing_database_url, lazy=True, schema=schema)
        assert client.call("create_system_database", request) == CREATED
        return missing_database_url

    return make


def migrate_officially(python_sdk: Path, url: str, schema: str, listen_notify: bool = True) -> None:
    if listen_notify:
        run(python_sdk / "dbos", "migrate", "--sys-db-url", url, "--schema", schema)
    else:
        run(python_sdk / "python", "-c", MIGRATE_WITHOUT_LISTEN_NOTIFY, url, schema)


def quoted(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def official_file(tmp_path, python_sdk) -> Path:
    path = tmp_path / "official.sqlite"
    run(python_sdk / "dbos", "migrate", "--sys-db-url", f"sqlite:///{path}")
    return path


@pytest.fixture
def our_file(tmp_path, client_factory) -> Path:
    path = tmp_path / "ours.sqlite"
    client = client_factory(f"sqlite:///{path}", lazy=True)
    assert client.call("create_system_database", {}) == CREATED
    return path


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


def test_an_existing_database_without_the_schema_is_filled(official, client_factory, server):
    url = server.create()
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
    run(python_sdk / "dbos", "migrate", "--sys-db-url", f"sqlite:///{our_file}")
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


# --- The SQL functions ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A statement, what it is refused as (its SQLSTATE), and the statements run before it."""

    call: str
    refused_as: str | None = None
    after: tuple[str, ...] = ()


RAISED = "P0001"
UNIQUE_VIOLATION = "23505"
FOREIGN_KEY_VIOLATION = "23503"
NOT_NULL_VIOLATION = "23502"
TOO_LONG = "22001"

FIRST = "SELECT dbos.enqueue_workflow('wf', 'q', workflow_id => 'w1')"
HOLDER = "SELECT dbos.enqueue_workflow('wf', 'q', workflow_id => 'w0', deduplication_id => 'd')"
LONG_AGO = "UPDATE dbos.workflow_status SET created_at = 5, updated_at = 5"

ALL_ARGUMENTS = """
SELECT dbos.enqueue_workflow(
  'wf', 'q', ARRAY['1', '"x"', '{"a": [1,2] }']::json[], '{"k":  1, "b":null}', 'cls', 'cfg', 'w1',
  'v1', 5000, 99, 'd', 7, 'pk', 'user', '["role"]', 123, 'app')
"""

ALL_ARGUMENTS_BY_NAME = """
SELECT dbos.enqueue_workflow(
  workflow_name => 'wf', queue_name => 'q', positional_args => ARRAY['1']::json[],
  named_args => '{"k": 1}', class_name => 'cls', config_name => 'cfg', workflow_id => 'w1',
  app_version => 'v1', timeout_ms => 5000, deadline_epoch_ms => 99, deduplication_id => 'd',
  priority => 7, queue_partition_key => 'pk', authenticated_user => 'user',
  authenticated_roles => '["role"]', delay_until_epoch_ms => 123, application_name => 'app')
"""

ALL_TEXTS_EMPTY = """
SELECT dbos.enqueue_workflow(
  'wf', 'q', class_name => '', config_name => '', workflow_id => 'w1', app_version => '',
  deduplication_id => '', queue_partition_key => '', authenticated_user => '',
  authenticated_roles => '', application_name => '')
"""


def enqueue(arguments: str, workflow_id: str = "'w1'") -> str:
    return f"SELECT dbos.enqueue_workflow({arguments}, workflow_id => {workflow_id})"


def send(arguments: str) -> str:
    return f"SELECT dbos.send_message({arguments})"


ENQUEUE_CASES = {
    "all arguments": Case(ALL_ARGUMENTS),
    "all arguments by name": Case(ALL_ARGUMENTS_BY_NAME),
    "defaults": Case("SELECT dbos.enqueue_workflow('wf', 'q')"),
    "a NULL id": Case(enqueue("'wf', 'q'", "NULL")),
    "an empty id": Case(enqueue("'wf', 'q'", "''"), RAISED),
    "a blank name": Case(enqueue("' ', ' '", "' '")),
    "an empty workflow name": Case(enqueue("'', 'q'"), RAISED),
    "a NULL workflow name": Case(enqueue("NULL, 'q'"), RAISED),
    "an empty queue name": Case(enqueue("'wf', ''"), RAISED),
    "a NULL queue name": Case(enqueue("'wf', NULL"), RAISED),
    "empty optional texts": Case(ALL_TEXTS_EMPTY),
    "a class name too long": Case(enqueue("'wf', 'q', class_name => repeat('x', 256)"), TOO_LONG),
    "NULL arguments": Case(enqueue("'wf', 'q', NULL, NULL")),
    "NULLs in positional_args": Case(enqueue("'wf', 'q', ARRAY[NULL, 'null']::json[]")),
    "nested positional_args": Case(enqueue("'wf', 'q', ARRAY[['1', '2'], ['3', '4']]::json[]")),
    "digits and spacing of JSON": Case(
        enqueue("""'wf', 'q', ARRAY['1.50', ' 1e400 ', '"\\u00e9"']::json[], '{ "b":1,"b" : 2}'""")
    ),
    "named_args an array": Case(enqueue("'wf', 'q', named_args => '[]'"), RAISED),
    "named_args a text": Case(enqueue("""'wf', 'q', named_args => '"x"'"""), RAISED),
    "named_args a JSON null": Case(enqueue("'wf', 'q', named_args => 'null'"), RAISED),
    "a negative delay": Case(enqueue("'wf', 'q', delay_until_epoch_ms => -1"), RAISED),
    "delay 0": Case(enqueue("'wf', 'q', delay_until_epoch_ms => 0")),
    "a negative timeout, deadline, priority": Case(
        enqueue("'wf', 'q', timeout_ms => -1, deadline_epoch_ms => -2, priority => -3")
    ),
    "a dedup collision": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"), UNIQUE_VIOLATION, (HOLDER,)
    ),
    "a dedup id held in another queue": Case(
        enqueue("'wf', 'q2', deduplication_id => 'd'"), after=(HOLDER,)
    ),
    "a dedup id held by the same workflow": Case(HOLDER, after=(HOLDER, LONG_AGO)),
    "a dedup id free again": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"),
        after=(HOLDER, "UPDATE dbos.workflow_status SET deduplication_id = NULL"),
    ),
    "a dedup collision of an existing workflow": Case(
        enqueue("'wf', 'q', deduplication_id => 'd'"), after=(HOLDER, FIRST, LONG_AGO)
    ),
    "an existing id": Case(FIRST, after=(FIRST, LONG_AGO)),
    "an existing id with other arguments": Case(ALL_ARGUMENTS, after=(FIRST, LONG_AGO)),
    "an existing id, finished": Case(
        FIRST, after=(FIRST, LONG_AGO, "UPDATE dbos.workflow_status SET status = 'SUCCESS'")
    ),
    "an existing id without an input row": Case(
        FIRST,
        after=(
            "INSERT INTO dbos.workflow_status (workflow_uuid, inputs) VALUES ('w1', '[1]')",
            LONG_AGO,
        ),
    ),
    "an input row without its workflow": Case(
        FIRST, after=("INSERT INTO dbos.workflow_input VALUES ('w1', '[1]', 5)",)
    ),
    "an existing id and a refused argument": Case(
        enqueue("'wf', 'q', named_args => '[]'"), RAISED, (FIRST, LONG_AGO)
    ),
}

SEND_CASES = {
    "all arguments": Case(send("""'w1', '{"a":  1}', 'topic', 'm1'"""), after=(FIRST,)),
    "all arguments by name": Case(
        send("destination_id => 'w1', message => '1', topic => 't', message_id => 'm1'"),
        after=(FIRST,),
    ),
    "defaults": Case(send("'w1', '1'"), after=(FIRST,)),
    "a NULL topic": Case(send("'w1', '1', NULL, 'm1'"), after=(FIRST,)),
    "an empty topic": Case(send("'w1', '1', '', 'm1'"), after=(FIRST,)),
    "an empty message id": Case(send("'w1', '1', 't', ''"), after=(FIRST,)),
    "a JSON null": Case(send("'w1', 'null', 't', 'm1'"), after=(FIRST,)),
    "a NULL message": Case(send("'w1', NULL, 't', 'm1'"), NOT_NULL_VIOLATION, (FIRST,)),
    "a NULL destination": Case(send("NULL, '1', 't', 'm1'"), NOT_NULL_VIOLATION, (FIRST,)),
    "an empty destination": Case(send("'', '1', 't', 'm1'"), FOREIGN_KEY_VIOLATION, (FIRST,)),
    "a missing destination": Case(send("'no', '1', 't', 'm1'"), FOREIGN_KEY_VIOLATION, (FIRST,)),
    "a duplicate message id": Case(
        send("'w1', '2', 'other', 'm1'"), after=(FIRST, send("'w1', '1', 't', 'm1'"))
    ),
    "a duplicate message id to a missing destination": Case(
        send("'no', '2', 't', 'm1'"), after=(FIRST, send("'w1', '1', 't', 'm1'"))
    ),
}


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AROUND_NOW_MS = 600_000


def without_uuid(value: Any) -> Any:
    return "<uuid>" if isinstance(value, str) and _UUID.fullmatch(value) else value


def without_clock(value: Any, now_ms: int) -> Any:
    is_now = isinstance(value, int) and abs(value - now_ms) < _AROUND_NOW_MS
    return "<now>" if is_now else value


def outcome(connection: psycopg.Connection, statement: str) -> tuple[str, Any]:
    try:
        (value,) = connection.execute(statement).fetchone()
        return "returned", without_uuid(value)
    except psycopg.Error as error:
        return "refused", error.sqlstate


def rows(connection: psycopg.Connection, table: str) -> list[dict[str, Any]]:
    """All rows of a table, with what is random and what the clock gave taken out."""
    cursor = connection.cursor(row_factory=dict_row)
    now = cursor.execute("SELECT (EXTRACT(epoch FROM now()) * 1000)::bigint AS ms").fetchone()["ms"]
    found = [
        {column: without_clock(without_uuid(value), now) for column, value in row.items()}
        for row in cursor.execute(f"SELECT * FROM {table}")
    ]
    return sorted(found, key=repr)


def play(case: Case, url: str, schema: str) -> dict[str, Any]:
    """Runs a case; what its call came to, and all rows that are there afterwards."""
    prefix = quoted(schema) + "."
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in case.after:
            connection.execute(statement.replace("dbos.", prefix))
        return {
            "outcome": outcome(connection, case.call.replace("dbos.", prefix)),
            "workflows": rows(connection, prefix + "workflow_status"),
            "inputs": rows(connection, prefix + "workflow_input"),
            "messages": rows(connection, prefix + "notifications"),
        }


def assert_same_behaviour(case: Case, official_url: str, our_url: str) -> None:
    expected = play(case, official_url, "dbos")
    assert play(case, our_url, HOSTILE_SCHEMA) == expected
    verdict, value = expected["outcome"]
    assert (value if verdict == "refused" else None) == case.refused_as


@pytest.mark.parametrize("case", ENQUEUE_CASES.values(), ids=ENQUEUE_CASES)
def test_enqueue_workflow_behaves_as_the_official_function(official, ours, case):
    assert_same_behaviour(case, official(), ours(HOSTILE_SCHEMA))


@pytest.mark.parametrize("case", SEND_CASES.values(), ids=SEND_CASES)
def test_send_message_behaves_as_the_official_function(official, ours, case):
    assert_same_behaviour(case, official(), ours(HOSTILE_SCHEMA))


def test_the_functions_take_the_time_of_the_transaction(official, ours):
    for url in (official(), ours()):
        with psycopg.connect(url) as connection:
            connection.execute("SELECT pg_sleep(0.02)")
            connection.execute(FIRST)
            connection.execute(LONG_AGO)
            connection.execute("SELECT pg_sleep(0.02)")
            connection.execute(FIRST)
            connection.execute(send("'w1', '1'"))
            off = connection.execute(
                """
                SELECT w.updated_at - t.ms, i.retention_timestamp - t.ms,
                       n.created_at_epoch_ms - t.ms
                FROM dbos.workflow_status w, dbos.workflow_input i, dbos.notifications n,
                     (SELECT (EXTRACT(epoch FROM now()) * 1000.0)::bigint AS ms) t
                """
            ).fetchall()
        assert off == [(0, 0, 0)]


# --- The trigger ---------------------------------------------------------------------------------

SENDS = [
    FIRST,
    send("'w1', '1', 'topic'"),
    send("'w1', '1', '', 'm1'"),
    send("'w1', '1', NULL, 'm2'"),
    send("'w1', '1', 'ignored', 'm2'"),
    "INSERT INTO dbos.notifications (destination_uuid, topic, message) VALUES ('w1', 'a::b', '1')",
    "INSERT INTO dbos.notifications (destination_uuid, message) VALUES ('w1', '1')",
    "UPDATE dbos.notifications SET consumed = TRUE",
    "DELETE FROM dbos.notifications",
]


def payloads_of_sends(url: str, schema: str) -> list[str]:
    with (
        psycopg.connect(url, autocommit=True) as listener,
        psycopg.connect(url, autocommit=True) as sender,
    ):
        listener.execute(f"LISTEN {CHANNEL}")
        for statement in SENDS:
            sender.execute(statement.replace("dbos.", quoted(schema) + "."))
        sender.execute("SELECT pg_notify(%s, 'the end')", (CHANNEL,))
        heard = []
        for notice in listener.notifies(timeout=30):
            heard.append(notice.payload)
            if notice.payload == "the end":
                break
    return heard


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_trigger_announces_destination_and_topic_of_each_message(official, ours, schema):
    heard = payloads_of_sends(ours(schema), schema)
    assert heard == ["w1::topic", "w1::", "w1::__null__topic__", "w1::a::b", "", "the end"]
    assert heard == payloads_of_sends(official(schema), schema)


def test_without_listen_notify_a_message_is_stored_and_not_announced(official, ours):
    url = ours(use_listen_notify=False)
    assert payloads_of_sends(url, "dbos") == ["the end"]
    assert payloads_of_sends(official(listen_notify=False), "dbos") == ["the end"]
