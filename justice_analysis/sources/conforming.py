"""One delivered table in the contract's names and types, as its adapter says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from justice_analysis.contracts import Field, TableContract
from justice_analysis.errors import AdapterError, listed
from justice_analysis.sources import parsing
from justice_analysis.sources.adapter import Filter, TableAdapter, near
from justice_analysis.sources.adapter.making import (
    adapter_columns,
    as_written,
    combined_text,
    date_text,
)
from justice_analysis.sources.adapter.reshaped import column_key, column_named
from justice_analysis.sources.findings import Finding
from justice_analysis.sources.ledger import ReshapeEntry

REASON = "justice_reason"
ABSENT = "the column is not in the file"
UNREADABLE_MARK = "justice_unreadable_"
_DELIVERED = "justice_delivered_"


@dataclass(frozen=True)
class ReadTable:
    """A delivered table in the contract's names and types, not yet checked.

    Parameters
    ----------
    table
        One row per delivered row (after an adapter's joins and slots): the contract's columns;
        for those that had to be read from another type a boolean `unreadable_flag(column)`;
        and, if the adapter filters rows, `justice_reason`, missing for the rows to use. None
        if the files cannot be used.
    findings
        What is wrong with the columns as such.
    notes
        Columns that were not used, and what the adapter did.
    entries
        What joins and slots did to the rows of the files, for the ledger.
    aside
        Rows of the files that did not come through joins and slots, with their `reason`.
    texts
        The columns that are delivered as text and are to be something else, to look at again
        where they cannot be read; None if there are none.
    """

    table: ir.Table | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    entries: tuple[ReshapeEntry, ...] = ()
    aside: Mapping[str, ir.Table] = field(default_factory=dict)
    texts: ir.Table | None = None


def unreadable_flag(column: str) -> str:
    """Name the column that marks the rows in which a column could not be read."""
    return UNREADABLE_MARK + column


def conform(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter, *, file: str = "the file"
) -> ReadTable:
    """Bring one delivered table to the contract's names and types.

    Parameters
    ----------
    delivered
        One row per delivered row, in delivered names: text, or types as in Parquet.
    contract, adapter
        What the columns should be, and how the delivery differs.
    file
        Its name, for messages.

    Returns
    -------
    ReadTable
        `table` is None if a needed column is absent or of a type that cannot hold it.

    Raises
    ------
    AdapterError
        If the adapter names delivered columns that are not there.
    """
    names = delivered_names(delivered, contract, adapter, file)
    notes = tuple(_notes(delivered, names, adapter))
    prepared, wrong = _prepared(delivered, contract, adapter, names)
    findings = (*_absent_columns(names, delivered, contract, adapter), *wrong)
    if any(found.consequence == "refuse" for found in findings):
        return ReadTable(None, findings, notes)
    texts = _texts(prepared, contract)
    return ReadTable(_parsed(prepared, contract, adapter), findings, notes, texts=texts)


def _texts(prepared: ir.Table, contract: TableContract) -> ir.Table | None:
    """Give the columns that are delivered as text and are to be something else."""
    names = [
        one.name
        for one in contract.fields
        if one.type != "string"
        and one.name in prepared.columns
        and prepared[one.name].type().is_string()
    ]
    used = prepared.filter(prepared[REASON].isnull()) if REASON in prepared.columns else prepared
    return used.select(*names) if names else None


def _prepared(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter, names: Mapping[str, str]
) -> tuple[ir.Table, list[Finding]]:
    """Give the delivered columns under the contract's names, and those of a wrong type."""
    columns: dict[str, ir.Value] = dict(_made(delivered, contract, adapter))
    wrong = []
    for one in contract.fields:
        if one.name in names:
            column = delivered[names[one.name]]
            ready = parsing.prepare(column, one, adapter)
            if ready is None:
                wrong.append(_wrong_type(one.name, one.type, str(column.type())))
            else:
                columns[one.name] = ready
    if adapter.filters:
        columns[REASON] = _filter_reason(delivered, names, adapter.filters)
    table = delivered.select(**columns) if columns else delivered
    translated = {
        name: parsing.translate(table[name], contract.field(name), adapter)
        for name in adapter.codes
        if name in columns and name not in adapter.constant
    }
    return table.mutate(**translated), wrong


def _made(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter
) -> Iterator[tuple[str, ir.Value]]:
    """Give the columns that no single delivered column holds."""
    for name, value in adapter.constant.items():
        yield name, ibis.literal(value, type="string")
    for name, parts in adapter.date_parts.items():
        missing = (*contract.missing_values, *adapter.missing_of(name))
        yield name, date_text(delivered, parts, missing)
    for name, combine in adapter.combine.items():
        missing = (*contract.missing_values, *adapter.missing_of(name))
        yield name, combined_text(delivered, combine, missing)


def _parsed(prepared: ir.Table, contract: TableContract, adapter: TableAdapter) -> ir.Table:
    """Give the contract's columns in its types, with a mark for each that can fail."""
    here = [one for one in contract.fields if one.name in prepared.columns]
    missing = {one.name: _missing_texts(contract, adapter, one.name) for one in here}
    calendar = {name: unit for name, unit in adapter.units.items() if unit.months_since}
    fallible = [
        one.name
        for one in here
        if parsing.can_fail(prepared[one.name], one) or one.name in calendar
    ]
    columns = {name: ibis.null(kind) for name, kind in parsing.schema_of(contract).items()}
    for one in here:
        columns[one.name] = parsing.parse(prepared[one.name], one, adapter, missing[one.name])
    kept_text = {_DELIVERED + name: prepared[name] for name in fallible}
    reason = {REASON: prepared[REASON]} if adapter.filters else {}
    values = prepared.select(**columns, **kept_text, **reason)
    lengths = {
        name: parsing.days_of_months(values[name], values[unit.months_since], contract.field(name))
        for name, unit in calendar.items()
        if name in missing
    }
    values = values.mutate(**lengths)
    marks = {
        unreadable_flag(name): parsing.unreadable(
            values[_DELIVERED + name], values[name], missing[name]
        )
        for name in fallible
    }
    return values.mutate(**marks).drop(*kept_text)


def _missing_texts(contract: TableContract, adapter: TableAdapter, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*contract.missing_values, *adapter.missing_of(column))))


def delivered_names(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter, file: str
) -> dict[str, str]:
    """Map contract names to the delivered columns that hold them.

    Blanks at the ends and letter case don't count.

    Raises
    ------
    AdapterError
        If the adapter names delivered columns that are not there: all of them at once.
    """
    wanted = {name: adapter.columns.get(name, name) for name in contract.field_names}
    named = [("names", wanted[name]) for name in adapter.columns]
    named += [("filters on", wanted.get(one.column, one.column)) for one in adapter.filters]
    named += [("takes together", name) for name in adapter_columns(adapter)]
    problems = [
        f"{contract.name}: the adapter {verb} the column {name}, which {file} does not have."
        f"{near(name, delivered.columns)}"
        for verb, name in dict.fromkeys(named)
        if column_named(delivered, name) is None
    ]
    if problems:
        raise AdapterError(listed(problems))
    found = {name: column_named(delivered, theirs) for name, theirs in wanted.items()}
    given = (*adapter.constant, *adapter.date_parts, *adapter.combine)
    return {name: theirs for name, theirs in found.items() if theirs and name not in given}


def _absent_columns(
    names: Mapping[str, str], delivered: ir.Table, contract: TableContract, adapter: TableAdapter
) -> list[Finding]:
    """Say which columns are not in the file: those that are needed refuse it."""
    # With no name recognised the first row may be one of people, so none of it is suggested.
    spare = [name for name in delivered.columns if name not in names.values()] if names else []
    made = (*adapter.constant, *adapter.date_parts, *adapter.combine)
    found = []
    for one in contract.fields:
        if one.name in names or one.name in made:
            continue
        needed = one.required or one.name in contract.primary_key
        found.append(
            Finding(
                column=one.name,
                rule=ABSENT,
                count=0,
                consequence="refuse" if needed else "kept",
                advice=near(one.name, spare).strip() or ("" if needed else _absence(one)),
            )
        )
    if not names and found:
        found.append(
            Finding("", "no column has a name of the contract", 0, "refuse", _NO_HEADER_ADVICE)
        )
    return found


def _absence(field: Field) -> str:
    """What an absent column means for what is made from the table."""
    name = "Its name is assumed: if it is there under another, say so in an adapter; else it"
    return f"{name if field.name_status == 'assumed' else 'It'} is missing in every row."


_NO_HEADER_ADVICE = "The first row must hold the column names; if they differ, use an adapter."


def _wrong_type(column: str, wanted: str, held: str) -> Finding:
    return Finding(column, f"the column must be {wanted}, and the file holds {held}", 0, "refuse")


def _filter_reason(
    delivered: ir.Table, names: Mapping[str, str], filters: tuple[Filter, ...]
) -> ir.StringValue:
    """Give the reason of the first filter that a row does not pass; missing if it passes all."""
    branches = []
    for one in filters:
        column = delivered[names.get(one.column) or column_named(delivered, one.column)]
        text = as_written(column)
        kept = text.isin(list(one.keep)) if one.keep else ~text.isin(list(one.drop))
        branches.append((~kept.fill_null(not one.keep), one.reason))
    return ibis.cases(*branches, else_=ibis.null("string"))


def _notes(delivered: ir.Table, names: Mapping[str, str], adapter: TableAdapter) -> list[str]:
    # With no name recognised the first row may be one of people, so none is repeated.
    used = {column_key(name) for name in names.values()}
    used |= {column_key(one.column) for one in adapter.filters}
    used |= {column_key(name) for name in adapter_columns(adapter)}
    spare = [name.strip() for name in delivered.columns if column_key(name) not in used]
    notes = [f"columns not used: {', '.join(spare)}"] if spare and names else []
    return notes + ([f"adapter: {adapter.steps}"] if adapter.steps else [])
