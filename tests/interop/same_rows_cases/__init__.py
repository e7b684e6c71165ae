"""The calls of test_same_rows.py: each as the Python client takes it and as ours does.

All start from the rows of same_rows_world.py.
"""

from .applications import applications
from .case import Case
from .debounces import debounces
from .enqueue import enqueues
from .forks import forks
from .looking import lists, looks
from .managing import changes
from .messages import messages
from .queues import queue_changes, registrations
from .schedules import schedule_changes, schedule_looks, schedule_runs

CASES = [
    *enqueues(),
    *debounces(),
    *messages(),
    *changes(),
    *forks(),
    *lists(),
    *looks(),
    *applications(),
    *registrations(),
    *queue_changes(),
    *schedule_changes(),
    *schedule_runs(),
    *schedule_looks(),
]
