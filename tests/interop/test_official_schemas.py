"""The committed schemas, which the contract suite runs on, are what the real migrations make.

Here for the SDKs that this suite installs. Java and Rust need toolchains of their own: all seven
are compared by `scripts/test schemas`.
"""

import pytest

from make_schemas import check
from official_schemas import SCHEMAS, OfficialSchema

INSTALLED = [schema for schema in SCHEMAS if schema.sdk in ("python", "typescript", "go")]


@pytest.mark.parametrize("schema", INSTALLED, ids=lambda schema: schema.name)
def test_a_committed_schema_is_what_the_migrations_make(schema: OfficialSchema):
    assert check(schema) == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_a_committed_schema_names_its_sdk_and_level_in_the_first_line(schema: OfficialSchema):
    assert schema.path.read_text().startswith(schema.title + "\n")
