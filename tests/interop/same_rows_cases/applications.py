"""Versions of applications, and applications under a new name."""

from typing import Any, Iterator, Optional

from .case import Case


def rename(name: str, old: Optional[str], new: str, **options: Any) -> Case:
    """With options of both clients, and of the case."""
    case = {key: options.pop(key) for key in ("refused", "application") if key in options}
    request = {"new_name": new, **options}
    if old is not None:
        request["old_name"] = old
    call = lambda client: client.rename_application(old, new, **options)
    return Case(f"rename_application: {name}", call, "rename_application", request, **case)


def applications() -> Iterator[Case]:
    for application in ("app", "another", "third", None):
        yield Case(
            f"list_application_versions: of {application}",
            lambda client: client.list_application_versions(),
            "list_application_versions",
            {},
            application=application,
        )
        yield Case(
            f"get_latest_application_version: of {application}",
            lambda client: client.get_latest_application_version(),
            "get_latest_application_version",
            {},
            application=application,
        )
    for name, target, application, refused in [
        ("own", "v1", "app", None),
        ("unclaimed", "v0", "app", None),
        ("unclaimed, by nobody", "v0", None, None),
        ("by nobody", "v1", None, None),
        ("another's", "v3", "app", ("DBOSException", "name_owned_by_another_application")),
        ("never registered", "v9", "app", None),
    ]:
        yield Case(
            f"set_latest_application_version: {name}",
            lambda client, target=target: client.set_latest_application_version(target),
            "set_latest_application_version",
            {"version_name": target},
            application=application,
            refused=refused,
        )
    yield rename("all of one", "app", "renamed")
    yield rename("in small batches", "app", "renamed", batch_size=2)
    yield rename("one by one", "app", "renamed", batch_size=1)
    yield rename("in one", "app", "renamed", batch_size=None)
    yield rename("into another", "another", "app")
    yield rename("unclaimed alone", None, "renamed", adopt_unclaimed_rows=True)
    yield rename("and unclaimed", "app", "renamed", adopt_unclaimed_rows=True, batch_size=3)
    yield rename("of nobody known", "unknown", "renamed")
    for name, old, new, kind in [
        ("of nothing", None, "renamed", "missing_key"),
        ("of an empty name", "", "renamed", "empty_value"),
        ("to itself", "app", "app", "repeated_value"),
        ("to a short name", "app", "ab", "invalid_application_name"),
        ("to capitals", "app", "Renamed", "invalid_application_name"),
    ]:
        yield rename(name, old, new, refused=("DBOSException", kind))
    yield rename("in batches of 0", "app", "renamed", batch_size=0, refused=("ValueError", "out_of_range"))
