"""One fitted model of returns, and whom each of its rows is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from justice_analysis.models import CoxFit, ProportionalHazards

RATIO = ("estimate", "lower", "upper")


@dataclass(frozen=True)
class Model:
    """A fit and whom each of its rows is about.

    Attributes
    ----------
    levels
        Groups of each term, the one that others are compared with first.
    numbers
        Covariates that are numbers.
    counts
        Releases and returns of each term and group.
    check
        Test of proportional hazards; missing for a model that is not adjusted.
    """

    fit: CoxFit
    levels: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]
    counts: Mapping[tuple[str, str], tuple[int, int]]
    check: ProportionalHazards | None

    def ratio(self, name: str) -> dict[str, float]:
        """Hazard ratio of a covariate and its interval."""
        place = self.fit.names.index(name)
        values = (self.fit.hazard_ratios, self.fit.lower, self.fit.upper)
        return {column: float(found[place]) for column, found in zip(RATIO, values, strict=True)}
