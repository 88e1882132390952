"""No sequence of releases lets an attacker who has all of them work out a protected number."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure.profiles import Profile
from tests.attack.attacker import leaks
from tests.attack.cases import KINDS, Case, case
from tests.attack.play import Way, disclosure_control, primary_suppression

CASES = int(os.environ.get("JUSTICE_ATTACK_CASES", "70"))
"""All five hundred are played by `make attack`; the test suite plays the first of each kind."""
SRS = disclosure.load("ons-srs")
TRUE_TOTALS = replace(SRS, mechanism=dict.fromkeys(SRS.mechanism, "suppress"))
ZEROS_SHOWN = replace(TRUE_TOTALS, zeros_disclosive=False, class_disclosure=False)
PROFILES = (SRS, TRUE_TOTALS, ZEROS_SHOWN)


def profile_of(seed: int) -> Profile:
    return PROFILES[(seed // len(KINDS)) % len(PROFILES)]


def is_pinned(played: Case, way: Way, profile: Profile) -> tuple[bool, int, int]:
    """Whether an attacker gets through, and the rows shown of those asked for."""
    seen = way(played, profile)
    asked = sum(len(one.output.table) for release in played.releases for one in release)
    shown = sum(int(one.table["people"].notna().sum()) for one in seen)
    found = leaks(
        seen,
        played.populations,
        least=profile.minimum_count,
        zeros=profile.zeros_disclosive,
    )
    return bool(found), shown, asked


@pytest.mark.parametrize("block", range(10))
def test_no_sequence_of_releases_pins_a_protected_number(block, capsys):
    seeds = range(block, CASES, 10)
    played = [(case(seed), profile_of(seed)) for seed in seeds]
    ours = [is_pinned(one, disclosure_control, profile) for one, profile in played]
    with capsys.disabled():
        print(f"\nattack: {sum(pinned for pinned, *_ in ours)} of {len(ours)} cases pinned")
    assert not [seed for seed, (pinned, *_) in zip(seeds, ours, strict=True) if pinned]
    assert sum(shown for _, shown, _ in ours) > 0.4 * sum(asked for *_, asked in ours)


def test_plain_primary_suppression_fails_most_of_the_same_cases(capsys):
    played = [(case(seed), profile_of(seed)) for seed in range(CASES)]
    plain = [is_pinned(one, primary_suppression, profile)[0] for one, profile in played]
    with capsys.disabled():
        print(f"\nprimary suppression alone: {sum(plain)} of {len(plain)} cases pinned")
    assert sum(plain) > len(plain) / 2
