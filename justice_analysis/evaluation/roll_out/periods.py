"""Periods of receipt: quarters, half years or years, numbered from 1 at the start of a window."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MONTHS = {"quarter": 3, "half_year": 6, "year": 12}
"""Lengths of a period, in months."""
YEAR_MONTHS = 12


def start_of(day: datetime.date, length: str, *, later: int = 0) -> datetime.date:
    """First day of the period that holds a day, or of one so many periods later."""
    months = MONTHS[length]
    begins = ((day.year * YEAR_MONTHS + day.month - 1) // months + later) * months
    return datetime.date(begins // YEAR_MONTHS, begins % YEAR_MONTHS + 1, 1)


def first_day(day: datetime.date, length: str) -> datetime.date:
    """The day itself where a period begins on it, else the first day of the next period."""
    return day if start_of(day, length) == day else start_of(day, length, later=1)


def numbered(
    first: datetime.date, dates: pd.Series[Any], length: str
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Number of the period of each date, from 1 at `first`; 0 or less before it or missing."""
    month = dates.to_numpy().astype("datetime64[M]")
    since = month.astype(np.int64) - np.datetime64(first, "M").astype(np.int64)
    found = since // MONTHS[length] + 1
    return np.where(np.isnat(month), 0, found).astype(np.int64)


def words(first: datetime.date, period: int, length: str) -> str:
    """A period in words: "2019 Q2", "2019 first half", "2019"."""
    number = first.year * YEAR_MONTHS + first.month - 1 + (period - 1) * MONTHS[length]
    year, month = divmod(number, YEAR_MONTHS)
    if length == "year":
        return str(year)
    if length == "half_year":
        return f"{year} {'first' if month < YEAR_MONTHS // 2 else 'second'} half"
    return f"{year} Q{month // 3 + 1}"
