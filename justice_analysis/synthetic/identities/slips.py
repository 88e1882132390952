"""Errors that people make when they type a name, a date or a postcode."""

from __future__ import annotations

import numpy as np

from justice_analysis.synthetic.people import Bools, Days, days

_NEIGHBOURS = {
    "a": "sqz", "b": "vgn", "c": "xvk", "d": "sfe", "e": "wri", "f": "dgp", "g": "fhj", "h": "gjn",
    "i": "uoy", "j": "hkg", "k": "jlc", "l": "ki", "m": "n", "n": "mb", "o": "ipu", "p": "ob",
    "q": "wa", "r": "et", "s": "adz", "t": "ryd", "u": "yio", "v": "cbf", "w": "qev", "x": "zcs",
    "y": "tui", "z": "xs",
}  # fmt: skip
_DIGITS = "0123456789"


def mistyped(text: str, stream: np.random.Generator) -> str:
    """A text with one slip: a letter left out, typed twice, changed, or two swapped."""
    if len(text) < 2:
        return text
    at, kind = int(stream.integers(1, len(text))), int(stream.integers(0, 4))
    if kind == 0 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2 and text[at] != text[at - 1]:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + _beside(text[at], stream) + text[at + 1 :]


def _beside(letter: str, stream: np.random.Generator) -> str:
    """Another character: one beside a letter on the keyboard, or another digit."""
    if letter.isdigit():
        return str((int(letter) + int(stream.integers(1, len(_DIGITS)))) % len(_DIGITS))
    beside = _NEIGHBOURS.get(letter.lower(), "x")
    picked = beside[int(stream.integers(0, len(beside)))]
    return picked.upper() if letter.isupper() else picked


def typed(
    texts: np.ndarray, hit: Bools, stream: np.random.Generator, *, twice: float = 0.0
) -> np.ndarray:
    """Texts of which those hit have a slip, and a share of these a second."""
    done = texts.copy()
    for at in np.flatnonzero(hit):
        done[at] = mistyped(texts[at], stream)
        if stream.random() < twice:
            done[at] = mistyped(done[at], stream)
    return done


def transposed(dates: Days, hit: Bools) -> Days:
    """Dates of which those hit have day and month the wrong way round, where that is a date."""
    month, day, year = parts_of(dates)
    possible = hit & (day <= 12) & (day != month)
    return np.where(possible, _date(year, day, month), dates)


def misdated(dates: Days, hit: Bools, stream: np.random.Generator) -> Days:
    """Dates of which those hit have another day, month or year."""
    month, day, year = parts_of(dates)
    n, part = len(dates), stream.integers(0, 3, len(dates))
    other_day = 1 + (day - 1 + stream.integers(1, 28, n)) % 28
    other_month = 1 + (month - 1 + stream.integers(1, 12, n)) % 12
    other_year = year + np.where(stream.random(n) < 0.5, -1, 1) * stream.choice([1, 10], n)
    wrong = _date(
        np.where(part == 2, other_year, year),
        np.where(part == 1, other_month, month),
        np.where(part == 0, other_day, np.minimum(day, 28)),
    )
    return np.where(hit, wrong, dates)


def parts_of(dates: Days) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Month, day of the month and year of each date."""
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    number = months.astype(np.int64)
    return number % 12 + 1, day, 1970 + number // 12


def _date(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> Days:
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]") + days(day - 1)
