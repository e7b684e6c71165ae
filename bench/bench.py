#!/usr/bin/env python3
"""Side-by-side benchmark of clients of DBOS and raw libpq. Run it through run.sh; see README.md."""
import os
import sys
import time

from harness import growth_cases, other_cases, records, wait_cases, write_cases
from harness.database import make_database
from harness.figures import Results
from harness.settings import BUILD, DB, FIRST_ROUND, ROUNDS
from harness.tables import every_case

CASES = {**write_cases.CASES, **wait_cases.CASES, **other_cases.CASES, **growth_cases.CASES}


def main(names):
    unknown = [name for name in names if name not in CASES]
    if unknown:
        sys.exit(f"unknown case {' '.join(unknown)}; there are: {' '.join(CASES)}")
    os.makedirs(BUILD, exist_ok=True)
    make_database(DB)
    records.record_run(names)
    for name in names or CASES:
        for round_number in range(FIRST_ROUND, FIRST_ROUND + ROUNDS):
            start = time.time()
            CASES[name](round_number)
            print(f"# {name} round {round_number + 1}/{FIRST_ROUND + ROUNDS} {time.time() - start:.0f}s "
                  f"load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
    print(every_case(Results(records.ALL)))


if __name__ == "__main__":
    main(sys.argv[1:])
