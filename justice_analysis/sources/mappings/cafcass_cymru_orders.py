"""Outcomes of Welsh hearings as decisions: for the applications they close, else for the case."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.cafcass_cymru_codes import ORDERS, SYSTEM, YES, named, plain

Tables = Mapping[str, ir.Table]

NO_HEARING = "its hearing is missing or without a date"
NO_MATTER = "outcome of no child on an application"
NO_OUTCOME = "its outcome is not used, or no child is on its application"
OUTCOMES, TIES = "cafcass_hearingoutcome", "cafcass_hearingoutcomeapplication"


def decisions(
    tables: Tables, matters: ir.Table, context: MappingContext
) -> tuple[ir.Table, list[Account]]:
    """One row per outcome and child on an application that it closes.

    An outcome that names no application counts for every child of its case, and its
    `attribution` says so. The date is that of the hearing.
    """
    found = matters.select("matter_id", "application", "case")
    outcomes = _dated(tables)
    tied = _tied(tables, outcomes, found)
    whole = outcomes.anti_join(tied, "outcome").inner_join(found.drop("application"), "case")
    columns = ("outcome", "matter_id", "order", "day", "is_final")
    rows = engine.union(
        tied.select(*columns, attribution=ibis.literal("matter")).distinct(),
        whole.select(*columns, attribution=ibis.literal("case")),
    )
    rows = engine.materialise(rows, step="outcomes of Welsh hearings")
    made = rows.select(
        decision_id=key(SYSTEM, rows.outcome, rows.matter_id),
        matter_id=rows.matter_id,
        decision_type=ibis.literal("legal_order"),
        decision=rows.order,
        decision_date=rows.day,
        is_final=rows.is_final,
        attribution=rows.attribution,
        **provenance(context, OUTCOMES, rows.outcome),
    )
    return made, [_outcome_account(tables, outcomes, rows), _tie_account(tables, tied)]


def _dated(tables: Tables) -> ir.Table:
    """Outcomes with the case and the day of their hearing."""
    rows = tables[OUTCOMES]
    hearings = tables["cafcass_hearing"].select(
        hearing="CAP_HEARINGID_E", hearing_case="CAP_CASEID_E", day="CAP_HEARINGDATETIME"
    )
    joined = rows.inner_join(hearings, hearings.hearing == rows.CAP_HEARINGID_E)
    held = joined.filter(joined.day.notnull())
    return held.select(
        "day",
        outcome="CAP_HEARINGOUTCOMEID_E",
        case=ibis.coalesce(held.CAP_CASEID_E, held.hearing_case),
        order=named(held.CAP_HEARINGOUTCOMETYPEIDNAME, ORDERS),
        is_final=plain(held.CAP_HEARINGOUTCOMEFINALNAME) == YES,
    )


def _tied(tables: Tables, outcomes: ir.Table, matters: ir.Table) -> ir.Table:
    """Outcomes beside the children on the applications that they close."""
    ties = tables[TIES].select(outcome="CAP_HEARINGOUTCOMEID_E", application="CAP_APPLICATIONID_E")
    rows = ties.inner_join(outcomes, "outcome")
    return rows.inner_join(matters.drop("case"), "application")


def _outcome_account(tables: Tables, outcomes: ir.Table, made: ir.Table) -> Account:
    rows = tables[OUTCOMES]
    dated = outcomes.select(dated="outcome")
    used = made.select(used="outcome").distinct()
    joined = rows.left_join(dated, dated.dated == rows.CAP_HEARINGOUTCOMEID_E)
    joined = joined.left_join(used, used.used == joined.CAP_HEARINGOUTCOMEID_E)
    reason = first_reason((joined.dated.isnull(), NO_HEARING), (joined.used.isnull(), NO_MATTER))
    return Account(OUTCOMES, joined.mutate(reason=reason).drop("dated", "used"), ("decision",))


def _tie_account(tables: Tables, tied: ir.Table) -> Account:
    rows = tables[TIES]
    used = tied.select(used_outcome="outcome", used_application="application").distinct()
    joined = rows.left_join(
        used,
        [
            used.used_outcome == rows.CAP_HEARINGOUTCOMEID_E,
            used.used_application == rows.CAP_APPLICATIONID_E,
        ],
    )
    reason = first_reason((joined.used_outcome.isnull(), NO_OUTCOME))
    judged = joined.mutate(reason=reason).drop("used_outcome", "used_application")
    return Account(TIES, judged, ("decision",))
