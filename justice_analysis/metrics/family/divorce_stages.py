"""Divorce: time from petition to conditional order and to final order, by either cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, observed_period, select
from justice_analysis.definitions import Output, metric
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK, duration_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.entry_curves import entry_curve
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.family.divorce_stages_definition import (
    BETWEEN,
    CARD,
    CONDITIONAL,
    WORDS,
    DivorceStagesOptions,
)
from justice_analysis.metrics.family.divorces import NO_FAULT, SOURCE, divorces

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MADE, CLOSED = "order made", "case closed without the order"
PRESENTATION = ("by", "period", "horizon_weeks", "minimum_weeks")


@metric(CARD)
def divorce_stages(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure how long divorces take to one of their orders.

    Parameters
    ----------
    warehouse
        A warehouse that holds the family court.
    **options
        See `DivorceStagesOptions`.

    Returns
    -------
    Measured
        Exit cohort: output `durations` (weeks: mean, median, quartiles) and, for conditional
        orders of the law from 2022, `sooner` (share made sooner than the minimum). Entry
        cohort: `shares` (reached by so many weeks) and `curve`.

    Raises
    ------
    MetricError
        If the warehouse has no divorces, or none is left.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: DivorceStagesOptions = CARD.read_options(options)
    rows, flow = timed_divorces(warehouse, chosen)
    about = _about(warehouse, chosen)
    outputs = _exit(about, rows, chosen) if chosen.cohort == "exit" else _entry(about, rows, chosen)
    return Measured(CARD, chosen, outputs, flow)


def timed_divorces(warehouse: Warehouse, options: DivorceStagesOptions) -> tuple[ir.Table, Flow]:
    """Time one stage of each divorce.

    Returns
    -------
    tuple of Table and Flow
        One row per divorce: the columns of `divorces`, `start_date`, `order_date`,
        `duration_days`, `outcome`; and how many were left at each step.
    """
    rows = _staged(divorces(warehouse), options)
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("beginning of the stage dated", rows.start_date.notnull()),
        *_window(rows, options),
    ]
    forward = rows.order_date.isnull() | (rows.order_date >= rows.start_date)
    if options.cohort == "exit":
        steps.append(("order made", rows.order_date.notnull()))
        steps.append(("order not before the stage began", forward))
        kept, flow = select(rows, start="divorce cases", steps=steps)
        days = engine.days_between(kept.order_date, kept.start_date)
        return kept.mutate(duration_days=days, outcome=ibis.literal(MADE)), flow
    _, end = observed_period(warehouse, sources=[SOURCE])
    steps.append(("order not before the stage began", forward))
    if options.stage == CONDITIONAL:
        known = rows.order_date.notnull() | rows.final_date.isnull()
        steps.append(("conditional order dated where there is a final one", known))
    steps.append(("begun before the end of coverage", rows.start_date < ibis.literal(end)))
    kept, flow = select(rows, start="divorce cases", steps=steps)
    early = (kept.closed_date < kept.start_date).fill_null(False)
    followed = follow_up(
        kept.mutate(
            end=ibis.literal(end),
            cause=ibis.literal(MADE),
            closing=early.ifelse(kept.start_date, kept.closed_date),
        ),
        start="start_date",
        event="order_date",
        end="end",
        cause="cause",
        competing="closing",
        competing_name=CLOSED,
    )
    return followed, flow


def _window(rows: ir.Table, options: DivorceStagesOptions) -> list[tuple[str, ir.BooleanValue]]:
    start, steps = rows.start_date, []
    if options.begun_from:
        first = ibis.literal(options.begun_from, type="date")
        steps.append(("begun from the first day", start >= first))
    if options.begun_to:
        last = ibis.literal(options.begun_to, type="date")
        steps.append(("begun before the last day", start < last))
    return steps


def _staged(rows: ir.Table, options: DivorceStagesOptions) -> ir.Table:
    """Beginning and end of the stage that is timed."""
    if options.stage == BETWEEN:
        return rows.mutate(start_date=rows.conditional_date, order_date=rows.final_date)
    start = rows.petition_date
    if options.published:
        moved = (rows.transfer_date < start).fill_null(False)
        start = moved.ifelse(rows.transfer_date, start)
    order = rows.conditional_date if options.stage == CONDITIONAL else rows.final_date
    return rows.mutate(start_date=start, order_date=order)


def _exit(about: About, rows: ir.Table, options: DivorceStagesOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.order_date, options)
    units = units_of(named, by=by, keep=["duration_days"])
    words = f"weeks {WORDS[options.stage]}"
    found = {
        "durations": duration_output(
            about, units, units_name="divorces", words=words, scale="weeks", places=places
        )
    }
    if options.stage == CONDITIONAL:
        found |= _sooner(about, rows, options)
    return found


def _sooner(about: About, rows: ir.Table, options: DivorceStagesOptions) -> dict[str, Output]:
    """Share of conditional orders made sooner than the law allows: dates that must be wrong."""
    new = rows.filter(rows.law == NO_FAULT)
    if not engine.count_rows(new):
        return {}
    sooner = new.duration_days < options.minimum_weeks * DAYS_IN_WEEK
    units = units_of(new.mutate(sooner=sooner), by=["application"], keep=["sooner"])
    title = "Conditional orders made sooner than the waiting time allows"
    return {"sooner": share_output(about, units, met="sooner", units_name="divorces", title=title)}


def _entry(about: About, rows: ir.Table, options: DivorceStagesOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.start_date, options)
    keep = ["duration_days", "outcome"]
    causes = (MADE, CLOSED)
    horizons = {f"{weeks} weeks": weeks * DAYS_IN_WEEK for weeks in options.horizon_weeks}
    units = units_of(named, by=by, keep=keep)
    lines = [name for name in by if name != options.period]
    return {
        "shares": entry_output(
            about, units, units_name="divorces", causes=causes, horizons=horizons, places=places
        ),
        "curve": entry_curve(
            about,
            named,
            by=lines,
            first=["start_date", "case_id"],
            causes=causes,
            clock="the stage began",
            places=places,
        ),
    }


def _with_period(rows: ir.Table, date: ir.DateValue, options: DivorceStagesOptions) -> ir.Table:
    return (
        rows.mutate(**{options.period: PERIODS[options.period](date)}) if options.period else rows
    )


def _groups(options: DivorceStagesOptions) -> tuple[list[str], dict[str, str]]:
    by = [name for name in (options.period, options.by) if name]
    return by, ({"court": "court"} if options.by == "court" else {})


def _about(warehouse: Warehouse, options: DivorceStagesOptions) -> About:
    notes = [f"Weeks run {WORDS[options.stage]}."]
    if options.cohort == "exit":
        notes.append("Divorces that have not reached the order are not in these numbers.")
    if options.published:
        notes.append("Time begins at the transfer in where that is earlier, as published.")
    what = "with the order made" if options.cohort == "exit" else "whose stage began"
    return About(
        card=CARD,
        options=options,
        unit="divorces",
        population=f"Divorce cases {what} in the period",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=f"{CARD.name}: {options.stage}",
        notes=tuple(notes),
    )
