#!/usr/bin/env python3
"""Makes the seeds of the fuzz targets: make_seeds.py FOLDER LIBRARY

From what the SDKs have stored, the vectors of their cron parsers, and the description of the API; with inputs of
bad will beside them. Each target has a folder of its own."""

import base64
import ctypes
import hashlib
import json
import pathlib
import sys

DATA = pathlib.Path(__file__).parents[1] / "unit" / "data"
CORPUS = pathlib.Path(__file__).parent / "corpus"

HOSTILE = [
    b"", b"\0", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b"-", b'"\\ud800"', b'"\\u', b'"\xed\xa0\x80"',
    b"1e999999999", b"NaN", b'[NaN,Infinity,-Infinity]', b'{"$type":"map","entries":[[1,2]]}',
]

SAMPLES = {
    "string": "x", "string_or_strings": ["x", "y"], "integer": 5, "integer_or_string": "last_step", "boolean": True,
    "instant": "2026-01-01T00:00:00Z", "payload": [{"$type": "set", "items": [1, 1.5, None]}], "array": [{}], "object": {},
}


def api(library: str) -> dict:
    describe = ctypes.CDLL(library).dbosc_describe
    describe.restype = ctypes.c_char_p
    return json.loads(describe())


def golden_texts(serialization: str):
    for path in sorted((DATA / "golden").glob("*.jsonl")):
        for line in path.read_text().split("\n")[:-1]:
            case = json.loads(line)
            if case["serialization"] == serialization:
                yield case["stored"].encode()
                yield json.dumps(case["meaning"]).encode()


def cron_texts():
    for choice, dialect in enumerate(("python", "typescript", "go", "java")):
        for line in (DATA / "cron" / f"{dialect}.jsonl").read_text().split("\n")[:-1][::10]:
            yield bytes([choice]) + json.loads(line)[0].encode()


def sample(field: dict):
    return field["values"][0] if "values" in field else SAMPLES[field["type"]]


def request_texts(description: dict):
    for choice, operation in enumerate(description["operations"]):
        fields = operation["request"]["fields"]
        yield bytes([choice]) + json.dumps({field["key"]: sample(field) for field in fields}).encode()
        for field in fields:
            yield bytes([choice]) + json.dumps({field["key"]: sample(field)}).encode()


def config_texts(description: dict):
    for field in description["config"]["fields"]:
        yield json.dumps({"lazy": True, "system_database_url": "sqlite:////nonexistent/x", field["key"]: sample(field)}).encode()


def url_texts():
    yield from (b"postgresql://u:p@h:5432/d?sslmode=require", b"postgresql+psycopg://u@[::1]/d", b"postgres:///d?host=/tmp,/run",
                b"host=a,b port=1,2 dbname='x y' password='\\''", b"sqlite:///a.db", b"sqlite:////a/b.db", b"sqlite:x", b"postgresql://%zz@h")


def seeds(target: str, description: dict):
    made = {"request": lambda: request_texts(description), "config": lambda: config_texts(description), "cron": cron_texts,
            "url": url_texts, "json": lambda: golden_texts("portable_json")}
    yield from HOSTILE
    yield from made.get(target, lambda: golden_texts(target))()
    kept = CORPUS / f"{target}.txt"
    if kept.exists():
        yield from map(base64.b64decode, kept.read_text().split("\n")[:-1])


def main(folder: str, library: str, *targets: str) -> None:
    description = api(library)
    for target in targets:
        into = pathlib.Path(folder) / target
        into.mkdir(parents=True, exist_ok=True)
        for seed in seeds(target, description):
            (into / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main(*sys.argv[1:])
