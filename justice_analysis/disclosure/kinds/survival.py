"""Rules for curves over time: steps of enough people, curves that end before they get thin.

A curve printed day by day says on which day each person left. So a time is shown only once
`survival_step` people have left since the last time shown (those with the event and those
censored), as in ACRO's survival tables; the estimate moves only once at least the minimum had the
event since it last moved, and stays flat otherwise; and the curve ends where fewer than the
minimum are still at risk. Curves of one group by cause share their people at risk, so the times
shown come from the people at risk alone and are the same for all causes.

Precision: with `n` people at the start one person moves an estimate by at least `1/n`. Printed in
full it tells each number of events exactly. It is rounded to a step of at least `base/n` (and 0.1
percentage points), which says as much as a count of events rounded to the base; the arms of
its interval are rounded up to whole steps of the same size. Day-by-day counts of
events and censored are left out: sums of them would be below the minimum or repeat the estimate.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import pandas as pd

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.cells import ALL, is_total, unit_rows
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.tables import standing_controls
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.rounding import (
    interval_around,
    nearest,
    range_behind,
    share_step,
    to_base,
)
from justice_analysis.disclosure.verdict import Protected

EVERYONE = "everyone"


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


def rule_problems(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    roles = roles_of(output)
    if roles is None:
        return [
            "a curve must have one numeric time, one count of people at risk (at_risk) and "
            "one of events (events)."
        ]
    if not len(output.roles.lower) == len(output.roles.upper) <= len(output.roles.estimate):
        return ["every lower bound must have an upper bound and an estimate."]
    values = output.table[list(output.roles.statistics)].astype(float)
    problems = []
    if ((values < 0) | (values > 1)).any(axis=None):
        problems.append("a curve's estimates must lie from 0 to 1: only shares have a rule yet.")
    curves = grouped(output, roles)
    if any((rows[roles.at_risk].diff().dropna() > 0).any() for _, rows in curves):
        problems.append("people at risk must not rise: curves with late entry have no rule yet.")
    if any(rows[output.roles.people].nunique() > 1 for _, rows in curves):
        problems.append(f"{output.roles.people} must be the people at the start of each curve.")
    elif any(
        rows[output.roles.people].iloc[0] != rows[roles.at_risk].iloc[0] for _, rows in curves
    ):
        problems.append(
            "everyone must be at risk at the first time of a curve: late entry has no rule yet."
        )
    summed = [name for name in roles.groups if output.table[name].map(is_total).any()]
    if len(summed) > 1:
        problems.append("curves with totals over more than one dimension have no rule yet.")
    return problems


def starts(output: Output) -> Output:
    """Reduce curves to the people at the start of each: one row a curve, in curve order."""
    roles = roles_of(output)
    assert roles is not None
    rows = [
        {**group, EVERYONE: ALL, "people": int(rows[output.roles.people].iloc[0])}
        for group, rows in grouped(output, roles)
    ]
    return Output(
        kind="table",
        title=output.title,
        table=pd.DataFrame(rows, columns=[*roles.groups, EVERYONE, "people"]),
        dimensions=(*roles.groups, EVERYONE),
        roles=ColumnRoles(people="people"),
        unit=output.unit,
        population=output.population,
        population_hash=output.population_hash,
        card=output.card,
    )


def stated(output: Output, profile: Profile) -> Output:
    """Counts as an attacker reads them: the people at the start of each curve."""
    return starts(output)


def unshowable(output: Output, profile: Profile) -> set[int]:
    """Numbers of the curves without a single step that may be shown."""
    return {number for number, curve in enumerate(curves_of(output, profile)) if not curve.steps}


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


def further_to_hide(output: Output, hidden: set[int], profile: Profile) -> set[int]:
    """Hide curves until people at risk in a hidden or ended one can't be had from the others.

    The people at risk of a total less those of the other groups bound the group that is hidden
    or has ended. Between two times shown a curve is only known to lie between their numbers.
    """
    curves = curves_of(output, profile)
    roles = roles_of(output)
    assert roles is not None
    hidden = set(hidden)
    for line in _lines(curves, roles):
        total, parts = line
        while total not in hidden and not _line_is_safe(curves, roles, line, hidden, profile):
            open_parts = [number for number in parts if number not in hidden]
            smallest = min(
                open_parts or [total], key=lambda number: curves[number].rows[roles.at_risk].iloc[0]
            )
            hidden.add(smallest)
    return hidden


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Build the released curves: steps of enough people, rounded; one empty row a hidden curve.

    No curve goes on from `beside.end`, and one without a time before it is hidden.
    """
    roles = roles_of(output)
    assert roles is not None
    parts, hidden, end = [], set(hidden), beside.end
    for number, curve in enumerate(curves_of(output, profile)):
        times = curve.rows[roles.time]
        steps = [step for step in curve.steps if times.iloc[step.position] < end]
        if number in hidden or not steps:
            parts.append({**curve.group, roles.time: times.iloc[0], "shown": "suppressed"})
        else:
            parts += [_shown_row(output, roles, curve, step, profile) for step in steps]
    counts = list(dict.fromkeys((output.roles.people, roles.at_risk)))
    columns = [*output.dimensions, *counts, *output.roles.statistics, "shown"]
    table = pd.DataFrame(parts, columns=columns)
    table = table.astype(dict.fromkeys(counts, "Int64"))
    controls = [
        *standing_controls(profile),
        f"Times are shown only once {profile.survival_step} people or more have left "
        f"since the last; estimates move only with {profile.minimum_count} events or "
        "more, and are rounded to a step worth at least one rounding base of people, "
        "their intervals widened to it.",
        "Counts of events and of censored people by day are left out.",
    ]
    if end < math.inf:
        controls.append("Curves end where one of the same people, shown beside them, gets thin.")
    count = int((table["shown"] == "suppressed").sum())
    if count:
        controls.append(
            f"{count} curves are hidden: too few people or events, or another "
            "could be worked out from them."
        )
    return Protected(table, tuple(controls))


def _shown_row(
    output: Output, roles: Roles, curve: CurveRows, step: Step, profile: Profile
) -> dict[str, object]:
    at, source = curve.rows.iloc[step.position], curve.rows.iloc[step.source]
    people = int(at[output.roles.people])
    width = share_step(people, profile.rounding_base)
    row: dict[str, object] = {name: at[name] for name in output.dimensions}
    row |= {
        name: to_base(at[name], profile.rounding_base)
        for name in (output.roles.people, roles.at_risk)
    }
    row |= {name: nearest(float(source[name]), width) for name in output.roles.estimate}
    bounds = zip(output.roles.lower, output.roles.upper, strict=True)
    for name, (low, high) in zip(output.roles.estimate, bounds, strict=False):
        row[low], row[high] = interval_around(
            float(str(row[name])),
            float(source[name]),
            float(source[low]),
            float(source[high]),
            width,
        )
    return row | {"shown": "yes"}


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


def _lines(curves: list[CurveRows], roles: Roles) -> list[tuple[int, list[int]]]:
    """Totals with their parts: curves alike in all but the summed dimension."""
    lines = []
    for number, curve in enumerate(curves):
        for name in (n for n in roles.groups if is_total(curve.group[n])):
            parts = [
                other
                for other, part in enumerate(curves)
                if not is_total(part.group[name])
                and all(part.group[n] == curve.group[n] for n in roles.groups if n != name)
            ]
            if parts:
                lines.append((number, parts))
    return lines


def _line_is_safe(
    curves: list[CurveRows],
    roles: Roles,
    line: tuple[int, list[int]],
    hidden: set[int],
    profile: Profile,
) -> bool:
    total, parts = line
    times = curves[total].rows[roles.time].to_numpy()
    for step in curves[total].steps:
        time = times[step.position]
        true = {number: _at(curves[number], roles, time) for number in parts}
        known = {
            number: _known(curves[number], roles, time, number in hidden, profile)
            for number in parts
        }
        all_low, all_high = _known(curves[total], roles, time, False, profile)
        gap = _at(curves[total], roles, time) - sum(true.values())
        for number in (n for n in parts if 0 < true[n] < profile.minimum_count):
            others = [known[other] for other in parts if other != number]
            high = all_high - gap - sum(low for low, _ in others)
            low = all_low - gap - sum(high for _, high in others)
            if low > 0 or high < profile.minimum_count:
                return False
    return True


def _at(curve: CurveRows, roles: Roles, time: float) -> int:
    """People at risk just before a time."""
    later = curve.rows.loc[curve.rows[roles.time] >= time, roles.at_risk]
    return int(later.iloc[0]) if len(later) else 0


def _known(
    curve: CurveRows, roles: Roles, time: float, is_hidden: bool, profile: Profile
) -> tuple[float, float]:
    """Range in which an attacker knows the people at risk of a curve at a time."""
    if is_hidden:
        return 0, float("inf")
    low, high = 0.0, float("inf")
    for step in curve.steps:
        row = curve.rows.iloc[step.position]
        least, most = range_behind(
            to_base(row[roles.at_risk], profile.rounding_base), profile.rounding_base
        )
        if row[roles.time] <= time:
            high = min(high, most)
        if row[roles.time] >= time:
            low = max(low, least)
    return low, high


RULES = Rules(
    protect=protect,
    without_rule=rule_problems,
    thin=unshowable,
    stated=stated,
)
