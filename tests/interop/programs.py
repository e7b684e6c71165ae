"""The programs that the tests talk with: workers and clients of the SDKs (workers/README.md), and
drivers of other languages (drivers/README.md)."""

import json
import os
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Optional, Protocol, TypeVar

WORKERS = Path(__file__).parent / "workers"
READY_SECONDS = 60
ANSWER_SECONDS = 60
STOP_SECONDS = 20

T = TypeVar("T")


def eventually(condition: Callable[[], T], timeout: float = 60, what: str = "the condition") -> T:
    """Asks until the answer is truthy, and returns it; the timeout bounds a run that is broken."""
    deadline = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout} s; last answer: {answer!r}")
        time.sleep(0.02)


def required(name: str) -> str:
    """An environment variable that scripts/test sets."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set; run this suite with: scripts/test interop")
    return value


def with_node_packages() -> dict[str, str]:
    """The environment of a program that runs in Node."""
    return {**os.environ, "NODE_PATH": required("DBOSC_TYPESCRIPT_SDK")}


class Startable(Protocol):
    """What a program is started from."""

    def command(self) -> list[str]: ...

    def environment(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Sdk:
    """An official SDK, and what differs between them."""

    name: str
    # The name that the error of the workflow `fail` is stored under.
    ordinary_error: str
    # The name that a raised portable error named "Refused" is stored under.
    portable_error: str
    # The number of a workflow's first step.
    first_step: int
    # What a workflow sees of who enqueued it.
    sees: frozenset[str]
    # Whether a workflow takes keyword arguments.
    takes_kwargs: bool
    # The name of its own format, in the column `serialization`.
    native: str
    # Of all its workflows but methods.
    class_name: Optional[str] = None

    def command(self) -> list[str]:
        if self.name == "python":
            python = Path(required("DBOSC_PYTHON_SDK")) / "python"
            return [str(python), str(WORKERS / "python_worker.py")]
        if self.name == "typescript":
            return ["node", str(WORKERS / "typescript" / "worker.mjs")]
        if self.name == "java":
            folder = required("DBOSC_JAVA_WORKER")
            classes = f"{folder}/classes:{folder}/*"
            return ["java", "-XX:TieredStopAtLevel=1", "-cp", classes, "Worker"]
        return [required(f"DBOSC_{self.name.upper()}_WORKER")]

    def environment(self) -> dict[str, str]:
        return with_node_packages() if self.name == "typescript" else dict(os.environ)


PYTHON = Sdk(
    name="python",
    ordinary_error="ValueError",
    portable_error="PortableWorkflowError",
    first_step=1,
    sees=frozenset({"authenticated_user", "authenticated_roles"}),
    takes_kwargs=True,
    native="py_pickle",
)
TYPESCRIPT = Sdk(
    name="typescript",
    ordinary_error="RangeError",
    portable_error="Refused",
    first_step=0,
    sees=frozenset({"authenticated_user", "authenticated_roles", "assumed_role"}),
    takes_kwargs=False,
    native="js_superjson",
)
GO = Sdk(
    name="go",
    ordinary_error="Portable Error",
    portable_error="Refused",
    first_step=0,
    sees=frozenset(),
    takes_kwargs=True,
    native="DBOS_JSON",
)
# These two have a worker only, no client program.
JAVA = Sdk(
    name="java",
    ordinary_error="IllegalArgumentException",
    portable_error="Refused",
    first_step=0,
    sees=frozenset(),
    takes_kwargs=False,
    native="java_jackson",
    class_name="Interop",
)
RUST = Sdk(
    name="rust",
    ordinary_error="InvalidArgument",
    portable_error="Application",
    first_step=0,
    sees=frozenset(),
    takes_kwargs=False,
    native="rust_serde",
)


class Program:
    """A running program; it ends when its standard input closes, so with the tests."""

    def __init__(self, origin: Startable, log: Path, *arguments: str) -> None:
        self._log = log
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [*origin.command(), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=origin.environment(),
            )
        self._unread = b""
        try:
            line = self.read_line(READY_SECONDS)
            assert line == "READY", f"expected READY, got {line!r}\n{self.log()}"
        except BaseException:
            self.stop()
            raise

    def log(self) -> str:
        return self._log.read_text()[-5000:]

    def write_line(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def read_line(self, timeout: float) -> str:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        deadline = time.monotonic() + timeout
        while b"\n" not in self._unread:
            ready, _, _ = select.select([descriptor], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no answer within {timeout} s\n{self.log()}"
            chunk = os.read(descriptor, 65536)
            assert chunk, f"the program ended\n{self.log()}"
            self._unread += chunk
        line, self._unread = self._unread.split(b"\n", 1)
        return line.decode()

    def stop(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    pass
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class ProgramError(Exception):
    """What a program answered with, in its own words; a code where it has one."""

    def __init__(self, text: str, code: Optional[str] = None) -> None:
        super().__init__(text)
        self.code = code


class AnsweringProgram(Program):
    """A program that is asked one thing at a time."""

    def ask(self, do: str, **command: Any) -> Any:
        self.write_line(json.dumps({"do": do, **command}))
        answer = json.loads(self.read_line(ANSWER_SECONDS))
        if "error" in answer:
            raise ProgramError(answer["error"], answer.get("code"))
        return answer["ok"]


class OfficialClient(AnsweringProgram):
    """The SDK's own client."""

    def __init__(self, sdk: Sdk, log: Path, url: str) -> None:
        super().__init__(sdk, log, "client", url)


@dataclass(frozen=True)
class System:
    """A system database with a worker of one SDK on it."""

    sdk: Sdk
    backend: str
    url: str
    application: str
    version: str
    official: OfficialClient
