#!/usr/bin/env python3
"""Keeps a libFuzzer corpus as one text, an input a line: keep_corpus.py FOLDER FILE

Large inputs are left to the seeds: what is kept is replayed by every run of the tests."""

import base64
import pathlib
import sys

LARGEST = 4096


def main(folder: str, file: str) -> None:
    inputs = [path.read_bytes() for path in pathlib.Path(folder).iterdir()]
    kept = sorted((text for text in inputs if len(text) <= LARGEST), key=lambda text: (len(text), text))
    pathlib.Path(file).write_text("".join(base64.b64encode(text).decode() + "\n" for text in kept if text))


if __name__ == "__main__":
    main(*sys.argv[1:])
