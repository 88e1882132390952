"""Fixed effects: what changes together within units, once units and periods are allowed for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models.panel.absorbing import rank_of, within
from justice_analysis.models.panel.fit import Asked, PanelFit, asked, finish, least_squares
from justice_analysis.models.panel.rows import PanelRows, read_model, refuse_useless
from justice_analysis.models.panel.small_sample import DEFAULT

if TYPE_CHECKING:
    import pandas as pd


def two_way_effects(
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
    """Regression with an effect of each unit and of each period.

    Parameters
    ----------
    rows
        One row per unit and period; the panel may be unbalanced.
    outcome, covariates
        Columns of numbers. Rows that lack one are left out and counted.
    unit, period
        Columns that name them; periods of any type that sorts.
    clusters
        Column of the clusters of the errors, or two columns; the unit unless named.
    weights
        Column of weights above 0.
    small_sample
        One of `RULES`.
    level
        Of the intervals.

    Returns
    -------
    PanelFit
        Slopes alone: effects of units and periods are not shown.

    Raises
    ------
    UsageError
        If the rule or the clusters are not possible.
    MetricError
        If a covariate is constant, absorbed or a combination of others, a unit has two rows of a
        period, or too few rows are left: every problem of a kind at once.

    Notes
    -----
    `y_it = x_it' b + a_i + c_t + e_it`, the effects eliminated exactly (Frisch, Waugh, Lovell).
    """
    wanted = asked(clusters, small_sample, level, default=unit)
    read = _read(rows, outcome, covariates, [unit, period], wanted, weights, (unit, period))
    return _fit(read, [unit, period], wanted, f"fixed effects of {unit} and {period}")


def one_way_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    of: str = "unit",
    clusters: str | Sequence[str] | None = None,
    weights: str | None = None,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> PanelFit:
    """Regression with an effect of each unit (the within estimator), or of each period.

    Parameters
    ----------
    of
        `unit` or `period`. The others are as in `two_way_effects`, as are results and errors.
    """
    if of not in ("unit", "period"):
        raise UsageError("of must be unit or period: it is neither.")
    absorbed = unit if of == "unit" else period
    wanted = asked(clusters, small_sample, level, default=unit)
    read = _read(rows, outcome, covariates, [absorbed], wanted, weights, (unit, period))
    return _fit(read, [absorbed], wanted, f"fixed effects of {absorbed}")


def absorbed_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    absorb: Sequence[str],
    clusters: str | Sequence[str] | None = None,
    weights: str | None = None,
    small_sample: str = DEFAULT,
    level: float = 0.95,
) -> PanelFit:
    """Regression with the effects of any number of sets of groups, absorbed.

    Parameters
    ----------
    rows
        One row per observation: there may be several of one unit and period.
    absorb
        Columns that name groups. One or two sets are eliminated exactly; for more, linearmodels'
        `AbsorbingLS` does it.
    clusters
        The first of `absorb` unless named. The others are as in `two_way_effects`.

    Returns
    -------
    PanelFit
        `units` are the groups of the first of `absorb`; `periods` is 0, and there is no balance.
    """
    if not absorb:
        raise UsageError("absorb must name a column or more: without effects, use pooled.")
    wanted = asked(clusters, small_sample, level, default=absorb[0])
    read = _read(rows, outcome, covariates, absorb, wanted, weights, (absorb[0], None))
    return _fit(read, absorb, wanted, f"absorbed effects of {_and(absorb)}")


def _read(
    rows: pd.DataFrame,
    outcome: str,
    covariates: Sequence[str],
    absorbed: Sequence[str],
    wanted: Asked,
    weights: str | None,
    panel: tuple[str, str | None],
) -> PanelRows:
    """Rows as arrays, without those that are alone in a group."""
    unit, period = panel
    groups = [*absorbed, *wanted.clusters]
    read = read_model(
        rows, outcome, covariates, groups, unit=unit, period=period, weights=weights
    ).without_singletons(absorbed)
    if not len(read):
        raise MetricError(
            f"units must be seen more than once: every row is alone in its group of "
            f"{_and(absorbed)}. Use a model without these effects."
        )
    return read


def _fit(read: PanelRows, absorbed: Sequence[str], wanted: Asked, estimator: str) -> PanelFit:
    groups = {name: read.groups[name] for name in absorbed}
    left = within(read.values, [*groups.values()], read.weights)
    outcome, covariates = left.values[:, 0], left.values[:, 1:]
    refuse_useless(
        read.names[1:],
        read.values[:, 1:],
        covariates,
        absorbing=f"the effects of {_and(absorbed)}",
        otherwise="Leave it out, or use a model without these effects.",
    )
    moments = least_squares(read.names[1:], outcome, covariates, read.weights)
    rank = left.effects if len(groups) == 1 else rank_of([*groups.values()])
    assert np.isfinite(moments.estimates).all()
    return finish(estimator, read, moments, wanted, effects=groups, effects_rank=rank)


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
