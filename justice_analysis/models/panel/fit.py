"""Least squares on the transformed rows of a panel, and the result that every model gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import UsageError
from justice_analysis.models.panel.rows import PanelRows, Real, Whole
from justice_analysis.models.panel.small_sample import (
    Sample,
    Spread,
    check_rule,
    is_clustered,
    spread_of,
)

if TYPE_CHECKING:
    import pandas as pd

INTERCEPT = "intercept"


@dataclass(frozen=True)
class PanelFit:
    """A fitted model of a panel.

    Attributes
    ----------
    estimator
        What it is, in words.
    table
        One row per term: `term`, `estimate`, `standard_error`, `lower`, `upper`, `p_value`.
    covariance
        Of the estimates, in the table's order, shape `(k, k)`.
    rule
        The small-sample rule of the errors, in words and numbers.
    small_sample
        Its name.
    observations, units, periods
        Rows, units and periods that were used.
    clusters
        Clusters of each set; empty where errors are not clustered.
    residual_df
        Rows less all parameters, absorbed effects among them.
    is_balanced
        Whether every unit has every period.
    left_out
        Rows left out because a value was missing.
    singletons
        Rows left out because they were alone in a group whose effect is absorbed.
    notes
        What a reader should know: unbalanced, rows left out, few clusters.
    """

    estimator: str
    outcome: str
    table: pd.DataFrame
    covariance: Real = field(repr=False)
    rule: str
    small_sample: str
    observations: int
    units: int
    periods: int
    clusters: tuple[int, ...]
    residual_df: int
    is_balanced: bool
    left_out: int = 0
    singletons: int = 0
    level: float = 0.95
    notes: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Terms, in the table's order."""
        return tuple(self.table["term"])

    @property
    def people(self) -> int:
        """Units: people, in a panel of people."""
        return self.units

    def estimate(self, term: str) -> float:
        """The estimate of a term."""
        return float(self._of(term, "estimate"))

    def standard_error(self, term: str) -> float:
        """The standard error of a term."""
        return float(self._of(term, "standard_error"))

    def _of(self, term: str, column: str) -> float:
        if term not in self.terms:
            raise UsageError(f"the model has no term {term}: it has {', '.join(self.terms)}.")
        return float(self.table[column].iloc[self.terms.index(term)])


@dataclass(frozen=True)
class Asked:
    """What a model is asked for beside its data: errors, their rule and the level of intervals."""

    clusters: tuple[str, ...]
    small_sample: str
    level: float = 0.95

    def __post_init__(self) -> None:
        check_rule(self.small_sample, self.clusters)
        if not 0 < self.level < 1:
            raise UsageError("level must lie between 0 and 1, as 0.95 does.")


def asked(
    clusters: str | Sequence[str] | None, small_sample: str, level: float, *, default: str | None
) -> Asked:
    """Clusters as a tuple: those named, else the default; none under a rule without clusters."""
    if not is_clustered(small_sample) and clusters:
        raise UsageError(f"{small_sample} errors read no clusters: leave clusters out.")
    named = (clusters,) if isinstance(clusters, str) else tuple(clusters or ())
    if not named and is_clustered(small_sample):
        if default is None:
            raise UsageError("clustered errors need clusters: name one column or two.")
        named = (default,)
    return Asked(named, small_sample, level)


@dataclass(frozen=True)
class Moments:
    """What covariance and table are made from, after estimation.

    Attributes
    ----------
    estimates
        Shape `(k,)`.
    projected
        Covariates (of two stages: their projections) times the roots of weights, `(n, k)`.
    residuals
        Times the roots of weights, `(n,)`.
    bread
        Inverse of the cross product of `projected` and the covariates, `(k, k)`; of `projected`
        with itself where it is missing.
    """

    terms: tuple[str, ...]
    estimates: Real
    projected: Real
    residuals: Real
    bread: Real | None = None


def least_squares(
    terms: Sequence[str], outcome: Real, covariates: Real, weights: Real | None = None
) -> Moments:
    """Least squares by QR; `(n,)` and `(n, k)`."""
    root = None if weights is None else np.sqrt(weights)
    y = outcome if root is None else outcome * root
    x = covariates if root is None else covariates * root[:, None]
    q, r = np.linalg.qr(x)
    estimates = np.linalg.solve(r, q.T @ y)
    return Moments(tuple(terms), estimates, x, y - x @ estimates, _from_triangle(r))


def finish(
    estimator: str,
    rows: PanelRows,
    moments: Moments,
    wanted: Asked,
    *,
    effects: Mapping[str, Whole] | None = None,
    effects_rank: int = 0,
    clusters: Mapping[str, Whole] | None = None,
    notes: Sequence[str] = (),
) -> PanelFit:
    """Errors, intervals and what to say, for a model whose slopes are estimated.

    Parameters
    ----------
    effects, effects_rank
        Absorbed groups and how many effects they are.
    clusters
        Codes of clusters where rows are not those of `rows` (differences, means of units).
    """
    found = clusters or {name: rows.groups[name] for name in wanted.clusters}
    sample = Sample(len(moments.residuals), len(moments.terms), effects or {}, found, effects_rank)
    spread = spread_of(
        moments.projected * moments.residuals[:, None],
        _inverse(moments.projected) if moments.bread is None else moments.bread,
        moments.residuals,
        sample,
        wanted.small_sample,
    )
    return PanelFit(
        estimator=estimator,
        outcome=rows.names[0],
        table=coefficients(moments.terms, moments.estimates, spread, wanted.level),
        covariance=spread.covariance,
        rule=spread.rule,
        small_sample=wanted.small_sample,
        observations=sample.rows,
        units=rows.count(rows.unit),
        periods=rows.count(rows.period),
        clusters=sample.cluster_counts,
        residual_df=sample.residual_df,
        is_balanced=rows.is_balanced,
        left_out=rows.left_out,
        singletons=rows.singletons,
        level=wanted.level,
        notes=(*_notes(rows), *notes, *spread.notes),
    )


def coefficients(
    terms: Sequence[str], estimates: Real, spread: Spread, level: float
) -> pd.DataFrame:
    """Table of estimates with intervals and p-values by t."""
    import pandas as pd
    from scipy.stats import t

    errors = np.sqrt(np.diag(spread.covariance))
    reach = t.ppf(0.5 + level / 2, spread.df) * errors
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has no error
        ratio = np.abs(estimates) / errors
    return pd.DataFrame(
        {
            "term": list(terms),
            "estimate": estimates,
            "standard_error": errors,
            "lower": estimates - reach,
            "upper": estimates + reach,
            "p_value": 2 * t.sf(ratio, spread.df),
        }
    )


def _inverse(projected: Real) -> Real:
    return _from_triangle(np.linalg.qr(projected)[1])


def _from_triangle(r: Real) -> Real:
    """Inverse of the cross product of columns whose QR has this triangle."""
    half = np.linalg.solve(r, np.eye(len(r)))
    return np.asarray(half @ half.T)


def _notes(rows: PanelRows) -> list[str]:
    notes = []
    if rows.left_out:
        notes.append(f"{rows.left_out:,} rows were left out because a value was missing.")
    if rows.singletons:
        notes.append(
            f"{rows.singletons:,} rows were left out because they were alone in their group."
        )
    if rows.unit is not None and rows.period is not None and not rows.is_balanced:
        notes.append(
            f"The panel is unbalanced: {len(rows):,} rows of "
            f"{rows.count(rows.unit) * rows.count(rows.period):,} that there could be."
        )
    return notes
