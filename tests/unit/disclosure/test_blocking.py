"""A blocked request says which smallest part of it to leave out."""

from __future__ import annotations

import pytest

from justice_analysis import disclosure
from justice_analysis.disclosure import blocking
from justice_analysis.disclosure.blocking import smallest_change
from justice_analysis.disclosure.verdict import Judged, Verdict
from tests.unit.disclosure.examples import as_candidate, frequencies

SRS = disclosure.load("ons-srs")
AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
PASS, PINNED = Verdict("pass"), Verdict("review", ("pinned.",), evidence={"unsafe": ["one"]})
REFUSED = Verdict("fail", ("no rule.",))


@pytest.fixture(autouse=True)
def alone_all_pass(monkeypatch):
    monkeypatch.setattr(blocking, "judge", lambda asked, _: [Judged(one, PASS) for one in asked])


def ages(candidate):
    return set(candidate.output.table["age"])


def rule(is_blocked):
    """Judge so that the outputs for which a rule holds of the whole request are blocked."""
    asked_for = []

    def decide(candidates, profile, past):
        asked_for.append(list(candidates))
        return [Judged(one, PINNED if is_blocked(one, candidates) else PASS) for one in candidates]

    decide.asked_for = asked_for
    return decide


ONE = as_candidate(frequencies(AGES), "one")
TWO = as_candidate(frequencies({"all": 163, "a": 41, "d": 122}), "two")


def test_the_row_that_loses_the_fewest_people_comes_first():
    decide = rule(lambda one, asked: {"b", "c"} <= ages(one))
    change = smallest_change([ONE, TWO], SRS, decide=decide)
    assert change.sentence == "It passes without the row age c of output one."
    assert (change.outputs, change.rows) == ((), {0: (3,)})


def test_the_total_over_a_dimension_can_be_what_gives_it_away():
    decide = rule(lambda one, asked: "all" in ages(one) and one.id == "one")
    change = smallest_change([ONE, TWO], SRS, decide=decide)
    assert change.sentence == "It passes without the row of everyone of output one."
    assert change.rows == {0: (0,)}


def test_a_coarser_table_is_tried():
    decide = rule(lambda one, asked: one.id == "one" and ages(one) != {"all"})
    change = smallest_change([ONE], SRS, decide=decide)
    assert change.sentence == "It passes without the groups of age of output one."
    assert change.rows == {0: (1, 2, 3)}


def test_a_whole_output_is_left_out_where_no_row_helps():
    decide = rule(lambda one, asked: len(asked) == 2)
    change = smallest_change([ONE, TWO], SRS, names=["s/v/one", "s/v/two"], decide=decide)
    assert change.sentence == "It passes without output s/v/one."
    assert (change.outputs, change.rows) == ((0,), {})


def test_two_rows_are_tried_together():
    decide = rule(lambda one, asked: {"a", "b"} & ages(one) and one.id == "one" and len(asked) == 1)
    change = smallest_change([ONE], SRS, decide=decide)
    assert change.sentence == (
        "It passes without the row age a of output one and the row age b of output one."
    )
    assert change.rows == {0: (1, 2)}


def test_what_passed_before_must_still_pass():
    def is_blocked(one, asked):
        return (one.id == "one" and len(asked) == 2 and "c" in ages(one)) or (
            one.id == "two" and "c" not in set().union(*(ages(x) for x in asked if x.id == "one"))
        )

    assert smallest_change([ONE, TWO], SRS, decide=rule(is_blocked)).sentence == (
        "It passes without output two."
    )


def test_outputs_of_other_people_are_not_touched_nor_judged_again():
    other = as_candidate(frequencies(AGES, population_hash="p9", card="other"), "other")
    decide = rule(lambda one, asked: one.id == "one" and "b" in ages(one))
    change = smallest_change([ONE, other], SRS, decide=decide)
    assert change.sentence == "It passes without the row age b of output one."
    assert all(asked == [] or {x.id for x in asked} == {"one"} for asked in decide.asked_for[1:])


def test_leaving_the_blocked_output_out_is_no_help_to_it():
    decide = rule(lambda one, asked: one.id == "one")
    assert smallest_change([ONE, TWO], SRS, decide=decide) is None


def test_a_change_that_frees_more_is_better_than_one_that_loses_fewer():
    three = as_candidate(frequencies({"all": 163, "e": 30}), "three")
    decide = rule(lambda one, asked: one.id != "two" and any(x.id == "two" for x in asked))
    change = smallest_change([ONE, TWO, three], SRS, decide=decide)
    assert change.sentence == "It passes without output two."
    assert change.blocked == (0, 2)


def test_nobody_waits_for_what_was_not_asked_for():
    decide = rule(lambda one, asked: {"b", "c"} <= ages(one))
    assert smallest_change([ONE, TWO], SRS, asked={1}, decide=decide) is None
    assert smallest_change([ONE, TWO], SRS, asked={0}, decide=decide).blocked == (0,)


def test_nothing_is_said_where_nothing_is_blocked_or_helps():
    assert smallest_change([ONE], SRS, decide=rule(lambda one, asked: False)) is None
    assert smallest_change([ONE], SRS, decide=rule(lambda one, asked: True)) is None


def test_an_output_that_no_change_beside_it_can_help_is_not_blocked(monkeypatch):
    monkeypatch.setattr(blocking, "judge", lambda asked, _: [Judged(one, REFUSED) for one in asked])

    def decide(candidates, profile, past):
        return [Judged(one, REFUSED) for one in candidates]

    assert smallest_change([ONE], SRS, decide=decide) is None


def test_the_work_is_bounded():
    decide = rule(lambda one, asked: True)
    assert smallest_change([ONE, TWO], SRS, attempts=5, decide=decide) is None
    assert len(decide.asked_for) == 1 + 5
