"""Adoption: applications and orders, and the time from placement order to adoption order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import (
    Card,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError, listed
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import count_units, units_of
from justice_analysis.metrics.family.children import (
    COURT_FIRST,
    PUBLIC_LAW,
    cases_once,
    children_in_applications,
    day,
    orders_for_children,
    window_problems,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

KINDS = {"placement_order": "placement", "adoption_order": "adoption"}
ALL_CASES = (*PUBLIC_LAW, "adoption", "private_law", "unknown")
WORDS = "weeks from placement order to adoption order"


@dataclass(frozen=True)
class AdoptionOptions:
    """Options of `adoption`; each names the rule it settles."""

    period: str | None = choice(
        "year", "period to show apart", "quarter", "year", "financial_year", None
    )
    first_day: str | None = choice(
        None, "first day of application (applications) or order (orders, durations), inclusive"
    )
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
    name="adoption",
    title="Placement and adoption: applications, orders and time between them",
    question="How many applications and orders for placement and adoption, and how long between?",
    definition=(
        "Children by the order applied for (placement, adoption) and children by final order made "
        "(placement, adoption), each once in a set of proceedings; and, for children with an "
        "adoption order whose placement order is recorded, the weeks from the last placement "
        "order on or before that day to the adoption order."
    ),
    counting_unit="a child by kind of order, once in a set of proceedings; durations: a child once",
    population="Children with an application or final order for placement or adoption",
    clock="Receipt of the application; day of the order",
    does_not_count=(
        "an adoption order for the same child a second time (the first counts)",
        "a second application or order of one kind for a child in a set",
        "a placement order made after the adoption order",
        "an order or application without a date",
        "the same set of proceedings in a second source",
    ),
    censoring=(
        "Durations are of adoption orders made (an exit cohort): children with a placement order "
        "who wait are not in it"
    ),
    known_breaks=(
        "Names and identifiers can change on adoption: a placement order and an adoption order are "
        "joined only where links or the case number join the child, so durations are of those "
        "children alone, and their share of adoption orders is shown in the selection",
        "Placement orders began with the Adoption and Children Act 2002, in force in December 2005",
        "The synthetic world makes no adoption cases",
    ),
    needs=(
        Need("family_court", "events", "application_type"),
        Need("family_court", "events", "order_type"),
        Need("family_court", "events", "is_final_order"),
        Need("family_court", "people", "role_model"),
    ),
    source=(
        "Adoption and Children Act 2002, sections 21 and 46",
        "Ministry of Justice, Family Court Statistics Quarterly: adoption applications and orders",
    ),
    options_type=AdoptionOptions,
    subject="family courts",
)


@metric(CARD)
def adoption(warehouse: Warehouse, **options: Any) -> Measured:
    """Count placement and adoption applications and orders, and time from one to the other.

    Parameters
    ----------
    warehouse
        Any with family cases about children.
    **options
        See `AdoptionOptions`.

    Returns
    -------
    Measured
        Outputs `applications` and `orders` (children by kind and period) and `weeks` (mean,
        median, quartiles by period of the adoption order); one that nobody is in is left out.
        The attrition is that of `weeks`.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If there is neither an application nor an order of these kinds.
    """
    chosen: AdoptionOptions = CARD.read_options(options)
    cases = cases_once(
        warehouse, case_types=ALL_CASES, precedence=chosen.precedence, source=chosen.source
    )
    orders = engine.materialise(_orders(warehouse, cases), step="placement and adoption orders")
    durations, flow = placement_to_adoption(orders, chosen)
    outputs = {
        "applications": _counted(warehouse, _applications(warehouse, cases), chosen, "applied for"),
        "orders": _counted(warehouse, orders, chosen, "ordered"),
        "weeks": _weeks(warehouse, durations, chosen) if flow.people else None,
    }
    found = {name: output for name, output in outputs.items() if output is not None}
    if not found:
        raise MetricError(
            "adoption needs an application or an order for placement or adoption: none is "
            "recorded in the window. Load the family court, or check first_day and last_day."
        )
    return Measured(CARD, chosen, found, flow)


def _applications(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    asked = children_in_applications(warehouse, cases, codes=tuple(KINDS))
    return asked.group_by("proceeding_id", "person_key", kind=_kind(asked.code)).aggregate(
        date=asked.received_date.min()
    )


def _orders(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    made = orders_for_children(warehouse, cases, decisions=tuple(KINDS))
    final = made.filter(made.is_final)
    return final.group_by("proceeding_id", "person_key", kind=_kind(final.decision)).aggregate(
        date=final.decision_date.min()
    )


def _kind(code: ir.StringValue) -> ir.StringValue:
    return ibis.cases(*[(code == name, kind) for name, kind in KINDS.items()])


def placement_to_adoption(orders: ir.Table, options: AdoptionOptions) -> tuple[ir.Table, Flow]:
    """Days from the last placement order before a child's adoption order to that order.

    Parameters
    ----------
    orders
        One row per set, child and kind: `proceeding_id`, `person_key`, `kind`, `date`.

    Returns
    -------
    tuple of Table and Flow
        One row per child with both: `person_key`, `proceeding_id` (of the adoption), `date`
        (adoption order), `duration_days`; and the children left at each step.
    """
    adopted = engine.first_per_group(
        orders.filter(orders.kind == "adoption"),
        by=["person_key"],
        order_by=["date", "proceeding_id"],
    )
    placed = orders.filter(orders.kind == "placement").select("person_key", placed="date")
    both = adopted.left_join(placed, "person_key").drop("person_key_right")
    before = (both.placed <= both.date).fill_null(False)
    of_child = both.group_by("person_key", "proceeding_id", "date").aggregate(
        placed=both.placed.max(where=before), any_placed=both.placed.min()
    )
    steps = [
        ("adoption order dated", of_child.date.notnull()),
        *_window(of_child.date, options),
        ("a placement order recorded for the same child", of_child.any_placed.notnull()),
        ("placement order not after the adoption order", of_child.placed.notnull()),
    ]
    kept, flow = select(of_child, start="children with an adoption order", steps=steps)
    days = engine.days_between(kept.date, kept.placed)
    return kept.mutate(duration_days=days).drop("any_placed"), flow


def _window(date: ir.DateValue, options: AdoptionOptions) -> list[tuple[str, ir.BooleanValue]]:
    steps = []
    if options.first_day:
        since = date >= ibis.literal(day(options.first_day, "first_day"))
        steps.append(("in the window: not before it", since))
    if options.last_day:
        until = date < ibis.literal(day(options.last_day, "last_day"))
        steps.append(("in the window: not after it", until))
    return steps


def _counted(
    warehouse: Warehouse, rows: ir.Table, options: AdoptionOptions, what: str
) -> Output | None:
    dated = rows.filter(rows.date.notnull())
    for _, condition in _window(dated.date, options):
        dated = dated.filter(condition)
    dated = engine.materialise(dated, step=f"children by order {what}")
    if not engine.count_rows(dated):
        return None
    by = ["kind"]
    if options.period:
        dated = dated.mutate(**{options.period: PERIODS[options.period](dated.date)})
        by = [options.period, "kind"]
    units = units_of(dated, by=by, group="proceeding_id")
    name = "applied_for" if what == "applied for" else "ordered"
    table = count_units(units).rename(columns={"units": name})
    roles = ColumnRoles(
        people="people",
        count=(name,),
        families="groups",
        people_behind={name: "people"},
        groups_behind={name: "groups"},
    )
    return _about(warehouse, options, what).output(
        "table",
        f"Placement and adoption orders {what}",
        table[[*by, "people", name, "groups"]],
        dimensions=tuple(by),
        roles=roles,
        overlapping=tuple(by),
    )


def _weeks(warehouse: Warehouse, rows: ir.Table, options: AdoptionOptions) -> Output:
    by = []
    if options.period:
        rows = rows.mutate(**{options.period: PERIODS[options.period](rows.date)})
        by = [options.period]
    units = units_of(rows, by=by, group="proceeding_id", keep=["duration_days"])
    return duration_output(
        _about(warehouse, options, "adopted"),
        units,
        units_name="adoption_orders",
        words=WORDS,
        scale="weeks",
        title="Time from placement order to adoption order",
    )


def _about(warehouse: Warehouse, options: AdoptionOptions, what: str) -> About:
    return About(
        card=CARD,
        options=options,
        unit="children",
        population=f"Children for whom placement or adoption was {what}"
        if what != "adopted"
        else "Children with an adoption order and a placement order before it",
        population_hash=population_hash(warehouse, CARD, options, presentation=("period",))
        + f":{what}",
        about="children",
        family="adoption",
    )
