"""Matters of family court cases, their parties, and the orders that dispose of them.

The rules are those of the published durations: of a child's applications for one order in a
case the earliest counts, any order for the child in the case from that day on may dispose of
it, interim orders do not, and a care or supervision order applied for is disposed of by the
first valid disposal (`codes.VALID_CARE_DISPOSALS`).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import (
    DISPOSAL_TYPE_OF_ORDER,
    INTERIM_ORDER,
    VALID_CARE_DISPOSALS,
)
from justice_analysis.sources.mapping import MappingContext, code_name, key, provenance
from justice_analysis.sources.mappings.family_court_codes import (
    APPLICATIONS,
    CARE_APPLICATIONS,
    SYSTEM,
)
from justice_analysis.sources.mappings.family_court_places import court_id

PARTS = ("subject", "applicant", "respondent")
NOT_STATED = "not stated"
DISPOSALS = tuple(order for order, kind in DISPOSAL_TYPE_OF_ORDER.items() if kind != INTERIM_ORDER)


def matter_rows(events: ir.Table, about: ir.Table, children: ir.Table, cases: ir.Table) -> ir.Table:
    """One row per case, child and order applied for, from the earliest application.

    A child of a case without applications is a matter too, and so is an application in a case
    without children.

    Returns
    -------
    Table
        `matter_id`, `case`, `child` (missing: no child), `application` (missing: none),
        `application_type`, `received`, `closed`, `case_status`, `is_first` of its child.
    """
    applied = events.filter(events.event_model == "application").select(
        "event_id", "day", "application_type", case="case_number_hash"
    )
    of_child = applied.inner_join(about.select("event_id", child="row"), "event_id")
    lone = children.select("case", child="row").anti_join(of_child, ["case", "child"])
    of_case = applied.anti_join(children, "case")
    found = engine.union(
        _earliest(of_child, ["case", "child", "application_type"]),
        lone.mutate(
            event_id=ibis.null("string"),
            day=ibis.null("date"),
            application_type=ibis.null("string"),
        ),
        _earliest(of_case, ["case", "application_type"]).mutate(child=ibis.null("string")),
    )
    framed = found.inner_join(_frames(cases), "case")
    return _numbered(framed)


def _earliest(applied: ir.Table, by: list[str]) -> ir.Table:
    return engine.first_per_group(applied, by=by, order_by=["day", "event_id"])


def _frames(cases: ir.Table) -> ir.Table:
    return cases.select(
        "received_date", "closed_date", case="case_number_hash", case_status=cases.status
    )


def _numbered(rows: ir.Table) -> ir.Table:
    received = ibis.coalesce(rows.day, rows.received_date)
    dated = rows.mutate(received=received, asked=rows.application_type.fill_null(NOT_STATED))
    place = ibis.row_number().over(
        group_by=["case", "child"], order_by=[dated.received, dated.asked]
    )
    matter_id = dated.child.isnull().ifelse(
        key(SYSTEM, dated.case, dated.asked),
        # A case without children gives no child: its key must not be missing for that.
        key(SYSTEM, dated.case, dated.child.fill_null(""), dated.asked),
    )
    return dated.select(
        "case",
        "child",
        "application_type",
        "received",
        "case_status",
        matter_id=matter_id,
        application=dated.event_id,
        closed=dated.closed_date,
        is_first=place == 0,
    )


def decided(events: ir.Table, about: ir.Table, matters: ir.Table) -> ir.Table:
    """One row per order and matter that it decides, or may: those applied for by that day.

    An order before every application of its child stands with the first of them
    (`is_early`), so that none is lost.
    """
    orders = events.filter(events.event_model == "order", events.order.notnull()).select(
        "event_id",
        "day",
        "order",
        "is_final_order",
        "creating_court",
        "is_high_court",
        case="case_number_hash",
    )
    carried = ("matter_id", "application_type", "received", "is_first")
    with_child = matters.filter(matters.child.notnull()).select("case", "child", *carried)
    without = matters.filter(matters.child.isnull()).select("case", *carried)
    of_child = orders.inner_join(about.rename(child="row"), "event_id")
    rows = engine.union(
        of_child.inner_join(with_child, ["case", "child"]).drop("child"),
        orders.inner_join(without, "case").mutate(is_listed=ibis.literal(False)),
    )
    early = (rows.day < rows.received).fill_null(False)
    return rows.mutate(is_early=early).filter(lambda t: ~t.is_early | t.is_first)


def common_decisions(decisions: ir.Table, context: MappingContext) -> ir.Table:
    """One decision per order and matter; `attribution` says whether the order lists the child."""
    return decisions.select(
        decision_id=key(SYSTEM, decisions.event_id, decisions.matter_id),
        matter_id=decisions.matter_id,
        decision_type=ibis.literal("legal_order"),
        decision=decisions.order,
        decision_date=decisions.day,
        place_id=court_id(decisions.creating_court, decisions.is_high_court),
        is_final=decisions.is_final_order,
        attribution=decisions.is_listed.ifelse("matter", "case"),
        **provenance(context, "events", decisions.event_id),
    )


def common_matters(matters: ir.Table, decisions: ir.Table, context: MappingContext) -> ir.Table:
    """One matter per row, disposed of by its first valid disposal."""
    rows = matters.left_join(_first_disposals(decisions), "matter_id")
    has_child = rows.child.notnull()
    asked = key(SYSTEM, rows.application)
    return rows.select(
        matter_id=rows.matter_id,
        case_id=key(SYSTEM, rows.case),
        application_id=rows.application.notnull().ifelse(asked, ibis.null(asked.type())),
        kind=has_child.ifelse("child_in_application", "application"),
        code=code_name(rows.application_type, APPLICATIONS),
        received_date=rows.received,
        disposed_date=rows.disposed,
        status=_status(rows),
        **provenance(
            context,
            has_child.ifelse("people", "events"),
            ibis.coalesce(rows.child, rows.application),
        ),
    )


def _first_disposals(decisions: ir.Table) -> ir.Table:
    care = decisions.application_type.isin(CARE_APPLICATIONS).fill_null(False)
    valid = care.ifelse(decisions.order.isin(VALID_CARE_DISPOSALS), decisions.order.isin(DISPOSALS))
    found = decisions.filter(valid, ~decisions.is_early)
    first = engine.first_per_group(found, by=["matter_id"], order_by=["day", "event_id"])
    return first.select("matter_id", disposed="day", disposal="order")


def _status(rows: ir.Table) -> ir.StringValue:
    """Disposed of by an order or, where none is recorded, by the closing of its case."""
    return ibis.cases(
        ((rows.disposal == "application_withdrawn").fill_null(False), "withdrawn"),
        (rows.disposed.notnull() | rows.closed.notnull(), "disposed"),
        (rows.case_status == "open", "open"),
        else_="unknown",
    )


def matter_parties(people: ir.Table, matters: ir.Table, context: MappingContext) -> ir.Table:
    """Part of each party in each matter of the case; a child only in its own."""
    found = matters.select("case", "matter_id", "child")
    rows = people.filter(people.role.isin(PARTS)).inner_join(found, "case")
    rows = rows.filter((rows.role != "subject") | (rows.child == rows.row).fill_null(False))
    return rows.select(
        matter_id=rows.matter_id,
        party_id=key(SYSTEM, rows.row),
        part=rows.role,
        **provenance(context, "people", rows.row),
    )
