"""The rows of a proportional hazards model: checked, scaled, and tied to days with events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from justice_analysis.errors import IntervalError, MetricError, UsageError, listed
from justice_analysis.models.columns import (
    bad_counts_or_weights,
    codes_of,
    named_columns,
    not_binary,
    not_numbers,
    not_whole,
    people_and_weight,
    refuse_lengths,
    scaled_columns,
)
from justice_analysis.models.counts import Real, Whole


@dataclass(frozen=True, eq=False)
class CoxRows:
    """What a fit reads; a *moment* is a day of a stratum on which there is an event.

    Attributes
    ----------
    names
        Covariates.
    scaled
        Covariates less their mean, over their standard deviation, shape (covariates, rows).
    centre, scale
        What was taken off and divided by, shape (covariates,).
    weight
        People that a row stands for times its weight, shape (rows,).
    people_of_row
        People that a row stands for, shape (rows,).
    event_rows
        Positions of rows with an event.
    exit_moment, entry_moment
        Last moment, numbered from 1 in the row's stratum, not after the day the row leaves or
        enters; 0 if there is none. A row is at risk on moments entry_moment + 1 to exit_moment.
    moment_day, moment_events
        Day of each moment, and people with an event on it.
    stratum_starts
        First moment of each stratum that has events.
    """

    names: tuple[str, ...]
    scaled: Real
    centre: Real
    scale: Real
    weight: Real
    people_of_row: Whole
    event_rows: Whole
    exit_moment: Whole
    entry_moment: Whole | None
    moment_day: Whole
    moment_events: Whole
    stratum_starts: Whole

    @property
    def people(self) -> int:
        """People in the model."""
        return int(self.people_of_row.sum())

    @property
    def moments(self) -> int:
        """Days of strata with an event."""
        return len(self.moment_day)


def cox_rows(
    duration_days: ArrayLike,
    event_observed: ArrayLike,
    covariates: Mapping[str, ArrayLike],
    *,
    entry_days: ArrayLike | None,
    counts: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
) -> CoxRows:
    """Check the columns of a model and tie each row to the moments on which it is at risk."""
    days = np.asarray(duration_days)
    names, named = named_columns(covariates)
    refuse_lengths(len(days), {
        "event_observed": event_observed, "entry_days": entry_days, "counts": counts,
        "weights": weights, "strata": strata, **dict(zip(names, named, strict=True)),
    })  # fmt: skip
    if len(days) == 0 or not names:
        raise MetricError(
            "a proportional hazards model needs people and a covariate: one of them is missing. "
            "Check the cohort's entry and exclusions."
        )
    events, entries = np.asarray(event_observed), None
    problems = [*not_whole("duration_days", days), *not_binary("event_observed", events)]
    if entry_days is not None:
        entries = np.asarray(entry_days)
        problems += not_whole("entry_days", entries)
    problems += bad_counts_or_weights(counts, weights)
    for name, column in zip(names, named, strict=True):
        problems += not_numbers(name, column)
    if problems:
        raise UsageError(listed(problems))
    _refuse_times(days, entries)
    return _tied(days, events, names, named, entries, counts, weights, strata)


def _tied(
    days: NDArray[np.generic],
    event_observed: NDArray[np.generic],
    names: tuple[str, ...],
    named: list[NDArray[np.generic]],
    entries: NDArray[np.generic] | None,
    counts: ArrayLike | None,
    weights: ArrayLike | None,
    strata: ArrayLike | None,
) -> CoxRows:
    exits = days.astype(np.int64)
    people, weight = people_and_weight(len(exits), counts, weights)
    event_rows = np.flatnonzero((event_observed != 0) & (people > 0))
    if len(event_rows) == 0:
        raise MetricError(
            "a proportional hazards model needs events: no one has one. "
            "Lengthen follow-up or check what counts as an event."
        )
    scaled, centre, scale = scaled_columns(names, named, people)
    stratum = codes_of(strata, "strata") if strata is not None else None
    moment_of, moment_day, starts = _moments(exits, stratum, event_rows)
    exit_moment = moment_of(exits)
    # Who enters on day 0 was there from the start, and at risk of that day's events.
    entry_moment = None
    if entries is not None and (entries > 0).any():  # type: ignore[operator]
        late = entries.astype(np.int64)
        entry_moment = np.where(late > 0, moment_of(late), 0)
    moment_events = np.bincount(
        exit_moment[event_rows] - 1, weights=people[event_rows], minlength=len(moment_day)
    ).astype(np.int64)
    return CoxRows(
        names, scaled, centre, scale, weight, people, event_rows, exit_moment, entry_moment,
        moment_day, moment_events, starts,
    )  # fmt: skip


def _moments(exits: Whole, stratum: Whole | None, event_rows: Whole):  # type: ignore[no-untyped-def]
    """Days with events by stratum: their lookup, their days, first of each stratum."""
    span = int(exits.max()) + 1
    base = np.zeros(1, np.int64) if stratum is None else stratum * span
    codes = base + exits
    event_codes = np.unique(codes[event_rows])
    stratum_of = event_codes // span
    size = span * (1 if stratum is None else int(stratum.max()) + 1)
    is_dense = size <= 4 * len(exits) + 1_000_000
    table = np.empty(0, np.int64)
    if is_dense:
        table = np.zeros(size, np.int64)
        table[event_codes] = 1
        table = np.cumsum(table)

    def moment_of(days: Whole) -> Whole:
        asked = base + np.minimum(days, span - 1)
        found = table[asked] if is_dense else np.searchsorted(event_codes, asked, side="right")
        if stratum is not None:
            found[(found > 0) & (stratum_of[found - 1] != stratum)] = 0
        return np.asarray(found, dtype=np.int64)

    starts = np.flatnonzero(np.concatenate([[True], np.diff(stratum_of) != 0]))
    return moment_of, event_codes % span, starts


def _refuse_times(days: NDArray[np.generic], entries: NDArray[np.generic] | None) -> None:
    columns = {"duration_days": days, **({} if entries is None else {"entry_days": entries})}
    for name, column in columns.items():
        if (column < 0).any():  # type: ignore[operator]
            number = int((column < 0).sum())  # type: ignore[operator]
            raise IntervalError(
                f"{name} must not be below 0: {number:,} of {len(column):,} rows are. "
                "Check that no event precedes the start of the clock."
            )
    if entries is not None:
        early = int(((days <= entries) & (entries > 0)).sum())  # type: ignore[operator]
        if early:
            raise IntervalError(
                f"people must leave after the day they enter: {early:,} of {len(days):,} rows "
                "do not. Set aside those observed for no time."
            )
