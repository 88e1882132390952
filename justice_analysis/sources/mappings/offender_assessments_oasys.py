"""Data First offender assessments (OASys) in the common model: events and measures.

An assessment is an event; each item that metrics read is a measure of its day. The contract
lists more items, which stay in the delivered tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import OASYS_ITEMS, OASYS_PREFIX
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    coverage,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.criminal_cleaning import (
    age_rules,
    placeholder_rules,
    possible_age,
    real_date,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import records

Tables = Mapping[str, ir.Table]

SYSTEM = "oasys"
ASSESSMENTS = "oasys_assessments_metadata"
NO_DATE = "assessment without a date"
NO_ASSESSMENT = "its assessment was set aside"
AGE_ITEM = "question_bcs28"
# What an extract without these assumed columns does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    (ASSESSMENTS, "assessment_date"): "assessments; needs before an index date",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map assessments and their items to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(_judged(tables[ASSESSMENTS]), step="assessments")
    kept = judged.filter(judged.reason.isnull())
    details = {
        name: engine.materialise(_with_assessment(rows, kept), step=f"items of {name}")
        for name, rows in tables.items()
        if name != ASSESSMENTS
    }
    common = {
        "record": _records(kept, context),
        "event": _events(kept, context),
        "measure": engine.union(
            *[
                _items_of(rows, context, table=name)
                for name, rows in details.items()
                if set(rows.columns) & set(OASYS_ITEMS)
            ]
        ),
        "coverage": coverage(context, reason="assessments, to the extract"),
    }
    accounts = [
        Account(ASSESSMENTS, judged, ("event",)),
        *(
            Account(name, rows, ("measure",), rule="items that metrics read become measures")
            for name, rows in details.items()
        ),
    ]
    return CommonTables(context.dataset, common, accounts, _rules(tables, details))


def _rules(tables: Tables, details: Mapping[str, ir.Table]) -> list[Rule]:
    found = placeholder_rules(ASSESSMENTS, tables[ASSESSMENTS], ("assessment_date",))
    for name, rows in details.items():
        if AGE_ITEM in rows.columns:
            found += age_rules(name, rows.select(age=rows[AGE_ITEM]))
    return found


def _judged(rows: ir.Table) -> ir.Table:
    """Assessments with their day; one without a row key is a record that nothing links."""
    record = ibis.coalesce(rows.row_id_hash, rows.assessment_id_hash)
    dated = rows.mutate(record=record, assessed=real_date(rows.assessment_date))
    return dated.mutate(reason=first_reason((dated.assessed.isnull(), NO_DATE)))


def _with_assessment(rows: ir.Table, assessments: ir.Table) -> ir.Table:
    """Items beside the day and the record of their assessment."""
    known = assessments.select(known="assessment_id_hash", record="record", assessed="assessed")
    joined = rows.left_join(known, rows.assessment_id_hash == known.known)
    reason = first_reason((joined.known.isnull(), NO_ASSESSMENT))
    return joined.mutate(row=joined.assessment_id_hash, reason=reason)


def _records(assessments: ir.Table, context: MappingContext) -> ir.Table:
    """One row per row key, from the first of its assessments.

    What the assessments say of a person is not known to be delivered.
    """
    first = engine.first_per_group(
        assessments, by=["record"], order_by=["assessed", "assessment_id_hash"]
    )
    return records(
        first,
        context,
        table=ASSESSMENTS,
        record_id=key(SYSTEM, first.record),
        row=first.record,
        recorded_date=first.assessed,
    )


def _events(assessments: ir.Table, context: MappingContext) -> ir.Table:
    return assessments.select(
        event_id=key(SYSTEM, assessments.assessment_id_hash),
        record_id=key(SYSTEM, assessments.record),
        event_type=ibis.literal("assessment"),
        event_date=assessments.assessed,
        **provenance(context, ASSESSMENTS, assessments.assessment_id_hash),
    )


def _items_of(rows: ir.Table, context: MappingContext, *, table: str) -> ir.Table:
    """Measures of the items that a delivered table has, by their names in the source."""
    known = rows.filter(rows.reason.isnull())
    items = [_measured(known, item) for item in OASYS_ITEMS if item in known.columns]
    return measure_rows(known, items, context, system=SYSTEM, table=table)


def _measured(rows: ir.Table, item: str) -> Measured:
    """One item: a number where it is one, and its code where it has a scale or says yes or no."""
    value, concept = rows[item], OASYS_PREFIX + item
    if value.type().is_string():
        number = engine.to_number(value)
        return Measured(concept, number=number, code=value, date=rows.assessed, basis="assessed")
    number = possible_age(value) if item == AGE_ITEM else value
    return Measured(concept, number=number, date=rows.assessed, basis="assessed")
