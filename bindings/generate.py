#!/usr/bin/env python3
"""Makes the typed layer of the packages from describe.json.

    bindings/generate.py describe LIBRARY   writes describe.json, what the library says of its API
    bindings/generate.py write              writes the generated sources
    bindings/generate.py check [LIBRARY]    fails where what is committed is not what they would be
"""

import ctypes
import json
import pathlib
import sys

from generators import go, java, ruby
from generators.model import Api

HERE = pathlib.Path(__file__).resolve().parent
DESCRIPTION = HERE / "describe.json"
LANGUAGES = (go, java, ruby)


def described(library_path: str) -> str:
    """What the library says, spread over lines so that a change of one key is a change of one line."""
    library = ctypes.CDLL(library_path)
    library.dbosc_describe.restype = ctypes.c_void_p
    library.dbosc_string_free.argtypes = [ctypes.c_void_p]
    text = library.dbosc_describe()
    try:
        return json.dumps(json.loads(ctypes.string_at(text)), indent=1, ensure_ascii=False) + "\n"
    finally:
        library.dbosc_string_free(text)


def generated() -> dict[pathlib.Path, str]:
    """Every generated file with its text; a language's module gives paths relative to bindings/."""
    api = Api(json.loads(DESCRIPTION.read_text()))
    return {HERE / path: text for language in LANGUAGES for path, text in language.files(api).items()}


def stale(library: str | None) -> list[pathlib.Path]:
    found = [path for path, text in generated().items() if not path.exists() or path.read_text() != text]
    if library and DESCRIPTION.read_text() != described(library):
        found.insert(0, DESCRIPTION)
    return found


def main(arguments: list[str]) -> int:
    match arguments:
        case ["describe", library]:
            DESCRIPTION.write_text(described(library))
        case ["write"]:
            for path, text in generated().items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        case ["check", *library] if len(library) <= 1:
            if found := stale(library[0] if library else None):
                print("not as bindings/generate.py would write them:", *found, sep="\n  ", file=sys.stderr)
                return 1
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
