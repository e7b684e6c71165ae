"""Cases that show how cost grows: with the number of waits, of threads, of rows, and with the size of a payload."""
from .database import seed
from .records import timed
from .settings import BIG_ROWS, ONE_BY_ONE, SMOKE, pause, scaled, taking_part
from .wait_cases import YOUNG, many_waits

KILOBYTE, MEGABYTE = 1024, 1024 * 1024


def waits(round_number):
    for count in (1, 10, 100, 1000, 10_000, 100_000):
        for who in taking_part(["dbosc"]):
            n = scaled(count)
            many_waits("waits/1 to 100,000", who, round_number, n, quiet=pause(3.0), label=f"{n:,}", **YOUNG)


def threads(round_number):
    """One enqueue after the other in each thread, each thread with a connection."""
    for c in (1, 2, 4, 8, 16, 32, 64):
        for who in taking_part(["dbosc", ONE_BY_ONE, "raw:flight"]):
            timed("enqueue", "threads/1 to 64", who, round_number, n=scaled(4000), warm=scaled(1000), c=c, pool=c,
                  label=f"c={c}")


def payloads(round_number):
    sizes = ((KILOBYTE, 1000), (16 * KILOBYTE, 500), (256 * KILOBYTE, 100), (4 * MEGABYTE, 20), (64 * MEGABYTE, 3))
    for size, count in sizes[:3] if SMOKE else sizes:
        for who in taking_part(["dbosc", "raw:flight"]):
            name = f"{size // KILOBYTE} KB" if size < MEGABYTE else f"{size // MEGABYTE} MB"
            timed("enqueue", "payloads/1 KB to 64 MB", who, round_number, n=scaled(count), warm=scaled(2), size=size,
                  label=name)


def rows(round_number):
    """Reads of tables of different sizes."""
    reads = (("status", {}), ("list", dict(variant="desc")), ("list", dict(variant="name", t0=0, t1=2 * 10**12)),
             ("list", dict(variant="prefix")))
    for name, count in (("1k", 10**3), ("10k", 10**4), ("100k", 10**5), ("1m", BIG_ROWS)):
        if count > BIG_ROWS:
            continue
        seed("perf_" + name, count)
        for op, keys in reads:
            for who in taking_part(["dbosc", "raw"]):
                timed(op, "rows/10^3 to 10^6", who, round_number, db="perf_" + name, keep=True, rows=count,
                      n=scaled(200) if op == "status" else 5, label=f"{keys.get('variant', op)} of {count:,}", **keys)


CASES = {case.__name__: case for case in (waits, threads, payloads, rows)}
