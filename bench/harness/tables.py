"""Tables of measurements, in Markdown."""
from .figures import CLIENTS, WAITS, client_cpu, figure_of, key, median, p50_ms, p99_ms, quantile, rate, server_cpu

RATED = ("enqueue", "conc", "bulk", "send", "sendbulk", "drain", "rtt", "status", "sqlite", "list", "onecore",
         "threads", "payloads", "rows", "packages")
POLLED = ("wait1000", "waitfirst", "young", "waits")
BASES = ("raw:flight", "raw:unnest", "raw", "rawsqlite wal/FULL")
MEGABYTES = 1 / 1024


def number(value, decimals=0, scale=1.0):
    return "-" if value is None else f"{value * scale:,.{decimals}f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |",
             "|" + "|".join("---" if i == 0 else "---:" for i in range(len(head))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def medians(results, case, columns):
    """A table of plain medians; columns are (head, figure, decimals)."""
    return table(["client"] + [head for head, _, _ in columns], [
        [who] + [number(results.median(case, who, figure), decimals) for _, figure, decimals in columns]
        for who in results.by_who(case)])


def rated(results, op, case):
    by = results.by_who(case)
    base = next((who for who in BASES if who in by), None)
    rows = []
    for who, entries in by.items():
        speed = results.median(case, who, rate)
        slower, later = (results.ratio(case, *pair, figure) if base else None
                         for pair, figure in (((base, who), rate), ((who, base), p50_ms)))
        row = [who, number(speed, 0 if (speed or 0) > 50 else 1), number(slower, 2), number(later, 2),
               number(median(p50_ms(entry) or entry.get("avg_us", 0) / 1e3 or None for entry in entries), 3)]
        row += [number(results.median(case, who, figure), decimals)
                for figure, decimals in ((p99_ms, 2), (client_cpu, 3), (server_cpu, 3), (key("rss_kb", MEGABYTES), 1))]
        rows.append(row + ([f"{entries[0]['rows']}/{entries[0]['loaded']}"] if op == "list" else []))
    return table(["client", "ops/s", "raw ops/s ÷ this", "p50 ÷ raw p50", "p50 ms", "p99 ms", "client CPU s/1000",
                  "server CPU s/1000", "peak RSS MB"] + (["rows/with input"] if op == "list" else []), rows)


def waits(results, op, case):
    polled = (("queries/s", "qps", 1), ("client CPU ms/s", "cpu_ms_per_s", 1), ("server CPU ms/s", "srv_ms_per_s", 1),
              ("rest done ms", "all_done_ms", 1), ("RSS MB", "rss_now_kb", MEGABYTES)) if op in POLLED else ()
    rows = []
    for who, entries in results.by_who(case).items():
        samples = [sample for entry in entries for sample in entry["lat_ms"]]
        rows.append([who, str(len(samples)), number(quantile(samples, .5), 1), number(quantile(samples, .99), 1),
                     number(max(samples, default=None), 1)] +
                    [number(results.median(case, who, key(name, scale)), 1) for _, name, scale in polled])
    return table(["client", "samples", "wake p50 ms", "p99 ms", "max ms"] + [head for head, _, _ in polled], rows)


def wire(results, case):
    first = {who: entries[0] for who, entries in results.by_who(case).items()}
    if any("statements" in entry for entry in first.values()):
        return table(["client", "calls", "statement"], [
            [who, str(calls), "`" + text.replace("|", "/") + "`"]
            for who, entry in first.items() for calls, text in entry["statements"]])
    rows = []
    for who, entry in first.items():
        messages = " ".join(f"{name}:{value:g}" for name, value in sorted(entry.items()) if len(name) == 1 and value)
        rows.append([who, number(entry["turns"], 2), number(entry["up_bytes"]), number(entry["down_bytes"]), messages])
    return table(["client", "round trips", "bytes up", "bytes down",
                  "messages up (P parse B bind D describe E execute S sync Q simple C close)"], rows)


COLD = (("connected ms", key("connected_ms"), 1), ("first enqueue done ms", key("first_ms"), 1),
        ("process exit ms", key("exit_ms"), 1), ("peak RSS MB", key("rss_kb", MEGABYTES), 1))
IDLE = (("connections", key("conns"), 0), ("queries/s", key("qps"), 2), ("threads", key("threads"), 0),
        ("wake-ups/s", key("wakeups_per_s"), 1), ("CPU ms/s", key("cpu_ms_per_s"), 1),
        ("RSS MB", key("rss_now_kb", MEGABYTES), 1))


def one_case(results, op, case):
    if op in RATED:
        return rated(results, op, case)
    if op in WAITS:
        return waits(results, op, case)
    if op == "wire":
        return wire(results, case)
    return medians(results, case, COLD if op == "cold" else IDLE)


def every_case(results):
    """One table a case."""
    return "\n".join(f"#### {case}\n\n{one_case(results, op, case)}" for case, (op, _) in results.cases.items())


def runs(results):
    """When, where and how much was measured."""
    return "\n".join(
        f"{run['date']}: {run['cores']} cores ({run['processor']}), load {run['load']:.1f} before; PostgreSQL "
        f"{run['server']} on the same machine; {run['rounds']} rounds at `SCALE={run['scale']:g}`; "
        f"`bench/run.sh{''.join(' ' + name for name in run['cases'])}`." for run in results.runs) + "\n"


def summary(results):
    """Each client's figure and in brackets how many times worse than raw it is."""
    rows = []
    for case, (op, by) in results.cases.items():
        if op in ("wire", "sqlite", "idle", "threads", "payloads", "rows", "waits"):
            continue
        bare = results.bare(case)
        raw = results.value(case, bare) if bare else None
        more_is_better = figure_of(op)[1]
        row = [f"{case} {'ops/s' if more_is_better else 'wake p50 ms' if op in WAITS else 'p50 ms'}"]
        for client in CLIENTS:
            value = results.best(case, (client,))[1]
            worse = (raw / value if more_is_better else value / raw) if raw and value else None
            row.append(number(value, 2) + (f" ({worse:.{0 if worse >= 20 else 1}f}×)" if worse else ""))
        rows.append(row + [number(raw, 2)])
    return table(["case", *CLIENTS, "raw"], rows)
