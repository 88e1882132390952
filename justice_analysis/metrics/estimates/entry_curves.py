"""Curves of entry cohorts: units by time and outcome, and the share with each outcome since.

Units are counted by time and outcome in the engine; estimators see those counts alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine, models
from justice_analysis.cohorts import CENSORED
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.units import Units, units_of

TIME, OUTCOME = "duration_days", "outcome"


def entry_curve(
    about: About,
    table: ir.Table,
    *,
    by: Sequence[str] = (),
    first: Sequence[str],
    causes: Sequence[str],
    clock: str,
    title: str = "",
    **others: Any,
) -> Output:
    """Share of people with each outcome over time, as an output of kind `survival`.

    A curve is about people, so each stands in it once, with the first of their units.

    Parameters
    ----------
    table
        One row per unit: `person_key`, `duration_days`, `outcome` and the columns of `by`.
    first
        Columns that order a person's units and leave no ties.
    """
    once = engine.first_per_group(table, by=["person_key"], order_by=list(first))
    units = units_of(once, by=by, keep=[TIME, OUTCOME])
    found = counts_by_time(units)
    parts = [
        pd.DataFrame({**group, **rows})
        for group, curve in incidence_of_groups(found, units.by, causes)
        for rows in _curve_columns(curve)
    ]
    table = pd.concat(parts, ignore_index=True)
    split = (OUTCOME,) if len(causes) > 1 else ()
    dimensions = (*units.by, *split, "day")
    statistics = ("estimate", "lower", "upper")
    counts = ["people", "at_risk", "events", "censored"]
    said = dataclasses.replace(
        about,
        population=f"{about.population}, the first of each person",
        population_hash=f"{about.population_hash}-first",
    )
    lines = [*units.by, *split]
    return said.output(
        "survival",
        title or about.card.title,
        table[[*dimensions, *counts, *statistics]],
        dimensions=dimensions,
        roles=ColumnRoles(
            people="people",
            count=("at_risk", "events", "censored"),
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
        ),
        chart=Chart(
            form="curve",
            x="day",
            y="estimate",
            group=lines[0] if lines else None,
            lower="lower",
            upper="upper",
            x_title=f"Days since {clock}",
            y_title=f"Share of {about.unit}",
            percent=True,
        )
        if len(lines) < 2
        else None,
        shares=statistics,
        **others,
    )


def counts_by_time(units: Units) -> pd.DataFrame:
    """Units by group, time and outcome; groups summed over add up from these."""
    rows = units.rows
    counted = rows.group_by([*units.by, TIME, OUTCOME]).aggregate(units=rows.count())
    return engine.execute(counted, step="units by time and outcome")


def incidence_of_groups(
    found: pd.DataFrame, by: tuple[str, ...], causes: Sequence[str]
) -> Iterator[tuple[dict[str, Any], models.IncidenceCurve]]:
    """Each group of units, from `counts_by_time`, and its incidence of every cause."""
    groups = found.groupby(list(by), sort=True) if by else [((), found)]
    for key, rows in groups:
        yield dict(zip(by, key, strict=True)), _curve(rows, tuple(causes))


def _curve(rows: pd.DataFrame, causes: tuple[str, ...]) -> models.IncidenceCurve:
    """Kaplan-Meier's complement for one cause, Aalen-Johansen for several."""
    wide = rows.pivot_table(
        index=TIME, columns=OUTCOME, values="units", aggfunc="sum", fill_value=0
    ).reindex(columns=[*causes, CENSORED], fill_value=0)
    counts = models.daily_counts(
        wide.index.to_numpy(), wide[list(causes)].to_numpy(), wide[CENSORED].to_numpy(),
        causes=causes,
    )  # fmt: skip
    return models.cumulative_incidence(counts)


def _curve_columns(curve: models.IncidenceCurve) -> Iterator[dict[str, Any]]:
    for c, cause in enumerate(curve.counts.causes):
        yield {
            OUTCOME: cause,
            "day": curve.time,
            "people": curve.counts.people,
            "at_risk": curve.at_risk,
            "events": curve.counts.events[:, c],
            "censored": curve.counts.censored,
            "estimate": curve.estimate[:, c],
            "lower": curve.lower[:, c],
            "upper": curve.upper[:, c],
        }
