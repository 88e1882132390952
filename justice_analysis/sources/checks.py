"""Checks of a typed table against its contract: one pass for all rules of a table.

Only keys need more than that pass: a grouped query for uniqueness and one per foreign key.
A finding holds column, rule and count, never a value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import Field, ForeignKey, TableContract
from justice_analysis.sources.findings import CheckReport, Consequence, Finding
from justice_analysis.sources.ledger import LedgerEntry
from justice_analysis.sources.readers import REASON, unreadable_flag

KEY_MISSING = "key missing"
EXACT_DUPLICATE = "exact duplicate row"
DUPLICATE_KEY = "duplicate key"
_UNREADABLE_SHARE_REFUSED = 0.5


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


@dataclass(frozen=True)
class _Rule:
    """A rule of the one pass: rows that break it make `broken` true."""

    column: str
    name: str
    broken: ir.BooleanValue
    consequence: Consequence
    advice: str = ""


def apply_checks(
    table: ir.Table,
    contract: TableContract,
    *,
    dataset: str,
    parents: Mapping[str, ir.Table] | None = None,
    extract_date: dt.date | None = None,
    findings: tuple[Finding, ...] = (),
    notes: tuple[str, ...] = (),
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
    rules = [*_rules(table, contract, extract_date)]
    rows, counts = _one_pass(table, rules, contract)
    key_missing = counts.pop()
    found = [_finding(rule, n) for rule, n in zip(rules, counts, strict=True) if n]
    found += _refusals(contract, rows, rules, counts)
    parting = _Parting(_cleaned(table, contract, found))
    _part_missing_keys(parting, contract, key_missing)
    _part_duplicates(parting, contract)
    for key in contract.foreign_keys:
        parent = parting.kept if key.table == contract.name else (parents or {}).get(key.table)
        if parent is not None:
            _part_orphans(parting, key, parent)
    found += _set_aside_findings(parting.counts, contract)
    kept_rows = rows - sum(parting.counts.values())
    if rows and not kept_rows:
        found.append(Finding("", "every row would be set aside", rows, "refuse"))
    entry = LedgerEntry(dataset, contract.name, "check", rows, kept_rows, parting.counts)
    report = CheckReport(contract.name, rows, (*findings, *found), dict(parting.counts), notes)
    return CheckedTable(parting.kept, parting.aside(), (entry,), report)


# The one pass ---------------------------------------------------------------------------


def _rules(
    table: ir.Table, contract: TableContract, extract_date: dt.date | None
) -> Iterator[_Rule]:
    for field in contract.fields:
        in_key = field.name in contract.primary_key
        yield from _field_rules(table, field, in_key, extract_date)
    for first, second in contract.date_order:
        late = table[first] > table[second]
        yield _Rule(f"{first}, {second}", f"{first} must not follow {second}", late, "kept")


def _field_rules(
    table: ir.Table, field: Field, in_key: bool, extract_date: dt.date | None
) -> Iterator[_Rule]:
    value = table[field.name]
    dropped: Consequence = "set aside" if in_key else "made missing"
    mark = unreadable_flag(field.name)
    if mark in table.columns:
        advice = _FORMAT_ADVICE if field.type in ("date", "yearmonth") else ""
        yield _Rule(field.name, f"unreadable {field.type}", table[mark], dropped, advice)
        missing = value.isnull() & ~table[mark]
    else:
        missing = value.isnull()
    if field.required or in_key:
        yield _Rule(
            field.name, "required value missing", missing, "set aside" if in_key else "kept"
        )
    outside = _outside(value, field)
    if outside is not None:
        yield _Rule(field.name, "out of range", outside, dropped)
    if field.codes:
        yield _Rule(field.name, "unknown code", ~_among(value, field.codes, field), "kept")
    if field.enum:
        yield _Rule(field.name, "not an allowed value", ~_among(value, field.enum, field), "kept")
    if field.pattern:
        yield _Rule(
            field.name, "not of the form", ~value.re_search(f"^(?:{field.pattern})$"), "kept"
        )
    if extract_date and field.type in ("date", "yearmonth"):
        after = value > ibis.literal(extract_date, type="date")
        yield _Rule(field.name, "after the extract date", after, "kept")


_FORMAT_ADVICE = "If dates are written otherwise, give date_format in an adapter."


def _outside(value: ir.Value, field: Field) -> ir.BooleanValue | None:
    low, high = _bound(field.minimum, field), _bound(field.maximum, field)
    conditions = [value < low] * (low is not None) + [value > high] * (high is not None)
    return reduce(or_, conditions) if conditions else None


def _bound(bound: str | float | None, field: Field) -> ir.Scalar | None:
    if bound is None:
        return None
    if field.type == "yearmonth":
        bound = f"{str(bound)[:7]}-01"
    return ibis.literal(bound, type="date") if isinstance(bound, str) else ibis.literal(bound)


def _among(value: ir.Value, codes: tuple[str, ...], field: Field) -> ir.BooleanValue:
    match field.type:
        case "integer":
            return value.isin([int(code) for code in codes])
        case "number":
            return value.isin([float(code) for code in codes])
        case "boolean":
            return value.isin([code.lower() == "true" for code in codes])
    return value.cast("string").isin(list(codes))


def _one_pass(
    table: ir.Table, rules: list[_Rule], contract: TableContract
) -> tuple[int, list[int]]:
    """Count rows, and rows that break each rule; the last count is of rows without key."""
    conditions = [rule.broken for rule in rules] + [_no_key(table, contract)]
    sums = {f"n{place}": table.count(where=broken) for place, broken in enumerate(conditions)}
    step = f"checking {contract.name}"
    counts = engine.execute(table.aggregate(rows=table.count(), **sums), step=step)
    first = counts.iloc[0]
    return int(first["rows"]), [int(first[name]) for name in sums]


def _no_key(table: ir.Table, contract: TableContract) -> ir.BooleanValue:
    """Say whether part of the key is missing, or will be because it is out of range."""
    conditions = [table[name].isnull() for name in contract.primary_key]
    for name in contract.primary_key:
        outside = _outside(table[name], contract.field(name))
        if outside is not None:
            conditions.append(outside.fill_null(False))
    return reduce(or_, conditions, ibis.literal(False))


def _finding(rule: _Rule, count: int) -> Finding:
    return Finding(rule.column, rule.name, count, rule.consequence, rule.advice)


def _refusals(
    contract: TableContract, rows: int, rules: list[_Rule], counts: list[int]
) -> Iterator[Finding]:
    if not rows and not contract.optional:
        yield Finding("", "the table must have rows and has none", 0, "refuse")
    for rule, count in zip(rules, counts, strict=True):
        if not rule.name.startswith("unreadable") or count <= rows * _UNREADABLE_SHARE_REFUSED:
            continue
        if contract.field(rule.column).required or rule.column in contract.primary_key:
            name = f"{rule.name} in more than half of the rows of a required column"
            yield Finding(rule.column, name, count, "refuse", rule.advice)


def _cleaned(table: ir.Table, contract: TableContract, found: list[Finding]) -> ir.Table:
    """Give exactly the contract's columns; what is out of range becomes missing."""
    out_of_range = {finding.column for finding in found if finding.rule == "out of range"}
    columns = {}
    for field in contract.fields:
        value = table[field.name]
        if field.name in out_of_range:
            value = ibis.ifelse(_outside(value, field), ibis.null(value.type()), value)
        columns[field.name] = value
    return table.select(**columns)


# Parting rows ---------------------------------------------------------------------------


@dataclass
class _Parting:
    """The rows still kept, and the pieces set aside so far with their reasons."""

    kept: ir.Table
    counts: dict[str, int] = attribute(default_factory=dict)
    pieces: list[ir.Table] = attribute(default_factory=list)

    def move(self, kept: ir.Table, aside: ir.Table, count: int, reason: str) -> None:
        """Replace the kept rows and add a piece to those set aside."""
        self.pieces.append(aside.mutate(reason=ibis.literal(reason)))
        self.kept = kept
        self.counts[reason] = self.counts.get(reason, 0) + count

    def aside(self) -> ir.Table:
        """Put the pieces together; an empty table of the same columns if there is none."""
        nothing = self.kept.mutate(reason=ibis.null("string")).filter(ibis.literal(False))
        return engine.union(*self.pieces) if self.pieces else nothing


def _part_missing_keys(parting: _Parting, contract: TableContract, count: int) -> None:
    if not count:
        return
    table = parting.kept
    missing = reduce(or_, [table[name].isnull() for name in contract.primary_key])
    parting.move(table.filter(~missing), table.filter(missing), count, KEY_MISSING)


def _part_duplicates(parting: _Parting, contract: TableContract) -> None:
    """Set aside all but one row of each key; only rows whose key repeats are compared."""
    key = list(contract.primary_key)
    if not key:
        return
    step = f"uniqueness of the key of {contract.name}"
    table = parting.kept
    repeated = engine.materialise(_repeated_keys(table, key), step=step)
    if not engine.count_rows(repeated):
        return
    ranked = engine.materialise(_ranked(_matching(table, repeated, key), contract), step=step)
    kinds = engine.execute(ranked.group_by(REASON).aggregate(rows=ranked.count()), step=step)
    counts = dict(zip(kinds[REASON].fillna(""), kinds["rows"], strict=True))
    first = ranked.filter(ranked[REASON].isnull()).drop(REASON)
    rest = table.anti_join(repeated, _on(table, repeated, key, key))
    parting.kept = engine.union(rest, first)
    for reason in (EXACT_DUPLICATE, DUPLICATE_KEY):
        if counts.get(reason):
            aside = ranked.filter(ranked[REASON] == reason).drop(REASON)
            parting.move(parting.kept, aside, int(counts[reason]), reason)


def _repeated_keys(table: ir.Table, key: list[str]) -> ir.Table:
    counted = table.group_by(key).aggregate(rows=table.count())
    return counted.filter(counted.rows > 1).select(*key)


def _ranked(table: ir.Table, contract: TableContract) -> ir.Table:
    """Give each row of a repeated key its reason; missing for the one that stays."""
    every = list(contract.field_names)
    copies = ibis.row_number().over(group_by=every, order_by=[table[name] for name in every])
    numbered = table.mutate(justice_copy=copies)
    is_copy = numbered.justice_copy > 0
    place = ibis.row_number().over(
        group_by=list(contract.primary_key),
        order_by=[is_copy.ifelse(1, 0), *(numbered[name] for name in every)],
    )
    placed = numbered.mutate(justice_place=place)
    reason = ibis.cases(
        (placed.justice_copy > 0, EXACT_DUPLICATE),
        (placed.justice_place > 0, DUPLICATE_KEY),
        else_=ibis.null("string"),
    )
    return placed.mutate(**{REASON: reason}).select(*every, REASON)


def _part_orphans(parting: _Parting, key: ForeignKey, parent: ir.Table) -> None:
    """Set aside rows whose foreign key has no row in its table; a missing one is no orphan."""
    table, columns = parting.kept, list(key.fields)
    delivered = table.select(*columns).drop_null(columns)
    known = parent.select(*key.reference_fields).view()
    lost = delivered.anti_join(known, _on(delivered, known, columns, list(key.reference_fields)))
    counted = lost.group_by(columns).aggregate(justice_rows=lost.count())
    orphans = engine.materialise(counted, step=f"foreign key to {key.table}")
    count = engine.execute(orphans.justice_rows.sum(), step=f"foreign key to {key.table}")
    if count is None or not count > 0:
        return
    reason = f"{', '.join(columns)} not found in {key.table}"
    kept = table.anti_join(orphans, _on(table, orphans, columns, columns))
    parting.move(kept, _matching(table, orphans, columns), int(count), reason)


def _matching(table: ir.Table, keys: ir.Table, columns: list[str]) -> ir.Table:
    return table.semi_join(keys, _on(table, keys, columns, columns))


def _on(left: ir.Table, right: ir.Table, ours: list[str], theirs: list[str]) -> ir.BooleanValue:
    pairs = zip(ours, theirs, strict=True)
    return reduce(and_, [left[mine] == right[other] for mine, other in pairs])


def _set_aside_findings(counts: Mapping[str, int], contract: TableContract) -> Iterator[Finding]:
    """Report rows set aside by keys; a missing key is reported by its own column already."""
    key = ", ".join(contract.primary_key)
    for reason, count in counts.items():
        if reason in (EXACT_DUPLICATE, DUPLICATE_KEY):
            yield Finding(key, reason, count, "set aside")
        elif reason != KEY_MISSING:
            columns, _, where = reason.partition(" not found in ")
            yield Finding(columns, f"not found in {where}", count, "set aside")
