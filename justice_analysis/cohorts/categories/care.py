"""Care-experienced, and domestic abuse: what the records hold, and what none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CASE_TYPES, LEGAL_ORDERS
from justice_analysis.definitions import Category, Gap, Need, category, category_without_data
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse


@category(
    Category(
        name="care_experienced_looked_after",
        word="care-experienced",
        title="Care-experienced: ever looked after",
        definition="A pupil with an episode of being looked after, at any age and of any length.",
        unit="people",
        codes={"care": "an episode in the return of children looked after"},
        does_not_count=("children in need who were not looked after",),
        needs=(
            Need("moj_dfe", "cla_episodes", "episode_start_date"),
            Need("moj_dfe", "npd_pupils", "pupil_reference_anonymised"),
        ),
        source=("Children looked after return (SSDA903), England",),
    )
)
def looked_after(warehouse: Warehouse) -> ir.Table:
    """People with an episode of care."""
    rows = warehouse.episode.filter(
        warehouse.episode.kind == "care", warehouse.episode.person_id.notnull()
    )
    _refuse_empty(rows, "care_experienced_looked_after", "episodes of care (moj_dfe)")
    return rows.group_by("person_id").aggregate(member_from=rows.start_date.min())


@category(
    Category(
        name="care_experienced_care_order",
        word="care-experienced",
        title="Care-experienced: subject of a care order",
        definition="A person who was, as a child, the subject of a final care order.",
        unit="people",
        codes={"care_order": LEGAL_ORDERS["care_order"]},
        does_not_count=(
            "interim care orders",
            "care by agreement (section 20), in which no court is asked",
            "orders before the family data begin",
        ),
        needs=(
            Need("cafcass_england", "cms_tbllegaloutput", "LEGALOUTPUTTYPEREF"),
            Need("cafcass_england", "cms_tbllegaloutput", "ISFINAL"),
            Need("cafcass_england", "cms_tblcaseapplicationmember", "MEMBERTYPE"),
        ),
        source=("Children Act 1989, section 31",),
    )
)
def care_order(warehouse: Warehouse) -> ir.Table:
    """Subjects of a final care order, from its day."""
    orders = warehouse.decision.filter(
        warehouse.decision.decision_type == "legal_order",
        warehouse.decision.decision == "care_order",
        warehouse.decision.is_final,
    ).select("matter_id", "decision_date")
    parts = warehouse.matter_party.filter(warehouse.matter_party.part == "subject")
    parties = warehouse.party.filter(warehouse.party.person_id.notnull())
    rows = orders.join(parts.select("matter_id", "party_id"), "matter_id").join(
        parties.select("party_id", "person_id"), "party_id"
    )
    _refuse_empty(rows, "care_experienced_care_order", "final care orders of linked children")
    return rows.group_by("person_id").aggregate(member_from=rows.decision_date.min())


@category(
    Category(
        name="domestic_abuse_remedy",
        word="domestic abuse",
        title="Domestic abuse: asked the family court for protection",
        definition=(
            "A person who applied for a non-molestation or occupation order (Family Law Act "
            "1996, part IV). An application is not a finding."
        ),
        unit="people",
        codes={"family_law_act": CASE_TYPES["family_law_act"], "applicant": "The one who asks"},
        does_not_count=(
            "people who were abused and did not ask a family court",
            "the respondent of such an application",
        ),
        needs=(
            Need("family_court", "cases", "case_type"),
            Need("family_court", "people", "role_model"),
        ),
        source=("Family Law Act 1996, part IV",),
    )
)
def domestic_abuse_remedy(warehouse: Warehouse) -> ir.Table:
    """Applicants in cases of the Family Law Act."""
    cases = warehouse.case.filter(warehouse.case.case_type == "family_law_act")
    applicants = warehouse.party.filter(
        warehouse.party.role == "applicant", warehouse.party.person_id.notnull()
    ).select("case_id", "person_id")
    rows = applicants.join(cases.select("case_id", "received_date"), "case_id")
    _refuse_empty(rows, "domestic_abuse_remedy", "applicants in Family Law Act cases")
    return rows.group_by("person_id").aggregate(member_from=rows.received_date.min())


category_without_data(
    Category(
        name="domestic_abuse_flagged",
        word="domestic abuse",
        title="Domestic abuse: flagged in a criminal case",
        definition=(
            "A person in a criminal case that police or prosecutors flagged as domestic abuse. "
            "There is no offence of domestic abuse as a whole, so offence codes cannot show it."
        ),
        unit="people",
        codes={},
        does_not_count=("any offence of violence without the flag",),
        needs=(),
        source=("flags of the Crown Prosecution Service's case management",),
        gap=Gap(
            "a domestic abuse flag of a criminal case",
            "The Crown Prosecution Service (and police forces)",
            "linking the flag by the unique reference number of the case to the courts' records",
        ),
    )
)


def _refuse_empty(rows: ir.Table, name: str, lacking: str) -> None:
    if not engine.count_rows(rows.limit(1)):
        raise MetricError(f"{name} needs {lacking}: the warehouse has none. Load them.")
