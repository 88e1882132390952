"""Treated and comparison people with their weights, and the checks of what is given for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import MetricError, UsageError, listed
from justice_analysis.models.columns import not_binary, not_numbers, refuse_lengths
from justice_analysis.models.counts import Real

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Sides:
    """Two groups of people as weights of shape (n,), each 0 for the people of the other."""

    is_treated: NDArray[np.bool_]
    treated: Real
    comparison: Real

    @property
    def has_weight(self) -> NDArray[np.bool_]:
        """Whether each person counts on either side."""
        return np.asarray((self.treated + self.comparison) > 0)

    @property
    def people(self) -> int:
        """People with a weight on either side."""
        return self.treated_people + self.comparison_people

    @property
    def treated_people(self) -> int:
        """Treated people with a weight."""
        return int((self.treated > 0).sum())

    @property
    def comparison_people(self) -> int:
        """Comparison people with a weight."""
        return int((self.comparison > 0).sum())

    def means(self, values: Real) -> tuple[float, float]:
        """Weighted mean of each side."""
        # Sums, as products of long vectors make BLAS wait for busy cores.
        own = float((self.treated * values).sum() / self.treated.sum())
        return own, float((self.comparison * values).sum() / self.comparison.sum())


def two_sides(treated: ArrayLike, weights: ArrayLike, *, both: bool = True) -> Sides:
    """Split weights by treatment; refuses what is no weight, and an empty side if `both`."""
    is_treated, weight = np.asarray(treated), np.asarray(weights, dtype=np.float64)
    refuse_lengths(is_treated.size, {"treated": is_treated, "weights": weight})
    bad = int((~(np.isfinite(weight) & (weight >= 0))).sum())
    problems = not_binary("treated", is_treated)
    if bad:
        problems.append(f"weights must be 0 or above: {bad:,} of {weight.size:,} are not.")
    if problems:
        raise UsageError(listed(problems))
    is_treated = is_treated.astype(bool)
    sides = Sides(is_treated, np.where(is_treated, weight, 0.0), np.where(is_treated, 0.0, weight))
    if both and not (sides.treated_people and sides.comparison_people):
        raise MetricError(
            "both groups need people with a weight: "
            f"{sides.treated_people:,} treated and {sides.comparison_people:,} comparison people "
            "have one. Widen the caliper or the pool."
        )
    return sides


def number_columns(covariates: pd.DataFrame, rows: int) -> tuple[tuple[str, ...], list[Real]]:
    """Names and columns of numbers; refuses what is missing or no number, and an empty table."""
    names = tuple(str(name) for name in covariates.columns)
    columns = [_plain(covariates.iloc[:, place]) for place in range(len(names))]
    problems = [words for pair in zip(names, columns, strict=True) for words in not_numbers(*pair)]
    if not names:
        problems.append("at least one characteristic is needed: there is none.")
    if len({*names}) < len(names):
        problems.append("each characteristic must have a name of its own: some share one.")
    if problems:
        raise UsageError(listed(problems))
    refuse_lengths(rows, dict(zip(names, columns, strict=True)))
    return names, [column.astype(np.float64, copy=False) for column in columns]


def _plain(column: pd.Series) -> NDArray[np.generic]:
    """Values of a column with gaps as nan; left as they are where they are no numbers."""
    try:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        return column.to_numpy()
