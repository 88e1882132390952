"""Divorce: time from petition to conditional order and to final order, by either cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, observed_period, select
from justice_analysis.definitions import Card, Need, Output, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK, duration_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_curve, entry_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.family.divorces import NO_FAULT, SOURCE, divorces

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

CONDITIONAL, FINAL, BETWEEN = "conditional_order", "final_order", "conditional_to_final"
WORDS = {
    CONDITIONAL: "from petition to conditional order (decree nisi)",
    FINAL: "from petition to final order (decree absolute)",
    BETWEEN: "from conditional order (decree nisi) to final order (decree absolute)",
}
MADE, CLOSED = "order made", "case closed without the order"
PRESENTATION = ("by", "period", "horizon_weeks", "minimum_weeks")


@dataclass(frozen=True)
class DivorceStagesOptions:
    """Options of `divorce_stages`; each names the rule it settles."""

    stage: str = choice(
        CONDITIONAL,
        "the stage timed: petition to conditional order, petition to final order, or the one "
        "order to the other",
        *WORDS,
    )
    cohort: str = choice(
        "exit",
        "exit: orders made in a period, whatever the date of the petition; entry: stages begun "
        "in a period, those not ended censored",
        "exit",
        "entry",
    )
    period: str | None = choice(
        "quarter", "period of the order (exit) or of the stage's beginning (entry)", None, *PERIODS
    )
    by: str | None = choice("law", "groups to show apart", None, "law", "application", "court")
    published: bool = choice(
        False,
        "begin at the transfer in, where that is before the petition, as the published table does",
        False,
        True,
    )
    horizon_weeks: tuple[int, ...] = choice((26, 52, 104), "weeks to report of an entry cohort")
    minimum_weeks: int = choice(
        20,
        "least weeks from application to conditional order under the law from 2022 (recalled, "
        "not read in the Act: a check of dates, no rule of the count)",
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.published and self.stage == BETWEEN:
            problems.append("published changes where the petition begins: it is not in this stage.")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            problems.append("horizon_weeks must be whole weeks above 0.")
        if self.minimum_weeks < 0:
            problems.append("minimum_weeks must not be negative.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="divorce_stages",
    title="Time through the stages of a divorce",
    question="How long does a divorce take to each of its orders?",
    definition=(
        "Weeks from the petition (from April 2022, the application) to the first conditional "
        "order (before, the decree nisi), to the first final order (the decree absolute), or from "
        "the one to the other. Mean and median of orders made in a period, whatever the date of "
        "the petition (exit cohort, as official statistics have it), or the cumulative share that "
        "has reached the order by weeks since the stage began (entry cohort)"
    ),
    counting_unit="divorce cases; of two applicants one stands for the case in counts of people",
    population="Divorce cases of the family court",
    clock="From the day of the petition (or conditional order) to that of the order, in days",
    does_not_count=(
        "a second petition or order in the same case: the first of each counts",
        "an order dated before the stage began: set aside, and counted in the attrition",
        "a divorce whose conditional order is not recorded although the final one is, in an entry "
        "cohort of conditional orders: the day is not known",
        "an event entered in error",
        "by itself, any fault of a court: a stage also waits for the parties to apply",
    ),
    censoring=(
        "An exit cohort has none: petitions that are still open are not in it, so it can shorten "
        "while waits grow, and it lengthens as a backlog is cleared. In an entry cohort they are "
        "censored at the end of coverage; the closing of a case without the order is an outcome "
        "of its own"
    ),
    known_breaks=(
        "Divorce needs no fault, may be asked for jointly and has other waiting times from "
        "6 April 2022; both laws run side by side for years, so they are shown apart by default",
        "The data begin with petitions of 2011: orders of the first years are those of quick "
        "divorces only",
        "A case without a recorded petition takes the day of receipt of the case",
    ),
    needs=tuple(
        Need(SOURCE, table, field)
        for table, field in (
            ("cases", "case_type"),
            ("cases", "receipt_date"),
            ("cases", "creating_court"),
            ("cases", "transfer_in_date"),
            ("events", "event_model"),
            ("events", "receipt_date"),
            ("events", "application_type"),
            ("events", "order_type"),
            ("people", "role_model"),
        )
    ),
    source=(
        "Family Court Statistics Quarterly, footnotes: durations of decrees made in the period; "
        "earliest petition, or transfer in if earlier; mean as the sum of durations by the number",
        "Divorce, Dissolution and Separation Act 2020, in force from 6 April 2022",
    ),
    options_type=DivorceStagesOptions,
    subject="family courts",
)


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
            units_of(named, by=lines, keep=keep),
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
