"""Words of an output carry no numbers that only the data could tell."""

from __future__ import annotations

import dataclasses

import pytest

from justice_analysis.definitions.output import Chart
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.words import words_problems
from tests.unit.disclosure.examples import as_candidate, frequencies

AGES = {"18 to 24": 120, "25 and over": 80}


def said(**changes):
    return frequencies(AGES, **changes)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"title": "The 3 mothers who came back twice"}, "title"),
        ({"subtitle": "of whom 7 were under 18"}, "subtitle"),
        ({"population": "1,234 mothers"}, "population"),
        ({"notes": ("Dates are whole.", "Two cases, 4.5% of all, were left out.")}, "a note"),
        ({"chart": Chart("bars", "age", "people", alt_text="4 mothers stand out")}, "alternative"),
    ],
)
def test_a_number_in_words_is_for_a_person(srs, changes, what):
    judged = judge([as_candidate(said(**changes))], srs)[0]
    assert judged.verdict.status == "review"
    assert what in judged.verdict.reasons[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Mothers from 1 April 2008 to 2018", "options": {"index_from": "2008-04-01"}},
        {"title": "Mothers from 2008-04-01", "options": {"index_from": "2008-04-01"}},
        {"subtitle": "Followed for 10 years", "options": {"followup_days": 3652}},
        {
            "title": "Returned in 52 weeks",
            "options": {"horizons": [91, 364]},
            "card": "reappearance",
        },
        {"notes": ("Intervals are 95%.", "Fewer than 10 are hidden.", "Rounded to 5.")},
        {"title": "Mothers of 18 to 24 and 25 and over"},
        {"title": "Rate per 1,000", "options": {"per": 1000}},
        {"population": "Region 2", "options": {"area": "region:2"}},
    ],
)
def test_numbers_of_the_definition_may_stand_in_words(srs, changes):
    assert words_problems(said(**changes), srs) == []


def test_the_reason_holds_no_number_of_the_words(srs):
    (reason,) = words_problems(said(title="The 37 mothers and 29 others"), srs)
    assert "37" not in reason
    assert "29" not in reason
    assert "2 others" in reason


def test_a_whole_number_is_not_let_pass_for_being_part_of_a_date(srs):
    output = said(title="4 mothers", options={"index_from": "2008-04-01"})
    assert words_problems(output, srs)


def test_a_date_that_is_not_of_the_options_is_for_a_person(srs):
    assert words_problems(said(title="The case of 3 May 2019"), srs)


def test_an_unprotected_profile_reads_no_words(srs):
    profile = dataclasses.replace(
        srs, mechanism=dict.fromkeys(srs.mechanism, "none"), natures=("open",)
    )
    judged = judge([as_candidate(said(title="The 3 mothers"))], profile)[0]
    assert judged.verdict.status == "pass"


@pytest.mark.parametrize("card", ["recurrence", "unknown", None])
def test_a_number_among_the_options_is_one_that_the_card_names(srs, card):
    judged = judge([as_candidate(said(options={"left_out": 3}, card=card))], srs)[0]
    assert judged.verdict.status == "review"
    assert "left_out" in judged.verdict.reasons[0]
