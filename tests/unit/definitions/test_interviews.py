"""Interviews stand beside numbers: themes with their counts, quotations that somebody cleared."""

from __future__ import annotations

import copy

import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.interviews import read_interviews
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.released import from_judged
from justice_analysis.errors import ParameterError
from tests.unit.disclosure.examples import as_candidate

# Examples written for these tests: nobody said this.
EXAMPLE = {
    "unit": "participants",
    "people": 31,
    "method": "Semi-structured interviews, coded by two researchers",
    "conducted": "spring 2025",
    "themes": [
        {
            "theme": "Travel decided who came",
            "said_by": 17,
            "quotations": [
                {
                    "words": "An example of what somebody might say of the bus.",
                    "speaker": "participant",
                    "cleared_by": "project lead",
                    "cleared_on": "2026-01-12",
                }
            ],
        },
        {"theme": "The group felt safe", "said_by": 4},
    ],
}


def changed(**changes):
    return {**copy.deepcopy(EXAMPLE), **changes}


def with_quotation(**changes):
    content = copy.deepcopy(EXAMPLE)
    content["themes"][0]["quotations"][0].update(changes)
    return content


def judged(output, profile="ons-srs"):
    return judge([as_candidate(output)], disclosure.load(profile))[0]


def test_a_theme_that_few_spoke_of_is_hidden_and_the_others_are_shown():
    found = judged(read_interviews(EXAMPLE).themes_output())
    assert found.verdict.status == "pass", found.verdict.reasons
    shown = found.protected.table.set_index("theme")["shown"].to_dict()
    assert shown == {"Travel decided who came": "yes", "The group felt safe": "suppressed"}


def test_a_cleared_quotation_leaves_with_the_role_that_cleared_it():
    output = read_interviews(EXAMPLE).quotations_output()
    profile = disclosure.load("ons-srs")
    released = from_judged(judged(output), profile)
    row = released.table.iloc[0]
    assert row["quotation"] == "An example of what somebody might say of the bus."
    assert (row["speaker"], row["shown"]) == ("participant", "yes")
    assert row["cleared"] == "project lead, 2026-01-12"


def test_without_quotations_there_is_no_such_output():
    content = changed(themes=EXAMPLE["themes"][1:])
    assert read_interviews(content).quotations_output() is None


def test_a_quotation_with_digits_is_for_a_person_to_look_at():
    found = judged(read_interviews(with_quotation(words="I was 19 then.")).quotations_output())
    assert found.verdict.status == "review"
    assert "must hold no digits: 1 do" in " ".join(found.verdict.reasons)
    assert "19" not in " ".join(found.verdict.reasons)


def test_quotations_of_a_few_people_do_not_leave():
    content = changed(people=9, themes=[{**EXAMPLE["themes"][0], "said_by": 9}])
    found = judged(read_interviews(content).quotations_output())
    assert found.verdict.status == "fail"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_quotation(cleared_by=""), "theme 1: quotation 1 is not marked as cleared"),
        (with_quotation(cleared_on=None), "theme 1: quotation 1 is not marked as cleared"),
        (with_quotation(cleared_on="12 January"), "cleared_on as a quoted date"),
        (with_quotation(speaker=""), "quotation 1 must have speaker"),
        (changed(people=0), "people must be how many were interviewed"),
        (changed(themes=[]), "a theme or more"),
        (changed(themes=[{"theme": "Safe", "said_by": 32}]), "said_by must be a whole number"),
        (changed(themes=[{"theme": "Safe", "said_by": True}]), "said_by must be a whole number"),
        (changed(themes=[EXAMPLE["themes"][1]] * 2), "each theme must stand once"),
        (changed(quotes=[]), "quotes is not a key here"),
        ({"people": 3}, "they must give unit, people, method, conducted, themes"),
        ("seventeen", "they must give unit, people, method, conducted, themes"),
    ],
)
def test_interviews_that_can_not_be_used_are_refused_with_the_reason(content, words):
    with pytest.raises(ParameterError, match=words):
        read_interviews(content)


def test_a_refusal_repeats_no_words_of_a_quotation():
    with pytest.raises(ParameterError) as refused:
        read_interviews(with_quotation(cleared_by=""))
    assert "bus" not in str(refused.value)
