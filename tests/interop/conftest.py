"""Clients and workers for the tests, in the environment that scripts/test sets."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import pytest

from caller import Caller
from databases import copied_database
from dbosc_ffi import Client
from programs import GO, PYTHON, TYPESCRIPT, OfficialClient, Program, Sdk, System

# Fixtures of databases.
pytest_plugins = ["migrated_databases", "system_databases"]

VERSION = "v1"


# --- Our clients -------------------------------------------------------------------------------


@pytest.fixture
def client_factory() -> Iterator[Callable[..., Client]]:
    """Opens clients of ours, and closes them when the test ends."""
    clients: list[Client] = []

    def open_client(url: str, **config: Any) -> Client:
        client = Client({"system_database_url": url, **config})
        clients.append(client)
        return client

    yield open_client
    for client in clients:
        client.close()


# --- Workers -----------------------------------------------------------------------------------

SYSTEMS = {
    "python-sqlite": (PYTHON, "sqlite"),
    "python-postgres": (PYTHON, "postgres"),
    "typescript-postgres": (TYPESCRIPT, "postgres"),
    "go-postgres": (GO, "postgres"),
}


@contextmanager
def running(program: Program) -> Iterator[Program]:
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def running_system(sdk: Sdk, backend: str, url: str, folder: Path) -> Iterator[System]:
    application = f"interop-{sdk.name}"
    worker = Program(sdk, folder / "worker.log", "work", url, application, VERSION)
    with running(worker):
        official = OfficialClient(sdk, folder / "client.log", url)
        with running(official):
            yield System(sdk, backend, url, application, VERSION, official)


@pytest.fixture(scope="session", params=SYSTEMS.values(), ids=SYSTEMS.keys())
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """A system database with a worker and the SDK's own client: each SDK, each backend it has."""
    sdk, backend = request.param
    folder = tmp_path_factory.mktemp(f"{sdk.name}-{backend}")
    if backend == "sqlite":
        path = folder / "system.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite_template"), path)
        with running_system(sdk, backend, f"sqlite:///{path}", folder) as system:
            yield system
        return
    template = request.getfixturevalue("migrated_template")
    with copied_database(request.getfixturevalue("postgres_url"), template) as url:
        with running_system(sdk, backend, url, folder) as system:
            yield system


@pytest.fixture
def caller_factory(
    system: System, client_factory: Callable[..., Client]
) -> Callable[..., Caller]:
    """Makes callers of the system's worker whose client has a config of its own."""

    def make(application_name: Optional[str] = system.application, **config: Any) -> Caller:
        client = client_factory(system.url, application_name=application_name, **config)
        return Caller(client, system)

    return make


@pytest.fixture
def caller(caller_factory: Callable[..., Caller]) -> Caller:
    """Our client, talking with the system's worker."""
    return caller_factory()


# --- Collection --------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the drivers of other databases than a system's: those pairs are not tests.

    Tells pytest-xdist what belongs together.
    """

    def has_a_pair(item: pytest.Item) -> bool:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if "driver" not in params:
            return True
        _, backend = params["system"]
        return params["driver"].backend == backend

    no_pairs = [item for item in items if not has_a_pair(item)]
    config.hook.pytest_deselected(items=no_pairs)
    items[:] = [item for item in items if has_a_pair(item)]
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))


def group_of(item: pytest.Item) -> str:
    """What runs in one process: all of one system, which starts once; otherwise a file."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if "system" not in params:
        return item.nodeid.partition("::")[0]
    sdk, backend = params["system"]
    return f"{sdk.name}-{backend}"
