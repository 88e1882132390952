"""Further cases that would pass as first ones: what false first cases are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from justice_analysis import engine, models
from justice_analysis.cohorts import CENSORED, counts_by_day
from justice_analysis.metrics.estimates.result import EVERYONE
from justice_analysis.metrics.family.recurrence import follow_first_of, numbered_sets
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

MOST_SETS = 12
"""Further cases of one person are followed up to this number; more are too few to matter."""


@dataclass(frozen=True)
class FurtherCases:
    """The further cases of one group that pass the entry rules as first ones would.

    Attributes
    ----------
    cases
        How many there are, as joined by the links delivered.
    again
        Share of them with yet another joined case by the horizon; missing where follow-up is
        shorter, or there is none.
    """

    cases: int
    again: float | None


def further_cases(
    warehouse: Warehouse, options: Any, *, horizon_days: int | None
) -> dict[str, FurtherCases]:
    """Further cases by group, where the metric's definition says what one is.

    Returns
    -------
    dict
        Group to its further cases; empty for a metric whose further cases are not defined here.
    """
    if not isinstance(options, RecurrenceOptions) or horizon_days is None:
        return {}
    frame = _further_sets(warehouse, options)
    if frame is None:
        return {}
    counted = counts_by_day(frame, groups=["group"])
    return {
        str(group): _further(rows, horizon_days) for group, rows in counted.groupby("group")
    } | ({} if options.by else {EVERYONE: _further(counted, horizon_days)})


def _further_sets(warehouse: Warehouse, options: RecurrenceOptions) -> ir.Table | None:
    """One row per further set that passes the entry rules, followed as a first one would be."""
    numbered = numbered_sets(warehouse, options)
    most = engine.execute(numbered.set_number.max(), step="sets of one parent")
    frames = []
    for before in range(1, min(int(most or 0), MOST_SETS)):
        later = numbered.filter(numbered.set_number > before)
        renumbered = later.mutate(set_number=later.set_number - before)
        frame, flow = follow_first_of(warehouse, renumbered, options)
        if flow.people:
            columns = ("person_id", "group", "duration_days", "outcome", "entry_days")
            frames.append(frame.select(*columns))
    return engine.union(*frames) if frames else None


def _further(rows: pd.DataFrame, horizon_days: int) -> FurtherCases:
    exits = rows[rows["outcome"] != "entered"]
    is_event = ~exits["outcome"].isin((CENSORED,))
    counts = models.daily_counts(
        exits["day"].to_numpy(),
        exits["people"].where(is_event, 0).to_numpy(),
        exits["people"].where(~is_event, 0).to_numpy(),
    )
    read = models.at_times(models.kaplan_meier(counts), horizon_days, beyond="missing")
    again = float(1 - read.estimate[0]) if read.is_observed[0] else None
    return FurtherCases(int(exits["people"].sum()), again)
