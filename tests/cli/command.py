"""The built command: run to its end, left running, or run in a pseudo-terminal."""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from programs import eventually, required

# Bounds of a broken run.
END_SECONDS = 120


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[str]:
        return self.out.splitlines()


def environment(changes: dict[str, Optional[str]]) -> dict[str, str]:
    """Ours without what would tell the command something, and with the changes; None removes."""
    names = ("DBOS", "PG", "NO_COLOR", "COLUMNS", "TERM", "TZ")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    merged = {**kept, "TERM": "xterm", "TZ": "UTC", **changes}
    return {name: value for name, value in merged.items() if value is not None}


class Dbosc:
    """The command, talking with one database unless a run is told of another."""

    def __init__(
        self, url: Optional[str] = None, application: Optional[str] = None, program: Optional[str] = None
    ) -> None:
        self._program = program or required("DBOSC_CLI")
        self._common = ["--application-name", application] if application else []
        self._changes = {"DBOS_SYSTEM_DATABASE_URL": url}

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [self._program, *self._common, *arguments]

    def run(self, *arguments: str, stdin: str = "", **changes: Optional[str]) -> Done:
        done = subprocess.run(
            self._command(arguments),
            input=stdin.encode(),
            capture_output=True,
            env=environment({**self._changes, **changes}),
            timeout=END_SECONDS,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def ok(self, *arguments: str, **changes: Optional[str]) -> Done:
        """A run that has to succeed."""
        done = self.run(*arguments, **changes)
        assert done.code == 0, done
        return done

    def json(self, *arguments: str) -> Any:
        """The reply of a run that has to succeed."""
        return self.ok("-o", "json", *arguments).json()

    def start(self, *arguments: str, stdout: Any = subprocess.PIPE) -> subprocess.Popen:
        return subprocess.Popen(
            self._command(arguments),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env=environment(self._changes),
        )

    def in_terminal(
        self, *arguments: str, columns: int = 100, **changes: Optional[str]
    ) -> tuple[int, str]:
        """Runs it in a terminal; the exit code, and all that the terminal got."""
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            self._command(arguments),
            stdin=its,
            stdout=its,
            stderr=its,
            env=environment({**self._changes, **changes}),
        )
        os.close(its)
        try:
            text = read_to_end(ours)
            return process.wait(END_SECONDS), text.replace("\r\n", "\n")
        finally:
            os.close(ours)
            process.kill()
            process.wait()


def read_to_end(descriptor: int) -> str:
    deadline = time.monotonic() + END_SECONDS
    text = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"the command did not end: {text!r}"
        try:
            part = os.read(descriptor, 65536)
        except OSError:  # the terminal's other side is closed
            part = b""
        if not part:
            return text.decode()
        text += part


def takes_signals_itself(process: subprocess.Popen) -> bool:
    """Whether the command is so far that a signal does not just kill it."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    return bool(int(blocked.split()[1], 16) & 1 << (signal.SIGINT - 1))


def interrupted(process: subprocess.Popen) -> Done:
    """How the command ends at Ctrl-C."""
    eventually(lambda: takes_signals_itself(process), what="the command's care for signals")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=END_SECONDS)
    return Done(process.returncode, out.decode(), err.decode())
