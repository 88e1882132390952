"""Populations that nobody declared related, and whose numbers say that they are."""

from __future__ import annotations

import pytest

from justice_analysis.disclosure.attacker.undeclared import close_groups
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
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


def test_two_cards_may_count_the_same_people():
    other = women(card="release_returns")
    assert close_groups(frequencies({"a": 63}), other, minimum=10) == 1
    assert close_groups(EVERYONE, other, minimum=10) == 1


def test_groups_are_close_below_the_minimum_and_only_where_both_are_shown():
    assert close_groups(EVERYONE, women(), minimum=4) == 1
    assert close_groups(EVERYONE, women(), minimum=3) == 0
    few = frequencies({"a": 3}, title="Few", card=None, population_hash="p2")
    assert close_groups(EVERYONE, few, minimum=100) == 0


def part(a: int, b: int, name: str, **changes: object):
    described = {"title": name, "card": None, "population_hash": name, "within": ("p1",), **changes}
    return frequencies({"a": a, "b": b, "all": a + b}, **described)


def judged_with(*parts: object, srs):
    whole = frequencies({"a": 100, "b": 190, "all": 290}, title="Everyone", card=None)
    asked = [as_candidate(one, f"part_{n}") for n, one in enumerate(parts)]
    return [one.verdict for one in judge([*asked, as_candidate(whole)], srs)]


def test_two_parts_that_leave_few_of_the_whole_are_looked_at(srs):
    """Of age a 100 are counted, 60 women and 37 men: three are neither."""
    verdicts = judged_with(part(60, 120, "women"), part(37, 60, "men"), srs=srs)
    assert [verdict.status for verdict in verdicts] == ["review"] * 3
    assert "fewer than 10 people are in neither, in 1 of their groups" in verdicts[0].reasons[0]


def test_two_parts_that_leave_nobody_or_enough_pass(srs):
    for men in (part(40, 70, "men"), part(25, 50, "men")):
        verdicts = judged_with(part(60, 120, "women"), men, srs=srs)
        assert [verdict.status for verdict in verdicts] == ["pass"] * 3


def test_parts_within_one_another_leave_nobody_by_themselves(srs):
    inner = part(37, 60, "mothers", within=("p1", "women"))
    verdicts = judged_with(part(60, 120, "women"), inner, srs=srs)
    assert [verdict.status for verdict in verdicts] == ["pass"] * 3
