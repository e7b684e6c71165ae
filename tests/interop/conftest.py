"""Databases, clients and workers for the tests, in the environment that scripts/test sets."""

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import pytest

from caller import Caller
from databases import copied_database, database_name, migrate
from dbosc_ffi import Client
from programs import GO, PYTHON, TYPESCRIPT, OfficialClient, Program, Sdk, System, required

# Fixtures of whole system databases.
pytest_plugins = ["system_databases"]

VERSION = "v1"


# --- Databases ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A server's URL, with all rights."""
    return required("DBOSC_TEST_POSTGRES_URL")


@pytest.fixture(scope="session")
def python_sdk() -> Path:
    """The folder of programs of an environment that holds the Python SDK."""
    return Path(required("DBOSC_PYTHON_SDK"))


@pytest.fixture
def missing_database_url(postgres_url: str) -> Iterator[str]:
    """A URL whose database does not exist yet."""
    with database_name(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str, python_sdk: Path) -> Iterator[str]:
    """A database as the Python SDK migrates it; to be copied, not used."""
    with database_name(postgres_url) as url:
        migrate(python_sdk, url)
        yield url


@pytest.fixture
def migrated_database(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A fresh Postgres database as the Python SDK migrates it."""
    with copied_database(postgres_url, migrated_template) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A URL whose SQLite file does not exist yet."""
    return f"sqlite:///{tmp_path / 'system.sqlite'}"


@pytest.fixture(scope="session")
def migrated_sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, python_sdk: Path
) -> Path:
    """A SQLite file as the Python SDK migrates it; to be copied, not used."""
    path = tmp_path_factory.mktemp("template") / "system.sqlite"
    migrate(python_sdk, f"sqlite:///{path}")
    return path


@pytest.fixture
def migrated_sqlite_url(sqlite_url: str, migrated_sqlite_template: Path) -> str:
    """A fresh SQLite file as the Python SDK migrates it."""
    shutil.copy(migrated_sqlite_template, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


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
