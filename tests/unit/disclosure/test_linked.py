"""Tables that share what neither writes down: margins, loops, nested groups, populations."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from justice_analysis.disclosure import cells
from justice_analysis.disclosure.cells.margins import cyclic_core
from justice_analysis.disclosure.judge import judge
from tests.unit.disclosure.crossed import Slow, margins_of, small_groups
from tests.unit.disclosure.examples import as_candidate, frequencies, shares


@pytest.fixture
def exact(srs):
    return dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))


def decided(outputs, profile, past=()):
    candidates = [as_candidate(output, f"o{n}") for n, output in enumerate(outputs)]
    return judge(candidates, profile, past)


def attacked(people, outputs, judged, *, base=1):
    slow = Slow(people.shape)
    for output, one in zip(outputs, judged, strict=True):
        if one.protected is not None:
            slow.see(output, one.protected.table, base=base)
    return slow


def assert_unknown(slow, groups):
    for group in groups:
        low, high = slow.range_of(group)
        assert low <= 1e-6, group
        assert high >= 10 - 1e-6, group


def test_a_margin_that_two_tables_share_and_neither_writes_gives_nothing_away(exact):
    people = np.array([[[3, 20], [17, 40]], [[30, 31], [32, 33]]])
    by_age = margins_of(people, ("sex", "age"))
    by_area = margins_of(people, ("sex", "offence"))
    small = margins_of(people[:, :1], ("sex", "age"))
    assert judge([as_candidate(by_age)], exact)[0].verdict.status == "pass"
    outputs = [by_age, by_area]
    judged = decided(outputs, exact)
    assert_unknown(attacked(people, outputs, judged), small_groups(by_age) + small_groups(small))


def test_a_small_group_is_not_the_difference_of_two_tables(exact):
    """60 men by age less the 57 by area whose cells are shown: 3 in the one that is hidden."""
    people = np.zeros((2, 2, 2), dtype=int)
    people[0, :, 0], people[0, :, 1], people[1] = (2, 1), (28, 29), 50
    outputs = [margins_of(people, ("sex", "age")), margins_of(people, ("sex", "offence"))]
    alone = judge([as_candidate(outputs[1])], exact)[0].protected.table
    assert (alone["shown"] == "suppressed").sum() == 1
    judged = decided(outputs, exact)
    assert_unknown(attacked(people, outputs, judged), small_groups(outputs[1]))
    hidden = sum((one.protected.table["shown"] == "suppressed").sum() for one in judged)
    assert hidden > 1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("mechanism", ["suppress", "suppress_then_round"])
def test_tables_in_a_loop_are_attacked_through_the_joint_table(srs, seed, mechanism):
    profile = dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, mechanism))
    random = np.random.default_rng(seed)
    people = random.choice([0, 1, 2, 30, 80], size=(3, 2, 3), p=[0.25, 0.15, 0.1, 0.3, 0.2])
    outputs = [
        margins_of(people, pair)
        for pair in (("sex", "age"), ("age", "offence"), ("sex", "offence"))
    ]
    judged = decided(outputs, profile)
    assert all(one.verdict.status in ("pass", "fail") for one in judged)
    slow = attacked(people, outputs, judged, base=1 if mechanism == "suppress" else 5)
    assert_unknown(slow, [group for output in outputs for group in small_groups(output)])


def test_a_loop_gives_away_what_margins_alone_do_not(exact):
    """No two of the three tables tell it; the joint table behind all three does."""
    people = np.array([[[0, 12], [12, 0]], [[12, 0], [0, 4]]]) + 0
    pairs = (("sex", "age"), ("age", "offence"), ("sex", "offence"))
    outputs = [margins_of(people, pair) for pair in pairs]
    judged = decided(outputs, exact)
    slow = attacked(people, outputs, judged)
    assert_unknown(slow, [group for output in outputs for group in small_groups(output)])


def test_only_what_is_in_a_loop_is_its_core():
    edges = [frozenset(one) for one in ("ab", "bc", "ac", "cd", "de")]
    assert {"".join(sorted(one)) for one in cyclic_core(edges)} == {"ab", "bc", "ac"}
    assert cyclic_core([frozenset(one) for one in ("ab", "bc", "cd")]) == []
    assert cyclic_core([frozenset(one) for one in ("abc", "ab", "bc", "ac")]) == []


def test_a_loop_too_large_to_attack_is_for_a_person_to_review(exact):
    people = np.full((30, 28, 26), 20)
    pairs = (("sex", "age"), ("age", "offence"), ("sex", "offence"))
    wide = dataclasses.replace(exact, max_rows=2000)
    judged = decided([margins_of(people, pair) for pair in pairs], wide)
    assert {one.verdict.status for one in judged} == {"review"}
    assert (
        "20,000 joint cells between them: 3 (age, offence, sex) and 21,840"
        in (judged[0].verdict.reasons[0])
    )


def test_a_table_of_five_dimensions_with_its_last_total_alone_is_attacked(exact):
    random = np.random.default_rng(5)
    people = random.choice([3, 40, 90], size=(2, 2, 2, 2, 2), p=[0.1, 0.5, 0.4])
    inner = margins_of(people)
    total = margins_of(people, ("sex",), totals=("sex",))
    judged = decided([inner, total], exact)
    assert [one.verdict.status for one in judged] == ["pass", "pass"]
    slow = attacked(people, [inner, total], judged)
    assert_unknown(slow, small_groups(inner)[:4])


COURTS = {"Leeds": "North", "York": "North", "Bath": "South", "Hove": "South"}


def by_court(counts, **changes):
    return frequencies(counts, hierarchy={"age": COURTS}, **changes)


def test_courts_add_up_to_their_region_and_regions_to_all(exact):
    counts = {"all": 330, "North": 180, "South": 150, "Leeds": 4, "York": 176, "Bath": 70,
              "Hove": 80}  # fmt: skip
    judged = decided([by_court(counts)], exact)[0]
    assert judged.verdict.status == "pass", judged.verdict.reasons
    table = judged.protected.table.set_index("age")["shown"]
    assert table["Leeds"] == "suppressed"
    assert "suppressed" in (table["York"], table["North"])
    assert table["all"] == "yes"


def test_a_court_is_tied_to_a_region_shown_in_another_output(exact):
    courts = by_court({"Leeds": 4, "York": 176, "Bath": 70, "Hove": 80})
    regions = frequencies({"North": 180, "South": 150})
    alone = decided([courts], exact)[0].protected.table
    assert (alone["shown"] == "suppressed").sum() == 1
    together = decided([courts, regions], exact)
    hidden = [set(one.protected.table.query("shown == 'suppressed'")["age"]) for one in together]
    assert len(hidden[0] | hidden[1]) >= 2


def test_a_total_that_is_not_the_sum_of_its_groups_fails_and_says_how_many(exact):
    judged = decided([frequencies({"all": 120, "a": 40, "b": 60})], exact)[0]
    assert judged.verdict.status == "fail"
    assert (
        "groups of age must add up to their total in people: 1 totals"
        in (judged.verdict.reasons[0])
    )
    assert "120" not in judged.verdict.reasons[0]
    wrong = by_court({"all": 150, "North": 90, "South": 60, "Leeds": 50, "York": 50, "Bath": 60})
    assert decided([wrong], exact)[0].verdict.status == "fail"


def women(counts, **changes):
    return frequencies(counts, population_hash="women", within=("p1",), card="recurrence",
                       **changes)  # fmt: skip


def test_a_population_inside_another_does_not_tell_of_the_few_outside_it(exact):
    everyone = frequencies({"all": 300, "a": 100, "b": 200})
    inside = women({"all": 180, "a": 96, "b": 84})
    assert decided([inside], exact)[0].protected.table["people"].notna().all()
    judged = decided([everyone, inside], exact)
    shown = [
        one.protected.table.set_index("age")["people"].dropna().to_dict()
        if one.protected is not None
        else {}
        for one in judged
    ]
    assert not {"a"} <= shown[0].keys() & shown[1].keys()
    for tables in shown:  # nor from the totals: both hide a second number
        assert len(tables) <= 1 or "a" in tables


def test_totals_that_nobody_wrote_are_compared_between_populations_too(exact):
    everyone = frequencies({"a": 100, "b": 200})
    inside = margins_of(np.array([150, 146]), population_hash="women", within=("p1",))
    judged = decided([everyone, inside], exact)
    assert {"suppressed"} <= {
        mark for one in judged if one.protected is not None for mark in one.protected.table["shown"]
    } or "fail" in {one.verdict.status for one in judged}


def test_a_population_may_not_exceed_the_one_that_contains_it(exact):
    judged = decided([frequencies({"all": 100}), women({"all": 140})], exact)
    assert [one.verdict.status for one in judged] == ["pass", "fail"]
    assert "1 counts do. Correct `within`" in judged[1].verdict.reasons[0]


def test_versions_of_one_family_are_compared_whatever_their_cards(exact):
    first = frequencies({"all": 1000}, population_hash="a", card="one", family="returns")
    second = frequencies({"all": 1004}, population_hash="b", card="two", family="returns")
    judged = decided([first, second], exact)
    assert sorted(one.verdict.status for one in judged) == ["fail", "pass"]
    apart = [dataclasses.replace(one, family=None) for one in (first, second)]
    assert {one.verdict.status for one in decided(apart, exact)} == {"review"}


def test_one_thing_counted_in_two_families_is_for_a_person_to_review(exact):
    first = frequencies({"all": 1000}, population_hash="a", family="clock one")
    second = frequencies({"all": 1400}, population_hash="b", family="clock two")
    judged = decided([first, second], exact)
    assert [one.verdict.status for one in judged] == ["review", "review"]
    assert "o0 (Mothers by age) and o1 (Mothers by age)" in judged[0].verdict.reasons[0]
    related = dataclasses.replace(second, within=("a",), table=first.table)
    assert {one.verdict.status for one in decided([first, related], exact)} == {"pass"}


def test_a_joint_cell_has_no_value_of_its_own():
    people = np.array([[[12, 20], [17, 40]], [[30, 31], [32, 33]]])
    outputs = [margins_of(people, pair) for pair in (("sex", "age"), ("age", "offence"),
                                                     ("sex", "offence"))]  # fmt: skip
    system = cells.count_system(dict(enumerate(outputs)), threshold=10).system
    latent = [cell for cell, value in system.values.items() if np.isnan(value)]
    assert len(latent) == 8
    assert not any(cell in system.shown_by for cell in latent)
    total = sum(one.total in system.shown_by for one in system.sums if set(one.parts) <= {*latent})
    assert total == 12


def test_outcomes_at_two_horizons_are_not_added_up(exact):
    first = shares([("a", 1, 500, 100), ("b", 1, 400, 90), ("a", 5, 500, 200), ("b", 5, 400, 150)])
    rows = pd.DataFrame({"group": ["all", "all"], "horizon": [1, 5], "people": [900, 900],
                         "returned": [190, 350]})  # fmt: skip
    second = dataclasses.replace(
        first, table=rows.assign(estimate=rows["returned"] / 900, lower=0.1, upper=0.5)
    )
    judged = decided([first, second], exact)
    assert all((one.protected.table["shown"] == "yes").all() for one in judged)
