"""Balance of two groups before and after matching: how unlike they are, characteristic by one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import OptionError
from justice_analysis.models.counts import Real
from justice_analysis.models.differences import effective_people
from justice_analysis.models.weighted_sides import Sides, number_columns, two_sides

if TYPE_CHECKING:
    import pandas as pd

GREEN, AMBER, RED, NOT_RATED = "green", "amber", "red", "not rated"
NO_SPREAD = "the same for everyone: there is nothing to balance"
NO_TREATED_SPREAD = "the same for all treated people: in standard deviations of both groups"
ALONE = "one person alone on one side: no standard deviation"
APART = "one value among the treated and another among the rest: no number of standard deviations"
NO_VARIANCE = 1e-16
"""A variance below this share of the characteristic's mean square is none."""

Standard = Literal["treated", "pooled"]


@dataclass(frozen=True, eq=False)
class BalanceTable:
    """How unlike treated and comparison people are, before and after matching.

    Attributes
    ----------
    table
        One row per characteristic: `characteristic`; `treated_mean`, `comparison_mean` of
        everyone, `treated_mean_matched`, `comparison_mean_matched` with the weights;
        `difference_before`, `difference_after` in standard deviations; `variance_ratio_before`,
        `variance_ratio_after` (treated over comparison; missing for yes-or-no characteristics,
        whose variance follows from the mean); `ecdf_mean_before`, `ecdf_max_before`,
        `ecdf_mean_after`, `ecdf_max_after` (distance of the two cumulative distributions over
        the values that occur); `treated_with`, `comparison_with` (people with a yes-or-no
        characteristic, else people whose value is known); `rating_before`, `rating`; `reason`,
        why a difference is missing or measured otherwise, else an empty text.
    treated_people, comparison_people
        People before matching.
    matched_treated, matched_comparison
        People with a weight above 0.
    effective_treated, effective_comparison
        As many unweighted people as would tell as much (Kish).
    standard, green, amber
        What a difference is measured in, and the largest that is rated green, then amber.
    """

    table: pd.DataFrame
    treated_people: int
    comparison_people: int
    matched_treated: int
    matched_comparison: int
    effective_treated: float
    effective_comparison: float
    standard: str
    green: float
    amber: float

    @property
    def worst(self) -> str:
        """The characteristic with the largest difference after matching; empty if none has one."""
        size = self.table["difference_after"].abs().to_numpy()
        apart = (self.table["reason"] == APART).to_numpy()
        size = np.where(apart, np.inf, size)
        if not len(size) or np.isnan(size).all():
            return ""
        return str(self.table["characteristic"].iloc[int(np.nanargmax(size))])

    @property
    def ratings(self) -> Mapping[str, int]:
        """How many characteristics are green, amber, red and not rated after matching."""
        found = self.table["rating"].value_counts()
        return {name: int(found.get(name, 0)) for name in (GREEN, AMBER, RED, NOT_RATED)}


def balance(
    covariates: pd.DataFrame,
    treated: ArrayLike,
    weights: ArrayLike,
    *,
    standard: Standard = "treated",
    green: float = 0.05,
    amber: float = 0.10,
) -> BalanceTable:
    """Standardised differences, variance ratios and distances of distributions.

    Parameters
    ----------
    covariates
        One row per person and one column of numbers per characteristic, each known for
        everyone; a category stands as an indicator of each of its values.
    treated
        Whether each person was treated, shape (n,).
    weights
        0 for people left out by the matching, shape (n,).
    standard
        Standard deviation, before matching, that differences are measured in: "treated" (for
        the effect on the treated) or "pooled", the root of the mean variance of both groups (for
        the effect on everyone).
    green, amber
        Largest size of a difference that is rated green, and amber; above, it is red. The
        defaults, 5% and 10%, are assumed: they are remembered as the Justice Data Lab's and have
        not been read in a publication of it.

    Returns
    -------
    BalanceTable
        A characteristic that is the same for everyone is not rated, and says so.

    Raises
    ------
    UsageError
        If columns, treated and weights do not fit together or are not numbers.
    MetricError
        If nobody is left on one side.

    Notes
    -----
    As `summary` of R MatchIt 4.7 does (Ho, Imai, King and Stuart 2011, Journal of Statistical
    Software 42(8)): the variance of a yes-or-no characteristic is p (1 - p); weighted variances
    are divided by 1 - sum(w^2), with weights that sum to 1.
    """
    if not 0 <= green <= amber:
        raise OptionError("the largest green difference must not be above the largest amber one.")
    if standard not in ("treated", "pooled"):
        raise OptionError('standard must be "treated" or "pooled".')
    before = two_sides(treated, np.ones(np.asarray(treated).shape))
    after = two_sides(treated, weights)
    names, columns = number_columns(covariates, len(before.is_treated))
    rows = [
        _characteristic(name, column, before, after, standard, (green, amber))
        for name, column in zip(names, columns, strict=True)
    ]
    return BalanceTable(
        _framed(rows),
        before.treated_people, before.comparison_people,
        after.treated_people, after.comparison_people,
        effective_people(after.treated), effective_people(after.comparison),
        standard, green, amber,
    )  # fmt: skip


def _framed(rows: list[dict[str, object]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)


def _characteristic(
    name: str, values: Real, before: Sides, after: Sides, standard: Standard,
    limits: tuple[float, float],
) -> dict[str, object]:  # fmt: skip
    """One row of the table."""
    is_binary = bool(np.isin(values, (0.0, 1.0)).all())
    spread, reason = _standard_deviation(values, before, is_binary, standard)
    order = np.argsort(values, kind="stable")
    row: dict[str, object] = {"characteristic": name}
    differences = []
    for when, sides in (("before", before), ("after", after)):
        ending = "" if when == "before" else "_matched"
        own, other = sides.means(values)
        row[f"treated_mean{ending}"], row[f"comparison_mean{ending}"] = own, other
        differences.append(_over(own - other, spread))
        row[f"difference_{when}"] = differences[-1]
        row[f"variance_ratio_{when}"] = math.nan if is_binary else _variance_ratio(values, sides)
        mean, largest = _cdf_distance(values, order, sides, is_binary)
        row[f"ecdf_mean_{when}"], row[f"ecdf_max_{when}"] = mean, largest
    counted = values == 1 if is_binary else np.ones(values.shape, dtype=bool)
    row["treated_with"] = int((counted & before.is_treated).sum())
    row["comparison_with"] = int((counted & ~before.is_treated).sum())
    row["rating_before"] = _rating(differences[0], reason, limits)
    row["rating"] = _rating(differences[1], reason, limits)
    return {**row, "reason": reason}


def _standard_deviation(
    values: Real, before: Sides, is_binary: bool, standard: Standard
) -> tuple[float, str]:
    """Standard deviation that a difference is measured in, and what is special about it."""
    own, other = (_variance(values, w, is_binary) for w in (before.treated, before.comparison))
    least = NO_VARIANCE * float(np.mean(values**2))
    pooled = math.sqrt((own + other) / 2)
    if math.isnan(own) or (standard == "pooled" and math.isnan(other)):
        return math.nan, ALONE
    if own <= least and other <= least:
        first, second = before.means(values)
        return math.nan, NO_SPREAD if (first - second) ** 2 <= least else APART
    if standard == "pooled":
        return pooled, ""
    return (pooled, NO_TREATED_SPREAD) if own <= least else (math.sqrt(own), "")


def _variance(values: Real, weights: Real, is_binary: bool) -> float:
    """Variance with weights that need not sum to 1; missing if one person alone has weight."""
    share = weights / weights.sum()
    mean = float((share * values).sum())
    if is_binary:
        return max(mean * (1 - mean), 0.0)  # a mean of ones may round to above 1
    left = 1 - float((share**2).sum())
    return float((share * (values - mean) ** 2).sum()) / left if left > 1e-12 else math.nan


def _variance_ratio(values: Real, sides: Sides) -> float:
    own, other = (_variance(values, w, False) for w in (sides.treated, sides.comparison))
    return own / other if other > 0 and not math.isnan(own) else math.nan


def _cdf_distance(
    values: Real, order: NDArray[np.intp], sides: Sides, is_binary: bool
) -> tuple[float, float]:
    """Mean and largest distance of the cumulative distributions, over the values that occur."""
    if is_binary:
        own, other = sides.means(values)
        return abs(own - other), abs(own - other)
    gap = sides.treated / sides.treated.sum() - sides.comparison / sides.comparison.sum()
    ordered = values[order]
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    distance = np.abs(np.cumsum(gap[order]))[is_last]
    return float(distance.mean()), float(distance.max())


def _rating(difference: float, reason: str, limits: tuple[float, float]) -> str:
    if reason in (NO_SPREAD, ALONE):
        return NOT_RATED
    size = math.inf if math.isnan(difference) else abs(difference)
    return GREEN if size <= limits[0] else AMBER if size <= limits[1] else RED


def _over(gap: float, spread: float) -> float:
    return gap / spread if spread > 0 else math.nan
