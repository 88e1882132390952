"""A comparison is shown where people with and without the outcome are enough on both sides."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from justice_analysis import disclosure, models
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.comparison import COUNTS, ESTIMATES
from justice_analysis.disclosure.released import from_judged
from tests.unit.disclosure.examples import as_candidate

ROWS = [("reconvicted", 412, 8_240, 149, 3_502), ("custody", 412, 8_240, 61, 1_400)]


@pytest.fixture
def sail() -> disclosure.Profile:
    return disclosure.load("sail")


def comparison(rows=ROWS, *, statistic="share", values=None, **changes) -> Output:
    """Rows of outcome, participants, people compared, and those with the outcome of both."""
    table = pd.DataFrame(rows, columns=["outcome", "treated_people", *COUNTS])
    treated = table["treated_events"] / table["treated_people"]
    # The comparison's share is weighted, so it is not that of its counts.
    compared = 0.02 + table["comparison_events"] / table["comparison_people"]
    table = table.assign(treated=treated, comparison=compared)
    if values is not None:
        table = table.assign(treated=values[0], comparison=values[1])
    table["difference"] = table["treated"] - table["comparison"]
    error = (0.24 / table["treated_people"]) ** 0.5 * (10 if statistic == "mean" else 1)
    table["p_value"] = [
        math.erfc(abs(gap) / se / math.sqrt(2))
        for gap, se in zip(table["difference"], error, strict=True)
    ]
    table["lower"] = table["difference"] - 1.959964 * error
    table["upper"] = table["difference"] + 1.959964 * error
    statistics = dict.fromkeys(("treated", "comparison"), statistic)
    described = {
        "kind": "comparison",
        "title": "Reconviction of participants and of people like them",
        "table": table,
        "dimensions": ("outcome",),
        "roles": ColumnRoles(
            people="treated_people",
            count=COUNTS,
            estimate=ESTIMATES,
            lower=("lower",),
            upper=("upper",),
            statistic={**statistics, "difference": "difference", "p_value": "p value"},
        ),
        "unit": "people",
        "population": "participants",
        "population_hash": "p1",
        "card": "reconviction_12m6m",
    }
    return Output(**{**described, **changes})


def decided(output, profile, *others):
    return judge([as_candidate(output), *others], profile)[0]


def why(judged):
    return " ".join(judged.verdict.reasons)


def shown(judged):
    return judged.protected.table.set_index("outcome")


def test_a_comparison_of_enough_people_is_shown_without_the_events_of_those_compared(srs):
    judged = decided(comparison(), srs)
    assert judged.verdict.status == "pass", why(judged)
    table = shown(judged)
    assert "comparison_events" not in table
    assert table.loc["reconvicted", ["treated_people", "treated_events"]].tolist() == [412, 149]
    assert table.loc["reconvicted", "treated"] == pytest.approx(149 / 412)
    assert table.loc["reconvicted", "comparison"] == pytest.approx(0.02 + 3502 / 8240, abs=5e-5)


def test_the_difference_is_that_of_the_numbers_shown_and_its_interval_is_wider(srs):
    output = comparison()
    table, exact = shown(decided(output, srs)), output.table.set_index("outcome")
    apart = table["treated"] - table["comparison"] - table["difference"]
    assert apart.abs().max() < 1e-9
    assert ((table["upper"] - table["lower"]) >= (exact["upper"] - exact["lower"])).all()
    assert ((table["upper"] - table["lower"]) - (exact["upper"] - exact["lower"])).max() < 3e-4


@pytest.mark.parametrize(
    "row",
    [
        ("reconvicted", 412, 8_240, 9, 3_502),
        ("reconvicted", 412, 8_240, 403, 3_502),
        ("reconvicted", 412, 8_240, 149, 9),
        ("reconvicted", 412, 3_510, 149, 3_502),
        ("reconvicted", 9, 8_240, 4, 3_502),
    ],
)
def test_a_row_with_a_few_people_in_any_of_its_groups_is_hidden(srs, row):
    table = shown(decided(comparison([row, ROWS[1]]), srs))
    assert table.loc["reconvicted", "shown"] == "suppressed"
    assert table.loc["reconvicted"].drop("shown").isna().all()


def test_of_two_outcomes_that_a_few_people_tell_apart_the_smaller_is_hidden(srs):
    rows = [ROWS[0], ("sentenced in court", 412, 8_240, 143, 3_300)]
    table = shown(decided(comparison(rows), srs))
    assert table["shown"].to_dict() == {"reconvicted": "yes", "sentenced in court": "suppressed"}


def test_rounding_works_the_share_out_from_rounded_counts(sail):
    table = shown(decided(comparison(), sail))
    row = table.loc["reconvicted"]
    assert row["treated_people"] % sail.rounding_base == 0
    assert row["treated"] == pytest.approx(row["treated_events"] / row["treated_people"])
    assert row["difference"] == pytest.approx(row["treated"] - row["comparison"])
    arm = row["upper"] - row["difference"]
    z = row["difference"] / (arm / 1.959964)
    assert row["p_value"] == pytest.approx(math.erfc(abs(z) / math.sqrt(2)), rel=0.06)


def test_a_mean_is_rounded_so_that_a_few_people_hardly_move_it(srs):
    rows = [("offences", 412, 8_240, 149, 3_502)]
    table = shown(decided(comparison(rows, statistic="mean", values=(1.234567, 1.45678)), srs))
    assert table.loc["offences", "treated"] == pytest.approx(1.2, abs=0.051)
    assert table.loc["offences", "treated"] * 100 % 1 == pytest.approx(0, abs=1e-6)


def with_e_values(output):
    roles = dataclasses.replace(output.roles, estimate=(*ESTIMATES, "e_value", "e_value_of_limit"))
    table = output.table.assign(e_value=1.9, e_value_of_limit=1.3)
    return dataclasses.replace(output, table=table, roles=roles)


def test_e_values_are_worked_out_from_the_shares_that_are_shown(srs, sail):
    for profile in (srs, sail):
        row = shown(decided(with_e_values(comparison()), profile)).loc["reconvicted"]
        found = models.e_value_of_shares(
            row["treated"], row["comparison"], lower=row["lower"], upper=row["upper"]
        )
        assert row["e_value"] == pytest.approx(found.estimate, abs=0.005)
        assert row["e_value_of_limit"] == pytest.approx(found.limit, abs=0.005)
        assert row["e_value"] > row["e_value_of_limit"] >= 1


def test_a_hidden_row_has_no_e_value(srs):
    rows = [("reconvicted", 412, 8_240, 9, 3_502), ROWS[1]]
    table = shown(decided(with_e_values(comparison(rows)), srs))
    assert table.loc["reconvicted", ["e_value", "e_value_of_limit"]].isna().all()


def test_the_label_follows_the_p_value_that_is_shown(srs):
    rows = [*ROWS, ("few", 412, 8_240, 4, 3_502)]
    output = comparison(rows)
    labelled = output.table.assign(significant=["no", "yes", "yes"])
    output = dataclasses.replace(output, table=labelled, dimensions=("outcome", "significant"))
    judged = decided(output, srs)
    assert judged.verdict.status == "pass", why(judged)
    table = shown(judged)
    for name in ("reconvicted", "custody"):
        expected = "yes" if table.loc[name, "p_value"] < 0.05 else "no"
        assert table.loc[name, "significant"] == expected
    assert table.loc["few", "significant"] == "not shown"


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("treated_events", "must be among those compared: 1 are not"),
        ("difference", "must be the treated less the comparison: 1 are not"),
    ],
)
def test_numbers_that_contradict_each_other_fail(srs, column, words):
    output = comparison()
    wrong = output.table.copy()
    wrong.loc[0, column] += 300
    judged = decided(dataclasses.replace(output, table=wrong), srs)
    assert judged.verdict.status == "fail"
    assert words in why(judged)


def test_a_comparison_must_say_what_its_sides_are(srs):
    judged = decided(comparison(statistic="median"), srs)
    assert judged.verdict.status == "review"
    assert "shares, or means" in why(judged)


def sentence_of(output, **options):
    """The difference of the first row, as the Lab says where it lies."""
    said = output.table.iloc[[0]][["treated_people", "difference", "lower", "upper"]]
    return dataclasses.replace(
        output,
        kind="text",
        table=said.assign(name="headline"),
        dimensions=("name",),
        roles=ColumnRoles(
            people="treated_people", estimate=("difference",), lower=("lower",), upper=("upper",)
        ),
        options={"formats": {"headline": "range_of_100"}, **options},
    )


def test_a_sentence_says_the_interval_of_the_difference_as_it_is_shown(srs):
    output = comparison()
    text = sentence_of(output, nouns={"headline": "people"}, of={"headline": "main"})
    main = dataclasses.replace(as_candidate(output), id="main")
    judged = judge([dataclasses.replace(as_candidate(text), id="text"), main], srs)[0]
    assert judged.verdict.status == "pass", why(judged)
    words = from_judged(judged, srs).texts["headline"]
    assert words.startswith("lower by between 4 and 13 people. This is a statistically significant")


def test_a_range_by_itself_has_no_rule(srs):
    output = comparison()
    text = sentence_of(output)
    judged = decided(text, srs)
    assert judged.verdict.status == "review"
    assert "have no rule by themselves" in why(judged)
