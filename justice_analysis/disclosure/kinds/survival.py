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
from collections.abc import Iterable

import pandas as pd

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.cells import ALL, is_total
from justice_analysis.disclosure.kinds.curve_lines import further_to_hide
from justice_analysis.disclosure.kinds.curves import (
    CurveRows,
    Roles,
    Step,
    curves_of,
    grouped,
    roles_of,
)
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.tables import standing_controls, worth
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.rounding import interval_around, nearest, share_step, to_base
from justice_analysis.disclosure.verdict import Protected

EVERYONE = "everyone"


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


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Build the released curves: steps of enough people; one empty row a hidden curve.

    No curve goes on from `beside.end`, and one without a time before it is hidden. Where counts
    are not rounded, the people at risk are still rounded if other curves follow the same people:
    what everyone's curve and another group's lose between two times would tell of the rest.
    """
    roles = roles_of(output)
    assert roles is not None
    parts, hidden, end = [], set(hidden), beside.end
    at_risk = _base_at_risk(output, roles, profile, beside)
    for number, curve in enumerate(curves_of(output, profile)):
        times = curve.rows[roles.time]
        steps = [step for step in curve.steps if times.iloc[step.position] < end]
        if number in hidden or not steps:
            parts.append({**curve.group, roles.time: times.iloc[0], "shown": "suppressed"})
        else:
            parts += [_shown_row(output, roles, curve, step, profile, at_risk) for step in steps]
    counts = list(dict.fromkeys((output.roles.people, roles.at_risk)))
    columns = [*output.dimensions, *counts, *output.roles.statistics, "shown"]
    table = pd.DataFrame(parts, columns=columns)
    table = table.astype(dict.fromkeys(counts, "Int64"))
    controls = [
        *standing_controls(profile, output.kind),
        f"Times are shown only once {profile.survival_step} people or more have left "
        f"since the last; estimates move only with {profile.minimum_count} events or "
        f"more, and are rounded to a step worth at least {worth(output.kind, profile)} people, "
        "their intervals widened to it.",
        "Counts of events and of censored people by day are left out.",
    ]
    if at_risk > count_base(output.kind, profile):
        controls.append(f"People still followed are rounded to the nearest {at_risk}.")
    if end < math.inf:
        controls.append("Curves end where one of the same people, shown beside them, gets thin.")
    count = int((table["shown"] == "suppressed").sum())
    if count:
        controls.append(
            f"{count} curves are hidden: too few people or events, or another "
            "could be worked out from them."
        )
    return Protected(table, tuple(controls))


def _base_at_risk(output: Output, roles: Roles, profile: Profile, beside: Beside) -> int:
    """Return the base to which people at risk are rounded; 1 shows them as they are."""
    alone = beside.end == math.inf and not any(
        output.table[name].map(is_total).any() for name in roles.groups
    )
    return count_base(output.kind, profile) if alone else worth(output.kind, profile)


def _shown_row(
    output: Output, roles: Roles, curve: CurveRows, step: Step, profile: Profile, base: int
) -> dict[str, object]:
    at, source = curve.rows.iloc[step.position], curve.rows.iloc[step.source]
    people = int(at[output.roles.people])
    width = share_step(people, worth(output.kind, profile))
    row: dict[str, object] = {name: at[name] for name in output.dimensions}
    row[output.roles.people] = to_base(people, count_base(output.kind, profile))
    row[roles.at_risk] = to_base(at[roles.at_risk], base)
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


RULES = Rules(
    protect=protect,
    without_rule=rule_problems,
    thin=unshowable,
    further=further_to_hide,
    stated=stated,
)
