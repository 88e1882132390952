"""Receipts and disposals of the criminal courts, by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, Chart, Need, check_choices, choice, metric
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.criminal.court_groups import check_by, places_of, with_groups
from justice_analysis.metrics.criminal.court_outputs import counts_output
from justice_analysis.metrics.criminal.court_records import (
    APPEAL,
    CASE_TYPES_OF,
    CROWN,
    MAGISTRATES,
    defendants,
    refuse_without,
    seen_from,
    sources_of,
    with_moved,
)
from justice_analysis.metrics.criminal.timeliness_definition import FIRST_YEARS, MIGRATION_BREAK
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

COURTS = {MAGISTRATES: "magistrates' courts", CROWN: "the Crown Court"}


@dataclass(frozen=True)
class CriminalFlowOptions:
    """Options of `criminal_receipts_and_disposals`; each names the rule it settles."""

    court: str = choice(CROWN, "which courts", MAGISTRATES, CROWN)
    unit: str = choice(
        "defendant",
        "whose receipt and end set the period: each defendant's, or the case's",
        "defendant",
        "case",
    )
    period: str = choice("quarter", "the period to count by", *PERIODS)
    by: tuple[str, ...] = choice((), "groups: offence_group, case_type, court, region")
    appeals: str = choice("count", "appeals in the Crown Court", "count", "exclude")
    breaches: str = choice(
        "count", "breaches and civil-order applications, no offences", "count", "exclude"
    )
    after_migration: str = choice(
        "leave_out", "disposals in a court whose new cases have left the data", "leave_out", "count"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        check_by(self.by, ("offence_group", "case_type", "court", "region"), most=1)
        if self.unit == "case" and "offence_group" in self.by:
            raise OptionError(
                "offence_group must be shown by defendant: a case may have several. Set unit "
                "to defendant."
            )


CARD = Card(
    name="criminal_receipts_and_disposals",
    title="Cases received and disposed of by the criminal courts",
    question="How many defendants and cases came into the courts, and how many left them?",
    definition=(
        "A receipt is counted in the period in which a court received the case (the charge or "
        "the first hearing, where no receipt is recorded); a disposal in that in which the case "
        "ended there for the defendant, or for the last of its defendants where cases are the "
        "unit. In magistrates' courts being sent to the Crown Court is a disposal. Defendants "
        "and the cases that they are in are both shown."
    ),
    counting_unit="defendants in cases, and cases; one case in both courts is received in each",
    population="Cases in magistrates' courts, or trials, sentences and appeals in the Crown Court",
    clock="The calendar",
    does_not_count=(
        "disposals in a court after its new cases left the data, unless asked for",
        "receipts in such a court after that day, or before coverage began",
        "cases under the Single Justice Procedure, which are not in the data",
        "cases of which the day is not recorded: counted in the attrition",
    ),
    censoring="None: a count of the record as it was extracted",
    known_breaks=(MIGRATION_BREAK, FIRST_YEARS),
    needs=(
        Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),
        Need("magistrates_defendant", "mags_defendant_case", "final_result_date"),
        Need("crown_court_defendant", "crown_defendant_case", "receipt_date"),
        Need("crown_court_defendant", "crown_defendant_case", "completion_date"),
    ),
    source=(
        "Criminal court statistics quarterly, Ministry of Justice, for what is counted; the "
        "rules here are ours",
    ),
    options_type=CriminalFlowOptions,
    subject="criminal courts",
)


@metric(CARD)
def criminal_receipts_and_disposals(warehouse: Warehouse, **options: Any) -> Measured:
    """Count what came into the criminal courts and what left them, by period.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `CriminalFlowOptions`.

    Returns
    -------
    Measured
        Outputs `receipts` and `disposals`: one row per period and group, with `defendants`,
        `cases` and the people behind them. The attrition is that of the disposals.

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If the warehouse has no such cases.
    """
    chosen: CriminalFlowOptions = CARD.read_options(options)
    types = (*CASE_TYPES_OF[chosen.court], *((APPEAL,) if _with_appeals(chosen) else ()))
    refuse_without(warehouse, name=CARD.name, case_types=types)
    rows = engine.materialise(_dated(warehouse, chosen, types), step="receipts and disposals")
    first = ibis.literal(seen_from(warehouse, sources_of(warehouse, types)))
    hashed = population_hash(warehouse, CARD, chosen, presentation=("by", "period"))
    outputs, flows = {}, {}
    for name, date, condition in (
        ("receipts", "came", (rows.came < rows.moved) & (rows.came >= first)),
        ("disposals", "left", (rows.left < rows.moved) | (chosen.after_migration == "count")),
    ):
        kept, flows[name] = _counted(rows, name, date, condition)
        about = About(
            card=CARD,
            options=chosen,
            unit=f"defendants, {name}",
            population=f"Cases in {COURTS[chosen.court]}: {name}",
            population_hash=f"{hashed}:{name}",
            about="co_defendants",
            family=f"{CARD.name} {chosen.court} {name}",
        )
        outputs[name] = _output(warehouse, about, kept, chosen, date)
    return Measured(CARD, chosen, outputs, flows["disposals"])


def _with_appeals(options: CriminalFlowOptions) -> bool:
    return options.court == CROWN and options.appeals == "count"


def _dated(warehouse: Warehouse, options: CriminalFlowOptions, types: tuple[str, ...]) -> ir.Table:
    """One row per defendant with the days on which its unit came and left."""
    rows = with_moved(warehouse, defendants(warehouse, case_types=types))
    if options.breaches == "exclude":
        rows = rows.filter(~rows.is_breach.fill_null(False))
    if options.unit == "defendant":
        rows = rows.mutate(came=rows.arrived_date, left=rows.ended_date)
    else:
        ends = warehouse.case.select("case_id", left="closed_date")
        rows = rows.mutate(came=rows.case_received).left_join(ends, "case_id")
    never = ibis.date("9999-12-31")
    kept = ("person_key", "case_id", "case_type", "place_id", "code", "came", "left")
    return rows.select(*kept, moved=ibis.coalesce(rows.moved_date, never))


def _counted(
    rows: ir.Table, name: str, date: str, covered: ir.BooleanValue
) -> tuple[ir.Table, Flow]:
    steps = [
        (f"day of the {name} recorded", rows[date].notnull()),
        ("while the court's new cases were in the data", covered),
    ]
    kept, flow = select(rows, start="defendants", steps=steps)
    if not flow.people:
        raise MetricError(
            f"{CARD.name} needs {name} with their day: none is left. Check the options."
        )
    return kept, flow


def _output(
    warehouse: Warehouse, about: About, rows: ir.Table, options: CriminalFlowOptions, date: str
) -> Any:
    by = (options.period, *options.by)
    grouped = with_groups(warehouse, rows, by, date=date)
    units = units_of(grouped, by=by, group="case_id")
    shown = ("cases", "defendants") if options.unit == "case" else ("defendants",)
    y = shown[0]
    chart = Chart(
        form="lines",
        x=options.period,
        y=y,
        group=options.by[0] if options.by else None,
        y_title=y.capitalize(),
    )
    return counts_output(about, units, shown=shown, chart=chart, places=places_of(options.by))
