"""The propensity score: the chance of being treated, given what was known before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from justice_analysis.models.counts import Real
from justice_analysis.models.logistic import LogisticFit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Propensity:
    """Each person's propensity score, and the model it comes from.

    Attributes
    ----------
    score
        Chance of being treated, shape (n,).
    linear
        Logarithm of its odds, shape (n,).
    fit
        The logistic regression.
    left_out
        Covariates that were not used, as they are constant or combinations of others.
    """

    score: Real
    linear: Real
    fit: LogisticFit
    left_out: tuple[str, ...]


def propensity_scores(
    covariates: pd.DataFrame, treated: ArrayLike, *, weights: ArrayLike | None = None
) -> Propensity:
    """Fit who was treated on what was known before, by logistic regression."""
    raise NotImplementedError
