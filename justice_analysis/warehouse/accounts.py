"""The account of every delivered row: what mappings used, what they set aside, and where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from justice_analysis import engine
from justice_analysis.errors import LedgerError
from justice_analysis.sources.cleaning import CleanExtract
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.ledger import Ledger, ReshapeEntry
from justice_analysis.sources.mapping import Account, CommonTables
from justice_analysis.warehouse.common import Writer

STEP = "mapping"


@dataclass(frozen=True)
class Counted:
    """What a mapping did with one delivered table: `reasons` counts rows by reason, used by ""."""

    dataset: str
    table: str
    became: tuple[str, ...]
    rule: str
    reasons: Mapping[str, int]


def count(cleaned: Sequence[CleanExtract], mapped: Sequence[CommonTables]) -> list[Counted]:
    """Count the rows of each delivered table by what mappings say of them.

    Raises
    ------
    LedgerError
        If a mapping does not say what became of a delivered table.
    """
    _refuse_unread(cleaned, mapped)
    found = []
    for source in mapped:
        reasons = _count_accounts(source.accounts)
        found += [
            Counted(source.dataset, one.table, one.became, one.rule, reasons[one.table])
            for one in source.accounts
        ]
    return found


def ledger_of(
    cleaned: Sequence[CleanExtract], counted: Sequence[Counted], writer: Writer
) -> Ledger:
    """Build the whole ledger, once the common tables are written.

    Raises
    ------
    LedgerError
        If rows in are anywhere not rows used plus rows set aside.
    """
    ledger = Ledger()
    for clean in cleaned:
        ledger = ledger + clean.ledger
    made = _rows_made(writer)
    return ledger.add(*[entry for one in counted for entry in _entries(one, made)])


def _refuse_unread(cleaned: Sequence[CleanExtract], mapped: Sequence[CommonTables]) -> None:
    """Refuse a mapping that leaves a delivered table out: its rows would be lost silently."""
    told = {(source.dataset, one.table) for source in mapped for one in source.accounts}
    untold = [
        f"{clean.extract.dataset}.{report.table}"
        for clean in cleaned
        for report in clean.report.tables
        if (clean.extract.dataset, report.table) not in told
    ]
    if untold:
        raise LedgerError(
            f"a mapping must say what became of every table: it does not of {', '.join(untold)}. "
            "Give the mapping an account of it."
        )


def _entries(one: Counted, made: Mapping[tuple[str, str, str], int]) -> list[ReshapeEntry]:
    aside = {reason: rows for reason, rows in one.reasons.items() if reason}
    return [
        ReshapeEntry(
            dataset=one.dataset,
            from_table=one.table,
            to_table=table,
            step=STEP,
            rows_in=sum(one.reasons.values()),
            rows_used=one.reasons.get("", 0),
            rows_made=made.get((one.dataset, one.table, table), 0),
            rule=one.rule,
            set_aside=aside,
        )
        for table in one.became
    ]


def _count_accounts(accounts: Sequence[Account]) -> dict[str, dict[str, int]]:
    """Rows of each delivered table by reason, in one query for the dataset."""
    parts = [
        one.rows.group_by(reason=one.rows.reason.fill_null(""))
        .aggregate(rows=one.rows.count())
        .mutate(table=ibis.literal(one.table))
        for one in accounts
    ]
    found: dict[str, dict[str, int]] = {one.table: {} for one in accounts}
    if parts:
        for row in engine.execute(engine.union(*parts), step="row accounts").itertuples():
            found[row.table][row.reason] = int(row.rows)
    return found


def _rows_made(writer: Writer) -> dict[tuple[str, str, str], int]:
    """Rows of each common table by the dataset and table they come from."""
    parts = [
        writer.read(name)
        .group_by("source", "source_table")
        .aggregate(rows=ibis._.count())
        .mutate(table=ibis.literal(name))
        for name in writer.rows
    ]
    found = engine.execute(engine.union(*parts), step="rows made")
    return {(row.source, row.source_table, row.table): int(row.rows) for row in found.itertuples()}


def quarantine(
    cleaned: Sequence[CleanExtract],
    mapped: Sequence[CommonTables],
    counted: Sequence[Counted],
    folder: Path,
) -> None:
    """Keep the rows set aside, by dataset and delivered table, each with its reason."""
    for clean in cleaned:
        for table, rows in clean.set_aside.items():
            step = f"quarantine of {table}"
            engine.write_table(rows, folder / clean.extract.dataset / table / "check", step=step)
    has_some = {(one.dataset, one.table) for one in counted if one.reasons.keys() - {""}}
    for source in mapped:
        for told in source.accounts:
            if (source.dataset, told.table) in has_some:
                aside = told.rows.filter(told.rows.reason.notnull())
                target = folder / source.dataset / told.table / STEP
                engine.write_table(aside, target, step=f"quarantine of {told.table}")


def applied_rules(source: CommonTables) -> list[dict[str, Any]]:
    """How many rows each cleaning rule applied to; rules on the same rows share one query."""
    together: dict[Any, list[Rule]] = {}
    for rule in source.rules:
        together.setdefault(rule.rows.op(), []).append(rule)
    counted = [pair for rules in together.values() for pair in _count_rules(rules)]
    return [
        {"dataset": source.dataset, "table": rule.table, "rule": rule.name, "rows": rows}
        for rule, rows in sorted(counted, key=lambda pair: (pair[0].table, pair[0].name))
    ]


def _count_rules(rules: Sequence[Rule]) -> list[tuple[Rule, int]]:
    sums = {f"n{place}": rule.applies.sum() for place, rule in enumerate(rules)}
    found = engine.execute(rules[0].rows.aggregate(**sums), step="cleaning rules").iloc[0]
    counts = found.fillna(0).astype("int64")
    return [(rule, int(counts[name])) for rule, name in zip(rules, sums, strict=True)]
