"""Writes the texts of the official schemas anew, or compares them: make_schemas.py [--check] [NAME...].

Run by `scripts/test schemas`, which makes what it needs; schemas/README.md tells how to run it by hand.
"""

import argparse
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import catalog
from databases import database_name, execute
from official_schemas import SCHEMAS, OfficialSchema, load, migrate, read, text_of
from programs import required
from psycopg import sql


@contextmanager
def fresh_database(schema: OfficialSchema) -> Iterator[str]:
    """An empty database of the schema's engine, gone in the end."""
    if schema.engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'system.sqlite'}"
        return
    admin_url = required("DBOSC_TEST_POSTGRES_URL")
    with database_name(admin_url) as url:
        name = sql.Identifier(url.rsplit("/", 1)[1])
        execute(admin_url, sql.SQL("CREATE DATABASE {}").format(name))
        yield url


def check(schema: OfficialSchema) -> list[str]:
    """Where the committed text and the migrations part."""
    with fresh_database(schema) as official, fresh_database(schema) as committed:
        migrate(schema, official)
        load(schema, committed)
        return catalog.differences(read(schema, official), read(schema, committed))


def write(schema: OfficialSchema) -> list[str]:
    with fresh_database(schema) as official:
        migrate(schema, official)
        schema.path.write_text(text_of(schema, official))
    return check(schema)


def main() -> int:
    names = [schema.name for schema in SCHEMAS]
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("name", nargs="*", help=f"of {', '.join(names)}; default: all")
    arguments = parser.parse_args()
    if unknown := set(arguments.name) - set(names):
        parser.error(f"no schema {', '.join(sorted(unknown))}")
    failed = False
    for schema in SCHEMAS:
        if arguments.name and schema.name not in arguments.name:
            continue
        differences = (check if arguments.check else write)(schema)
        failed = failed or bool(differences)
        print(schema.name, "differs" if differences else "is as the migrations make it", flush=True)
        for line in differences:
            print("  " + line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
