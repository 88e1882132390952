"""Private-law timeliness: from a child's application to its first disposal.

The rules are those of the code of the Family Court Statistics Quarterly; what the published
tables do oddly is an option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import DISPOSAL_TYPE_OF_ORDER, INTERIM_ORDER
from justice_analysis.cohorts import Flow, follow_up, observed_period, select
from justice_analysis.definitions import Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK, duration_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import person_key, units_of
from justice_analysis.metrics.family.private_law_timeliness_definition import (
    CARD,
    COLUMNS,
    SOURCE,
    PrivateLawTimelinessOptions,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DISPOSED, CLOSED = "disposed of", "case closed without an order"
DISPOSALS = tuple(order for order, kind in DISPOSAL_TYPE_OF_ORDER.items() if kind != INTERIM_ORDER)
PRESENTATION = ("by", "period", "published", "horizon_weeks")


@metric(CARD)
def private_law_timeliness(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure the time from private-law application to first disposal.

    Parameters
    ----------
    warehouse
        A warehouse that holds the family court.
    **options
        See `PrivateLawTimelinessOptions`.

    Returns
    -------
    Measured
        Exit cohort: output `durations` (weeks: mean, median, quartiles). Entry cohort: output
        `shares` (disposed of by so many weeks). One row per period and group.

    Raises
    ------
    MetricError
        If the warehouse has no such applications, or none is left.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: PrivateLawTimelinessOptions = CARD.read_options(options)
    rows, flow = timed_applications(warehouse, chosen)
    about = _about(warehouse, chosen)
    if chosen.cohort == "exit":
        outputs = {"durations": _durations(about, rows, chosen)}
    else:
        outputs = _entry(about, rows, chosen)
    return Measured(CARD, chosen, outputs, flow)


def timed_applications(
    warehouse: Warehouse, options: PrivateLawTimelinessOptions
) -> tuple[ir.Table, Flow]:
    """Time each child's application.

    Returns
    -------
    tuple of Table and Flow
        One row per child and order applied for in a case: `person_key` (the child),
        `proceeding_id`, `received_date`, `disposed_date`, `order_applied_for`, `court`,
        `duration_days`, `outcome`, `period`; and how many were left at each step.
    """
    rows = engine.materialise(_applications(warehouse), step="private-law applications")
    if not engine.count_rows(rows):
        raise MetricError(
            f"{CARD.name} needs private-law applications for children: the warehouse has none. "
            "Load the family court."
        )
    steps = [
        ("for an order that is counted", rows.order_applied_for.isin(options.orders)),
        ("child recorded", rows.person_key.notnull()),
        ("application dated", rows.received_date.notnull()),
    ]
    start = "applications about children in private law"
    if options.cohort == "exit":
        steps.append(("disposed of by an order", rows.disposed_date.notnull()))
        if options.cases == "ended":
            ended = rows.closed_date.notnull() | rows.has_final
            steps.append(("case closed or with a final order", ended))
        kept, flow = select(rows, start=start, steps=steps)
        days = engine.days_between(kept.disposed_date, kept.received_date)
        return kept.mutate(duration_days=days, outcome=ibis.literal(DISPOSED)), flow
    _, end = observed_period(warehouse, sources=[SOURCE])
    steps.append(("made before the end of coverage", rows.received_date < ibis.literal(end)))
    kept, flow = select(rows, start=start, steps=steps)
    early = (kept.closed_date < kept.received_date).fill_null(False)
    closed = early.ifelse(kept.received_date, kept.closed_date)
    return follow_up(
        kept.mutate(end=ibis.literal(end), closing=closed, cause=ibis.literal(DISPOSED)),
        start="received_date",
        event="disposed_date",
        end="end",
        cause="cause",
        competing="closing",
        competing_name=CLOSED,
    ), flow


def _applications(warehouse: Warehouse) -> ir.Table:
    case, matter, party = warehouse.case, warehouse.matter, warehouse.party
    cases = case.filter(case.case_type == "private_law", case.source == SOURCE)
    cases = cases.select("case_id", "proceeding_id", "place_id", "closed_date")
    asked = matter.filter(matter.kind == "child_in_application").select(
        "matter_id", "case_id", "received_date", order_applied_for="code"
    )
    asked = asked.inner_join(cases, "case_id")
    subjects = warehouse.matter_party.filter(warehouse.matter_party.part == "subject")
    subjects = subjects.select("matter_id", "party_id").inner_join(party, "party_id")
    children = subjects.group_by("matter_id").aggregate(person_key=person_key(subjects).min())
    told = _decided(warehouse, asked)
    ended = told.group_by("case_id").aggregate(has_final=told.has_final.any())
    places = warehouse.place.select(court_id="place_id", court="name")
    rows = asked.left_join(children, "matter_id").drop("matter_id_right")
    rows = rows.left_join(told.drop("case_id", "has_final"), "matter_id").drop("matter_id_right")
    rows = rows.left_join(ended, "case_id").drop("case_id_right")
    rows = rows.left_join(places, rows.place_id == places.court_id).drop("court_id")
    return rows.mutate(has_final=rows.has_final.fill_null(False))


def _decided(warehouse: Warehouse, asked: ir.Table) -> ir.Table:
    """First disposal of each matter on or after its application, and whether it has a final one."""
    held = warehouse.decision
    orders = held.filter(held.decision_type == "legal_order").select(
        "matter_id", "decision", "decision_date", "is_final"
    )
    wanted = asked.select("matter_id", "case_id", "received_date")
    both = wanted.inner_join(orders, "matter_id")
    valid = both.decision.isin(DISPOSALS) & (both.decision_date >= both.received_date)
    return both.group_by("matter_id", "case_id").aggregate(
        disposed_date=both.decision_date.min(where=valid.fill_null(False)),
        has_final=both.is_final.fill_null(False).any(),
    )


def _durations(about: About, rows: ir.Table, options: PrivateLawTimelinessOptions) -> Output:
    by, places = _groups(options)
    named = _with_period(rows, rows.disposed_date, options)
    units = units_of(named, by=by, group="proceeding_id", keep=["duration_days"])
    return duration_output(
        about,
        units,
        units_name="applications",
        words="weeks from application to first disposal",
        scale="weeks",
        published=options.published,
        places=places,
    )


def _entry(about: About, rows: ir.Table, options: PrivateLawTimelinessOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.received_date, options)
    keep = ["duration_days", "outcome"]
    units = units_of(named, by=by, group="proceeding_id", keep=keep)
    causes = (DISPOSED, CLOSED)
    horizons = {f"{weeks} weeks": weeks * DAYS_IN_WEEK for weeks in options.horizon_weeks}
    shares = entry_output(
        about, units, units_name="applications", causes=causes, horizons=horizons, places=places
    )
    return {"shares": shares}


def _with_period(
    rows: ir.Table, date: ir.DateValue, options: PrivateLawTimelinessOptions
) -> ir.Table:
    return (
        rows.mutate(**{options.period: PERIODS[options.period](date)}) if options.period else rows
    )


def _groups(options: PrivateLawTimelinessOptions) -> tuple[list[str], dict[str, str]]:
    by = [options.period] if options.period else []
    by += [COLUMNS[options.by]] if options.by else []
    return by, ({"court": "court"} if options.by == "court" else {})


def _about(warehouse: Warehouse, options: PrivateLawTimelinessOptions) -> About:
    what = "disposed of" if options.cohort == "exit" else "made"
    notes = ["Weeks run from receipt of the application to the first disposal."]
    if options.published:
        notes.append("Means are of completed weeks and medians the lower one, as published.")
    if options.cohort == "exit":
        notes.append("Applications that are still open are not in these numbers.")
    return About(
        card=CARD,
        options=options,
        unit="children in private law, by order applied for",
        population=f"Applications about children in private law that were {what} in the period",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        about="children",
        family=f"{CARD.name} of {options.cohort} cohorts",
        notes=tuple(notes),
    )
