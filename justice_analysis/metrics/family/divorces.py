"""Divorces as counted: one row per case, with the days of its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SOURCE = "family_court"
FAULT, NO_FAULT = "law before 6 April 2022", "law from 6 April 2022"
SOLE, JOINT = "sole", "joint"
NO_FAULT_FROM = "2022-04-06"  # Divorce, Dissolution and Separation Act 2020, in force
_STAGES = ("petition", "conditional_order", "final_order", "received")


def divorces(warehouse: Warehouse) -> ir.Table:
    """One row per divorce case, stored in the engine.

    Returns
    -------
    Table
        `case_id`, `person_key` (an applicant, or where none is recorded a respondent),
        `petition_date` (earliest petition or application; where none is recorded, receipt of
        the case), `transfer_date` (missing: not transferred in), `conditional_date` and
        `final_date` (the first of each; missing: none recorded), `closed_date`, `law` (that of
        the day of the petition), `application` (sole, or joint: two applicants and no
        respondent), `court`. People and groups that are not recorded are missing.

    Raises
    ------
    MetricError
        If the warehouse has no divorce case of the family court.
    """
    case = warehouse.case
    cases = case.filter(case.case_type == "divorce", case.source == SOURCE)
    cases = cases.select("case_id", "place_id", "received_date", "closed_date")
    places = warehouse.place.select(court_id="place_id", court="name")
    rows = cases.left_join(_dates(warehouse, cases), "case_id").drop("case_id_right")
    rows = rows.left_join(_people(warehouse, cases), "case_id").drop("case_id_right")
    rows = rows.left_join(places, rows.place_id == places.court_id)
    petition = ibis.coalesce(rows.petition_date, rows.received_date)
    found = rows.select(
        "case_id",
        "person_key",
        "transfer_date",
        "conditional_date",
        "final_date",
        "closed_date",
        "application",
        "court",
        petition_date=petition,
        law=(petition < ibis.literal(NO_FAULT_FROM, type="date")).ifelse(FAULT, NO_FAULT),
    )
    stored = engine.materialise(found, step="divorces")
    if not engine.count_rows(stored):
        raise MetricError(
            "divorces must be recorded: the warehouse has no divorce case of the family court. "
            "Load the family court."
        )
    return stored


def _dates(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    event = warehouse.event
    held = event.filter(event.event_type.isin(_STAGES)).semi_join(cases, "case_id")
    moved = (held.event_type == "received") & (held.value_code == "transferred_in")
    return held.group_by("case_id").aggregate(
        petition_date=held.event_date.min(where=held.event_type == "petition"),
        transfer_date=held.event_date.min(where=moved.fill_null(False)),
        conditional_date=held.event_date.min(where=held.event_type == "conditional_order"),
        final_date=held.event_date.min(where=held.event_type == "final_order"),
    )


def _people(warehouse: Warehouse, cases: ir.Table) -> ir.Table:
    party = warehouse.party.semi_join(cases, "case_id")
    applies, answers = party.role == "applicant", party.role == "respondent"
    key = person_key(party)
    counted = party.group_by("case_id").aggregate(
        applicant=key.min(where=applies),
        respondent=key.min(where=answers),
        applicants=applies.cast("int64").sum(),
    )
    joint = (counted.applicants > 1) & counted.respondent.isnull()
    sole = (counted.applicants == 1) & counted.respondent.notnull()
    return counted.select(
        "case_id",
        person_key=ibis.coalesce(counted.applicant, counted.respondent),
        application=ibis.cases((joint, JOINT), (sole, SOLE)),
    )
