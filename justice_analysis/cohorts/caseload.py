"""Open caseload: cases that were open on a day, apart from those that only look so.

Each case is open for one period, from its receipt to its closing, or for several where the
source records that it was closed and reopened. Stocks and flows are both counted from these.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.time_at_risk import EVERYWHERE, covered_periods
from justice_analysis.errors import IntervalError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OPEN, MIGRATED, STALE, UNKNOWN = "open", "migrated", "stale", "unknown"
STATES = (OPEN, MIGRATED, STALE, UNKNOWN)
_NEVER = datetime.date(9999, 12, 31)


def open_caseload(
    warehouse: Warehouse,
    dates: Sequence[datetime.date],
    *,
    source: str,
    case_types: Sequence[str] = (),
) -> pd.DataFrame:
    """Count the cases that were open on given days, apart from those that only look so.

    Parameters
    ----------
    dates
        The days; a case counts as open on the day of its receipt, not on that of its closing.
    source
        The dataset whose cases are counted.
    case_types
        Those to count; all if none is named.

    Returns
    -------
    DataFrame
        One row per day: `date`; `open` (received, not closed, in a place still covered);
        `migrated` (the same in a place whose new cases have gone elsewhere: what is left there
        is not its caseload); `stale` and `unknown` (no closing, and the status says why that
        may not mean open); `places` covered on the day, and `places_gone`.

    Raises
    ------
    MetricError
        If the source states no coverage.
    IntervalError
        If a day is before the source's coverage: cases received earlier were not seen.

    Notes
    -----
    The count is too low until the cases that were open when coverage began have ended.
    """
    periods = caseload_periods(warehouse, source=source, case_types=case_types)
    cases = open_cases(warehouse, periods, dates, source=source)
    counted = cases.group_by("date", "state").aggregate(cases=cases.count())
    found = engine.execute(counted, step="open cases")
    found["date"] = pd.to_datetime(found["date"]).dt.date
    wide = found.pivot(index="date", columns="state", values="cases")
    wide = wide.reindex(index=list(dates), columns=list(STATES)).fillna(0).astype("int64")
    places = engine.execute(_places(warehouse, source), step="places covered")
    known = pd.to_datetime(places.loc[places["covered_place"] != EVERYWHERE, "gone"]).dt.date
    wide["places_gone"] = [int((known <= day).sum()) for day in dates]
    wide["places"] = len(known) - wide["places_gone"]
    wide.columns.name = None
    return wide.rename_axis("date").reset_index()[["date", *STATES, "places", "places_gone"]]


def caseload_periods(
    warehouse: Warehouse, *, source: str, case_types: Sequence[str] = ()
) -> ir.Table:
    """When each case of a source was open, as its record has it.

    Returns
    -------
    Table
        One row per case and period: `case_id`, `case_type`, `place_id`, `received_date`;
        `from_date` (receipt, or the day on which it was reopened), `to_date` (closing, excluded;
        missing while none is recorded); `is_reopened`; `gone_date`, from when the court's new
        cases are not in the source (missing: never); `doubt` (`stale`, or `unknown`: no closing
        is recorded, and the status says why that may not mean open; missing: none);
        `bad_reopenings`, closings and reopenings of the case that cannot be put in order.

    Raises
    ------
    MetricError
        If the source states no coverage.

    Notes
    -----
    Cases without a receipt, or closed before it, keep their row: they are never open, and a
    count of flows must say how many there are. A case recorded as closed, on a day that is not
    recorded, is in doubt (`unknown`).
    """
    case = warehouse.case
    cases = case.filter(case.source == source)
    if case_types:
        cases = cases.filter(cases.case_type.isin(list(case_types)))
    silent = cases.closed_date.isnull()
    doubt = ibis.cases(
        (silent & (cases.status == STALE), STALE),
        (silent & cases.status.isin((UNKNOWN, "closed")), UNKNOWN),
        else_=ibis.null("string"),
    )
    places = _places(warehouse, source).select("covered_place", gone_date="gone")
    rows = cases.mutate(doubt=doubt).left_join(places, cases.place_id == places.covered_place)
    rows = rows.select(
        "case_id", "case_type", "place_id", "received_date", "closed_date", "gone_date", "doubt"
    )
    whole = engine.materialise(rows, step="cases")
    pairs = _interruptions(warehouse, whole, source)
    if pairs is None:
        first = whole.rename(to_date="closed_date")
        return first.mutate(from_date=first.received_date, **_NO_INTERRUPTION)
    return engine.materialise(_split(whole, pairs), step="periods of cases")


_NO_INTERRUPTION = {"is_reopened": ibis.literal(False), "bad_reopenings": ibis.literal(0, "int64")}


def _places(warehouse: Warehouse, source: str) -> ir.Table:
    """First and last day covered of each place of a source."""
    periods = covered_periods(warehouse, source)
    places = periods.group_by("covered_place").aggregate(
        from_date=periods.from_date.min(), gone=periods.to_date.max()
    )
    return engine.materialise(places, step="places covered")


def _interruptions(warehouse: Warehouse, cases: ir.Table, source: str) -> ir.Table | None:
    """Closings that were followed by a reopening, in order; None where none is recorded.

    One row per case and reopening: `case_id`, `number` (from 1), `shut` and `again` (days), and
    `bad`, the case's reopenings that cannot be: before or without a closing, before receipt,
    after the last closing, or within one another. A case with any is not interrupted at all.
    """
    event = warehouse.event
    rows = event.filter(event.source == source, event.event_type.isin(("closed", "reopened")))
    if not engine.count_rows(rows.filter(rows.event_type == "reopened").limit(1)):
        return None
    order = [rows.event_date, rows.event_id]
    place = ibis.row_number().over(group_by=[rows.case_id, rows.event_type], order_by=order)
    placed = rows.select("case_id", "event_type", "event_date", number=place + 1)
    shut = placed.filter(placed.event_type == "closed").drop("event_type")
    again = placed.filter(placed.event_type == "reopened").drop("event_type")
    again = again.rename(again="event_date")
    pairs = again.left_join(shut.rename(shut="event_date"), ["case_id", "number"])
    pairs = pairs.drop("case_id_right", "number_right").inner_join(cases, "case_id")
    earlier = pairs.again.lag().over(group_by=pairs.case_id, order_by=pairs.number)
    pairs = pairs.mutate(earlier=earlier)
    ended = ibis.coalesce(pairs.closed_date, ibis.literal(_NEVER))
    begun = ibis.coalesce(pairs.earlier, pairs.received_date)
    in_order = (pairs.shut <= pairs.again) & (begun <= pairs.shut) & (pairs.again <= ended)
    is_bad = (~in_order.fill_null(False)).cast("int64")
    judged = pairs.mutate(bad=is_bad.sum().over(group_by=pairs.case_id))
    found = judged.select("case_id", "number", "shut", "again", "bad")
    return engine.materialise(found, step="cases closed and reopened")


def _split(cases: ir.Table, pairs: ir.Table) -> ir.Table:
    """Periods of cases between their interruptions."""
    usable = pairs.filter(pairs.bad == 0)
    following = usable.shut.lead().over(group_by=usable.case_id, order_by=usable.number)
    later = usable.mutate(following=following).drop("bad")
    bad = pairs.group_by("case_id").aggregate(bad_reopenings=pairs.bad.max())
    known = cases.left_join(bad, "case_id").drop("case_id_right")
    known = known.mutate(bad_reopenings=known.bad_reopenings.fill_null(0).cast("int64"))
    first = usable.filter(usable.number == 1).select("case_id", "shut")
    begun = known.left_join(first, "case_id").drop("case_id_right")
    columns = ("case_id", "case_type", "place_id", "received_date", "gone_date", "bad_reopenings")
    none = ibis.null("string")
    # What is in doubt is how the last period ended.
    received = begun.select(
        *columns,
        doubt=begun.shut.isnull().ifelse(begun.doubt, none),
        from_date=begun.received_date,
        to_date=ibis.coalesce(begun.shut, begun.closed_date),
        is_reopened=ibis.literal(False),
    )
    more = later.inner_join(known, "case_id")
    reopened = more.select(
        *columns,
        doubt=more.following.isnull().ifelse(more.doubt, none),
        from_date=more.again,
        to_date=ibis.coalesce(more.following, more.closed_date),
        is_reopened=ibis.literal(True),
    )
    return engine.union(received, reopened)


def open_cases(
    warehouse: Warehouse, periods: ir.Table, dates: Sequence[datetime.date], *, source: str
) -> ir.Table:
    """The cases that were open, or look so, on each of some days.

    Parameters
    ----------
    periods
        From `caseload_periods`.

    Returns
    -------
    Table
        One row per day and case: `date`, `case_id`, `case_type`, `place_id`, `received_date`,
        `state` (of `STATES`).

    Raises
    ------
    MetricError
        If the source states no coverage.
    IntervalError
        If a day is before the source's coverage.
    """
    _refuse_early(_places(warehouse, source), dates)
    days = engine.memory_table(
        periods.get_backend(), {"date": [day.isoformat() for day in dates]}, {"date": "date"}
    )
    ended = periods.mutate(_last=ibis.coalesce(periods.to_date, ibis.literal(_NEVER)))
    met = days.inner_join(ended, [days.date >= ended.from_date, days.date < ended._last])
    gone = (met.gone_date <= met.date).fill_null(False)
    state = ibis.cases((gone, MIGRATED), (met.doubt.notnull(), met.doubt), else_=OPEN)
    return met.select("date", "case_id", "case_type", "place_id", "received_date", state=state)


def _refuse_early(places: ir.Table, dates: Sequence[datetime.date]) -> None:
    first = pd.Timestamp(engine.execute(places.from_date.min(), step="coverage")).date()
    early = sum(day < first for day in dates)
    if early:
        raise IntervalError(
            f"dates must not be before coverage, which begins on {first}: {early} are. "
            "Leave them out."
        )
