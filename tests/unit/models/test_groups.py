from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import UsageError
from justice_analysis.models import (
    aalen_johansen,
    counts_by_group,
    curves_by_group,
    daily_counts,
    kaplan_meier,
)

COUNTS = pd.DataFrame(
    {
        "sex": ["male", "male", "female", "female", None],
        "duration_days": [10, 20, 5, 20, 20],
        "new": [2, 1, 1, 0, 0],
        "technical": [1, 1, 0, 2, 0],
        "n_censored": [0, 5, 0, 4, 3],
    }
)


def test_each_group_has_its_own_curve_in_the_order_of_the_table():
    table = curves_by_group(COUNTS, ["sex"], events="new")
    assert table["sex"].drop_duplicates().tolist()[:2] == ["male", "female"]
    # With one event column the other cause is unknown to the table, so it isn't counted at all.
    male = kaplan_meier(daily_counts([10, 20], [2, 1], [0, 5]))
    found = table[table["sex"] == "male"]
    np.testing.assert_allclose(found["survival"], [1, *male.survival])
    np.testing.assert_allclose(found["lower"], [1, *male.lower])


def test_people_without_a_label_are_a_group():
    table = curves_by_group(COUNTS, ["sex"], events="new")
    assert table.loc[table["sex"].isna(), "people_count"].unique().tolist() == [3]


def test_incidence_is_one_less_survival_with_its_limits_turned_over():
    survival = curves_by_group(COUNTS, events="new")
    incidence = curves_by_group(COUNTS, events="new", measure="incidence")
    np.testing.assert_allclose(incidence["incidence"], 1 - survival["survival"])
    np.testing.assert_allclose(incidence["lower"], 1 - survival["upper"])
    np.testing.assert_allclose(incidence["upper"], 1 - survival["lower"])


def test_competing_causes_have_rows_of_their_own():
    table = curves_by_group(COUNTS, events=["new", "technical"], at=[20])
    everyone = aalen_johansen(
        daily_counts([5, 10, 20], [[1, 0], [2, 1], [1, 3]], [0, 0, 12])
    ).incidence[-1]
    assert table["cause"].tolist() == ["new", "technical"]
    np.testing.assert_allclose(table["incidence"], everyone)
    assert table["cumulative_event_count"].tolist() == [4, 4]
    assert table["people_count"].tolist() == [20, 20]


def test_days_beyond_a_groups_follow_up_can_be_left_missing():
    table = curves_by_group(COUNTS, ["sex"], events="new", at=[10, 30], beyond="missing")
    assert table.groupby("duration_days")["survival"].count().tolist() == [3, 0]


def test_late_entry_is_taken_from_its_column():
    counts = pd.DataFrame({"day": [2, 5], "n_event": [1, 2], "n_censored": [0, 1], "late": [2, 0]})
    group = counts_by_group(counts, time="day", entered="late")[()]
    assert group.at_risk.tolist() == [2, 3]


def test_missing_columns_are_named_together():
    with pytest.raises(UsageError, match=r"2 problems(.|\n)*region(.|\n)*n_event"):
        curves_by_group(COUNTS, ["region"])


def test_an_unknown_measure_is_refused():
    with pytest.raises(UsageError, match="measure must be"):
        curves_by_group(COUNTS, events="new", measure="hazard")  # type: ignore[arg-type]
