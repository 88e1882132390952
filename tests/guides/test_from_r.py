"""The guide for people who come from R: every block of Python and every command is run."""

from __future__ import annotations

import re

import pytest

from justice_analysis import models
from tests.guides.following import by_command, follow

GUIDE = "book/guides/from-r.md"


@pytest.fixture(scope="module")
def printed(tmp_path_factory, pytestconfig):
    """What each command printed to a reader who followed the guide; the numbers are asserted."""
    return by_command(follow(pytestconfig.rootpath / GUIDE, tmp_path_factory.mktemp("guide")))


def test_every_command_of_the_guide_ends_well(printed):
    assert len(printed) == 3
    assert {command: code for command, (code, _) in printed.items() if code} == {}


def test_a_metric_is_printed_in_each_dialect_with_its_card(printed):
    duckdb, mssql = (text for command, (_, text) in printed.items() if "metric sql" in command)
    assert duckdb.startswith("-- Return after release from prison")
    assert "read_parquet('measure/*.parquet')" in duckdb
    assert "COUNT_BIG" in mssql


def test_every_model_that_the_guide_names_is_there(pytestconfig):
    text = (pytestconfig.rootpath / GUIDE).read_text(encoding="utf-8")
    named = set(re.findall(r"ja\.models\.(\w+)", text)) | {"exact", "subclasses"}
    assert {name for name in named if not hasattr(models, name)} == set()
