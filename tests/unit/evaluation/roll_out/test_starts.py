"""Courts of the data and their days: known, bounded, unknown, elsewhere."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out import Calendar, CalendarRow, section_28, starts_of


def courts(*names):
    return pd.DataFrame({"place_id": [f"c:{n}" for n in range(len(names))], "name": names})


def days(starts):
    dated = [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in starts.table["from_date"]]
    return dict(zip(starts.table["court"], dated, strict=True))


def test_courts_are_found_by_name_or_id_whatever_the_capitals():
    calendar = Calendar(
        "own",
        (
            CalendarRow("c:0", "g", "s", datetime.date(2020, 1, 1)),
            CalendarRow("LEWES", "g", "s", datetime.date(2021, 1, 1)),
        ),
    )
    starts = starts_of(calendar, courts("Hove", "Lewes", None))
    assert days(starts) == {"c:0": "2020-01-01", "c:1": "2021-01-01"}
    assert starts.sentences() == (
        "1 courts of the data are not in the calendar: they are left out.",
    )


def test_courts_without_a_day_are_left_out_or_bounded_and_counted():
    here = courts("Sheffield", "Exeter", "Truro")
    out = starts_of(section_28(), here, group="s.16")
    assert days(out) == {"c:0": "2019-06-03"}
    assert out.undated == 2
    late = starts_of(section_28(), here, group="s.16", undated="latest")
    assert days(late)["c:2"] == "2020-11-30"
    assert late.bounded == 2
    early = starts_of(section_28(), here, group="s.16", undated="earliest")
    assert days(early)["c:1"] == "2020-09-01"


def test_a_recalled_day_counts_only_if_asked_for():
    here = courts("Leeds", "Sheffield")
    assert days(starts_of(section_28(), here, group="s.16")) == {"c:1": "2019-06-03"}
    used = starts_of(section_28(), here, group="s.16", unchecked="use")
    assert days(used)["c:0"] == "2013-12-30"
    bounded = starts_of(section_28(), here, group="s.16", undated="latest")
    assert days(bounded)["c:0"] == "2013-12-31"
    assert bounded.bounded == 1


def test_a_court_never_reached_stays_without_a_day():
    rows = (
        CalendarRow("A", "g", "s", datetime.date(2020, 1, 1)),
        CalendarRow("B", "g", "s", status="NEVER"),
        CalendarRow("C", "g", "s", datetime.date(2020, 1, 1)),
    )
    starts = starts_of(Calendar("own", rows), courts("A", "B"))
    assert days(starts) == {"c:0": "2020-01-01", "c:1": None}
    assert starts.sentences() == ("1 courts of the calendar are not in the data.",)


def test_courts_that_the_data_do_not_know_are_refused():
    with pytest.raises(MetricError, match="of 2 courts of the data, the calendar dates none"):
        starts_of(section_28(), courts("court 1", "court 2"), group="s.17(4)")


def test_one_name_for_two_courts_is_refused():
    with pytest.raises(MetricError, match="1 names of the calendar stand for several courts"):
        starts_of(section_28(), courts("Hull", "Hull"), group="s.17(4)")
