"""Cases that write: enqueue and send, alone, at once, in bulk, over a slow link, on SQLite."""
import contextlib
import os
import shutil
import sqlite3

from . import contenders
from .contenders import proxy
from .database import add_rows, connect, migrate, reset, seed, statement_count
from .processes import pin_server, server_cpu_seconds
from .records import record, timed
from .settings import (BUILD, CLIENTS, COMMANDS, DB, EXTRA, LOGGED, ONE_BY_ONE, SMOKE, chosen, database_url, scaled,
                       taking_part)

RAW_ENQUEUES = ["raw:flight", "raw:cte", "raw:one", "raw:rt4"]


def enqueue(round_number):
    for size in (100, 10240):
        for sync in ("on", "off"):
            for who in taking_part(CLIENTS + RAW_ENQUEUES + (["pgbench"] if size == 100 else [])):
                timed("enqueue", f"enqueue/{size}B sync={sync}", who, round_number, sync=sync, n=scaled(1500),
                      warm=scaled(1000), size=size)


@contextlib.contextmanager
def _on_one_core():
    every, commands = os.sched_getaffinity(0), dict(COMMANDS)
    try:
        if not SMOKE:
            pin_server({0})
        COMMANDS.update({name: ["taskset", "-c", "0"] + command for name, command in commands.items()})
        yield
    finally:
        COMMANDS.update(commands)
        if not SMOKE:
            pin_server(every)


def onecore(round_number):
    """Client and server on one core, no commit flush: no wake-up of another core and no disk in the figures, so that
    they repeat. This is the case to hold a goal in terms of raw against; it shows the CPU's path only."""
    seed("perf_10k", 10000)
    count = dict(n=scaled(1500), warm=scaled(1500))
    with _on_one_core():
        for who in taking_part(CLIENTS + RAW_ENQUEUES):
            timed("enqueue", "onecore/enqueue 100B", who, round_number, sync="off", **count)
        for who in taking_part(["dbosc"] + LOGGED):
            timed("enqueue", "onecore/enqueue 100B, log taken", who, round_number, sync="off", **count)
        for who in taking_part(CLIENTS + ["raw"]):
            reset(DB, "off")
            add_rows(DB, "m-", 1)
            timed("send", "onecore/send 100B", who, round_number, keep=True, id="m-0", **count)
        for who in taking_part(CLIENTS + ["raw"]):
            timed("status", "onecore/retrieve one of 10k", who, round_number, db="perf_10k", keep=True, rows=10000,
                  **count)


def conc(round_number):
    for c, pool in ((8, 8), (32, 32), (32, 0)):
        for who in taking_part(CLIENTS + [ONE_BY_ONE] + (["raw:flight", "raw:pipe", "pgbench"] if pool else [])):
            timed("enqueue", f"conc/c={c} pool={pool or 'default'}", who, round_number, n=scaled(4000),
                  warm=scaled(1000), c=c, pool=pool)


def packages(round_number):
    """Our packages beside the C library and the official clients of their languages."""
    for c in (1, 32):
        for who in taking_part(["dbosc", "dbosc-go", "dbosc-java", "dbosc-ruby", "go", "java"]):
            # Of the Go SDK's connections one is its listener's.
            timed("enqueue", f"packages/c={c}", who, round_number, sync="off", n=scaled(4000), warm=scaled(2000), c=c,
                  pool=max(c, 4))


BULK = (
    ("dbosc", {}), ("py", dict(c=1)), ("py", dict(c=4)), ("ts", dict(c=1)), ("ts", dict(c=4)), ("go", dict(c=1)),
    ("go", dict(c=4)), ("java", dict(c=16, pool=16, warm=scaled(1000))), ("rust", dict(c=16, pool=16)),
    ("raw:unnest", {}), ("raw:copy", {}), ("raw:pipebatch", {}), ("raw:unnest:batch=32:commit=1", {}),
    ("raw:unnest:batch=100:commit=1", {}), ("raw:flightpipe", dict(c=64)))


def bulk(round_number):
    n = scaled(10000)
    for who, keys in BULK + tuple((name, {}) for name in EXTRA):
        if who not in EXTRA and not chosen(who):
            continue
        reset(DB)
        before = server_cpu_seconds()
        result = contenders.run(who, database_url(DB), op="bulk", n=n, size=100, **keys)
        result["srv_cpu_s"], result["total"] = server_cpu_seconds() - before, n + keys.get("warm", 0)
        record("bulk", f"bulk/{n}", who + (f" c={keys['c']}" if "c" in keys else ""), round_number, **result)


def send(round_number):
    for who in taking_part(CLIENTS + ["raw"]):
        reset(DB)
        add_rows(DB, "m-", 1)
        timed("send", "send/100B", who, round_number, keep=True, id="m-0", n=scaled(1000), warm=scaled(600))
    for who in taking_part(["dbosc", "py", "go", "java", "rust", "raw"]):
        reset(DB)
        add_rows(DB, "m-", 1)
        timed("sendbulk", f"sendbulk/{scaled(10000)}", who, round_number, keep=True, id="m-0", n=scaled(10000))


def rtt(round_number):
    """One enqueue after the other over a link with 1 ms round-trip time."""
    for who in taking_part(CLIENTS + ["raw:flight", "raw:rt4"]):
        with proxy(500) as link:
            timed("enqueue", "rtt/enqueue, 1 ms RTT", who, round_number, url=database_url(DB, link.port),
                  n=scaled(200), warm=scaled(50))


def _wire_counts(who, op, keys, n):
    """What crosses the wire in one run of n operations."""
    database = "perf_10k" if op == "status" else DB
    if op == "status":
        seed(database, 10000)
    else:
        reset(database)
        add_rows(database, "m-", 1)
    with proxy(0) as tap:
        contenders.run(who, database_url(database, tap.port), op=op, n=n, warm=100, **keys)
        return tap.counts()


def wire(round_number):
    """Messages, round trips and bytes an operation, by difference of two run lengths. Exact: one round is enough."""
    if round_number:
        return
    for op, keys in (("enqueue", {}), ("send", dict(id="m-0")), ("status", dict(rows=10000))):
        for who in taking_part(CLIENTS + (["raw:flight", "raw:cte", "raw:rt4"] if op == "enqueue" else ["raw"])):
            runs = scaled(400), scaled(1200)
            short, long = (_wire_counts(who, op, keys, n) for n in runs)
            each = {key: round((long[key] - short.get(key, 0)) / (runs[1] - runs[0]), 2) for key in long}
            each["conns"] = long["conns"]
            record("wire", f"wire/{op}", who, round_number, **each)
    for who in taking_part(CLIENTS) if statement_count(DB) is not None else ():
        record("wire", "wire/statements per 100 enqueues", who, round_number, statements=_statements(who))


def _statements(who):
    """The statements of 100 enqueues, from the server's own counters."""
    reset(DB)
    with connect(DB) as connection:
        connection.execute("select pg_stat_statements_reset()")
        contenders.run(who, database_url(DB), op="enqueue", n=100, warm=0)
        return connection.execute(
            "select calls, regexp_replace(left(query,70),'\\s+',' ','g') from pg_stat_statements s "
            "join pg_database d on d.oid=s.dbid where d.datname=current_database() and calls>=50 "
            "and query not like '%pg_stat%' order by 1 desc").fetchall()


def _fresh_file(journal):
    """A new system database in a file, in this journal mode."""
    folder = os.path.join(BUILD, "sqlite")
    os.makedirs(folder, exist_ok=True)
    base, file = os.path.join(folder, "base.sqlite"), os.path.join(folder, "run.sqlite")
    if not os.path.exists(base):
        migrate("sqlite:///" + base)
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(file + suffix):
            os.remove(file + suffix)
    shutil.copy(base, file)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(f"pragma journal_mode={journal}")
    return file


SQLITE = (("dbosc", "delete", ""), ("dbosc", "wal", ""), ("py", "delete", ""), ("go", "delete", ""),
          ("rawsqlite", "delete", "FULL"), ("rawsqlite", "wal", "FULL"), ("rawsqlite", "wal", "NORMAL"))
"""(who, the file's journal mode, sync)."""


def sqlite(round_number):
    for who, journal, sync in SQLITE + tuple((name, "delete", "") for name in EXTRA):
        if who not in EXTRA and not chosen(who):
            continue
        for op, n, warm in (("enqueue", scaled(1500), scaled(300)), ("bulk", scaled(10000), 0)):
            if op == "bulk" and who == "go":
                continue
            keys = dict(mode=journal, sync=sync) if sync else {}
            url = ("sqlite:" if who == "go" else "sqlite:///") + _fresh_file(journal)
            result = contenders.run(who, url, op=op, n=n, warm=warm, **keys)
            if not result.get("unsupported"):
                name = who if journal == "delete" and not sync else f"{who} {journal}" + (f"/{sync}" if sync else "")
                record("sqlite", f"sqlite/{op}", name, round_number, **result)


CASES = {case.__name__: case for case in (enqueue, onecore, conc, packages, bulk, send, rtt, wire, sqlite)}
