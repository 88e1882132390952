"""Counts of people by day since entry: the one input of every survival estimator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import IntervalError, MetricError, UsageError, listed

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Counts:
    """People who leave or join observation on each day; grain is one row per day.

    Made by `daily_counts`, which orders days and adds rows up. Arrays are read-only.

    Attributes
    ----------
    time
        Days since the clock started, shape (k,), strictly ascending, none below 0.
    events
        People with an event of each cause on the day, shape (k, causes).
    censored
        People whose observation ends on the day without an event, shape (k,).
    entered
        People who join late, on the day, shape (k,). Whoever leaves and is not counted here
        was at risk from the start.
    causes
        Name of each column of `events`.

    Notes
    -----
    On one day events come first, then censorings, then entries: who is censored on a day was at
    risk of that day's events, who enters on it was not (observed over (entry, exit], as in R's
    survival package).
    """

    time: Whole
    events: Whole
    censored: Whole
    entered: Whole
    causes: tuple[str, ...]

    def __post_init__(self) -> None:
        for column in (self.time, self.events, self.censored, self.entered):
            column.setflags(write=False)
        if self.people == 0:
            raise MetricError(
                "a curve needs at least one person: the counts hold none. "
                "Check the cohort's entry and exclusions."
            )
        _refuse_impossible_entries(self)

    @property
    def exits(self) -> Whole:
        """People who leave observation on each day, shape (k,)."""
        return self.all_events + self.censored

    @property
    def all_events(self) -> Whole:
        """People with an event of any cause on each day, shape (k,)."""
        return np.asarray(self.events.sum(axis=1), dtype=np.int64)

    @property
    def people(self) -> int:
        """People ever observed."""
        return int(self.events.sum() + self.censored.sum())

    @property
    def at_risk(self) -> Whole:
        """People observed just before each day's events, shape (k,)."""
        return self.at_risk_on(self.time)

    @property
    def has_late_entry(self) -> bool:
        """Whether anyone joins after the clock started."""
        return bool(self.entered.any())

    def at_risk_on(self, days: ArrayLike) -> Whole:
        """People observed just before the events of any days, shape of `days`."""
        before = np.searchsorted(self.time, np.asarray(days), side="left")
        joined = np.concatenate([[0], np.cumsum(self.entered)])
        left = np.concatenate([[0], np.cumsum(self.exits)])
        at_start = self.people - int(self.entered.sum())
        return np.asarray(at_start + joined[before] - left[before], dtype=np.int64)

    def only(self, cause: str) -> Counts:
        """Keep one cause; events of the others end observation as censorings do."""
        column = self.cause_index(cause)
        events = self.events[:, [column]].copy()
        censored = self.exits - events[:, 0]
        return Counts(self.time, events, censored, self.entered, (cause,))

    def any_cause(self) -> Counts:
        """Take the causes together as one event."""
        events = self.all_events[:, None]
        return Counts(self.time, events, self.censored, self.entered, ("any",))

    def cause_index(self, cause: str) -> int:
        """Column of a cause; refuses a name that is not there."""
        if cause not in self.causes:
            raise UsageError(f"cause must be one of {', '.join(self.causes)}: {cause} is not.")
        return self.causes.index(cause)


def daily_counts(
    time: ArrayLike,
    events: ArrayLike,
    censored: ArrayLike,
    *,
    entered: ArrayLike | None = None,
    causes: Sequence[str] = (),
) -> Counts:
    """Add counts up by day: the door through which every count enters an estimator.

    Parameters
    ----------
    time
        Whole days since the clock started, shape (rows,), in any order; days may repeat.
    events
        People with an event, shape (rows,), or (rows, causes) for competing causes.
    censored
        People whose observation ends without an event, shape (rows,).
    entered
        People who join late, shape (rows,): at risk after the day they enter, not on it.
    causes
        Names of the columns of `events`; "event", or "1", "2", ... where not given.

    Returns
    -------
    Counts
        One row per day.

    Raises
    ------
    IntervalError
        If a duration is below 0 or people leave before they enter.
    UsageError
        If lengths differ or counts are not whole numbers of at least 0.
    MetricError
        If there are no people.
    """
    days = np.atleast_1d(np.asarray(time))
    by_cause = np.asarray(events)
    by_cause = by_cause[:, None] if by_cause.ndim == 1 else by_cause
    joined = np.zeros(len(days), dtype=np.int64) if entered is None else np.asarray(entered)
    columns = {"events": by_cause, "censored": np.asarray(censored), "entered": joined}
    _refuse_bad_columns(days, columns)
    unique_days, row_day = np.unique(days.astype(np.int64), return_inverse=True)
    summed = {
        name: _sum_by_day(column, row_day, len(unique_days)) for name, column in columns.items()
    }
    names = _cause_names(causes, by_cause.shape[1])
    return Counts(unique_days, summed["events"], summed["censored"], summed["entered"], names)


def align(groups: Sequence[Counts]) -> tuple[Whole, list[Counts]]:
    """Put several groups on the union of their days; people at risk do not change."""
    causes = {group.causes for group in groups}
    if len(causes) > 1:
        raise UsageError("groups to compare must have the same causes in the same order.")
    days = np.unique(np.concatenate([group.time for group in groups]))
    return days, [_spread(group, days) for group in groups]


def _spread(group: Counts, days: Whole) -> Counts:
    rows = np.searchsorted(days, group.time)
    columns = [
        _sum_by_day(column, rows, len(days))
        for column in (group.events, group.censored, group.entered)
    ]
    return Counts(days.copy(), columns[0], columns[1], columns[2], group.causes)


def _sum_by_day(column: NDArray[np.generic], row_day: Whole, days: int) -> Whole:
    total = np.zeros((days, *column.shape[1:]), dtype=np.int64)
    np.add.at(total, row_day, column.astype(np.int64))
    return total


def _cause_names(causes: Sequence[str], number: int) -> tuple[str, ...]:
    if causes and (len(causes) != number or len(set(causes)) != number):
        raise UsageError(
            f"causes must name each column of events once: {len(causes)} names, {number} columns."
        )
    if causes:
        return tuple(str(cause) for cause in causes)
    return ("event",) if number == 1 else tuple(str(n + 1) for n in range(number))


def _refuse_bad_columns(days: NDArray[np.generic], columns: dict[str, NDArray[np.generic]]) -> None:
    problems = [
        f"{name} must have one row per row of time: {len(column)} against {len(days)}."
        for name, column in columns.items()
        if len(column) != len(days)
    ]
    for name, column in {"time": days, **columns}.items():
        if _not_whole(column):
            problems.append(f"{name} must hold whole numbers: {_not_whole(column)} are not.")
        elif name != "time" and (column < 0).any():  # type: ignore[operator]
            number = int((column < 0).sum())  # type: ignore[operator]
            problems.append(f"{name} must not be below 0: {number} counts are.")
    if problems:
        raise UsageError(listed(problems))
    if (days < 0).any():  # type: ignore[operator]
        number = int((days < 0).sum())  # type: ignore[operator]
        raise IntervalError(
            f"time must not be below 0: {number:,} of {len(days):,} rows are. "
            "Check that no event precedes the start of the clock."
        )


def _not_whole(column: NDArray[np.generic]) -> int:
    if np.issubdtype(column.dtype, np.integer) or column.size == 0:
        return 0
    try:
        numbers = column.astype(np.float64)
    except (TypeError, ValueError):
        return int(column.size)
    return int((~np.isfinite(numbers) | (numbers != np.floor(numbers))).sum())


def _refuse_impossible_entries(counts: Counts) -> None:
    short = np.maximum(counts.exits - counts.at_risk, 0)
    at_start = counts.people - int(counts.entered.sum())
    if short.any() or at_start < 0:
        number = max(int(short.max(initial=0)), -at_start)
        raise IntervalError(
            f"people must leave after the day they enter: at least {number:,} do not. "
            "Set aside those observed for no time, or leave entered out."
        )
