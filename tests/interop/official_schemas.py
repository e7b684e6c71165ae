"""System databases as the official migrations make them, and the texts of them that we keep.

Those texts (tests/support/schemas) are what the contract suite loads; make_schemas.py writes them,
and tests run the migrations again and compare. README.md in the folder schemas tells how.
"""

import re
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

import catalog
from programs import required

PROGRAMS = Path(__file__).parent / "schemas"
TEXTS = Path(__file__).parent.parent / "support" / "schemas"
SECONDS = 900

# Stands for the schema's name while the migrations run; no other word of theirs contains it.
MARKER = "marker_of_the_schema"


@dataclass(frozen=True)
class OfficialSchema:
    """Where one release of an SDK stops."""

    sdk: str
    release: str
    level: int
    engine: str

    @property
    def name(self) -> str:
        return f"{self.sdk}-{self.level}.{self.engine}"

    @property
    def path(self) -> Path:
        return TEXTS / f"{self.name}.sql"

    @property
    def title(self) -> str:
        engine = {"postgres": "Postgres", "sqlite": "SQLite"}[self.engine]
        return f"-- {engine}, level {self.level}: made by the migrations of {self.release}."


PYTHON = "Python dbos 3.4.0"
GO = "Go github.com/dbos-inc/dbos-transact-golang v1.4.0"

SCHEMAS = [
    OfficialSchema("java", "Java dev.dbos:transact:1.1.0-m6", 41, "postgres"),
    OfficialSchema("rust", "Rust dbos 0.5.0", 108, "postgres"),
    OfficialSchema("go", GO, 113, "postgres"),
    OfficialSchema("typescript", "TypeScript @dbos-inc/dbos-sdk 5.3.0", 123, "postgres"),
    OfficialSchema("python", PYTHON, 125, "postgres"),
    OfficialSchema("go", GO, 112, "sqlite"),
    OfficialSchema("python", PYTHON, 125, "sqlite"),
]


# --- The official migrations ---------------------------------------------------------------------


def migrate(schema: OfficialSchema, url: str) -> None:
    """Runs the SDK's own migrations; on Postgres in the schema MARKER."""
    run = {
        "python": _migrate_by_python,
        "typescript": _migrate_by_typescript,
        "go": _migrate_by_go,
        "java": _migrate_by_java,
        "rust": _migrate_by_rust,
    }[schema.sdk]
    run(url)


def _run(*command: str | Path, folder: Path | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=folder)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def _migrate_by_python(url: str) -> None:
    dbos = Path(required("DBOSC_PYTHON_SDK")) / "dbos"
    _run(dbos, "migrate", "--sys-db-url", url, "--schema", MARKER)


def _migrate_by_typescript(url: str) -> None:
    command = Path(required("DBOSC_TYPESCRIPT_SDK")) / "@dbos-inc/dbos-sdk/dist/src/cli/cli.js"
    _run("node", command, "schema", "--schema", MARKER, url, folder=TEXTS)


def _migrate_by_go(url: str) -> None:
    _run(required("DBOSC_GO_MIGRATE"), url.replace("sqlite:///", "sqlite:"), MARKER)


def _migrate_by_java(url: str) -> None:
    libraries = Path(required("DBOSC_JAVA_SDK"))
    _run("java", "-cp", f"{libraries}/*", PROGRAMS / "java/Migrate.java", url, MARKER)


def _migrate_by_rust(url: str) -> None:
    _run(required("DBOSC_RUST_MIGRATE"), url, MARKER)


# --- Their texts ---------------------------------------------------------------------------------

# What pg_dump writes for psql, for itself or for a server's version.
_NOT_SCHEMA = re.compile(
    r"^(--( .*)?|\\.*|SET .*;|SELECT pg_catalog\.set_config.*;|CREATE SCHEMA .*;)$"
)


def text_of(schema: OfficialSchema, url: str) -> str:
    """SQL that makes the same tables in an empty schema `dbos`, or in an empty SQLite file."""
    write = _text_of_postgres if schema.engine == "postgres" else _text_of_sqlite
    lines = [line.rstrip() for line in write(url).split("\n")]
    text = "\n".join([schema.title, "", *lines])
    text = re.sub(r"\n{3,}", "\n\n", text).rstrip("\n")
    version = f"INSERT INTO dbos.dbos_migrations (version) VALUES ({schema.level});"
    return f"{text}\n\n{version}\n"


def _text_of_postgres(url: str) -> str:
    done = subprocess.run(
        [_pg_dump(), "--schema-only", "--no-owner", "--no-privileges", "-n", MARKER, url],
        check=True,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    lines = [line for line in done.stdout.split("\n") if not _NOT_SCHEMA.match(line)]
    text = "\n".join(lines)
    for spelling in (f'"{MARKER}".', f"{MARKER}."):
        text = text.replace(spelling, "dbos.")
    assert MARKER not in text, "the schema's name stands elsewhere than before a dot"
    return text


def _pg_dump() -> str:
    """The newest one, which reads every server; Debian's own command picks by its clusters."""
    found = Path("/usr/lib/postgresql").glob("*/bin/pg_dump")
    newest = max(found, key=lambda path: float(path.parts[-3]), default=Path("pg_dump"))
    return str(newest)


def _text_of_sqlite(url: str) -> str:
    with sqlite3.connect(_path(url)) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            " ORDER BY rowid"
        ).fetchall()
    connection.close()
    return "\n\n".join(f"{statement};" for (statement,) in rows)


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def load(schema: OfficialSchema, url: str) -> None:
    """Makes the tables of the committed text: on Postgres in a schema MARKER of its own."""
    text = schema.path.read_text()
    if schema.engine == "sqlite":
        with sqlite3.connect(_path(url)) as connection:
            connection.executescript(text.replace("dbos.", ""))
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(MARKER)))
        connection.execute(text.replace("dbos.", f'"{MARKER}".').encode())


# --- Comparing -----------------------------------------------------------------------------------

_BODIES = """
SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %s
"""


def read(schema: OfficialSchema, url: str) -> catalog.Catalog:
    """The catalog, with the bodies of functions but for their spacing."""
    if schema.engine == "sqlite":
        return catalog.read_sqlite(_path(url))
    found = catalog.read_postgres(url, MARKER)
    with psycopg.connect(url) as connection:
        rows = connection.execute(_BODIES, [MARKER]).fetchall()
    plain = f'"{MARKER}".', f"{MARKER}."
    found["bodies"] = {name: " ".join(body.replace(*plain).split()) for name, body in rows}
    return found
