"""Populations that nobody declared related, and whose numbers say that they are."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.past import Past
from justice_analysis.disclosure.undeclared import close_groups
from tests.unit.disclosure.examples import as_candidate, frequencies

EVERYONE = frequencies({"a": 63, "b": 50, "all": 113}, title="Everyone", card=None)


def women(**changes: object):
    described = {"title": "Women", "card": None, "population_hash": "p2", **changes}
    return frequencies({"a": 60, "b": 20, "all": 80}, **described)


def test_a_part_that_is_not_said_to_be_one_is_looked_at(srs):
    """The men of age a are three: the difference of two numbers that are shown."""
    for judged in judge([as_candidate(EVERYONE), as_candidate(women(), "women")], srs):
        assert judged.verdict.status == "review"
        assert "yet 1 of their groups differ by fewer than 10 people" in judged.verdict.reasons[0]


def test_a_part_of_what_left_before_is_looked_at(srs):
    left = Past(EVERYONE, frozenset(), srs, "first: everyone")
    judged = judge([as_candidate(women(), "women")], srs, [left])[0]
    assert judged.verdict.status == "review"
    assert "first: everyone" in judged.verdict.reasons[0]


def test_a_part_that_is_declared_is_attacked_instead(srs):
    both = [as_candidate(EVERYONE), as_candidate(women(within=("p1",)), "women")]
    judged = judge(both, srs)
    assert [one.verdict.status for one in judged] == ["pass", "pass"]
    assert sum((one.protected.table["shown"] == "suppressed").sum() for one in judged) > 0


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "releases"},
        {"options": {"area": "Wales"}},
        {"title": "Everyone"},
        {"population_hash": "p1"},
    ],
)
def test_other_things_or_versions_are_not_compared_here(changes):
    assert close_groups(EVERYONE, women(**changes), minimum=10) == 0


def test_two_cards_tell_apart_what_is_counted():
    other = women(card="release_returns")
    assert close_groups(frequencies({"a": 63}), other, minimum=10) == 0
    assert close_groups(EVERYONE, other, minimum=10) == 1


def test_groups_are_close_below_the_minimum_and_only_where_both_are_shown():
    assert close_groups(EVERYONE, women(), minimum=4) == 1
    assert close_groups(EVERYONE, women(), minimum=3) == 0
    few = frequencies({"a": 3}, title="Few", card=None, population_hash="p2")
    assert close_groups(EVERYONE, few, minimum=100) == 0
