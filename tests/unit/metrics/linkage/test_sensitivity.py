"""Linkage sensitivity of drawn families, of a small world, and of headlines it cannot reach."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import pandas as pd
import pytest

from justice_analysis import metrics, warehouse
from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.disclosure import load
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.measured import Measured
from justice_analysis.metrics.linkage import (
    NotAvailableError,
    SensitivityOptions,
    headline_of,
    link_truth,
    linkage_sensitivity,
)
from justice_analysis.metrics.linkage.corrections import (
    bounds_row,
    contrast_rows,
    fraction_rows,
    grid_rows,
    group_of,
)
from justice_analysis.metrics.linkage.further_cases import FurtherCases, further_cases
from justice_analysis.metrics.linkage.sentences import nearest_fraction, next_fraction
from justice_analysis.models import wilson

WINDOW = {"index_from": "2008-04-01", "index_to": "2018-04-01"}
PAIRS = tuple(f"{name}={value}" for name, value in WINDOW.items())


def row(group: str, returned: int, people: int) -> dict:
    share = wilson([returned], [people])
    return {
        "group": group,
        "people": people,
        "returned": returned,
        "at_risk": people,
        "estimate": share.estimate[0],
        "lower": share.lower[0],
        "upper": share.upper[0],
    }


@pytest.fixture(scope="module")
def world(small_warehouse):
    return warehouse.open(small_warehouse)


@pytest.fixture(scope="module")
def examined(world):
    return linkage_sensitivity(
        "recurrence", world, with_options=(*PAIRS, "by=age_band"), horizon_days=1826
    )


# Sentences -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "one in a hundred"), (0.24, "one in four"), (0.3, "one in three"),
     (0.28, "one in four"), (0.5, "one in two"), (0.7, "two in three"), (1.0, "nine in ten")],
)  # fmt: skip
def test_a_share_is_said_as_the_nearest_simple_fraction(share, words):
    assert nearest_fraction(share) == words


def test_the_sentence_changes_half_way_to_the_next_fraction():
    assert next_fraction(0.24, above=True) == ((1 / 4 + 1 / 3) / 2, "one in three")
    assert next_fraction(0.24, above=False) == ((1 / 4 + 1 / 5) / 2, "one in five")
    assert next_fraction(0.0, above=False) is None
    assert next_fraction(1.0, above=True) is None


# One group -----------------------------------------------------------------------------


def test_the_rates_found_do_change_the_sentence():
    group = group_of(row("all", 250, 1000), None, SensitivityOptions())
    above, below = list(fraction_rows(group))
    assert above["statistic"] == "missed links alone: nearer one in three"
    assert group.corrected(missed=above["rate"] + 1e-6, false=0) > (1 / 4 + 1 / 3) / 2
    assert group.corrected(missed=above["rate"] - 1e-6, false=0) < (1 / 4 + 1 / 3) / 2
    assert below["statistic"] == "false links alone: nearer one in five"
    assert below["rate"] == pytest.approx((0.25 - 0.225) / 0.775)


def test_false_first_cases_who_return_more_often_take_from_the_share():
    options = SensitivityOptions()
    plain = group_of(row("all", 250, 1000), None, options)
    mixed = group_of(row("all", 250, 1000), FurtherCases(200, 0.4), options)
    assert mixed.corrected(missed=0.1, false=0) < plain.corrected(missed=0.1, false=0)
    assert mixed.corrected(missed=0, false=0.01) == plain.corrected(missed=0, false=0.01)
    # By hand: 200 joined per 1,000, p2 = 0.4 / 0.9, so (0.25 - 0.1 * 0.2 * p2) / (1 - 0.12).
    by_hand = (0.25 - 0.02 * 0.4 / 0.9) / 0.88
    assert mixed.corrected(missed=0.1, false=0) == pytest.approx(by_hand)


def test_the_grid_leaves_out_rates_that_cannot_be_and_keeps_to_0_and_1():
    options = SensitivityOptions(missed=(0.0, 0.5), false=(0.0, 0.3))
    rows = list(grid_rows(group_of(row("all", 900, 1000), None, options), options))
    assert [r["missed_links"] for r in rows] == ["0 percent", "0 percent"]
    few = list(grid_rows(group_of(row("all", 100, 1000), None, options), options))
    assert {r["false_links"] for r in few} == {"0 percent"}
    assert all(0 <= r["lower"] <= r["estimate"] <= r["upper"] <= 1 for r in [*rows, *few])


def test_bounds_hold_the_corrections_at_every_pair_of_rates_within_the_ranges():
    options = SensitivityOptions()
    group = group_of(row("all", 250, 1000), FurtherCases(200, 0.4), options)
    bounds = bounds_row(group, options)
    inside = [group.corrected(missed=m, false=f) for m in (0, 0.05, 0.1) for f in (0, 0.01)]
    assert bounds["least"] <= min(inside)
    assert max(inside) <= bounds["greatest"]
    assert bounds["least_with_chance"] < bounds["least"]
    assert bounds["greatest"] < bounds["greatest_with_chance"]


# Two groups ----------------------------------------------------------------------------


def test_errors_in_one_group_alone_take_a_difference_away():
    options = SensitivityOptions()
    low = group_of(row("older", 200, 1000), None, options)
    high = group_of(row("younger", 300, 1000), None, options)
    rows = {(r["group"], r["statistic"]): r["rate"] for r in contrast_rows(low, high)}
    said = "missed links in this group alone: not below younger"
    assert rows["older", said] == pytest.approx(1 / 3, abs=1e-6)
    said = "false links in this group alone: not above older"
    assert rows["younger", said] == pytest.approx(1 / 8, abs=1e-6)
    surely = "missed links in this group alone: not surely below younger"
    assert 0 < rows["older", surely] < 1 / 3


def test_a_difference_that_is_not_sure_is_not_said_to_become_so():
    options = SensitivityOptions()
    low = group_of(row("older", 20, 100), None, options)
    high = group_of(row("younger", 22, 100), None, options)
    assert [r["statistic"] for r in contrast_rows(low, high)] == [
        "missed links in this group alone: not below younger",
        "false links in this group alone: not above older",
    ]
    assert list(contrast_rows(high, low)) == []


# A world -------------------------------------------------------------------------------


def test_without_errors_the_headline_is_the_metrics_own(examined, world):
    own = metrics.recurrence(world, **WINDOW).at(1826)
    first = examined.table.iloc[0]
    assert (first["missed_links"], first["false_links"]) == ("0 percent", "0 percent")
    assert first["estimate"] == pytest.approx(own["estimate"])
    assert (first["lower"], first["upper"]) == pytest.approx((own["lower"], own["upper"]))
    assert first["people"] == own["people"]


def test_more_missed_links_raise_the_true_share_and_more_false_ones_lower_it(examined):
    table = examined.table
    for _, rows in table.groupby("false_links"):
        assert rows["estimate"].is_monotonic_increasing
    for _, rows in table.groupby("missed_links", sort=False):
        assert rows["estimate"].is_monotonic_decreasing


def test_every_output_can_be_judged_and_a_picture_drawn(examined):
    profile = load("ons-srs")
    assert set(examined.outputs) == {
        "grid", "grid_by_group", "bounds", "tipping", "tipping_by_group",
    }  # fmt: skip
    for output in examined.outputs.values():
        assert counted.broken(output) == []
        assert RULES[output.kind].broken(output, profile) == []
        assert RULES[output.kind].without_rule(output, profile) == []
        RULES[output.kind].protect(output, [], profile, None)
    assert len(examined.plot().axes) > 0
    assert len(examined.plot(name="bounds").axes) > 0


def test_an_output_is_of_the_people_of_the_metric_and_says_that_rates_are_assumed(examined, world):
    own = metrics.recurrence(world, by="age_band", **WINDOW)
    grid = examined.output("How wrong would links have to be?")
    assert grid.population_hash == own.population_hash
    assert grid.family == own.family
    assert any("the rates are assumed" in note for note in grid.notes)
    named = linkage_sensitivity(
        "recurrence", world, with_options=PAIRS, rates_source="a linkage report"
    )
    assert any("a linkage report" in note for note in named.output("x").notes)


def test_a_result_is_examined_as_its_name_and_options_are(examined, world):
    own = metrics.recurrence(world, by="age_band", **WINDOW)
    again = linkage_sensitivity(own, world, horizon_days=1826)
    for name, output in examined.outputs.items():
        pd.testing.assert_frame_equal(again.outputs[name].table, output.table)


def test_the_registered_metric_takes_the_name_as_an_option(examined, world):
    compute = metrics.get("linkage_sensitivity").compute
    result = compute(world, of="recurrence", with_options=list(PAIRS), horizon_days=1826)
    pd.testing.assert_frame_equal(result.table, examined.table)


def test_further_sets_are_counted_as_false_first_cases_would_be(families):
    # Of the drawn mothers 1 and 3 have a second set; each passes, neither is followed by a third.
    options = metrics.RecurrenceOptions()
    found = further_cases(families, options, horizon_days=365)
    assert found == {"all": FurtherCases(2, 0.0)}
    by_age = further_cases(families, dataclasses.replace(options, by="age_band"), horizon_days=365)
    assert {group: one.cases for group, one in by_age.items()} == {"20 to 24": 1, "30 and over": 1}
    late = dataclasses.replace(options, index_to="2015-01-01")
    assert further_cases(families, late, horizon_days=365)["all"].cases == 1
    assert further_cases(families, SimpleNamespace(), horizon_days=365) == {}


def test_each_delivered_level_is_an_output_of_its_own(world, monkeypatch):
    kind = type(world)
    monkeypatch.setattr(kind, "link_levels", property(lambda self: ("high", "unstated")))
    monkeypatch.setattr(kind, "at_link_level", lambda self, level: self)
    result = linkage_sensitivity("recurrence", world, with_options=PAIRS)
    assert list(result.outputs) == ["grid", "bounds", "tipping", "at_high"]
    assert "as sure as high" in " ".join(result.outputs["at_high"].notes)


# Truth ---------------------------------------------------------------------------------


def test_bounds_hold_the_truth_of_a_world_and_the_correction_comes_near_it(world, small_world):
    found = link_truth(
        world, small_world / "truth", horizon_days=1826, by="age_band", **WINDOW
    ).table
    assert len(found) == 4
    assert found["holds_truth_with_chance"].all()
    assert (found["missed"].between(0, 0.05) & found["false"].between(0, 0.05)).all()
    assert (found["missed_pairs"] > 20).all()
    assert ((found["corrected"] - found["true"]).abs() < 0.03).all()


def test_true_rates_of_links_are_0_where_no_link_is_wrong(tmp_path):
    from justice_analysis import synthetic
    from justice_analysis.sources.extract import read_extract

    synthetic.synthesise(6_000, 3, tmp_path / "world", clean=True)
    clean = warehouse.load(
        [read_extract(tmp_path / "world" / "cafcass_england")], tmp_path / "warehouse"
    )
    found = link_truth(clean, tmp_path / "world" / "truth", horizon_days=1826, **WINDOW)
    facts = found.table.iloc[0]
    assert facts[["missed", "false", "false_firsts", "not_seen"]].tolist() == [0, 0, 0, 0]
    assert facts["observed"] == pytest.approx(facts["true"], abs=0.01)
    output = found.bounds("Truth and bounds")
    assert counted.broken(output) == []


# Not available -------------------------------------------------------------------------


def measured(**changes) -> Measured:
    table = pd.DataFrame([{**row("all", 25, 100), "charges": 100}])
    roles = ColumnRoles(
        people="people", numerator="returned", denominator="people",
        estimate=("estimate",), lower=("lower",), upper=("upper",), count=("at_risk",),
    )  # fmt: skip
    roles = dataclasses.replace(roles, **changes.pop("roles", {}))
    output = Output(
        **{
            "kind": "estimates", "title": "x", "table": table.drop(columns="charges"),
            "dimensions": ("group",), "roles": roles, "unit": "people", "population": "p",
            "population_hash": "h", **changes,
        }
    )  # fmt: skip
    return Measured(metrics.get("completeness").card, SimpleNamespace(), {"one": output})


def test_a_share_of_people_is_a_headline():
    headline = headline_of(measured())
    assert headline.kind == "share"
    assert headline.rows["at_risk"].tolist() == [100]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roles": {"statistic": {"estimate": "mean"}}}, "no share but a mean"),
        ({"kind": "summary"}, "means, medians and counts"),
        ({"kind": "rates"}, "it is a rate"),
        ({"about": "records"}, "not of people"),
        ({"roles": {"lower": (), "upper": ()}, "table": pd.DataFrame([row("all", 25, 100)]).drop(
            columns=["lower", "upper"])}, "no interval"),
    ],
)  # fmt: skip
def test_other_headlines_are_not_available_and_the_reason_is_said(changes, words):
    with pytest.raises(NotAvailableError, match=words):
        headline_of(measured(**changes))


def test_results_that_rest_on_no_links_or_have_no_share_are_not_available(open_warehouse):
    releases = warehouse.open(open_warehouse)
    with pytest.raises(NotAvailableError, match="describes data"):
        headline_of(SimpleNamespace(card=metrics.get("completeness").card))
    result = metrics.reappearance(releases, competing=False, horizons=(300,))
    records = dataclasses.replace(result, about="records")
    with pytest.raises(NotAvailableError, match="no identifier of persons"):
        headline_of(records)
    two = result.table.assign(cause="other")
    competing = dataclasses.replace(result, table=pd.concat([result.table, two]))
    with pytest.raises(NotAvailableError, match="causes compete"):
        headline_of(competing)


def test_a_horizon_that_is_not_reported_is_refused(world):
    with pytest.raises(OptionError, match="365, 1095"):
        linkage_sensitivity("recurrence", world, with_options=PAIRS, horizon_days=400)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"missed": (0.2, 0.1)}, "missed must hold rates"),
        ({"false": (0.5, 1.0)}, "false must hold rates"),
        ({"missed_range": ()}, "missed_range must hold"),
        ({"again_range": (0.5, 1.5)}, "again_range"),
        ({"returns_range": (2.0, 1.0)}, "returns_range"),
        ({"horizon_days": 0}, "horizon_days must be above"),
        ({"with_options": ("by",)}, "name=value"),
        ({"rates_source": " "}, "rates_source"),
    ],
)
def test_options_that_are_no_rates_are_refused(options, words):
    with pytest.raises(OptionError, match=words):
        SensitivityOptions(**options)
