"""A rate is as good as its count wherever what stands below it is known."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from justice_analysis import models as estimators
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds import rates as rules
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.model_examples import rates

ROWS = [("all", 250, 90_000), ("North", 120, 40_000), ("South", 127, 49_500), ("West", 3, 500)]


def decided(output, profile):
    return judge([as_candidate(output)], profile)[0]


def why(judged):
    return " ".join(judged.verdict.reasons)


def by_area(judged):
    return judged.protected.table.set_index("area")


def under(profile, mechanism):
    return dataclasses.replace(
        profile,
        rounding_base=25 if mechanism == "round" else 5,
        mechanism=dict.fromkeys(profile.mechanism, mechanism),
    )


def with_interval(output, method, *, times=1.0):
    ways = {"exact": estimators.poisson_exact, "byar": estimators.byar}
    found = ways[method](output.table["cases"], output.table["births"])
    per = output.options["per"]
    table = output.table.assign(lower=found.lower * per * times, upper=found.upper * per)
    roles = dataclasses.replace(output.roles, lower=("lower",), upper=("upper",))
    options = {**output.options, "interval": method}
    return dataclasses.replace(output, table=table, roles=roles, options=options)


def test_a_rate_with_a_public_denominator_is_hidden_with_its_count(srs):
    judged = decided(rates(ROWS, dimension="group"), srs)
    table = judged.protected.table.set_index("group")
    west = table.loc["West"]
    assert west["shown"] == "suppressed"
    assert west[["cases", "people", "rate"]].isna().all()
    assert table.loc["all", "rate"] == pytest.approx(250 / 90_000 * 1000)
    assert table.loc["all", "births"] == 90_000
    assert table["births"].dtype == "Int64"  # whole numbers are written as such


def test_rates_are_worked_out_from_the_rounded_counts(srs):
    table = decided(rates([("a", 123, 4000)], dimension="group"), srs).protected.table
    assert table.loc[0, "rate"] == 125 / 4000 * 1000


def test_under_suppress_rates_are_exact_and_hidden_with_the_count(srs):
    output = rates(ROWS, dimension="group")
    table = rules.protect(output, {3}, under(srs, "suppress"), rules.Beside()).table
    assert table.loc[1, "rate"] == 3.0
    assert math.isnan(table.loc[3, "rate"])


@pytest.mark.parametrize("mechanism", ["suppress", "round", "suppress_then_round"])
def test_a_rate_says_no_more_than_the_count_beside_it(srs, mechanism):
    output = rates(ROWS[1:3], dimension="group")
    table = rules.protect(output, set(), under(srs, mechanism), rules.Beside()).table
    for row in table.itertuples():
        assert row.rate == pytest.approx(row.cases / row.births * 1000)


def test_rates_above_one_with_exact_intervals_pass(srs):
    output = rates([("a", 300, 200), ("b", 90, 210)], per=1, dimension="group")
    judged = decided(with_interval(output, "exact"), srs)
    assert judged.verdict.status == "pass", why(judged)
    row = judged.protected.table.iloc[0]
    expected = estimators.poisson_exact([300], [200])
    assert (row["rate"], row["lower"], row["upper"]) == pytest.approx(
        (1.5, expected.lower[0], expected.upper[0])
    )


def test_intervals_are_made_again_from_the_rounded_count(srs):
    output = with_interval(rates([("a", 123, 4000)], dimension="group"), "byar")
    row = decided(output, srs).protected.table.iloc[0]
    expected = estimators.byar([125], [4000])
    assert row["upper"] == pytest.approx(expected.upper[0] * 1000)


def test_an_interval_that_is_not_what_it_says_is_for_a_person(srs):
    output = with_interval(rates([("a", 123, 4000)], dimension="group"), "byar", times=0.9)
    judged = decided(output, srs)
    assert judged.verdict.status == "review"
    assert "options.interval" in why(judged)


def test_a_rate_that_is_not_its_numerator_over_its_denominator_fails(srs):
    output = rates([("a", 123, 4000)], dimension="group")
    table = output.table.assign(rate=1.0)
    judged = decided(dataclasses.replace(output, table=table), srs)
    assert judged.verdict.status == "fail"


def test_a_standardised_rate_is_for_a_person(srs):
    judged = decided(
        rates([("a", 123, 4000)], dimension="group", options={"weights": [0.2, 0.8]}), srs
    )
    assert judged.verdict.status == "review"
    assert "standardised" in why(judged)


def test_what_stands_below_must_be_said(srs):
    output = rates([("a", 123, 4000)], dimension="group", options={"public_denominator": False})
    judged = decided(output, srs)
    assert judged.verdict.status == "fail"
    assert "options.denominator" in why(judged)


def test_beside_a_public_number_people_are_those_counted(srs):
    output = rates([("a", 123, 4000)], dimension="group")
    judged = decided(dataclasses.replace(output, table=output.table.assign(people=4000)), srs)
    assert judged.verdict.status == "fail"


def of_people(rows, **options):
    """Group, people, events, people with an event, days."""
    names = ["group", "people", "events", "with_event", "days"]
    table = pd.DataFrame(rows, columns=names)
    below = "days" if options.get("denominator") == "person_time" else "people"
    per = options.setdefault("per", 1)
    table["rate"] = table["events"] / table[below] * per
    roles = ColumnRoles(
        people="people",
        numerator="events",
        denominator=below,
        estimate=("rate",),
        people_behind={"events": "with_event"},
    )
    if below == "people":
        table = table.drop(columns="days")
    output = rates([("a", 1, 1)])
    return dataclasses.replace(
        output, table=table, roles=roles, options=options, dimensions=("group",)
    )


def test_person_time_is_rounded_to_several_people_s_time(srs):
    rows = [("a", 100, 150, 60, 36_543), ("b", 100, 150, 60, 36_601)]
    output = of_people(rows, denominator="person_time", per=365_250)
    judged = decided(output, srs)
    assert judged.verdict.status == "pass", why(judged)
    table = judged.protected.table
    assert table["days"].nunique() == 1
    assert abs(table.loc[0, "days"] - 36_543) <= 2500
    assert table.loc[0, "rate"] == pytest.approx(150 / table.loc[0, "days"] * 365_250)


def test_events_of_a_few_people_are_hidden_with_their_rate(srs):
    rows = [("a", 100, 150, 60, 0), ("b", 100, 40, 4, 0)]
    judged = decided(of_people(rows, denominator="people"), srs)
    table = judged.protected.table
    assert list(table["shown"]) == ["yes", "suppressed"]
    assert "with_event" not in table


def test_those_without_the_outcome_are_protected_where_people_are_below(srs):
    table = pd.DataFrame({"group": ["a", "b"], "people": [100, 100], "cases": [60, 97]})
    table["rate"] = table["cases"] / table["people"]
    roles = ColumnRoles(
        people="people", numerator="cases", denominator="people", estimate=("rate",)
    )
    output = dataclasses.replace(
        rates([("a", 1, 1)]),
        table=table,
        roles=roles,
        dimensions=("group",),
        options={"denominator": "people"},
    )
    judged = decided(output, srs)
    assert list(judged.protected.table["shown"]) == ["yes", "suppressed"]


def test_a_ratio_of_two_counts_needs_both(srs):
    table = pd.DataFrame({"group": ["a", "b"], "men": [60, 50], "women": [40, 4]})
    table["people"] = table["men"] + table["women"]
    table["rate"] = table["men"] / table["women"]
    roles = ColumnRoles(
        people="people",
        numerator="men",
        denominator="women",
        estimate=("rate",),
        statistic={"rate": "ratio"},
    )
    output = dataclasses.replace(
        rates([("a", 1, 1)]),
        table=table,
        roles=roles,
        dimensions=("group",),
        options={"denominator": "count"},
    )
    judged = decided(output, srs)
    assert list(judged.protected.table["shown"]) == ["yes", "suppressed"]
    assert judged.protected.table.loc[0, "rate"] == 1.5


def test_nothing_below_gives_no_rate(srs):
    output = rates([("a", 30, 400), ("b", 0, 0)], dimension="group")
    table = rules.protect(output, set(), under(srs, "suppress"), rules.Beside()).table
    assert math.isnan(table.loc[1, "rate"])
