"""Mean number of events per person by day, where one person may have several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import IntervalError, MetricError, OptionError, UsageError, listed
from justice_analysis.models.columns import not_whole
from justice_analysis.models.counts import Counts, Real, Whole, daily_counts
from justice_analysis.models.curves import normal_quantile, over
from justice_analysis.models.intervals import Interval


@dataclass(frozen=True, eq=False)
class RecurrentCurve:
    """Mean cumulative number of events, a step function of days; one element per day.

    Attributes
    ----------
    time
        Days with an event or on which anyone left or joined, shape (k,), ascending.
    mean
        Mean events per person up to and including the day.
    variance
        Robust: right however events of one person hang together.
    poisson_variance
        Right only if each person's events come independently at one rate.
    lower, upper
        Limits from the robust variance on the log scale; 0 until the first event.
    at_risk
        People observed just before the day's events.
    events
        Events on the day.
    people, people_with_events
        People ever observed, and those with an event.
    level
        Level of the limits.
    """

    time: Whole
    mean: Real
    variance: Real
    poisson_variance: Real
    lower: Real
    upper: Real
    at_risk: Whole
    events: Whole
    people: int
    people_with_events: int
    level: float

    @property
    def standard_error(self) -> Real:
        """Square root of the robust variance."""
        return np.sqrt(self.variance)

    def at(self, days: ArrayLike) -> Interval:
        """Mean and limits after the events of each day; refuses days beyond follow-up."""
        asked = np.atleast_1d(np.asarray(days))
        beyond = int(((asked < 0) | (asked > self.time[-1])).sum())
        if beyond:
            raise OptionError(
                f"days to read a curve at must lie within follow-up: {beyond} of {len(asked)} "
                "do not. Ask for earlier days."
            )
        rows = np.searchsorted(self.time, asked, side="right")
        columns = (self.mean, self.lower, self.upper)
        return Interval(*(np.concatenate([[0.0], column])[rows] for column in columns))


def mean_cumulative_function(
    event_person: ArrayLike,
    event_day: ArrayLike,
    end_day: ArrayLike,
    *,
    entry_day: ArrayLike | None = None,
    level: float = 0.95,
) -> RecurrentCurve:
    """Mean number of events per person by day, after Nelson.

    Parameters
    ----------
    event_person, event_day
        One row per event: position of the person in `end_day`, and whole days since the clock
        started. In any order; a person may have several on one day.
    end_day
        One row per person: day on which observation ends, shape (people,).
    entry_day
        Day on which a person joins late: observed after it. 0, as by default, from the start.
    level
        Level of the limits.

    Returns
    -------
    RecurrentCurve
        M(t) = sum over days s <= t of d/n, with d events and n people observed on day s.

    Raises
    ------
    IntervalError
        If a day is below 0, someone leaves before entering, or an event lies outside its
        person's observation.
    UsageError
        If days are not whole or an event has no person.
    MetricError
        If there are no people.

    Notes
    -----
    Robust variance of Lawless and Nadeau (1995): the sum over people of the square of their
    events' 1/n less d/n^2 over the days they were observed; R's `survfit` with `id` gives it as
    `std.chaz`. A person who dies has no later events: where that matters, count death as a
    competing cause instead.
    """
    z = normal_quantile(level)
    person, day, end, entry = _checked(event_person, event_day, end_day, entry_day)
    counts = _people_by_day(end, entry, day)
    time, at_risk = counts.time, counts.at_risk.astype(np.float64)
    place = np.searchsorted(time, day)
    events = np.bincount(place, minlength=len(time))
    step, part = over(1.0, at_risk), over(events, at_risk**2)
    mean, poisson = np.cumsum(events * step), np.cumsum(part)
    first, last = _observed(time, entry, end)
    variance = _robust(person, place, step, part, first, last, counts.at_risk)
    spread = np.exp(z * over(np.sqrt(variance), mean))
    return RecurrentCurve(
        time, mean, variance, poisson, mean / spread, mean * spread, counts.at_risk, events,
        len(end), len(np.unique(person)), level,
    )  # fmt: skip


def _robust(
    person: Whole, place: Whole, step: Real, part: Real, first: Whole, last: Whole, at_risk: Whole
) -> Real:
    """Sum over people of (P - B)^2 on each day: P their 1/n so far, B their part of d/n^2.

    P changes at the person's events and B on every day the person is observed, so the sums of
    P^2, P B and B^2 over people are running sums of what one day adds to them.
    """
    days = len(step)
    met = np.concatenate([[0.0], np.cumsum(part)])
    order = np.lexsort((place, person))
    person, place = person[order], place[order]
    own = step[place]
    so_far = np.cumsum(own)
    is_first = np.concatenate([[True], np.diff(person) != 0]) if len(person) else np.empty(0, bool)
    start = np.where(is_first, so_far - own, 0.0)
    before = so_far - own - np.maximum.accumulate(start) if len(person) else so_far
    square = np.bincount(place, weights=2 * before * own + own**2, minlength=days)
    seen = met[place] - met[first[person]]
    total = np.bincount(person, weights=own, minlength=len(first))
    held = np.cumsum(
        np.bincount(place, weights=own, minlength=days)
        - np.bincount(last + 1, weights=total, minlength=days + 1)[:days]
    )
    mixed = np.bincount(place, weights=own * seen, minlength=days) + held * part
    at_entry = np.cumsum(
        np.bincount(first, weights=met[first], minlength=days + 1)[:days]
        - np.bincount(last + 1, weights=met[first], minlength=days + 1)[:days]
    )
    both = 2 * (at_risk * met[:-1] - at_entry) * part + at_risk * part**2
    return np.asarray(np.maximum(np.cumsum(square - 2 * mixed + both), 0.0))


def _observed(time: Whole, entry: Whole, end: Whole) -> tuple[Whole, Whole]:
    """First and last day of each person, as places in `time`."""
    late = np.searchsorted(time, entry, side="right")
    last = np.searchsorted(time, end, side="left")
    return np.where(entry > 0, late, 0).astype(np.int64), last.astype(np.int64)


def _people_by_day(end: Whole, entry: Whole, event_day: Whole) -> Counts:
    """People who leave and join, by day, with a row for each day with an event too."""
    late = entry[entry > 0]
    nobody = np.zeros(len(event_day), dtype=np.int64)
    return daily_counts(
        np.concatenate([end, late, event_day]),
        np.zeros(len(end) + len(late) + len(event_day), dtype=np.int64),
        np.concatenate([np.ones_like(end), np.zeros_like(late), nobody]),
        entered=np.concatenate([np.zeros_like(end), np.ones_like(late), nobody]),
    )


def _checked(
    event_person: ArrayLike, event_day: ArrayLike, end_day: ArrayLike, entry_day: ArrayLike | None
) -> tuple[Whole, Whole, Whole, Whole]:
    columns: dict[str, NDArray[np.generic]] = {
        "event_person": np.asarray(event_person),
        "event_day": np.asarray(event_day),
        "end_day": np.asarray(end_day),
        "entry_day": np.zeros(len(np.asarray(end_day)), dtype=np.int64)
        if entry_day is None
        else np.asarray(entry_day),
    }
    problems = [line for name, column in columns.items() for line in not_whole(name, column)]
    for one, other in (("event_person", "event_day"), ("end_day", "entry_day")):
        if columns[one].shape != columns[other].shape:
            problems.append(f"{one} and {other} must have as many rows as each other.")
    if problems:
        raise UsageError(listed(problems))
    person, day, end, entry = (column.astype(np.int64) for column in columns.values())
    if len(end) == 0:
        raise MetricError(
            "a mean number of events needs at least one person: there is none. "
            "Check the cohort's entry and exclusions."
        )
    stray = int(((person < 0) | (person >= len(end))).sum())
    if stray:
        raise UsageError(f"each event needs a person: {stray:,} of {len(day):,} have none.")
    below = int((day < 0).sum() + (end < 0).sum() + (entry < 0).sum())
    outside = (day > end[person]) | ((entry[person] > 0) & (day <= entry[person]))
    early = int(((entry > 0) & (end <= entry)).sum())
    times = [
        *([f"days must not be below 0: {below:,} are."] if below else []),
        *([f"people must leave after the day they enter: {early:,} do not."] if early else []),
        *([f"events must lie within their person's observation: {int(outside.sum()):,} of "
           f"{len(day):,} do not. Set them aside."] if outside.any() else []),
    ]  # fmt: skip
    if times:
        raise IntervalError(listed(times))
    return person, day, end, entry
