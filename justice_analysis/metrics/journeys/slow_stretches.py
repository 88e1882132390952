"""Find stretches of time in which some places were slower, across all places at once.

Each place has, for each quarter, some cases and the sum of their places in the queue: a score that
is 0 for a typical case and higher for a slow one (`queue_scores`). A stretch of quarters is judged
by how far each place's mean inside it lies above the place's own mean outside it. One place alone
may be too small to tell, so the evidence of all of them is added up: the scan statistic of Zhang
and Siegmund (2010) is the log likelihood ratio of "a share of the places is slower in this
stretch" against "none is". The stretch with the most evidence is taken, if chance alone would
rarely have given one with as much: the largest of many correlated statistics is compared with the
largest in simulated quarters without any change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.errors import OptionError

Real = NDArray[np.float64]
Whole = NDArray[np.int64]
SUPPORT = 1.92
"""Half the 95% point of chi-squared with 1 degree: starts within this of the best are supported."""
ENOUGH = 20
"""Simulations with as much evidence, from which chance is known to be common."""
CEILING = 30.0


@dataclass(frozen=True)
class Scan:
    """How stretches are looked for.

    Parameters
    ----------
    shortest, longest
        Quarters in a stretch; one that lasts to the end may be longer.
    share
        Of the places, expected to be slower in a stretch that is one.
    level
        Chance of finding a stretch where there is none.
    named_wrongly
        Share of the places named in a stretch that may be named wrongly (Benjamini and Hochberg).
    least_inside, least_outside
        Fewest cases of a place inside and outside of a stretch for it to say anything.
    simulations, seed
        Of quarters without change.
    most
        Stretches that are looked for, one after another.
    """

    shortest: int = 2
    longest: int = 12
    share: float = 0.1
    level: float = 0.05
    named_wrongly: float = 0.05
    least_inside: float = 5
    least_outside: float = 10
    simulations: int = 1000
    seed: int = 20_160_101
    most: int = 10

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.longest:
            raise OptionError("shortest must be at least 1 and not above longest.")
        if not (0 < self.share < 1 and 0 < self.level < 1):
            raise OptionError("share and level must lie between 0 and 1.")


@dataclass(frozen=True)
class Stretch:
    """Quarters in which some places were slower.

    Attributes
    ----------
    start, end
        Numbers of the quarters, `end` excluded; `end` is the number of quarters where it lasts.
    earliest, latest
        Starts that the evidence supports about as well.
    evidence, p_value
        The log likelihood ratio, and the chance of as much without any change.
    places
        Numbers of the places named, slowest first.
    z
        Each place's mean inside less its mean outside, in standard errors; 0 where it has too
        few cases. Shape (places,).
    """

    start: int
    end: int
    earliest: int
    latest: int
    evidence: float
    p_value: float
    places: tuple[int, ...]
    z: Real


def slow_stretches(
    cases: Real, sums: Real, variance: Real, rule: Scan, *, steady: bool = True
) -> list[Stretch]:
    """Find stretches of quarters in which some places were slower, strongest first.

    Parameters
    ----------
    cases, sums
        Cases and the sum of their scores, shape (places, quarters).
    variance
        Variance of one case's score, shape (quarters,) or (places, quarters); raised by the
        `dispersion` of the cells.
    steady
        Whether cells mostly do not change, so that their dispersion is one of chance.

    Returns
    -------
    list of Stretch
        None, where chance alone would have given as much evidence. After one is found the cells
        of its places are left out, and the rest is looked at again.
    """
    cases, sums = cases.astype(np.float64), sums.astype(np.float64)
    spread = np.broadcast_to(variance, cases.shape).astype(np.float64)
    if steady:
        spread = spread * dispersion(cases, sums, spread)
    windows = _windows(cases.shape[1], rule)
    if not len(windows) or not cases.any():
        return []
    found: list[Stretch] = []
    while len(found) < rule.most:
        stretch = _strongest(cases, sums, spread, windows, rule)
        if stretch is None:
            break
        found.append(stretch)
        inside = (list(stretch.places), slice(stretch.start, stretch.end))
        cases[inside], sums[inside] = 0.0, 0.0
    return found


def dispersion(cases: Real, sums: Real, spread: Real) -> float:
    """How much more the cells vary than cases taken as independent would, at least 1.

    Defendants of one case end together, and courts have good and bad quarters: a stretch must
    stand out from those too. Mean squared distance of a cell from its place's own mean, in
    variances of the cell.
    """
    own = sums.sum(axis=1, keepdims=True) / np.maximum(cases.sum(axis=1, keepdims=True), 1.0)
    filled = (cases > 0) & (spread > 0)
    degrees = filled.sum() - (cases.sum(axis=1) > 0).sum()
    if degrees < 1:
        return 1.0
    squared = (sums - cases * own)[filled] ** 2 / (cases * spread)[filled]
    return max(1.0, float(squared.sum() / degrees))


def _windows(quarters: int, rule: Scan) -> Whole:
    """First and last quarter (excluded) of every stretch, shape (windows, 2)."""
    pairs = [
        (start, end)
        for start in range(quarters)
        for end in range(start + rule.shortest, quarters + 1)
        if end - start <= rule.longest or end == quarters
    ]
    inner = [pair for pair in pairs if pair != (0, quarters)]
    return np.asarray(inner, dtype=np.int64).reshape(-1, 2)


def _strongest(cases: Real, sums: Real, spread: Real, windows: Whole, rule: Scan) -> Stretch | None:
    contrast = _Contrast.of(cases, spread, windows, rule)
    z = contrast.z(sums)
    evidence = _evidence(z, rule.share)
    best = int(np.flatnonzero(evidence == evidence.max())[0])
    named = _named(z[:, best], rule.named_wrongly)
    if not named:
        return None
    p_value = _p_value(evidence[best], contrast, np.sqrt(cases * spread), rule)
    if p_value > rule.level:
        return None
    near = windows[evidence >= evidence[best] - SUPPORT]
    starts = near[(near[:, 0] < windows[best, 1]) & (near[:, 1] > windows[best, 0]), 0]
    return Stretch(
        start=int(windows[best, 0]), end=int(windows[best, 1]), earliest=int(starts.min()),
        latest=int(starts.max()), evidence=float(evidence[best]), p_value=p_value, places=named,
        z=z[:, best],
    )  # fmt: skip


@dataclass(frozen=True)
class _Contrast:
    """Mean inside less mean outside in standard errors, as two factors of sums of scores."""

    windows: Whole
    of_inside: Real
    of_all: Real

    @classmethod
    def of(cls, cases: Real, spread: Real, windows: Whole, rule: Scan) -> _Contrast:
        inside = _inside(cases, windows)
        outside = cases.sum(axis=1)[:, None] - inside
        noise = _inside(cases * spread, windows)
        rest = (cases * spread).sum(axis=1)[:, None] - noise
        enough = (inside >= rule.least_inside) & (outside >= rule.least_outside)
        inside, outside = np.maximum(inside, 1.0), np.maximum(outside, 1.0)
        error = np.sqrt(noise / inside**2 + rest / outside**2)
        per_error = np.where(enough & (error > 0), 1 / np.where(error > 0, error, 1.0), 0.0)
        return cls(windows, per_error * (1 / inside + 1 / outside), per_error / outside)

    def z(self, sums: Real) -> Real:
        """Shape (places, windows); 0 where a place has too few cases."""
        every = sums.sum(axis=1)[:, None]
        return np.asarray(_inside(sums, self.windows) * self.of_inside - every * self.of_all)


def _inside(cells: Real, windows: Whole) -> Real:
    """Sum over the quarters of each window."""
    upto = np.concatenate([np.zeros((len(cells), 1)), cells.cumsum(axis=1)], axis=1)
    return np.asarray(upto[:, windows[:, 1]] - upto[:, windows[:, 0]])


def _evidence(z: Real, share: float) -> Real:
    """Log likelihood ratio of each window, its places together, shape (windows,)."""
    above = np.clip(z, 0.0, CEILING)
    return np.asarray(np.log1p(share * np.expm1(above**2 / 2)).sum(axis=0))


def _named(z: Real, level: float) -> tuple[int, ...]:
    """Places whose mean is above their own: Benjamini and Hochberg, over the places looked at."""
    from scipy.special import ndtr

    looked_at = np.flatnonzero(z != 0)
    order = looked_at[np.argsort(-z[looked_at], kind="stable")]
    allowed = level * np.arange(1, len(order) + 1) / max(len(order), 1)
    passed = np.flatnonzero(ndtr(-z[order]) <= allowed)
    return tuple(int(place) for place in order[: passed[-1] + 1]) if len(passed) else ()


def _p_value(observed: float, contrast: _Contrast, scale: Real, rule: Scan) -> float:
    """Chance of as much evidence in quarters without a change.

    Simulation ends early where chance gave as much often enough to know that it is common
    (Besag and Clifford 1991, Biometrika).
    """
    random = np.random.default_rng(rule.seed)
    as_much = 0
    for number in range(1, rule.simulations + 1):
        sums = random.standard_normal(scale.shape) * scale
        as_much += bool(_evidence(contrast.z(sums), rule.share).max() >= observed)
        if as_much >= ENOUGH and as_much / number > rule.level:
            return as_much / number
    return (1 + as_much) / (1 + rule.simulations)
