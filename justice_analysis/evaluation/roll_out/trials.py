"""Contested trials in the Crown Court, from the common tables: what a roll-out is seen in."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.attrition import Flow, Step
from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.definition import CARD, CLOSE, RollOutOptions
from justice_analysis.evaluation.roll_out.design import KEPT, STEPS, Layout, lay_out
from justice_analysis.evaluation.roll_out.periods import numbered, start_of
from justice_analysis.metrics.criminal.conviction import of_level
from justice_analysis.metrics.criminal.court_records import (
    TRIAL,
    charges,
    refuse_without,
    seen_to,
    sources_of,
    with_moved,
)

if TYPE_CHECKING:
    from justice_analysis.evaluation.roll_out.starts import Starts
    from justice_analysis.warehouse import Warehouse

NEEDED = ("matter_id", "party_id", "case_id", "person_key", "case_type", "place_id", "source",
          "code", "is_breach", "is_principal", "plea", "verdict", "verdict_date",
          "case_received")  # fmt: skip
VERDICTS = ("guilty", "not_guilty")


@dataclass(frozen=True)
class Left:
    """A step of the selection, with the people left after it and the cases that they are in."""

    step: str
    people: int
    cases: int


@dataclass(frozen=True, eq=False)
class Trials:
    """Units of one level, each with its court's wave and its period, stored in the engine.

    Attributes
    ----------
    rows
        One row per charge: `unit_key`, `person_key`, `case_id`, `court`, `received`, `convicted`
        (of its unit), `wave`, `period`, `step` (see `design.STEPS`).
    """

    rows: ir.Table
    level: str

    @property
    def kept(self) -> ir.Table:
        """The rows that serve."""
        return self.rows.filter(self.rows.step == KEPT)

    def cells(self) -> pd.DataFrame:
        """One row per court, wave and period: `court`, `wave`, `period`, `units`, `convicted`."""
        rows = self.kept
        found = rows.group_by(["court", "wave", "period"]).aggregate(
            units=rows.unit_key.nunique(),
            convicted=rows.unit_key.nunique(where=rows.convicted),
        )
        table = engine.execute(found, step="cells of the roll-out")
        return table.sort_values(["court", "period"], ignore_index=True)


def charged(warehouse: Warehouse, options: RollOutOptions) -> tuple[ir.Table, list[Left]]:
    """Charges of the offences asked for, decided or not, and the people at each step."""
    refuse_without(warehouse, name=CARD.name, case_types=(TRIAL,))
    every = charges(warehouse, case_types=(TRIAL,)).select(*NEEDED)
    stored = engine.materialise(every, step="charges in Crown Court trials")
    offence = stored.code.isin(list(options.offences)) & ~stored.is_breach.fill_null(False)
    if options.mixed == "principal":
        offence &= stored.is_principal
    open_ = ~stored.verdict.isin((*VERDICTS, "no_verdict")) | stored.verdict.isnull()
    contested = (stored.plea == "not_guilty").fill_null(False) | (
        open_ & (stored.plea != "guilty").fill_null(True)
    )
    decided = contested & stored.verdict.isin(VERDICTS).fill_null(False)
    known = stored.case_received.notnull() & stored.place_id.notnull()
    words = {
        "people with a charge of these offences": offence,
        "with one that was denied, or is undecided": contested,
        "with a verdict on it": decided,
        "in a case with a court and a day of receipt": known,
    }
    steps = _steps(stored, words)
    rows = stored.filter(offence, contested, known)
    return rows.mutate(is_decided=decided), steps


def _steps(rows: ir.Table, conditions: dict[str, ir.BooleanValue]) -> list[Left]:
    met: ir.BooleanValue = ibis.literal(True)
    left = {}
    for words, condition in conditions.items():
        met = met & condition.fill_null(False)
        left[words] = met
    return _left(rows, left)


def _left(rows: ir.Table, left: dict[str, ir.BooleanValue]) -> list[Left]:
    """People and cases of the rows that are left at each step."""
    counts = {}
    for number, met in enumerate(left.values()):
        counts[f"people_{number}"] = rows.person_key.nunique(where=met)
        counts[f"cases_{number}"] = rows.case_id.nunique(where=met)
    found = engine.execute(rows.aggregate(**counts), step="selection").iloc[0]
    return [
        Left(words, int(found[f"people_{n}"]), int(found[f"cases_{n}"]))
        for n, words in enumerate(left)
    ]


def window(
    warehouse: Warehouse, rows: ir.Table, starts: Starts, options: RollOutOptions
) -> tuple[datetime.date, str]:
    """The day on which the window of receipt closes (exclusive), and why."""
    sources = sources_of(warehouse, (TRIAL,))
    until, why = seen_to(warehouse, sources), "the extract"
    if options.received_to:
        asked = datetime.date.fromisoformat(options.received_to)
        if asked < until:
            until, why = asked, "the day asked for"
    elif (ended := _ended(rows, options)) and ended < until:
        until, why = ended, "later cases have not all ended"
    if options.courts_that_moved == CLOSE:
        moved = _first_moved(warehouse, rows, starts)
        if moved and moved < until:
            until, why = moved, "the first court moves to another system"
    return until, why


def _ended(rows: ir.Table, options: RollOutOptions) -> datetime.date | None:
    """Day after the last period of whose charges enough have a verdict; none if it is the last."""
    found = rows.group_by("case_received").aggregate(
        charged=rows.count(), decided=rows.is_decided.cast("int64").sum()
    )
    days = engine.execute(found, step="decided charges by day of receipt")
    first = datetime.date.fromisoformat(options.received_from)
    days["period"] = numbered(first, pd.to_datetime(days["case_received"]), options.period)
    by_period = days[days["period"] > 0].groupby("period")[["charged", "decided"]].sum()
    enough = by_period["decided"] >= options.least_ended * by_period["charged"]
    if not enough.any():
        raise MetricError(
            "no period has enough verdicts: in none has the share least_ended of its contested "
            "charges one. Lower least_ended, or check received_from."
        )
    last = int(enough[enough].index.max())
    if last == by_period.index.max():
        return None
    days_after = days.loc[days["period"] > last, "case_received"]
    return start_of(pd.Timestamp(days_after.min()).date(), options.period)


def _first_moved(warehouse: Warehouse, rows: ir.Table, starts: Starts) -> datetime.date | None:
    """The day on which the first of the courts that are looked at moves to another system."""
    courts = rows.select("place_id", "source").distinct()
    found = engine.execute(with_moved(warehouse, courts), step="courts that moved")
    days = found.loc[found["place_id"].isin(set(starts.table["court"])), "moved_date"].dropna()
    return pd.Timestamp(days.min()).date() if len(days) else None


def units_of(rows: ir.Table, level: str, mixed: str) -> ir.Table:
    """Decided charges with what their unit came to: `court`, `received`, `convicted`."""
    kept = rows.filter(rows.is_decided)
    received = kept.group_by("case_id").aggregate(received=kept.case_received.min())
    told = of_level(kept, level, mixed=mixed)
    met = told.inner_join(received, "case_id")
    return met.select(
        "unit_key", "person_key", "case_id", "received", "convicted", court=met.place_id
    )


def days_of(units: ir.Table) -> pd.DataFrame:
    """One row per court and day of receipt: `court`, `received`, `cases` (units)."""
    found = units.group_by(["court", "received"]).aggregate(cases=units.unit_key.nunique())
    table = engine.execute(found, step="units by court and day of receipt")
    table["received"] = pd.to_datetime(table["received"])
    return table.sort_values(["court", "received"], ignore_index=True)


def laid_out(
    rows: ir.Table, level: str, starts: Starts, options: RollOutOptions, closing: tuple
) -> tuple[Trials, Layout]:
    """Lay the units of one level out by wave and period."""
    until, why = closing
    units = engine.materialise(units_of(rows, level, options.mixed), step=f"{level}s")
    layout = lay_out(
        days_of(units),
        starts.table,
        first=datetime.date.fromisoformat(options.received_from),
        until=until,
        length=options.period,
        closed_by=why,
    )
    days = layout.days.assign(received=layout.days["received"].dt.strftime("%Y-%m-%d"))
    placed = engine.memory_table(
        units.get_backend(),
        days,
        {"court": "string", "received": "date", "wave": "int64", "period": "int64",
         "step": "int64"},
    )  # fmt: skip
    met = units.inner_join(placed, ["court", "received"])
    stored = engine.materialise(met, step=f"{level}s by wave and period")
    return Trials(stored, level), layout


def left_at(trials: Trials, before: Sequence[Left]) -> list[Left]:
    """People and cases left at each step, from charge to analysis."""
    rows = trials.rows
    return [*before, *_left(rows, {words: rows.step > n for n, words in enumerate(STEPS)})]


def few_steps(steps: Sequence[Left]) -> list[Left]:
    """The selection in three steps: small ones are merged, so that none tells of a few people."""
    start, known, last = steps[0], steps[3], steps[-1]
    return [
        start,
        dataclasses.replace(known, step="with one that was denied, and a verdict on it"),
        dataclasses.replace(
            last, step="received inside the window, at a court and time that can be compared"
        ),
    ]


def flow_of(steps: Sequence[Left]) -> Flow:
    """People left at each step."""
    first, *rest = steps
    return Flow(first.step, first.people, tuple(Step(one.step, one.people) for one in rest))
