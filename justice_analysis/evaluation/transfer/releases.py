"""Releases that the programme could have reached, by court and half-year.

Grain: one row per release from a custodial sentence that was long enough; people may have
several. Each has the court of the person's last case by then, and with it a stage.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np

from justice_analysis import engine
from justice_analysis.cohorts import Flow, Step
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.data_lab.definition import DataLabOptions
from justice_analysis.evaluation.data_lab.described import covered, followed
from justice_analysis.evaluation.data_lab.index_events import FROM, index_events

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from justice_analysis.evaluation.transfer.planted import PlantedProgramme
    from justice_analysis.warehouse import Warehouse

MONTHS = 6
FROM_SENTENCE = FROM["sentence"]


@dataclass(frozen=True, eq=False)
class Releases:
    """Releases of those whom the programme could have reached.

    Attributes
    ----------
    rows
        One row per release: `person` and `court` (numbers that name nobody), `period` (half-year
        of release, from 1), `wave` (the half-year from which the court has the programme; 0
        never), `reached` (released from then on), `took_part` and `reoffended` (1 or 0).
    flow
        People left at each step.
    first
        The first day of period 1.
    """

    rows: pd.DataFrame
    flow: Flow
    first: datetime.date

    def words(self, period: int) -> str:
        """A half-year in words, as "2014, first half"."""
        number = self.first.year * 2 + (self.first.month > MONTHS) + period - 1
        return f"{number // 2}, {'second' if number % 2 else 'first'} half"


def eligible_releases(
    warehouse: Warehouse,
    programme: PlantedProgramme,
    options: DataLabOptions,
    *,
    least_days: int,
) -> Releases:
    """Releases from a custodial sentence after `least_days` or more in custody, followed 18 months.

    Parameters
    ----------
    options
        Whose window is that of the releases.

    Raises
    ------
    MetricError
        If there is no such release, or a court's first day lies inside a half-year.
    """
    events = index_events(warehouse, options)
    events = events.filter(events.sentence_type == FROM_SENTENCE)
    long = events.filter(events.stay_days >= least_days)
    seen = engine.materialise(covered(warehouse, long, options), step="releases by court")
    in_time = seen.filter(seen.is_followed, seen.place_id.notnull())
    told = followed(warehouse, in_time, options)
    rows = _in_memory(warehouse, told, programme)
    if rows.empty:
        raise MetricError("no release could be followed: check the window and least_days.")
    flow = Flow(
        "people released from a custodial sentence",
        _people(events),
        (
            Step(f"after {least_days} days in custody or more", _people(long)),
            Step("court known, and covered for 18 months more", len(rows["person"].unique())),
        ),
    )
    return _laid_out(rows, programme, flow)


def _people(rows: ir.Table) -> int:
    return engine.count_rows(rows.select("person_id").distinct())


def _in_memory(warehouse: Warehouse, told: ir.Table, programme: PlantedProgramme) -> pd.DataFrame:
    """Releases with whether the person took part in that stay."""
    people = programme.people
    columns = {
        "participant": people["person_id"].tolist(),
        "intervention_date": people["intervention_date"].tolist(),
    }
    types = {"participant": "int64", "intervention_date": "date"}
    known = engine.memory_table(warehouse.backend, columns, types)
    joined = told.left_join(known, told.person_id == known.participant)
    began = engine.add_days(joined.intervention_date, 0)
    inside = (began <= joined.index_date) & (
        engine.days_between(joined.index_date, began) <= joined.stay_days
    )
    found = joined.select(
        "place_id",
        "index_date",
        person=ibis.dense_rank().over(order_by=joined.person_id),
        took_part=inside.fill_null(False).cast("int64"),
        reoffended=joined.reoffended.cast("int64"),
    )
    rows = engine.execute(found, step="releases that could be reached")
    order = ["person", "index_date", "place_id"]
    return rows.sort_values(order, ignore_index=True)


def _laid_out(rows: pd.DataFrame, programme: PlantedProgramme, flow: Flow) -> Releases:
    """Number half-years, courts and waves."""
    import pandas as pd

    days = pd.to_datetime(rows["index_date"])
    begin = days.min()
    first = datetime.date(begin.year, 1 if begin.month <= MONTHS else MONTHS + 1, 1)
    courts = programme.courts
    if not _on_a_half_year(pd.to_datetime(courts["from_date"]).dropna()):
        raise MetricError("stages must begin on 1 January or 1 July: some do not.")
    joined = rows.merge(courts, on="place_id", how="inner", validate="many_to_one")
    since = _numbered(pd.to_datetime(joined["from_date"]), first)
    period = _numbered(pd.to_datetime(joined["index_date"]), first).astype(np.int64)
    last = period.max()
    wave = np.where(np.isnan(since) | (since > last), 0, since).astype(np.int64)
    court, _ = pd.factorize(joined["place_id"], sort=True)
    made = joined[["person", "took_part", "reoffended"]].assign(
        court=court, period=period, wave=wave, reached=(wave > 0) & (period >= wave)
    )
    return Releases(made, flow, first)


def _on_a_half_year(days: pd.Series) -> bool:
    return bool(((days.dt.day == 1) & days.dt.month.isin([1, MONTHS + 1])).all())


def _numbered(days: pd.Series, first: datetime.date) -> np.ndarray:
    """Half-year of each day, from 1; missing where the day is."""
    begin = first.year * 2 + (first.month > MONTHS)
    return (days.dt.year * 2 + (days.dt.month > MONTHS) - begin + 1).to_numpy(dtype=float)
