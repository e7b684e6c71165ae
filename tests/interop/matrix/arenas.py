"""Which SDKs run on which databases, and what came of each run."""

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Iterator

from arena import Arena, Cell, Outcome
from conftest import VERSION, running
from databases import database_name
from dbosc_ffi import Client
from programs import GO, JAVA, PYTHON, RUST, TYPESCRIPT, Program, Sdk, required
from verdicts import Verdict, verdict

APPLICATION = "matrix"

# Java's and Rust's workers are there in scripts/test-interop alone.
_OTHERS = [JAVA, RUST] if "DBOSC_RUST_WORKER" in os.environ else []
NAMES = {
    f"{sdk.name}-{backend}": (sdk, backend)
    for sdk in (PYTHON, TYPESCRIPT, GO, *_OTHERS)
    for backend in ("postgres", "sqlite")
    if backend == "postgres" or sdk in (PYTHON, GO)
}


@dataclass(frozen=True)
class Result:
    sdk: Sdk
    backend: str
    outcomes: dict[Cell, Outcome]
    verdicts: dict[Cell, Verdict]


def run(name: str, folder: Path) -> Result:
    sdk, backend = NAMES[name]
    with ExitStack() as stack:
        url = stack.enter_context(_url(backend))
        client = Client({"system_database_url": url, "application_name": APPLICATION, "lazy": True})
        stack.enter_context(client)
        client.call("create_system_database")
        worker = Program(sdk, folder / "worker.log", "work", url, APPLICATION, VERSION)
        stack.enter_context(running(worker))
        arena = Arena(sdk, backend, client, VERSION)
        arena.run()
    verdicts = {cell: verdict(sdk, cell, outcome) for cell, outcome in arena.outcomes.items()}
    return Result(sdk, backend, arena.outcomes, verdicts)


@contextmanager
def _url(backend: str) -> Iterator[str]:
    """A URL whose database does not exist yet."""
    if backend == "sqlite":
        # In memory where there is such a folder: a worker commits thousands of times.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with TemporaryDirectory(prefix="dbosc-", dir=memory) as folder:
            yield f"sqlite:///{folder}/system.sqlite"
    else:
        with database_name(required("DBOSC_TEST_POSTGRES_URL")) as url:
            yield url
