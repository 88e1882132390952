"""How far back from an index a source would have seen anything: none is not the same as unseen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.covariates.catalogue import COURTS, DATASETS
from justice_analysis.cohorts.time_at_risk import EVERYWHERE, covered_periods

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


def lookback_days(warehouse: Warehouse, starts: ir.Table, *, block: str) -> ir.Table:
    """Count the days up to each index date in which a history would have been seen unbroken.

    Parameters
    ----------
    starts
        One row per `index_date` and `place_id` (the court or area of the index; missing: not
        known).
    block
        A kind of history, as in `catalogue.DATASETS`.

    Returns
    -------
    Table
        The rows of `starts` with `lookback_days`: 0 where the day before the index was not
        covered; missing where no source of the block states its coverage.

    Notes
    -----
    A place that the source has no coverage of is taken as the source as a whole: for courts that
    left one by one, the time in which all were covered. Of the magistrates' courts and the Crown
    Court the shorter counts, since a conviction may be in either; of several family systems the
    first that is named in `DATASETS`, since a set of proceedings may be in any.
    """
    stated = _stated(warehouse, DATASETS[block])
    if not stated:
        return starts.mutate(lookback_days=ibis.null("int64"))
    sources = stated if block == COURTS else stated[:1]
    seen = starts
    for number, source in enumerate(sources):
        seen = _seen(seen, covered_periods(warehouse, source), name=f"_seen_{number}")
    columns = [seen[f"_seen_{number}"] for number in range(len(sources))]
    shortest = ibis.least(*columns) if len(columns) > 1 else columns[0]
    return seen.select(*starts.columns, lookback_days=shortest)


def _stated(warehouse: Warehouse, datasets: Sequence[str]) -> list[str]:
    """Datasets whose coverage the warehouse states, in the order given."""
    rows = warehouse.coverage
    found = engine.execute(rows.select("source").distinct(), step="sources with coverage")
    return [name for name in datasets if name in set(found["source"])]


def _seen(starts: ir.Table, periods: ir.Table, *, name: str) -> ir.Table:
    """Add the days from the beginning of the covered period that reaches the index to it."""
    places = periods.select(known_place="covered_place").distinct()
    placed = starts.left_join(places, starts.place_id == places.known_place)
    asked = placed.mutate(_place=placed.known_place.fill_null(EVERYWHERE)).drop("known_place")
    # The index day itself is not needed: a period may end on it.
    reaches = (
        (asked._place == periods.covered_place)
        & (periods.from_date < asked.index_date)
        & (periods.to_date >= asked.index_date)
    )
    joined = asked.left_join(periods, reaches)
    days = engine.days_between(joined.index_date, joined.from_date).fill_null(0)
    return joined.select(*starts.columns, **{name: days})
