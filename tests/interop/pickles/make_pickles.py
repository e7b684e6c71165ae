"""Makes tests/unit/data/pickles from CPython's own pickler and from hand-made harm: README.md."""

import json
import pickle
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any, Iterator

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pickles import objects  # noqa: E402

DATA = HERE.parents[1] / "unit" / "data" / "pickles"


def of_every_protocol() -> Iterator[dict[str, Any]]:
    for name, value, meaning, protocols in objects.all_cases():
        stored = [b64encode(pickle.dumps(value, n)).decode() for n in protocols]
        yield {"case": name, "stored": stored, "meaning": meaning}


def hostile() -> Iterator[dict[str, Any]]:
    from pickles import hostile as harm

    for name, pickled, meaning in harm.cases():
        yield {"case": name, "stored": [b64encode(pickled).decode()], "meaning": meaning}


def write(name: str, lines: Iterator[dict[str, Any]]) -> None:
    DATA.mkdir(exist_ok=True)
    with (DATA / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            print(json.dumps(line), file=file)


if __name__ == "__main__":
    for name in sys.argv[1:] or ("protocols", "hostile"):
        write(name, {"protocols": of_every_protocol, "hostile": hostile}[name]())
