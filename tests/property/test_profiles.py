"""Tightening never loosens: random parameter files against every rule of every profile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justice_analysis import disclosure
from justice_analysis.disclosure.profiles import profile as profiles
from justice_analysis.disclosure.profiles.checks import is_looser
from justice_analysis.disclosure.rounding import to_base
from justice_analysis.errors import DisclosureError

NUMBERS = (
    "minimum_count",
    "minimum_families",
    "rounding_base",
    "dominance_n",
    "percentile_tail",
    "survival_step",
    "max_rows",
)
PLACES = ("country", "region", "local_authority", "court")

overrides = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.integers(-2, 60) for name in NUMBERS},
        **{name: st.floats(0, 1) for name in ("dominance_k", "p_ratio")},
        **{name: st.booleans() for name in ("zeros_disclosive", "class_disclosure", "extremes")},
        "named_places": st.lists(st.sampled_from(PLACES), unique=True),
    },
)


def tightened(name, changes):
    try:
        return disclosure.stricter(disclosure.load(name), changes)
    except DisclosureError:
        return None


@pytest.mark.parametrize("name", disclosure.names())
@settings(max_examples=150, deadline=None, derandomize=True)
@given(changes=overrides)
def test_what_is_not_refused_is_at_least_as_strict_in_every_rule(name, changes):
    profile = tightened(name, changes)
    if profile is None:
        return
    base = disclosure.load(name)
    for rule in profiles.RULES:
        assert not is_looser(rule, getattr(profile, rule), getattr(base, rule)), rule
    for rule, value in changes.items():
        wanted = tuple(value) if isinstance(value, list) else value
        assert not is_looser(rule, getattr(profile, rule), wanted), rule
    if "suppress_then_round" in profile.mechanism.values():
        shown = [to_base(n, profile.rounding_base) for n in range(profile.minimum_count, 200)]
        assert min(shown) >= profile.minimum_count


@settings(max_examples=150, deadline=None, derandomize=True)
@given(one=overrides, other=overrides)
def test_joined_profiles_are_as_strict_as_each_in_any_order(one, other):
    both = [p for p in (tightened("ons-srs", one), tightened("ons-srs", other)) if p]
    if len(both) < 2:
        return
    joined = profiles.strictest(both)
    for rule in profiles.RULES:
        for profile in both:
            assert not is_looser(rule, getattr(joined, rule), getattr(profile, rule)), rule
    again = profiles.strictest(both[::-1])
    assert {*joined.named_places} == {*again.named_places}
    for rule in profiles.RULES:
        if rule not in ("named_places", "file_types"):
            assert getattr(joined, rule) == getattr(again, rule), rule
