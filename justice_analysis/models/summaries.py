"""Numbers that sum a survival curve up: restricted mean and quantiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import OptionError
from justice_analysis.models.counts import Whole
from justice_analysis.models.curves import is_observed_on, normal_quantile, over
from justice_analysis.models.kaplan_meier import SurvivalCurve


@dataclass(frozen=True)
class RestrictedMean:
    """Mean days without the event within the first `horizon` days."""

    horizon: int
    mean: float
    standard_error: float
    lower: float
    upper: float
    people: int


@dataclass(frozen=True)
class Quantile:
    """Day by which a share of people has had the event; `None` where the curve stays above."""

    share: float
    day: int | None
    lower: int | None
    upper: int | None
    people: int


def restricted_mean(curve: SurvivalCurve, horizon: int) -> RestrictedMean:
    """Mean days without the event within a horizon: the area under the survival curve.

    Parameters
    ----------
    curve
        From `kaplan_meier`; its level is used for the interval, which is the plain one.
    horizon
        Days, above 0 and within follow-up.

    Returns
    -------
    RestrictedMean
        Variance: the sum over days of A(s)^2 d / (n (n - d)), where A(s) is the area from day s
        to the horizon (as printed by R's survfit with `rmean`).

    Raises
    ------
    OptionError
        If the horizon is not above 0 or follow-up ends before it.
    """
    if horizon <= 0 or not is_observed_on(curve, np.array([horizon])).all():
        raise OptionError("horizon must be above 0 and within follow-up: it is not. Shorten it.")
    within = curve.time < horizon
    edges = np.concatenate([[0], curve.time[within], [horizon]])
    heights = np.concatenate([[1.0], curve.survival[within]])
    areas = heights * np.diff(edges)
    area_after = np.cumsum(areas[::-1])[::-1][1:]
    events, at_risk = curve.counts.all_events[within], curve.at_risk[within].astype(np.float64)
    variance = (area_after**2 * over(events, at_risk * (at_risk - events))).sum()
    mean, error = float(areas.sum()), float(np.sqrt(variance))
    margin = normal_quantile(curve.level) * error
    lower, upper = max(mean - margin, 0.0), min(mean + margin, float(horizon))
    return RestrictedMean(horizon, mean, error, lower, upper, curve.counts.people)


def quantile(curve: SurvivalCurve, share: float = 0.5) -> Quantile:
    """Day by which a share of people has had the event; the median by default.

    Parameters
    ----------
    curve
        From `kaplan_meier`.
    share
        Share with the event, between 0 and 1.

    Returns
    -------
    Quantile
        First day on which survival is 1 - share or less. (Where the curve runs exactly at
        1 - share for a while, R gives the middle of that stretch, this its first day.) The
        interval holds the days at which the curve's own pointwise interval crosses 1 - share
        (Brookmeyer and Crowley 1982); a limit that is not reached is `None`.
    """
    if not 0 < share < 1:
        raise OptionError("share must lie between 0 and 1, such as 0.5 for the median.")
    target = 1.0 - share + 1e-12  # a product of fractions may sit a rounding error above it
    day, lower, upper = (
        _first_day(curve.time, column <= target)
        for column in (curve.survival, curve.lower, curve.upper)
    )
    return Quantile(share, day, lower, upper, curve.counts.people)


def _first_day(time: Whole, reached: np.ndarray) -> int | None:
    return int(time[np.argmax(reached)]) if reached.any() else None
