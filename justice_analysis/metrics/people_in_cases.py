"""Who in a case is a person: the one rule that every count of people in cases uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.types as ir

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


def is_body(party: ir.Table) -> ir.BooleanValue:
    """Whether a party is a company or public body: it has an organisation and no person."""
    return party.organisation_id.notnull() & party.person_id.isnull()


def people_in_cases(warehouse: Warehouse) -> ir.Table:
    """One row per party that is not a body, with `received_date` and `area_id` of its case."""
    party = warehouse.party
    received = warehouse.case.select("case_id", "received_date", "area_id")
    return party.filter(~is_body(party)).inner_join(received, "case_id")
