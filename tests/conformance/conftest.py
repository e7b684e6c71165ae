"""The story's databases and worker are those of the suite `interop`."""

import os
import sys
from pathlib import Path
from typing import Iterator

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interop"))

from databases import database_name, migrate  # noqa: E402
from programs import required  # noqa: E402


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    with database_name(required("DBOSC_TEST_POSTGRES_URL")) as url:
        migrate(Path(required("DBOSC_PYTHON_SDK")), url)
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "system.sqlite"
    migrate(Path(required("DBOSC_PYTHON_SDK")), f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A language's programs are built by its first test: no two processes may build the same."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.callspec.params["language"].name))
