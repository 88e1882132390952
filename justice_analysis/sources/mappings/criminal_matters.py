"""Charges of a criminal court dataset as matters, and what was decided in them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import not_before
from justice_analysis.sources.mapping import MappingContext, key, provenance
from justice_analysis.sources.mappings.criminal_courts import Layout
from justice_analysis.sources.mappings.criminal_places import court_id

CUSTODIAL = ("immediate_custody", "suspended_sentence")


def matter_tables(
    charges: ir.Table, layout: Layout, context: MappingContext
) -> dict[str, ir.Table]:
    """`matter`, `matter_party` and `decision` of the charges (`criminal_courts.charges_of`)."""
    named = engine.union(
        _named(charges.filter(charges.offence.notnull()), layout, by_offence=True),
        _named(charges.filter(charges.offence.isnull()), layout, by_offence=False),
    )
    named = engine.materialise(named, step=f"charges of {context.dataset}")
    came_from = provenance(context, named.came_from, named.came_key)
    matters = named.select(
        matter_id=named.matter_id,
        case_id=key(layout.system, named.case),
        kind=named.is_breach.ifelse("application", "charge"),
        code=named.code,
        alleged_date=named.alleged,
        received_date=named.arrived,
        disposed_date=not_before(named.completed, named.arrived),
        status=named.completed.notnull().ifelse("disposed", "unknown"),
        **came_from,
    )
    parts = named.select(
        matter_id=named.matter_id,
        party_id=key(layout.system, named.row),
        part=ibis.literal("defendant"),
        **came_from,
    )
    return {
        "matter": matters,
        "matter_party": parts,
        "decision": _decisions(named, layout, context),
    }


def _named(charges: ir.Table, layout: Layout, *, by_offence: bool) -> ir.Table:
    """Charges with their id and the delivered row that they come from."""
    row_key = charges.offence if by_offence else charges.row
    kind = f"{layout.system}_offence" if by_offence else layout.system
    return charges.mutate(
        matter_id=key(kind, row_key),
        came_from=ibis.literal(layout.offences if by_offence else layout.summary),
        came_key=row_key,
    )


def _decisions(charges: ir.Table, layout: Layout, context: MappingContext) -> ir.Table:
    """One row per matter and kind of decision; remand is the defendant's, on the principal one."""
    custodial = charges.disposal.isin(CUSTODIAL) & (charges.sentence_days > 0)
    days = custodial.ifelse(charges.sentence_days, ibis.null("int64")).cast("float64")
    no_day, no_amount = ibis.null("date"), ibis.null("float64")
    remand = charges.is_principal.ifelse(charges.remand, ibis.null("string"))
    always = ibis.literal(True)
    kinds = [
        ("plea", charges.plea, no_day, no_amount, charges.plea_from_case),
        ("verdict", charges.verdict, charges.completed, no_amount, charges.verdict_from_case),
        ("sentence", charges.disposal, charges.completed, days, charges.disposal_from_case),
        ("remand", remand, no_day, no_amount, always),
    ]
    parts = []
    for kind, decision, day, amount, from_case in kinds:
        rows = charges.select(
            decision_id=key(f"{layout.system}_{kind}", charges.matter_id),
            matter_id=charges.matter_id,
            decision_type=ibis.literal(kind),
            decision=decision,
            decision_date=day,
            place_id=court_id(layout, charges.court),
            is_principal=charges.is_principal,
            amount=amount,
            amount_unit=amount.notnull().ifelse("days", ibis.null("string")),
            attribution=from_case.ifelse("case", "matter"),
            **provenance(context, charges.came_from, charges.came_key),
        )
        parts.append(rows.filter(rows.decision.notnull()))
    return engine.union(*parts)
