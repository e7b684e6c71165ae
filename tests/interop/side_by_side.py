"""Two equal databases: the official Python client works on one, ours on the other."""

import json
import re
import sqlite3
import time
from datetime import datetime
from typing import Any, Optional
from urllib.parse import urlsplit

import psycopg
from dbos import DBOSClient
from psycopg import sql

from dbosc_ffi import Client
from replies import Row, unpickled
from same_rows_world import Rows

APPLICATION = "app"

# Columns with an instant; one of this test run is shown as "<now>", or how far in the future it is.
CLOCKS = {
    "created_at",
    "updated_at",
    "completed_at",
    "created_at_epoch_ms",
    "started_at_epoch_ms",
    "completed_at_epoch_ms",
    "delay_until_epoch_ms",
    "debounce_deadline_epoch_ms",
    "version_timestamp",
    "version_timestamp_ms",
    "retention_timestamp",
    "created_at_ms",
    "updated_at_ms",
    "delay_until_ms",
}
# Columns with JSON, where white space and the order of keys mean nothing, or with a pickle, of which the
# value counts.
VALUE_COLUMNS = {
    "inputs",
    "output",
    "error",
    "value",
    "message",
    "attributes",
    "authenticated_roles",
    "context",
}

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# As the Python SDK writes an instant into the id and the arguments of a triggered run.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")

Tables = dict[str, list[Row]]


# --- Databases -----------------------------------------------------------------------------------


class Database:
    """A system database as its rows."""

    def __init__(self, url: str, rows: Rows) -> None:
        self.url = url
        self._is_sqlite = urlsplit(url).scheme == "sqlite"
        self._connection: Any = (
            sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            if self._is_sqlite
            else psycopg.connect(url, autocommit=True)
        )
        self._tables = self._read_tables()
        self._script = self._script_of(rows)
        # The rows as they are written, as the case finds them, and as they were last seen.
        self._world: Optional[Tables] = None
        self.untouched: Optional[Tables] = None
        self._last: Optional[Tables] = None

    def _read_tables(self) -> dict[str, list[str]]:
        """The columns of each table, read as text where a client would decode them."""
        if self._is_sqlite:
            query = (
                "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c"
                " WHERE t.type = 'table'"
            )
        else:
            query = (
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'dbos' ORDER BY ordinal_position"
            )
        tables: dict[str, list[str]] = {}
        for table, column, kind in self._connection.execute(query).fetchall():
            text = f'"{column}"::text AS "{column}"' if kind == "jsonb" else f'"{column}"'
            tables.setdefault(table, []).append(text)
        return tables

    def _name(self, table: str) -> str:
        return f'"{table}"' if self._is_sqlite else f'dbos."{table}"'

    def _literal(self, value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return str(value) if isinstance(value, int) else sql.quote(value)

    def _script_of(self, rows: Rows) -> str:
        """Empties all tables but the one of migrations, and writes the rows."""
        emptied = [t for t in self._tables if t not in ("dbos_migrations", "workflow_status")]
        statements = [f"DELETE FROM {self._name(t)}" for t in [*emptied, "workflow_status"]]
        for table, row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            values = ", ".join(self._literal(value) for value in row.values())
            statements.append(f"INSERT INTO {self._name(table)} ({columns}) VALUES ({values})")
        return f"BEGIN; {'; '.join(statements)}; COMMIT"

    def fill(self, without: Optional[str] = None) -> None:
        """Writes the rows that cases start from, if they are not there already; one may want a table empty."""
        if self._world is None or self._last != self._world:
            if self._is_sqlite:
                self._connection.executescript(self._script)
            else:
                self._connection.execute(self._script)
            self._world = self.rows()
        self.untouched = self._world
        if without:
            self._connection.execute(f"DELETE FROM {self._name(without)}")
            self.untouched = self.rows()

    def rows(self) -> Tables:
        """All rows of all tables."""
        found = {}
        for table, columns in self._tables.items():
            query = f"SELECT {', '.join(columns)} FROM {self._name(table)}"
            cursor = self._connection.execute(query)
            names = [each[0] for each in cursor.description]
            rows = [dict(zip(names, row)) for row in cursor.fetchall()]
            found[table] = sorted(rows, key=_sort_key)
        self._last = found
        return found

    def close(self) -> None:
        self._connection.close()


# --- What is compared ------------------------------------------------------------------------------


def _instant(value: int) -> Any:
    now = time.time() * 1000
    if abs(value - now) > 86_400_000:
        return value
    minutes = round((value - now) / 60_000)
    return f"<now + {minutes} min>" if minutes > 0 else "<now>"


def _moment(match: "re.Match[str]") -> str:
    instant = int(datetime.fromisoformat(match[0]).timestamp() * 1000)
    shown = _instant(instant)
    return match[0] if shown == instant else shown


def _canonical(text: str) -> str:
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        pass
    try:
        # With the zone of an instant, which JSON does not have.
        shown = lambda each: f"{each.isoformat()} {each.tzinfo!r}"
        return json.dumps(unpickled(text), sort_keys=True, default=shown)
    except ValueError:
        return text


def normal(column: str, value: Any, new_id: Optional[str] = None) -> Any:
    """A value without what no two calls have alike: clocks, and ids that were made up."""
    if isinstance(value, dict):
        return {key: normal(key, each, new_id) for key, each in value.items()}
    if isinstance(value, list):
        return [normal(column, each, new_id) for each in value]
    if column in CLOCKS and isinstance(value, int):
        return _instant(value)
    if not isinstance(value, str):
        return value
    if column in VALUE_COLUMNS:
        value = _canonical(value)
    value = MOMENT.sub(_moment, value)
    if column in VALUE_COLUMNS:
        return value
    if new_id:
        value = value.replace(new_id, "<new>")
    return UUID.sub("<uuid>", value)


def normal_rows(rows: Tables, new_id: Optional[str] = None) -> Tables:
    return {
        table: sorted((normal("", row, new_id) for row in found), key=_sort_key)
        for table, found in rows.items()
    }


def _sort_key(row: Row) -> list[str]:
    """By what identifies a row, so that rows that differ in the rest stand side by side."""
    identity = ("workflow_uuid", "message_uuid", "key", "function_id", "offset", "schedule_name")
    return [*(f"{row.get(each)!s:>20}" for each in identity), json.dumps(row, sort_keys=True)]


# --- The clients -----------------------------------------------------------------------------------


class SideBySide:
    """Both clients on their databases; made once for each kind of database."""

    def __init__(self, backend: str, their_url: str, our_url: str, rows: Rows) -> None:
        self.backend = backend
        self.their_database = Database(their_url, rows)
        self.our_database = Database(our_url, rows)
        self._clients: dict[Optional[str], tuple[DBOSClient, Client]] = {}

    def clients(self, application: Optional[str]) -> tuple[DBOSClient, Client]:
        """The Python client and ours, in the name of an application."""
        if application not in self._clients:
            theirs = DBOSClient(
                system_database_url=self.their_database.url, application_name=application
            )
            config = {
                "system_database_url": self.our_database.url,
                "application_name": application,
                "payload_columns": "split",
            }
            self._clients[application] = (theirs, Client(config))
        return self._clients[application]

    def close(self) -> None:
        for theirs, ours in self._clients.values():
            theirs.destroy()
            ours.close()
        self.their_database.close()
        self.our_database.close()
