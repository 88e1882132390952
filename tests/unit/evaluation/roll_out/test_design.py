"""Waves, periods and windows of a roll-out, and what they refuse."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out import lay_out
from justice_analysis.evaluation.roll_out.design import KEPT, STEPS
from justice_analysis.evaluation.roll_out.periods import first_day

FIRST, UNTIL = datetime.date(2018, 1, 1), datetime.date(2019, 1, 1)
QUARTERS = ("2018-02-01", "2018-05-01", "2018-08-01", "2018-11-01")


def received(**courts):
    rows = [(court, day, 1) for court, days in courts.items() for day in days]
    frame = pd.DataFrame(rows, columns=["court", "received", "cases"])
    return frame.assign(received=pd.to_datetime(frame["received"]))


def reached(**days):
    frame = pd.DataFrame({"court": list(days), "from_date": list(days.values())})
    return frame.assign(from_date=pd.to_datetime(frame["from_date"]))


def laid(days, starts, **options):
    return lay_out(days, starts, **{"first": FIRST, "until": UNTIL, **options})


def test_courts_reached_in_one_quarter_are_a_wave():
    made = laid(
        received(a=QUARTERS, b=QUARTERS, c=QUARTERS),
        reached(a="2018-04-01", b="2018-06-30", c=None),
    )
    assert made.courts.set_index("court")["wave"].to_dict() == {"a": 2, "b": 2, "c": 0}
    assert made.waves == [2]
    assert made.wave_words(2) == "reached in 2018 Q2"
    # Of b, what came in the quarter of its start but before the day is neither before nor after.
    assert made.cases_left() == [12, 12, 12, 11, 11]


def test_a_court_reached_before_the_second_period_is_left_out():
    made = laid(
        received(a=QUARTERS, b=QUARTERS, c=QUARTERS, d=QUARTERS),
        reached(a="2018-07-01", b="2017-01-01", c=None, d="2018-03-31"),
    )
    assert set(made.courts["court"]) == {"a", "c"}
    assert made.cases_left() == [16, 16, 8, 8, 8]


def test_courts_without_a_day_and_single_periods_are_set_aside_in_order():
    made = laid(
        received(a=QUARTERS, b=QUARTERS, c=QUARTERS, d=("2018-02-01", "2018-03-01")),
        reached(a="2018-07-01", c=None, d=None),
    )
    assert made.cases_left() == [14, 10, 10, 10, 8]
    assert made.days.loc[made.days["step"] < KEPT, "period"].eq(0).all()
    assert len(STEPS) == KEPT


def test_the_window_closes_when_the_last_courts_are_reached():
    made = laid(received(a=QUARTERS, b=QUARTERS), reached(a="2018-04-01", b="2018-10-15"))
    assert made.until == datetime.date(2018, 10, 15)
    assert made.closed_by == "the last courts are reached"
    assert made.courts.set_index("court")["wave"].to_dict() == {"a": 2, "b": 0}


def test_a_period_begins_on_its_first_day_or_the_next_one_does():
    assert first_day(datetime.date(2018, 1, 1), "quarter") == datetime.date(2018, 1, 1)
    assert first_day(datetime.date(2018, 1, 2), "quarter") == datetime.date(2018, 4, 1)
    assert first_day(datetime.date(2018, 11, 5), "year") == datetime.date(2019, 1, 1)


@pytest.mark.parametrize(
    ("length", "said"),
    [("quarter", "2018 Q3"), ("half_year", "2018 second half"), ("year", "2018")],
)
def test_periods_have_words(length, said):
    from justice_analysis.evaluation.roll_out.periods import words

    number = {"quarter": 3, "half_year": 2, "year": 1}[length]
    assert words(FIRST, number, length) == said


def test_a_start_outside_the_data_is_refused():
    with pytest.raises(MetricError, match="none was reached in it"):
        laid(received(a=QUARTERS, b=QUARTERS), reached(a="2030-01-01", b=None))


def test_courts_that_always_had_it_are_refused_where_nobody_else_is_reached():
    with pytest.raises(MetricError, match="some were reached before it"):
        laid(received(a=QUARTERS, b=QUARTERS), reached(a="2010-01-01", b=None))


def test_courts_all_reached_in_one_period_leave_nobody_to_compare_with():
    with pytest.raises(MetricError, match="every court is reached in one period"):
        laid(received(a=QUARTERS, b=QUARTERS), reached(a="2018-05-01", b="2018-05-01"))


def test_a_period_without_a_case_is_refused():
    gap = ("2018-02-01", "2018-08-01", "2018-11-01")
    with pytest.raises(MetricError, match=r"1 of 4 have none\. Choose a longer period"):
        laid(received(a=gap, b=gap), reached(a="2018-07-01", b=None))


def test_no_case_left_is_refused_with_the_reasons():
    with pytest.raises(
        MetricError, match="2 received inside the window, 0 in a court whose day is known"
    ):
        laid(received(a=QUARTERS[:2]), reached(z="2018-07-01"))
