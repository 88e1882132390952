"""Events of family court cases, and the children that each is about."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    MappingContext,
    code_name,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.family_court_codes import (
    APPLICATIONS,
    DECREES,
    DIVORCE,
    DIVORCE_ORDERS,
    NO_FAULT_FROM,
    ORDERS,
    SYSTEM,
)
from justice_analysis.sources.mappings.family_court_places import court_id
from justice_analysis.sources.reasons import CASE_MISSING, IN_ERROR, NO_DATE

NOT_ITS_CHILD = "no child of the case of a usable event"
EVENT_RULE = (
    "each event is used; an application is also part of a matter, and an order becomes a decision "
    "in each matter of the children it is about"
)
# Only these are about children one by one.
_ABOUT_CHILDREN = ("application", "order")


def judged_events(events: ir.Table) -> ir.Table:
    """Every event with its day, what was ordered, and why it cannot be used (`reason`)."""
    day = ibis.coalesce(events.receipt_date, events.entry_date)
    ordered = events.event_model == "order"
    return events.mutate(
        day=day,
        order=ordered.ifelse(code_name(events.order_type, ORDERS), ibis.null("string")),
        reason=first_reason(
            (events.error, IN_ERROR),
            (events.case_number_hash.isnull(), CASE_MISSING),
            (day.isnull(), NO_DATE),
        ),
    )


def judged_children(listed: ir.Table, events: ir.Table, children: ir.Table) -> ir.Table:
    """Children listed on events, with a reason where one is no child of the event's case."""
    of_event = events.select(of_event="event_id", case="case_number_hash")
    of_case = children.select(child_case="case", child="row")
    rows = listed.left_join(of_event, listed.event_id == of_event.of_event)
    rows = rows.left_join(
        of_case, [rows.row_id_hash == of_case.child, rows.case == of_case.child_case]
    )
    reason = first_reason((rows.child.isnull(), NOT_ITS_CHILD))
    return rows.select("event_id", "row_id_hash", reason=reason)


def children_of_events(events: ir.Table, children: ir.Table, listed: ir.Table) -> ir.Table:
    """One row per application or order and child that it is about.

    Returns
    -------
    Table
        `event_id`, `row` (the child), `is_listed`: named on the event itself. An event that
        lists no child is about every child of its case.
    """
    asked = events.filter(events.event_model.isin(_ABOUT_CHILDREN))
    asked = asked.select("event_id", case="case_number_hash")
    named = listed.select("event_id", row="row_id_hash", is_listed=True)
    named = named.semi_join(asked, "event_id")
    everyone = asked.anti_join(named, "event_id").inner_join(children, "case")
    about = engine.union(named, everyone.select("event_id", "row", is_listed=False))
    return engine.materialise(about, step="children of family court events")


def common_events(events: ir.Table, context: MappingContext) -> ir.Table:
    """One event per usable delivered event; divorce has types of its own."""
    return events.select(
        event_id=key(SYSTEM, events.event_id),
        case_id=key(SYSTEM, events.case_number_hash),
        event_type=_event_type(events),
        event_date=events.day,
        place_id=court_id(events.creating_court, events.is_high_court),
        value_code=_value_code(events),
        **provenance(context, "events", events.event_id),
    )


def _is_petition(events: ir.Table) -> ir.BooleanValue:
    return (events.event_model == "application") & (events.application_type == DIVORCE)


def _event_type(events: ir.Table) -> ir.StringValue:
    return ibis.cases(
        (_is_petition(events).fill_null(False), "petition"),
        (events.order.isin(DIVORCE_ORDERS).fill_null(False), events.order),
        else_=events.event_model.fill_null("administrative"),
    )


def _value_code(events: ir.Table) -> ir.StringValue:
    """What was applied for or ordered; in divorce, under which law."""
    before = events.day < ibis.literal(NO_FAULT_FROM)
    old_name = events.order_type.isin(list(DECREES))
    petition = _is_petition(events).fill_null(False)
    decree = events.order.isin(DIVORCE_ORDERS).fill_null(False)
    return ibis.cases(
        (petition, before.ifelse("fault_based", "no_fault")),
        (decree, old_name.ifelse("fault_based", "no_fault")),
        else_=ibis.coalesce(code_name(events.application_type, APPLICATIONS), events.order),
    )
