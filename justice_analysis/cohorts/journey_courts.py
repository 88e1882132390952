"""Defendants in the criminal courts, and the Crown Court rows that magistrates' rows lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts.journey_stages import coverage_of, crown_of, why_not_at_crown

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MAGISTRATES = "magistrates"
CROWN = ("crown_trial", "crown_sentence")


def defendants_in_court(warehouse: Warehouse) -> ir.Table:
    """What the courts say of each defendant in a criminal case, appeals left out.

    Returns
    -------
    Table
        One row per defendant in a case: `party_id`, `case_id`, `person_id`, `case_type`,
        `place_id`, `received_date`, `source`, `heard_date` (first hearing), `sent_date`,
        `ended_date`, `sentence` and `sentence_date` (of the principal matter), `is_remanded`.
    """
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.case_type.isin((MAGISTRATES, *CROWN)))
    of_case = cases.select("case_id", "case_type", "place_id", "received_date", "source")
    people = party.filter(party.role == "defendant").select("party_id", "case_id", "person_id")
    rows = people.inner_join(of_case, "case_id")
    for more in (_dates(warehouse), _results(warehouse)):
        rows = rows.left_join(more, "party_id").drop("party_id_right")
    return rows


def _dates(warehouse: Warehouse) -> ir.Table:
    """First hearing, day of being sent up and day of completion of each party."""
    event = warehouse.event.filter(warehouse.event.party_id.notnull())
    named = {"first_hearing": "heard_date", "sent_to_crown": "sent_date", "completed": "ended_date"}
    return event.group_by("party_id").aggregate(
        **{
            column: event.event_date.min(where=event.event_type == kind)
            for kind, column in named.items()
        }
    )


def _results(warehouse: Warehouse) -> ir.Table:
    """The principal sentence of each party, its day, and whether custody on remand was said."""
    part, decision = warehouse.matter_party, warehouse.decision
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    rows = decision.inner_join(of_party, "matter_id")
    is_sentence = (rows.decision_type == "sentence") & rows.is_principal.fill_null(False)
    is_held = (rows.decision_type == "remand") & (rows.decision == "custody")
    return rows.group_by("party_id").aggregate(
        sentence=rows.decision.min(where=is_sentence),
        sentence_date=rows.decision_date.min(where=is_sentence),
        is_remanded=is_held.max(),
    )


def in_court(
    warehouse: Warehouse, defendants: ir.Table, *, sent_within_days: int, least_score: float
) -> ir.Table:
    """Join magistrates' rows to their Crown Court rows, and add Crown Court rows without any.

    Parameters
    ----------
    defendants
        From `defendants_in_court`.
    sent_within_days, least_score
        As in `journeys.JourneyRule`.

    Returns
    -------
    Table
        One row per journey: its columns in court (`journeys.journeys`), `remand_date` and
        `other_person`, the person of the Crown Court's record.
    """
    lower = defendants.filter(defendants.case_type == MAGISTRATES)
    upper = _crown_rows(defendants)
    ties = _ties(warehouse, least_score)
    pairs, tied = crown_of(lower, upper, ties, within_days=sent_within_days)
    joined = lower.left_join(pairs, "party_id").drop("party_id_right")
    joined = joined.left_join(upper, "crown_party_id").drop("crown_party_id_right")
    cases = tied.select(tied_case="case_id")
    known = joined.left_join(cases, joined.case_id == cases.tied_case)
    asked = known.mutate(is_tied=known.tied_case.notnull()).drop("tied_case")
    crown = defendants.filter(defendants.case_type != MAGISTRATES)
    told = why_not_at_crown(asked, coverage_of(warehouse.coverage, crown))
    first = upper.anti_join(pairs, "crown_party_id")
    return engine.union(_court_columns(told), _first_at_crown(first, told))


def _ties(warehouse: Warehouse, least_score: float) -> ir.Table:
    link = warehouse.case_link
    is_strong = link.score.isnull() | (link.score >= least_score)
    return link.filter((link.relation == "committal") & is_strong)


def _crown_rows(defendants: ir.Table) -> ir.Table:
    """Defendants at the Crown Court, every column named so."""
    rows = defendants.filter(defendants.case_type != MAGISTRATES)
    kept = ("party_id", "case_id", "person_id", "place_id", "received_date", "heard_date")
    results = ("ended_date", "sentence", "sentence_date", "is_remanded")
    return rows.select(**{f"crown_{name}": rows[name] for name in (*kept, *results)})


def _court_columns(rows: ir.Table) -> ir.Table:
    """The columns of a journey in court; the Crown Court's sentence before the magistrates'."""
    at_crown = rows.crown_sentence.notnull()
    is_remanded = rows.is_remanded.fill_null(False)
    later = rows.crown_is_remanded.fill_null(False)
    none = ibis.null("date")
    by = ibis.cases((at_crown, "crown"), (rows.sentence.notnull(), MAGISTRATES))
    return rows.select(
        "party_id",
        "case_id",
        "received_date",
        "sent_date",
        "crown_party_id",
        "crown_case_id",
        "crown_received_date",
        "crown_how",
        "crown_score",
        crown_completed_date=rows.crown_ended_date,
        completed_date=rows.ended_date,
        starts_at=ibis.literal(MAGISTRATES),
        person_id=ibis.coalesce(rows.person_id, rows.crown_person_id),
        other_person=rows.crown_person_id,
        sentence=ibis.coalesce(rows.crown_sentence, rows.sentence),
        sentence_date=at_crown.ifelse(rows.crown_sentence_date, rows.sentence_date),
        sentenced_by=by,
        remand_date=ibis.cases(
            (is_remanded, rows.heard_date), (later, rows.crown_heard_date), else_=none
        ),
    )


def _first_at_crown(rows: ir.Table, told: ir.Table) -> ir.Table:
    """Crown Court rows that no magistrates' row leads to, as journeys that start there."""
    missing = {
        name: ibis.null(kind) for name, kind in told.schema().items() if name not in rows.columns
    }
    wide = _court_columns(rows.mutate(**missing))
    return wide.mutate(
        party_id=wide.crown_party_id, case_id=wide.crown_case_id, starts_at=ibis.literal("crown")
    )
