"""Outcomes of proceedings about children: each child's most serious final order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import (
    LEGAL_ORDERS,
    ORDER_GROUP_LABELS,
    ORDER_GROUP_PRECEDENCE,
    ORDER_GROUPS,
)
from justice_analysis.cohorts import select
from justice_analysis.definitions import Card, Need, check_choices, choice, metric
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import financial_year, year
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.family.children import (
    CARE,
    COURT_FIRST,
    PUBLIC_LAW,
    age_band,
    cases_once,
    children_in_applications,
    day,
    orders_for_children,
    window_problems,
    with_birth,
    with_region,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OPEN = "still open"
NOT_RECORDED = "ended, no final order known"
LOST = "not known whether ended"
OTHER = "other final order"


@dataclass(frozen=True)
class OrderOutcomesOptions:
    """Options of `order_outcomes`; each names the rule it settles."""

    cases: str = choice(
        "care_proceedings", "which cases are counted", "care_proceedings", "public_law"
    )
    show: str = choice(
        "group",
        "the group of the most serious final order, or the order itself",
        "group",
        "order",
    )
    by: str | None = choice(
        None,
        "groups to show apart; years are those of the first application",
        None,
        "year",
        "financial_year",
        "applied_for",
        "age_band",
        "region",
    )
    first_day: str | None = choice(None, "first day of the first application, inclusive")
    last_day: str | None = choice(None, "day of the first application, exclusive")
    source: str | None = choice(None, "read this source alone; none: all, by precedence")
    precedence: tuple[str, ...] = choice(
        COURT_FIRST, "which source is read where one set is in several"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        if problems := window_problems(self.first_day, self.last_day, ("first_day", "last_day")):
            raise OptionError(listed(problems))


CARD = Card(
    name="order_outcomes",
    title="Final orders for children in care proceedings",
    question="How do proceedings end for children: home, with family, in care, for adoption?",
    definition=(
        "The most serious final order made for a child in a set of proceedings. Groups, the most "
        "serious first: placed for adoption (placement order); out-of-home care (care, emergency "
        "protection and secure accommodation orders); extended family (residence, child "
        "arrangements and special guardianship orders); remained at or returned home (supervision "
        "and family assistance orders, no order, refused, dismissed, withdrawn). Of several orders "
        "in one group the last counts, and of those on one day the first by name."
    ),
    counting_unit="a child in a set of proceedings",
    population="Children with an application in such cases",
    clock="None: the year is that of the child's first application in the set",
    does_not_count=(
        "interim orders and directions",
        "a final order dated before the child's first application in the set",
        "a less serious final order beside a more serious one",
        "the same set of proceedings in a second source",
    ),
    censoring=(
        "What is not known is shown as an outcome of its own: sets that are still open, sets that "
        "ended and of which no final order is recorded, and sets that may have ended"
    ),
    known_breaks=(
        "Child arrangements orders replaced residence orders in April 2014",
        "Cafcass legal outputs before April 2010 are not used: earlier outcomes are not known",
        "Cafcass England's older system holds orders by case: brothers and sisters then share the "
        "most serious of them",
        "That withdrawn applications leave the child at home, and the order of seriousness, are "
        "our reading of the published code",
    ),
    needs=(
        Need("family_court", "events", "order_type"),
        Need("family_court", "events", "is_final_order"),
        Need("family_court", "events", "application_type"),
        Need("family_court", "people", "role_model"),
    ),
    source=(
        "Pearson (UCL), published analysis code: groups of final orders",
        "Children Act 1989; Adoption and Children Act 2002",
    ),
    options_type=OrderOutcomesOptions,
    subject="family courts",
)


@metric(CARD)
def order_outcomes(warehouse: Warehouse, **options: Any) -> Measured:
    """Share of children by the most serious final order made for them.

    Parameters
    ----------
    warehouse
        Any with public-law cases and orders.
    **options
        See `OrderOutcomesOptions`.

    Returns
    -------
    Measured
        Output `outcomes`: one row per group and outcome, with the share of the group's children
        and its 95% Wilson interval (children taken as independent).

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse holds no such cases, or no child is left to count.
    """
    chosen: OrderOutcomesOptions = CARD.read_options(options)
    rows = engine.materialise(outcomes_of_children(warehouse, chosen), step="outcomes of children")
    steps = [("first application dated", rows.received_date.notnull())]
    if chosen.first_day:
        since = rows.received_date >= ibis.literal(day(chosen.first_day, "first_day"))
        steps.append(("applied for in the window: not before it", since))
    if chosen.last_day:
        until = rows.received_date < ibis.literal(day(chosen.last_day, "last_day"))
        steps.append(("applied for in the window: not after it", until))
    kept, flow = select(rows, start="children in a set of proceedings", steps=steps)
    about = About(
        card=CARD,
        options=chosen,
        unit="children in a set of proceedings",
        population=CARD.population,
        population_hash=population_hash(
            warehouse, CARD, chosen, presentation=(*PRESENTATION, "show")
        ),
        about="children",
        family="outcomes of proceedings",
    )
    output = mix_output(
        about,
        _grouped(warehouse, kept, chosen),
        category="outcome",
        by=[chosen.by] if chosen.by else [],
        group="proceeding_id",
        units_name="children_in_sets",
        places={"region": "region"} if chosen.by == "region" else {},
    )
    return Measured(CARD, chosen, {"outcomes": output}, flow)


def outcomes_of_children(warehouse: Warehouse, options: OrderOutcomesOptions) -> ir.Table:
    """One row per set of proceedings and child.

    Returns
    -------
    Table
        `proceeding_id`, `person_key`, `child_id`, `party_month`, `received_date` (first
        application), `applied_for` (where `by` asks for it), `final_order` and `order_date`
        (missing: none), `outcome`.
    """
    types = (CARE,) if options.cases == CARE else PUBLIC_LAW
    cases = cases_once(
        warehouse, case_types=types, precedence=options.precedence, source=options.source
    )
    asked = children_in_applications(warehouse, cases)
    children = asked.group_by("proceeding_id", "person_key").aggregate(
        child_id=asked.child_id.max(),
        party_month=asked.party_month.min(),
        received_date=asked.received_date.min(),
        is_open=(asked.case_status == "open").any(),
        is_lost=asked.case_status.isin(["stale", "unknown"]).any(),
    )
    keys = ["proceeding_id", "person_key"]
    found = children.left_join(_final_orders(warehouse, cases, children), keys)
    found = found.drop(*[f"{key}_right" for key in keys])
    if options.by == "applied_for":
        found = found.inner_join(_applied_for(asked), keys)
    return found.mutate(outcome=_outcome(found, options))


def _applied_for(asked: ir.Table) -> ir.Table:
    """Of several orders applied for, the first by date: the one that began the child's part."""
    keys = ["proceeding_id", "person_key"]
    return engine.first_per_group(
        asked.select(*keys, "received_date", "code", "matter_id"),
        by=keys,
        order_by=["received_date", "code", "matter_id"],
    ).select(*keys, applied_for="code")


def _final_orders(warehouse: Warehouse, cases: ir.Table, children: ir.Table) -> ir.Table:
    """The most serious final order of each child in each set: `final_order`, `order_date`."""
    keys = ["proceeding_id", "person_key"]
    made = orders_for_children(warehouse, cases)
    final = made.filter(made.is_final).inner_join(children.select(*keys, "received_date"), keys)
    # An order without a day is known to be final, and not to be early.
    late = (final.decision_date >= final.received_date).fill_null(True)
    final = final.filter(late)
    rank = ibis.cases(
        *[
            (final.decision == order, ORDER_GROUP_PRECEDENCE.index(group))
            for order, group in ORDER_GROUPS.items()
        ],
        else_=len(ORDER_GROUP_PRECEDENCE),
    )
    ranked = final.mutate(rank=rank).select(*keys, "rank", "decision", "decision_date").distinct()
    worst = engine.first_per_group(
        ranked, by=keys, order_by=["rank", ibis.desc("decision_date"), "decision"]
    )
    return worst.select(*keys, final_order="decision", order_date="decision_date")


def _outcome(rows: ir.Table, options: OrderOutcomesOptions) -> ir.StringValue:
    order = rows.final_order
    if options.show == "order":
        named = [(order == code, label) for code, label in LEGAL_ORDERS.items()]
    else:
        named = [(order == code, ORDER_GROUP_LABELS[g]) for code, g in ORDER_GROUPS.items()]
    unknown = [(rows.is_open, OPEN), (rows.is_lost, LOST)]
    return ibis.cases(*named, (order.notnull(), OTHER), *unknown, else_=NOT_RECORDED)


def _grouped(warehouse: Warehouse, rows: ir.Table, options: OrderOutcomesOptions) -> ir.Table:
    """Add the column that `by` names."""
    if options.by == "year":
        return rows.mutate(year=year(rows.received_date))
    if options.by == "financial_year":
        return rows.mutate(financial_year=financial_year(rows.received_date))
    if options.by == "age_band":
        placed = with_birth(warehouse, rows)
        return placed.mutate(age_band=age_band(placed, placed.received_date))
    return with_region(warehouse, rows) if options.by == "region" else rows
