"""Ratios of two groups pooled over strata, after Mantel and Haenszel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.models.counts import Real
from justice_analysis.models.curves import normal_quantile
from justice_analysis.models.ratios import _pairs


@dataclass(frozen=True)
class PooledRatio:
    """One ratio for all strata.

    Attributes
    ----------
    measure
        "odds ratio" or "rate ratio".
    estimate, lower, upper, standard_error
        The ratio, its interval, and the standard error of its logarithm.
    statistic, p_value
        Mantel and Haenszel's chi-squared of parity, one degree of freedom, no continuity
        correction; `None` where everyone has the outcome.
    homogeneity, homogeneity_degrees, homogeneity_p_value
        Test that the ratio is the same in every stratum: Breslow and Day's with Tarone's
        correction for odds, Cochran's Q of the logarithms for rates. `None` where fewer than two
        strata can tell.
    strata, strata_used
        Strata given, and those that hold people of both groups.
    events, people, reference_events, reference_people
        Sums over the strata used.
    """

    measure: str
    estimate: float
    lower: float
    upper: float
    standard_error: float
    statistic: float | None
    p_value: float | None
    homogeneity: float | None
    homogeneity_degrees: int
    homogeneity_p_value: float | None
    strata: int
    strata_used: int
    events: int
    people: int
    reference_events: int
    reference_people: int
    level: float


def mantel_haenszel(
    events: ArrayLike,
    people: ArrayLike,
    reference_events: ArrayLike,
    reference_people: ArrayLike,
    *,
    measure: Literal["odds ratio", "rate ratio"] = "odds ratio",
    level: float = 0.95,
) -> PooledRatio:
    """Ratio of a group to a reference group with strata held fixed.

    Parameters
    ----------
    events, people, reference_events, reference_people
        As in `rate_ratio`, one element per stratum, shape (strata,).
    measure
        "odds ratio", with the variance of Robins, Breslow and Greenland (1986), or "rate ratio"
        (of shares), with that of Greenland and Robins (1985).
    level
        Level of the interval, on the log scale.

    Raises
    ------
    MetricError
        If no stratum holds people of both groups, or the ratio is 0 or has no value in all of
        them together.
    """
    a, n, b, m, reason = (
        np.atleast_1d(column) for column in _pairs(events, people, reference_events,
                                                   reference_people)
    )  # fmt: skip
    used = reason == ""
    if not used.any():
        raise MetricError("a pooled ratio needs a stratum with people of both groups: none has.")
    a, n, b, m = a[used], n[used], b[used], m[used]
    if measure == "odds ratio":
        estimate, variance = _pooled_odds(a, n - a, b, m - b)
        homogeneity = _breslow_day_tarone(a, n, b, m, estimate)
    elif measure == "rate ratio":
        estimate, variance = _pooled_rates(a, n, b, m)
        homogeneity = _cochran_q(a, n, b, m)
    else:
        raise OptionError('measure must be "odds ratio" or "rate ratio".')
    margin = normal_quantile(level) * np.sqrt(variance)
    statistic, p_value = _parity(a, n, b, m)
    return PooledRatio(
        measure, estimate, float(estimate * np.exp(-margin)), float(estimate * np.exp(margin)),
        float(np.sqrt(variance)), statistic, p_value, *homogeneity, len(used), int(used.sum()),
        int(a.sum()), int(n.sum()), int(b.sum()), int(m.sum()), level,
    )  # fmt: skip


def _pooled_odds(a: Real, b: Real, c: Real, d: Real) -> tuple[float, float]:
    """Pooled odds ratio and the variance of its logarithm (Robins, Breslow and Greenland)."""
    total = a + b + c + d
    r, s = a * d / total, b * c / total
    _refuse_no_ratio(r.sum(), s.sum())
    p, q = (a + d) / total, (b + c) / total
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    return float(r.sum() / s.sum()), float(variance)


def _pooled_rates(a: Real, n: Real, b: Real, m: Real) -> tuple[float, float]:
    """Pooled ratio of shares and the variance of its logarithm (Greenland and Robins)."""
    total = n + m
    r, s = a * m / total, b * n / total
    _refuse_no_ratio(r.sum(), s.sum())
    spread = (n * m * (a + b) - a * b * total) / total**2
    return float(r.sum() / s.sum()), float(spread.sum() / (r.sum() * s.sum()))


def _refuse_no_ratio(above: float, below: float) -> None:
    if above == 0 or below == 0:
        raise MetricError(
            "a pooled ratio needs, in strata with both groups, people with and people without "
            "the outcome in each group: they are missing. Leave the ratio out or join strata."
        )


def _parity(a: Real, n: Real, b: Real, m: Real) -> tuple[float | None, float | None]:
    from scipy.special import chdtrc

    total, events = n + m, a + b
    expected = events * n / total
    spread = np.where(
        total > 1, events * (total - events) * n * m / (total**2 * np.maximum(total - 1, 1)), 0.0
    )
    if spread.sum() == 0:
        return None, None
    statistic = float((a - expected).sum() ** 2 / spread.sum())
    return statistic, float(chdtrc(1, statistic))


def _breslow_day_tarone(
    a: Real, n: Real, b: Real, m: Real, odds: float
) -> tuple[float | None, int, float | None]:
    events = a + b
    tells = (events > 0) & (events < n + m)
    a, n, m, events = a[tells], n[tells], m[tells], events[tells]
    expected = _expected_at(odds, n, m, events)
    cells = np.stack([expected, n - expected, events - expected, m - events + expected])
    spread = 1 / (1 / cells).sum(axis=0)
    statistic = ((a - expected) ** 2 / spread).sum() - (a - expected).sum() ** 2 / spread.sum()
    return _chi_squared(float(statistic), len(a) - 1)


def _expected_at(odds: float, n: Real, m: Real, events: Real) -> Real:
    """Events of the group in each stratum if the odds ratio were `odds` and margins fixed."""
    if np.isclose(odds, 1.0, rtol=1e-9):
        return np.asarray(events * n / (n + m))
    square, linear = 1 - odds, m - events + odds * (n + events)
    root = np.sqrt(linear**2 + 4 * square * odds * n * events)
    return np.asarray(2 * odds * n * events / (linear + root))


def _cochran_q(a: Real, n: Real, b: Real, m: Real) -> tuple[float | None, int, float | None]:
    tells = (a > 0) & (b > 0) & ((a < n) | (b < m))
    a, n, b, m = a[tells], n[tells], b[tells], m[tells]
    logarithm = np.log(a / n) - np.log(b / m)
    weight = 1 / (1 / a + 1 / b - 1 / n - 1 / m)
    if len(a) < 2:
        return None, 0, None
    centre = (weight * logarithm).sum() / weight.sum()
    return _chi_squared(float((weight * (logarithm - centre) ** 2).sum()), len(a) - 1)


def _chi_squared(statistic: float, degrees: int) -> tuple[float | None, int, float | None]:
    from scipy.special import chdtrc

    if degrees < 1:
        return None, 0, None
    return max(statistic, 0.0), degrees, float(chdtrc(degrees, max(statistic, 0.0)))
