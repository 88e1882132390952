"""Rounding that hides exact counts, and what can still be read from a rounded number."""

from __future__ import annotations

import math

NICE_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Steps to which a share is rounded; the finest is 0.1 percentage points."""


def to_base(count: float, base: int) -> int:
    """Round a count to the nearest multiple of the base, halves up."""
    return int((2 * int(count) + base) // (2 * base)) * base


def range_behind(rounded: int, base: int) -> tuple[int, int]:
    """Smallest and largest count that rounds to this number."""
    return max(rounded - base // 2, 0), rounded + (base - 1) // 2


def share_step(denominator: float, base: int) -> float:
    """Return the step to which a share of this many people is rounded.

    A share of `n` people moves by `1/n` a person, so a step of at least `base/n` says no more
    than a numerator rounded to the base; and never finer than 0.1 percentage points. The step
    is taken from the fewest people that the rounded denominator may stand for, so that the step
    itself does not tell the exact denominator.
    """
    fewest = max(range_behind(to_base(denominator, base), base)[0], 1)
    wanted = base / fewest
    return next((step for step in NICE_STEPS if step >= wanted), NICE_STEPS[-1])


def nearest(value: float, step: float) -> float:
    """Round a share to the nearest step; a missing one stays missing."""
    if not math.isfinite(value):
        return math.nan
    return round(math.floor(value / step + 0.5) * step, 6)


def interval_around(
    shown: float, estimate: float, lower: float, upper: float, step: float
) -> tuple[float, float]:
    """Put an interval around a rounded share: its two arms rounded up to whole steps.

    Bounds rounded by themselves would each cut the counts that fit at another place, and
    together could leave one count only; an arm's length hardly changes with one person.
    """
    if not all(map(math.isfinite, (shown, estimate, lower, upper))):
        return math.nan, math.nan
    below = math.ceil(abs(estimate - lower) / step - 1e-9) * step
    above = math.ceil(abs(upper - estimate) / step - 1e-9) * step
    return round(max(shown - below, 0.0), 6), round(min(shown + above, 1.0), 6)
