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


def outward(lower: float, upper: float, step: float) -> tuple[float, float]:
    """Round an interval of a share outward to whole steps: never narrower than it was."""
    if not (math.isfinite(lower) and math.isfinite(upper)):
        return math.nan, math.nan
    low = math.floor(lower / step + 1e-9) * step
    high = math.ceil(upper / step - 1e-9) * step
    return round(max(low, 0.0), 6), round(min(high, 1.0), 6)
