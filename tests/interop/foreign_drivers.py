"""Transactions of many drivers, behind one interface: Python's own, and programs (drivers/README.md)."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Protocol

import psycopg

from programs import AnsweringProgram, ProgramError, required, with_node_packages

DRIVERS = Path(__file__).parent / "drivers"


class DriverError(Exception):
    """The driver's own error, with the code that the driver reports."""

    def __init__(self, text: str, code: str | None) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


class Connection(Protocol):
    """One connection of a driver, on which transactions follow each other."""

    def begin(self) -> None: ...

    def run(self, sql: str, params: Any = ()) -> int:
        """Runs a statement, and returns the rows that the driver counts."""

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...


class PythonConnection:
    """A driver in this process; a transaction of it begins with its first change."""

    def __init__(
        self, connection: Any, error: type[Exception], code: Callable[[Any], str | None]
    ) -> None:
        self._connection, self._error, self._code = connection, error, code
        self.commit, self.rollback = connection.commit, connection.rollback
        self.close = connection.close

    def begin(self) -> None:
        pass

    def run(self, sql: str, params: Any = ()) -> int:
        try:
            return self._connection.cursor().execute(sql, params).rowcount
        except self._error as error:
            raise DriverError(str(error), self._code(error)) from error


class ProgramConnection:
    """A driver in a program, which has one connection at a time."""

    def __init__(self, program: AnsweringProgram, url: str) -> None:
        self._program = program
        program.ask("open", url=url)

    def begin(self) -> None:
        self._program.ask("begin")

    def run(self, sql: str, params: Any = ()) -> int:
        try:
            return self._program.ask("run", sql=sql, params=params)
        except ProgramError as error:
            raise DriverError(str(error), error.code) from error

    def commit(self) -> None:
        self._program.ask("commit")

    def rollback(self) -> None:
        self._program.ask("rollback")

    def close(self) -> None:
        self._program.ask("close")


@dataclass(frozen=True)
class DriverProgram:
    """How to start the program of a driver."""

    name: str
    command: Callable[[], list[str]]
    environment: Callable[[], dict[str, str]] = lambda: dict(os.environ)


def _java() -> list[str]:
    libraries = required("DBOSC_JAVA_DRIVERS")
    return ["java", "-cp", f"{libraries}/*", str(DRIVERS / "java/Driver.java")]


GO = DriverProgram("go", lambda: [required("DBOSC_GO_DRIVER")])
JAVA = DriverProgram("java", _java)
NODE = DriverProgram("node", lambda: ["node", str(DRIVERS / "node/driver.mjs")], with_node_packages)
RUBY = DriverProgram("ruby", lambda: [required("DBOSC_RUBY"), str(DRIVERS / "ruby/driver.rb")])

Programs = Callable[[DriverProgram], AnsweringProgram]


@dataclass(frozen=True)
class Driver:
    """A driver, the style of its parameters and the code of its violation of uniqueness."""

    backend: str
    style: str
    unique_violation: str
    connect: Callable[[Programs, str], Connection]


def _psycopg(cursor: Any) -> Callable[[Programs, str], Connection]:
    def connect(_: Programs, url: str) -> Connection:
        connection = psycopg.connect(url, cursor_factory=cursor)
        return PythonConnection(connection, psycopg.Error, lambda error: error.sqlstate)

    return connect


def _sqlite3(_: Programs, url: str) -> Connection:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
    connection.execute("PRAGMA foreign_keys = ON")
    # Its classes are all that Python 3.10 tells.
    return PythonConnection(connection, sqlite3.Error, lambda error: type(error).__name__)


def _program(program: DriverProgram) -> Callable[[Programs, str], Connection]:
    return lambda programs, url: ProgramConnection(programs(program), url)


UNIQUE = "23505"
ALL = {
    "psycopg-format": Driver("postgres", "format", UNIQUE, _psycopg(psycopg.Cursor)),
    "psycopg-numbered": Driver("postgres", "numbered", UNIQUE, _psycopg(psycopg.RawCursor)),
    "pgx-numbered": Driver("postgres", "numbered", UNIQUE, _program(GO)),
    "node-postgres-numbered": Driver("postgres", "numbered", UNIQUE, _program(NODE)),
    "ruby-pg-numbered": Driver("postgres", "numbered", UNIQUE, _program(RUBY)),
    "jdbc-question": Driver("postgres", "question", UNIQUE, _program(JAVA)),
    "sqlite3-question": Driver("sqlite", "question", "IntegrityError", _sqlite3),
    "sqlite3-named": Driver("sqlite", "named", "IntegrityError", _sqlite3),
    "sqlite-jdbc-question": Driver(
        "sqlite", "question", "SQLITE_CONSTRAINT_PRIMARYKEY", _program(JAVA)
    ),
}
PYTHONS_OWN = {"postgres": ALL["psycopg-format"], "sqlite": ALL["sqlite3-question"]}
