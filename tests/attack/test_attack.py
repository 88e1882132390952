"""No sequence of releases lets an attacker who has all of them work out a protected number."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.profiles.profile import Profile
from tests.attack.attacker import leaks
from tests.attack.cases import KINDS, Case, case
from tests.attack.play import Way, disclosure_control, primary_suppression

CASES = int(os.environ.get("JUSTICE_ATTACK_CASES", "70"))
"""All five hundred are played by `make attack`, apart from the other tests; alone, the first."""
SRS = disclosure.load("ons-srs")
TRUE_TOTALS = replace(SRS, mechanism=dict.fromkeys(SRS.mechanism, "suppress"))
ZEROS_SHOWN = replace(TRUE_TOTALS, zeros_disclosive=False, class_disclosure=False)
PROFILES = (SRS, TRUE_TOTALS, ZEROS_SHOWN)


def profile_of(seed: int) -> Profile:
    return PROFILES[(seed // len(KINDS)) % len(PROFILES)]


def is_pinned(played: Case, way: Way, profile: Profile) -> tuple[bool, int]:
    """Whether an attacker gets through, and how many rows are shown."""
    seen = way(played, profile)
    shown = sum(int(one.table["people"].notna().sum()) for one in seen)
    found = leaks(
        seen,
        played.populations,
        least=profile.minimum_count,
        zeros=profile.zeros_disclosive,
    )
    return bool(found), shown


@pytest.mark.parametrize("block", range(10))
def test_no_sequence_of_releases_pins_a_protected_number(block, record_property):
    seeds = range(block, CASES, 10)
    played = [(case(seed), profile_of(seed)) for seed in seeds]
    ours = [is_pinned(one, disclosure_control, profile) for one, profile in played]
    plain = [is_pinned(one, primary_suppression, profile) for one, profile in played]
    pinned, as_usual = (sum(found for found, *_ in way) for way in (ours, plain))
    shown, shown_as_usual = (sum(count for _, count in way) for way in (ours, plain))
    for name, number in (
        ("sequences", len(ours)),
        ("pinned", pinned),
        ("pinned_by_primary_suppression", as_usual),
        ("rows_shown", shown),
        ("rows_shown_by_primary_suppression", shown_as_usual),
    ):
        record_property(name, number)
    assert not [seed for seed, (found, _) in zip(seeds, ours, strict=True) if found]
    assert as_usual > len(plain) / 2
    assert shown > 0.4 * shown_as_usual
