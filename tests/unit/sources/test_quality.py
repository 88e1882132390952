"""Counts by field and year, and what a missing column switches off."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from justice_analysis import engine
from justice_analysis.contracts import Category, Field, TableContract
from justice_analysis.sources import report as reports
from justice_analysis.sources.checks import apply_checks
from justice_analysis.sources.extract import look_at_extract
from justice_analysis.sources.own_mapping import has_mapping, losses_of
from justice_analysis.sources.parsing import schema_of
from justice_analysis.sources.quality import MISSING, UNDATED, months_between
from tests.delivered import write_extract

CASES = TableContract(
    name="cases",
    title="Cases",
    grain="one row per case",
    primary_key=("case_id",),
    dated_by="received",
    fields=(
        Field("case_id", "integer"),
        Field("received", "date"),
        Field("school_year", "string", pattern="[0-9]{4}/[0-9]{4}"),
        Field("sex", "string", categories=(Category("F", "Female"), Category("M", "Male"))),
    ),
)
ROWS = [
    # case_id, received, school_year, sex
    (1, "2019-01-05", "2018/2019", "F"),
    (2, "2019-02-05", "2018/2019", None),
    (3, "2020-03-05", "SECRET", "X"),
    (4, None, None, "M"),
    (5, None, None, None),
]


@pytest.fixture
def backend():
    connection = engine.connect()
    yield connection
    engine.close(connection)


def counted(backend, contract=CASES, rows=ROWS, extract_date=dt.date(2020, 6, 1)):
    columns = dict(zip(contract.field_names, map(list, zip(*rows, strict=True)), strict=True))
    columns["received"] = [day and dt.date.fromisoformat(day) for day in columns["received"]]
    table = engine.memory_table(backend, columns, schema_of(contract))
    checked = apply_checks(table, contract, dataset="courts", extract_date=extract_date)
    return checked.report.years


def test_rows_count_under_the_year_of_their_main_date_and_undated_ones_last(backend):
    years = counted(backend)
    assert years.dated_by == "received"
    assert dict(zip(years.years, years.rows, strict=True)) == {"2019": 2, "2020": 1, UNDATED: 2}
    assert years.years[-1] == UNDATED


def test_missing_values_and_broken_rules_are_counted_by_field_and_year(backend):
    counts = counted(backend).counts
    assert counts["sex", MISSING] == (1, 0, 1)
    assert counts["case_id", MISSING] == (0, 0, 0)
    assert counts["sex", "unknown code"] == (0, 1, 0)
    assert counts["school_year", "not of the form"] == (0, 1, 0)
    assert ("received", "out of range") not in counts


def test_text_dates_a_row_only_where_it_begins_with_a_year(backend):
    by_school_year = TableContract(
        "cases", "Cases", "one row per case", CASES.fields, dated_by="school_year"
    )
    years = counted(backend, by_school_year)
    assert dict(zip(years.years, years.rows, strict=True)) == {"2018": 2, UNDATED: 3}
    assert years.last_month == ""


def test_without_a_date_column_all_years_are_one(backend):
    undated = TableContract("cases", "Cases", "one row per case", CASES.fields)
    years = counted(backend, undated)
    assert (years.years, years.rows) == ((UNDATED,), (5,))


def test_the_last_month_is_of_the_tenth_latest_row_and_does_not_follow_the_extract(backend):
    rows = [(n, "2020-01-05", None, "F") for n in range(10)]
    rows += [(n, "2020-02-05", None, "F") for n in range(10, 19)]
    rows += [(n, "2031-02-05", None, "F") for n in range(19, 40)]
    assert counted(backend, rows=rows).last_month == "2020-01"
    assert months_between("2020-01", "2020-06-01") == 5
    assert months_between("", "2020-06-01") is None


def test_a_check_says_what_an_assumed_column_that_is_not_there_switches_off(tmp_path):
    row: dict[str, object] = {"gender": "1"}
    folder = write_extract(tmp_path / "prison", "prisoner_custodial_journey", {"nomis": [row]})
    file = folder / "nomis.csv"
    with file.open(encoding="utf-8") as opened:
        delivered = list(csv.DictReader(opened))
    names = [name for name in delivered[0] if name != "main_offence_group"]
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(delivered)
    (folder / "custody_segments.csv").unlink()
    report = reports.check_extract(look_at_extract(folder))
    lost = losses_of("prisoner_custodial_journey")
    assert report.switched_off == (
        f"custody_segments: {lost['custody_segments', '']}",
        f"nomis.main_offence_group: {lost['nomis', 'main_offence_group']}",
    )
    assert report.switched_off[0] in reports.render(report)
    assert report.as_record()["switched_off"] == list(report.switched_off)


def test_a_dataset_without_a_mapping_loses_nothing_and_says_that_it_has_none():
    assert not has_mapping("no_such_dataset")
    assert losses_of("no_such_dataset") == {}
    assert has_mapping("rossi")
