"""Measurements: kept for the report and appended to the results file."""
import json
import os
import time

from . import contenders
from .database import connect, reset
from .processes import processor, server_cpu_seconds
from .settings import DB, OUT, ROUNDS, SCALE, database_url

ALL = []


def record(op, case, who, round_number, **figures):
    entry = dict(op=op, case=case, who=who, round=round_number, **figures)
    ALL.append(entry)
    with open(OUT, "a") as file:
        file.write(json.dumps(entry) + "\n")


def record_run(names):
    """When, where and how much is measured."""
    with connect("postgres") as connection:
        server = connection.execute("show server_version").fetchone()[0]
    record("run", "run", "run", 0, date=time.strftime("%Y-%m-%d", time.gmtime()), cores=os.cpu_count(),
           processor=processor(), server=server, load=os.getloadavg()[0], rounds=ROUNDS, scale=SCALE,
           cases=names)


def timed(op, case, who, round_number, db=DB, sync="on", url=None, timeout=180, keep=False, label="", **keys):
    """Runs one op of one contender and records it with the server's CPU time; `keep` leaves the rows of before, `label`
    tells apart what one contender does in this case."""
    if not keep:
        reset(db, sync)
    before = server_cpu_seconds()
    url = url or database_url(db)
    if who == "pgbench":
        result = contenders.pgbench(url, keys["n"], keys.get("c", 1))
    else:
        result = contenders.run(who, url, timeout=timeout, op=op, **keys)
    if result.get("unsupported"):
        return
    result["srv_cpu_s"] = server_cpu_seconds() - before
    result["total"] = keys.get("n", result.get("n", 1)) + keys.get("warm", 0)
    record(case.split("/")[0], case, f"{who} {label}".strip(), round_number, **result)
