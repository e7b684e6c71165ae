"""The command as one file: what it still needs of the system, and that it works like the other."""

import re
import subprocess

import pytest

from command import Dbosc
from conftest import APPLICATION, VERSION, World
from programs import required

# The C library, and what libpq leaves to the system: TLS, Kerberos and LDAP.
SYSTEM = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
LEFT_BY_LIBPQ = {"libssl.so", "libcrypto.so", "libgssapi_krb5.so", "libldap-2.5.so", "libldap.so"}


@pytest.fixture
def one_file() -> str:
    return required("DBOSC_STATIC_CLI")


def test_it_needs_no_library_of_ours_nor_of_cpp_nor_of_a_database(one_file: str) -> None:
    dynamic = subprocess.run(["readelf", "-d", one_file], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic))
    assert needed & SYSTEM
    others = {name.partition(".so")[0] + ".so" for name in needed - SYSTEM}
    assert others <= LEFT_BY_LIBPQ


def test_it_starts_a_workflow_and_waits_for_it(world: World, one_file: str) -> None:
    dbosc = Dbosc(world.url, APPLICATION, one_file)
    options = ("--args", "[20, 3]", "--app-version", VERSION)
    started = dbosc.json("workflow", "enqueue", "add", "q", *options)
    assert dbosc.ok("workflow", "wait", started["workflow_id"]).out == "23\n"


def test_it_knows_time_zones(quiet_url: str, one_file: str) -> None:
    dbosc = Dbosc(quiet_url, program=one_file)
    noon = ["schedule", "preview", "--schedule", "0 12 * * *", "--language", "python", "--count", "1"]
    after = ["--after", "2026-07-01T00:00:00Z", "--cron-timezone"]
    assert dbosc.ok("--utc", *noon, *after, "Europe/Berlin").out == "2026-07-01T10:00:00.000Z\n"
    assert "Europe/Nowhere" in dbosc.run(*noon, *after, "Europe/Nowhere").err
