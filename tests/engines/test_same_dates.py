"""Dates: the same answer on every engine, and the right one."""

from __future__ import annotations

import calendar
import datetime

import pytest

from justice_analysis import engine
from justice_analysis.errors import UsageError


def test_days_and_months_may_be_added_in_one_projection(backend, rows):
    dates = engine.memory_table(backend, {"start": ["2021-01-31", None]}, {"start": "date"})
    moved = dates.select(
        days_30=engine.add_days(dates.start, 30),
        months_1=engine.add_months(dates.start, 1),
        days_360=engine.add_days(dates.start, 360),
        months_12=engine.add_months(dates.start, 12),
        days_back=engine.add_days(dates.start, -31),
        months_back=engine.add_months(dates.start, -2),
    )
    expected = ("2021-03-02", "2021-02-28", "2022-01-26", "2022-01-31", "2020-12-31", "2020-11-30")
    assert rows(moved) == [(None,) * 6, expected]


def test_days_and_months_may_come_from_columns(backend, rows):
    dates = engine.memory_table(
        backend,
        {"start": ["2020-02-29", "2020-02-29", None], "n": [12, None, 1]},
        {"start": "date", "n": "int64"},
    )
    moved = dates.select(
        days=engine.add_days(dates.start, dates.n), months=engine.add_months(dates.start, dates.n)
    )
    assert rows(moved) == [(None, None), (None, None), ("2020-03-12", "2021-02-28")]


@pytest.mark.parametrize(
    ("later", "earlier", "days", "months", "years"),
    [
        ("2023-02-28", "2023-01-31", 28, 1, 0),
        ("2023-03-30", "2023-01-31", 58, 1, 0),
        ("2023-03-31", "2023-01-31", 59, 2, 0),
        ("2024-02-28", "2020-02-29", 1460, 47, 3),
        ("2021-02-28", "2020-02-29", 365, 12, 1),
        ("2020-01-01", "2020-01-02", -1, -1, -1),
        ("2020-01-15", "2020-01-15", 0, 0, 0),
        ("2019-12-31", "2000-01-01", 7304, 239, 19),
        (None, "2000-01-01", None, None, None),
        ("2000-01-01", None, None, None, None),
    ],
)
def test_time_between_dates_counts_completed_units(
    backend, rows, later, earlier, days, months, years
):
    dates = engine.memory_table(
        backend, {"later": [later], "earlier": [earlier]}, {"later": "date", "earlier": "date"}
    )
    between = dates.select(
        days=engine.days_between(dates.later, dates.earlier),
        months=engine.months_between(dates.later, dates.earlier),
        years=engine.years_between(dates.later, dates.earlier),
    )
    assert rows(between) == [(days, months, years)]


def test_dates_agree_with_the_calendar_over_leap_years(backend, rows):
    first = datetime.date(1999, 12, 1)
    days = [first + datetime.timedelta(days=n) for n in range(0, 1900, 7)]
    dates = engine.memory_table(backend, {"day": days}, {"day": "date"})
    found = rows(
        dates.select(
            "day",
            start=engine.month_start(dates.day),
            end=engine.month_end(dates.day),
            year=engine.financial_year(dates.day),
            later=engine.add_months(dates.day, 27),
        )
    )
    assert found == [_by_calendar(day) for day in days]


def _by_calendar(day: datetime.date) -> tuple[object, ...]:
    def last(year: int, month: int) -> int:
        return calendar.monthrange(year, month)[1]

    year, month = divmod(day.year * 12 + day.month - 1 + 27, 12)
    later = datetime.date(year, month + 1, min(day.day, last(year, month + 1)))
    return (
        day.isoformat(),
        day.replace(day=1).isoformat(),
        day.replace(day=last(day.year, day.month)).isoformat(),
        day.year if day.month >= 4 else day.year - 1,
        later.isoformat(),
    )


def test_dates_in_text_and_timestamps_serve_as_dates(backend, rows):
    times = engine.memory_table(
        backend, {"at": [datetime.datetime(2020, 1, 31, 23, 59)]}, {"at": "timestamp"}
    )
    moved = times.select(
        next=engine.add_days(times.at, 1),
        days=engine.days_between("2020-02-01", times.at),
        since=engine.days_between(times.at, datetime.date(2020, 1, 1)),
    )
    assert rows(moved) == [("2020-02-01", 1, 30)]


def test_what_is_no_date_or_no_whole_number_is_refused(backend):
    odd = engine.memory_table(
        backend, {"text": ["x"], "share": [0.5]}, {"text": "string", "share": "float64"}
    )
    with pytest.raises(UsageError, match="a date is needed here: a column of string"):
        engine.month_start(odd.text)
    with pytest.raises(UsageError, match="a whole number is needed here: float64"):
        engine.add_days("2020-01-01", odd.share)
