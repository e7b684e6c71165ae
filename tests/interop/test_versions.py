"""Versions and names of applications, as real workers and the SDKs' own clients see them."""

import pytest

from conftest import running
from dbosc_ffi import DboscError, Status
from programs import Program


def names(caller):
    versions = caller.call("list_application_versions")["versions"]
    assert all(version["application_name"] == caller.system.application for version in versions)
    return [version["version_name"] for version in versions]


def latest(caller):
    return caller.call("get_latest_application_version")["version"]["version_name"]


def version_that_ran(caller):
    """Enqueues work that names no version; returns that of the worker that took it."""
    workflow_id = caller.enqueue("echo", 1, app_version=None)
    assert caller.result(workflow_id) == 1
    return caller.workflow(workflow_id)["app_version"]


def test_work_that_names_no_version_goes_to_workers_of_the_latest(caller, tmp_path):
    system = caller.system
    official = system.official
    assert names(caller) == official.ask("versions") == ["v1"]
    second = Program(
        system.sdk, tmp_path / "second.log", "work", system.url, system.application, "v2"
    )
    with running(second):
        assert names(caller) == official.ask("versions") == ["v2", "v1"]
        assert version_that_ran(caller) == latest(caller) == "v2"

        caller.call("set_latest_application_version", version_name="v1")
        assert official.ask("latest") == "v1"
        assert names(caller) == official.ask("versions") == ["v1", "v2"]
        assert version_that_ran(caller) == "v1"

        official.ask("set_latest", version="v2")
        assert version_that_ran(caller) == latest(caller) == "v2"

        with pytest.raises(DboscError) as unknown:
            caller.call("set_latest_application_version", version_name="v3")
        assert (unknown.value.status, unknown.value.kind) == (
            Status.NOT_FOUND,
            "version_not_found",
        )
        # As the other tests of this worker need it.
        caller.call("set_latest_application_version", version_name="v1")


def test_a_worker_takes_the_work_of_the_application_that_became_its_own(caller, caller_factory):
    before = caller_factory(application_name="before-the-rename")
    workflow_id = before.enqueue("echo", "mine now", app_version=None)
    counts = caller.call(
        "rename_application", old_name="before-the-rename", new_name=caller.system.application
    )
    assert counts == {"queues": 0, "schedules": 0, "versions": 0, "workflows": 1, "steps": 0}
    assert caller.result(workflow_id) == "mine now"
    assert caller.workflow(workflow_id)["application_name"] == caller.system.application
