"""Entry cohorts: the share of units with an event by a time since they began, open ones censored.

Units (children, claims, divorces) are counted by time and outcome in the engine; one person may
be behind several, so the people behind every count are named beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from justice_analysis import models
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.entry_curves import (
    OUTCOME,
    TIME,
    counts_by_time,
    incidence_of_groups,
)
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import GROUP, aggregated, margins, stacked
from justice_analysis.metrics.estimates.shares import GROUPS_OF
from justice_analysis.metrics.estimates.units import Units


def entry_output(
    about: About,
    units: Units,
    *,
    units_name: str,
    causes: Sequence[str],
    horizons: Mapping[str, int],
    title: str = "",
    totals: bool = True,
    **others: Any,
) -> Output:
    """Share of units with each outcome by each horizon, as an output of kind `estimates`.

    Parameters
    ----------
    units
        Units with `duration_days` (any whole measure of time, none below 0) and `outcome`: one
        of `causes`, or `censored`.
    units_name
        Column to name the units by ("claims").
    causes
        Outcomes that end a unit's time; with more than one, each competes with the others.
    horizons
        Words to time: those beyond a group's follow-up are left out. Where some group lacks one,
        the groups would not add up to "all", which is then left out too.

    Returns
    -------
    Output
        One row per group, outcome (where there are several) and horizon: `people`, the units,
        `reached` by then, `at_risk` just before it, `estimate`, `lower`, `upper` (95%): 1 minus
        Kaplan-Meier with one cause, Aalen-Johansen with several.

    Raises
    ------
    MetricError
        If no group is followed to any horizon.
    """
    counts = counts_by_time(units)
    finest = _margin(units, counts, units.by, causes, horizons)
    if finest.empty:
        raise MetricError(
            f"{about.card.name}: nothing is followed for as long as the shortest time asked for. "
            "Ask for a shorter one."
        )
    groups = len(counts[list(units.by)].drop_duplicates()) if units.by else 1
    complete = len(finest) == groups * len(causes) * len(horizons)
    rest = list(margins(units.by, totals and complete))[1:]
    parts = [finest, *(_margin(units, counts, by, causes, horizons) for by in rest)]
    table = stacked(parts, units.by).rename(columns={"units": units_name})
    split = (OUTCOME,) if len(causes) > 1 else ()
    dimensions = (*(units.by or (GROUP,)), *split, "horizon")
    if len(dimensions) > 1 and not units.by:
        dimensions = dimensions[1:]
    roles = _roles(about, units, units_name)
    columns = list(dict.fromkeys([*roles.counts, *roles.statistics, *roles.evidence]))
    return about.output(
        "estimates",
        title or about.card.title,
        table[[*dimensions, *columns]],
        dimensions=dimensions,
        roles=roles,
        chart=_dots(dimensions, units_name),
        shares=roles.statistics,
        overlapping=units.by,
        **others,
    )


def _margin(
    units: Units,
    counts: pd.DataFrame,
    by: tuple[str, ...],
    causes: Sequence[str],
    horizons: Mapping[str, int],
) -> pd.DataFrame:
    """One row per group of one margin, outcome and horizon."""
    behind = aggregated(units.rows, by, _behind(units, causes, tuple(horizons.values())))
    keys = behind.set_index(list(by)) if by else behind
    rows = []
    for group, curve in incidence_of_groups(counts, by, causes):
        key = tuple(group.values())
        people = keys.loc[key if len(key) > 1 else key[0]] if by else keys.iloc[0]
        rows += list(_read(group, curve, people, horizons, units.has_groups))
    return pd.DataFrame(rows)


def _behind(
    units: Units, causes: Sequence[str], times: tuple[int, ...]
) -> dict[str, ir.IntegerScalar]:
    """Distinct people, and groups, behind the counts at each time."""
    rows = units.rows
    keys = {"people": rows.justice_person}
    if units.has_groups:
        keys["groups"] = rows.group_key
    found = {name: key.nunique() for name, key in keys.items()}
    for name, key in keys.items():
        for time in times:
            found[f"{name}_at_risk_{time}"] = key.nunique(where=rows[TIME] >= time)
            for n, cause in enumerate(causes):
                met = (rows[TIME] <= time) & (rows[OUTCOME] == cause)
                found[f"{name}_reached_{time}_{n}"] = key.nunique(where=met)
    return found


def _read(
    group: dict[str, Any],
    curve: models.IncidenceCurve,
    people: pd.Series[Any],
    horizons: Mapping[str, int],
    has_groups: bool,
) -> Iterator[dict[str, Any]]:
    read = models.at_times(curve, list(horizons.values()), beyond="missing")
    named = ["people", *(["groups"] if has_groups else [])]
    for c, cause in enumerate(curve.counts.causes):
        for h, (words, time) in enumerate(horizons.items()):
            if not read.is_observed[h]:
                continue
            behind = {name: int(people[name]) for name in named}
            behind |= {f"{n}_at_risk": int(people[f"{n}_at_risk_{time}"]) for n in named}
            behind |= {f"{n}_reached": int(people[f"{n}_reached_{time}_{c}"]) for n in named}
            yield {
                **group,
                OUTCOME: cause,
                "horizon": words,
                "units": read.people,
                "reached": int(read.cumulative_events[h, c]),
                "at_risk": int(read.at_risk[h]),
                "estimate": float(read.estimate[h, c]),
                "lower": float(read.lower[h, c]),
                "upper": float(read.upper[h, c]),
                **behind,
            }


def _roles(about: About, units: Units, units_name: str) -> ColumnRoles:
    groups = GROUPS_OF.get(about.about) if units.has_groups else None
    return ColumnRoles(
        people="people",
        count=("at_risk",),
        numerator="reached",
        denominator=units_name,
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        people_behind={
            units_name: "people",
            "reached": "people_reached",
            "at_risk": "people_at_risk",
        },
        families="groups" if groups == "families" else None,
        cases="groups" if groups == "cases" else None,
        groups_behind=(
            {units_name: "groups", "reached": "groups_reached", "at_risk": "groups_at_risk"}
            if groups
            else {}
        ),
    )


def _dots(dimensions: tuple[str, ...], units_name: str) -> Chart | None:
    if len(dimensions) > 2:
        return None
    return Chart(
        form="dots",
        x=dimensions[0],
        y="estimate",
        group=dimensions[1] if len(dimensions) == 2 else None,
        lower="lower",
        upper="upper",
        y_title=f"Share of {units_name}",
        percent=True,
    )
