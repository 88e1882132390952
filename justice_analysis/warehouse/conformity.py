"""Whether written tables are as the common model says: the last gate before a generation stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from justice_analysis import contracts, engine
from justice_analysis.contracts import ForeignKey, TableContract
from justice_analysis.errors import WarehouseError, listed

# The spine itself sees to one identifier per record, id system and level; counting five
# million texts again would be the dearest of all checks.
UNIQUE_BY_MAKING = ("link",)
DELIVERED = ("source", "source_table", "source_key")
# An application is in one case, and has no table.
OWNED: Mapping[str, Mapping[str, str]] = {"matter": {"application_id": "case_id"}}


def check_conformity(
    tables: Mapping[str, ir.Table], *, missing: Mapping[str, Mapping[str, int]] | None = None
) -> list[dict[str, Any]]:
    """Check keys, required values and references of the common tables.

    Parameters
    ----------
    tables
        Common tables that have rows.
    missing
        Missing values by column, for tables where they are known (`engine.missing_counts`).

    Returns
    -------
    list
        Codes that the common model does not know, for the quality report: table, column, rows.

    Raises
    ------
    WarehouseError
        If a key repeats, a required value is missing or a reference leads nowhere; all
        problems at once. Two delivered rows whose ids meet by chance repeat a key.
    """
    problems: list[str] = []
    unknown: list[dict[str, Any]] = []
    for name, table in tables.items():
        contract = contracts.common_model().table(name)
        known = (missing or {}).get(name, {})
        rows, broken, strange = _one_pass(table, contract, known)
        problems += [*broken, *_repeated(table, contract), *_torn(table, contract)]
        named = [key for key in contract.foreign_keys if known.get(key.fields[0]) != rows]
        problems += _lost_references(table, contract, named, tables)
        unknown += strange
    if problems:
        raise WarehouseError(
            listed(problems) + " This is a fault of a mapping: nothing was loaded."
        )
    return unknown


def _one_pass(
    table: ir.Table, contract: TableContract, known: Mapping[str, int]
) -> tuple[int, list[str], list[dict[str, Any]]]:
    """Count missing required values and unknown codes, all columns in one query."""
    counts: dict[str, ir.Value] = {"rows": table.count()}
    for column in contract.fields:
        value = table[column.name]
        # Reading long texts again only to see that they are there is most of this query.
        if column.required and column.name not in known:
            counts[f"missing {column.name}"] = value.isnull().sum()
        codes = column.enum or column.codes
        if codes:
            counts[f"unknown {column.name}"] = (~value.isin(codes)).fill_null(False).sum()
    found = engine.execute(table.aggregate(**counts), step=f"check of {contract.name}").iloc[0]
    numbers = {name: int(count or 0) for name, count in found.items()}
    rows = numbers.pop("rows")
    required = [column.name for column in contract.fields if column.required]
    numbers |= {f"missing {name}": known[name] for name in required if name in known}
    broken = [
        f"{contract.name}.{name.removeprefix('missing ')} must not be missing: "
        f"{count:,} of {rows:,} rows lack it."
        for name, count in numbers.items()
        if name.startswith("missing ") and count
    ]
    strange = [
        {"table": contract.name, "column": name.removeprefix("unknown "), "rows": count}
        for name, count in numbers.items()
        if name.startswith("unknown ") and count
    ]
    return rows, broken, strange


def _repeated(table: ir.Table, contract: TableContract) -> Iterator[str]:
    key = list(contract.primary_key)
    if not key or contract.name in UNIQUE_BY_MAKING:
        return
    grouped = table.group_by(key).aggregate(held=table.count())
    repeated = grouped.filter(grouped.held > 1)
    count = engine.count_rows(repeated)
    if count:
        yield (
            f"{contract.name} must have one row for each {', '.join(key)}: "
            f"{count:,} stand on several rows{_shared_ids(table, repeated, key)}."
        )


def _shared_ids(table: ir.Table, repeated: ir.Table, key: Sequence[str]) -> str:
    """How many repeated ids are of different delivered rows: rare, but ids can meet by chance."""
    rows = table.semi_join(repeated, list(key)).select(*key, *DELIVERED).distinct()
    grouped = rows.group_by(list(key)).aggregate(delivered=rows.count())
    count = engine.count_rows(grouped.filter(grouped.delivered > 1))
    return f", {count:,} of them made from different delivered rows" if count else ""


def _torn(table: ir.Table, contract: TableContract) -> Iterator[str]:
    """Ids of rows that have no table of their own, and yet belong to one row of another."""
    for column, owner in OWNED.get(contract.name, {}).items():
        known = table.filter(table[column].notnull())
        ends = known.group_by(column).aggregate(low=known[owner].min(), high=known[owner].max())
        count = engine.count_rows(ends.filter(ends.low != ends.high))
        if count:
            yield (
                f"each {column} of {contract.name} must have one {owner}: {count:,} have several."
            )


def _lost_references(
    table: ir.Table,
    contract: TableContract,
    keys: Sequence[ForeignKey],
    tables: Mapping[str, ir.Table],
) -> Iterator[str]:
    for key in keys:
        (column,), (target,) = key.fields, key.reference_fields
        named = table.filter(table[column].notnull())
        if key.table in tables:
            known = tables[key.table].select(known_key=target)
            named = named.anti_join(known, named[column] == known.known_key)
        count = engine.count_rows(named)
        if count:
            yield f"{contract.name}.{column} must be in {key.table}: {count:,} rows name none."
