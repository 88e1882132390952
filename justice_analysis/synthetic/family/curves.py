"""The planted probability of return by day since issue, overall and by age of the mother.

The overall curve is a Weibull through the two published points, with the first months thinned
so that the published share of returns falls before the earlier set's final order. Age groups
have proportional hazards whose mixture is exactly the overall curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import DAYS_PER_YEAR

Floats = NDArray[np.float64]
_PUBLISHED_WINDOW_ENDS = np.datetime64("2016-04-01")


@dataclass(frozen=True)
class ReturnCurves:
    """Planted survival by whole day since issue: index 0 is the day of issue.

    `overall` has shape (days,), `by_age` (age groups, days). `thinning_years` is the length of
    the thinned early stretch; `hazards` are relative to the common baseline.
    """

    overall: Floats
    by_age: Floats
    hazards: Floats
    thinning_years: float
    frailty_variance: float

    def returned(self, years: float, age_group: int | None = None) -> float:
        """Planted probability of return by so many years."""
        curve = self.overall if age_group is None else self.by_age[age_group]
        return float(1 - curve[_day(years)])

    def draw_days(
        self, uniform: Floats, age_group: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Days to return for uniform draws of survival; the second array says who returns."""
        days = np.zeros(len(uniform), dtype=np.int64)
        for group, curve in enumerate(self.by_age):
            chosen = age_group == group
            # The smallest day on which survival is at or below the draw.
            days[chosen] = len(curve) - np.searchsorted(curve[::-1], uniform[chosen], "right")
        return days, days < self.by_age.shape[1]


def _day(years: float) -> int:
    return int(years * DAYS_PER_YEAR)


def return_curves(parameters: WorldParameters) -> ReturnCurves:
    """Solve the planted curves from the published targets.

    Returns
    -------
    ReturnCurves
        Survival by day to the last day that could be observed.
    """
    span = (np.datetime64(parameters.extract_date) - np.datetime64(parameters.starts)).astype(int)
    days = np.arange(int(span) + 2)
    thinning = _solve_thinning(parameters, days)
    overall = np.exp(-_cumulative_hazard(parameters, days, thinning))
    shares = np.array(parameters.age_shares)
    hazards = _solve_hazards(parameters, overall[_day(10)], shares)
    baseline = _mixture_baseline(overall, shares, hazards)
    by_age = np.exp(-np.outer(hazards, baseline))
    return ReturnCurves(overall, by_age, hazards, thinning, parameters.frailty_variance)


def _cumulative_hazard(
    parameters: WorldParameters, days: NDArray[np.int64], thinning_years: float
) -> Floats:
    """Weibull through the two published points, thinned early, nil before the earliest day."""
    open_years = np.maximum(days - parameters.earliest_return_days + 1, 0) / DAYS_PER_YEAR
    # Squared, so that what is thinned before the first final order is soon caught up: published
    # is 25% before it and a further 35% within a year.
    thinned = -np.expm1(-((open_years / thinning_years) ** 2))
    five, ten = (
        -np.log1p(-target) / thinned[_day(years)]
        for years, target in (
            (5, parameters.mothers_return_5y),
            (10, parameters.mothers_return_10y),
        )
    )
    shape = np.log(ten / five) / np.log(2)
    return five * (days / DAYS_PER_YEAR / 5) ** shape * thinned


def _solve_thinning(parameters: WorldParameters, days: NDArray[np.int64]) -> float:
    """Bisect the length of the thinned stretch: the longer it is, the fewer return early."""
    short, long = 0.01, 3.0
    for _ in range(40):
        middle = (short + long) / 2
        curve = -np.expm1(-_cumulative_hazard(parameters, days, middle))
        if _share_before_final_order(parameters, curve) > parameters.before_final_order:
            short = middle
        else:
            long = middle
    return (short + long) / 2


def _share_before_final_order(parameters: WorldParameters, returned: Floats) -> float:
    """Share of first returns seen in the published window that precede the final order."""
    issues = np.arange(np.datetime64(parameters.starts), _PUBLISHED_WINDOW_ENDS, 30)
    seen_days = (_PUBLISHED_WINDOW_ENDS - issues).astype(np.int64) - 1
    mean_weeks = mean_duration_weeks(parameters, issues)
    quantiles = np.linspace(0.005, 0.995, 100)
    durations = np.outer(mean_weeks * 7, lognormal_quantiles(quantiles, parameters.weeks_spread))
    # A return issued on the day of the final order is not before it.
    early_days = np.minimum(durations.round().astype(np.int64) - 1, seen_days[:, None])
    weight = yearly_weights(parameters, issues)
    early = (returned[np.maximum(early_days, 0)].mean(axis=1) * weight).sum()
    return float(early / (returned[seen_days] * weight).sum())


def lognormal_quantiles(quantiles: Floats, spread: float) -> Floats:
    """Quantiles of a lognormal with mean 1."""
    from statistics import NormalDist

    normal = np.array([NormalDist().inv_cdf(q) for q in quantiles])
    return np.exp(spread * normal - spread**2 / 2)


def mean_duration_weeks(parameters: WorldParameters, issues: NDArray[np.datetime64]) -> Floats:
    """Mean weeks to the final order by date of issue, on straight lines between known years."""
    years, weeks = zip(*parameters.mean_weeks, strict=True)
    year = 1970 + issues.astype("datetime64[D]").astype(np.int64) / DAYS_PER_YEAR
    return np.interp(year, years, weeks)


def yearly_weights(parameters: WorldParameters, issues: NDArray[np.datetime64]) -> Floats:
    """Relative number of first sets issued on each date."""
    elapsed = (issues - np.datetime64(parameters.starts)).astype(np.int64) / DAYS_PER_YEAR
    return (1 + parameters.yearly_growth) ** np.floor(elapsed)


def _solve_hazards(parameters: WorldParameters, overall_10y: float, shares: Floats) -> Floats:
    """Raise or lower the youngest group's hazard until its target at ten years is met."""
    hazards = np.array(parameters.age_hazards, dtype=float)
    low, high = 0.5, 4.0
    for _ in range(50):
        hazards[0] = (low + high) / 2
        baseline = _mixture_baseline(np.array([overall_10y]), shares, hazards)[0]
        if -np.expm1(-hazards[0] * baseline) > parameters.under_20_return_10y:
            high = hazards[0]
        else:
            low = hazards[0]
    return hazards


def _mixture_baseline(overall: Floats, shares: Floats, hazards: Floats) -> Floats:
    """Baseline cumulative hazard whose mixture over age groups is the overall survival."""
    baseline = -np.log(overall) / (shares @ hazards)
    for _ in range(12):
        survival = np.exp(-np.outer(hazards, baseline))
        gap = shares @ survival - overall
        baseline = baseline + gap / ((shares * hazards) @ survival)
    return baseline


def fathers_stay(
    parameters: WorldParameters, curves: ReturnCurves, *, later: bool
) -> tuple[float, float]:
    """Share of mothers' returns that name the earlier father, up to five years and after.

    A father's return is the mother's return that names him again. For a man first named at a
    return (`later`), the mother's next return is likelier than a first one (shared frailty),
    so his share is smaller and his own probability of return still meets the target.
    """
    five, ten = curves.returned(5), curves.returned(10)
    if later:
        five, ten = (_again(curves, value) for value in (five, ten))
    first = parameters.fathers_return_5y / five
    second = (parameters.fathers_return_10y - parameters.fathers_return_5y) / (ten - five)
    return first, second


def _again(curves: ReturnCurves, returned: float) -> float:
    """Probability of a further return by then, given one within ten years (Clayton copula)."""
    theta, first = curves.frailty_variance, 1 - curves.returned(10)
    second = 1 - returned
    if theta == 0:
        return returned
    both = (first**-theta + second**-theta - 1) ** (-1 / theta)
    return (1 - first - second + both) / (1 - first)
