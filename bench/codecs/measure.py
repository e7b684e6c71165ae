"""Asks the peers in turn and prints the figures as tables: measure.py [--record RESULTS] DIR NAME=COMMAND... (bench/README.md).

What a peer has cost is read from the clock of its process, so other work on the machine matters little, and garbage
collectors' and compilers' threads are counted."""

import argparse
import json
import random
import re
import shlex
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

BYTES = 1_000_000
ROUNDS = 5
ROUND_SECONDS = 0.03
WARM_SECONDS = {"java": 1.0}  # its compiler takes its time
HEADING = "## Codecs"

OURS = "dbosc"
LIBRARIES = {
    "python": "Python",
    "node": "node",
    "java": "Java SDK",
    "go": "Go",
    "rust": "serde_json",
}
FORMATS = {
    "portable_json": ["python", "node", "go", "rust"],
    "py_pickle": ["python"],
    "js_superjson": ["node"],
    "java_jackson": ["java"],
    "DBOS_JSON": ["go"],
    "rust_serde": ["rust"],
}
WORDS = "workflow queue message executor recovers every durable step after \"crash\" and resumes".split()
FAR_WORDS = "заказ доставка 注文 配送 発送 données événement größe 😀 mañana".split()


def filled(item: Any, around: Any = lambda items: items) -> Any:
    """As many items as a megabyte takes."""
    items, size = [], 0
    while size < BYTES:
        items.append(item(len(items)))
        size += len(json.dumps(items[-1], ensure_ascii=False).encode()) + 1
    return around(items)


def shapes() -> dict[str, Any]:
    chance = random.Random(6)

    def record(number: int) -> dict[str, Any]:
        name = " ".join(chance.choices(WORDS[:8], k=2))
        return {
            "id": number, "name": name, "email": f"{name.replace(' ', '.')}@example.com", "active": chance.random() < 0.5,
            "score": round(chance.uniform(0, 100), 2), "tags": chance.choices(WORDS[:8], k=3), "parent": None,
        }  # fmt: skip

    def number(_: int) -> float:
        return chance.choice([chance.randrange(-1000, 1000), chance.randrange(2**40), chance.uniform(-1, 1)])

    return {
        "records": filled(record),
        "numbers": filled(number),
        "text": filled(lambda _: chance.choice(WORDS), " ".join),
        "far": filled(lambda _: chance.choice(FAR_WORDS), " ".join),
    }


SHAPE_NAMES = {"records": "records", "numbers": "numbers", "text": "one text", "far": "one text, not ASCII"}


class Peer:
    def __init__(self, command: str, directory: Path) -> None:
        self.process = subprocess.Popen(
            [*shlex.split(command), str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.clock = (~self.process.pid << 3) | 2  # what clock_getcpuclockid(3) gives
        self.read()

    def read(self) -> str:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} has ended")
        return line.strip()

    def seconds(self, what: str, times: int) -> float:
        """For that many operations, all together."""
        begin = time.clock_gettime(self.clock)
        self.process.stdin.write(f"{what} {times}\n")
        if self.read() == "0":
            raise SystemExit(f"{self.process.args} refuses {what}")
        return time.clock_gettime(self.clock) - begin

    def times_for_a_round(self, what: str, warm_seconds: float) -> int:
        times, spent = 1, 0.0
        while True:
            seconds = self.seconds(what, times)
            spent += seconds
            if seconds >= ROUND_SECONDS / 2 and spent >= warm_seconds:
                return max(1, round(times * ROUND_SECONDS / seconds))
            if seconds < ROUND_SECONDS / 2:
                times *= 2


class Case(NamedTuple):
    peer: str
    op: str
    format: str


def measured(peers: dict[str, Peer], cases: list[Case], shape: str) -> dict[Case, list[float]]:
    """Of each case the seconds that one operation took, in each round."""
    times = {}
    for case in cases:
        what = f"{case.op} {case.format} {shape}"
        times[case] = what, peers[case.peer].times_for_a_round(what, WARM_SECONDS.get(case.peer, 0.05))
    figures: dict[Case, list[float]] = {case: [] for case in cases}
    for _ in range(ROUNDS):
        for case, (what, count) in times.items():
            figures[case].append(peers[case.peer].seconds(what, count) / count)
    return figures


def ratio(theirs: list[float], ours: list[float]) -> str:
    value = median(t / o for t, o in zip(theirs, ours))
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def table(op: str, formats: list[str], peers: dict[str, Peer], figures: dict[str, dict[Case, list[float]]]) -> str:
    plain, tagged = op, f"{op}-tagged"
    lines = [
        f"| {op} | " + " | ".join(SHAPE_NAMES[shape] for shape in figures) + " |",
        "|---|" + "---:|" * len(figures),
    ]

    def row(name: str, cell: Any) -> None:
        lines.append(f"| {name} | " + " | ".join(cell(figures[shape]) for shape in figures) + " |")

    row("memcpy, ms", lambda of: f"{median(of[Case(OURS, 'memcpy', 'portable_json')]) * 1e3:.3f}")
    for format_name in formats:
        ours = Case(OURS, plain, format_name), Case(OURS, tagged, format_name)
        row(
            f"**{format_name}**, ms: plain, tagged",
            lambda of: " , ".join(f"{median(of[case]) * 1e3:.2f}" for case in ours),
        )
        for peer in FORMATS[format_name]:
            if peer not in peers:
                continue
            theirs = Case(peer, op, format_name)
            row(
                f"{LIBRARIES[peer]} ÷ plain, ÷ tagged",
                lambda of: " , ".join(ratio(of[theirs], of[case]) for case in ours),
            )
    return "\n".join(lines)


def record(results: Path, section: str) -> None:
    """Takes the place of the section of that heading, or goes to the end."""
    text = results.read_text()
    old = re.search(rf"^{HEADING}\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    begin, end = old.span() if old else (len(text), len(text))
    results.write_text((text[:begin].rstrip() + "\n\n" + section + "\n\n" + text[end:]).rstrip() + "\n")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--record", type=Path)
    arguments.add_argument("--introduction", type=Path, required=True)
    arguments.add_argument("--formats", default="")
    arguments.add_argument("directory", type=Path)
    arguments.add_argument("peers", nargs="+")
    options = arguments.parse_args()
    for shape, value in shapes().items():
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        (options.directory / f"{shape}.json").write_text(text, encoding="utf-8")
    peers = {}
    for peer in options.peers:  # ours first: it writes the texts
        name, _, command = peer.partition("=")
        peers[name] = Peer(command, options.directory)
    formats = options.formats.split(",") if options.formats else list(FORMATS)
    formats = [name for name in formats if (options.directory / f"{name}.records").exists()]
    cases = [Case(OURS, "memcpy", "portable_json")]
    for op in ("decode", "encode"):
        for name in formats:
            cases += [Case(OURS, op, name), Case(OURS, f"{op}-tagged", name)]
            cases += [Case(peer, op, name) for peer in FORMATS[name] if peer in peers]
    figures = {shape: measured(peers, cases, shape) for shape in SHAPE_NAMES}
    tables = "\n\n".join(table(op, formats, peers, figures) for op in ("decode", "encode"))
    print(tables)
    if options.record:
        record(options.record, f"{HEADING}\n\n{options.introduction.read_text().strip()}\n\n{tables}")


main()
