"""Quarterly totals become measures of one place; nobody comes of them."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from justice_analysis import contracts, engine, warehouse
from justice_analysis.contracts.series import load_series_contract
from justice_analysis.errors import JusticeError
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import uk_cjs_quarterly
from tests.delivered import context_of, contract_tables, rows_of

NAMES = load_series_contract("uk_cjs_quarterly").series_names
BACKLOG = "court__case_backlog_cc"
QUARTER = dict.fromkeys(NAMES, 5.0)


def mapped(backend, *rows):
    tables = contract_tables(backend, "uk_cjs_quarterly", {"quarters": list(rows)})
    context = context_of(backend, "uk_cjs_quarterly", extract_date="2019-06-30")
    return uk_cjs_quarterly.to_common(tables, context)


def written(path, quarters, names=NAMES, value="7"):
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["quarter_ending", *names])
        lines.writerows([quarter, *[value] * len(names)] for quarter in quarters)
    return path


def test_a_quarter_named_by_its_last_month_runs_over_its_three_months(backend):
    found = mapped(
        backend,
        {**QUARTER, "quarter_ending": dt.date(2018, 12, 1), BACKLOG: 8.0},
        {**QUARTER, "quarter_ending": dt.date(2019, 3, 1), BACKLOG: None},
    )
    columns = ("concept", "from_date", "to_date", "value_number", "unit", "place_id")
    rows = rows_of(found, "area_measure", *columns)
    assert [row[1:] for row in rows if row[0] == BACKLOG] == [
        ("2018-10-01", "2019-01-01", 8.0, "open cases at the quarter's end",
         "country:england_and_wales"),
    ]  # fmt: skip
    assert len(rows) == 2 * len(NAMES) - 1
    assert rows_of(found, "place", "kind", "name") == [("country", "England and Wales")]
    assert rows_of(found, "record", "record_id") == []


def test_a_unit_that_is_not_stated_is_said_not_to_be(backend):
    found = mapped(backend, {**QUARTER, "quarter_ending": dt.date(2019, 3, 1)})
    units = dict(rows_of(found, "area_measure", "concept", "unit"))
    assert {name for name, unit in units.items() if unit == "not stated"} == {
        name for name in NAMES if "_wait_" in name
    }


def test_a_file_is_loaded_by_itself_as_open_data(tmp_path):
    file = written(tmp_path / "series.csv", ["2018-06", "2018-09"])
    loaded = warehouse.load([read_extract(file, "uk_cjs_quarterly")], tmp_path / "series")
    assert loaded.manifest["tables"] == {"area_measure": 2 * 27, "coverage": 1, "place": 1}
    assert not loaded.is_synthetic
    assert engine.count_rows(loaded.person) == 0


@pytest.mark.parametrize(
    ("names", "value", "rule"),
    [
        ((*NAMES[:-1], "other"), "7", "the column is not in the file"),
        (NAMES, "-7", "out of range"),
    ],
)
def test_what_is_not_as_described_is_missing_and_said(tmp_path, names, value, rule):
    file = written(tmp_path / "series.csv", ["2018-06"], names, value)
    loaded = warehouse.load([read_extract(file, "uk_cjs_quarterly")], tmp_path / "series")
    findings = loaded.quality["checks"]["uk_cjs_quarterly"]["tables"][0]["findings"]
    found = {finding["column"] for finding in findings if finding["rule"] == rule}
    assert BACKLOG in found
    assert loaded.manifest["tables"].get("area_measure", 0) == len(NAMES) - len(found)


def test_a_quarter_that_names_no_month_is_refused(tmp_path):
    file = written(tmp_path / "series.csv", ["June 2018"])
    with pytest.raises(JusticeError, match="quarter_ending"):
        warehouse.load([read_extract(file, "uk_cjs_quarterly")], tmp_path / "series")


def test_the_published_file_fits_the_contract(shared_data):
    with (shared_data / "uk_cjs_quarterly.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    table = contracts.load("uk_cjs_quarterly").table("quarters")
    assert tuple(header) == table.field_names
