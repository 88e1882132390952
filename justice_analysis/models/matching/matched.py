"""What every way of matching gives back: weights, pairs, and who found no match."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.models.counts import Real, Whole

NONE = -1
"""Stratum of a person who is in none."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Treated people and the comparison people that stand beside them; arrays are read-only.

    Attributes
    ----------
    treated
        Whether each person was treated, shape (n,).
    weights
        Weight of each person, shape (n,): 0 if left out. For the effect on the treated a treated
        person counts 1, and the weights of comparison people sum to their number.
    pairs
        Positions of a treated and a comparison person, shape (k, 2), in order of the treated's
        position and then of the match; without rows where the method makes classes, not pairs.
    stratum
        Set or class that errors are clustered by, shape (n,); -1 if none. With replacement there
        is none, since a comparison person may be in many.
    dropped
        Positions of the treated without a match.
    method
        What was done, in words.
    """

    treated: NDArray[np.bool_]
    weights: Real
    pairs: Whole
    stratum: Whole
    dropped: Whole
    method: str

    def __post_init__(self) -> None:
        for column in (self.treated, self.weights, self.pairs, self.stratum, self.dropped):
            column.setflags(write=False)

    @property
    def matched_treated(self) -> int:
        """Treated people with a match."""
        return int((self.treated & (self.weights > 0)).sum())

    @property
    def matched_comparison(self) -> int:
        """Comparison people who stand beside at least one treated person, each counted once."""
        return int((~self.treated & (self.weights > 0)).sum())

    @property
    def effective_comparison(self) -> float:
        """Comparison people of equal weight who would say as much (Kish): (sum w)^2 / sum w^2."""
        weight = self.weights[~self.treated]
        square = float(weight @ weight)
        return float(weight.sum()) ** 2 / square if square > 0 else 0.0


def scaled_to_people(weights: Real, treated: NDArray[np.bool_]) -> Real:
    """Weights scaled so that those of each side sum to its people with a weight above 0."""
    has_weight = weights > 0
    factors = []
    for side in (treated, ~treated):
        total = float(np.sum(weights, where=side))
        people = np.count_nonzero(has_weight & side)
        factors.append(people / total if people else 1.0)
    return np.asarray(weights * np.where(treated, *factors))


def no_pairs() -> Whole:
    """Pairs of a method that makes none."""
    return np.empty((0, 2), dtype=np.int64)
