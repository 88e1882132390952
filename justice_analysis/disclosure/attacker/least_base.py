"""The least base under which rounding by itself would keep every count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from justice_analysis.disclosure.attacker.hiding import hide_together
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.errors import DisclosureError

WIDEST = 4
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
    """Find the least base under which rounding alone keeps every count."""
    for base in _bases(profile):
        try:
            trial = replace(profile, rounding_base=base)
        except DisclosureError:
            continue  # another kind of output may not be rounded so
        if not hide_together(candidates, trial, past).rounding_fails:
            return base
    return None


def _bases(profile: Profile) -> range:
    """Wider bases than the profile's; at twice the minimum or less none can do."""
    least = max(profile.rounding_base, 2 * profile.minimum_count) + 1
    return range(least, WIDEST * profile.minimum_count + 1)
