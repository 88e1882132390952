"""Rows of a staggered design, checked and numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from justice_analysis.errors import MetricError
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.staggered.checks import (
    Columns,
    first_treated,
    refuse_columns,
    refuse_nothing_left,
    refuse_options,
    refuse_units,
)

if TYPE_CHECKING:
    import pandas as pd

Unbalanced = Literal["refuse", "complete"]
AfterLast = Literal["refuse", "comparison", "leave_out"]
Flags = NDArray[np.bool_]
NEVER = 0
ALWAYS_TREATED = "treated in the first period or before"
AFTER_LAST = "treated after the last period"
NOT_EVERY_PERIOD = "not seen in every period"
ADVICE_CENSUS = (
    'Pass unbalanced="complete" to leave out the units that lack some, or '
    "repeated_cross_sections=True if a row is not the same unit seen again."
)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of units by period, shape (n,), in the order of unit and period.

    Attributes
    ----------
    outcome, weight, covariates
        Numbers; covariates of shape (n, p).
    unit, cluster
        Codes from 0.
    period
        1 to `periods`; add `before_first` for the user's own.
    group
        Period of first treatment, 0 for those never treated.
    left_out
        Reason to units left out for it.
    """

    outcome: Real
    weight: Real
    covariates: Real
    unit: Whole
    cluster: Whole
    period: Whole
    group: Whole
    periods: int
    before_first: int
    left_out: dict[str, int]

    @property
    def groups(self) -> list[int]:
        """Periods in which units were first treated."""
        return [int(group) for group in np.unique(self.group) if group != NEVER]

    @property
    def group_of_unit(self) -> Whole:
        """Group of each unit, by code."""
        group = np.zeros(int(self.unit.max()) + 1, dtype=np.int64)
        group[self.unit] = self.group
        return group


def checked_rows(
    rows: pd.DataFrame,
    columns: Columns,
    *,
    repeated_cross_sections: bool = False,
    unbalanced: Unbalanced = "refuse",
    after_last: AfterLast = "refuse",
    smallest_group: int = 1,
) -> Rows:
    """Check the rows of a staggered design, leave out what cannot serve, and number the rest.

    Raises
    ------
    UsageError, MetricError, OptionError
        With one sentence for each thing wrong.
    """
    refuse_options(unbalanced, after_last)
    refuse_columns(rows, columns)
    kept = rows[list(columns.names)].sort_values([columns.unit, columns.period], kind="stable")
    group = first_treated(kept, columns)
    refuse_units(kept, columns, group, repeated_cross_sections)
    first, last = int(kept[columns.period].min()), int(kept[columns.period].max())
    keep, left_out = _within(kept[columns.unit], group, first, last, after_last)
    group = np.where(group > last, np.inf, group)
    if not repeated_cross_sections:
        keep, lacking = _balanced(kept, columns, keep, unbalanced)
        left_out |= lacking
    keep, few = _large_enough(kept[columns.clusters or columns.unit], group, keep, smallest_group)
    left_out |= _units(kept[columns.unit], few, f"in a group of fewer than {smallest_group}")
    periods = kept[columns.period]
    if keep.any() and periods[keep].nunique() < periods.nunique():
        raise MetricError(
            "units that are left out hold rows of some period alone. Begin after it, or end before."
        )
    return _numbered(kept[keep], columns, group[keep], left_out)


def _within(
    unit: pd.Series[int], group: Real, first: int, last: int, after_last: AfterLast
) -> tuple[Flags, dict[str, int]]:
    """Rows of units whose date of treatment lies in the data, and units left out."""
    always = group <= first
    late = np.isfinite(group) & (group > last)
    left_out = {}
    if always.any():
        left_out[ALWAYS_TREATED] = int(unit[always].nunique())
    if late.any() and after_last == "refuse":
        raise MetricError(
            f"a roll-out date must lie within the periods: {int(unit[late].nunique()):,} of "
            f"{unit.nunique():,} units are first treated after the last. Pass "
            'after_last="comparison" to take them as not yet treated throughout, or "leave_out".'
        )
    if late.any() and after_last == "leave_out":
        left_out[AFTER_LAST] = int(unit[late].nunique())
        return ~always & ~late, left_out
    return ~always, left_out


def _balanced(
    rows: pd.DataFrame,
    columns: Columns,
    keep: Flags,
    unbalanced: Unbalanced,
) -> tuple[Flags, dict[str, int]]:
    """Rows of units seen in every period, and how many units were not."""
    periods = rows[columns.period].nunique()
    seen = rows.groupby(columns.unit)[columns.period].transform("size").to_numpy()
    lacking = keep & (seen < periods)
    if not lacking.any():
        return keep, {}
    units = rows[columns.unit]
    few, once = units[lacking].nunique(), units[lacking & (seen == 1)].nunique()
    if unbalanced == "refuse":
        raise MetricError(
            f"every unit must have a row in each of {periods:,} periods: {few:,} of "
            f"{units[keep].nunique():,} units have not ({once:,} have one row only). "
            + ADVICE_CENSUS
        )
    return keep & ~lacking, {NOT_EVERY_PERIOD: int(few)}


def _large_enough(
    clusters: pd.Series[int], group: Real, keep: Flags, smallest: int
) -> tuple[Flags, Flags]:
    """Rows whose group has enough clusters (the never treated always have), and the others."""
    size = clusters[keep].groupby(group[keep]).nunique()
    small = keep & np.isfinite(group) & np.isin(group, size.index[size < smallest])
    return keep & ~small, small


def _units(unit: pd.Series[int], which: Flags, reason: str) -> dict[str, int]:
    """How many units some rows are of, under a reason; nothing for no row."""
    return {reason: int(unit[which].nunique())} if which.any() else {}


def _numbered(rows: pd.DataFrame, columns: Columns, group: Real, left_out: dict[str, int]) -> Rows:
    """Number units, clusters and periods of the rows that are kept."""
    import pandas as pd

    refuse_nothing_left(rows, columns, group, left_out)
    first = int(rows[columns.period].min())
    weight = np.ones(len(rows))
    if columns.weights is not None:
        weight = rows[columns.weights].to_numpy(dtype=np.float64)
    unit, _ = pd.factorize(rows[columns.unit])
    cluster, _ = pd.factorize(rows[columns.clusters or columns.unit])
    return Rows(
        outcome=rows[columns.outcome].to_numpy(dtype=np.float64),
        weight=weight / weight.mean(),
        covariates=rows[list(columns.covariates)].to_numpy(dtype=np.float64),
        unit=np.asarray(unit, dtype=np.int64),
        cluster=np.asarray(cluster, dtype=np.int64),
        period=rows[columns.period].to_numpy(dtype=np.int64) - first + 1,
        group=np.where(np.isfinite(group), group - first + 1, NEVER).astype(np.int64),
        periods=int(rows[columns.period].max()) - first + 1,
        before_first=first - 1,
        left_out=left_out,
    )
