"""Shares as people say them: the nearest simple fraction, and where the next one begins."""

from __future__ import annotations

_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
FRACTIONS: tuple[tuple[float, str], ...] = (
    (0.01, "one in a hundred"),
    (0.02, "one in fifty"),
    (0.05, "one in twenty"),
    *((1 / number, f"one in {_WORDS[number - 2]}") for number in range(10, 1, -1)),
    (2 / 3, "two in three"),
    (3 / 4, "three in four"),
    (4 / 5, "four in five"),
    (9 / 10, "nine in ten"),
)
"""Simple fractions and their words, ascending."""


def nearest_fraction(share: float) -> str:
    """The simple fraction nearest to a share, in words; of two as near, the lower."""
    return FRACTIONS[_nearest(share)][1]


def next_fraction(share: float, *, above: bool) -> tuple[float, str] | None:
    """Where the sentence changes: the halfway point to the next fraction, and its words.

    Returns
    -------
    tuple or None
        None at the end of the list: no further fraction is named.
    """
    here = _nearest(share)
    other = here + 1 if above else here - 1
    if not 0 <= other < len(FRACTIONS):
        return None
    return (FRACTIONS[here][0] + FRACTIONS[other][0]) / 2, FRACTIONS[other][1]


def _nearest(share: float) -> int:
    return min(range(len(FRACTIONS)), key=lambda place: abs(FRACTIONS[place][0] - share))
