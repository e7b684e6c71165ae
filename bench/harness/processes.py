"""Processor time and processor cores of the server and of contenders, from /proc."""
import functools
import os
import time

from .database import connect
from .settings import pause

_TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    """The fields of /proc/PID/stat from the state on, or None when it has gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None


def _parent(pid):
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


@functools.cache
def postmaster():
    with connect("postgres") as connection:
        return _parent(connection.execute("select pg_backend_pid()").fetchone()[0])


def _children(pid):
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _parent(entry) == pid]


def cpu_seconds(pid, with_reaped_children=False):
    fields = _stat(pid)
    if not fields:
        return 0
    return sum(int(field) for field in fields[11:15 if with_reaped_children else 13]) / _TICKS


def processor():
    """The name of this machine's kind of processor."""
    with open("/proc/cpuinfo") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")


def _status(pid, field):
    """The number after a field of /proc/PID/status, or None when it has gone."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return next((int(line.split()[1]) for line in file if line.startswith(field + ":")), None)
    except OSError:
        return None


def memory_kb(pid):
    """Resident now."""
    return _status(pid, "VmRSS")


def threads(pid):
    return _status(pid, "Threads")


def wake_ups(pid):
    """How often its threads have been put to sleep so far, and so been woken."""
    return sum(_status(f"{pid}/task/{thread}", "voluntary_ctxt_switches") or 0
               for thread in os.listdir(f"/proc/{pid}/task"))


def server_cpu_seconds():
    """Of all processes of the server: the living and those that ended."""
    time.sleep(pause(0.1))  # let the backends of a finished client exit and be reaped
    server = postmaster()
    return cpu_seconds(server, True) + sum(cpu_seconds(child) for child in _children(server))


def pin_server(cores):
    """Pins the server, and so its new backends, to these cores. Needs to be root or the server's user."""
    for pid in [postmaster()] + _children(postmaster()):
        try:
            os.sched_setaffinity(pid, cores)
        except ProcessLookupError:
            pass
