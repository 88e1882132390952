"""Civil claims as counted: one row per claim, who is behind it, and what happened in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.definitions import Need
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SOURCE = "civil_county_court"
KINDS = {
    "money_claim": "money",
    "damages_claim": "damages",
    "possession_claim": "possession",
    "other_claim": "other",
}
DISMISSED = "claim_dismissed"
# Keys of bodies lie below those of parties without a link, which begin at -1 - 2**61.
_BODIES_BELOW = -(2**62)


def claims_of(warehouse: Warehouse) -> ir.Table:
    """One row per claim, stored in the engine.

    Returns
    -------
    Table
        `case_id`, `kind`, `court`, `issued`, `closed_date`, `status`, `last_activity_date`;
        `person_key`: a defendant who is a person, else a claimant who is, else one of the
        bodies (missing: no party recorded); `claimant_body` (missing: a person claims);
        `defence_date`, `hearing_date`, `judged_date` (the first of each) and `judgment`, the
        kind of the first judgment.

    Raises
    ------
    MetricError
        If the warehouse has no claim of the county courts.
    """
    case = warehouse.case
    kind = ibis.cases(*[(case.case_type == name, words) for name, words in KINDS.items()])
    cases = case.filter(case.source == SOURCE).select(
        "case_id",
        "place_id",
        "closed_date",
        "status",
        "last_activity_date",
        issued="received_date",
        kind=kind,
    )
    places = warehouse.place.select(court_id="place_id", court="name")
    rows = cases.left_join(places, cases.place_id == places.court_id).drop("place_id", "court_id")
    for part in (_parties(warehouse), _events(warehouse, cases), _judgments(warehouse, cases)):
        rows = rows.left_join(part, "case_id").drop("case_id_right")
    stored = engine.materialise(rows, step="civil claims")
    if not engine.count_rows(stored):
        raise MetricError(
            "claims must be recorded: the warehouse has none of the county courts. "
            "Load the civil county court."
        )
    return stored


def civil_parties(warehouse: Warehouse) -> ir.Table:
    """One row per claimant or defendant: `case_id`, `role`, `body`, `party_key`.

    `party_key` is the person a party is linked to, a key of its own for a person without a link,
    and one of the organisation (`body`) for a body, below every key of a person.
    """
    party = warehouse.party
    held = party.filter(party.source == SOURCE, party.role.isin(["claimant", "defendant"]))
    bodies = held.filter(held.organisation_id.notnull())
    numbered = engine.integer_keys(bodies, ["organisation_id"], name="body_number")
    numbered = numbered.select(body="organisation_id", body_number="body_number")
    joined = held.left_join(numbered, held.organisation_id == numbered.body)
    return joined.select(
        "case_id",
        "role",
        body=joined.organisation_id,
        party_key=joined.body.isnull().ifelse(
            person_key(joined), ibis.literal(_BODIES_BELOW, "int64") - joined.body_number
        ),
    )


def needs(*fields: tuple[str, str]) -> tuple[Need, ...]:
    """Fields of the civil county court, after those that every metric of claims needs."""
    every = (("cases", "case_type"), ("cases", "issue_date"), ("case_parties", "party_role"))
    return tuple(Need(SOURCE, table, field) for table, field in (*every, *fields))


def _parties(warehouse: Warehouse) -> ir.Table:
    held = civil_parties(warehouse)
    is_person = held.body.isnull()
    claims = held.role == "claimant"
    counted = held.group_by("case_id").aggregate(
        defendant=held.party_key.min(where=is_person & ~claims),
        claimant=held.party_key.min(where=is_person & claims),
        any_body=held.party_key.max(where=~is_person),
        claimant_body=held.body.min(where=claims),
    )
    key = ibis.coalesce(counted.defendant, counted.claimant, counted.any_body)
    return counted.select("case_id", "claimant_body", person_key=key)


def _events(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    held = warehouse.event.filter(warehouse.event.source == SOURCE)
    defence = (held.event_type == "administrative") & (held.value_code == "defence")
    return held.group_by("case_id").aggregate(
        defence_date=held.event_date.min(where=defence.fill_null(False)),
        hearing_date=held.event_date.min(where=held.event_type == "hearing"),
    )


def _judgments(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    """The first judgment of each claim."""
    held = warehouse.decision
    judged = held.filter(held.decision_type == "judgment", held.source == SOURCE)
    matters = warehouse.matter.select("matter_id", "case_id")
    both = judged.select("decision_id", "matter_id", "decision", "decision_date")
    both = both.filter(both.decision_date.notnull()).inner_join(matters, "matter_id")
    first = engine.first_per_group(both, by=["case_id"], order_by=["decision_date", "decision_id"])
    return first.select("case_id", judgment="decision", judged_date="decision_date")
