"""Options of recurrence: what is refused, and that the card says what they are."""

from __future__ import annotations

import dataclasses

import pytest

from justice_analysis.errors import OptionError
from justice_analysis.metrics import recurrence
from justice_analysis.metrics.family.recurrence_definition import CARD, RecurrenceOptions


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"index_from": "2012-01-01", "index_to": "2012-01-01"}, "index_from must be before"),
        ({"risk_start_days": -1}, "must not be negative"),
        ({"gap_days": -1}, "must not be negative"),
        ({"risk_start_days": 259, "followup_days": 259}, "followup_days must be above"),
        ({"followup_days": 0}, "followup_days must be above"),
        ({"overlapping": "same_set", "clock": "final_order", "gap_days": 9}, "gap_days"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, words):
    with pytest.raises(OptionError, match=words):
        RecurrenceOptions(**options)


@pytest.mark.parametrize(
    "name",
    ["parent", "identify_by", "clock", "endpoint", "overlapping", "birth_day", "death", "by"],
)
def test_a_value_that_is_no_choice_is_refused_and_the_choices_are_named(name):
    choices = next(option.choices for option in CARD.options if option.name == name)
    with pytest.raises(OptionError, match=f"{name} must be one of .*{choices[-1]}"):
        RecurrenceOptions(**{name: "neither"})


def test_a_look_back_that_the_data_cannot_give_is_refused():
    with pytest.raises(OptionError, match="lookback_years must be one of 0, 1, 2, 3"):
        RecurrenceOptions(lookback_years=4)


def test_every_problem_is_said_at_once():
    with pytest.raises(OptionError, match="2 problems") as caught:
        RecurrenceOptions(gap_days=-1, followup_days=0)
    assert "gap_days" in str(caught.value)
    assert "followup_days" in str(caught.value)


def test_an_option_that_does_not_exist_is_named_and_refused(families):
    with pytest.raises(OptionError, match="recurrence has no option clok, look_back"):
        recurrence(families, clok="issue", look_back=1)


def test_the_defaults_count_any_return_from_issue_after_one_year_of_look_back():
    options = RecurrenceOptions()
    assert (options.parent, options.identify_by) == ("mother", "relationship")
    assert (options.clock, options.endpoint, options.lookback_years) == ("issue", "any", 1)
    assert (options.risk_start_days, options.gap_days, options.overlapping) == (0, 0, "count")
    assert (options.split_later_born, options.birth_day) == (False, "last")
    assert (options.followup_days, options.death, options.by) == (None, "ignore", None)


def test_the_card_says_each_option_once_with_its_meaning():
    assert [option.name for option in CARD.options] == [
        field.name for field in dataclasses.fields(RecurrenceOptions)
    ]
    assert all(option.meaning for option in CARD.options)
    assert all(f"  - {option.name} = " in CARD.text() for option in CARD.options)


def test_the_card_needs_only_fields_that_a_contract_holds():
    assert CARD.status in ("backed", "assumed")
    assert all(need.name_status for need in CARD.needs)
