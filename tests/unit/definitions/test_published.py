"""The table of published figures: whole, checked, and naming metrics that are there."""

from __future__ import annotations

import pytest

import justice_analysis.metrics  # noqa: F401  so that every metric is registered
from justice_analysis.definitions import get, published
from justice_analysis.errors import UsageError

ONE = """
figures:
  - id: one
    title: Mothers who return
    value: 22
    unit: percent
    period: 2007/08 to 2017/18
    geography: England
    definition: Cumulative probability of a return
    source: A journal
    where: its page
    status: confirmed
    metric: recurrence
    row: {group: all, horizon_days: 1826}
    column: estimate
    scale: 100
    differences: [the publication lets causes compete]
"""


def test_a_figure_is_read_with_what_picks_the_metrics_own():
    (figure,) = published.read_figures(ONE)
    assert (figure.value, figure.scale, figure.status) == (22, 100, "confirmed")
    assert figure.row == {"group": "all", "horizon_days": 1826}
    assert figure.differences == ("the publication lets causes compete",)
    assert figure.interval is None
    assert not figure.approximate


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("value: 22", "value: many", "value must be a number"),
        ("value: 22", "value: .nan", "value must be a number"),
        ("status: confirmed", "status: recalled", "status must be confirmed or secondary"),
        ("    source: A journal\n", "", "lacks source"),
        ("where: its page", "where: ''", "where must be given in words"),
        ("scale: 100", "scale: 0", "scale must be above 0"),
        ("scale: 100", "colour: red", "has no field colour"),
        ("[the publication lets causes compete]", "[]", "at least one difference"),
        ("scale: 100", "interval: [23, 24]", "hold the value"),
        ("scale: 100", "interval: [1]", "two numbers"),
        ("row: {group: all, horizon_days: 1826}", "row: all", "names with values"),
        ("figures:", "series:", "a list under"),
        ("figures:", "figures: [", "a list under"),
    ],
)
def test_a_figure_that_is_not_whole_is_refused_by_name(before, after, words):
    assert before in ONE
    with pytest.raises(UsageError, match=words):
        published.read_figures(ONE.replace(before, after))


def test_an_id_stands_once():
    twice = ONE + ONE.split("figures:")[1].lstrip("\n")
    with pytest.raises(UsageError, match="one must be one figure"):
        published.read_figures(twice)


def test_every_figure_names_a_registered_metric_and_options_that_it_has():
    assert published.unregistered() == ()
    assert len(published.figures()) > 40
    for figure in published.figures():
        get(figure.metric).card.read_options(figure.options)


def test_figures_are_confirmed_or_said_to_be_secondary_and_say_about_where_that_is_meant():
    figures = published.figures()
    assert {figure.status for figure in figures} == {"confirmed", "secondary"}
    for figure in figures:
        if figure.status == "secondary":
            assert any("second hand" in one for one in figure.differences), figure.id
        if figure.approximate:
            assert any(one.startswith("about") for one in figure.differences), figure.id


def test_shares_are_given_in_percent():
    for figure in published.figures():
        assert (figure.unit == "percent") == (figure.scale == 100), figure.id
        if figure.unit == "percent":
            assert 0 < figure.value < 100
