"""Fixtures of system databases as the Python SDK migrates them."""

import shutil
from pathlib import Path
from typing import Iterator

import pytest

from databases import copied_database, database_name, migrate
from programs import required


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
