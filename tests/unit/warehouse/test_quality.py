"""What a load measures of its data, and what has changed since the load before."""

from __future__ import annotations

import copy

import pandas as pd
import pytest

from justice_analysis import warehouse
from justice_analysis.sources.extract import read_extract
from justice_analysis.warehouse.changes import changes
from justice_analysis.warehouse.quality import MONTHS_BEHIND, aspect_of
from tests.delivered import write_extract


def cases(number, *, without_date=0, gender="1"):
    """Family cases of 2014, the last of them without a date, and one person in each."""
    return {
        "cases": [
            {
                "case_number_hash": f"case{n}",
                "receipt_date": "" if n >= number - without_date else "2014-05-06",
            }
            for n in range(number)
        ],
        "people": [
            {"row_id_hash": f"row{n}", "case_number_hash": f"case{n}", "gender": gender}
            for n in range(number)
        ],
        "events": [
            {
                "event_id": "1",
                "case_number_hash": "case0",
                "event_model": "application",
                "receipt_date": "2014-05-06",
                "error": "false",
            }
        ],
    }


def loaded(folder, into, rows):
    extract = read_extract(write_extract(folder, "family_court", rows))
    return warehouse.load([extract], into)


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quality")
    rows = cases(120, without_date=20, gender="7")
    rows["cases"].append(rows["cases"][0])
    return loaded(folder / "messy", folder / "warehouse", rows)


def line(listed, **wanted):
    for name, value in wanted.items():
        listed = listed[listed[name] == value]
    (found,) = listed.to_dict("records")
    return found


def test_quality_is_one_table_by_field_and_year(messy):
    table = messy.quality_table()
    dated = line(table, table="cases", field="receipt_date", year="2014", measure="missing")
    assert (dated["rows"], dated["count"], dated["share"]) == (101, 0, 0.0)
    undated = line(table, table="cases", field="receipt_date", year="", measure="missing")
    assert (undated["rows"], undated["count"], undated["share"]) == (20, 20, 1.0)
    codes = line(table, table="people", field="gender", measure="unknown code")
    assert (codes["aspect"], codes["count"]) == ("validity", 120)


def test_rows_set_aside_count_under_their_year_and_reason(messy):
    found = line(messy.quality_table(), table="cases", measure="exact duplicate row")
    assert (found["year"], found["aspect"], found["rows"], found["count"]) == (
        "2014", "uniqueness", 101, 1,
    )  # fmt: skip


def test_how_late_a_table_goes_is_said_in_months_and_is_no_share(messy):
    found = line(messy.quality_table(), table="cases", measure=MONTHS_BEHIND)
    assert found["count"] == 118  # May 2014 to March 2024
    assert found["aspect"] == "timeliness"
    assert pd.isna(found["share"])


def test_a_code_that_many_rows_share_is_kept_and_a_rare_one_only_counted(messy, tmp_path):
    assert messy.quality["codes_not_in_the_list"] == [
        {"dataset": "family_court", "table": "people", "column": "gender", "code": "7", "rows": 120}
    ]
    rare = cases(20)
    rare["people"][0]["gender"] = "8"
    few = loaded(tmp_path / "rare", tmp_path / "other", rare)
    assert few.quality["codes_not_in_the_list"] == []
    found = line(few.quality_table(), table="people", measure="unknown code")
    assert found["count"] == 1


def test_people_in_cases_are_counted_with_those_who_are_linked(messy):
    (found,) = messy.quality["linked"]
    assert (found["dataset"], found["parties"]) == ("family_court", 120)
    assert 0 <= found["linked"] <= 120


def test_a_first_load_has_nothing_before_it(messy):
    said = messy.quality["changes"]
    assert said["first_loads"] == ["family_court"]
    assert said["found"] == []


def test_a_second_load_is_compared_with_the_first_and_large_changes_are_marked(messy, tmp_path):
    again = loaded(tmp_path / "again", messy.path, cases(200, without_date=2))
    said = again.quality["changes"]
    assert said["since"] == {"family_court": "2024-03-31"}
    found = {(one["table"], one["column"], one["what"]): one for one in said["found"]}
    rows = found["people", "", "rows delivered"]
    assert (rows["before"], rows["now"], rows["is_large"]) == (120, 200, True)
    missing = found["cases", "receipt_date", "share missing"]
    assert (missing["before_count"], missing["now_count"]) == (20, 2)
    assert missing["is_large"]
    codes = found["people", "gender", "share with an unknown code"]
    assert (codes["before"], codes["now"], codes["is_large"]) == (1.0, 0.0, True)


def test_a_new_code_and_a_table_that_is_gone_are_large(messy):
    old = messy.quality
    new = copy.deepcopy(old)
    new["codes_not_in_the_list"][0]["code"] = "9"
    tables = new["checks"]["family_court"]["tables"]
    new["checks"]["family_court"]["tables"] = [one for one in tables if one["table"] != "events"]
    before = ({"sources": {"family_court": {"extract_date": "2024-03-31"}}}, old)
    found = {one["what"]: one for one in changes(before, new)["found"]}
    assert found["new code 9"]["is_large"]
    assert found["the table is gone"]["table"] == "events"
    assert set(found) == {"new code 9", "the table is gone"}


def test_shares_of_few_rows_are_not_compared(messy):
    old = copy.deepcopy(messy.quality)
    new = copy.deepcopy(old)
    for one in new["checks"]["family_court"]["tables"]:
        one["rows"] = min(one["rows"], 99)
    before = ({"sources": {"family_court": {"extract_date": ""}}}, old)
    assert {one["what"] for one in changes(before, new)["found"]} == {"rows delivered"}


@pytest.mark.parametrize(
    ("measure", "aspect"),
    [
        ("missing", "completeness"),
        ("unreadable date", "validity"),
        ("a must not follow b", "consistency"),
        ("case_id not found in cases", "consistency"),
        ("duplicate key", "uniqueness"),
        ("event entered in error", "not used"),
    ],
)
def test_each_measure_is_about_one_aspect(measure, aspect):
    assert aspect_of(measure) == aspect
