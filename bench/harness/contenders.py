"""The contenders' side: starting them, reading what they say, and the proxy in front of the server."""
import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time

from .settings import BUILD, COMMANDS, HERE, server_port


def command_line(who, url, **keys):
    """`raw:cte` stands for mode=cte, `py:listen=1` for listen=1."""
    name, *options = who.split(":") if who not in COMMANDS else [who]
    for option in options:
        key, _, value = option.partition("=")
        keys[key if value else "mode"] = value or key
    return COMMANDS[name] + [f"{key}={value}" for key, value in {"url": url, **keys}.items()]


def start(who, url, **keys):
    with open(os.path.join(BUILD, "stderr.log"), "a") as errors:
        return subprocess.Popen(command_line(who, url, **keys), stdout=subprocess.PIPE, stderr=errors, text=True,
                                bufsize=1)


def run(who, url, on_line=None, timeout=120, **keys):
    """Runs a contender to its RESULT, which is returned. on_line(line, process) sees every other line."""
    process = start(who, url, **keys)
    killer = threading.Timer(timeout, process.kill)
    killer.start()
    result = None
    try:
        for line in process.stdout:
            line = line.strip()
            if line.startswith("RESULT "):
                result = json.loads(line[len("RESULT "):])
            elif on_line and line:
                on_line(line, process)
        process.wait()
    finally:
        killer.cancel()
        if process.poll() is None:
            process.kill()
    return {"failed": 1} if result is None else result


def pgbench(url, n, c):
    script = os.path.join(HERE, "sql", "pgbench_enqueue.sql")
    each = max(1, n // c)
    argv = ["pgbench", "-n", "-M", "prepared", "-f", script, "-c", str(c), "-j", str(min(c, 2)), "-t", str(each), url]
    out = subprocess.run(argv, capture_output=True, text=True, timeout=120).stdout
    rate, latency = re.search(r"tps = ([\d.]+)", out), re.search(r"latency average = ([\d.]+)", out)
    if not rate:
        return {"failed": 1}
    return {"n": each * c, "secs": each * c / float(rate.group(1)), "avg_us": float(latency.group(1)) * 1e3}


class Proxy:
    """pgtap between a contender and the server: `port` to connect to, `counts()` of what went by."""

    def __init__(self, delay_us):
        self._process = subprocess.Popen(
            [os.path.join(BUILD, "pgtap"), "0", str(server_port()), str(delay_us)], stdout=subprocess.PIPE, text=True)
        self.port = int(self._process.stdout.readline())

    def counts(self):
        time.sleep(0.1)
        self._process.send_signal(signal.SIGUSR1)
        return json.loads(self._process.stdout.readline())

    def stop(self):
        self._process.kill()
        self._process.wait()


@contextlib.contextmanager
def proxy(delay_us):
    running = Proxy(delay_us)
    try:
        yield running
    finally:
        running.stop()
