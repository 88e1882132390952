"""Divorce progression: the share of petitions that reach decree nisi within so many quarters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import CENSORED, Flow, observed_period, select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.family.divorces import FAULT, NO_FAULT, SOURCE, divorces

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MONTHS_IN_QUARTER = 3
REACHED = "order made"
LAWS = {"before_2022": FAULT, "from_2022": NO_FAULT}
ORDERS = {"conditional_order": "conditional_date", "final_order": "final_date"}
PRESENTATION = ("by_court", "period", "quarters", "published", "order")


@dataclass(frozen=True)
class DivorceProgressionOptions:
    """Options of `divorce_progression`; each names the rule it settles."""

    order: str = choice("conditional_order", "the order that is reached", *ORDERS)
    petitions_from: str = choice("2011-01-01", "first day of petitions, inclusive")
    petitions_to: str | None = choice(None, "day of petitions, exclusive; none: all there are")
    law: str = choice("both", "petitions under one law, or both", "both", *LAWS)
    period: str | None = choice("quarter", "period of the petition", None, *PERIODS)
    by_court: bool = choice(False, "show courts apart", False, True)
    quarters: int = choice(8, "quarters to follow a petition")
    published: bool = choice(
        False,
        "divide by all petitions of the period, as published, those still open not censored",
        False,
        True,
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if not 1 <= self.quarters <= 40:
            problems.append("quarters must lie from 1 to 40.")
        if self.petitions_to and self.petitions_from >= self.petitions_to:
            problems.append("petitions_from must be before petitions_to: it is not.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="divorce_progression",
    title="Progression of divorces by quarter since petition",
    question="What share of petitions reach the decree nisi within so many quarters?",
    definition=(
        "Of the petitions of a quarter, the cumulative share whose first conditional order (decree "
        "nisi), or final order, is made within so many quarters of the petition; a quarter is "
        "three calendar months from the day of the petition"
    ),
    counting_unit="divorce cases; of two applicants one stands for the case in counts of people",
    population="Divorce cases of the family court with a petition in the window",
    clock="From the day of the petition, in quarters of three months",
    does_not_count=(
        "a second petition or order in the same case: the first of each counts",
        "an order dated before the petition: set aside, and counted in the attrition",
        "a divorce whose conditional order is not recorded although the final one is, where "
        "conditional orders are counted: the day is not known",
        "an event entered in error",
    ),
    censoring=(
        "A petition is followed for the quarters that are complete by the end of coverage, and "
        "censored then (1 minus Kaplan-Meier). With published, every petition of the period is in "
        "the denominator, so that the latest periods fall short of what they will reach"
    ),
    known_breaks=(
        "Divorce law changed on 6 April 2022; a conditional order stands for the decree nisi",
        "A case without a recorded petition takes the day of receipt of the case",
    ),
    needs=tuple(
        Need(SOURCE, table, field)
        for table, field in (
            ("cases", "case_type"),
            ("cases", "receipt_date"),
            ("events", "event_model"),
            ("events", "receipt_date"),
            ("events", "application_type"),
            ("events", "order_type"),
            ("people", "role_model"),
        )
    ),
    source=(
        "Family Court Statistics Quarterly, table of the progression of divorces: petitions since "
        "2011 that reach decree nisi, by quarters since petition",
    ),
    options_type=DivorceProgressionOptions,
    subject="family courts",
)


@metric(CARD)
def divorce_progression(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure the share of petitions that reach an order by quarters since petition.

    Parameters
    ----------
    warehouse
        A warehouse that holds the family court.
    **options
        See `DivorceProgressionOptions`.

    Returns
    -------
    Measured
        Output `progression`: one row per period of petition (and court) and `horizon`.

    Raises
    ------
    MetricError
        If the warehouse has no divorces, or none is left.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: DivorceProgressionOptions = CARD.read_options(options)
    rows, flow = followed_petitions(warehouse, chosen)
    named = rows
    if chosen.period:
        named = rows.mutate(**{chosen.period: PERIODS[chosen.period](rows.petition_date)})
    by = [*([chosen.period] if chosen.period else []), *(["court"] if chosen.by_court else [])]
    units = units_of(named, by=by, keep=["duration_days", "outcome"])
    steps = range(1, chosen.quarters + 1)
    output = entry_output(
        _about(warehouse, chosen),
        units,
        units_name="petitions",
        causes=(REACHED,),
        horizons={f"{n} quarter{'s' * (n > 1)}": n for n in steps},
        places={"court": "court"} if chosen.by_court else {},
    )
    return Measured(CARD, chosen, {"progression": output}, flow)


def followed_petitions(
    warehouse: Warehouse, options: DivorceProgressionOptions
) -> tuple[ir.Table, Flow]:
    """Follow each petition by quarters to its order.

    Returns
    -------
    tuple of Table and Flow
        One row per divorce: the columns of `divorces`, `duration_days` (here quarters since the
        petition, begun or complete) and `outcome`; and how many were left at each step.
    """
    _, end = observed_period(warehouse, sources=[SOURCE])
    rows = divorces(warehouse)
    order = rows[ORDERS[options.order]]
    begin, cease = (
        ibis.literal(day, type="date") for day in (options.petitions_from, _last(options, end))
    )
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("petition dated", rows.petition_date.notnull()),
        ("petition in the window", (rows.petition_date >= begin) & (rows.petition_date < cease)),
        ("order not before petition", order.isnull() | (order >= rows.petition_date)),
    ]
    if options.law != "both":
        steps.insert(3, ("petition under the law chosen", rows.law == LAWS[options.law]))
    if options.order == "conditional_order":
        known = order.notnull() | rows.final_date.isnull()
        steps.append(("conditional order dated where there is a final one", known))
    kept, flow = select(rows, start="divorce cases", steps=steps)
    return _by_quarters(kept, kept[ORDERS[options.order]], end, options), flow


def _last(options: DivorceProgressionOptions, end: Any) -> str:
    """Petitions of the last day of coverage have not been followed for a day."""
    return min(options.petitions_to or str(end), str(end))


def _by_quarters(
    rows: ir.Table, order: ir.DateValue, end: Any, options: DivorceProgressionOptions
) -> ir.Table:
    marks = [
        engine.add_months(rows.petition_date, MONTHS_IN_QUARTER * n)
        for n in range(1, options.quarters + 1)
    ]
    passed = reduce(add, [(order > mark).cast("int64") for mark in marks])
    taken = passed + 1
    # Complete: the last day of the quarter is before the end of what was seen.
    complete = reduce(add, [(mark < ibis.literal(end)).cast("int64") for mark in marks])
    followed = ibis.literal(options.quarters) if options.published else complete
    seen = (order < ibis.literal(end)).fill_null(False) & (taken <= followed).fill_null(False)
    return rows.mutate(
        duration_days=seen.ifelse(taken, followed).cast("int64"),
        outcome=seen.ifelse(REACHED, CENSORED),
    )


def _about(warehouse: Warehouse, options: DivorceProgressionOptions) -> About:
    notes = ["A quarter is three calendar months from the day of the petition."]
    if options.published:
        notes.append(
            "Petitions that are still open stay in the denominator, as published: the latest "
            "periods are not complete."
        )
    return About(
        card=CARD,
        options=options,
        unit="divorces",
        population="Divorce cases with a petition in the period",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=tuple(notes),
    )
