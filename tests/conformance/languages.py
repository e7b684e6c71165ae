"""The languages that tell the story, each by a program that takes the steps and a database's URL."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
BACKENDS = ("sqlite", "postgres")


@dataclass(frozen=True)
class Language:
    name: str
    folder: Path
    # Steps that the language has no means for, by what they do, with the reason.
    cannot: dict[str, str] = field(default_factory=dict)
    # The databases that its program `transaction` has a driver for.
    drivers: tuple[str, ...] = ()

    @property
    def is_example(self) -> bool:
        return self.folder.parent.name == "examples"

    def command(self, program: str, *arguments: str) -> list[str]:
        return [str(self.folder / "run"), program, *arguments]


def example(name: str, drivers: tuple[str, ...] = (), **cannot: str) -> Language:
    return Language(name, ROOT / "bindings" / "examples" / name, cannot, drivers)


def package(name: str, **cannot: str) -> Language:
    return Language(name, ROOT / "tests" / "conformance" / name, cannot)


LANGUAGES = [
    package("cpp"),
    package("ruby"),
    package("java", fork="a JVM never forks"),
    package("go", fork="Go starts programs anew and never forks"),
    example("python", BACKENDS),
    example("rust", BACKENDS),
    example("php", BACKENDS),
    example("luajit", fork="Lua has no fork"),
    example("csharp", fork="a .NET process never forks"),
    example("node", ("postgres",), fork="Node.js starts programs anew and never forks"),
]
