"""Person records and their identifiers, as rows of the common model.

What a dataset does not say of a person is missing in its records. An identifier that is missing
gives no row, so that records without one are never taken to be one person.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import MappingContext, as_text, key, provenance

__all__ = ["identifiers", "own_ids", "records", "within_dataset_ids"]


def records(
    rows: ir.Table,
    context: MappingContext,
    *,
    table: str | ir.StringValue,
    record_id: ir.IntegerValue,
    row: ir.Value,
    sex: ir.StringValue | None = None,
    birth_month: ir.DateValue | None = None,
    ethnicity_group: ir.StringValue | None = None,
    recorded_date: ir.DateValue | None = None,
) -> ir.Table:
    """Records of people: what a dataset says of a person each time that it names one.

    Parameters
    ----------
    rows
        One row per record.
    table, row
        The delivered table and the key of the delivered row.
    record_id
        Id of the record, unique in `rows`.
    sex, birth_month, ethnicity_group
        What is recorded of the person, in the common model's words.
    recorded_date
        Day on which it was recorded.

    Returns
    -------
    Table
        One row per record, with the columns of the common table `record`. No dataset says when
        a person died, so `death_date` is missing.
    """
    return rows.select(
        record_id=record_id,
        sex=_or_missing(sex, "string"),
        birth_month=_or_missing(birth_month, "date"),
        ethnicity_group=_or_missing(ethnicity_group, "string"),
        death_date=ibis.null("date"),
        recorded_date=_or_missing(recorded_date, "date"),
        **provenance(context, table, row),
    )


def identifiers(
    rows: ir.Table,
    context: MappingContext,
    *,
    table: str | ir.StringValue,
    record_id: ir.IntegerValue,
    row: ir.Value,
    id_system: str,
    identifier: ir.Value,
    level: str = "unstated",
) -> ir.Table:
    """Identifiers of records: records that share one are one person.

    Parameters
    ----------
    rows
        One row per record.
    table, row, record_id
        As `records` takes them.
    id_system, identifier
        Name of the system of identifiers, and the record's own in it.
    level
        How sure the link is, as delivered: `unstated` where nothing says so, `none` where the
        identifier links no two records.

    Returns
    -------
    Table
        One row per record that has the identifier.
    """
    made = rows.select(
        record_id=record_id,
        id_system=ibis.literal(id_system),
        identifier=as_text(identifier),
        level=ibis.literal(level),
        score=ibis.null("float64"),
        **provenance(context, table, row),
    )
    return made.filter(made.identifier.notnull())


def within_dataset_ids(
    rows: ir.Table,
    context: MappingContext,
    *,
    system: str,
    table: str | ir.StringValue,
    row: ir.Value,
    person: ir.Value,
) -> ir.Table:
    """Identifiers from the person id that a Data First dataset holds for itself.

    The same number means another person in another dataset, so each is told with its system.
    The record of a row is `key(system, row)`.
    """
    return identifiers(
        rows,
        context,
        table=table,
        record_id=key(system, row),
        row=row,
        id_system="estimated_offender",
        identifier=ibis.literal(f"{system}:") + as_text(person),
    )


def own_ids(
    rows: ir.Table,
    context: MappingContext,
    *,
    table: str | ir.StringValue,
    record_id: ir.IntegerValue,
    row: ir.Value,
) -> ir.Table:
    """Identifiers where each record is a person of its own: nothing links it to another."""
    return identifiers(
        rows,
        context,
        table=table,
        record_id=record_id,
        row=row,
        id_system="record",
        identifier=record_id,
        level="none",
    )


def _or_missing(column: ir.Value | None, kind: str) -> ir.Value:
    return ibis.null(kind) if column is None else column
