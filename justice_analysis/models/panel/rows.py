"""Rows of a panel as arrays, checked: every problem at once, in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from justice_analysis.errors import MetricError, UsageError, listed

if TYPE_CHECKING:
    import pandas as pd

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
SMALLEST = 1e-10
"""Of a column's own spread: what is left of it after a projection, below which it is nothing."""


@dataclass(frozen=True)
class PanelRows:
    """One row per observation, without those that lack a value.

    Attributes
    ----------
    names
        Numeric columns, the outcome first.
    values
        Their values, shape `(n, len(names))`.
    groups
        Column to the code of its group, shape `(n,)`, from 0 and without gaps; codes of the
        period are in its order.
    unit, period
        The groups that make a row one observation of the panel; None where rows are no panel.
    weights
        Mean 1, shape `(n,)`; None where all rows weigh the same.
    left_out
        Rows that lacked a value.
    singletons
        Rows left out because they were the only one of a group whose effect is absorbed.
    """

    names: tuple[str, ...]
    values: Real
    groups: Mapping[str, Whole]
    unit: str | None = None
    period: str | None = None
    weights: Real | None = None
    left_out: int = 0
    singletons: int = 0

    def of(self, names: Sequence[str]) -> Real:
        """Columns of these names, shape `(n, len(names))`."""
        return self.values[:, [self.names.index(name) for name in names]]

    def count(self, group: str | None) -> int:
        """Groups of a column; 0 for no column."""
        return int(self.groups[group].max()) + 1 if group is not None and len(self) else 0

    def __len__(self) -> int:
        return len(self.values)

    @property
    def is_balanced(self) -> bool:
        """Whether every unit has every period."""
        return len(self) == self.count(self.unit) * self.count(self.period)

    def keep(self, kept: NDArray[np.bool_]) -> PanelRows:
        """Some of the rows, with groups numbered again."""
        groups = {name: recoded(codes[kept]) for name, codes in self.groups.items()}
        weights = None if self.weights is None else self.weights[kept] / self.weights[kept].mean()
        return replace(self, values=self.values[kept], groups=groups, weights=weights)

    def without_singletons(self, absorbed: Sequence[str]) -> PanelRows:
        """Leave out rows that are alone in a group, again and again until none is.

        Each would be fitted exactly, so it tells nothing of the slopes; counted as an
        observation it would make the errors too small.
        """
        rows = self
        while len(rows):
            alone = np.zeros(len(rows), dtype=bool)
            for name in absorbed:
                codes = rows.groups[name]
                alone |= np.bincount(codes)[codes] == 1
            if not alone.any():
                break
            rows = replace(rows.keep(~alone), singletons=rows.singletons + int(alone.sum()))
        return rows


def read_model(
    rows: pd.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    groups: Sequence[str],
    *,
    unit: str,
    period: str | None,
    weights: str | None = None,
) -> PanelRows:
    """Read what a regression on covariates needs; `groups` are those beside unit and period."""
    if not covariates:
        raise UsageError("covariates must name a column or more: none is named.")
    named = dict.fromkeys([unit, *([period] if period else []), *groups])
    return read_rows(
        rows,
        numeric=[outcome, *covariates],
        groups=list(named),
        unit=unit,
        period=period,
        weights=weights,
    )


def read_rows(
    rows: pd.DataFrame,
    *,
    numeric: Sequence[str],
    groups: Sequence[str],
    unit: str | None = None,
    period: str | None = None,
    weights: str | None = None,
) -> PanelRows:
    """Read the columns of a model from a table.

    Parameters
    ----------
    rows
        One row per unit and period, or per observation where no unit is named.
    numeric
        The outcome, then the other columns of numbers. Missing ones leave their row out.
    groups
        Columns that name groups: units, periods, clusters, other effects.
    weights
        Column of weights above 0.

    Raises
    ------
    MetricError
        If a column is not there or not of numbers, values are infinite, weights are not above 0,
        a unit has two rows of one period, or no row is complete: all at once.
    """
    named = [*numeric, *groups, *([weights] if weights else [])]
    problems = [*_missing_columns(rows, named), *_repeated_names(numeric)]
    if problems:
        raise MetricError(listed(problems))
    numbers = [*numeric, *([weights] if weights else [])]
    problems = [*_not_numbers(rows, numbers)]
    if problems:
        raise MetricError(listed(problems))
    values = np.column_stack([_numbers(rows[name]) for name in numbers])
    complete = ~np.isnan(values).any(axis=1)
    for name in groups:
        complete &= rows[name].notna().to_numpy()
    kept, values = rows.iloc[np.flatnonzero(complete)], values[complete]
    problems = [*_unfit(values, numbers, weights), *_duplicates(kept, unit, period)]
    if problems:
        raise MetricError(listed(problems))
    return PanelRows(
        names=tuple(numeric),
        values=values[:, : len(numeric)],
        groups={name: _codes(kept[name]) for name in groups},
        unit=unit,
        period=period,
        weights=values[:, -1] / values[:, -1].mean() if weights else None,
        left_out=int((~complete).sum()),
    )


def recoded(codes: Whole) -> Whole:
    """Codes from 0 without gaps, in their order."""
    return np.asarray(np.unique(codes, return_inverse=True)[1], dtype=np.int64)


def refuse_useless(
    names: Sequence[str],
    before: Real,
    after: Real,
    *,
    absorbing: str = "",
    otherwise: str = "Leave it out.",
) -> None:
    """Refuse covariates that nothing can be learnt of, by name and all at once.

    Parameters
    ----------
    before, after
        The covariates as delivered and as the model uses them, shape `(n, len(names))`.
    absorbing
        What may have taken a covariate up ("the effects of county and year"); "" for nothing.

    Raises
    ------
    MetricError
        If a covariate is constant, is absorbed, or is a combination of those before it.
    """
    spread = np.linalg.norm(before - before.mean(axis=0), axis=0)
    size = np.linalg.norm(before, axis=0)
    constant = spread <= SMALLEST * np.maximum(size, SMALLEST)
    absorbed = ~constant & (np.linalg.norm(after, axis=0) <= 1e-8 * spread)
    problems = [
        f"covariates must vary: {name} is the same in every row. Leave it out."
        for name in _where(names, constant)
    ]
    problems += [
        f"covariates must vary beside {absorbing}: {name} does not, so they take it up. {otherwise}"
        for name in _where(names, absorbed)
    ]
    held = ~(constant | absorbed)
    problems += [
        f"covariates must not be combinations of each other: {name} is one of those before it. "
        "Leave it out."
        for name in _combinations([*_where(names, held)], after[:, held])
    ]
    if problems:
        raise MetricError(listed(problems))


def _where(names: Sequence[str], is_one: NDArray[np.bool_]) -> Iterator[str]:
    return (name for name, one in zip(names, is_one, strict=True) if one)


def _combinations(names: Sequence[str], values: Real) -> Iterator[str]:
    """Names of columns that those before them explain exactly."""
    if not names:
        return
    scaled = values / np.linalg.norm(values, axis=0)
    if len(names) > len(values):
        yield from names[len(values) :]
        return
    left = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    yield from (name for name, size in zip(names, left, strict=True) if size < 1e-8)


def _missing_columns(rows: pd.DataFrame, named: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(named):
        if name not in rows.columns:
            yield f"the rows must have a column {name}: they have none. Check its name."


def _repeated_names(numeric: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(numeric):
        if list(numeric).count(name) > 1:
            yield f"each column must be named once: {name} is named more often."


def _not_numbers(rows: pd.DataFrame, numbers: Sequence[str]) -> Iterator[str]:
    from pandas.api import types

    for name in numbers:
        if not types.is_numeric_dtype(rows[name].dtype):  # true and false are numbers too
            yield f"{name} must hold numbers: it holds {rows[name].dtype}. Convert it first."


def _numbers(column: pd.Series) -> Real:
    return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))


def _unfit(values: Real, numbers: Sequence[str], weights: str | None) -> Iterator[str]:
    if not len(values):
        yield "a model needs complete rows: every row lacks a value, or there is none."
        return
    for number, name in enumerate(numbers):
        infinite = int(np.isinf(values[:, number]).sum())
        if infinite:
            yield (
                f"{name} must be finite: {infinite:,} of {len(values):,} rows are not. "
                "A logarithm of 0 looks like that."
            )
    if weights and (values[:, -1] <= 0).any():
        low = int((values[:, -1] <= 0).sum())
        yield f"{weights} must be above 0: {low:,} of {len(values):,} rows are not."


def _duplicates(kept: pd.DataFrame, unit: str | None, period: str | None) -> Iterator[str]:
    if unit is None or period is None:
        return
    repeated = int(kept.duplicated([unit, period]).sum())
    if repeated:
        yield (
            f"a panel must have one row for each {unit} and {period}: {repeated:,} rows repeat "
            "one. Add them up first, or absorb the effects without a panel."
        )


def _codes(column: pd.Series) -> Whole:
    import pandas as pd

    if pd.api.types.infer_dtype(column, skipna=True).startswith("mixed"):
        raise MetricError(
            f"{column.name} must hold values of one type, so that they can be put in order: it "
            "holds several. Convert it first."
        )
    return np.asarray(pd.factorize(column, sort=True)[0], dtype=np.int64)
