"""Starts and disposals of children's cases in the family courts, by quarter and by year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.codes import DISPOSAL_TYPE_OF_ORDER, INTERIM_ORDER
from justice_analysis.cohorts import select
from justice_analysis.definitions import (
    Card,
    Chart,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError, listed
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import (
    NOT_KNOWN,
    aggregated,
    margins,
    stacked,
)
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.family.children import (
    CARE,
    COURT_FIRST,
    PUBLIC_LAW,
    cases_once,
    children_in_applications,
    day,
    window_problems,
    with_region,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DISPOSALS = tuple(order for order, kind in DISPOSAL_TYPE_OF_ORDER.items() if kind != INTERIM_ORDER)
KINDS = {
    "care_proceedings": (CARE,),
    "public_law": PUBLIC_LAW,
    "private_law": ("private_law",),
    "adoption": ("adoption",),
    "children": (*PUBLIC_LAW, "private_law"),
}
MEASURES = {"starts": "started_date", "disposals": "disposed_date"}
PERIODS_SHOWN = ("quarter", "year")


@dataclass(frozen=True)
class FamilyCaseloadOptions:
    """Options of `family_caseload`; each names the rule it settles."""

    cases: str = choice("public_law", "which cases are counted", *KINDS)
    count: str = choice(
        "proceedings",
        "what is counted once: a set of proceedings, or each case number, as official figures do",
        "proceedings",
        "case",
    )
    by: str | None = choice(None, "groups to show apart", None, "case_type", "region")
    first_day: str | None = choice(None, "first day of starts and disposals, inclusive")
    last_day: str | None = choice(None, "day at which they end, exclusive")
    source: str | None = choice(None, "read this source alone; none: all, by precedence")
    precedence: tuple[str, ...] = choice(
        COURT_FIRST, "which source is read where one set is in several"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        if problems := window_problems(self.first_day, self.last_day, ("first_day", "last_day")):
            raise OptionError(listed(problems))


CARD = Card(
    name="family_caseload",
    title="Starts and disposals in the family courts",
    question="How many sets of proceedings about children start and end, and of how many children?",
    definition=(
        "A set of proceedings starts in the period of its first application and is disposed of in "
        "that of its last disposal: it counts once in each. Children are those in the sets counted "
        "in the period, each once a quarter and once a year, so quarters do not add up to years."
    ),
    counting_unit="sets of proceedings (or case numbers), and children",
    population="Cases about children: public law, or as the option says",
    clock="Receipt of the first application; the last disposal recorded so far",
    does_not_count=(
        "interim orders and directions as disposals",
        "a second application, or an earlier disposal, in the same set",
        "the same set of proceedings in a second source",
        "a disposal dated before the first application, or without a date",
        "a child twice in one quarter, or twice in one year",
        "divorce and other cases that are not about children",
    ),
    censoring=(
        "None: counts. The last quarters' disposals move as further orders are made in sets that "
        "are still open"
    ),
    known_breaks=(
        "The court's records begin in 2011, Cafcass England's in April 2007: earlier starts are "
        "Cafcass's alone",
        "Cafcass legal outputs before April 2010 are not used: no disposals before",
        "A set of which no child is recorded counts as a set and adds no child",
    ),
    needs=(
        Need("family_court", "cases", "case_number_hash"),
        Need("family_court", "cases", "case_type"),
        Need("family_court", "events", "event_model"),
        Need("family_court", "events", "receipt_date"),
        Need("family_court", "events", "order_type"),
    ),
    source=(
        "Ministry of Justice, Family Court Statistics Quarterly: footnotes on cases started and "
        "disposed of, and on children counted once a quarter and once a year",
    ),
    options_type=FamilyCaseloadOptions,
    subject="family courts",
)


@metric(CARD)
def family_caseload(warehouse: Warehouse, **options: Any) -> Measured:
    """Count sets of proceedings about children that start and end, and the children in them.

    Parameters
    ----------
    warehouse
        Any with family cases about children.
    **options
        See `FamilyCaseloadOptions`.

    Returns
    -------
    Measured
        Outputs `starts_by_quarter`, `starts_by_year`, `disposals_by_quarter` and
        `disposals_by_year`: the period, the group where one is asked for, `children` and
        `proceedings` (or `cases`). A measure without any set in the window has no output.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse holds no such cases, or none starts or ends in the window.
    """
    chosen: FamilyCaseloadOptions = CARD.read_options(options)
    sets = engine.materialise(dated_sets(warehouse, chosen), step="sets of proceedings")
    _, flow = select(
        sets,
        start="sets of proceedings" if chosen.count == "proceedings" else "cases",
        steps=[
            ("first application dated", sets.started_date.notnull()),
            ("a disposal recorded with its day", sets.any_disposal.notnull()),
            ("disposed of on or after the first application", sets.disposed_date.notnull()),
        ],
    )
    named = with_region(warehouse, sets) if chosen.by == "region" else sets
    children = engine.materialise(_children(warehouse, named, chosen), step="children of sets")
    outputs = {
        f"{measure}_by_{period}": output
        for measure in MEASURES
        for period in PERIODS_SHOWN
        if (output := _output(warehouse, children, chosen, measure, period)) is not None
    }
    if not outputs:
        raise MetricError(
            f"{CARD.name} needs a set that starts or ends in the window: none does. "
            "Check first_day and last_day."
        )
    return Measured(CARD, chosen, outputs, flow)


def dated_sets(warehouse: Warehouse, options: FamilyCaseloadOptions) -> ir.Table:
    """One row per set of proceedings (or case).

    Returns
    -------
    Table
        `unit_id`, `proceeding_id`, `case_type`, `started_date` (first application, else receipt
        of the case), `disposed_date` (last disposal on or after it; missing: none recorded) and
        `any_disposal` (the last on any day).
    """
    cases = _cases(warehouse, options)
    matter = warehouse.matter.group_by("case_id").aggregate(
        applied=warehouse.matter.received_date.min()
    )
    applied = cases.left_join(matter, "case_id")
    started = applied.mutate(first=ibis.coalesce(applied.applied, applied.case_received))
    sets = started.group_by("unit_id").aggregate(
        proceeding_id=started.proceeding_id.min(),
        case_type=started.case_type.min(),
        started_date=started["first"].min(),
    )
    made = warehouse.decision.filter(
        warehouse.decision.decision_type == "legal_order",
        warehouse.decision.decision.isin(DISPOSALS),
    ).select("matter_id", "decision_date")
    of_case = made.inner_join(warehouse.matter.select("matter_id", "case_id"), "matter_id")
    of_unit = of_case.inner_join(cases.select("case_id", "unit_id"), "case_id")
    last = of_unit.group_by("unit_id").aggregate(any_disposal=of_unit.decision_date.max())
    both = sets.left_join(last, "unit_id").drop("unit_id_right")
    in_order = (both.any_disposal >= both.started_date).fill_null(False)
    return both.mutate(disposed_date=in_order.ifelse(both.any_disposal, ibis.null("date")))


def _cases(warehouse: Warehouse, options: FamilyCaseloadOptions) -> ir.Table:
    cases = cases_once(
        warehouse,
        case_types=KINDS[options.cases],
        precedence=options.precedence,
        source=options.source,
    )
    unit = cases.proceeding_id if options.count == "proceedings" else cases.case_id
    return cases.mutate(unit_id=unit)


def _children(warehouse: Warehouse, sets: ir.Table, options: FamilyCaseloadOptions) -> ir.Table:
    """One row per set and child in it; a set without a recorded child has one row, of nobody."""
    asked = children_in_applications(warehouse, _cases(warehouse, options))
    pairs = asked.select("unit_id", "person_key").distinct()
    wanted = ["unit_id", *MEASURES.values(), *([options.by] if options.by else [])]
    return sets.select(*wanted).left_join(pairs, "unit_id").drop("unit_id_right")


def _output(
    warehouse: Warehouse,
    children: ir.Table,
    options: FamilyCaseloadOptions,
    measure: str,
    period: str,
) -> Output | None:
    by = (period, *([options.by] if options.by else ()))
    name = "proceedings" if options.count == "proceedings" else "cases"
    table = _counted(children, options, MEASURES[measure], by)
    if table is None:
        return None
    table = table.rename(columns={"units": name})
    about = About(
        card=CARD,
        options=options,
        unit="sets of proceedings" if options.count == "proceedings" else "cases",
        population=f"Cases about children: {measure}",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION)
        + f":{measure}",
        family=f"family caseload: {measure}",
        notes=(
            "Children are counted once in each period, so periods do not add up to all of them.",
        ),
    )
    roles = ColumnRoles(
        people="children",
        count=(name,),
        people_behind={name: "children"},
    )
    chart = Chart(form="bars", x=period, y=name, y_title=name.capitalize())
    return about.output(
        "table",
        f"{measure.capitalize()} in the family courts",
        table,
        dimensions=by,
        roles=roles,
        chart=chart if len(by) == 1 else None,
        overlapping=by,
        places={"region": "region"} if options.by == "region" else {},
    )


def _counted(
    children: ir.Table, options: FamilyCaseloadOptions, date: str, by: tuple[str, ...]
) -> pd.DataFrame | None:
    """Sets and distinct children by period and group, with the totals over them."""
    rows = children.filter(children[date].notnull())
    if options.first_day:
        rows = rows.filter(rows[date] >= ibis.literal(day(options.first_day, "first_day")))
    if options.last_day:
        rows = rows.filter(rows[date] < ibis.literal(day(options.last_day, "last_day")))
    named = {name: rows[name].fill_null(NOT_KNOWN) for name in by[1:]}
    rows = engine.materialise(
        rows.select("unit_id", "person_key", **{by[0]: PERIODS[by[0]](rows[date])}, **named),
        step=f"sets by {by[0]}",
    )
    if not engine.count_rows(rows):
        return None
    counts = {"children": rows.person_key.nunique(), "units": rows.unit_id.nunique()}
    found = stacked([aggregated(rows, kept, counts) for kept in margins(by, True)], by)
    return found[[*by, *counts]]
