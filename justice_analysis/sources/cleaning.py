"""A whole extract, read, checked and parted, with every row in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import Contract, TableContract
from justice_analysis.errors import AdapterError, JusticeError, SourceError
from justice_analysis.sources.adapter import Adapter
from justice_analysis.sources.checks import CheckedTable, apply_checks
from justice_analysis.sources.conforming import ABSENT, REASON, ReadTable
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.findings import CheckReport, ExtractReport
from justice_analysis.sources.hints import hints
from justice_analysis.sources.ledger import Entry, Ledger, LedgerEntry
from justice_analysis.sources.own_mapping import switched_off
from justice_analysis.sources.parsing import schema_of
from justice_analysis.sources.readers import read_table


@dataclass(frozen=True)
class CleanExtract:
    """Checked tables of one extract.

    Parameters
    ----------
    extract
        What was read.
    tables
        Contract table to its rows to use, in the contract's columns and types; one entry per
        table of the contract, empty for a table that may be absent, and is.
    set_aside
        Contract table to the rows set aside, with the text column `reason`; only tables that
        have some. Rows of files that an adapter's joins and slots did not use have names such
        as `cases-unpivot`, and their delivered columns.
    ledger
        The steps `read`, `adapter filter` (where there is one) and `check` of each table.
    report
        What the checks found.
    """

    extract: Extract
    tables: Mapping[str, ir.Table]
    set_aside: Mapping[str, ir.Table]
    ledger: Ledger
    report: ExtractReport


def clean_extract(
    extract: Extract,
    backend: BaseBackend,
    *,
    progress: Callable[[str], None] | None = None,
) -> CleanExtract:
    """Read, type and check every table of an extract; refuse it if it cannot be used.

    Parameters
    ----------
    extract
        From `read_extract`.
    backend
        The engine; the tables stay on it.
    progress
        Called with the name of each table before it is read.

    Returns
    -------
    CleanExtract
        Grain of each table as in its contract.

    Raises
    ------
    ContractError
        If any table may not be loaded: every reason of every table at once.
    SourceError, AdapterError
        If besides a file cannot be read or the adapter does not fit it.
    """
    clean = examine_extract(extract, backend, progress=progress)
    clean.report.refuse()
    return clean


def examine_extract(
    extract: Extract,
    backend: BaseBackend,
    *,
    progress: Callable[[str], None] | None = None,
) -> CleanExtract:
    """Do what `clean_extract` does without refusing: `report.passed` says whether it may be used.

    Tables that were delivered and cannot be used at all are left out of `tables`.
    """
    checked: dict[str, CheckedTable] = {}
    reports: dict[str, CheckReport] = {}
    aside: dict[str, ir.Table] = {}
    entries: list[Entry] = []
    problems = list(extract.problems)
    for contract in parents_first(extract.contract):
        if not extract.files.get(contract.name):
            continue
        if progress:
            progress(contract.name)
        try:
            delivered = read_table(extract, contract, backend)
        except (SourceError, AdapterError) as error:
            problems.append(error)
            continue
        if delivered.table is None:
            reports[contract.name] = CheckReport(
                contract.name, 0, delivered.findings, {}, delivered.notes
            )
            continue
        used, filtered, first_entries = _filtered(delivered, contract, extract.dataset)
        parents = {name: table.kept for name, table in checked.items()}
        result = apply_checks(
            used,
            contract,
            dataset=extract.dataset,
            parents=parents,
            extract_date=extract.extract_date,
            findings=delivered.findings,
            notes=delivered.notes + _unchecked_keys(contract, parents),
            hint=_hint(extract, contract, delivered.texts),
        )
        checked[contract.name] = result
        reports[contract.name] = result.report
        entries += delivered.entries
        entries += _read_entries(first_entries, result, extract.dataset, delivered, contract.name)
        pieces = [filtered] if filtered is not None else []
        pieces += [result.set_aside] if result.report.set_aside else []
        if pieces:
            aside[contract.name] = engine.union(*pieces)
        aside |= delivered.aside
    tables = {name: table.kept for name, table in checked.items()}
    tables |= _absent_tables(extract, backend)
    return CleanExtract(
        extract, tables, aside, Ledger(tuple(entries)), _report(extract, reports, problems)
    )


def _absent_tables(extract: Extract, backend: BaseBackend) -> dict[str, ir.Table]:
    """Give each table that was not delivered without rows, so that a mapping needs no `if`."""
    return {
        contract.name: engine.memory_table(
            backend, {name: [] for name in contract.field_names}, schema_of(contract)
        )
        for contract in extract.contract.tables
        if not extract.files.get(contract.name)
    }


def parents_first(contract: Contract) -> tuple[TableContract, ...]:
    """Order a contract's tables so that a foreign key's table comes before the key.

    Tables whose keys go round in a circle keep the contract's order; such a key to a table
    that comes later is not checked, and the report says so.
    """
    ordered: dict[str, TableContract] = {}

    def visit(table: TableContract, above: tuple[str, ...]) -> None:
        for key in table.foreign_keys:
            if key.table not in (*ordered, *above, table.name):
                visit(contract.table(key.table), (*above, table.name))
        ordered.setdefault(table.name, table)

    for table in contract.tables:
        visit(table, ())
    return tuple(ordered.values())


def _hint(
    extract: Extract, contract: TableContract, texts: ir.Table | None
) -> Callable[[Sequence[str]], Mapping[str, str]] | None:
    """Look again at columns with unreadable texts, when asked."""
    if texts is None:
        return None
    adapter = (extract.adapter or Adapter()).table(contract.name).with_formats(contract)
    return lambda columns: hints(texts, contract, adapter, columns, own=extract.has_own_contract)


def _unchecked_keys(contract: TableContract, parents: Mapping[str, ir.Table]) -> tuple[str, ...]:
    return tuple(
        f"the key {', '.join(key.fields)} to {key.table} was not checked: no such table here"
        for key in contract.foreign_keys
        if key.table not in parents and key.table != contract.name
    )


def _filtered(
    delivered: ReadTable, contract: TableContract, dataset: str
) -> tuple[ir.Table, ir.Table | None, list[LedgerEntry]]:
    """Take out the rows that the adapter filters, and count them by filter."""
    table = delivered.table
    assert table is not None
    if REASON not in table.columns:
        return table, None, []
    step = f"filtering {contract.name}"
    counts = engine.execute(table.group_by(REASON).aggregate(rows=table.count()), step=step)
    by_reason = {
        reason: int(rows)
        for reason, rows in zip(counts[REASON].fillna(""), counts["rows"], strict=True)
    }
    kept = by_reason.pop("", 0)
    everything = kept + sum(by_reason.values())
    entries = [
        LedgerEntry(dataset, contract.name, "read", everything, everything),
        LedgerEntry(dataset, contract.name, "adapter filter", everything, kept, by_reason),
    ]
    used = table.filter(table[REASON].isnull()).drop(REASON)
    aside = table.filter(table[REASON].notnull())
    columns = {name: aside[name] for name in contract.field_names}
    return used, aside.select(**columns, reason=aside[REASON]) if by_reason else None, entries


def _read_entries(
    first: list[LedgerEntry],
    result: CheckedTable,
    dataset: str,
    delivered: ReadTable,
    table: str,
) -> Iterator[LedgerEntry]:
    """Give the steps from reading on; what an adapter did to values is noted with the reading."""
    rows = result.report.rows
    read, *others = first or [LedgerEntry(dataset, table, "read", rows, rows)]
    said = [one.removeprefix("adapter: ") for one in delivered.notes if one.startswith("adapter:")]
    yield replace(read, note="; ".join(said))
    yield from others
    yield from result.ledger_entries


def _report(
    extract: Extract, reports: Mapping[str, CheckReport], problems: Sequence[JusticeError]
) -> ExtractReport:
    tables = extract.contract.tables
    absent = [table for table in tables if not extract.files.get(table.name)]
    return ExtractReport(
        dataset=extract.dataset,
        nature=extract.nature,
        extract_date=str(extract.extract_date or ""),
        tables=tuple(reports[table.name] for table in tables if table.name in reports),
        absent_tables=tuple(table.name for table in absent if table.optional),
        not_used=extract.not_used,
        problems=tuple(problems),
        switched_off=tuple(_switched_off(extract, reports, [table.name for table in absent])),
    )


def _switched_off(
    extract: Extract, reports: Mapping[str, CheckReport], absent: Sequence[str]
) -> Iterator[str]:
    """Say what is lost with each assumed column or table that was not delivered."""
    gone = {(table, "") for table in absent}
    gone |= {
        (name, found.column)
        for name, report in reports.items()
        for found in report.findings
        if found.rule == ABSENT
    }
    if not gone:
        return
    losses = switched_off(extract)
    for (table, column), lost in losses.items():
        # A table that is not there says so once, where a loss is given for it as a whole.
        of_whole = (table, "") in gone and (table, "") not in losses
        if (table, column) in gone or of_whole:
            yield f"{'.'.join(filter(None, (table, column)))}: {lost}"
