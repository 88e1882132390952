"""Open caseload: cases that were open on a day, apart from those that only look so."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.spells import count_where
from justice_analysis.cohorts.time_at_risk import EVERYWHERE, covered_periods
from justice_analysis.errors import IntervalError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


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
    periods = covered_periods(warehouse, source)
    case = warehouse.case
    cases = case.filter(case.source == source, case.received_date.notnull())
    if case_types:
        cases = cases.filter(cases.case_type.isin(list(case_types)))
    places = periods.group_by("covered_place").aggregate(
        from_date=periods.from_date.min(), gone=periods.to_date.max()
    )
    places = engine.materialise(places, step="places covered")
    _refuse_early(places, dates)
    joined = cases.left_join(places, cases.place_id == places.covered_place)
    rows = engine.materialise(
        joined.select("received_date", "closed_date", "status", "gone"), step="cases"
    )
    return pd.DataFrame([_on_day(rows, places, day) for day in dates])


def _refuse_early(places: ir.Table, dates: Sequence[datetime.date]) -> None:
    first = pd.Timestamp(engine.execute(places.from_date.min(), step="coverage")).date()
    early = sum(day < first for day in dates)
    if early:
        raise IntervalError(
            f"dates must not be before coverage, which begins on {first}: {early} are. "
            "Leave them out."
        )


def _on_day(rows: ir.Table, places: ir.Table, day: datetime.date) -> dict[str, object]:
    """Cases by what they are on one day."""
    on = ibis.literal(day)
    here = (rows.received_date <= on) & (rows.closed_date.isnull() | (rows.closed_date > on))
    gone = (rows.gone <= on).fill_null(False)
    never = rows.closed_date.isnull()
    silent = {status: never & (rows.status == status) for status in ("stale", "unknown")}
    states = {"migrated": here & gone}
    states |= {status: here & ~gone & holds for status, holds in silent.items()}
    doubtful = silent["stale"] | silent["unknown"]
    states["open"] = here & ~gone & ~doubtful.fill_null(False)
    found = count_where(rows, states, step="open cases")
    known = places.filter(places.covered_place != EVERYWHERE)
    left = int(engine.execute((known.gone <= on).sum().fill_null(0), step="places covered"))
    total = engine.count_rows(known)
    counts = {name: found[name] for name in ("open", "migrated", "stale", "unknown")}
    return {"date": day, **counts, "places": total - left, "places_gone": left}
