"""Firings as the Python SDK's scheduler computes them: croniter with the seconds first, from a datetime in the zone.

Reads [expression, zone, start, count] lines; answers with epoch seconds, "never" or "fails" ending a short list, or
"refused" and "random".
"""

import json
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter


def firings(expression: str, zone: str, start: int, count: int) -> list[object]:
    after = datetime.fromtimestamp(start, timezone.utc).astimezone(ZoneInfo(zone))
    found: list[object] = []
    schedule = croniter(expression, after, second_at_beginning=True)
    try:
        while len(found) < count:
            found.append(int(schedule.get_next(datetime).timestamp()))
    except CroniterBadDateError:
        found.append("never")
    except Exception:
        found.append("fails")
    return found


def is_valid(expression: str) -> bool:
    try:
        return croniter.is_valid(expression, second_at_beginning=True)
    except Exception:
        return False


def answer(expression: str, zone: str, start: int, count: int) -> object:
    if not is_valid(expression):
        return "refused"
    answers = [firings(expression, zone, start, count) for _ in range(5)]
    return answers[0] if all(other == answers[0] for other in answers) else "random"


for line in sys.stdin:
    print(json.dumps(answer(*json.loads(line))))
