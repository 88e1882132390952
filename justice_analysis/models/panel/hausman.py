"""Hausman's test: whether effects of units go along with the covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.models.panel.fixed_effects import one_way_effects
from justice_analysis.models.panel.rows import Real, read_rows
from justice_analysis.models.panel.small_sample import DEFAULT
from justice_analysis.models.panel.without_effects import random_effects

if TYPE_CHECKING:
    import pandas as pd

NOT_POSITIVE = (
    "The covariance of fixed less that of random effects is not positive definite: the statistic "
    "is no chi-squared here. Use correlated_effects."
)


@dataclass(frozen=True)
class HausmanTest:
    """Fixed against random effects.

    Attributes
    ----------
    statistic, df, p_value
        Chi-squared; a small p says that random effects are not to be trusted.
    terms
        Covariates compared.
    rule
        Under which errors the test holds.
    notes
        Whether it holds at all.
    """

    statistic: float
    df: int
    p_value: float
    terms: tuple[str, ...]
    rule: str
    notes: tuple[str, ...] = ()


def hausman(
    rows: pd.DataFrame, *, outcome: str, covariates: Sequence[str], unit: str, period: str
) -> HausmanTest:
    """Compare the within and the random-effects estimates of the same covariates.

    Parameters
    ----------
    rows, outcome, covariates, unit, period
        As in `two_way_effects`.

    Notes
    -----
    `(b_fe - b_re)' (V_fe - V_re)^-1 (b_fe - b_re)`, Hausman (1978), Econometrica 46, 1251-1271;
    its absolute value, as plm gives it. Both covariances are under `iid`. Where their difference
    is not positive definite, which happens often and which a note says, it proves nothing.
    """
    fixed, random = (
        estimator(
            rows,
            outcome=outcome,
            covariates=covariates,
            unit=unit,
            period=period,
            small_sample="iid",
        )
        for estimator in (one_way_effects, random_effects)
    )
    gap = fixed.table["estimate"].to_numpy() - random.table["estimate"].to_numpy()[1:]
    spread = fixed.covariance - random.covariance[1:, 1:]
    notes = () if np.linalg.eigvalsh(spread).min() > 0 else (NOT_POSITIVE,)
    return _chi_squared(gap, spread, fixed.terms, "iid: errors equal and independent", notes)


def correlated_effects(
    rows: pd.DataFrame,
    *,
    outcome: str,
    covariates: Sequence[str],
    unit: str,
    period: str,
    clusters: str | Sequence[str] | None = None,
    small_sample: str = DEFAULT,
) -> HausmanTest:
    """Test the same by regression: whether units' means tell more than the rows do.

    Parameters
    ----------
    rows, outcome, covariates, unit, period, clusters, small_sample
        As in `two_way_effects`.

    Notes
    -----
    Random effects with the unit means of every covariate that has means of its own; the test that
    all of their coefficients are 0 (Mundlak 1978, Econometrica 46, 69-85). It always has a
    positive covariance and holds under clustered errors. Covariates whose means are the same in
    every unit (a period's indicator in a balanced panel) are compared with nothing.
    """
    read_rows(rows, numeric=[outcome, *covariates], groups=[unit, period])  # or says what is wrong
    complete = rows.dropna(subset=[outcome, *covariates, unit, period])
    means = complete.groupby(unit)[list(covariates)].transform("mean")
    varying = [name for name in covariates if means[name].std() > 1e-9 * means[name].abs().max()]
    if not varying:
        raise MetricError("no covariate differs between units in its mean: nothing to compare.")
    named = {name: f"mean of {name}" for name in varying}
    fit = random_effects(
        complete.assign(**{named[name]: means[name] for name in varying}),
        outcome=outcome,
        covariates=[*covariates, *named.values()],
        unit=unit,
        period=period,
        clusters=clusters,
        small_sample=small_sample,
    )
    places = [fit.terms.index(name) for name in named.values()]
    gap = fit.table["estimate"].to_numpy()[places]
    spread = fit.covariance[np.ix_(places, places)]
    return _chi_squared(gap, spread, tuple(varying), fit.rule, fit.notes)


def _chi_squared(
    gap: Real, spread: Real, terms: tuple[str, ...], rule: str, notes: tuple[str, ...]
) -> HausmanTest:
    from scipy.stats import chi2

    statistic = abs(float(gap @ np.linalg.solve(spread, gap)))
    p_value = float(chi2.sf(statistic, len(gap)))
    return HausmanTest(statistic, len(gap), p_value, terms, rule, notes)
