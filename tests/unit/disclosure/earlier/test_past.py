"""What left before is attacked with what is asked for now, and can no longer be changed."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.crossed import Slow, margins_of, small_groups
from tests.unit.disclosure.examples import as_candidate, curve, frequencies, shares
from tests.unit.disclosure.kinds.test_attrition import attrition
from tests.unit.disclosure.kinds.test_survival import DAILY, shown_days, summed, thinning


@pytest.fixture
def exact(srs):
    return dataclasses.replace(srs, mechanism=dict.fromkeys(srs.mechanism, "suppress"))


def left(output, profile, *, hidden=(), label="release 1: by_age"):
    return Past(output, frozenset(hidden), profile, label)


def now(output, profile, *past, id="now"):
    return judge([as_candidate(output, id)], profile, past)[0]


def hidden_of(judged, name="age"):
    return set(judged.protected.table.query("shown == 'suppressed'")[name])


def test_what_left_needs_a_label():
    with pytest.raises(DisclosureError, match="must have a label"):
        Past(frequencies({"a": 50}), frozenset(), None, "")


def test_a_total_that_would_tell_a_count_hidden_before_is_hidden(exact):
    before = left(frequencies({"a": 3, "b": 117}), exact, hidden=[0])
    judged = now(frequencies({"all": 120}), exact, before)
    assert judged.verdict.status == "fail"
    assert judged.verdict.reasons == (
        "no row of it may be shown beside what left before: release 1: by_age.",
    )
    assert now(frequencies({"all": 120}), exact).verdict.status == "pass"


def test_groups_hide_another_where_their_total_left_before(exact):
    total = left(frequencies({"all": 220}), exact)
    groups = frequencies({"a": 3, "b": 117, "c": 100})
    assert hidden_of(now(groups, exact)) == {"a"}
    assert hidden_of(now(groups, exact, total)) == {"a", "c"}


def test_the_same_table_again_hides_the_same_rows(srs, exact):
    for profile in (srs, exact):
        table = frequencies({"all": 220, "a": 3, "b": 117, "c": 100})
        first = now(table, profile)
        before = left(table, profile, hidden=first.verdict.evidence["hidden"])
        again = now(table, profile, before)
        assert again.protected.table.equals(first.protected.table)


def test_the_same_table_again_shows_no_row_that_was_hidden(exact):
    """Another choice of rows would leave both tables together with none hidden."""
    table = frequencies({"all": 220, "a": 3, "b": 100, "c": 117})
    assert hidden_of(now(table, exact)) == {"a", "b"}
    before = left(table, exact, hidden=[1, 3])
    assert hidden_of(now(table, exact, before)) >= {"a", "c"}


def test_how_what_left_was_rounded_is_what_is_read_from_it(srs, exact):
    """A total rounded to 20 leaves a 9 open; one that is known more closely does not."""
    groups = frequencies({"a": 9, "b": 111, "c": 300})
    rounded, true = left(frequencies({"all": 420}), srs), left(frequencies({"all": 420}), exact)
    assert hidden_of(now(groups, srs, rounded)) == hidden_of(now(groups, srs, true)) == {"a", "b"}
    wide = dataclasses.replace(srs, rounding_base=20, minimum_count=10)
    coarse = left(frequencies({"all": 420}), wide)
    assert hidden_of(now(groups, srs, coarse)) == {"a"}


def test_a_count_that_left_before_gets_no_better_known(exact):
    """What left tells that a is 2 to 8; nothing may be added that tells more."""
    wide = dataclasses.replace(
        exact, mechanism=dict.fromkeys(exact.mechanism, "suppress_then_round"),
        rounding_base=7, minimum_count=11,
        survival_step=11,
    )  # fmt: skip
    before = left(frequencies({"all": 61, "a": 5, "b": 56}), wide, hidden=[1])
    judged = now(frequencies({"b": 56}), exact, before)
    assert judged.verdict.status == "fail"
    unsafe = judged.verdict.evidence["unsafe"]
    assert {row["true"] for row in unsafe} == {5}
    assert {unit["output"] for unit in unsafe[0]["units"]} == {"release 1: by_age", "now"}
    assert [row["left_before"] for row in unsafe[0]["units"]].count(True) == 3
    assert json.dumps(judged.verdict.evidence)


def test_new_data_do_not_tell_of_the_few_who_were_added(exact):
    before = left(frequencies({"all": 220, "a": 103, "b": 117}), exact)
    after = frequencies({"all": 240, "a": 106, "b": 134}, population_hash="p2")
    assert hidden_of(now(after, exact, before)) == {"a", "b"} or hidden_of(
        now(after, exact, before)
    ) == {"a", "all"}


@pytest.mark.parametrize("seed", range(3))
def test_tables_that_leave_one_after_another_tell_no_more_than_together(exact, seed):
    random = np.random.default_rng(seed)
    people = random.choice([0, 2, 7, 25, 60], size=(3, 3, 2), p=[0.1, 0.1, 0.2, 0.3, 0.3])
    outputs = [
        margins_of(people, pair, totals=pair[:1])
        for pair in (("sex", "age"), ("age", "offence"), ("sex", "offence"))
    ]
    past: list[Past] = []
    slow = Slow(people.shape)
    for number, output in enumerate(outputs):
        judged = now(output, exact, *past)
        if judged.verdict.status == "pass":
            hidden = judged.verdict.evidence["hidden"]
            past.append(left(output, exact, hidden=hidden, label=f"release {number}"))
            slow.see(output, judged.protected.table, base=1)
    assert past
    for output in outputs:
        for group in small_groups(output):
            low, high = slow.range_of(group)
            assert low <= 1e-6
            assert high >= 10 - 1e-6


def test_a_later_selection_keeps_apart_from_the_steps_that_left(srs):
    first = attrition([500, 402, 302])
    before = left(first, srs, label="release 1: selection")
    table = now(attrition([500, 400, 300]), srs, before).protected.table
    assert table["shown"].tolist() == ["yes", "suppressed", "suppressed"]


def test_curves_end_where_those_that_left_get_thin(srs):
    small, large = thinning(31)
    total = curve({"all": summed(small, large)})
    groups = left(curve({"a": small, "b": large}), srs, label="release 1: curves")
    thin = groups.output.table.query("group == 'a' and at_risk < 10")["day"].min()
    assert shown_days(now(total, srs, groups))["all"] < thin


def test_a_curve_is_not_shown_beside_groups_that_left_with_one_hidden(srs):
    small, large = [(1, 2, 2), (2, 2, 2)], [(day, 12, 8) for day in range(1, 61)]
    groups = left(curve({"a": small, "b": large, "c": large}), srs, hidden=[0], label="release 1")
    judged = now(curve({"all": summed(small, large, large)}), srs, groups)
    assert judged.verdict.status == "fail"


def test_the_same_curves_may_leave_again(srs):
    output = curve({"a": DAILY})
    judged = now(output, srs, left(output, srs, label="release 1"))
    assert judged.verdict.status == "pass"


def test_an_area_beside_every_region_that_left_is_for_a_person_to_review(srs):
    rows = [("region:1", 5, 300, 100), ("region:2", 5, 900, 400)]
    by_region = left(shares(rows, options={"area": None, "by": "region"}), srs, label="release 1")
    alone = shares(rows[:1], options={"area": "region:1"}, population_hash="p2")
    judged = now(alone, srs, by_region)
    assert judged.verdict.status == "review"
    assert "release 1 (Share returned)" in judged.verdict.reasons[0]
