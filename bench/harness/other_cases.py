"""Cases that read lists, start a process, and do nothing."""
import math
import time

from . import contenders
from .database import connect, reset, seed, statement_count
from .processes import cpu_seconds, memory_kb, threads, wake_ups
from .records import record, timed
from .settings import BIG_ROWS, CLIENTS, DB, database_url, pause, scaled, taking_part

clock = time.monotonic_ns
DAY_MS = 86_400_000


def list_workflows(round_number):
    seed("perf_10k", 10000)
    seed("perf_1m", BIG_ROWS)
    with connect("perf_1m") as connection:
        newest = connection.execute("select max(created_at) from dbos.workflow_status").fetchone()[0]
    for variant in ("full", "bare"):
        for who in taking_part(CLIENTS + ["raw", "raw:single=1"]):
            timed("list", f"list/10k rows {variant}", who, round_number, db="perf_10k", keep=True, variant=variant, n=3)
    for variant in ("queue", "name", "desc", "prefix", "error", "user"):
        for who in taking_part(CLIENTS + ["raw"]):
            timed("list", f"list/1M {variant} limit 100", who, round_number, db="perf_1m", keep=True, variant=variant,
                  n=2 if variant == "user" else 10, t0=newest - 2 * DAY_MS, t1=newest - DAY_MS)
    for who in taking_part(CLIENTS + ["raw"]):
        timed("status", "status/1M retrieve one", who, round_number, db="perf_1m", keep=True, rows=BIG_ROWS,
              n=scaled(1000), warm=scaled(600))


def cold(round_number):
    reset(DB)
    for who in taking_part(CLIENTS + ["raw"]):
        first = []
        start = clock()

        def on_line(line, _):
            if line.startswith("FIRST"):
                first.append((int(line.split()[1]) - start) / 1e6)
        result = contenders.run(who, database_url(DB), on_line, op="cold")
        if not result.get("failed"):
            record("cold", "cold/start to first enqueue", who, round_number, first_ms=first[0],
                   connected_ms=(result["ready_ns"] - start) / 1e6, exit_ms=(clock() - start) / 1e6,
                   rss_kb=result["rss_kb"])


def idle(round_number):
    for who in taking_part(["dbosc", "py", "py:listen=1", "ts", "go", "java", "rust", "raw"]):
        reset(DB)
        seconds, figures = pause(6.0), {}

        def on_line(line, process):
            if line != "READY":
                return
            time.sleep(pause(1.5))
            statements, cpu, woken = statement_count(DB), cpu_seconds(process.pid), wake_ups(process.pid)
            time.sleep(seconds)
            figures["cpu_ms_per_s"] = (cpu_seconds(process.pid) - cpu) / seconds * 1e3
            figures["wakeups_per_s"] = (wake_ups(process.pid) - woken) / seconds
            figures["qps"] = (statement_count(DB) - statements) / seconds if statements is not None else None
            with connect(DB) as connection:
                figures["conns"] = connection.execute(
                    "select count(*) from pg_stat_activity where datname=%s and pid<>pg_backend_pid()",
                    (DB,)).fetchone()[0]
            figures["threads"], figures["rss_now_kb"] = threads(process.pid), memory_kb(process.pid)
        contenders.run(who, database_url(DB), on_line, op="idle", secs=math.ceil(pause(9)))
        record("idle", "idle/after 1 enqueue", who, round_number, **figures)


CASES = {"list": list_workflows, "cold": cold, "idle": idle}
