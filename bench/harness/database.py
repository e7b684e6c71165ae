"""The database's side: making and filling it, and playing the worker."""
import os
import subprocess

import psycopg

from .settings import DBOS_CLI, HERE, database_url

TABLES = ("workflow_status", "workflow_input", "workflow_output", "notifications", "streams", "workflow_events")

FINISH = """
update dbos.workflow_status set status='SUCCESS', output='"ok"', serialization='portable_json',
    completed_at=(extract(epoch from now())*1000)::bigint, updated_at=(extract(epoch from now())*1000)::bigint
where workflow_uuid = %s"""
"""What ends a workflow, as a worker does it."""
FINISH_ALL = FINISH.replace("= %s", "like %s")


def connect(database):
    return psycopg.connect(database_url(database), autocommit=True)


def migrate(url):
    """Makes the system tables with the official command-line tool."""
    subprocess.run([DBOS_CLI, "migrate", "--sys-db-url", url], check=True, capture_output=True, timeout=120)


def make_database(database):
    """False when it was there."""
    with connect("postgres") as connection:
        if connection.execute("select 1 from pg_database where datname=%s", (database,)).fetchone():
            return False
        connection.execute(f'create database "{database}"')
    migrate(database_url(database))
    try:
        with connect(database) as connection:
            connection.execute("create extension if not exists pg_stat_statements")
    except psycopg.Error:
        pass  # the columns that need it stay empty
    return True


def reset(database, sync="on"):
    """Empties it; `sync` is its synchronous_commit from now on."""
    with connect(database) as connection:
        connection.execute(f"alter database {database} set synchronous_commit={sync}")
        connection.execute("truncate " + ", ".join("dbos." + table for table in TABLES) + " cascade")


def add_rows(database, prefix, count, status="PENDING"):
    with connect(database) as connection:
        connection.execute(
            "insert into dbos.workflow_status(workflow_uuid,status,name,queue_name,serialization) "
            "select %s||i,%s,'perf_wf','perf_q','portable_json' from generate_series(0,%s) i",
            (prefix, status, count - 1))


def seed(database, rows):
    """Fills a table with finished and unfinished workflows spread over 30 days."""
    if not make_database(database):
        with connect(database) as connection:
            if connection.execute("select count(*) from dbos.workflow_status").fetchone()[0] == rows:
                return
            connection.execute("truncate dbos.workflow_status, dbos.workflow_input, dbos.workflow_output cascade")
    with open(os.path.join(HERE, "sql", "seed.sql")) as file:
        statements = file.read().replace(":rows", str(rows)).split(";")
    with connect(database) as connection:
        connection.execute("set synchronous_commit=off")
        for statement in statements:
            if statement.strip():
                connection.execute(statement)


def statement_count(database):
    """Statements that the database has run, or None without pg_stat_statements."""
    with connect(database) as connection:
        try:
            return connection.execute(
                "select coalesce(sum(calls),0)::bigint from pg_stat_statements s join pg_database d on d.oid=s.dbid "
                "where d.datname=current_database() and query not like '%%pg_stat_statements%%'").fetchone()[0]
        except psycopg.Error:
            return None
