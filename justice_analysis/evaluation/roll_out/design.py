"""The design of a roll-out: periods of receipt, waves of courts, and cases that cannot serve.

A *wave* is the courts reached in one period. Periods are numbered from 1; wave 0 is the courts
not reached before the window closes, with which the others are compared.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.periods import MONTHS, first_day, numbered, words

if TYPE_CHECKING:
    import pandas as pd

UNREACHED = 0
OUTSIDE, UNDATED, ALWAYS, BEFORE_ITS_DAY, SINGLE = range(5)
STEPS = (
    "received inside the window",
    "in a court whose day is known",
    "in a court not reached before the second period",
    "not received in the period of the start before the day itself",
    "in a court with cases in two periods or more",
)
"""What a case must be, in order; a case is set aside at the first that it is not."""
KEPT = len(STEPS)


@dataclass(frozen=True, eq=False)
class Layout:
    """Court days of a roll-out, each with its wave and period.

    Attributes
    ----------
    days
        One row per court and day of receipt: `court`, `received`, `cases`, `wave` and `period`
        (0 where set aside), `step` (the first of `STEPS` that it does not meet, else `KEPT`).
    courts
        One row per court that is kept: `court`, `wave`, `from_date`.
    first, until
        First day of receipt, and the day on which the window closes (exclusive).
    length
        Length of a period: a name in `MONTHS`.
    closed_by
        Why the window closes on that day, in words.
    """

    days: pd.DataFrame
    courts: pd.DataFrame
    first: datetime.date
    until: datetime.date
    length: str
    closed_by: str

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.days.loc[self.days["step"] == KEPT, "period"].max())

    @property
    def waves(self) -> list[int]:
        """Periods in which courts were reached, in order."""
        return sorted(int(wave) for wave in self.courts["wave"].unique() if wave != UNREACHED)

    def period_words(self, period: int) -> str:
        """A period in words: "2019 Q2", "2019"."""
        return words(self.first, period, self.length)

    def wave_words(self, wave: int) -> str:
        """A wave in words."""
        if wave == UNREACHED:
            return "not reached in the window"
        return f"reached in {self.period_words(wave)}"

    def cases_left(self) -> list[int]:
        """Cases left after each of `STEPS`."""
        step, cases = self.days["step"], self.days["cases"]
        return [int(cases[step > number].sum()) for number in range(KEPT)]


def lay_out(
    days: pd.DataFrame,
    starts: pd.DataFrame,
    *,
    first: datetime.date,
    until: datetime.date,
    length: str = "quarter",
    closed_by: str = "",
) -> Layout:
    """Give every court and day of receipt its wave and its period.

    Parameters
    ----------
    days
        One row per court and day: `court`, `received` (datetime64), `cases` (how many).
    starts
        One row per court whose day is known: `court`, `from_date` (missing: never reached).
    first, until
        The window of receipt: from `first`, brought forward to the first day of a period, up to
        `until` (exclusive). Where every court is reached before `until`, the window closes on
        the day on which the last of them are: there is nobody to compare with afterwards.
    length
        Of a period: a name in `MONTHS`.

    Raises
    ------
    MetricError
        If no court is reached inside the window, none is left to compare with, or a period of
        the window has no case.
    """
    begin = first_day(first, length)
    asked = Layout(days, starts, begin, until, length, closed_by)
    asked = _closed_in_time(asked, starts)
    waved = starts.assign(wave=_waves(asked, starts["from_date"]))
    rows = days.merge(waved, on="court", how="left", validate="many_to_one")
    step = _steps(asked, rows)
    rows["period"] = numbered(asked.first, rows["received"], length)
    once = _singletons(rows, step)
    rows["step"] = np.where((step == KEPT) & once, SINGLE, step)
    kept = rows["step"] == KEPT
    rows["period"] = rows["period"].where(kept, 0).astype("int64")
    rows["wave"] = rows["wave"].where(kept, 0).astype("int64")
    courts = waved[waved["court"].isin(set(rows.loc[kept, "court"]))]
    columns = ["court", "received", "cases", "wave", "period", "step"]
    made = replace(asked, days=rows[columns], courts=courts.reset_index(drop=True))
    _refuse(made)
    return made


def _closed_in_time(asked: Layout, starts: pd.DataFrame) -> Layout:
    """Close the window when the last courts are reached, if all are reached before it closes."""
    known = starts["from_date"]
    with_cases = starts["court"].isin(set(asked.days["court"]))
    dates = known[with_cases]
    if not len(dates) or dates.isna().any() or (dates >= np.datetime64(asked.until)).any():
        return asked
    last = dates.max().date()
    if len(set(numbered(asked.first, dates, asked.length))) < 2:
        raise MetricError(
            "a roll-out needs courts to compare with: every court is reached in one period. "
            "Give courts that are reached later, or never."
        )
    return replace(asked, until=last, closed_by="the last courts are reached")


def _waves(asked: Layout, from_date: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Period in which each court is reached; -1 in the first or before, 0 never or later."""
    number = numbered(asked.first, from_date, asked.length)
    inside = (from_date < np.datetime64(asked.until)).to_numpy()
    before = inside & (number <= 1)  # nothing is seen of them before it
    return np.where(before, -1, np.where(inside, number, UNREACHED)).astype(np.int64)


def _steps(asked: Layout, rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The first step that each court day does not meet, but for single periods."""
    received, start = rows["received"], rows["from_date"]
    outside = (received < np.datetime64(asked.first)) | (received >= np.datetime64(asked.until))
    period = numbered(asked.first, received, asked.length)
    early = (rows["wave"] == period) & (received < start)
    conditions = [outside | received.isna(), rows["wave"].isna(), rows["wave"] < 0, early]
    return np.select(conditions, [OUTSIDE, UNDATED, ALWAYS, BEFORE_ITS_DAY], KEPT)


def _singletons(rows: pd.DataFrame, step: np.ndarray[Any, np.dtype[np.int64]]) -> Any:
    """Whether a court has cases in one period alone."""
    kept = rows[step == KEPT]
    periods = kept.groupby("court")["period"].nunique()
    return rows["court"].map(periods).fillna(0).to_numpy() < 2


def _refuse(made: Layout) -> None:
    """Refuse a design that holds no comparison."""
    window = f"{made.first:%-d %B %Y} to {made.until:%-d %B %Y}"
    kept = made.days[made.days["step"] == KEPT]
    if kept.empty:
        left = ", ".join(
            f"{cases} {words}" for cases, words in zip(made.cases_left(), STEPS, strict=True)
        )
        raise MetricError(
            f"a roll-out needs cases that can be compared: none is left. Left at each step: "
            f"{left}. Window: {window}."
        )
    if not made.waves:
        always = int((made.days["step"] == ALWAYS).sum() > 0)
        why = "some were reached before it" if always else "none was reached in it"
        raise MetricError(
            f"a roll-out needs a court reached inside the window, {window}: {why}. Check the "
            "calendar's days, received_from and received_to."
        )
    if UNREACHED not in set(kept["wave"]) and len(made.waves) < 2:
        raise MetricError(
            "a roll-out needs courts to compare with: no court that is not reached has cases."
        )
    empty = made.periods - kept["period"].nunique()
    if empty:
        raise MetricError(
            f"every period of the window must have a case: {empty} of {made.periods} have none. "
            f"Choose a longer period ({', '.join(MONTHS)}) or a later received_from."
        )
