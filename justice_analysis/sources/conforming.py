"""One delivered table in the contract's names and types, as its adapter says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis.contracts import TableContract
from justice_analysis.errors import AdapterError, listed
from justice_analysis.sources import parsing
from justice_analysis.sources.adapter import Filter, TableAdapter, near
from justice_analysis.sources.findings import Finding

REASON = "justice_reason"
UNREADABLE_MARK = "justice_unreadable_"
_DELIVERED = "justice_delivered_"


@dataclass(frozen=True)
class ReadTable:
    """A delivered table in the contract's names and types, not yet checked.

    Parameters
    ----------
    table
        One row per delivered row: the contract's columns; for those that had to be read from
        another type a boolean `unreadable_flag(column)`; and, if the adapter filters rows,
        `justice_reason`, missing for the rows to use. None if the files cannot be used.
    findings
        What is wrong with the columns as such.
    notes
        Columns that were not used, and what the adapter did.
    """

    table: ir.Table | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


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
    names = _delivered_names(delivered, contract, adapter, file)
    notes = tuple(_notes(delivered, names, adapter))
    prepared, wrong = _prepared(delivered, contract, adapter, names)
    findings = (*_absent_columns(names, delivered, contract, adapter), *wrong)
    if any(found.consequence == "refuse" for found in findings):
        return ReadTable(None, findings, notes)
    return ReadTable(_parsed(prepared, contract, adapter), findings, notes)


def _prepared(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter, names: Mapping[str, str]
) -> tuple[ir.Table, list[Finding]]:
    """Give the delivered columns under the contract's names, and those of a wrong type."""
    columns: dict[str, ir.Value] = {}
    wrong = []
    for field in contract.fields:
        if field.name in adapter.constant:
            columns[field.name] = ibis.literal(adapter.constant[field.name], type="string")
        elif field.name in names:
            column = delivered[names[field.name]]
            ready = parsing.prepare(column, field, adapter)
            if ready is None:
                wrong.append(_wrong_type(field.name, field.type, str(column.type())))
            else:
                columns[field.name] = ready
    if adapter.filters:
        columns[REASON] = _filter_reason(delivered, names, adapter.filters)
    table = delivered.select(**columns) if columns else delivered
    translated = {
        name: parsing.translate(table[name], contract.field(name), adapter)
        for name in adapter.codes
        if name in columns and name not in adapter.constant
    }
    return table.mutate(**translated), wrong


def _parsed(prepared: ir.Table, contract: TableContract, adapter: TableAdapter) -> ir.Table:
    """Give the contract's columns in its types, with a mark for each that can fail."""
    missing = tuple(dict.fromkeys((*contract.missing_values, *adapter.missing)))
    here = [field for field in contract.fields if field.name in prepared.columns]
    fallible = [field.name for field in here if parsing.can_fail(prepared[field.name], field)]
    columns = {name: ibis.null(kind) for name, kind in parsing.schema_of(contract).items()}
    for field in here:
        columns[field.name] = parsing.parse(prepared[field.name], field, adapter, missing)
    kept_text = {_DELIVERED + name: prepared[name] for name in fallible}
    reason = {REASON: prepared[REASON]} if adapter.filters else {}
    values = prepared.select(**columns, **kept_text, **reason)
    marks = {
        unreadable_flag(name): parsing.unreadable(values[_DELIVERED + name], values[name], missing)
        for name in fallible
    }
    return values.mutate(**marks).drop(*kept_text)


def _delivered_names(
    delivered: ir.Table, contract: TableContract, adapter: TableAdapter, file: str
) -> dict[str, str]:
    """Map contract names to delivered names; blanks at the ends and letter case don't count."""
    by_key = {_key(name): name for name in delivered.columns}
    wanted = {name: adapter.columns.get(name, name) for name in contract.field_names}
    problems = [
        f"{contract.name}: the adapter names the column {wanted[name]}, which {file} does not "
        f"have.{near(wanted[name], delivered.columns)}"
        for name in adapter.columns
        if _key(wanted[name]) not in by_key
    ]
    problems += [
        f"{contract.name}: the adapter filters on {one.column}, which {file} does not have."
        f"{near(one.column, delivered.columns)}"
        for one in adapter.filters
        if _key(wanted.get(one.column, one.column)) not in by_key
    ]
    if problems:
        raise AdapterError(listed(problems))
    return {
        name: by_key[_key(theirs)]
        for name, theirs in wanted.items()
        if _key(theirs) in by_key and name not in adapter.constant
    }


def _key(name: str) -> str:
    return name.strip().lower()


def _absent_columns(
    names: Mapping[str, str], delivered: ir.Table, contract: TableContract, adapter: TableAdapter
) -> list[Finding]:
    """Say which columns are not in the file: those that are needed refuse it."""
    # With no name recognised the first row may be one of people, so none of it is suggested.
    spare = [name for name in delivered.columns if name not in names.values()] if names else []
    found = []
    for field in contract.fields:
        if field.name in names or field.name in adapter.constant:
            continue
        needed = field.required or field.name in contract.primary_key
        found.append(
            Finding(
                column=field.name,
                rule="the column is not in the file",
                count=0,
                consequence="refuse" if needed else "kept",
                advice=near(field.name, spare).strip(),
            )
        )
    if not names and found:
        found.append(
            Finding("", "no column has a name of the contract", 0, "refuse", _NO_HEADER_ADVICE)
        )
    return found


_NO_HEADER_ADVICE = "The first row must hold the column names; if they differ, use an adapter."


def _wrong_type(column: str, wanted: str, held: str) -> Finding:
    return Finding(column, f"the column must be {wanted}, and the file holds {held}", 0, "refuse")


def _filter_reason(
    delivered: ir.Table, names: Mapping[str, str], filters: tuple[Filter, ...]
) -> ir.StringValue:
    """Give the reason of the first filter that a row does not pass; missing if it passes all."""
    by_key = {_key(name): name for name in delivered.columns}
    branches = []
    for one in filters:
        text = delivered[names.get(one.column) or by_key[_key(one.column)]].cast("string").strip()
        kept = text.isin(list(one.keep)) if one.keep else ~text.isin(list(one.drop))
        branches.append((~kept.fill_null(not one.keep), one.reason))
    return ibis.cases(*branches, else_=ibis.null("string"))


def _notes(delivered: ir.Table, names: Mapping[str, str], adapter: TableAdapter) -> list[str]:
    # With no name recognised the first row may be one of people, so none is repeated.
    used = {*names.values(), *(one.column for one in adapter.filters)}
    spare = [name.strip() for name in delivered.columns if name not in used] if names else []
    notes = [f"columns not used: {', '.join(spare)}"] if spare else []
    return notes + ([f"adapter: {adapter.steps}"] if adapter.steps else [])
