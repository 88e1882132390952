"""Curves over time: whose they are, their rows, and the times that may be shown."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.profiles.profile import Profile


@dataclass(frozen=True)
class Roles:
    """Columns of a curve: its time, people at risk just before it, events at it."""

    time: str
    at_risk: str
    events: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A time that is shown, and the row whose estimate stands there (flat between moves)."""

    position: int
    source: int


@dataclass(frozen=True)
class CurveRows:
    """One curve: its group, its rows in order of time, and the steps it may show."""

    group: dict[str, Hashable]
    rows: pd.DataFrame
    steps: tuple[Step, ...]


def roles_of(output: Output) -> Roles | None:
    """Find time (the chart's x axis, or the only numeric dimension), at risk and events."""
    numeric = [
        name for name in output.dimensions if pd.api.types.is_numeric_dtype(output.table[name])
    ]
    time = output.chart.x if output.chart and output.chart.x in numeric else None
    time = numeric[0] if time is None and len(numeric) == 1 else time
    at_risk = [name for name in output.roles.counts if "at_risk" in name]
    events = [name for name in output.roles.counts if "event" in name]
    if time is None or len(at_risk) != 1 or len(events) != 1:
        return None
    groups = tuple(name for name in output.dimensions if name != time)
    return Roles(time, at_risk[0], events[0], groups)


def curves_of(output: Output, profile: Profile) -> list[CurveRows]:
    """Curves in order of appearance, with the steps that may be shown."""
    roles = roles_of(output)
    assert roles is not None
    curves = grouped(output, roles)
    people = sum(int(rows[roles.at_risk].iloc[0]) for _, rows in curves)
    room = max(profile.max_rows - len(curves), 1)  # longer steps rather than too long a table
    return [
        CurveRows(
            group,
            rows,
            published_steps(
                rows[roles.at_risk].tolist(),
                rows[roles.events].tolist(),
                minimum=profile.minimum_count,
                leaving=max(profile.survival_step, -(-people // room)),
            ),
        )
        for group, rows in curves
    ]


def published_steps(
    at_risk: list[int], events: list[int], *, minimum: int, leaving: int
) -> tuple[Step, ...]:
    """Choose the times of one curve that may be shown.

    Parameters
    ----------
    at_risk
        People at risk just before each time, never rising.
    events
        Events at each time, of the curve's own cause.
    minimum
        Fewest people at risk, and fewest events by which an estimate moves.
    leaving
        Fewest people who left between two times shown.

    Notes
    -----
    Accumulation of leavers from ACRO `_rounded_survival_table`; the rule on events from
    OpenSAFELY's delay of event times. The second is ours to combine with the first.
    """
    steps: list[Step] = []
    last, waiting, source = at_risk[0] if at_risk else 0, 0, None
    for position, (left, happened) in enumerate(zip(at_risk, events, strict=True)):
        waiting += happened
        if left < minimum:
            break
        if position and last - left < leaving:
            continue
        last = left
        if waiting == 0 or waiting >= minimum:
            source, waiting = position, 0
        if source is not None:
            steps.append(Step(position, source))
    return tuple(steps)


def grouped(output: Output, roles: Roles) -> list[tuple[dict[str, Hashable], pd.DataFrame]]:
    """Split the table into curves: the group of each, and its rows in order of time."""
    table = unit_rows(output)
    if table.empty:
        return []
    if not roles.groups:
        return [({}, table.sort_values(roles.time))]
    return [
        (dict(zip(roles.groups, key, strict=True)), rows.sort_values(roles.time))
        for key, rows in table.groupby(list(roles.groups), dropna=False, sort=False)
    ]
