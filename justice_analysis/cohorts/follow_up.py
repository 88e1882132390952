"""Follow-up: from dates to days at risk, and from people to counts per day.

The words are lifelines': `duration_days`, `event_observed`, `entry_days`. A competing
event ends the time at risk without being the event; the rest are censored.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.errors import IntervalError, MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CENSORED = "censored"


def follow_up(
    people: ir.Table,
    *,
    start: str,
    event: str,
    end: str,
    cause: str | None = None,
    competing: str | None = None,
    competing_name: str = "competing",
    entry_days: int = 0,
) -> ir.Table:
    """Turn dates into time at risk and its outcome.

    Parameters
    ----------
    people
        One row per person with the date columns named by `start` (clock zero), `event`
        (missing: none seen), `end` (last day that could have been seen, exclusive) and
        optionally `competing`.
    cause
        Column that names the kind of event; one kind, `event`, if not given.
    entry_days
        Day after clock zero from which a person is at risk (left truncation).

    Returns
    -------
    Table
        The columns of `people`, and `duration_days`, `event_observed`, `outcome` (the
        cause, the competing event's name, or `censored`), `entry_days`.

    Notes
    -----
    An event on the day that follow-up ends is not seen: `end` is exclusive, as every
    interval here. Where event and competing event fall on one day, the event counts.
    """
    table = people.mutate(
        _event=people[event],
        _competing=people[competing] if competing else ibis.null("date"),
    )
    seen = (table._event < table[end]) & (
        table._competing.isnull() | (table._event <= table._competing)
    )
    competed = table._competing < table[end]
    seen, competed = seen.fill_null(False), competed.fill_null(False)
    last = ibis.cases((seen, table._event), (competed, table._competing), else_=table[end])
    kind = table[cause] if cause else ibis.literal("event")
    return table.mutate(
        duration_days=engine.days_between(last, table[start]),
        event_observed=seen,
        outcome=ibis.cases((seen, kind), (competed, competing_name), else_=CENSORED),
        entry_days=ibis.literal(entry_days, "int64"),
    ).drop("_event", "_competing")


def counts_by_day(frame: ir.Table, *, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Collapse people to counts per group, day and outcome, in the engine.

    Parameters
    ----------
    frame
        One row per person: `duration_days`, `outcome`, `entry_days` and the groups.

    Returns
    -------
    DataFrame
        One row per group, `day` and `outcome`: `people`. Entries are rows with outcome
        `entered` on their day. Days are whole, so a few thousand rows hold millions of
        people without loss.

    Raises
    ------
    IntervalError
        If anyone leaves before they enter.
    """
    early = engine.execute((frame.duration_days < frame.entry_days).sum(), step="follow-up")
    if early and int(early) > 0:
        raise IntervalError(
            f"duration_days must not be below entry_days: {int(early):,} people leave "
            "before they enter. Check the clock and the end of follow-up."
        )
    exits = frame.group_by(*groups, day=frame.duration_days.cast("int64"), outcome=frame.outcome)
    entries = frame.group_by(
        *groups, day=frame.entry_days.cast("int64"), outcome=ibis.literal("entered")
    )
    both = engine.union(
        exits.aggregate(people=frame.count()), entries.aggregate(people=frame.count())
    )
    order = [*groups, "day", "outcome"]
    return engine.execute(both, step="counts by day").sort_values(order, ignore_index=True)


def observed_period(
    warehouse: Warehouse, *, sources: Sequence[str]
) -> tuple[datetime.date, datetime.date]:
    """First day and the day after the last on which an event would have been seen.

    The period of the first of `sources` that the warehouse covers as a whole (no place).
    """
    whole = warehouse.coverage.filter(warehouse.coverage.place_id.isnull())
    periods = engine.execute(
        whole.group_by("source").aggregate(
            from_date=whole.from_date.min(), to_date=whole.to_date.max()
        ),
        step="coverage",
    ).set_index("source")
    for source in sources:
        if source in periods.index:
            start, end = periods.loc[source, ["from_date", "to_date"]]
            return pd.Timestamp(start).date(), pd.Timestamp(end).date()
    raise MetricError(
        f"time at risk needs coverage: none of {', '.join(sources)} states what it covers. "
        "Load one of them."
    )
