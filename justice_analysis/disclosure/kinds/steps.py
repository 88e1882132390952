"""How coarsely a quantity is rounded, so that no one person's part can be read from it.

A count is rounded to a base: nobody can tell one person more or less. Sums, means and percentiles
are rounded so that the same holds: their step is worth what `base` people do to the number. A
step also covers the profile's p-ratio of the largest contribution, so that two sums that differ
by one person do not tell that person's part more closely than the p-ratio lets any total.

Steps are 1, 2 or 5 times a power of ten, and are taken from the fewest people that the rounded
count beside them may stand for: a step tells a reader no more than the count does.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.rounding import range_behind, to_base

FEWEST_IN_A_STEP = 5
"""A percentile is a person's value: it is rounded for as many even where counts are not."""


def nice_step(wanted: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is no less than what is wanted."""
    if not wanted > 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= wanted * (1 - 1e-12))


def to_step(value: float, step: float) -> float:
    """Round to the nearest multiple of a step, halves up; a step of 0 leaves the value."""
    if not math.isfinite(value) or not step > 0:
        return value
    rounded = math.floor(value / step + 0.5) * step
    return float(f"{rounded:.12g}")


def fewest_behind(people: float, profile: Profile) -> int:
    """Fewest people that the rounded count may stand for, and at least one."""
    base = profile.rounding_base
    return max(range_behind(to_base(people, base), base)[0], 1)


def total_step(total: float, people: float, largest: float, profile: Profile) -> float:
    """Step of a sum: what `rounding_base` people contribute on average, or the p-ratio of one."""
    mean = abs(total) / max(people, 1)
    return nice_step(max(profile.rounding_base * mean, profile.p_ratio * largest))


def mean_step(spread: float, people: float, largest: float, profile: Profile) -> float:
    """Step of a mean or a standard deviation of `n` people: `base / n` of the spread of values.

    One person at a distance of one spread from the mean moves it by `spread / n`.
    """
    fewest = fewest_behind(people, profile)
    return nice_step(max(profile.rounding_base * spread, profile.p_ratio * largest) / fewest)


def percentile_step(spread: float, share: float, people: float, profile: Profile) -> float:
    """Step of the percentile at a share: as wide as a few people are apart around it.

    Parameters
    ----------
    spread
        Standard deviation, or a stand-in for it.
    share
        From 0 to 1, exclusive.

    Notes
    -----
    With density `f` at the percentile, `n f` people lie in each unit of the quantity. A table
    cannot tell `f`; the normal density of the same spread stands in, so how many people share a
    step is not known. What is certain is the tail: enough people on each side.
    """
    normal = NormalDist()
    density = normal.pdf(normal.inv_cdf(share))
    wanted = people_in_a_step(profile) * spread / density
    return nice_step(wanted / fewest_behind(people, profile))


def people_in_a_step(profile: Profile) -> int:
    """For how many people a step of a percentile is made."""
    return max(profile.rounding_base, FEWEST_IN_A_STEP)
