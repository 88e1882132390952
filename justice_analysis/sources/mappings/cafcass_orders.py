"""Cafcass legal outputs as decisions: per child in the newer system, per case in the older.

Legal outputs dated before April 2010 are not to be used (Nuffield Family Justice
Observatory's guidance on the data), and some match no child on an application (about 8%
in the real data). Both kinds are set aside and counted.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    code_name,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.cafcass_codes import (
    EMERGENCY_PROTECTION_ORDER,
    FINAL_ORDER_CODES,
    ORDERS,
)

USABLE_FROM = date(2010, 4, 1)
TOO_EARLY = "legal output before April 2010"
NO_MATTER = "legal output matches no child on an application"


def ecms_decisions(
    outputs: ir.Table, matters: ir.Table, context: MappingContext
) -> tuple[ir.Table, Account]:
    """One row per usable legal output of the newer system, and the account of all of them."""
    found = matters.filter(matters.system == "ecms").select(
        "application", "matter_id", "case", person="child"
    )
    joined = outputs.left_join(found, ["application", "person"])
    judged = joined.mutate(reason=_reason(joined))
    usable = judged.filter(judged.reason.isnull())
    decisions = usable.select(
        decision_id=key("ecms", usable.output),
        matter_id=usable.matter_id,
        order_code=usable.order_code,
        decision_date=usable.decision_date,
        is_final=is_final_in_ecms(usable),
        attribution=ibis.literal("matter"),
        **provenance(context, "ecms_legaloutputs", usable.output),
    )
    return decisions, Account("ecms_legaloutputs", judged, ("decision",))


def cms_decisions(
    outputs: ir.Table, matters: ir.Table, context: MappingContext
) -> tuple[ir.Table, Account]:
    """One row per usable legal output of the older system and matter of its case."""
    found = matters.filter(matters.system == "cms").select(
        "case", "matter_id", "application", "child"
    )
    with_matter = found.select("case", has_matter=True).distinct()
    flagged = outputs.left_join(with_matter, "case")
    judged = flagged.mutate(reason=_reason(flagged, has_matter=flagged.has_matter))
    usable = judged.filter(judged.reason.isnull()).drop("reason", "has_matter", "case_right")
    fanned = usable.inner_join(found, "case")
    decisions = fanned.select(
        decision_id=key("cms", fanned.output, fanned.application, fanned.child),
        matter_id=fanned.matter_id,
        order_code=fanned.order_code,
        decision_date=fanned.decision_date,
        is_final=fanned.is_final,
        attribution=ibis.literal("case"),
        **provenance(context, "cms_tbllegaloutput", fanned.output),
    )
    return decisions, Account("cms_tbllegaloutput", judged, ("decision",))


def _reason(rows: ir.Table, *, has_matter: ir.BooleanValue | None = None) -> ir.StringValue:
    matched = rows.matter_id.notnull() if has_matter is None else has_matter
    return first_reason(
        (rows.decision_date < ibis.literal(USABLE_FROM), TOO_EARLY),
        (~matched.fill_null(False), NO_MATTER),
    )


def is_final_in_ecms(orders: ir.Table) -> ir.BooleanValue:
    """Whether an order ends the child's case: by its type, as ECMS does not say.

    An emergency protection order is final only where nothing follows it, or stands beside
    it on the same day, for the child in the case.
    """
    emergency = orders.order_code == EMERGENCY_PROTECTION_ORDER
    of_child = ibis.window(group_by=["case", "person"])
    latest = orders.decision_date.max().over(of_child)
    latest_other = emergency.ifelse(ibis.null("date"), orders.decision_date).max().over(of_child)
    nothing_follows = (orders.decision_date == latest) & (
        latest_other.isnull() | (latest_other < orders.decision_date)
    )
    by_type = orders.order_code.isin(FINAL_ORDER_CODES)
    return emergency.ifelse(nothing_follows.fill_null(False), by_type)


def as_decisions(orders: ir.Table) -> ir.Table:
    """Complete the decision columns that the source does not hold."""
    return orders.mutate(
        decision_type=ibis.literal("legal_order"), decision=code_name(orders.order_code, ORDERS)
    ).drop("order_code")
