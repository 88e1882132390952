"""Durations of units by group: mean, median, percentiles, and the share within a limit.

Durations are whole days, so the engine counts units by day and the statistics are exact from a
few thousand rows, however many units there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Literal

import ibis
import numpy as np
import pandas as pd

from justice_analysis import engine
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import IntervalError, OptionError
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import GROUP, margins, stacked
from justice_analysis.metrics.estimates.shares import GROUPS_OF, share_output
from justice_analysis.metrics.estimates.units import Units, count_units

Scale = Literal["days", "weeks"]
DAYS_IN_WEEK = 7
LARGEST = ("largest_1", "largest_2")


def duration_table(
    units: Units,
    *,
    days: str = "duration_days",
    scale: Scale = "days",
    published: bool = False,
    percentiles: Sequence[float] = (),
    totals: bool = True,
) -> pd.DataFrame:
    """Describe how long units took, by group.

    Parameters
    ----------
    units
        Units that have ended, one row each, with a column of whole days, none below 0.
    scale
        Unit of the result.
    published
        As some official tables have it: the mean of completed weeks, and the lower of the two
        middle values as the median; the plain mean and median otherwise.
    percentiles
        Further percentiles, above 0 and below 100: the smallest value that so many per cent of
        units do not exceed.

    Returns
    -------
    DataFrame
        One row per group: the groups, `units`, `people`, `groups` (where units have them),
        `total`, `mean`, `median`, percentiles, `largest_1` and `largest_2` (what the two people
        with the longest sums add to the total).

    Raises
    ------
    IntervalError
        If a duration is below 0 or missing.
    OptionError
        If completed weeks are asked for in days.
    """
    if published and scale != "weeks":
        raise OptionError("published durations are in completed weeks: ask for weeks.")
    _refuse_impossible(units, days)
    counted = count_units(units, totals=totals)
    described = stacked(
        [
            _described(units, by, days, scale, published, tuple(percentiles))
            for by in margins(units.by, totals)
        ],
        units.by,
    )
    return counted.merge(described, on=list(units.by) or [GROUP], validate="one_to_one")


def _refuse_impossible(units: Units, days: str) -> None:
    rows = units.rows
    found = engine.execute(
        rows.aggregate(
            below=(rows[days] < 0).sum().fill_null(0),
            missing=rows[days].isnull().sum().fill_null(0),
        ),
        step="durations",
    ).iloc[0]
    if found["below"] or found["missing"]:
        raise IntervalError(
            f"{days} must be 0 or more for each unit: {int(found['below']):,} are below 0 and "
            f"{int(found['missing']):,} are missing. Set them aside, and count them."
        )


def _described(
    units: Units,
    by: tuple[str, ...],
    days: str,
    scale: Scale,
    published: bool,
    percentiles: tuple[float, ...],
) -> pd.DataFrame:
    """One row per group of one margin."""
    rows = units.rows
    of_day = rows.group_by([*by, days]).aggregate(units=rows.count())
    counts = engine.execute(of_day, step="units by duration")
    largest = _largest(units, by, days)
    found = []
    for group, part in counts.groupby(list(by)) if by else [((), counts)]:
        ordered = part.sort_values(days)
        value, number = _scaled(ordered[days].to_numpy(), scale), ordered["units"].to_numpy()
        found.append(
            {
                **dict(zip(by, group, strict=True)),
                **_statistics(value, number, published, percentiles),
                **{
                    name: float(_scaled(np.asarray([one]), scale)[0])
                    for name, one in zip(LARGEST, largest[group], strict=True)
                },
            }
        )
    return pd.DataFrame(found)


def _scaled(days: np.ndarray, scale: Scale) -> np.ndarray:
    return days / DAYS_IN_WEEK if scale == "weeks" else days.astype(float)


def _statistics(
    value: np.ndarray, number: np.ndarray, published: bool, percentiles: tuple[float, ...]
) -> dict[str, float]:
    whole = np.floor(value) if published else value
    total = float((whole * number).sum())
    units = int(number.sum())
    upto = np.cumsum(number)
    lower = float(value[np.searchsorted(upto, (units + 1) // 2)])
    upper = float(value[np.searchsorted(upto, units // 2 + 1)])
    return {
        "total": total,
        "mean": total / units,
        "median": lower if published else (lower + upper) / 2,
        **{
            f"percentile_{q:g}": float(value[np.searchsorted(upto, units * q / 100)])
            for q in percentiles
        },
    }


def _largest(units: Units, by: tuple[str, ...], days: str) -> dict[tuple[str, ...], list[float]]:
    """The two largest sums of one person in each group, 0 where there is no second."""
    rows = units.rows
    sums = rows.group_by([*by, "justice_person"]).aggregate(justice_sum=rows[days].sum())
    order = [ibis.desc("justice_sum"), "justice_person"]
    if by:
        place = ibis.row_number().over(group_by=list(by), order_by=order)
        first = sums.mutate(place=place).filter(ibis._.place < len(LARGEST))
        first = first.select(*by, "justice_sum")
    else:  # a window over everything would be a single task
        first = sums.order_by(order).limit(len(LARGEST)).select("justice_sum")
    found = engine.execute(first, step="longest sums")
    found = found.sort_values("justice_sum", ascending=False)
    parts = found.groupby(list(by)) if by else [((), found)]
    return {
        group: [*map(float, part["justice_sum"]), 0.0, 0.0][: len(LARGEST)] for group, part in parts
    }


def duration_output(
    about: About,
    units: Units,
    *,
    units_name: str,
    words: str,
    days: str = "duration_days",
    scale: Scale = "days",
    published: bool = False,
    percentiles: Sequence[float] = (25, 75),
    title: str = "",
    chart: Chart | None = None,
    totals: bool = True,
    **others: Any,
) -> Output:
    """Mean and median durations as an output of kind `summary`.

    Parameters
    ----------
    units_name
        Column to name the units by ("children").
    words
        What the duration is and its unit: "weeks from application to first disposal".
    """
    table = duration_table(
        units, days=days, scale=scale, published=published, percentiles=percentiles, totals=totals
    ).rename(columns={"units": units_name})
    dimensions = units.by or (GROUP,)
    named = [f"percentile_{q:g}" for q in percentiles]
    statistics = ["mean", "median", *named]
    groups = GROUPS_OF.get(about.about) if units.has_groups else None
    roles = ColumnRoles(
        people="people",
        denominator=units_name,
        estimate=tuple(statistics),
        statistic={name: name.replace("_", " ") for name in statistics},
        total="total",
        largest=LARGEST,
        people_behind={units_name: "people"},
        families="groups" if groups == "families" else None,
        cases="groups" if groups == "cases" else None,
        groups_behind={units_name: "groups"} if groups else {},
    )
    kept = [*dimensions, "people", units_name, *statistics, "total", *LARGEST]
    kept += ["groups"] if groups else []
    drawn = chart or (
        Chart(
            form="lines" if dimensions[0] in PERIODS else "dots",
            x=dimensions[0],
            y="median",
            y_title=words[:1].upper() + words[1:],
        )
        if len(dimensions) == 1
        else None
    )
    output = about.output(
        "summary",
        title or about.card.title,
        table[kept],
        dimensions=dimensions,
        roles=roles,
        chart=drawn,
        overlapping=units.by,
        **others,
    )
    return _with_quantity(output, words)


def _with_quantity(output: Output, words: str) -> Output:
    return dataclasses.replace(output, options={**output.options, "quantity": words})


def within_output(
    about: About,
    units: Units,
    *,
    units_name: str,
    days: str = "duration_days",
    limit_days: int,
    title: str = "",
    **others: Any,
) -> Output:
    """Share of units that took no longer than a limit, as an output of kind `estimates`."""
    rows = units.rows.mutate(within=units.rows[days] <= limit_days)
    counted = Units(rows, units.by, units.has_groups)
    return share_output(about, counted, met="within", units_name=units_name, title=title, **others)
