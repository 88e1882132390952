"""Participants: who was left at each step of a selection, as an output with a flow chart."""

from __future__ import annotations

from justice_analysis.cohorts import Flow
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About


def participants_output(about: About, flow: Flow, *, title: str = "Participants") -> Output:
    """Show a selection step by step, as STROBE asks: kind `attrition`, drawn as a flow.

    Parameters
    ----------
    about
        What is counted; its population is the one left after the last step.
    flow
        From `select`, or of a cohort. A step named "without ..." has its words beside the arrow
        too, as the reason why people were set aside.
    """
    return about.output(
        "attrition",
        title,
        flow.table(),
        dimensions=("step",),
        roles=ColumnRoles(people="people", count=("people_excluded",)),
        chart=Chart(form="flow", x="step", y="people"),
    )
