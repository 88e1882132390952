"""Checks of a typed table against its contract: one pass for all rules of a table.

Only keys need more than that pass: a grouped query for uniqueness and one per foreign key.
A finding holds column, rule and count, never a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.sources import quality
from justice_analysis.sources.check_rules import (
    OUT_OF_RANGE,
    REQUIRED,
    UNREADABLE,
    Rule,
    out_of_range,
    rules_of,
)
from justice_analysis.sources.conforming import unreadable_flag
from justice_analysis.sources.findings import CheckReport, Finding
from justice_analysis.sources.ledger import LedgerEntry
from justice_analysis.sources.parting import (
    DUPLICATE_KEY,
    EXACT_DUPLICATE,
    KEY_MISSING,
    Parting,
    part_duplicates,
    part_missing_keys,
    part_orphans,
)

if TYPE_CHECKING:
    import pandas as pd

# A column of which nothing can be read is delivered otherwise; a few texts may be slips.
_FEW = 10
_UNREADABLE_SHARE_REFUSED = 0.5
Hint = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True)
class CheckedTable:
    """A table after its checks.

    Parameters
    ----------
    kept
        One row per row to use, in the contract's columns; a value that could not be read, or
        is out of range, is missing.
    set_aside
        One row per row set aside, with the text column `reason`.
    ledger_entries
        The step `check`.
    report
        Findings and counts.
    """

    kept: ir.Table
    set_aside: ir.Table
    ledger_entries: tuple[LedgerEntry, ...]
    report: CheckReport

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the gravest first."""
        return self.report.findings


def apply_checks(
    table: ir.Table,
    contract: TableContract,
    *,
    dataset: str,
    parents: Mapping[str, ir.Table] | None = None,
    extract_date: dt.date | None = None,
    findings: tuple[Finding, ...] = (),
    notes: tuple[str, ...] = (),
    hint: Hint | None = None,
) -> CheckedTable:
    """Check a typed table, drop bad values and part rows to keep from rows to set aside.

    Parameters
    ----------
    table
        The contract's columns in its types, and the marks of unreadable values that
        `readers.read_table` adds.
    contract
        The table's contract.
    dataset
        For the ledger.
    parents
        Checked tables that foreign keys refer to; a key to a table that is not among them is
        not checked. A key of the table to itself is checked against its own kept rows.
    extract_date
        Dates after it are reported.
    findings, notes
        What reading the table found already.
    hint
        Gives sentences about columns in which something was unreadable; asked only then.

    Returns
    -------
    CheckedTable
        `kept` and `set_aside` together hold each row of `table` exactly once.

    Notes
    -----
    A row is set aside for the first that holds of: part of the key missing (or unreadable);
    all columns equal to another row's (one stays); key equal to another row's (the first by
    all columns in the contract's order stays); a foreign key without a row in its table.
    A table without a key may hold equal rows: each is a row of its own.
    """
    table = engine.named(table, step=f"checking {contract.name}")
    rules = [*rules_of(table, contract, extract_date)]
    counted = _one_pass(table, rules, contract)
    rows, counts = int(counted[quality.ROWS].sum()), [int(counted[n].sum()) for n in _names(rules)]
    key_missing = counts.pop()
    rules = _with_hints(rules, counts, hint)
    found = [_finding(rule, n) for rule, n in zip(rules, counts, strict=True) if n]
    absent = {name: int(counted[_MISSING + name].sum()) for name in contract.field_names}
    found += _refusals(contract, rows, rules, counts, absent)
    parting = part_missing_keys(Parting(_cleaned(table, contract, found)), contract, key_missing)
    parting = part_duplicates(parting, contract)
    for key in contract.foreign_keys:
        parent = parting.kept if key.table == contract.name else (parents or {}).get(key.table)
        parting = parting if parent is None else part_orphans(parting, key, parent)
    found += _set_aside_findings(parting.counts, contract)
    kept_rows = rows - sum(parting.counts.values())
    if rows and not kept_rows:
        found.append(Finding("", "every row would be set aside", rows, "refuse"))
    entry = LedgerEntry(dataset, contract.name, "check", rows, kept_rows, parting.counts)
    years = _by_year(counted, rules, contract, extract_date)
    report = CheckReport(
        contract.name, rows, (*findings, *found), dict(parting.counts), notes, years
    )
    kept = engine.named(parting.kept, step=f"checking {contract.name}")
    return CheckedTable(kept, parting.aside(), (entry,), report)


# The one pass ---------------------------------------------------------------------------


_TWO_ROWS_ADVICE = "Rows differ about one key: the first in the order of all columns is used."


def _one_pass(table: ir.Table, rules: list[Rule], contract: TableContract) -> pd.DataFrame:
    """Count by period rows, rows that break each rule, rows without key, and missing values."""
    conditions = dict(
        zip(_names(rules), [*(r.broken for r in rules), _no_key(table, contract)], strict=True)
    )
    marks = {name: unreadable_flag(name) for name in contract.field_names}
    missing = quality.missing_counts(table, contract, marks)
    conditions |= {_MISSING + name: absent for name, absent in missing.items()}
    sums = {name: table.count(where=broken) for name, broken in conditions.items()}
    periods = quality.periods(table, contract)
    grouped = table.group_by(**periods) if periods else table
    counted = grouped.aggregate(**{quality.ROWS: table.count()}, **sums)
    return engine.execute(counted, step=f"checking {contract.name}")


_MISSING = "missing_"


def _names(rules: list[Rule]) -> list[str]:
    """Columns of the one pass: a count for each rule, and the rows without key."""
    return [f"n{place}" for place in range(len(rules) + 1)]


def _by_year(
    counted: pd.DataFrame,
    rules: list[Rule],
    contract: TableContract,
    extract_date: dt.date | None,
) -> quality.YearlyCounts:
    named = [(rule.column, rule.name) for rule in rules if rule.name != REQUIRED]
    places = [
        name for name, rule in zip(_names(rules), rules, strict=False) if rule.name != REQUIRED
    ]
    measures = dict(zip(places, named, strict=True))
    measures |= {_MISSING + name: (name, quality.MISSING) for name in contract.field_names}
    month = f"{extract_date:%Y-%m}" if extract_date else ""
    return quality.yearly_counts(counted, contract, measures, extract_month=month)


def _no_key(table: ir.Table, contract: TableContract) -> ir.BooleanValue:
    """Say whether part of the key is missing, or will be because it is out of range."""
    conditions = [table[name].isnull() for name in contract.primary_key]
    for name in contract.primary_key:
        outside = out_of_range(table[name], contract.field(name))
        if outside is not None:
            conditions.append(outside.fill_null(False))
    return reduce(or_, conditions, ibis.literal(False))


def _with_hints(rules: list[Rule], counts: list[int], hint: Hint | None) -> list[Rule]:
    """Say of unreadable columns what their texts look like."""
    broken = [
        rule.column
        for rule, count in zip(rules, counts, strict=True)
        if count and rule.name.startswith(UNREADABLE)
    ]
    said = hint(broken) if hint and broken else {}
    return [
        replace(rule, advice=said[rule.column])
        if rule.name.startswith(UNREADABLE) and rule.column in said
        else rule
        for rule in rules
    ]


def _finding(rule: Rule, count: int) -> Finding:
    return Finding(rule.column, rule.name, count, rule.consequence, rule.advice)


def _refusals(
    contract: TableContract,
    rows: int,
    rules: list[Rule],
    counts: list[int],
    absent: Mapping[str, int],
) -> Iterator[Finding]:
    if not rows and not contract.optional:
        yield Finding("", "the table must have rows and has none", 0, "refuse")
    for rule, count in zip(rules, counts, strict=True):
        if rule.name == REQUIRED and count == rows > 0:
            yield Finding(rule.column, "a required column is empty", count, "refuse")
        if not rule.name.startswith(UNREADABLE) or not count:
            continue
        if count >= _FEW and count + absent[rule.column] == rows:
            name = f"{rule.name} wherever the column has a value"
            yield Finding(rule.column, name, count, "refuse", rule.advice)
        elif count <= rows * _UNREADABLE_SHARE_REFUSED:
            continue
        elif contract.field(rule.column).required or rule.column in contract.primary_key:
            name = f"{rule.name} in more than half of the rows of a required column"
            yield Finding(rule.column, name, count, "refuse", rule.advice)


def _cleaned(table: ir.Table, contract: TableContract, found: list[Finding]) -> ir.Table:
    """Give exactly the contract's columns; what is out of range becomes missing."""
    broken = {finding.column for finding in found if finding.rule == OUT_OF_RANGE}
    columns = {}
    for field in contract.fields:
        value = table[field.name]
        if field.name in broken:
            value = ibis.ifelse(out_of_range(value, field), ibis.null(value.type()), value)
        columns[field.name] = value
    return table.select(**columns)


def _set_aside_findings(counts: Mapping[str, int], contract: TableContract) -> Iterator[Finding]:
    """Report rows set aside by keys; a missing key is reported by its own column already."""
    key = ", ".join(contract.primary_key)
    for reason, count in counts.items():
        if reason in (EXACT_DUPLICATE, DUPLICATE_KEY):
            advice = _TWO_ROWS_ADVICE if reason == DUPLICATE_KEY else ""
            yield Finding(key, reason, count, "set aside", advice)
        elif reason != KEY_MISSING:
            columns, _, where = reason.partition(" not found in ")
            yield Finding(columns, f"not found in {where}", count, "set aside")
