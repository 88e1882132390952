"""Rounding hides exact counts, and says what it leaves."""

from __future__ import annotations

import math

import pytest

from justice_analysis.disclosure.rounding import (
    interval_around,
    nearest,
    range_behind,
    share_step,
    to_base,
)


@pytest.mark.parametrize("base", [1, 3, 5, 10])
def test_every_count_lies_in_the_range_behind_its_rounded_value(base):
    for count in range(200):
        low, high = range_behind(to_base(count, base), base)
        assert low <= count <= high
        assert to_base(low, base) == to_base(high, base) == to_base(count, base)


@pytest.mark.parametrize("people", [10, 50, 487, 12_345])
def test_one_person_cannot_be_seen_in_a_rounded_share(people):
    step = share_step(people, 5)
    assert step >= max(5 / people, 0.001)
    seen = {nearest(count / people, step) for count in range(people + 1)}
    assert len(seen) <= people / 5 + 2


def test_the_arms_of_an_interval_are_rounded_up():
    assert interval_around(0.24, 0.2412, 0.2312, 0.2488, 0.005) == (0.23, 0.25)
    assert interval_around(0.02, 0.018, 0.001, 0.06, 0.01) == (0.0, 0.07)
    assert math.isnan(interval_around(0.2, 0.2, math.nan, 0.3, 0.01)[0])
