"""Calendars: the one of section 28 with its gaps, and those that users give."""

from __future__ import annotations

import datetime
from collections import Counter

import nbformat
import pytest

from justice_analysis import studies
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out import read_calendar, section_28
from justice_analysis.evaluation.roll_out.calendar import UNNAMED

HEADING = "place,group,from_date,source\n"


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "own.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_calendar_of_section_28_has_a_source_and_a_mark_for_each_row():
    calendar = section_28()
    assert calendar.groups == ("s.16", "s.17(4)")
    assert all(row.source for row in calendar.rows)
    assert Counter(row.status for row in calendar.rows) == {
        "CONFIRMED": 81,
        "CONFIRMED-2ND": 1,
        "RECALLED": 5,
        "NOT FOUND": 5,
    }


def test_confirmed_rows_have_a_day_and_a_statutory_instrument():
    confirmed = [row for row in section_28().rows if row.status == "CONFIRMED"]
    assert all(row.from_date and row.source.startswith("SI ") for row in confirmed)
    by_day = Counter((row.group, str(row.from_date)) for row in confirmed)
    assert by_day["s.16", "2019-06-03"] == 6
    assert by_day["s.16", "2020-02-24"] == 9
    assert by_day["s.16", "2020-08-24"] == 16
    assert by_day["s.17(4)", "2022-06-08"] == 11
    assert by_day["s.17(4)", "2022-09-26"] == 20


def test_gaps_are_marked_and_never_filled_in():
    gaps = section_28().gaps("s.17(4)")
    assert sum("courts not found" in gap for gap in gaps) == 5
    remaining = [gap for gap in section_28().gaps("s.16") if "remaining courts" in gap]
    assert remaining == [
        "s.16, remaining courts: day not found, from 1 September 2020 to 30 November 2020 "
        "(mountfordchambers.com; cur.at)."
    ]
    unnamed = [row for row in section_28().rows if row.place == UNNAMED]
    assert {row.status for row in unnamed} == {"NOT FOUND"}


def test_a_day_that_was_recalled_is_not_shown_as_a_fact():
    shown = "\n".join(section_28().markdown())
    assert "30 December 2013" not in shown
    assert "December 2013 | Leeds, Liverpool, Kingston" in shown
    assert "Birmingham" not in shown


def test_the_study_shows_the_calendar_as_it_is():
    notebook = nbformat.read(studies.find_project().notebook("section_28"), as_version=4)
    cell = next(cell for cell in notebook.cells if cell["id"] == "calendar")
    table = [line for line in cell.source.splitlines() if line.startswith("|")]
    assert table == section_28().markdown()


def test_a_calendar_of_ones_own_is_read_from_csv(written):
    calendar = read_calendar(
        written(
            "group,place,from_date,source,status\n"
            "pilot,Anytown,2019-05-01,own notice,\n"
            "pilot,Othertown,,own notice,never\n"
        )
    )
    assert calendar.name == "own"
    assert [row.from_date for row in calendar.rows] == [datetime.date(2019, 5, 1), None]
    assert calendar.rows[1].status == "NEVER"
    assert calendar.gaps("pilot") == ()
    assert calendar.table()["from_date"].tolist() == ["2019-05-01", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place,group,from_date\nA,g,2020-01-01\n", "source missing"),
        ("place,group,from_date,source,colour\nA,g,2020-01-01,s,red\n", "1 unknown"),
        (HEADING + "A,g,01/02/2020,s\n", "line 2: from_date must be a day as YYYY-MM-DD"),
        (HEADING + "A,g,20200101,s\n", "line 2: from_date must be a day as YYYY-MM-DD"),
        (HEADING + "A,g,2020-01-01,\n", "row 1: source must be given: it is empty"),
        (HEADING + ",g,2020-01-01,s\n", "row 1: place must be given: it is empty"),
        (HEADING + "A,g,2020-01-01,s\na,g,2020-02-01,s\n", "stand once for a group: 1 stand"),
        (HEADING + "A,g,,s\n", "a calendar must have a day: no row has one"),
        (HEADING + "A,g,2020-01-01,s,extra\n", "line 2 has more cells than there are columns"),
        (HEADING + "A,g,2020-01-01,s\nremaining courts,g,,s\n", "must have a day or a window"),
        (
            "place,group,from_date,source,status\nA,g,2020-01-01,s,sure\n",
            "status must be one of",
        ),
        (
            "place,group,from_date,source,status\nA,g,2020-01-01,s,never\n",
            "never reached must have no day",
        ),
        (
            "place,group,from_date,source,earliest,latest\nA,g,,s,2020-02-01,2020-01-01\n",
            "earliest must not follow latest",
        ),
        (
            "place,group,from_date,source,earliest,latest\nA,g,,s,2020-02-01,\n",
            "earliest and latest must both be given",
        ),
        (
            "place,group,from_date,source,earliest,latest\n"
            "A,g,2020-03-01,s,2020-01-01,2020-02-01\n",
            "from_date must lie from earliest to latest",
        ),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused_in_a_sentence(written, text, said):
    with pytest.raises(MetricError, match=said):
        read_calendar(written(text))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "own.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(MetricError, match="must be a CSV file in UTF-8"):
        read_calendar(tmp_path / "own.csv")


def test_a_group_must_be_named_where_there_are_several():
    with pytest.raises(MetricError, match=r"the groups s\.16, s\.17\(4\): name one"):
        section_28().of()
