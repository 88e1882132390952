"""How long stays last: of those that ended, and of all, with those that go on censored."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from justice_analysis import engine, models
from justice_analysis.cohorts import CENSORED, counts_by_day
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import EVERYONE, GROUP
from justice_analysis.metrics.estimates.result import horizon_words
from justice_analysis.metrics.estimates.units import Units, count_units

ENDED = "ended"


def with_length(stays: ir.Table, *, seen_to: datetime.date) -> ir.Table:
    """Add `duration_days` and `is_over`: to the end, or to the last day that was seen.

    Parameters
    ----------
    stays
        One row per stay whose end is known or that lasts: `start_date`, `end_date`.
    seen_to
        Day from which an end would no longer have been seen.
    """
    last = ibis.literal(seen_to)
    over = (stays.end_date < last).fill_null(False)
    day = over.ifelse(stays.end_date, last)
    days = engine.days_between(day, stays.start_date)
    return stays.mutate(duration_days=days, is_over=over)


def ended_by(
    about: About,
    units: Units,
    *,
    horizons: Sequence[int],
    units_name: str,
    title: str,
    totals: bool = True,
) -> Output | None:
    """Share of stays over within each time (1 minus Kaplan-Meier), those that last censored.

    Parameters
    ----------
    units
        Rows with `duration_days` and `is_over`; one grouping column at most.
    horizons
        Days; those that no stay of a group was followed to are left out.
    units_name
        Column to name the units by ("stays").
    totals
        Whether to add "all"; not where one person may be in several groups.

    Returns
    -------
    Output or None
        Kind `estimates`: a row per group and time, with the people behind each count; `ended`
        by then, and `at_risk` (still held, and followed, just before). The
        interval takes stays as independent, which two of one person are not. None where no
        stay was followed for so long.
    """
    rows = units.rows
    met = {f"over_{days}": rows.is_over & (rows.duration_days <= days) for days in horizons}
    met |= {f"risk_{days}": rows.duration_days >= days for days in horizons}
    marked = Units(rows.mutate(**met), units.by, units.has_groups)
    counted = count_units(marked, met=list(met), totals=totals)
    column = units.by[0] if units.by else GROUP
    curves = _curves(rows, units.by)
    lines = [
        line
        for _, group in counted.iterrows()
        for line in _lines(group, column, curves[group[column]], horizons, units_name)
    ]
    if not lines:
        return None
    table = pd.DataFrame(lines)
    roles = ColumnRoles(
        people="people",
        count=("at_risk",),
        numerator=ENDED,
        denominator=units_name,
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        people_behind={
            units_name: "people",
            ENDED: "people_ended",
            "at_risk": "people_at_risk",
        },
    )
    chart = Chart(
        form="dots", x=column, y="estimate", group="within", lower="lower", upper="upper",
        y_title=f"Share of {units_name} over", percent=True,
    )  # fmt: skip
    return about.output(
        "estimates",
        title,
        table,
        dimensions=(column, "within"),
        roles=roles,
        chart=chart,
        shares=("estimate", "lower", "upper"),
    )


def _curves(rows: ir.Table, by: tuple[str, ...]) -> dict[str, models.SurvivalCurve]:
    """Survival of each group and of all."""
    frame = rows.mutate(
        outcome=rows.is_over.ifelse(ENDED, CENSORED), entry_days=ibis.literal(0, "int64")
    )
    counts = counts_by_day(frame, groups=by)
    found = {EVERYONE: _curve(counts)}
    if by:
        found |= {str(group): _curve(part) for group, part in counts.groupby(by[0])}
    return found


def _curve(counts: pd.DataFrame) -> models.SurvivalCurve:
    wide = counts.pivot_table(
        index="day", columns="outcome", values="people", aggfunc="sum", fill_value=0
    ).reindex(columns=[ENDED, CENSORED], fill_value=0)
    return models.kaplan_meier(
        models.daily_counts(
            wide.index.to_numpy(),
            wide[[ENDED]].to_numpy(),
            wide[CENSORED].to_numpy(),
            entered=np.zeros(len(wide), dtype="int64"),
            causes=(ENDED,),
        )
    )


def _lines(
    group: pd.Series, column: str, curve: Any, horizons: Sequence[int], units_name: str
) -> list[dict[str, Any]]:
    read = models.at_times(curve, list(horizons), beyond="missing")
    return [
        {
            column: group[column],
            "within": horizon_words(days),
            "people": int(group["people"]),
            units_name: int(group["units"]),
            ENDED: int(group[f"over_{days}"]),
            "people_ended": int(group[f"people_over_{days}"]),
            "at_risk": int(group[f"risk_{days}"]),
            "people_at_risk": int(group[f"people_risk_{days}"]),
            "estimate": float(1 - read.estimate[place]),
            "lower": float(1 - read.upper[place]),
            "upper": float(1 - read.lower[place]),
        }
        for place, days in enumerate(horizons)
        if read.is_observed[place]
    ]
