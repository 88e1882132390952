"""Errors of averages from the influence of clusters, under a named small-sample rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from justice_analysis.errors import OptionError
from justice_analysis.models.counts import Real, Whole
from justice_analysis.models.curves import normal_quantile

SmallSample = Literal["none", "clusters", "groups"]
SIGNS_AT_ONCE = 20_000_000
INTERQUARTILE = 1.3489795003921634  # of a standard normal


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How the influence of clusters becomes errors and intervals.

    Attributes
    ----------
    rule
        "none", "clusters" or "groups"; see `group_time_effects`.
    group
        Group of each cluster, shape (clusters,); -1 where it holds several.
    level
        Of the intervals.
    draws
        Of the multiplier bootstrap; 0 for analytic errors.
    """

    rule: SmallSample
    group: Whole
    level: float
    draws: int
    seed: int
    unit_word: str

    @property
    def words(self) -> str:
        """The rule in words."""
        count = f"{len(self.group):,}"
        said = {
            "none": f"influence functions summed by {self.unit_word} ({count}); no small-sample "
            "factor, normal quantiles",
            "clusters": f"influence functions summed by {self.unit_word} ({count}); factor "
            f"G/(G - 1), Student's t on G - 1 = {len(self.group) - 1:,}",
            "groups": f"influence functions summed by {self.unit_word} ({count}); factor "
            "n/(n - 1) within each group and within comparison units, Student's t on "
            "Welch and Satterthwaite's degrees of freedom",
        }[self.rule]
        if self.draws:
            said = (
                f"multiplier bootstrap, {self.draws:,} Rademacher draws, seed {self.seed}; error "
                f"from the interquartile range; {said}"
            )
        return said

    @property
    def covariance_freedom(self) -> float:
        """Degrees of freedom of a covariance of several estimates."""
        if self.rule == "none":
            return float("inf")
        lost = 1 if self.rule == "clusters" else len(np.unique(self.group))
        return float(len(self.group) - lost)

    def corrected(self, influence: Real) -> Real:
        """Influence with the rule's factor in it, so that sums of squares are variances."""
        clusters = len(influence)
        if self.rule == "none":
            return influence
        if self.rule == "clusters":
            centred = influence - influence.mean(axis=0)
            return np.asarray(centred * np.sqrt(clusters / max(clusters - 1, 1)))
        size = np.bincount(self.group)[self.group]
        factor = np.sqrt(size / np.maximum(size - 1, 1))
        return np.asarray(influence * factor[:, None])

    def covariance(self, influence: Real) -> Real:
        """Covariance of estimates with this influence, (clusters, k) to (k, k)."""
        ready = self.corrected(influence)
        if self.draws:
            drawn = self.drawn(ready)
            return np.atleast_2d(np.cov(drawn, rowvar=False))
        return np.asarray(ready.T @ ready)

    def standard_errors(self, influence: Real) -> Real:
        """Standard error of each estimate; 0 influence gives a missing one."""
        ready = self.corrected(influence)
        if self.draws and ready.shape[1]:
            low, high = np.quantile(self.drawn(ready), [0.25, 0.75], axis=0)
            error = (high - low) / INTERQUARTILE
        else:
            error = np.sqrt((ready**2).sum(axis=0))
        return np.where(error > 0, error, np.nan)

    def degrees_of_freedom(self, influence: Real) -> Real:
        """Degrees of freedom of each estimate; infinite for normal quantiles."""
        if self.rule == "none":
            return np.full(influence.shape[1], np.inf)
        if self.rule == "clusters":
            return np.full(influence.shape[1], float(len(influence) - 1))
        size = np.bincount(self.group)
        ready = self.corrected(influence) ** 2
        parts = np.array([ready[self.group == g].sum(axis=0) for g in range(len(size))])
        below = (parts**2 / np.maximum(size - 1, 1)[:, None]).sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(parts.sum(axis=0) ** 2 / below)

    def quantiles(self, influence: Real) -> Real:
        """Two-sided quantile of each estimate's distribution."""
        from scipy.stats import t as student

        normal_quantile(self.level)  # refuses a level outside (0, 1)
        return np.asarray(student.ppf(0.5 + self.level / 2, self.degrees_of_freedom(influence)))

    def p_values(self, statistic: Real, influence: Real) -> Real:
        """Two-sided p-value of each estimate over its error."""
        from scipy.stats import t as student

        return np.asarray(2 * student.sf(np.abs(statistic), self.degrees_of_freedom(influence)))

    def simultaneous_quantile(self, influence: Real) -> float:
        """Quantile of the largest of all estimates over their errors; needs the bootstrap."""
        drawn = np.abs(self.drawn(self.corrected(influence)))
        error = self.standard_errors(influence)
        largest = np.nanmax(drawn / error, axis=1)
        return float(np.quantile(largest, self.level))

    def drawn(self, ready: Real) -> Real:
        """Draws of the estimates' errors, shape (draws, k): clusters' signs are tossed."""
        random = np.random.default_rng(self.seed)
        out = np.empty((self.draws, ready.shape[1]))
        at_once = max(1, SIGNS_AT_ONCE // len(ready))
        for start in range(0, self.draws, at_once):
            number = min(at_once, self.draws - start)
            signs = random.integers(0, 2, (number, len(ready)), dtype=np.int8) * 2 - 1
            out[start : start + number] = signs @ ready
        return out


def refuse_mixed_clusters(rule: SmallSample, group: Whole) -> None:
    """Refuse the rule by group where a cluster holds units of several groups."""
    mixed = int((group < 0).sum())
    if rule == "groups" and mixed:
        raise OptionError(
            f'small_sample="groups" needs clusters that lie within one group: {mixed:,} of '
            f'{len(group):,} hold units of several. Use "clusters".'
        )
