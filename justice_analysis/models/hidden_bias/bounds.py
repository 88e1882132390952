"""Rosenbaum's bounds: p-values of matched pairs if a hidden cause shaped who was treated."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from justice_analysis.errors import OptionError, UsageError, listed
from justice_analysis.models.columns import not_numbers
from justice_analysis.models.counts import Real

if TYPE_CHECKING:
    import pandas as pd

GAMMAS = (1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0, 2.5, 3.0)
MOST_EXACT = 60
"""Pairs that differ, up to which the signed-rank distribution is computed exactly."""
NO_PAIRS = "no pair differs in the outcome: there is nothing to explain"
NOT_SIGNIFICANT = "not significant even without hidden bias"

Alternative = Literal["two-sided", "lower", "higher"]


@dataclass(frozen=True, eq=False)
class SensitivityBounds:
    """What p-value a hidden cause could have made, by its strength.

    Attributes
    ----------
    table
        One row per `gamma`: odds of treatment that two people of a pair may differ by;
        `p_lower`, `p_upper`, least and largest p-value that such a cause allows.
    critical_gamma
        Where the largest p-value passes `alpha`; missing only where `reason` says why.
    pairs, differing_pairs
        Matched pairs, and those whose outcomes differ.
    alternative, method
        What was tested and how, in words.
    """

    table: pd.DataFrame
    critical_gamma: float
    pairs: int
    differing_pairs: int
    alternative: str
    method: str
    alpha: float
    reason: str


def rosenbaum_bounds(
    outcome: ArrayLike,
    pairs: ArrayLike,
    *,
    gammas: Sequence[float] = GAMMAS,
    alternative: Alternative = "two-sided",
    alpha: float = 0.05,
    exact: bool | None = None,
) -> SensitivityBounds:
    """Largest and least p-value of matched pairs if a hidden cause shaped who was treated.

    Parameters
    ----------
    outcome
        One value per person, shape (n,): true or false, or a number.
    pairs
        Positions of the treated and the comparison person of each pair, shape (k, 2); each
        person in one pair.
    gammas
        Odds of treatment that two people of a pair may differ by, each 1 or more.
    alternative
        "lower" or "higher" outcome of treated people; "two-sided" doubles the p-values of the
        direction that was found.
    alpha
        Level that `critical_gamma` is for.
    exact
        Whether signed ranks are judged by their exact distribution; by default up to 60 pairs.
        True or false outcomes always are.

    Returns
    -------
    SensitivityBounds
        By McNemar's test (binomial, exact) where outcomes are true or false; else by Wilcoxon's
        signed ranks: pairs without a difference are ranked and then count nothing (Pratt), tied
        ranks are averaged, the normal distribution has no continuity correction.

    Raises
    ------
    UsageError
        If a person stands in two pairs, a position is none, or an outcome is missing.

    Notes
    -----
    Rosenbaum (2002), Observational Studies, 2nd edition, sections 4.3 and 4.4.
    """
    _refuse(gammas, alternative, alpha)
    first, second = _paired(outcome, pairs)
    gaps = first - second
    is_binary = bool(np.isin(np.concatenate([first, second]), (0.0, 1.0)).all())
    differing = int((gaps != 0).sum())
    is_exact = differing <= MOST_EXACT if exact is None else exact
    tail, method = _tail(gaps, is_binary, is_exact, alternative)
    doubled = 2.0 if alternative == "two-sided" else 1.0
    rows = [(g, tail(1 / (1 + g)), tail(g / (1 + g))) for g in gammas]
    table = _framed([(g, *(min(1.0, doubled * p) for p in (low, high))) for g, low, high in rows])
    critical, reason = _critical(lambda g: doubled * tail(g / (1 + g)), alpha)
    if not differing:
        critical, reason = math.nan, NO_PAIRS
    return SensitivityBounds(table, critical, len(gaps), differing, alternative, method,
                             alpha, reason)  # fmt: skip


def _refuse(gammas: Sequence[float], alternative: str, alpha: float) -> None:
    problems = []
    if not len(gammas) or not all(math.isfinite(g) and g >= 1 for g in gammas):
        problems.append("gammas must be numbers of 1 or more.")
    if alternative not in ("two-sided", "lower", "higher"):
        problems.append('alternative must be "two-sided", "lower" or "higher".')
    if not 0 < alpha < 0.5:
        problems.append("alpha must lie between 0 and 0.5, such as 0.05.")
    if problems:
        raise OptionError(listed(problems))


def _paired(outcome: ArrayLike, pairs: ArrayLike) -> tuple[Real, Real]:
    """Outcomes of the treated and of the comparison person of each pair."""
    values, places = np.asarray(outcome), np.asarray(pairs)
    if places.ndim != 2 or places.shape[1] != 2 or not np.issubdtype(places.dtype, np.integer):
        raise UsageError("pairs must be whole numbers, two a row: treated and comparison person.")
    problems = []
    outside = int(((places < 0) | (places >= values.size)).any(axis=1).sum())
    if outside:
        problems.append(f"pairs must be positions of the outcome: {outside:,} pairs are not.")
    repeated = places.size - len(np.unique(places))
    if repeated:
        problems.append(
            f"each person must stand in one pair: {repeated:,} places repeat someone. Match one "
            "to one without replacement for these bounds."
        )
    problems = problems or not_numbers("outcome", values[places.ravel()])
    if problems:
        raise UsageError(listed(problems).removeprefix("covariate "))
    both = values[places].astype(np.float64)
    return both[:, 0], both[:, 1]


def _tail(
    gaps: Real, is_binary: bool, is_exact: bool, alternative: Alternative
) -> tuple[Callable[[float], float], str]:
    """One-sided p-value of pairs that differ, by the chance that a gap is in its direction."""
    from scipy import stats

    ranks = np.ones(len(gaps)) if is_binary else stats.rankdata(np.abs(gaps))
    ranks, gaps = ranks[gaps != 0], gaps[gaps != 0]
    above, below = float(ranks[gaps > 0].sum()), float(ranks[gaps < 0].sum())
    is_higher = alternative == "higher" or (alternative == "two-sided" and above >= below)
    found = above if is_higher else below
    if not len(gaps):
        return (lambda _: 1.0), "no pair differs"
    if is_binary:
        return (lambda p: float(stats.binom.sf(found - 1, len(gaps), p))), "McNemar, exact"
    if is_exact:
        return (lambda p: _exact_tail(ranks, found, p)), "Wilcoxon signed ranks, exact"
    total, squares = float(ranks.sum()), float(ranks @ ranks)
    return (
        lambda p: float(stats.norm.sf((found - p * total) / math.sqrt(p * (1 - p) * squares)))
    ), "Wilcoxon signed ranks, normal"


def _exact_tail(ranks: Real, found: float, chance: float) -> float:
    """Chance that ranks, each counted with this chance, sum to what was found or more."""
    whole = np.rint(2 * ranks).astype(np.int64)  # averaged ranks are halves
    chances = np.zeros(int(whole.sum()) + 1)
    chances[0] = 1.0
    for rank in whole:
        shifted = np.zeros_like(chances)
        shifted[rank:] = chances[:-rank]
        chances = (1 - chance) * chances + chance * shifted
    return float(min(1.0, chances[round(2 * found) :].sum()))


def _critical(p_value: Callable[[float], float], alpha: float) -> tuple[float, str]:
    """Gamma at which the largest p-value reaches alpha."""
    from scipy.optimize import brentq

    if p_value(1.0) >= alpha:
        return math.nan, NOT_SIGNIFICANT
    high = 2.0
    while p_value(high) < alpha:
        high *= 2
    return float(brentq(lambda g: p_value(g) - alpha, 1.0, high)), ""


def _framed(rows: list[tuple[float, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["gamma", "p_lower", "p_upper"])
