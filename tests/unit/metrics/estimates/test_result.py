"""What a metric hands over: outputs with a role for every column, and refusals."""

from __future__ import annotations

import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import recurrence, year_days
from justice_analysis.metrics.estimates.result import horizon_words


@pytest.fixture(scope="module")
def everyone(families):
    return recurrence(families)


@pytest.fixture(scope="module")
def by_age(families):
    return recurrence(families, by="age_band")


def every_output(result):
    return [
        result.estimates("Shares"),
        result.over_time("Curve"),
        result.selection("Selection"),
    ]


@pytest.mark.parametrize("which", ["everyone", "by_age"])
def test_each_column_of_each_output_has_one_role(which, request):
    for output in every_output(request.getfixturevalue(which)):
        named = [*output.dimensions, *output.roles.counts, *output.roles.statistics]
        assert sorted(named) == sorted(output.table.columns)
        assert not output.table.duplicated(list(output.dimensions)).any()


def test_outputs_say_who_was_counted_under_which_card_and_rules(everyone):
    for output in every_output(everyone):
        assert (output.card, output.unit) == ("recurrence", "mothers")
        assert output.population_hash == everyone.population_hash
        assert output.options["lookback_years"] == 1
        assert output.notes == everyone.notes


def test_kinds_are_those_that_disclosure_control_judges(everyone):
    kinds = [output.kind for output in every_output(everyone)]
    assert [*kinds, everyone.headline({"five_years": 1826}).kind] == [
        "estimates", "survival", "attrition", "text"
    ]  # fmt: skip


def test_a_column_that_every_row_shares_is_left_out(everyone, by_age):
    assert everyone.estimates("Shares").dimensions == ("horizon",)
    assert set(by_age.estimates("Shares").dimensions) == {"group", "horizon"}
    assert everyone.over_time("Curve").dimensions == ("day",)
    assert set(by_age.over_time("Curve").dimensions) == {"group", "day"}


def test_a_headline_holds_a_row_for_each_name_in_order(everyone):
    output = everyone.headline({"ten_years": 3652, "one_year": 365})
    assert output.table["name"].tolist() == ["ten_years", "one_year"]
    assert output.table["estimate"].tolist() == pytest.approx([0.625, 0.0])
    assert output.options["formats"] == {"ten_years": "percent", "one_year": "percent"}


def test_a_headline_at_a_horizon_that_follow_up_does_not_reach_is_refused(families):
    short = recurrence(families, followup_days=1000)
    with pytest.raises(MetricError, match="recurrence has no estimate at 1,826 days for group all"):
        short.headline({"five_years": 1826})


def test_a_headline_for_everyone_is_refused_where_only_groups_were_estimated(by_age):
    with pytest.raises(MetricError, match="no estimate at 365 days for group all"):
        by_age.headline({"one_year": 365})


def test_the_selection_starts_with_everyone_and_ends_with_the_people_followed(everyone):
    table = everyone.selection("Selection").table
    assert table["people"].iloc[-1] == everyone.people == 4
    assert table["people_excluded"].sum() == table["people"].iloc[0] - everyone.people


def test_a_cause_that_is_not_there_is_refused(everyone):
    assert everyone.only("event").table.equals(everyone.table)
    with pytest.raises(OptionError, match="recurrence has no cause death here"):
        everyone.only("death")


def test_an_interval_holds_its_estimate(by_age):
    for table in (by_age.table, by_age.curve):
        assert (table["lower"] <= table["estimate"]).all()
        assert (table["estimate"] <= table["upper"]).all()


@pytest.mark.parametrize(
    ("days", "words"),
    [(365, "1 year"), (1095, "3 years"), (1826, "5 years"), (3652, "10 years"), (90, "90 days"),
     (1000, "1,000 days")],
)  # fmt: skip
def test_days_are_said_as_years_where_they_are_that(days, words):
    assert horizon_words(days) == words


def test_a_year_has_365_and_a_quarter_days_rounded_down():
    assert [year_days(years) for years in (1, 3, 4, 5, 10)] == [365, 1095, 1461, 1826, 3652]
