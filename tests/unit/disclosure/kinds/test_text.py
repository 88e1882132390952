"""Numbers in sentences obey the rule of what they are, and the output they repeat."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.repeats import repeated
from justice_analysis.disclosure.kinds.text import thin
from justice_analysis.disclosure.released import from_judged
from justice_analysis.disclosure.verdict import Judged, Protected, Verdict
from tests.unit.disclosure.examples import as_candidate, frequencies, shares
from tests.unit.disclosure.kinds.model_examples import by_sex, rates

NAN = math.nan
COLUMNS = ["name", "people", "part", "whole", "estimate", "lower", "upper"]
ROLES = ColumnRoles(
    people="people",
    numerator="part",
    denominator="whole",
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
)


def text(
    rows: list[tuple], formats: dict[str, str], *, statistic: str | None = None, **changes: object
) -> Output:
    """Rows of name, people, numerator, denominator, estimate, lower, upper."""
    options = {"formats": formats, **changes.pop("options", {})}
    roles = dataclasses.replace(ROLES, statistic={"estimate": statistic} if statistic else {})
    described = {
        "kind": "text",
        "title": "Numbers used in the text",
        "table": pd.DataFrame(rows, columns=COLUMNS),
        "dimensions": ("name",),
        "roles": roles,
        "unit": "people",
        "population": "people",
        "population_hash": "p1",
        "options": options,
    }
    return Output(**{**described, **changes})


def said(output, profile, *others):
    judged = judge([as_candidate(output, "said"), *others], profile)[0]
    return from_judged(judged, profile).texts if judged.protected is not None else judged.verdict


def test_a_rate_with_a_public_denominator_is_said_from_the_rounded_count(srs):
    row = ("rate", 123, 123, 4000, 30.75, NAN, NAN)
    options = {"per": 1000, "denominator": {"rate": "public"}}
    assert said(text([row], {"rate": "rate"}, options=options), srs) == {"rate": "31.3 per 1,000"}


def test_a_rate_of_few_people_is_not_said(srs):
    rows = [("few", 6, 6, 4000, 1.5, NAN, NAN), ("many", 400, 400, 4000, 100, NAN, NAN)]
    options = {"per": 1000, "denominator": "public"}
    output = text(rows, {"few": "rate", "many": "rate"}, options=options)
    assert said(output, srs) == {"many": "100 per 1,000"}


def test_a_rate_must_say_what_is_below_it(srs):
    row = ("rate", 123, 123, 4000, 30.75, NAN, NAN)
    verdict = said(text([row], {"rate": "rate"}, options={"per": 1000}), srs)
    assert verdict.status == "fail"
    assert "options.denominator" in verdict.reasons[0]


def test_a_ratio_needs_enough_on_both_sides(srs):
    rows = [("a", 100, 60, 40, 1.5, NAN, NAN), ("b", 84, 80, 4, 20, NAN, NAN)]
    assert said(text(rows, {"a": "ratio", "b": "ratio"}), srs) == {"a": "1.5"}


def test_a_ratio_of_equal_sides_is_said(srs):
    rows = [("a", 100, 50, 50, 1.0, NAN, NAN)]
    assert said(text(rows, {"a": "ratio"}), srs) == {"a": "1"}


def test_a_median_in_days_is_rounded_by_the_rule_for_medians(srs):
    rows = [("wait", 1000, 1000, 1000, 731.0, NAN, NAN), ("few", 12, 12, 12, 300.0, NAN, NAN)]
    formats = {"wait": "days", "few": "days"}
    found = said(text(rows, formats, statistic="median"), srs)
    assert set(found) == {"wait"}  # of 12 people fewer than ten are on each side
    assert found["wait"].endswith(" days")
    days = int(found["wait"].split()[0])
    assert days != 731
    assert abs(days - 731) < 20


def test_a_number_that_does_not_say_what_it_is_has_no_rule(srs):
    rows = [("wait", 1000, 1000, 1000, 731.0, NAN, NAN)]
    assert said(text(rows, {"wait": "days"}), srs).status == "review"
    named = text(rows, {"wait": "days"}, options={"statistics": {"wait": "median"}})
    assert set(said(named, srs)) == {"wait"}


@pytest.mark.parametrize("statistic", ["maximum", "minimum"])
def test_extremes_are_not_said_either(srs, statistic):
    rows = [("longest", 1000, 1000, 1000, 731.0, NAN, NAN)]
    assert said(text(rows, {"longest": "days"}, statistic=statistic), srs).status == "fail"


def test_a_mean_without_its_largest_parts_is_for_a_person(srs):
    rows = [("mean", 1000, 1000, 1000, 731.0, NAN, NAN)]
    assert said(text(rows, {"mean": "days"}, statistic="mean"), srs).status == "review"


def test_a_count_may_be_any_count_of_its_row(srs):
    rows = [("cases", 123, 123, 4000, 123, NAN, NAN)]
    assert said(text(rows, {"cases": "count"}, roles=_one_count()), srs) == {"cases": "125"}
    rows = [("cases", 123, 123, 4000, 122, NAN, NAN)]
    assert said(text(rows, {"cases": "count"}, roles=_one_count()), srs).status == "review"


def _one_count():
    return dataclasses.replace(ROLES, people_behind={"whole": "people"})


def test_points_are_said_only_where_they_repeat_an_output(srs):
    rows = [("gap", 100, 60, 100, 0.035, NAN, NAN)]
    assert said(text(rows, {"gap": "points"}), srs).status == "review"


def of(rows, formats, ids):
    return text(rows, formats, options={"of": ids}, roles=ColumnRolesOf)


ColumnRolesOf = dataclasses.replace(
    ROLES, numerator=None, denominator=None, count=("part", "whole")
)


def test_a_repeated_number_is_said_as_it_is_shown_there(srs):
    table = shares([("young", "1 year", 523, 211), ("old", "1 year", 610, 150)])
    shown = judge([as_candidate(table)], srs)[0].protected.table.iloc[0]
    rows = [("young", 523, 523, 523, 211 / 523, NAN, NAN)]
    output = of(rows, {"young": "percent"}, {"young": "estimates"})
    judged = judge([as_candidate(output, "said"), as_candidate(table, "estimates")], srs)
    row = judged[0].protected.table.iloc[0]
    assert row["estimate"] == shown["estimate"]
    assert row["lower"] == shown["lower"]


def test_a_number_hidden_in_its_output_is_hidden_in_the_sentence(srs):
    table = shares([("young", "1 year", 523, 211), ("old", "1 year", 80, 6)])
    rows = [
        ("young", 523, 523, 523, 211 / 523, NAN, NAN),
        ("old", 80, 80, 80, 6 / 80, NAN, NAN),
    ]
    output = of(rows, dict.fromkeys(("young", "old"), "percent"), {"young": "t", "old": "t"})
    judged = judge([as_candidate(output, "said"), as_candidate(table, "t")], srs)
    assert list(judged[1].protected.table["shown"]) == ["yes", "suppressed"]
    assert list(judged[0].protected.table["shown"]) == ["yes", "suppressed"]
    assert set(from_judged(judged[0], srs).texts) == {"young"}


def test_of_two_rows_with_the_same_number_both_must_be_shown():
    table = shares([("young", "1 year", 500, 200), ("old", "1 year", 500, 200)])
    output = of([("x", 500, 500, 500, 0.4, NAN, NAN)], {"x": "percent"}, {"x": "t"})
    row = output.table.iloc[0].to_dict()
    for second, expected in (("yes", {"estimate": 0.4}), ("suppressed", None)):
        shown = table.table[["group", "estimate"]].assign(shown=["yes", second])
        other = Judged(as_candidate(table, "t"), Verdict("pass"), Protected(shown, ()))
        found = repeated(output, row, [other])
        assert (found if found is None else {"estimate": found["estimate"]}) == expected


def test_a_model_s_number_is_said_as_the_model_shows_it(srs):
    model = by_sex((403, 123), (207, 88))
    true = model.table.loc[2, "ratio"]
    output = of([("men", 207, 207, 207, true, NAN, NAN)], {"men": "ratio"}, {"men": "model"})
    judged = judge([as_candidate(output, "said"), as_candidate(model, "model")], srs)
    assert judged[1].verdict.status == "pass", judged[1].verdict.reasons
    shown = judged[1].protected.table.loc[2, "ratio"]
    assert judged[0].protected.table.loc[0, "estimate"] == shown != true


@pytest.mark.parametrize("id", ["nowhere", "table"])
def test_a_number_that_its_output_does_not_hold_is_not_said(srs, id):
    table = frequencies({"young": 120, "old": 300})
    output = of([("x", 120, 120, 120, 0.7, NAN, NAN)], {"x": "percent"}, {"x": id})
    judged = judge([as_candidate(output, "said"), as_candidate(table, "table")], srs)[0]
    assert judged.protected is None


def test_a_number_of_an_output_that_may_not_leave_is_not_said(srs):
    table = rates([("a", 123, 4000)], options={"weights": [1]}, dimension="group")
    output = of([("x", 123, 123, 123, 30.75, NAN, NAN)], {"x": "number"}, {"x": "rates"})
    judged = judge([as_candidate(output, "said"), as_candidate(table, "rates")], srs)
    assert judged[1].verdict.status == "review"
    assert judged[0].protected is None


def test_of_must_give_names_of_the_text(srs):
    output = of([("x", 123, 123, 123, 0.5, NAN, NAN)], {"x": "percent"}, {"y": "rates"})
    assert said(output, srs).status == "fail"


def test_a_number_that_left_before_is_judged_by_its_counts_alone(srs):
    rows = [("most", 90, 40, 90, 0.44, 0.3, 0.6), ("few", 5, 3, 5, 0.6, 0.2, 0.9)]
    now = text(rows, {"most": "percent", "few": "percent"})
    without = dataclasses.replace(ROLES, estimate=(), lower=(), upper=())
    kept = now.table.drop(columns=["estimate", "lower", "upper"])
    before = dataclasses.replace(now, roles=without, table=kept)
    assert thin(before, srs) == thin(now, srs)


def test_the_sizes_of_a_model_stay_inside(srs):
    released = disclosure.release(as_candidate(by_sex((403, 123), (207, 88))), srs)
    assert {"residual_df", "observations"}.isdisjoint(released.context["options"])
    assert released.context["options"]["model"] == "logistic"
