"""What must be reached, beside what was seen."""
import dataclasses
import functools
from typing import Callable, Optional

from .figures import OFFICIAL, OURS, WAITS, client_cpu, figure_of, key, p50_ms, p99_ms, rate
from .tables import number, table

SEVERAL_WAITS = ("young/1,000 waits", "young/10,000 waits")


@dataclasses.dataclass(frozen=True)
class Goal:
    what: str
    seen: Callable  # of Results, to a number or None
    limit: float
    more_is_better: bool = False
    decimals: int = 2

    def row(self, results) -> Optional[list]:
        seen = self.seen(results)
        if seen is None:
            return None
        reached = seen >= self.limit if self.more_is_better else seen <= self.limit
        sign = "≥" if self.more_is_better else "≤"
        return [self.what, f"{sign} {self.limit:,g}", number(seen, self.decimals), "yes" if reached else "**no**"]


def times(case, base, figure=p50_ms, who=OURS):
    """How many times the base's figure ours is, within the rounds."""
    return lambda results: results.ratio(case, who, base, figure)


def seen(case, figure, who=OURS):
    return lambda results: results.median(case, who, figure)


def wakes(case, part):
    return lambda results: results.pooled(case, OURS, part)


def ahead(case):
    """How many times better than the best official client."""
    def of(results):
        ours, theirs = results.best(case, (OURS,))[1], results.best(case, OFFICIAL)[1]
        if ours is None or theirs is None:
            return None
        return ours / theirs if figure_of(results.cases[case][0])[1] else theirs / ours
    return of


def most(*goals):
    def of(results):
        values = [value for value in (goal(results) for goal in goals) if value is not None]
        return max(values, default=None)
    return of


def list_memory(results):
    """What a list takes more than an idle client, in sizes of its reply."""
    case = "list/10k rows full"
    peak, reply = results.median(case, OURS, key("rss_kb")), results.median(case, OURS, key("reply_bytes"))
    idle = results.median("idle/after 1 enqueue", OURS, key("rss_now_kb"))
    return None if None in (peak, reply, idle) else (peak - idle) * 1024 / reply


more = functools.partial(Goal, more_is_better=True)

ENQUEUE, RTT, CONC = "onecore/enqueue 100B", "rtt/enqueue, 1 ms RTT", "conc/c=32 pool=32"
PLAIN = "enqueue/100B sync=on"
GOALS = (
    Goal("one enqueue on one core, p50 ÷ bare libpq", times(ENQUEUE, "raw:flight"), 1.10),
    Goal("one enqueue at 1 ms round trip, p50 ÷ bare libpq", times(RTT, "raw:flight"), 1.05),
    Goal("round trips of an enqueue", seen("wire/enqueue", key("turns")), 1),
    Goal("bytes up of an enqueue", seen("wire/enqueue", key("up_bytes")), 700, decimals=0),
    more("one enqueue, times as fast as the fastest official client", ahead(ENQUEUE), 1),
    Goal("client CPU of 1,000 enqueues, s", seen(PLAIN, client_cpu), 0.025, decimals=3),
    Goal("peak memory of that process, MB", seen(PLAIN, key("rss_kb", 1 / 1024)), 12, decimals=1),
    more("32 callers, enqueues/s", seen(CONC, rate), 25000, decimals=0),
    more("32 callers, rate ÷ bare libpq, one row a commit", times(CONC, "raw:flight", rate), 2),
    more("32 callers, times as fast as the fastest official client", ahead(CONC), 4),
    Goal("32 callers, p99 ms", seen(CONC, p99_ms), 10),
    more("32 callers without group commit, rate ÷ bare libpq",
         times(CONC, "raw:flight", rate, "dbosc:group_commit=0"), 0.9),
    more("10,000 in bulk, rate ÷ bare multi-row insert", times("bulk/10000", "raw:unnest", rate), 0.9),
    more("10,000 in bulk, times as fast as the fastest official client", ahead("bulk/10000"), 3),
    more("10,000 messages in bulk, rate ÷ bare libpq", times("sendbulk/10000", "raw", rate), 0.9),
    more("10,000 messages in bulk, times as fast as the fastest official client", ahead("sendbulk/10000"), 1),
    Goal("wake-up of 1 wait, p50 ms", wakes("wait/one handle", .5), 5),
    Goal("wake-up of 1 wait, p99 ms", wakes("wait/one handle", .99), 10),
    Goal("wake-up of 1,000 young waits, p50 ms", wakes(SEVERAL_WAITS[0], .5), 5),
    Goal("wake-up of 1,000 young waits, p99 ms", wakes(SEVERAL_WAITS[0], .99), 10),
    Goal("wake-up of 10,000 young waits, p50 ms", wakes(SEVERAL_WAITS[1], .5), 5),
    Goal("wake-up of 10,000 young waits, p99 ms", wakes(SEVERAL_WAITS[1], .99), 15),
    Goal("queries/s of young waits, at most", most(*(seen(case, key("qps")) for case in SEVERAL_WAITS)), 200,
         decimals=0),
    Goal("server CPU of young waits, at most, ms/s", most(*(seen(case, key("srv_ms_per_s")) for case in SEVERAL_WAITS)),
         50, decimals=0),
    Goal("wake-up by an event, p50 ms", wakes("event/get_event", .5), 1.5),
    Goal("wake-up by an event, p99 ms", wakes("event/get_event", .99), 5),
    Goal("wake-up by a stream's value, p50 ms", wakes("stream/live value", .5), 1.5),
    Goal("wake-up by a stream's value, p99 ms", wakes("stream/live value", .99), 5),
    more("10,000 stream values read, values/s", seen("drain/10000 stream values", rate), 300000, decimals=0),
    more("10,000 stream values read, times as fast as the fastest official client", ahead("drain/10000 stream values"),
         1),
    Goal("one message on one core, p50 ÷ bare libpq", times("onecore/send 100B", "raw"), 1.15),
    Goal("round trips of a message", seen("wire/send", key("turns")), 1),
    Goal("one workflow read on one core, p50 ÷ bare libpq", times("onecore/retrieve one of 10k", "raw"), 1.15),
    Goal("round trips of reading a workflow", seen("wire/status", key("turns")), 1),
    Goal("list of 10,000 with payloads, p50 ÷ bare libpq", times("list/10k rows full", "raw"), 1.1),
    Goal("list of 10,000 without, p50 ÷ bare libpq", times("list/10k rows bare", "raw"), 1.3),
    Goal("memory of the list with payloads ÷ its reply", list_memory, 3),
    Goal("list by id prefix among 10⁶, p50 ms", seen("list/1M prefix limit 100", p50_ms), 1),
    Goal("cold process to its first enqueue done ÷ bare libpq", times("cold/start to first enqueue", "raw",
                                                                      key("first_ms")), 1.25),
    Goal("connections of an idle client", seen("idle/after 1 enqueue", key("conns")), 1, decimals=0),
    Goal("threads of an idle client", seen("idle/after 1 enqueue", key("threads")), 2, decimals=0),
    Goal("queries/s of an idle client", seen("idle/after 1 enqueue", key("qps")), 0),
    Goal("wake-ups/s of an idle client", seen("idle/after 1 enqueue", key("wakeups_per_s")), 0),
    more("SQLite: enqueues/s ÷ bare, journal as it is", times("sqlite/enqueue", "rawsqlite delete/FULL", rate), 0.87),
    more("SQLite: 10,000 in bulk, rate ÷ bare, journal as it is",
         times("sqlite/bulk", "rawsqlite delete/FULL", rate), 0.9),
)


def goals(results):
    rows = [row for row in (goal.row(results) for goal in GOALS) if row]
    return table(["goal", "limit", "seen", "reached"], rows)


SPEED = (
    ("start one workflow, ms", ENQUEUE), ("the same over a link of 1 ms, ms", RTT), ("32 callers, workflows/s", CONC),
    ("10,000 workflows at once, /s", "bulk/10000"), ("10,000 messages at once, /s", "sendbulk/10000"),
    ("send one message, ms", "onecore/send 100B"), ("read one workflow, ms", "onecore/retrieve one of 10k"),
    ("told that one workflow is over, ms", "wait/one handle"), ("the same of 1,000, ms", "young/1,000 waits"),
    ("told of an event, ms", "event/get_event"), ("told of a stream's next value, ms", "stream/live value"),
    ("read 10,000 stream values, /s", "drain/10000 stream values"),
    ("list 10,000 workflows with payloads, ms", "list/10k rows full"),
    ("list by id prefix among 10⁶, ms", "list/1M prefix limit 100"),
    ("from nothing to the first workflow started, ms", "cold/start to first enqueue"))
"""What the table of the project's first page shows: (words, case)."""


def short(value):
    return number(value, 0 if value is None or value >= 100 else 1 if value >= 10 else 2)


def speed(results):
    """Medians of ours, of bare libpq and of the best official client."""
    rows = []
    for words, case in SPEED:
        ours = results.best(case, (OURS,))[1]
        if ours is None:
            continue
        bare, (official, theirs) = results.bare(case), results.best(case, OFFICIAL)
        rows.append([words, f"**{short(ours)}**", short(results.value(case, bare) if bare else None),
                     f"{short(theirs)} ({official.split(' ')[0]})" if official else "-"])
    return table(["", "dbosc", "bare libpq", "fastest official client"], rows)


assert {case.split("/")[0] for case in SEVERAL_WAITS} <= set(WAITS)
