"""Databases that the command has made, and a real worker on them."""

import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator
from uuid import uuid4

import pytest

# The programs of workers are those of the tests with the SDKs.
sys.path.insert(0, str(Path(__file__).parent.parent / "interop"))

from command import Dbosc  # noqa: E402
from databases import database_name  # noqa: E402
from programs import PYTHON, Program, required  # noqa: E402

# Whoever runs the tests in the background may have Ctrl-C ignored, which programs would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

BACKENDS = ("sqlite", "postgres")
APPLICATION = "cli"
VERSION = "v1"


@contextmanager
def new_url(backend: str, folder: Path) -> Iterator[str]:
    """A URL whose database does not exist yet; what has come to be there is dropped in the end."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'system.sqlite'}"
        return
    with database_name(required("DBOSC_TEST_POSTGRES_URL")) as url:
        yield url


@dataclass(frozen=True)
class World:
    """A system database with a worker on it, and the command that talks with both."""

    backend: str
    url: str
    dbosc: Dbosc

    def enqueue(self, workflow: str, args: str = "[]", *options: str) -> str:
        """Enqueues for the worker; the id."""
        chosen = ("--args", args, "--app-version", VERSION, *options)
        return self.dbosc.json("workflow", "enqueue", workflow, "q", *chosen)["workflow_id"]


@pytest.fixture(scope="session", params=BACKENDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp(request.param)
    with new_url(request.param, folder) as url:
        Dbosc(url).ok("init-db")
        worker = Program(PYTHON, folder / "worker.log", "work", url, APPLICATION, VERSION)
        try:
            yield World(request.param, url, Dbosc(url, APPLICATION))
        finally:
            worker.stop()


@pytest.fixture(scope="session", params=BACKENDS)
def quiet_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A system database on which nobody works."""
    with new_url(request.param, tmp_path_factory.mktemp(f"quiet-{request.param}")) as url:
        Dbosc(url).ok("init-db")
        yield url


@pytest.fixture
def dbosc(quiet_url: str) -> Dbosc:
    """The command on a database on which nobody works, for an application of this test alone."""
    return Dbosc(quiet_url, f"cli-{uuid4().hex}")
