"""Who is in a set of proceedings, and how old the youngest child is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints


@dataclass(frozen=True)
class Family:
    """Who is in each set of a round: one entry per set."""

    youngest_birth: Days
    father: Ints
    new_child: Bools
    under_4_weeks: Bools


@dataclass
class Children:
    """One entry per child: the mother's position, the child's and the father's person id."""

    mother: Ints
    child: Ints
    father: Ints
    birth: Days
    adopted_from: Days


def youngest_ages(
    parameters: WorldParameters, oldest: np.ndarray, stream: np.random.Generator
) -> np.ndarray:
    """Age in days at issue of the youngest child; negative if not yet born."""
    n = len(oldest)
    shares = np.array(parameters.youngest_child_ages)
    band = stream.choice(len(shares), n, p=shares / shares.sum())
    low = np.array([-250, 0, 28, 366, 1827, 3653])[band]
    high = np.array([0, 28, 366, 1827, 3653, 5844])[band]
    age = np.floor(low + (high - low) * stream.random(n))
    newborn = np.floor(stream.exponential(5, n)).clip(max=27)
    age = np.where(band == 1, newborn, age)
    return np.where(age > oldest, np.floor(stream.random(n) * oldest), age)
