"""Rounding by itself: where it does not keep a count, and the least base that would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.hiding import hide_together
from justice_analysis.disclosure.past import Past
from justice_analysis.disclosure.profiles import Profile

WIDEST = 10
"""Bases up to this many times the minimum are tried."""


def refusal(
    fails: Mapping[int, int],
    candidates: Mapping[int, Candidate],
    profile: Profile,
    past: Sequence[Past],
) -> dict[int, str]:
    """Say of each candidate how many counts rounding gives away, and what base would do."""
    base = least_base(candidates, profile, past)
    would = (
        f"Base {base} would do."
        if base
        else f"No base up to {WIDEST * profile.minimum_count} would do: hide rows instead."
    )
    return {
        number: (
            f"rounding to base {profile.rounding_base} must leave every count under the minimum "
            f"between nobody and {profile.minimum_count}: {count:,} counts are known more "
            f"closely. {would}"
        )
        for number, count in fails.items()
    }


def least_base(
    candidates: Mapping[int, Candidate], profile: Profile, past: Sequence[Past]
) -> int | None:
    """Find the least of the usual bases under which rounding alone keeps every count."""
    for base in _bases(profile):
        trial = _with_base(profile, base)
        if not hide_together(candidates, trial, past).rounding_fails:
            return base
    return None


def _bases(profile: Profile) -> list[int]:
    """Multiples of 5 from the profile's own; below twice the minimum none can do."""
    least = max(profile.rounding_base + 1, 2 * profile.minimum_count)
    return list(range(-(-least // 5) * 5, WIDEST * profile.minimum_count + 1, 5))


def _with_base(profile: Profile, base: int) -> Profile:
    return replace(profile, rounding_base=base)
