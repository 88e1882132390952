"""Correction and bounds for wrong links: worked numbers and bad input."""

from __future__ import annotations

import numpy as np
import pytest

from justice_analysis import models
from justice_analysis.errors import UsageError
from justice_analysis.models import linkage_error as le
from justice_analysis.models.linkage_worst_case import worst_case_incidence, worst_case_share


def test_without_errors_nothing_changes():
    assert le.corrected_share([0.25, 1.0, 0.0], missed=0, false=0).tolist() == [0.25, 1.0, 0.0]
    bounds = le.share_bounds(0.25, missed=(0, 0), false=(0, 0))
    assert (bounds.lower, bounds.upper) == (0.25, 0.25)


def test_the_worked_example_of_the_page():
    # 30% return; 1 link in 10 missed; 2 in 100 given a stranger's case.
    seen = le.observed_share(0.3, missed=0.1, false=0.02)
    assert seen == pytest.approx(1 - 0.98 * (1 - 0.27))
    assert le.corrected_share(seen, missed=0.1, false=0.02) == pytest.approx(0.3)
    # Of 1,000 counted, 45 are false firsts: 0.405 of 1,000 joined, a tenth of all missed.
    assert le.false_first_share(0.1, 0.405) == pytest.approx(0.045)
    with_false_firsts = le.observed_share(
        0.3, missed=0.1, false=0.02, false_firsts=0.045, again=0.4
    )
    found = le.corrected_share(with_false_firsts, missed=0.1, false=0.02, returns=0.405, again=0.4)
    assert found == pytest.approx(0.3)


def test_missed_links_lower_a_share_and_false_links_raise_it():
    assert le.observed_share(0.3, missed=0.1, false=0) < 0.3
    assert le.observed_share(0.3, missed=0, false=0.1) > 0.3


def test_rates_that_cannot_have_given_the_share_are_told():
    assert not le.share_bounds(0.02, missed=(0, 0.1), false=(0.05, 0.1)).is_possible
    assert not le.share_bounds(0.95, missed=(0.1, 0.2), false=(0, 0.01)).is_possible
    cut = le.share_bounds(0.95, missed=(0.0, 0.2), false=(0, 0.01))
    assert cut.is_possible
    assert cut.upper == 1.0


def test_the_rate_at_which_a_share_reaches_a_value():
    assert le.missed_rate_for(0.3, 0.27) == pytest.approx(0.1)
    assert le.missed_rate_for(0.2, 0.27) is None
    assert le.false_rate_for(0.2, 0.28) == pytest.approx(0.1)
    assert le.false_rate_for(0.3, 0.28) is None
    assert le.missed_rate_for(0.0, 0.0) is None


def test_strata_are_weighed_by_their_true_first_cases():
    assert le.combined_share([0.2, 0.4], [100, 100]) == pytest.approx(0.3)
    assert le.combined_share([0.2, 0.4], [100, 200], [0.0, 0.5]) == pytest.approx(0.3)
    with pytest.raises(UsageError, match="there are none"):
        le.combined_share([0.2], [0])


def test_a_constant_rate_of_false_links_by_t():
    assert le.false_by([0, 1], 0.01) == pytest.approx([0, 1 - np.exp(-0.01)])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"missed": -0.1, "false": 0}, "missed must lie between 0 and 1: 1 do not"),
        ({"missed": np.nan, "false": 2}, "false must lie between"),
        ({"missed": 1, "false": 0}, "must be below 1"),
        ({"missed": 0.6, "false": 0, "returns": 1.0, "again": 0.1}, "more false first cases"),
        ({"missed": 0.1, "false": 0, "returns": -1.0, "again": 0.1}, "at least 0"),
    ],
)
def test_a_rate_that_is_none_is_refused(given, words):
    with pytest.raises(UsageError, match=words):
        le.corrected_share(0.3, **given)


def test_other_bad_input_is_refused():
    with pytest.raises(UsageError, match="missed must be a range"):
        le.share_bounds(0.3, missed=(0.2, 0.1), false=(0, 0))
    with pytest.raises(UsageError, match="false_time must be below 1"):
        le.corrected_rate(0.1, missed=0, false=0, false_time=1)
    with pytest.raises(UsageError, match="sum to less than 1"):
        le.corrected_first_cases(10, 5, missed=0.6, false=0.4)
    with pytest.raises(UsageError, match="must lie between"):
        worst_case_share(1.2, missed_people=0, false_people=0)
    with pytest.raises(UsageError, match="true first case"):
        worst_case_share(0.2, missed_people=0, false_people=0, false_firsts=1)


def test_worst_cases_need_one_cause_nobody_late_and_follow_up():
    plain = models.daily_counts([1, 5], [1, 0], [0, 3])
    with pytest.raises(UsageError, match="within follow-up"):
        worst_case_incidence(plain, 9, missed_people=1, false_people=0)
    with pytest.raises(UsageError, match="must not be negative"):
        worst_case_incidence(plain, 3, missed_people=-1, false_people=0)
    late = models.daily_counts([1, 5], [1, 0], [0, 3], entered=[1, 0])
    with pytest.raises(UsageError, match="one cause"):
        worst_case_incidence(late, 3, missed_people=1, false_people=0)
    everyone = models.daily_counts([1], [2], [0])
    assert worst_case_incidence(everyone, 3, missed_people=1, false_people=0).lower == 1


def test_a_rate_of_first_cases_falls_where_links_are_missed():
    found = le.corrected_first_cases(100, 50, missed=0.1, false=0)
    assert found == pytest.approx((100 - 15) / 0.9)
    bounds = le.first_case_bounds(100, 50, missed=(0, 0.1), false=(0, 0))
    assert (bounds.lower, bounds.upper) == (pytest.approx(85 / 0.9), 100)


def test_a_share_of_wrong_links_becomes_a_rate_of_false_links():
    # 1,000 counted, 250 seen to return, 10 of them falsely: the other 760 have no true return.
    f = le.false_rate_of(0.04, 0.25)
    assert f == pytest.approx(10 / 760)
    assert le.corrected_share(0.25, missed=0, false=f) == pytest.approx(0.24)
    with pytest.raises(UsageError, match="nobody is left"):
        le.false_rate_of(0.0, 1.0)
