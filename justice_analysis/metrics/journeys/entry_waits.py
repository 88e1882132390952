"""Waits of the cases that entered in a period, open ones censored; and trends set side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis import engine, models
from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import EVERYONE, aggregated
from justice_analysis.metrics.estimates.units import Units
from justice_analysis.metrics.journeys.stage_dates import LEFT

QUANTILES: Mapping[str, float] = {"percentile_25": 0.25, "median": 0.5, "percentile_75": 0.75}
DIMENSIONS = ("stage", "since", "until", "group", "court", "area", "when", "entered")
NO_MEDIAN = "Left out: periods and stages that fewer than half have left, which have no median yet."
ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "last"}


def entry_quantiles(units: Units, *, order: tuple[str, ...]) -> pd.DataFrame:
    """Days by which a quarter, half and three quarters had left, by passage and period of entry.

    Parameters
    ----------
    units
        Passages by `stage` and `entered` (a period), with `duration_days` and `outcome`.
    order
        The passages in order.

    Returns
    -------
    DataFrame
        One row per passage and period, and per passage ("all"): `people`, `units` and the
        days of `QUANTILES`: Kaplan-Meier, missing where fewer have left.
    """
    parts = [*_margin(units, ("stage", "entered")), *_margin(units, ("stage",))]
    table = pd.DataFrame(parts)
    table["entered"] = table["entered"].fillna(EVERYONE)
    place = {name: number for number, name in enumerate(order)}
    first = table["entered"].where(table["entered"] != EVERYONE, "")
    ranked = table.assign(a=table["stage"].map(place), b=first).sort_values(["a", "b"])
    return ranked.drop(columns=["a", "b"]).reset_index(drop=True)


def _margin(units: Units, by: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    rows = units.rows
    counts = {"people": rows.justice_person.nunique(), "units": rows.count()}
    behind = aggregated(rows, by, counts).set_index(list(by))
    counted = rows.group_by([*by, "duration_days", "outcome"]).aggregate(n=rows.count())
    found = engine.execute(counted, step="waits by entry")
    for key, part in found.groupby(list(by)):
        yield {
            **dict(zip(by, key, strict=True)),
            **{name: int(n) for name, n in behind.loc[key if len(by) > 1 else key[0]].items()},
            **_quantiles(part),
        }


def _quantiles(rows: pd.DataFrame) -> dict[str, float]:
    return quantiles(rows["duration_days"], rows["n"], rows["outcome"] == LEFT)


def quantiles(
    days: pd.Series[float], cases: pd.Series[int], has_left: pd.Series[bool]
) -> dict[str, float]:
    """Days of each of `QUANTILES` by Kaplan-Meier; missing where fewer have left."""
    left = cases.where(has_left, 0)
    curve = models.kaplan_meier(
        models.daily_counts(days.to_numpy(), left.to_numpy(), (cases - left).to_numpy())
    )
    found = {name: models.quantile(curve, share).day for name, share in QUANTILES.items()}
    return {name: np.nan if day is None else float(day) for name, day in found.items()}


def entry_output(
    about: About,
    table: pd.DataFrame,
    *,
    units_name: str,
    title: str,
    chart: Chart,
    words: str,
    **others: Any,
) -> Output:
    """Medians and quartiles by entry as an output of kind `summary`.

    Quartiles are shown where every row has them.

    Raises
    ------
    MetricError
        If no row has a median.
    """
    known = table[table["median"].notna()]
    if known.empty:
        raise MetricError(
            "medians need a stage that half of its cases have left: there is none yet. "
            "Load a longer period, or choose other stages."
        )
    reached = [name for name in QUANTILES if known[name].notna().all()]
    if not {chart.lower, chart.upper} <= {None, *reached}:
        chart = dataclasses.replace(chart, lower=None, upper=None)
    dimensions = tuple(name for name in DIMENSIONS if name in table)
    roles = ColumnRoles(
        people="people",
        denominator=units_name,
        estimate=tuple(reached),
        statistic={name: name.replace("_", " ") for name in reached},
        people_behind={units_name: "people"},
    )
    shown = known.rename(columns={"units": units_name})
    output = about.output(
        "summary",
        title,
        shown[[*dimensions, "people", units_name, *reached]],
        dimensions=dimensions,
        roles=roles,
        chart=chart,
        notes=(NO_MEDIAN,),
        overlapping=dimensions,
        **others,
    )
    return dataclasses.replace(output, options={**output.options, "quantity": words})


def directions(
    ended: pd.DataFrame, entered: pd.DataFrame, *, over_periods: int, least_change: float
) -> pd.DataFrame:
    """Set the trend of ended cases beside that of cases that entered.

    Parameters
    ----------
    ended, entered
        Medians: `stage`, `period`, `median`; totals left out.
    over_periods
        Periods that are averaged and set beside as many before.
    least_change
        Change, as a share, from which a trend counts as one.

    Returns
    -------
    DataFrame
        One row per stage and period (the last of those averaged) for which both are known:
        `stage`, `period`, `ended_change`, `entered_change` (shares) and `opposite`: one rose
        and the other fell by `least_change` or more.
    """
    both = ended.merge(entered, on=["stage", "period"], how="outer", suffixes=("_e", "_n"))
    parts = []
    order = list(dict.fromkeys(ended["stage"]))
    for stage in order:
        rows = both[both["stage"] == stage].sort_values("period")
        changes = {
            name: _change(rows[column], over_periods)
            for name, column in (("ended_change", "median_e"), ("entered_change", "median_n"))
        }
        parts.append(pd.DataFrame({"stage": stage, "period": rows["period"], **changes}))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    table = table.dropna().reset_index(drop=True)
    one, other = table["ended_change"], table["entered_change"]
    far = (one.abs() >= least_change) & (other.abs() >= least_change)
    return table.assign(opposite=far & (np.sign(one) != np.sign(other)))


COLUMNS = ["stage", "period", "ended_change", "entered_change"]


def _change(median: pd.Series[float], periods: int) -> pd.Series[float]:
    """Mean of the last periods over the mean of as many before, less 1."""
    recent = median.rolling(periods).mean()
    return recent / recent.shift(periods) - 1


def sentences(table: pd.DataFrame, *, over_periods: int) -> tuple[str, ...]:
    """For each stage, the last time that the two moved in opposite directions, in words."""
    said = []
    for stage, rows in table[table["opposite"]].groupby("stage", sort=False):
        last = rows.iloc[-1]
        rose = last["entered_change"] > 0
        moves = ("fell", "rose") if rose else ("rose", "fell")
        span = "in the year to" if over_periods == 4 else "in the periods to"
        said.append(
            f"From {stage}, {span} {period_words(last['period'])}, the wait {moves[0]} among "
            f"cases that ended and {moves[1]} among cases that entered: those that end show "
            "what waits were, those that enter what they are."
        )
    return tuple(said)


def period_words(period: str) -> str:
    """A period without a digit that is not of a year: "the last quarter of 2017"."""
    year, _, quarter = period.partition(" Q")
    return f"the {ORDINALS[quarter]} quarter of {year}" if quarter else year.removeprefix("in ")
