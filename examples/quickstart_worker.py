"""A DBOS worker for the quickstart: two workflows on the queue "greetings", on a SQLite file.

    python quickstart_worker.py sqlite:////path/to/system.sqlite

Prints READY when it takes work; stops on SIGTERM or Ctrl-C.
"""

import signal
import sys
import threading

from dbos import DBOS, DBOSConfig

QUEUE = "greetings"


@DBOS.workflow(name="greet")
def greet(name: str) -> str:
    return f"Hello, {name}! This is a Python worker."


@DBOS.workflow(name="approval")
def approval() -> str:
    DBOS.set_event("status", "waiting")
    decision = DBOS.recv("decision", timeout_seconds=60)
    DBOS.set_event("status", decision)
    return decision


def main() -> None:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())

    config: DBOSConfig = {
        "name": "quickstart",
        "system_database_url": sys.argv[1],
        "application_version": "1",
        # The client made the system database; the worker uses it as it finds it.
        "run_migrations": False,
        "notification_listener_polling_interval_sec": 0.1,
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, polling_interval_sec=0.1)
    print("READY", flush=True)
    stopped.wait()
    DBOS.destroy()


if __name__ == "__main__":
    main()
