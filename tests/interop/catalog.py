"""Reads the whole catalog of a DBOS system database into a dict that compares with ==.

What is compared is what a reader or writer of the database can notice. The schema's name is
written as SCHEMA, so schemas of different names compare equal. Left out: the bodies of
functions (ours are our own; tests compare what they do), owners, grants, comments, statistics.
"""

import re
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

Catalog = dict[str, Any]

SCHEMA = "<schema>"

# The default of a time, as the SDKs bake it into a SQLite file: by the Python SDK below and from
# Python 3.12, and by the Go SDK. They differ in precision, so which one stands is no difference.
_SQLITE_TIME_DEFAULTS = (
    "strftime('%s','now') * 1000",
    "unixepoch('subsec') * 1000",
    "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
)
_SQLITE_TIME = "<epoch ms>"


def read_postgres(url: str, schema: str = "dbos") -> Catalog:
    """The catalog of one schema of the database at a URL."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        # Nothing of ours is on the path, so the server qualifies every name it prints.
        connection.execute("SET search_path = pg_catalog")
        reader = _Postgres(connection, schema)
        return {
            "relations": reader.relations(),
            "functions": reader.functions(),
            "sequences": reader.sequences(),
            "views": reader.views(),
            "types": reader.types(),
            "versions": reader.versions(),
        }


class _Postgres:
    """The queries, each over the objects of one schema."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]], schema: str) -> None:
        self._connection = connection
        found = self._rows(
            "SELECT oid, quote_ident(nspname) AS quoted FROM pg_namespace WHERE nspname = %s",
            schema,
        )
        if not found:
            raise LookupError(f"there is no schema {schema!r}")
        self._oid: int = found[0]["oid"]
        self._quoted: str = found[0]["quoted"]

    def _rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        return self._connection.execute(query, arguments).fetchall()

    def _own(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query that takes the schema's oid, with its name written as SCHEMA."""
        prefix = self._quoted + "."
        return [
            {
                key: value.replace(prefix, SCHEMA + ".") if isinstance(value, str) else value
                for key, value in row.items()
            }
            for row in self._rows(query, self._oid)
        ]

    def _by_relation(self, query: str) -> dict[str, dict[str, Any]]:
        """Rows as {relation: {name: the rest}}; the query names those two columns."""
        grouped: dict[str, dict[str, Any]] = {}
        for row in self._own(query):
            grouped.setdefault(row.pop("relation"), {})[row.pop("name")] = row
        return grouped

    def relations(self) -> Catalog:
        parts = {
            "columns": self._by_relation(_COLUMNS),
            "indexes": self._by_relation(_INDEXES),
            "constraints": self._by_relation(_CONSTRAINTS),
            "triggers": self._by_relation(_TRIGGERS),
            "rules": self._by_relation(_RULES),
            "policies": self._by_relation(_POLICIES),
        }
        return {
            row.pop("name"): row | {part: found.get(name, {}) for part, found in parts.items()}
            for row in self._own(_RELATIONS)
            for name in [row["name"]]
        }

    def functions(self) -> Catalog:
        return {f"{row.pop('name')}({row.pop('types')})": row for row in self._own(_FUNCTIONS)}

    def sequences(self) -> Catalog:
        return {row.pop("name"): row for row in self._own(_SEQUENCES)}

    def views(self) -> Catalog:
        return {row["name"]: row["definition"] for row in self._own(_VIEWS)}

    def types(self) -> Catalog:
        return {row.pop("name"): row for row in self._own(_TYPES)}

    def versions(self) -> list[int]:
        """What the version table holds, or nothing where there is none."""
        if not self._rows(
            "SELECT FROM pg_class WHERE relnamespace = %s AND relname = 'dbos_migrations'",
            self._oid,
        ):
            return []
        rows = self._rows(f"SELECT version FROM {self._quoted}.dbos_migrations ORDER BY version")
        return [row["version"] for row in rows]


_RELATIONS = """
SELECT relname AS name, relkind AS kind, relpersistence AS persistence, reloptions AS options,
       relrowsecurity AS row_security, relreplident AS replica_identity
FROM pg_class
WHERE relnamespace = %s AND relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY relname
"""

# attnum, not a count over what is left: a dropped column would leave a hole, and that shows.
_COLUMNS = """
SELECT c.relname AS relation, a.attname AS name, a.attnum AS position,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
       pg_get_expr(d.adbin, d.adrelid) AS "default", a.attidentity AS identity,
       a.attgenerated AS generated, a.attstorage AS storage, l.collname AS collation
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relnamespace = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""

# The definition prints an operator class only where it is not the default one.
_INDEXES = """
SELECT t.relname AS relation, i.relname AS name, pg_get_indexdef(x.indexrelid) AS definition,
       pg_get_expr(x.indpred, x.indrelid) AS predicate, x.indnkeyatts AS key_columns,
       ARRAY(SELECT o.opcname::text FROM unnest(x.indclass::oid[]) WITH ORDINALITY k (class, n)
             JOIN pg_opclass o ON o.oid = k.class ORDER BY k.n) AS operator_classes,
       x.indisunique AS is_unique, x.indisprimary AS is_primary, x.indisvalid AS valid,
       x.indimmediate AS immediate
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = %s
ORDER BY t.relname, i.relname
"""

_CONSTRAINTS = """
SELECT t.relname AS relation, n.conname AS name, n.contype AS kind,
       pg_get_constraintdef(n.oid) AS definition, n.convalidated AS validated
FROM pg_constraint n
JOIN pg_class t ON t.oid = n.conrelid
WHERE t.relnamespace = %s
ORDER BY t.relname, n.conname
"""

_TRIGGERS = """
SELECT t.relname AS relation, g.tgname AS name, pg_get_triggerdef(g.oid) AS definition,
       g.tgenabled AS enabled
FROM pg_trigger g
JOIN pg_class t ON t.oid = g.tgrelid
WHERE t.relnamespace = %s AND NOT g.tgisinternal
ORDER BY t.relname, g.tgname
"""

_RULES = """
SELECT t.relname AS relation, r.rulename AS name, pg_get_ruledef(r.oid) AS definition
FROM pg_rewrite r
JOIN pg_class t ON t.oid = r.ev_class
WHERE t.relnamespace = %s AND r.rulename <> '_RETURN'
"""

_POLICIES = """
SELECT t.relname AS relation, p.polname AS name, p.polcmd AS command,
       p.polpermissive AS permissive, pg_get_expr(p.polqual, p.polrelid) AS using_condition,
       pg_get_expr(p.polwithcheck, p.polrelid) AS check_condition
FROM pg_policy p
JOIN pg_class t ON t.oid = p.polrelid
WHERE t.relnamespace = %s
"""

_FUNCTIONS = """
SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS types,
       pg_get_function_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result,
       l.lanname AS language, p.prokind AS kind, p.provolatile AS volatility,
       p.proisstrict AS strict, p.prosecdef AS security_definer, p.proleakproof AS leakproof,
       p.proparallel AS parallel, p.procost AS cost, p.prorows AS rows, p.proconfig AS settings
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = %s
ORDER BY 1, 2
"""

_SEQUENCES = """
SELECT c.relname AS name, s.seqtypid::regtype::text AS type, s.seqstart AS start,
       s.seqincrement AS increment, s.seqmin AS minimum, s.seqmax AS maximum,
       s.seqcache AS cache, s.seqcycle AS cycle
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = %s
ORDER BY c.relname
"""

_VIEWS = """
SELECT relname AS name, pg_get_viewdef(oid) AS definition
FROM pg_class
WHERE relnamespace = %s AND relkind IN ('v', 'm')
ORDER BY relname
"""

# Those made on purpose: not the row type and the array type that come with every table.
_TYPES = """
SELECT t.typname AS name, t.typtype AS kind, format_type(t.typbasetype, t.typtypmod) AS base,
       ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid
             ORDER BY e.enumsortorder) AS labels
FROM pg_type t
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typnamespace = %s AND t.typelem = 0 AND coalesce(c.relkind, 'c') = 'c'
ORDER BY t.typname
"""


def read_sqlite(path: str | Path) -> Catalog:
    """The catalog of a SQLite file, which must exist."""
    connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        reader = _Sqlite(connection)
        return {
            "tables": {name: reader.table(name) for name in reader.names("table")},
            "views": reader.definitions("view"),
            "triggers": reader.definitions("trigger"),
            "versions": reader.versions(),
        }
    finally:
        connection.close()


class _Sqlite:
    """What PRAGMAs tell, and from the stored SQL only what they do not."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._connection.execute(query, arguments)]

    def names(self, kind: str) -> list[str]:
        rows = self._rows("SELECT name FROM sqlite_master WHERE type = ? ORDER BY name", kind)
        return [row["name"] for row in rows if not row["name"].startswith("sqlite_")]

    def definitions(self, kind: str) -> Catalog:
        return {name: normalized_sql(self._stored_sql(kind, name)) for name in self.names(kind)}

    def _stored_sql(self, kind: str, name: str) -> str:
        rows = self._rows("SELECT sql FROM sqlite_master WHERE type = ? AND name = ?", kind, name)
        return rows[0]["sql"] or ""

    def table(self, name: str) -> Catalog:
        words = normalized_sql(self._stored_sql("table", name)).split()
        options = self._rows("SELECT wr, strict FROM pragma_table_list WHERE name = ?", name)
        return {
            "columns": self._columns(name),
            "indexes": self._indexes(name),
            "foreign_keys": self._foreign_keys(name),
            "options": options,
            # No PRAGMA tells of these, so a table that has any is told from one that has none.
            "words": {word: words.count(word) for word in ("check", "collate", "autoincrement")},
        }

    def _columns(self, table: str) -> Catalog:
        return {
            row.pop("name"): row | {"dflt_value": _sqlite_default(row["dflt_value"])}
            for row in self._rows("SELECT * FROM pragma_table_xinfo(?)", table)
        }

    def _indexes(self, table: str) -> Catalog:
        rows = self._rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', table)
        for row in rows:
            row["columns"] = self._rows("SELECT * FROM pragma_index_xinfo(?)", row["name"])
            row["predicate"] = _predicate(self._stored_sql("index", row["name"]))
        return {row.pop("name"): row for row in sorted(rows, key=lambda row: row["name"])}

    def _foreign_keys(self, table: str) -> list[Catalog]:
        rows = self._rows("SELECT * FROM pragma_foreign_key_list(?)", table)
        return sorted(rows, key=lambda row: (row["id"], row["seq"]))

    def versions(self) -> list[int]:
        if "dbos_migrations" not in self.names("table"):
            return []
        rows = self._rows("SELECT version FROM dbos_migrations ORDER BY version")
        return [row["version"] for row in rows]


_TOKEN = re.compile(r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | \w+ | \S""", re.VERBOSE)


def normalized_sql(sql: str) -> str:
    """SQL as words parted by one space: names unquoted, all but strings in lower case."""
    words = []
    for token in _TOKEN.findall(sql):
        if token.startswith("--"):
            continue
        quoted = len(token) > 1 and token.startswith('"')
        word = token[1:-1].replace('""', '"') if quoted else token
        words.append(word if token.startswith("'") else word.lower())
    return " ".join(words)


def _predicate(index_sql: str) -> str | None:
    _, found, predicate = normalized_sql(index_sql).partition(" where ")
    return predicate if found else None


def _sqlite_default(text: str | None) -> str | None:
    if text is None:
        return None
    normal = normalized_sql(text)
    times = {normalized_sql(default) for default in _SQLITE_TIME_DEFAULTS}
    return _SQLITE_TIME if normal in times else normal


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Where two catalogs part, a line each; empty where they are equal."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        lines = []
        for key in sorted(expected.keys() | actual.keys(), key=str):
            where = f"{path}/{key}"
            if key not in actual:
                lines.append(f"{where}: missing")
            elif key not in expected:
                lines.append(f"{where}: not expected")
            else:
                lines += differences(expected[key], actual[key], where)
        return lines
    return [] if expected == actual else [f"{path}: expected {expected!r}, is {actual!r}"]
