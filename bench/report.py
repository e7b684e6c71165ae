#!/usr/bin/env python3
"""Tables from results.jsonl: `report.py FILE...`, one table a case, or `report.py --summary FILE...`, one row a case.

Figures are medians over rounds; a ratio is taken within a round, then the median. Samples of wake-ups are pooled."""
import json
import os
import statistics
import sys

CLIENTS = ["dbosc", "py", "ts", "go", "java", "rust"]
RATED = ("enqueue", "conc", "bulk", "send", "sendbulk", "drain", "rtt", "status", "sqlite", "list", "onecore")
WAITS = ("wait", "event", "stream", "waitfirst", "wait1000")
POLLED = ("wait1000", "waitfirst")
BASES = ("raw:flight", "raw:unnest", "raw", "rawsqlite wal/FULL")


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else None


def number(value, decimals=0, scale=1.0):
    return "-" if value is None else f"{value * scale:,.{decimals}f}"


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join("---" if i == 0 else "---:" for i in range(len(head))) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def grouped(entries, leave_out=()):
    """{(op, case): {who: [entry of each round]}}; a failed one is told of and left out."""
    cases = {}
    for entry in entries:
        if entry.get("failed"):
            print(f"FAILED {entry['case']} {entry['who']} round {entry['round']}", file=sys.stderr)
        elif entry["op"] not in leave_out:
            cases.setdefault((entry["op"], entry["case"]), {}).setdefault(entry["who"], []).append(entry)
    return cases


def ratio(figures, base, inverse=False):
    """The median over rounds that both have; figures and base are {round: value}."""
    pairs = [(figures[key], base[key]) for key in figures if key in base]
    return median([b / a if inverse else a / b for a, b in pairs])


def by_round(entries, figure):
    values = {entry["round"]: figure(entry) for entry in entries}
    return {key: value for key, value in values.items() if value is not None}


def rated(op, by):
    base = next((who for who in BASES if who in by), None)
    rates = {who: by_round(entries, lambda e: e["n"] / e["secs"]) for who, entries in by.items()}
    p50s = {who: by_round(entries, lambda e: e.get("p50_us")) for who, entries in by.items()}
    rows = []
    for who, entries in by.items():
        rate = median(rates[who].values())
        row = [
            who, number(rate, 0 if rate > 50 else 1),
            number(ratio(rates[who], rates[base], inverse=True) if base else None, 2),
            number(ratio(p50s[who], p50s[base]) if base else None, 2),
            number(median(entry.get("p50_us", entry.get("avg_us")) for entry in entries), 3, 1e-3),
            number(median(entry.get("p99_us") for entry in entries), 2, 1e-3),
            number(median(entry["cpu_s"] / entry["n"] if "cpu_s" in entry else None for entry in entries), 3, 1e3),
            number(median(entry["srv_cpu_s"] / entry["total"] if entry.get("total") else None for entry in entries),
                   3, 1e3),
            number(median(entry.get("rss_kb") for entry in entries), 1, 1 / 1024)]
        rows.append(row + ([f"{entries[0]['rows']}/{entries[0]['loaded']}"] if op == "list" else []))
    table(["client", "ops/s", "raw ops/s ÷ this", "p50 ÷ raw p50", "p50 ms", "p99 ms", "client CPU s/1000",
           "server CPU s/1000", "peak RSS MB"] + (["rows/with input"] if op == "list" else []), rows)


def waits(op, by):
    rows = []
    for who, entries in by.items():
        samples = [sample for entry in entries for sample in entry["lat_ms"]]
        row = [who, str(len(samples)), number(quantile(samples, .5), 1), number(quantile(samples, .99), 1),
               number(max(samples, default=None), 1)]
        if op in POLLED:
            row += [number(median(entry.get(key) for entry in entries), 1)
                    for key in ("qps", "cpu_ms_per_s", "srv_ms_per_s", "all_done_ms")]
        rows.append(row)
    table(["client", "samples", "wake p50 ms", "p99 ms", "max ms"] +
          (["queries/s", "client CPU ms/s", "server CPU ms/s", "rest done ms"] if op in POLLED else []), rows)


def medians(head, figures, by):
    """A table of plain medians; figures are (key, decimals, scale)."""
    table(["client"] + head, [
        [who] + [number(median(entry.get(key) for entry in entries), decimals, scale)
                 for key, decimals, scale in figures] for who, entries in by.items()])


def wire(by):
    first = {who: entries[0] for who, entries in by.items()}
    if any("statements" in entry for entry in first.values()):
        table(["client", "calls", "statement"], [
            [who, str(calls), "`" + text.replace("|", "/") + "`"]
            for who, entry in first.items() for calls, text in entry["statements"]])
        return
    rows = []
    for who, entry in first.items():
        messages = " ".join(f"{key}:{value:g}" for key, value in sorted(entry.items()) if len(key) == 1 and value)
        rows.append([who, number(entry["turns"], 2), number(entry["up_bytes"]), number(entry["down_bytes"]), messages])
    table(["client", "round trips", "bytes up", "bytes down",
           "messages up (P parse B bind D describe E execute S sync Q simple C close)"], rows)


def show(entries):
    for (op, case), by in grouped(entries).items():
        print(f"#### {case}\n")
        if op in RATED:
            rated(op, by)
        elif op in WAITS:
            waits(op, by)
        elif op == "cold":
            medians(["connected ms", "first enqueue done ms", "process exit ms", "peak RSS MB"],
                    [("connected_ms", 1, 1), ("first_ms", 1, 1), ("exit_ms", 1, 1), ("rss_kb", 1, 1 / 1024)], by)
        elif op == "idle":
            medians(["connections", "queries/s", "threads", "CPU ms/s", "RSS MB"],
                    [("conns", 0, 1), ("qps", 2, 1), ("threads", 0, 1), ("cpu_ms_per_s", 1, 1),
                     ("rss_now_kb", 1, 1 / 1024)], by)
        elif op == "wire":
            wire(by)


def summary(entries):
    """Each client's figure and in brackets how many times worse than raw it is."""
    raws = ("raw:flight", "raw:unnest", "raw", "raw:poll=5", "raw:listen")
    rows = []
    for (op, case), by in grouped(entries, leave_out=("wire", "sqlite", "idle")).items():
        is_rate, is_wait = op in ("conc", "bulk", "sendbulk", "drain"), op in WAITS

        def figure(rounds):
            if is_rate:
                return median(entry["n"] / entry["secs"] for entry in rounds)
            if is_wait:
                return quantile([sample for entry in rounds for sample in entry["lat_ms"]], .5)
            return median(entry.get("first_ms", entry.get("p50_us", 0) / 1e3) for entry in rounds)

        unit = "ops/s" if is_rate else "wake p50 ms" if is_wait else "first enqueue ms" if op == "cold" else "p50 ms"
        raw = next((figure(by[who]) for who in raws if who in by), None)
        row = [f"{case} {unit}"]
        for client in CLIENTS:
            values = [figure(rounds) for who, rounds in by.items() if who.split(" ")[0] == client]
            if not values:
                row.append("-")
                continue
            best = max(values) if is_rate else min(values)
            worse = (raw / best if is_rate else best / raw) if raw else None
            row.append(_short(best) + (f" ({worse:.{0 if worse >= 20 else 1}f}×)" if worse else ""))
        rows.append(row + [_short(raw)])
    table(["case"] + CLIENTS + ["raw"], rows)


def _short(value):
    return number(value, 0 if value is None or value >= 100 else 1 if value >= 10 else 2)


def read(paths):
    for path in paths:
        with open(path) as file:
            yield from map(json.loads, file)


if __name__ == "__main__":
    files = [path for path in sys.argv[1:] if path != "--summary"]
    if not files or not all(map(os.path.exists, files)):
        sys.exit(__doc__)
    (summary if "--summary" in sys.argv else show)(read(files))
