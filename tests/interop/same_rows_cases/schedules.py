"""Schedules: making, changing, running and looking at them.

Whose scheduler they are for, ours tells from the schedules that are there; where none is, the case says so.
"""

from datetime import datetime
from typing import Any, Iterator, Optional

from .case import Case, change

Options = dict[str, Any]

DEFINED: Options = {"workflow_name": "order", "schedule": "0 0 4 * * *"}
FOR_PYTHON = {"language": "python"}
OWNED = ("DBOSException", "name_owned_by_another_application")
NO_CRON = ("DBOSException", "invalid_cron")
NO_ZONE = ("DBOSException", "invalid_timezone")
UNKNOWN = ("DBOSException", "schedule_not_found")
NO_VERSION = ("DBOSException", "no_application_versions")
EVERYTHING: Options = {
    "context": {"a": [1, {"b": None}]},
    "workflow_class_name": "Crate",
    "automatic_backfill": True,
    "cron_timezone": "America/New_York",
    "queue_name": "other",
}
CONTEXTS: dict[str, Any] = {
    "nothing": None,
    "true": True,
    "a number": -3,
    "a large number": 2**64,
    "a fraction": 1.5,
    "text": 'é "quoted" \n ☃ 𝄞',
    "a list": [1, [2, []], {}],
    "an object": {"a": {"b": None}, "": "empty"},
}


# --- Making and changing --------------------------------------------------------------------------


def create(
    label: str, name: str, options: Optional[Options] = None, ours: Optional[Options] = None,
    **case: Any,
) -> Case:
    """With options of both, and more of ours."""
    theirs = {"schedule_name": name, **DEFINED, **(options or {})}
    return change("create_schedule", label, theirs, {**theirs, **(ours or {})}, **case)


def creations() -> Iterator[Case]:
    yield create("nothing but the required", "new")
    yield create("of all options", "new", EVERYTHING)
    for key, value in EVERYTHING.items():
        yield create(key, "new", {key: value})
    for label, context in CONTEXTS.items():
        yield create(f"with context, {label}", "new", {"context": context})
    yield create("without backfill", "new", {"automatic_backfill": False})
    yield create("for another application", "new", {"application_name": "another"})
    yield create("for a new application", "new", {"application_name": "third"}, FOR_PYTHON)
    yield create("for an application without rows", "new", {"application_name": "third"})
    yield create("by a nameless client, for one", "new", {"application_name": "app"}, application=None)
    yield create("by a nameless client", "new", application=None)
    there = ("DBOSException", "schedule_exists")
    yield create("one that is there", "daily", refused=there)
    yield create("one that is paused", "nightly", refused=there)
    yield create("one of nobody", "unclaimed", refused=there)
    yield create("another application's", "foreign", refused=OWNED)
    yield create("of this name, for another", "daily", {"application_name": "another"}, refused=OWNED)
    yield create("empty cron", "new", {"schedule": ""}, refused=("DBOSException", "empty_value"))
    for cron in ("never", "* * * *", "61 * * * * *", "0 0 25 * * *", "0 0 0 * * mon-"):
        yield create(f"bad cron '{cron}'", "new", {"schedule": cron}, refused=NO_CRON)
    for cron in ("*/5 * * * *", "*/5 * * * * *", "@daily", "0 0 9-17/2 L * *", "0 0 0 * jan-mar mon,fri"):
        yield create(f"cron '{cron}'", "new", {"schedule": cron})
    yield create("cron of a day that never comes", "new", {"schedule": "0 0 0 30 2 *"})
    for zone in ("Mars/Olympus", "../UTC", "UTC+1"):
        yield create(f"bad zone '{zone}'", "new", {"cron_timezone": zone}, refused=NO_ZONE)
    yield create("empty zone", "new", {"cron_timezone": ""}, refused=("DBOSException", "empty_value"))
    yield create("empty queue", "new", {"queue_name": ""})
    yield create("empty class", "new", {"workflow_class_name": ""})


def entry(name: str, **options: Any) -> Options:
    return {"schedule_name": name, **DEFINED, **options}


def apply(label: str, *entries: Options, ours: Optional[Options] = None, **case: Any) -> Case:
    """The owner, which they take with each entry, we take once."""
    known = ("application_name",)
    bare = [{key: each[key] for key in each if key not in known} for each in entries]
    owner = {key: each[key] for each in entries for key in known if key in each}
    request = {"schedules": bare, **owner, **(ours or {})}
    return change("apply_schedules", label, {"schedules": list(entries)}, request, **case)


def applications_of_lists() -> Iterator[Case]:
    yield apply("none")
    yield apply("new", entry("new"))
    yield apply("new, of all options", entry("new", **EVERYTHING))
    yield apply("changed", entry("daily"))
    yield apply("changed, to all options", entry("daily", **EVERYTHING))
    yield apply("a paused one", entry("nightly", **EVERYTHING))
    yield apply("one of nobody", entry("unclaimed", cron_timezone="UTC"))
    yield apply("several", entry("new", context=1), entry("daily", context=[2]),
                entry("nightly", queue_name="q"), entry("newer", automatic_backfill=True))
    yield apply("for another application", entry("foreign", application_name="another"))
    yield apply("for a new application", entry("new", application_name="third"), ours=FOR_PYTHON)
    yield apply("by a nameless client, for one", entry("nightly", application_name="app"),
                application=None)
    yield apply("by a nameless client", entry("new"), application=None)
    yield apply("the same twice", entry("new"), entry("new", context=2))
    yield apply("another application's", entry("foreign"), refused=OWNED)
    yield apply("a new one and another application's", entry("new"), entry("foreign"), refused=OWNED)
    yield apply("a new one and a bad cron", entry("new"), entry("newer", schedule="never"),
                refused=NO_CRON)
    yield apply("a new one and a bad zone", entry("new"), entry("newer", cron_timezone="Mars/Olympus"),
                refused=NO_ZONE)
    for key in ("schedule_name", "workflow_name", "schedule"):
        lacking = {each: value for each, value in entry("new").items() if each != key}
        yield apply(f"without {key}", lacking, refused=("DBOSException", "missing_key"))


def by_name(operation: str, name: str, label: Optional[str] = None, **case: Any) -> Case:
    return Case(
        f"{operation}: {label or name}",
        lambda client: getattr(client, operation)(name),
        operation,
        {"schedule_name": name},
        **case,
    )


def schedule_changes() -> Iterator[Case]:
    yield from creations()
    yield from applications_of_lists()
    for operation in ("pause_schedule", "resume_schedule", "delete_schedule"):
        for name in ("daily", "nightly", "unclaimed", "absent"):
            yield by_name(operation, name)
        yield by_name(operation, "foreign", "another application's")
        yield by_name(operation, "foreign", "by a nameless client", application=None)


# --- Running ----------------------------------------------------------------------------------------


def backfill(label: str, name: str, start: str, end: str, **case: Any) -> Case:
    return Case(
        f"backfill_schedule: {label}",
        lambda client: client.backfill_schedule(
            name, datetime.fromisoformat(start), datetime.fromisoformat(end)
        ),
        "backfill_schedule",
        {"schedule_name": name, "start": start, "end": end},
        **case,
    )


def schedule_runs() -> Iterator[Case]:
    for name in ("daily", "nightly", "foreign", "unclaimed", "blank"):
        yield by_name("trigger_schedule", name)
    yield by_name("trigger_schedule", "unclaimed", "unclaimed, by nobody", application=None)
    yield by_name("trigger_schedule", "daily", "by nobody", application=None)
    yield by_name("trigger_schedule", "absent", refused=UNKNOWN)

    night = lambda day, time="03:00:00": f"2023-11-{day:02}T{time}+00:00"
    yield backfill("some nights", "nightly", night(18, "00:00:00"), night(21, "00:00:00"))
    yield backfill("from a firing", "nightly", night(18), night(20, "04:00:00"))
    yield backfill("to a firing", "nightly", night(18, "00:00:00"), night(20))
    yield backfill("from a firing to the next", "nightly", night(18), night(19))
    yield backfill("in parts of a second", "nightly",
                   night(18, "02:59:59.500"), night(18, "03:00:00.001"))
    yield backfill("between firings", "nightly", night(18, "04:00:00"), night(18, "05:00:00"))
    yield backfill("a run that is there", "nightly", night(15, "00:00:00"), night(18, "00:00:00"))
    yield backfill("no run but one that is there", "nightly",
                   night(16, "00:00:00"), night(17, "00:00:00"))
    yield backfill("on another clock", "nightly",
                   "2023-11-18T05:30:00+02:30", "2023-11-19T08:30:00+05:00")
    yield backfill("with all options", "daily", night(18, "00:00:00"), night(20, "00:00:00"))
    yield backfill("the end of summer time", "daily",
                   "2023-10-27T00:00:00+00:00", "2023-10-31T00:00:00+00:00")
    yield backfill("the start of summer time", "daily",
                   "2024-03-29T00:00:00+00:00", "2024-04-02T00:00:00+00:00")
    yield backfill("of an empty zone", "blank", night(18, "00:00:00"), night(20, "00:00:00"))
    yield backfill("another application's", "foreign", night(18, "00:00:00"), night(18, "02:30:00"))
    yield backfill("unclaimed", "unclaimed", night(18, "00:00:00"), night(18, "01:30:00"))
    yield backfill("unclaimed, by nobody", "unclaimed",
                   night(18, "00:00:00"), night(18, "01:30:00"), application=None)
    yield backfill("to before it starts", "nightly", night(20), night(18))
    yield backfill("an empty window", "nightly", night(18), night(18))
    yield backfill("unknown", "absent", night(18), night(20), refused=UNKNOWN)
    bare = {"without": "application_versions"}
    yield by_name("trigger_schedule", "daily", "without a version", refused=NO_VERSION, **bare)
    yield backfill("without a version", "daily", night(18), night(20), refused=NO_VERSION, **bare)
    yield backfill("nothing, without a version", "nightly", night(18), night(19), **bare)


# --- Looking ----------------------------------------------------------------------------------------


def listed(label: str, options: Options, **case: Any) -> Case:
    """Theirs come in any order."""
    call = lambda client: sorted(
        client.list_schedules(**options), key=lambda each: each["schedule_name"]
    )
    return Case(f"list_schedules: {label}", call, "list_schedules", options, **case)


def schedule_looks() -> Iterator[Case]:
    for name in ("daily", "nightly", "foreign", "unclaimed", "blank", "wild%_card", "absent"):
        yield by_name("get_schedule", name)
    filters: dict[str, Options] = {
        "no filter": {},
        "status": {"status": "PAUSED"},
        "statuses": {"status": ["ACTIVE", "PAUSED"]},
        "unknown status": {"status": "RUNNING"},
        "workflow": {"workflow_name": "ship"},
        "workflows": {"workflow_name": ["ship", "family"]},
        "prefix": {"schedule_name_prefix": "wild"},
        "prefixes": {"schedule_name_prefix": ["dai", "night", "for"]},
        "prefix with wildcards": {"schedule_name_prefix": "wild%_"},
        "prefix in capitals": {"schedule_name_prefix": "DAI"},
        "empty prefix": {"schedule_name_prefix": ""},
        "application": {"application_name": "another"},
        "applications": {"application_name": ["another", "app"]},
        "unknown application": {"application_name": "third"},
        "several": {"status": "ACTIVE", "workflow_name": ["order", "ship"],
                    "schedule_name_prefix": ["d", "w"], "application_name": "app"},
        "no statuses": {"status": []},
        "no workflows": {"workflow_name": []},
        "no prefixes": {"schedule_name_prefix": []},
        "no applications": {"application_name": []},
    }
    for label, options in filters.items():
        yield listed(label, options)
    yield listed("by a nameless client", {}, application=None)
