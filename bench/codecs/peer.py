"""Python's json and pickle as a peer (bench/README.md). Pickles are stored in base64, as the SDK stores them."""

import base64
import json
import pickle
import sys
from pathlib import Path

CODECS = {
    "portable_json": (json.loads, lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)),
    "py_pickle": (
        lambda text: pickle.loads(base64.b64decode(text)),
        lambda value: base64.b64encode(pickle.dumps(value)).decode(),
    ),
}

directory = Path(sys.argv[1])
texts, values = {}, {}
print("ready", flush=True)
for line in sys.stdin:
    op, format_name, shape, times = line.split()
    decode, encode = CODECS[format_name]
    key = format_name, shape
    if key not in texts:
        texts[key] = (directory / f"{format_name}.{shape}").read_text(encoding="utf-8")
        values[key] = decode(texts[key])
    run, argument = (decode, texts[key]) if op == "decode" else (encode, values[key])
    for _ in range(int(times)):
        result = run(argument)
    print(len(result), flush=True)
