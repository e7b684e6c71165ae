"""Figures of measurements: medians over rounds, ratios taken within a round, samples of wake-ups pooled."""
import statistics
import sys

OURS = "dbosc"
OFFICIAL = ("py", "ts", "go", "java", "rust")
CLIENTS = (OURS,) + OFFICIAL
BARE = ("raw:flight", "raw:unnest", "raw", "raw:poll=5", "raw:poll=5:wm=1", "raw:listen")
"""What the same work takes without a client; the first that took part counts."""

RATES = ("conc", "packages", "bulk", "sendbulk", "drain", "threads")
"""The cases whose figure is operations a second."""
WAITS = ("wait", "event", "stream", "waitfirst", "wait1000", "young", "waits")
"""The cases whose figure is how late a waiter wakes up."""


def median(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def quantile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else None


def rate(entry):
    return entry["n"] / entry["secs"] if entry.get("secs") else None


def p50_ms(entry):
    return entry["p50_us"] / 1e3 if "p50_us" in entry else None


def p99_ms(entry):
    return entry["p99_us"] / 1e3 if "p99_us" in entry else None


def wake_ms(part):
    """How late the part of the wakers of a round that is quickest is awake."""
    return lambda entry: quantile(entry.get("lat_ms", ()), part)


def key(name, scale=1.0):
    return lambda entry: None if entry.get(name) is None else entry[name] * scale


def client_cpu(entry):
    """Seconds for 1,000 operations."""
    return entry["cpu_s"] / entry["n"] * 1e3 if "cpu_s" in entry else None


def server_cpu(entry):
    return entry["srv_cpu_s"] / entry["total"] * 1e3 if entry.get("total") else None


FIGURES = {**{op: (rate, True) for op in RATES}, **{op: (wake_ms(.5), False) for op in WAITS},
           "cold": (key("first_ms"), False)}


def figure_of(op):
    """(figure, more_is_better) of a case."""
    return FIGURES.get(op, (p50_ms, False))


def ratio(figures, base):
    """The median over rounds that both have; figures and base are {round: value}."""
    return median(figures[number] / base[number] for number in figures if base.get(number))


class Results:
    """Measurements by case, by who, by round. A failed one is told of and left out."""

    def __init__(self, entries):
        self.cases, self.runs = {}, []
        for entry in entries:
            if entry["op"] == "run":
                self.runs.append(entry)
                continue
            if entry.get("failed"):
                print(f"FAILED {entry['case']} {entry['who']} round {entry['round']}", file=sys.stderr)
                continue
            case = self.cases.setdefault(entry["case"], (entry["op"], {}))[1]
            case.setdefault(entry["who"], []).append(entry)

    def by_who(self, case):
        return self.cases.get(case, (None, {}))[1]

    def by_round(self, case, who, figure):
        values = {entry["round"]: figure(entry) for entry in self.by_who(case).get(who, ())}
        return {number: value for number, value in values.items() if value is not None}

    def median(self, case, who, figure):
        return median(self.by_round(case, who, figure).values())

    def pooled(self, case, who, part):
        """A quantile of the wake-ups of all rounds."""
        return quantile([late for entry in self.by_who(case).get(who, ()) for late in entry["lat_ms"]], part)

    def ratio(self, case, who, base, figure):
        return ratio(self.by_round(case, who, figure), self.by_round(case, base, figure))

    def bare(self, case):
        return next((who for who in BARE if who in self.by_who(case)), None)

    def value(self, case, who):
        """The figure of a case."""
        op, _ = self.cases[case]
        if op in WAITS:
            return self.pooled(case, who, .5)
        return self.median(case, who, figure_of(op)[0])

    def best(self, case, clients):
        """(who, value) of the best of these clients, in whatever way it offers."""
        op, by = self.cases.get(case, (None, {}))
        values = [(who, self.value(case, who)) for who in by if who.split(" ")[0].split(":")[0] in clients]
        values = [(who, value) for who, value in values if value is not None]
        choose = max if figure_of(op)[1] else min
        return choose(values, key=lambda pair: pair[1], default=(None, None))
