"""Participants as an output: the steps of a selection, drawn as a flow."""

from __future__ import annotations

from justice_analysis import charts
from justice_analysis.cohorts import Flow, Step
from justice_analysis.disclosure import load
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.participants import participants_output
from justice_analysis.metrics.quality.definition_overlap import CARD, OverlapOptions


def test_participants_are_an_attrition_that_disclosure_control_knows_and_a_flow_draws():
    flow = Flow("adults", 100, (Step("seen", 80), Step("without those under 18", 60)))
    about = About(CARD, OverlapOptions(), "people", "Everyone drawn", "abc")
    output = participants_output(about, flow)
    assert output.table["people"].tolist() == [100, 80, 60]
    assert output.table["people_excluded"].tolist() == [0, 20, 20]
    assert RULES[output.kind].without_rule(output, load("ons-srs")) == []
    figure = charts.draw(output.table, output.chart, title=output.title)
    assert figure.axes
