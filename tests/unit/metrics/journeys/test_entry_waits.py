from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis.metrics.journeys.entry_waits import directions, period_words, sentences

QUARTERS = [f"{year} Q{quarter}" for year in (2015, 2016, 2017) for quarter in (1, 2, 3, 4)]


def medians(values: list[float], stage: str = "petition to order") -> pd.DataFrame:
    return pd.DataFrame({"stage": stage, "period": QUARTERS[: len(values)], "median": values})


def test_trends_that_part_are_told_with_the_quarter():
    falling, rising = medians([100.0] * 4 + [80.0] * 8), medians([100.0] * 4 + [120.0] * 8)
    found = directions(falling, rising, over_periods=4, least_change=0.05)
    last = found.set_index("period").loc["2016 Q4"]
    assert last["opposite"]
    assert last["ended_change"] == pytest.approx(-0.2)
    assert last["entered_change"] == pytest.approx(0.2)
    assert not found.set_index("period").loc["2017 Q4", "opposite"]  # neither changed by then
    said = sentences(found, over_periods=4)
    assert len(said) == 1
    assert "the wait fell among cases that ended and rose among cases that entered" in said[0]
    assert said[0].startswith("From petition to order, in the year to the second quarter of 2017")


def test_a_change_below_the_least_is_no_trend():
    slightly = medians([100.0] * 4 + [96.0] * 4)
    rising = medians([100.0] * 4 + [120.0] * 4)
    found = directions(slightly, rising, over_periods=4, least_change=0.05)
    assert not found["opposite"].any()
    assert directions(slightly, rising, over_periods=4, least_change=0.04)["opposite"].any()


def test_trends_in_one_direction_are_not_told():
    rising = medians([100.0] * 4 + [120.0] * 4)
    found = directions(rising, rising, over_periods=4, least_change=0.05)
    assert len(found) == 1
    assert sentences(found, over_periods=4) == ()


def test_quarters_without_a_median_yet_say_nothing():
    falling = medians([100.0] * 4 + [80.0] * 4)
    unknown = medians([100.0] * 4 + [120.0] * 3 + [float("nan")])
    assert directions(falling, unknown, over_periods=4, least_change=0.05).empty


def test_periods_are_said_without_digits_other_than_years():
    assert period_words("2016 Q3") == "the third quarter of 2016"
    assert period_words("in 2016") == "2016"
