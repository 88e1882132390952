"""Who in a case is a person: the one rule that every count of people in cases uses.

People are distinct by `person_id`, at the link level that the warehouse is viewed at; a party
without a link counts as one person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


def is_body(party: ir.Table) -> ir.BooleanValue:
    """Whether a party is a company or public body: it has an organisation and no person."""
    return party.organisation_id.notnull() & party.person_id.isnull()


def population_hash(warehouse: Warehouse) -> str:
    """Name the people in cases: every output that counts them is attacked with the others."""
    return f"{warehouse.fingerprint}:people_in_cases"


def people_in_cases(warehouse: Warehouse) -> ir.Table:
    """One row per party that is not a body, with what its case has.

    Of the case: `received_date`, `area_id` and `proceeding_id`.
    """
    party = warehouse.party
    of_case = warehouse.case.select("case_id", "received_date", "area_id", "proceeding_id")
    return party.filter(~is_body(party)).inner_join(of_case, "case_id")


def distinct_people(parties: ir.Table, where: ir.BooleanValue | None = None) -> ir.IntegerScalar:
    """Count the distinct people of parties that are people; one without a link is one person.

    Parameters
    ----------
    parties
        One row per party, none of them a body: `person_id` (missing if not linked).
    where
        Parties to count; all where it is left out.
    """
    chosen = ibis.literal(True) if where is None else where.fill_null(False)
    unlinked = (chosen & parties.person_id.isnull()).cast("int64").sum().fill_null(0)
    return parties.person_id.nunique(where=chosen) + unlinked
