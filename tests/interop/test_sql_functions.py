"""The SQL functions and the trigger of a created database do what those of a migrated one do.

The calls are listed in sql_function_cases.py.
"""

import re
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from sql_function_cases import ENQUEUE_CASES, FIRST, LONG_AGO, SEND_CASES, Case, send
from system_databases import HOSTILE_SCHEMA, SCHEMAS, quoted

CHANNEL = "dbos_notifications_channel"

# --- The SQL functions ---------------------------------------------------------------------------

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
