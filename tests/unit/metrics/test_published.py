"""A metric beside published figures, from drawn families and from results made for the test."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis import metrics, warehouse
from justice_analysis.definitions import registry
from justice_analysis.definitions.published import PublishedFigure, figures_of
from justice_analysis.errors import OptionError, UsageError
from justice_analysis.metrics import published
from justice_analysis.metrics.published import compare_published


@pytest.fixture(scope="module")
def world(small_warehouse):
    return warehouse.open(small_warehouse)


def figure(**changes) -> PublishedFigure:
    given = {
        "id": "one", "title": "t", "value": 22.0, "unit": "percent", "period": "p",
        "geography": "g", "definition": "d", "source": "s", "where": "w", "status": "confirmed",
        "metric": "recurrence", "column": "estimate", "differences": ("a difference",),
        "row": {"group": "all", "cause": "event", "horizon_days": 1826}, "scale": 100.0,
    }  # fmt: skip
    return PublishedFigure(**{**given, **changes})


@pytest.fixture
def only(monkeypatch):
    """Make the table of published figures hold these alone."""

    def known(*figures):
        monkeypatch.setattr(published, "figures_of", lambda name: figures)

    return known


def test_the_metrics_number_is_in_the_figures_unit_with_its_interval(world):
    found = {one.figure.id: one for one in compare_published(world, "recurrence")}
    own = metrics.recurrence(world, index_to="2018-04-01").at(1826)
    one = found["recurrence_mothers_5_years"]
    assert one.measured == pytest.approx(100 * own["estimate"])
    assert (one.lower, one.upper) == pytest.approx((100 * own["lower"], 100 * own["upper"]))
    assert one.people == own["people"]
    assert one.differences == one.figure.differences
    assert one.why_not is None
    fathers = metrics.recurrence(world, parent="father", index_to="2018-04-01").at(1826)
    assert found["recurrence_fathers_5_years"].measured == pytest.approx(100 * fathers["estimate"])


def test_a_horizon_that_is_not_reported_is_read_from_the_curve(world, only):
    day = {"group": "all", "cause": "event", "horizon_days": 2922}
    late = {**day, "horizon_days": 9_999}
    only(figure(row=day), figure(id="late", row=late))
    near, beyond = compare_published(world, "recurrence")
    own = metrics.recurrence(world)
    curve = own.curve[own.curve["day"] <= 2922].iloc[-1]
    assert near.measured == pytest.approx(100 * curve["estimate"])
    assert own.at(2556)["estimate"] <= near.measured / 100 <= own.at(3652)["estimate"]
    assert beyond.why_not == "follow-up does not reach that day."


def test_an_option_set_otherwise_is_a_difference_that_is_said(world, only):
    only(figure(options={"parent": "mother", "lookback_years": 1}))
    (same,) = compare_published(world, "recurrence", {"lookback_years": 1})
    assert same.differences == ("a difference",)
    (other,) = compare_published(world, "recurrence", {"lookback_years": 0, "gap_days": 7})
    assert other.differences == (
        "a difference",
        "the option lookback_years is 0 here, and 1 where the metric comes closest",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"row": {"group": "nobody", "horizon_days": 1826}}, "no such row: group nobody"),
        ({"row": {"cause": "event"}, "options": {"by": "age_band"}}, "several rows|follow-up"),
        ({"row": {"colour": "red", "horizon_days": 1826}}, "no column colour"),
        ({"column": "mean"}, "no column mean"),
        ({"options": {"death": "censor"}}, "death must be recorded"),
    ],
)
def test_a_number_that_cannot_be_had_says_why(world, only, changes, words):
    only(figure(**changes))
    (found,) = compare_published(world, "recurrence")
    assert found.measured is None
    assert found.people is None
    assert pd.Series([found.why_not]).str.contains(words).all()


def test_a_definition_without_a_computation_gives_its_gap_as_the_reason(world):
    found = compare_published(world, "deprivation_of_liberty")
    assert {one.measured for one in found} == {None}
    assert all("cannot be computed" in one.why_not for one in found)


def test_a_measured_result_is_read_from_the_output_named(world, only):
    infants = figures_of("entry_to_proceedings")[0]
    (found, *_) = compare_published(world, "entry_to_proceedings")
    table = registry.get("entry_to_proceedings").compute(world, **infants.options)
    own = table.outputs["newborns"].table.set_index("financial_year").loc["2007/08"]
    assert found.measured == pytest.approx(100 * own["estimate"])
    only(figure(metric="entry_to_proceedings", output="colours", row={}))
    (lost,) = compare_published(world, "entry_to_proceedings")
    assert lost.why_not == "the metric has no output colours under these options."


def test_a_metric_without_a_published_figure_and_an_unknown_option_are_refused(world):
    with pytest.raises(UsageError, match="no published figure"):
        compare_published(world, "completeness")
    with pytest.raises(OptionError, match="no option colour"):
        compare_published(world, "recurrence", {"colour": "red"})
