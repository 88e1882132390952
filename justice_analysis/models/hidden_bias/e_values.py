"""E-values: how strong a hidden cause must be to explain a ratio away."""

from __future__ import annotations

import math
from dataclasses import dataclass

from justice_analysis.errors import UsageError


@dataclass(frozen=True)
class EValue:
    """Least strength of a hidden cause that explains a risk ratio away.

    Attributes
    ----------
    risk_ratio
        The ratio asked about, as given.
    estimate
        Risk ratio that the cause needs with treatment and with the outcome, both, to bring the
        estimate to 1; infinite for a ratio of 0.
    limit
        The same for the limit nearer to 1; 1 where the interval holds 1, missing where no limit
        was given.
    """

    risk_ratio: float
    estimate: float
    limit: float


def e_value(risk_ratio: float, *, lower: float | None = None, upper: float | None = None) -> EValue:
    """Least risk ratio of a hidden cause, with treatment and outcome, that explains a ratio away.

    Parameters
    ----------
    risk_ratio
        Ratio of two shares (or of two rates or, for a rare outcome, odds), 0 or above.
    lower, upper
        Its interval, if there is one.

    Returns
    -------
    EValue
        RR + sqrt(RR (RR - 1)), of the inverse ratio below 1.

    Raises
    ------
    UsageError
        If a ratio is below 0 or missing, or the limits do not enclose it.

    Notes
    -----
    VanderWeele and Ding (2017), Annals of Internal Medicine 167, 268-274.
    """
    given = [value for value in (lower, risk_ratio, upper) if value is not None]
    if not all(math.isfinite(v) and v >= 0 for v in given) or sorted(given) != given:
        raise UsageError("a risk ratio must be 0 or above and lie between its limits.")
    return EValue(risk_ratio, _strength(risk_ratio), _strength_of_limit(risk_ratio, lower, upper))


def e_value_of_shares(
    treated_share: float,
    comparison_share: float,
    *,
    lower: float | None = None,
    upper: float | None = None,
) -> EValue:
    """E-value of a difference of two shares, through their ratio.

    Parameters
    ----------
    treated_share, comparison_share
        Shares from 0 to 1; the comparison share above 0.
    lower, upper
        Interval of the difference, treated less comparison.

    Returns
    -------
    EValue
        Of the ratio of the shares; a limit of the difference becomes a ratio with the comparison
        share held as it is, an approximation that is good where the comparison group is large.

    Raises
    ------
    UsageError
        If a share is none, or the comparison share is 0: then no ratio exists.
    """
    shares = (treated_share, comparison_share)
    if not all(0 <= share <= 1 for share in shares) or comparison_share == 0:
        raise UsageError(
            "shares must lie from 0 to 1 and the comparison share be above 0: a ratio to 0 has "
            "no value."
        )
    limits = [
        None if limit is None else max((comparison_share + limit) / comparison_share, 0.0)
        for limit in (lower, upper)
    ]
    return e_value(treated_share / comparison_share, lower=limits[0], upper=limits[1])


def _strength(ratio: float) -> float:
    if ratio == 0:
        return math.inf
    larger = max(ratio, 1 / ratio)
    return larger + math.sqrt(larger * (larger - 1))


def _strength_of_limit(ratio: float, lower: float | None, upper: float | None) -> float:
    """E-value of the limit nearer to 1."""
    nearer = lower if ratio >= 1 else upper
    if nearer is None:
        return math.nan
    return 1.0 if (nearer <= 1) == (ratio >= 1) else _strength(nearer)
