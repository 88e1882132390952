"""Prosecutions of people: what a return to court, and a conviction, is counted from.

A prosecution begins in a magistrates' court, so that counting there counts it once. A Crown
Court case that the same person was sent or committed to is the same prosecution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import BREACH
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MAGISTRATES, CROWN, BOTH = "magistrates", "crown", "both"
# An appeal is brought by the defendant: it is no prosecution.
CASE_TYPES = {
    MAGISTRATES: ("magistrates",),
    CROWN: ("crown_trial", "crown_sentence"),
    BOTH: ("magistrates", "crown_trial", "crown_sentence"),
}
SOURCES = {
    MAGISTRATES: "magistrates_defendant",
    CROWN: "crown_court_defendant",
    BOTH: "magistrates_defendant",
}
"""Dataset that says until when a prosecution would have been seen."""
RECEIVED, FIRST_HEARING = "received", "first_hearing"


def defendant_cases(
    warehouse: Warehouse,
    *,
    courts: str = MAGISTRATES,
    dated_by: str = RECEIVED,
    charges: bool = True,
) -> ir.Table:
    """Defendants in criminal cases, with the day of the case and of its last offence.

    Parameters
    ----------
    courts
        `magistrates`, `crown` or `both`; appeals are left out.
    dated_by
        `received` (by the court) or `first_hearing`.
    charges
        Whether to read the charges; without them the last two columns are not there.

    Returns
    -------
    Table
        Stored; one row per defendant in a case: `party_id`, `case_id`, `person_id`,
        `person_key`, `proceeding_id`, `case_type`, `place_id`, `case_date` (missing: not
        recorded), `offence_date` (of the last offence charged; missing: not
        recorded), `is_breach` (breaches and civil-order applications and no offence).

    Raises
    ------
    MetricError
        If the warehouse has no such case.
    """
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.case_type.isin(CASE_TYPES[courts]))
    named = ("case_id", "proceeding_id", "case_type", "place_id", "received_date")
    people = party.filter(party.role == "defendant")
    rows = people.select(
        "party_id", "case_id", "person_id", person_key=person_key(people)
    ).inner_join(cases.select(*named), "case_id")
    if dated_by == FIRST_HEARING:
        heard = _first_hearings(warehouse)
        rows = rows.left_join(heard, "party_id").drop("party_id_right", "received_date")
    else:
        rows = rows.rename(case_date="received_date")
    if charges:
        rows = rows.left_join(_of_charges(warehouse), "party_id").drop("party_id_right")
        rows = rows.mutate(is_breach=rows.is_breach.fill_null(False))
    rows = rows.mutate(proceeding_id=rows.proceeding_id.fill_null(rows.case_id))
    stored = engine.materialise(rows, step="defendants in criminal cases")
    if engine.count_rows(stored) == 0:
        raise MetricError(
            f"this needs criminal cases ({', '.join(CASE_TYPES[courts])}): the warehouse has "
            f"none. Load {SOURCES[courts]}."
        )
    return stored


def _first_hearings(warehouse: Warehouse) -> ir.Table:
    event = warehouse.event
    heard = event.filter(event.event_type == FIRST_HEARING, event.party_id.notnull())
    return heard.group_by("party_id").aggregate(case_date=heard.event_date.min())


def _of_charges(warehouse: Warehouse) -> ir.Table:
    """Day of the last offence of each party, and whether there is nothing but breaches."""
    part, matter = warehouse.matter_party, warehouse.matter
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    asked = matter.filter(matter.kind.isin(("charge", "application")))
    rows = asked.select("matter_id", "kind", "code", "alleged_date").inner_join(
        of_party, "matter_id"
    )
    is_offence = is_offence_charge(rows)
    return rows.group_by("party_id").aggregate(
        offence_date=rows.alleged_date.max(where=is_offence),
        is_breach=~is_offence.max(),
    )


def is_offence_charge(matter: ir.Table) -> ir.BooleanValue:
    """Whether a matter is a charge of an offence: a breach is none, whatever its kind."""
    return (matter.kind == "charge") & (matter.code != BREACH).fill_null(True)


def prosecutions(cases: ir.Table, *, courts: str, charges: bool = True) -> ir.Table:
    """One row per person and prosecution, from `defendant_cases` of the same courts.

    Returns
    -------
    Table
        `person_key`, `proceeding_id`, `case_date` (the first), `offence_date`, `is_breach`. A
        Crown Court case that nothing ties to a magistrates' case is the same prosecution as one
        of the same person that has the same last day of offence.
    """
    columns = {"case_date": cases.case_date.min()}
    if charges:
        columns |= {"offence_date": cases.offence_date.max(), "is_breach": cases.is_breach.min()}
    keys = ("person_key", "proceeding_id")
    if courts != BOTH or not charges:
        return cases.group_by(*keys).aggregate(**columns)
    begun = (cases.case_type == "magistrates").max()
    rows = cases.group_by(*keys).aggregate(**columns, begun=begun)
    rows = engine.materialise(rows, step="prosecutions")
    known = rows.filter(rows.begun & rows.offence_date.notnull())
    offences = known.select("person_key", "offence_date").distinct()
    untied = rows.filter(~rows.begun)
    same = untied.semi_join(offences, ["person_key", "offence_date"]).select(*keys)
    return rows.anti_join(same, keys).drop("begun")


def principal_offence(warehouse: Warehouse, parties: ir.Table) -> ir.Table:
    """Offence group of the principal charge of each party: `party_id`, `offence_group`.

    The charge whose decisions the record marks as principal; where none is marked, or several
    are, the first by code. A party without a charge has no row.
    """
    part, matter, decision = warehouse.matter_party, warehouse.matter, warehouse.decision
    of_party = part.semi_join(parties, "party_id").select("matter_id", "party_id")
    asked = matter.filter(matter.kind.isin(("charge", "application")))
    charged = asked.select("matter_id", "code").inner_join(of_party, "matter_id")
    marked = decision.filter(decision.is_principal.fill_null(False)).select("matter_id").distinct()
    both = charged.left_join(marked, "matter_id")
    is_marked = both.matter_id_right.notnull()
    found = both.group_by("party_id").aggregate(
        marked_code=both.code.min(where=is_marked), any_code=both.code.min()
    )
    group = ibis.coalesce(found.marked_code, found.any_code, ibis.literal(NOT_KNOWN))
    return found.select("party_id", offence_group=group)


def convicted_offences(warehouse: Warehouse) -> ir.Table:
    """Offences of which a criminal court found people guilty, stored.

    Returns
    -------
    Table
        One row per linked person and charge: `person_id`, `proceeding_id`, `matter_id`,
        `offence_date`, `convicted_date`, both known. The two courts' charges of one offence
        are two rows.
    """
    case, part, matter, decision = (
        warehouse.case,
        warehouse.matter_party,
        warehouse.matter,
        warehouse.decision,
    )
    cases = case.filter(case.case_type.isin(CASE_TYPES[BOTH])).select("case_id", "proceeding_id")
    party = warehouse.party
    linked = party.filter((party.role == "defendant") & party.person_id.notnull())
    people = linked.select("party_id", "person_id", "case_id").inner_join(cases, "case_id")
    charges = matter.filter(is_offence_charge(matter) & matter.alleged_date.notnull())
    guilty = decision.filter(
        decision.decision_type == "verdict",
        decision.decision == "guilty",
        decision.decision_date.notnull(),
    )
    dated = guilty.group_by("matter_id").aggregate(convicted_date=guilty.decision_date.min())
    rows = (
        charges.select("matter_id", offence_date="alleged_date")
        .inner_join(dated, "matter_id")
        .inner_join(
            part.filter(part.part == "defendant").select("matter_id", "party_id"), "matter_id"
        )
        .inner_join(people, "party_id")
    )
    kept = ("person_id", "proceeding_id", "matter_id", "offence_date", "convicted_date")
    return engine.materialise(rows.select(*kept), step="convicted offences")
