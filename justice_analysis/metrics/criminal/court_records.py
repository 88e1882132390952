"""Defendants in the criminal courts and their charges: what the metrics of these courts count.

A defendant is one person in one case of one court; someone in two cases is two defendants, and
somebody sent to the Crown Court is a defendant in each court.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.time_at_risk import MIGRATED
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

MAGISTRATES, CROWN = "magistrates", "crown"
TRIAL, FOR_SENTENCE, APPEAL = "crown_trial", "crown_sentence", "crown_appeal"
CASE_TYPES_OF = {MAGISTRATES: (MAGISTRATES,), CROWN: (TRIAL, FOR_SENTENCE)}
COURT_WORDS = {MAGISTRATES: "magistrates' courts", CROWN: "Crown Court"}
EVENTS = {
    "offence_date": "offence",
    "charge_date": "charge",
    "receipt_date": "received",
    "heard_date": "first_hearing",
    "main_date": "hearing",
    "sent_date": "sent_to_crown",
    "ended_date": "completed",
}
RESULTS = {"plea": "plea", "verdict": "verdict", "sentence": "sentence"}
BREACH_KIND = "application"


def charges(warehouse: Warehouse, *, case_types: Sequence[str]) -> ir.Table:
    """Every charge of a defendant, with what was decided on it.

    Parameters
    ----------
    case_types
        Of `case`: those whose charges are wanted.

    Returns
    -------
    Table
        One row per charge (or breach) of a defendant: `matter_id`, `party_id`, `case_id`,
        `person_key`, `case_type`, `place_id`, `source`, `code` (offence group), `is_breach`,
        `arrived_date`, `disposed_date`, `is_principal`, `plea`, `verdict`, `verdict_date`,
        `sentence`, `sentence_date`, `sentence_days`. A result that is not recorded is missing.
    """
    part = warehouse.matter_party
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    matter = warehouse.matter.select(
        "matter_id",
        "code",
        arrived_date="received_date",
        disposed_date="disposed_date",
        is_breach=warehouse.matter.kind == BREACH_KIND,
    )
    rows = of_party.inner_join(parties(warehouse, case_types), "party_id")
    decided = _results(warehouse.decision.semi_join(rows, "matter_id"))
    rows = rows.inner_join(matter, "matter_id").left_join(decided, "matter_id")
    rows = rows.drop("matter_id_right")
    return rows.mutate(is_principal=rows.is_principal.fill_null(False))


def parties(warehouse: Warehouse, case_types: Sequence[str]) -> ir.Table:
    """Defendants in cases of some types, with what their case says: one row per defendant."""
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.case_type.isin(list(case_types))).select(
        "case_id", "case_type", "place_id", "source", case_received="received_date", status="status"
    )
    people = party.filter(party.role == "defendant")
    people = people.select("party_id", "case_id", "person_id", person_key=person_key(people))
    return people.inner_join(cases, "case_id")


def _results(decision: ir.Table) -> ir.Table:
    """What was decided on each matter, and whether it is its defendant's principal one."""
    rows = decision.filter(decision.decision_type.isin((*RESULTS.values(), "remand")))
    named = {
        column: rows.decision.min(where=rows.decision_type == kind)
        for column, kind in RESULTS.items()
    }
    is_sentence, is_verdict = rows.decision_type == "sentence", rows.decision_type == "verdict"
    return rows.group_by("matter_id").aggregate(
        **named,
        verdict_date=rows.decision_date.min(where=is_verdict),
        sentence_date=rows.decision_date.min(where=is_sentence),
        sentence_days=rows.amount.max(where=is_sentence & (rows.amount_unit == "days")),
        is_principal=rows.is_principal.max(),
    )


def defendants(warehouse: Warehouse, *, case_types: Sequence[str]) -> ir.Table:
    """Every defendant in a case, with dates and what became of the principal charge.

    Returns
    -------
    Table
        One row per defendant: `party_id`, `case_id`, `person_id` (missing if not linked),
        `person_key`, `case_type`, `place_id`, `source`, `status` and `case_received` of the case;
        the dates of `EVENTS`; `arrived_date`; of the principal charge `code`, `is_breach`,
        `plea`, `verdict`, `sentence`, `sentence_date`, `sentence_days`; `charge_count`. What is
        not recorded is missing.

    Notes
    -----
    The principal charge is the one that the record says; where it names none, the only charge.
    """
    people = parties(warehouse, case_types)
    events = warehouse.event.semi_join(people, "party_id")
    for more in (_dates(events), _principal(charges(warehouse, case_types=case_types))):
        people = people.left_join(more, "party_id").drop("party_id_right")
    return people.mutate(arrived_date=ibis.coalesce(people.arrived_date, people.case_received))


def _dates(event: ir.Table) -> ir.Table:
    """First day of each kind of event of each defendant; of hearings, the main one."""
    rows = event.filter(event.event_type.isin(list(EVENTS.values())))
    rows = rows.filter((rows.event_type != "hearing") | (rows.value_code == "main"))
    return rows.group_by("party_id").aggregate(
        **{
            column: rows.event_date.min(where=rows.event_type == kind)
            for column, kind in EVENTS.items()
        }
    )


def _principal(rows: ir.Table) -> ir.Table:
    """The principal charge of each defendant."""
    counted = rows.group_by("party_id").aggregate(
        charge_count=rows.count(),
        arrived_date=rows.arrived_date.min(),
        named=rows.matter_id.min(where=rows.is_principal),
        only=rows.matter_id.min(),
    )
    alone = (counted.charge_count == 1).ifelse(counted.only, ibis.null("int64"))
    chosen = counted.select(
        "party_id", "charge_count", "arrived_date", matter_id=ibis.coalesce(counted.named, alone)
    )
    told = rows.select("matter_id", "code", "is_breach", *RESULTS, "sentence_date", "sentence_days")
    return chosen.left_join(told, "matter_id").drop("matter_id", "matter_id_right")


def refuse_without(warehouse: Warehouse, *, name: str, case_types: Sequence[str]) -> None:
    """Refuse a warehouse without any case of the types that a metric counts."""
    case = warehouse.case
    if not engine.count_rows(case.filter(case.case_type.isin(list(case_types))).limit(1)):
        raise MetricError(
            f"{name} needs criminal court cases ({', '.join(case_types)}): the warehouse has "
            "none. Load the dataset of these courts."
        )


# Coverage -------------------------------------------------------------------------------


def with_moved(warehouse: Warehouse, rows: ir.Table) -> ir.Table:
    """Add `moved_date`: from when the court's new cases are no longer in the data."""
    coverage = warehouse.coverage.filter(
        warehouse.coverage.reason == MIGRATED, warehouse.coverage.place_id.notnull()
    )
    moved = coverage.group_by("place_id", "source").aggregate(moved_date=coverage.to_date.max())
    joined = rows.left_join(moved, ["place_id", "source"])
    return joined.drop("place_id_right", "source_right")


def seen_to(warehouse: Warehouse, sources: Sequence[str]) -> datetime.date:
    """The day after the last on which results would have been seen: the extract's, or coverage's.

    Raises
    ------
    MetricError
        If neither is stated.
    """
    told = [str(warehouse.sources.get(source, {}).get("extract_date") or "") for source in sources]
    days = [datetime.date.fromisoformat(day) for day in told if day]
    if days:
        return min(days)
    rows = warehouse.coverage.filter(warehouse.coverage.source.isin(list(sources)))
    last = engine.execute(rows.to_date.max(), step="coverage")
    if pd.isna(last):
        raise MetricError(
            f"the end of what was seen must be known: {', '.join(sources)} states neither an "
            "extract date nor coverage. Load it with its dates."
        )
    return pd.Timestamp(last).date()


def seen_from(warehouse: Warehouse, sources: Sequence[str]) -> datetime.date:
    """The first day on which every one of some sources was covered somewhere.

    Raises
    ------
    MetricError
        If one states no coverage.
    """
    rows = warehouse.coverage.filter(warehouse.coverage.source.isin(list(sources)))
    firsts = rows.group_by("source").aggregate(first=rows.from_date.min())
    found = engine.execute(firsts, step="coverage")
    if len(found) < len(sources):
        raise MetricError(
            f"the start of what was seen must be known: of {', '.join(sources)}, not all state "
            "coverage. Load them with it."
        )
    return pd.Timestamp(found["first"].max()).date()


def sources_of(warehouse: Warehouse, case_types: Sequence[str]) -> list[str]:
    """Datasets that cases of some types come from."""
    case = warehouse.case.filter(warehouse.case.case_type.isin(list(case_types)))
    found = engine.execute(case.select("source").distinct(), step="sources of cases")
    return sorted(found["source"])
