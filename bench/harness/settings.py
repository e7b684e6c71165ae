"""What the environment says; README.md lists the variables."""
import os
import re
import sys

from . import figures

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ["BENCH_BUILD"]
ADMIN_URL = os.environ["BENCH_PG_URL"]
OUT = os.environ.get("BENCH_OUT", os.path.join(BUILD, "results.jsonl"))
PYTHON = sys.executable
DBOS_CLI = os.path.join(os.path.dirname(PYTHON), "dbos")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
FIRST_ROUND = int(os.environ.get("FIRST_ROUND", "0"))
SCALE = float(os.environ.get("SCALE", "1"))
BIG_ROWS = int(os.environ.get("BIG_ROWS", "1000000"))
SMOKE = bool(os.environ.get("BENCH_SMOKE"))
"""Whether only that it runs counts, and no figure does: no long pauses, nothing pinned, no large payloads."""

DB = "perf_dbos"
"""The database that cases write to; they empty it."""

CLIENTS = list(figures.CLIENTS)
ONE_BY_ONE = "dbosc:group_commit=0"
"""Ours, with one row a commit."""
LOGGED = ["dbosc:log=info", "dbosc:log=debug"]
"""Ours, with its log taken: at debug a line for every call."""

_java_classes = os.path.join(BUILD, "java", "classes")
_packaged = ["env", "LD_LIBRARY_PATH=" + os.environ.get("BENCH_PACKAGES_LIBRARY", "")]
COMMANDS = {
    "dbosc": [os.environ.get("BENCH_DBOSC", os.path.join(BUILD, "dbosc", "bench", "dbosc-contender"))],
    "dbosc-go": _packaged + [os.path.join(BUILD, "dbosc-go")],
    "dbosc-java": _packaged + ["java", "-cp", ":".join(os.path.join(BUILD, "dbosc-java", part)
                                                       for part in ("contender", "*", "lib/*")), "Contender"],
    "dbosc-ruby": _packaged + ["GEM_HOME=" + os.path.join(BUILD, "gems"), "ruby",
                               os.path.join(HERE, "packages", "ruby", "contender.rb")],
    "py": [PYTHON, os.path.join(HERE, "py", "contender.py")],
    "ts": ["node", os.path.join(HERE, "ts", "contender.cjs")],
    "go": [os.path.join(BUILD, "go-contender")],
    "java": ["java", "-cp", _java_classes + ":" + os.path.join(BUILD, "java", "lib", "*"), "Contender"],
    "rust": [os.path.join(BUILD, "rust", "release", "peers")],
    "raw": [os.path.join(BUILD, "raw")],
    "rawsqlite": [os.path.join(BUILD, "rawsqlite")],
    "pgbench": ["pgbench"],
}
"""How each contender is started."""

EXTRA = []
"""Contenders from BENCH_EXTRA; they take part wherever ours does."""
for _entry in os.environ.get("BENCH_EXTRA", "").split():
    _name, _, _command = _entry.partition("=")
    COMMANDS[_name] = _command.split(",")
    EXTRA.append(_name)

_chosen = os.environ["CONTENDERS"]
_chosen = [] if _chosen == "all" else _chosen.split(",")


def chosen(who):
    """Whether CONTENDERS lets it take part: by its name or by its whole `name:mode`."""
    return not _chosen or who in _chosen or who.split(":")[0] in _chosen


def taking_part(contenders):
    """Those of a case's contenders that are chosen; modes of ours and further ones take part wherever ours does."""
    ours = [who for who in _chosen if who.startswith("dbosc:")] + EXTRA if "dbosc" in contenders else []
    return [who for who in contenders if chosen(who)] + ours


def scaled(count):
    return max(1, int(count * SCALE))


def pause(seconds):
    """What a measurement waits for, in seconds."""
    return seconds * (0.05 if SMOKE else 1)


def database_url(database, port=None):
    url = re.sub(r"/[^/]*$", "/" + database, ADMIN_URL)
    return re.sub(r":\d+/", f":{port}/", url) if port else url


def server_port():
    return int(re.search(r":(\d+)/", ADMIN_URL).group(1))
