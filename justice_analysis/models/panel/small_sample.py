"""Standard errors under a named small-sample rule; every result says which.

Notation: n rows, k slopes (an intercept that is estimated counts), G clusters, K all parameters,
those of absorbed effects too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from justice_analysis.errors import MetricError, UsageError
from justice_analysis.models.panel.absorbing import rank_of
from justice_analysis.models.panel.rows import Real, Whole, recoded

RULES: Mapping[str, str] = {
    "iid": "errors of equal spread and independent; residual sum of squares over n - K",
    "HC1": "errors of any spread but independent; times n / (n - K)",
    "cluster_HC0": "no small-sample factor",
    "cluster_sss": "times G / (G - 1) and (n - 1) / (n - k)",
    "cluster_nested": (
        "times G / (G - 1) and (n - 1) / (n - K), where effects nested in the clusters count as one"
    ),
}
"""Rules by name: plm's `vcovHC` types HC0 and sss, fixest's defaults (nested, HC1, iid)."""
DEFAULT = "cluster_nested"
FEW_CLUSTERS = 30


@dataclass(frozen=True)
class Sample:
    """What the rules count.

    Attributes
    ----------
    slopes
        Coefficients that are estimated and shown, an intercept among them.
    effects
        Codes of the absorbed groups, by name.
    clusters
        Codes of one or two sets of clusters, by name.
    effects_rank
        Absorbed effects that can be told apart.
    """

    rows: int
    slopes: int
    effects: Mapping[str, Whole]
    clusters: Mapping[str, Whole]
    effects_rank: int

    @property
    def residual_df(self) -> int:
        """Rows less all parameters."""
        return self.rows - self.slopes - self.effects_rank

    @property
    def cluster_counts(self) -> tuple[int, ...]:
        """Clusters of each set."""
        return tuple(int(codes.max()) + 1 for codes in self.clusters.values())


@dataclass(frozen=True)
class Spread:
    """A covariance and what is to be said of it.

    Attributes
    ----------
    covariance
        Shape `(k, k)`.
    df
        Degrees of freedom of t.
    rule
        The rule in words, with its numbers.
    notes
        Cautions.
    """

    covariance: Real
    df: int
    rule: str
    notes: tuple[str, ...] = ()


def check_rule(small_sample: str, clusters: Sequence[str]) -> None:
    """Refuse an unknown rule, and clusters that a rule does not read.

    Raises
    ------
    UsageError
        Naming the rules there are.
    """
    if small_sample not in RULES:
        raise UsageError(f"small_sample must be one of {', '.join(RULES)}: it is not.")
    if len(clusters) > 2:
        raise UsageError(f"clusters must be one column or two: {len(clusters)} are named.")


def is_clustered(small_sample: str) -> bool:
    """Whether a rule reads clusters."""
    return small_sample.startswith("cluster_")


def spread_of(scores: Real, bread: Real, residuals: Real, sample: Sample, rule: str) -> Spread:
    """Covariance of least squares (or two-stage least squares) under a rule.

    Parameters
    ----------
    scores
        Each row's covariates (of two stages: their projections) times its residual, `(n, k)`.
    bread
        Inverse of the covariates' cross product, `(k, k)`.
    residuals
        Shape `(n,)`; scores and residuals hold the roots of any weights.

    Raises
    ------
    MetricError
        If no degree of freedom is left, or there is one cluster alone.
    """
    if sample.residual_df < 1:
        raise MetricError(
            f"a model must have more rows than parameters: {sample.rows:,} rows and "
            f"{sample.slopes + sample.effects_rank:,} parameters are too few. Use fewer covariates "
            "or effects."
        )
    if not is_clustered(rule):
        return _independent(scores, bread, residuals, sample, rule)
    fewest = min(sample.cluster_counts)
    if fewest < 2:
        raise MetricError("clustered errors must have two clusters or more: there is one.")
    meat = _meat(scores, [*sample.clusters.values()])
    factor = _factor(sample, fewest, rule)
    covariance = factor * bread @ meat @ bread
    if (np.diag(covariance) < 0).any():
        raise MetricError(
            "errors clustered both ways must not be negative: some variances are, with so few "
            "clusters. Cluster one way."
        )
    return Spread(covariance, fewest - 1, _words(sample, rule, factor), _cautions(sample))


def _independent(scores: Real, bread: Real, residuals: Real, sample: Sample, rule: str) -> Spread:
    left = sample.residual_df
    if rule == "iid":
        covariance = bread * float(residuals @ residuals) / left
    else:
        covariance = bread @ (scores.T @ scores) @ bread * sample.rows / left
    words = f"{rule}: {RULES[rule]} (n = {sample.rows:,}, K = {sample.rows - left:,})"
    return Spread(covariance, left, f"{words}; t with {left:,} degrees of freedom")


def _meat(scores: Real, clusters: Sequence[Whole]) -> Real:
    """Sum over clusters of squared sums of scores; both ways: first plus second less both."""
    parts = [_sums(scores, codes) for codes in clusters]
    total = sum((part.T @ part for part in parts), np.zeros((scores.shape[1],) * 2))
    if len(clusters) == 2:
        both = recoded(clusters[0] * (int(clusters[1].max()) + 1) + clusters[1])
        met = _sums(scores, both)
        total = total - met.T @ met
    return np.asarray(total)


def _sums(scores: Real, codes: Whole) -> Real:
    return np.column_stack([np.bincount(codes, weights=column) for column in scores.T])


def _factor(sample: Sample, fewest: int, rule: str) -> float:
    if rule == "cluster_HC0":
        return 1.0
    n = sample.rows
    parameters = sample.slopes if rule == "cluster_sss" else _not_nested(sample)
    return fewest / (fewest - 1) * (n - 1) / (n - parameters)


def _not_nested(sample: Sample) -> int:
    """Slopes, and the effects that no set of clusters holds; all others together count one."""
    left = [codes for codes in sample.effects.values() if not _is_nested(codes, sample)]
    if len(left) == len(sample.effects):
        return sample.slopes + sample.effects_rank
    return sample.slopes + max(rank_of(left), 1)


def _is_nested(codes: Whole, sample: Sample) -> bool:
    """Whether every group lies in one cluster, of any set."""
    for clusters in sample.clusters.values():
        one_of = np.empty(int(codes.max()) + 1, dtype=np.int64)
        one_of[codes] = clusters  # of several, one: then the others differ from it
        if (one_of[codes] == clusters).all():
            return True
    return False


def _words(sample: Sample, rule: str, factor: float) -> str:
    counts = zip(sample.clusters, sample.cluster_counts, strict=True)
    said = " and ".join(f"{name} (G = {count:,})" for name, count in counts)
    fewest = min(sample.cluster_counts)
    least = ", of the fewer clusters" if len(sample.clusters) == 2 else ""
    return (
        f"{rule}: clustered by {said}, {RULES[rule]}{least}: {factor:.6f}; t with {fewest - 1:,} "
        "degrees of freedom"
    )


def _cautions(sample: Sample) -> tuple[str, ...]:
    return tuple(
        f"Errors are clustered by {name}, with {count:,} clusters: below {FEW_CLUSTERS} they tend "
        "to be too small."
        for name, count in zip(sample.clusters, sample.cluster_counts, strict=True)
        if count < FEW_CLUSTERS
    )
