"""Checks of the rows of a staggered design: every problem at once, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError, OptionError, UsageError, listed
from justice_analysis.models.columns import not_numbers, not_whole
from justice_analysis.models.counts import Real

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a staggered design; see `group_time_effects`."""

    outcome: str
    unit: str
    period: str
    first_treated: str
    covariates: tuple[str, ...] = ()
    clusters: str | None = None
    weights: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, each once."""
        extra = [name for name in (self.clusters, self.weights) if name is not None]
        named = [self.outcome, self.unit, self.period, self.first_treated]
        return tuple(dict.fromkeys([*named, *self.covariates, *extra]))


def refuse_options(unbalanced: str, after_last: str) -> None:
    """Refuse options that are not among those there are."""
    if unbalanced not in ("refuse", "complete"):
        raise OptionError('unbalanced must be "refuse" or "complete".')
    if after_last not in ("refuse", "comparison", "leave_out"):
        raise OptionError('after_last must be "refuse", "comparison" or "leave_out".')


def refuse_columns(rows: pd.DataFrame, columns: Columns) -> None:
    """Refuse columns that are absent, missing or not numbers."""
    absent = [name for name in columns.names if name not in rows.columns]
    if absent:
        raise UsageError(f"rows must have the columns asked for: {', '.join(absent)} not found.")
    if rows.empty:
        raise MetricError("rows must not be empty: there is none.")
    problems = []
    for name in (columns.unit, columns.period, columns.clusters):
        gone = 0 if name is None else int(rows[name].isna().sum())
        if gone:
            problems.append(f"{name} must not be missing: {gone:,} of {len(rows):,} rows are.")
    problems += _not_finite(rows, columns.outcome, "the outcome")
    if not problems:
        problems += not_whole(columns.period, np.asarray(rows[columns.period]))
    for name in columns.covariates:
        problems += not_numbers(name, np.asarray(rows[name]))
    if columns.weights is not None:
        weight = np.asarray(rows[columns.weights], dtype=np.float64)
        bad = int((~(np.isfinite(weight) & (weight > 0))).sum())
        problems += [f"weights must be above 0: {bad:,} are not."] if bad else []
    if problems:
        raise MetricError(listed(problems))
    refuse_constant(rows, columns.covariates)


def _not_finite(rows: pd.DataFrame, name: str, what: str) -> list[str]:
    """Say how many rows of a column are not numbers."""
    try:
        numbers = np.asarray(rows[name], dtype=np.float64)
    except (TypeError, ValueError):
        return [f"{what} {name} must hold numbers: it does not."]
    gone = int((~np.isfinite(numbers)).sum())
    if not gone:
        return []
    return [
        f"{what} {name} must not be missing: {gone:,} of {len(rows):,} rows are. "
        "Set those rows aside and count them."
    ]


def refuse_constant(rows: pd.DataFrame, covariates: Sequence[str]) -> None:
    """Refuse covariates that tell no units apart."""
    same = [name for name in covariates if rows[name].nunique() < 2]
    if same:
        raise MetricError(
            f"a covariate must differ between units: {', '.join(same)} does not. Leave it out."
        )


def first_treated(rows: pd.DataFrame, columns: Columns) -> Real:
    """First treated period of each row, infinite for never; 0 means never above period 0."""
    try:
        group = rows[columns.first_treated].to_numpy(dtype=np.float64, na_value=np.inf)
    except (TypeError, ValueError):
        raise MetricError(
            f"{columns.first_treated} must hold periods as {columns.period} does, missing where "
            "a unit is never treated: it does not hold numbers."
        ) from None
    group = np.where(np.isnan(group), np.inf, group)
    if int(rows[columns.period].min()) > 0:
        group = np.where(group == 0, np.inf, group)
    dated = group[np.isfinite(group)]
    bad = int((dated != np.floor(dated)).sum())
    if bad:
        raise MetricError(
            f"{columns.first_treated} must hold whole numbers: {bad:,} of {len(group):,} are not."
        )
    return np.asarray(group)


def refuse_units(
    rows: pd.DataFrame, columns: Columns, group: Real, repeated_cross_sections: bool
) -> None:
    """Refuse units seen twice in a period, or whose date, cluster or weight changes."""
    problems = []
    first, last = int(rows[columns.period].min()), int(rows[columns.period].max())
    seen = rows[columns.period].nunique()
    if seen < 2:
        raise MetricError(
            "a difference in differences needs two periods or more: there is one period."
        )
    if seen < last - first + 1:
        problems.append(
            f"periods must follow one another without a gap: {last - first + 1 - seen:,} between "
            "the first and the last hold no row. Number them anew, or join them into longer ones."
        )
    twice = int(rows.duplicated([columns.unit, columns.period]).sum())
    if twice and not repeated_cross_sections:
        problems.append(
            f"a unit must have one row per period: {twice:,} of {len(rows):,} rows repeat one. "
            "Add them up first, or pass repeated_cross_sections=True."
        )
    constant = {columns.first_treated: group, **_constant_columns(rows, columns)}
    if repeated_cross_sections and columns.weights is not None:
        constant.pop(columns.weights, None)
    unit = rows[columns.unit].to_numpy()
    starts = np.r_[True, unit[1:] != unit[:-1]]
    for name, values in constant.items():
        changes = ~starts & np.r_[False, values[1:] != values[:-1]]
        if changes.any():
            units = len(set(unit[changes]))
            problems.append(
                f"{name} must be the same in all rows of a unit: {units:,} of {len(set(unit)):,} "
                "units vary."
            )
    if problems:
        raise MetricError(listed(problems))


def _constant_columns(rows: pd.DataFrame, columns: Columns) -> dict[str, Real]:
    """Columns that a unit may have only one value of."""
    named = [name for name in (columns.clusters, columns.weights) if name is not None]
    return {name: rows[name].to_numpy() for name in named if name != columns.unit}


def refuse_nothing_left(
    rows: pd.DataFrame, columns: Columns, group: Real, left_out: dict[str, int]
) -> None:
    """Refuse a design without anyone to compare, or to compare with."""
    gone = "".join(f" Left out, {reason}: {count:,}." for reason, count in left_out.items())
    if rows.empty:
        raise MetricError(f"some unit must be left to analyse: none is.{gone}")
    if not np.isfinite(group).any():
        raise MetricError(
            "some unit must be first treated after the first period and by the last: none is."
            f"{gone}"
        )
    refuse_constant(rows, columns.covariates)
