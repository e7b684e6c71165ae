"""Cases that wait: how long after the commit a waiter wakes up, and what waiting costs the server."""
import queue
import random
import threading
import time

from . import contenders
from .database import FINISH, FINISH_ALL, add_rows, connect, reset, statement_count
from .processes import cpu_seconds, memory_kb, server_cpu_seconds
from .records import record, timed
from .settings import CLIENTS, DB, database_url, pause, scaled, taking_part

clock = time.monotonic_ns
SHARED_POLLS = ["raw:poll=5", "raw:poll=20", "raw:poll=5:wm=1"]


def milliseconds(done, committed):
    """From the commit to the waiter's DONE, for every id that has both."""
    return [(done[key] - committed[key]) / 1e6 for key in committed if key in done]


class Load:
    """What a process and the server spend from its making to `figures()`."""

    def __init__(self, process):
        self._process = process
        self._before = self._now()

    def _now(self):
        return statement_count(DB), cpu_seconds(self._process.pid), server_cpu_seconds(), time.time()

    def figures(self):
        (statements, cpu, server, start), after = self._before, self._now()
        seconds = after[3] - start
        return dict(
            qps=(after[0] - statements) / seconds if statements is not None else None,
            cpu_ms_per_s=(after[1] - cpu) / seconds * 1e3, srv_ms_per_s=(after[2] - server) / seconds * 1e3,
            rss_now_kb=memory_kb(self._process.pid))


def wait(round_number):
    for who in taking_part(CLIENTS + ["dbosc:submit=1", "raw:poll=5", "raw:poll=20", "raw:listen"]):
        reset(DB)
        n, prefix = scaled(8), f"r{round_number}-"
        add_rows(DB, prefix, n)
        committed, done = {}, {}
        with connect(DB) as worker:
            def on_line(line, _):
                word, key, *rest = line.split()
                if word == "WAIT":
                    time.sleep(pause(random.uniform(0.3, 1.3)))
                    with worker.transaction():
                        worker.execute(FINISH, (key,))
                        if "listen" in who:
                            worker.execute("select pg_notify('perf_done', %s)", (key,))
                    committed[key] = clock()
                elif word == "DONE":
                    done[key] = int(rest[0])
            contenders.run(who, database_url(DB), on_line, op="wait", n=n, prefix=prefix)
        record("wait", "wait/one handle", who, round_number, lat_ms=milliseconds(done, committed))


class Waiters:
    """A contender that waits for many workflows at once, and what it says."""

    def __init__(self, who, n, prefix, **keys):
        self.process = contenders.start(who, database_url(DB), op="wait", n=n, c=n, prefix=prefix, **keys)
        self.done = {}
        self._lines = queue.Queue()
        self._killer = threading.Timer(120, self.process.kill)
        self._killer.start()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.strip())
        self._lines.put(None)

    def read_until(self, word):
        """Takes lines in until one that begins so, or the end."""
        while (line := self._lines.get()) is not None and not line.startswith(word):
            what, key, *rest = line.split()
            if what == "DONE":
                self.done[key] = int(rest[0])

    def stop(self):
        self._killer.cancel()
        self.process.kill()
        self.process.wait()


def many_waits(case, who, round_number, n, quiet, label="", **keys):
    """What n waits cost in `quiet` seconds, and then how late they wake up: 60 one by one, the rest at once."""
    reset(DB)
    prefix = "h-"
    add_rows(DB, prefix, n)
    with connect(DB) as worker:
        worker.execute("analyze dbos.workflow_status")
    waiters = Waiters(who, n, prefix, **keys)
    try:
        waiters.read_until("READY")
        load = Load(waiters.process)
        time.sleep(quiet)
        figures = load.figures()
        committed = {}
        with connect(DB) as worker:
            for i in range(min(60, n)):
                time.sleep(pause(random.uniform(0.03, 0.09)))
                worker.execute(FINISH, (f"{prefix}{i}",))
                committed[f"{prefix}{i}"] = clock()
            if "wm=1" in who:  # it sees what ended lately and nothing else: some of the rest would be awaited for ever
                waiters.stop()
            time.sleep(pause(3))
            worker.execute(FINISH_ALL, (prefix + "%",))
            all_committed = clock()
        waiters.read_until("RESULT")
        rest = [(at - all_committed) / 1e6 for key, at in waiters.done.items() if key not in committed]
        complete = rest and len(rest) == n - len(committed)
        record(case.split("/")[0], case, f"{who} {label}".strip(), round_number,
               lat_ms=milliseconds(waiters.done, committed), all_done_ms=max(rest) if complete else None, **figures)
    finally:
        waiters.stop()


def wait1000(round_number):
    """A thousand waits that grow old together: from 1.5 to about 15 seconds."""
    for who in taking_part(CLIENTS + SHARED_POLLS):
        n = scaled(1000)
        many_waits(f"wait1000/{n} handles", who, round_number, n, quiet=pause(6.0), settle=int(pause(1500)))


YOUNG = dict(settle=int(pause(500)), fresh=500)
"""A new wait each half second: however many there are, the youngest is young."""


def young(round_number):
    """Many waits of a client that goes on starting workflows."""
    for count in (1000, 10000):
        for who in taking_part(["dbosc", "raw:poll=5:wm=1"]):
            n = scaled(count)
            many_waits(f"young/{n:,} waits", who, round_number, n, quiet=pause(4.0), **YOUNG)


def pollcost(round_number):
    """What one shared poll a tick costs for n outstanding handles, raw only: by ids, or by a watermark of
    completed_at."""
    for n in (10, 100, 1000, 10000):
        for who in taking_part(SHARED_POLLS):
            reset(DB)
            prefix, figures, committed, done = "x" * 30 + "-", {}, {}, {}
            add_rows(DB, prefix, n)
            with connect(DB) as connection:
                connection.execute("analyze dbos.workflow_status")

            def work(process):
                load = Load(process)
                time.sleep(pause(3))
                figures.update(load.figures())
                with connect(DB) as worker:
                    for i in range(min(20, n // 2)):
                        time.sleep(random.uniform(0.03, 0.09))
                        worker.execute(FINISH, (f"{prefix}{i}",))
                        committed[f"{prefix}{i}"] = clock()
                    time.sleep(0.3)
                process.kill()

            def on_line(line, process):
                words = line.split()
                if words[0] == "READY":
                    threading.Thread(target=work, args=(process,)).start()
                elif words[0] == "DONE":
                    done[words[1]] = int(words[2])
            contenders.run(who, database_url(DB), on_line, timeout=40, op="wait", n=n, c=n, prefix=prefix)
            time.sleep(0.3)
            record("wait1000", f"pollcost/{n} handles", who, round_number, lat_ms=milliseconds(done, committed),
                   **figures)


def waitfirst(round_number):
    """The first of 1,000 handles, where the client has such a call."""
    for who in taking_part(["dbosc", "py", "ts", "rust"]):
        reset(DB)
        n, prefix = scaled(1000), "f-"
        add_rows(DB, prefix, n)
        figures, committed, done = {}, {}, {}
        with connect(DB) as worker:
            def on_line(line, process):
                words = line.split()
                if words[0] == "READY":
                    load = Load(process)
                    time.sleep(pause(4 + random.uniform(0, 1)))
                    figures.update(load.figures())
                    worker.execute(FINISH, (prefix + "7",))
                    committed[prefix + "7"] = clock()
                elif words[0] == "DONE":
                    done[words[1]] = int(words[2])
            contenders.run(who, database_url(DB), on_line, op="waitall", n=n, prefix=prefix, settle=int(pause(1500)))
        if done:
            record("waitfirst", f"waitfirst/{n} handles", who, round_number, lat_ms=milliseconds(done, committed),
                   **figures)


def event(round_number):
    for who in taking_part(["dbosc", "py", "py:listen=1", "ts", "go", "java", "rust", "raw:listen"]):
        reset(DB)
        n, prefix = scaled(4), "e-"
        longest_wait = 10.0 if who == "ts" else 1.0
        add_rows(DB, prefix, n)
        committed, done = {}, {}
        with connect(DB) as worker:
            def on_line(line, _):
                word, key, *rest = line.split()
                if word == "WAIT":
                    time.sleep(pause(0.3 + random.uniform(0, longest_wait)))
                    worker.execute("insert into dbos.workflow_events(workflow_uuid,key,value,serialization) "
                                   "values(%s,'k','\"ok\"','portable_json')", (key,))
                    committed[key] = clock()
                    worker.execute("select pg_notify('dbos_workflow_events_channel', %s)", (key + "::k",))
                elif word == "DONE":
                    done[key] = int(rest[0])
            contenders.run(who, database_url(DB), on_line, op="event", n=n, prefix=prefix)
        record("event", "event/get_event", who, round_number, lat_ms=milliseconds(done, committed))


def stream(round_number):
    for who in taking_part(["dbosc", "py", "py:listen=1", "ts", "go", "java", "raw:listen"]):
        reset(DB)
        add_rows(DB, "s-", 1)
        written, read, count = {}, {}, scaled(15)

        def write():
            with connect(DB) as worker:
                time.sleep(pause(0.5))
                for i in range(count):
                    time.sleep(pause(random.uniform(0.05, 0.6)))
                    worker.execute("insert into dbos.streams(workflow_uuid,key,value,\"offset\",serialization) "
                                   "values('s-0','s',%s,%s,'portable_json')", (f'"v{i}"', i))
                    written[f"v{i}"] = clock()
                    worker.execute("select pg_notify('dbos_streams_channel','s-0::s')")
                time.sleep(pause(1.2))
                worker.execute("update dbos.workflow_status set status='SUCCESS' where workflow_uuid='s-0'")
        writer = threading.Thread(target=write)

        def on_line(line, _):
            words = line.split()
            if words[0] == "WAIT":
                writer.start()
            elif words[0] == "VAL":
                read[words[1]] = int(words[2])
        contenders.run(who, database_url(DB), on_line, op="stream", id="s-0", timeout=60)
        if not writer.ident:
            continue  # it has no such call
        writer.join()
        record("stream", "stream/live value", who, round_number, lat_ms=milliseconds(read, written),
               missing=len(written) - len(read))


def drain(round_number):
    n = scaled(10000)
    reset(DB)
    add_rows(DB, "d-", 1, "SUCCESS")
    with connect(DB) as connection:
        connection.execute(
            "insert into dbos.streams(workflow_uuid,key,value,\"offset\",serialization) select "
            "'d-0','s','\"'||repeat('x',100)||'\"',i,'portable_json' from generate_series(0,%s) i", (n - 1,))
        connection.execute("analyze dbos.streams")
    for who in taking_part(["dbosc", "py", "ts", "go", "java", "raw"]):
        timed("drain", f"drain/{n} stream values", who, round_number, keep=True, id="d-0")


CASES = {case.__name__: case for case in (wait, wait1000, young, pollcost, waitfirst, event, stream, drain)}
