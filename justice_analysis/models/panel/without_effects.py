"""Models of a panel that absorb no effects: pooled, between, random effects, differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models.panel.fit import (
    INTERCEPT,
    PanelFit,
    asked,
    finish,
    least_squares,
)
from justice_analysis.models.panel.rows import PanelRows, Real, read_model, refuse_useless
from justice_analysis.models.panel.small_sample import DEFAULT, is_clustered

if TYPE_CHECKING:
    import pandas as pd


def pooled(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    clusters: str | Sequence[str] | None = None,
    weights: str | None = None,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> PanelFit:
    """Least squares on all rows as if units did not differ; parameters as `two_way_effects`."""
    wanted = asked(clusters, small_sample, level, default=unit)
    read = read_model(
        rows, outcome, covariates, wanted.clusters, unit=unit, period=period, weights=weights
    )
    terms, values = _with_intercept(read)
    moments = least_squares(terms, read.values[:, 0], values, read.weights)
    return finish("pooled least squares", read, moments, wanted)


def between(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    small_sample: str = "HC1",
    level: float = 0.95,
) -> PanelFit:
    """Least squares on the means of units: how units with more of something differ from others.

    Parameters
    ----------
    small_sample
        `HC1` or `iid`: each unit is one row. Others as in `two_way_effects`.
    """
    if is_clustered(small_sample):
        raise UsageError("between has one row a unit: small_sample must be HC1 or iid.")
    wanted = asked(None, small_sample, level, default=None)
    read = read_model(rows, outcome, covariates, wanted.clusters, unit=unit, period=period)
    terms, values = _with_intercept(read)
    means = _means(np.column_stack([read.values[:, 0], values]), read)
    refuse_useless(terms[1:], means[:, 2:], means[:, 2:] - means[:, 2:].mean(axis=0))
    moments = least_squares(terms, means[:, 0], means[:, 1:])
    return finish(f"between: means of each {unit}", read, moments, wanted)


def first_differences(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    clusters: str | Sequence[str] | None = None,
    intercept: bool = True,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> PanelFit:
    """Least squares on changes from one period to the next.

    Parameters
    ----------
    clusters
        As in `two_way_effects`; a change belongs to the cluster of its later row.
    intercept
        Whether there is a common change of every period (a linear trend), as plm has it.

    Returns
    -------
    PanelFit
        `observations` are changes. A unit without the period between two of its rows gives no
        change there; these gaps are counted in a note.
    """
    wanted = asked(clusters, small_sample, level, default=unit)
    read = read_model(rows, outcome, covariates, wanted.clusters, unit=unit, period=period)
    later, earlier, gaps = _neighbours(read)
    if not len(later):
        raise MetricError("first differences need a unit seen in two neighbouring periods.")
    changes = read.values[later] - read.values[earlier]
    names, values = read.names[1:], changes[:, 1:]
    useless = "the effects of each unit" if not intercept else "a common change"
    centred = values - values.mean(axis=0) if intercept else values
    refuse_useless(names, read.values[:, 1:], centred, absorbing=useless)
    terms = (INTERCEPT, *names) if intercept else names
    if intercept:
        values = np.column_stack([np.ones(len(later)), values])
    moments = least_squares(terms, changes[:, 0], values)
    kept = read.keep(np.isin(np.arange(len(read)), later))
    notes = [f"{gaps:,} gaps between periods give no change."] if gaps else []
    by = {name: kept.groups[name][_place(later)] for name in wanted.clusters}
    return finish("first differences", read, moments, wanted, clusters=by, notes=notes)


def random_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    clusters: str | Sequence[str] | None = None,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> PanelFit:
    """Random effects of units, by feasible generalised least squares (Swamy and Arora).

    Parameters
    ----------
    rows, outcome, covariates, unit, period, clusters, small_sample, level
        As in `two_way_effects`.

    Notes
    -----
    Spread of effects and of errors are linearmodels' `RandomEffects`. On a balanced panel these
    are plm's Swamy and Arora, and so are slopes and errors. On an unbalanced one plm takes
    another mean of the lengths of units, and slopes differ a little; a note says so.
    """
    wanted = asked(clusters, small_sample, level, default=unit)
    read = read_model(rows, outcome, covariates, wanted.clusters, unit=unit, period=period)
    terms, values = _with_intercept(read)
    share = _quasi_demeaning(read, values)
    whole = np.column_stack([read.values[:, 0], values])
    whole -= share[:, None] * _means(whole, read)[read.groups[unit]]
    moments = least_squares(terms, whole[:, 0], whole[:, 1:])
    notes = []
    if not share.any():
        notes.append("Units do not differ beyond chance: this is the pooled model.")
    if not read.is_balanced:
        notes.append("Spreads of effects are linearmodels'; plm's differ on unbalanced panels.")
    return finish(f"random effects of {unit}", read, moments, wanted, notes=notes)


def _quasi_demeaning(read: PanelRows, values: Real) -> Real:
    """Share of its unit's mean that each row loses, shape `(n,)`."""
    import pandas as pd
    from linearmodels.panel import RandomEffects

    assert read.unit is not None
    assert read.period is not None
    codes = [read.groups[read.unit], read.groups[read.period]]
    index = pd.MultiIndex.from_arrays(codes, names=["unit", "period"])
    outcome = pd.Series(read.values[:, 0], index=index, name="outcome")
    try:
        found = RandomEffects(outcome, pd.DataFrame(values, index=index)).fit()
    except ValueError:  # its sentences are about its own arguments
        raise MetricError(
            "random effects need spread within and between units: this panel has too few rows or "
            "units for its covariates. Use fewer covariates, or the pooled model."
        ) from None
    return np.asarray(found.theta.to_numpy(dtype=float)[codes[0], 0])


def _with_intercept(read: PanelRows) -> tuple[tuple[str, ...], Real]:
    """Terms and values with an intercept first; what only repeats it is refused."""
    names, values = read.names[1:], read.values[:, 1:]
    refuse_useless(names, values, values - values.mean(axis=0))
    return (INTERCEPT, *names), np.column_stack([np.ones(len(read)), values])


def _means(values: Real, read: PanelRows) -> Real:
    """Mean of each unit, shape `(units, k)`."""
    assert read.unit is not None
    codes = read.groups[read.unit]
    count = np.bincount(codes)
    return np.column_stack([np.bincount(codes, weights=column) / count for column in values.T])


def _neighbours(read: PanelRows) -> tuple[np.ndarray, np.ndarray, int]:
    """Places of the later and the earlier row of each change, and the gaps."""
    assert read.unit is not None
    assert read.period is not None
    units, periods = read.groups[read.unit], read.groups[read.period]
    order = np.lexsort((periods, units))
    same = units[order][1:] == units[order][:-1]
    next_to = np.diff(periods[order]) == 1
    chosen = same & next_to
    return order[1:][chosen], order[:-1][chosen], int((same & ~next_to).sum())


def _place(later: np.ndarray) -> np.ndarray:
    """Places of rows among those kept, in the order of `later`."""
    return np.asarray(np.searchsorted(np.sort(later), later))
