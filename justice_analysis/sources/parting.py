"""Parting the rows of a checked table: those to use, and those set aside with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import ForeignKey, TableContract
from justice_analysis.sources.conforming import REASON

KEY_MISSING = "key missing"
EXACT_DUPLICATE = "exact duplicate row"
DUPLICATE_KEY = "duplicate key"


@dataclass(frozen=True)
class Parting:
    """The rows still kept, and the pieces set aside so far with their reasons.

    Parameters
    ----------
    kept
        The contract's columns.
    counts
        Rows set aside, by reason.
    pieces
        Tables of rows set aside: the contract's columns and `reason`.
    """

    kept: ir.Table
    counts: Mapping[str, int] = field(default_factory=dict)
    pieces: tuple[ir.Table, ...] = ()

    def move(self, kept: ir.Table, aside: ir.Table, count: int, reason: str) -> Parting:
        """Return the parting after rows were moved aside; the same one if there are none."""
        if not count:
            return self
        piece = aside.mutate(reason=ibis.literal(reason))
        counts = {**self.counts, reason: self.counts.get(reason, 0) + count}
        return Parting(kept, counts, (*self.pieces, piece))

    def aside(self) -> ir.Table:
        """Put the pieces together; an empty table of the same columns if there is none."""
        if self.pieces:
            return engine.union(*self.pieces)
        return self.kept.mutate(reason=ibis.null("string")).filter(ibis.literal(False))


def part_missing_keys(parting: Parting, contract: TableContract, count: int) -> Parting:
    """Set aside the rows without a complete key; how many is known from the one pass."""
    if not count:
        return parting
    table = parting.kept
    missing = reduce(or_, [table[name].isnull() for name in contract.primary_key])
    return parting.move(table.filter(~missing), table.filter(missing), count, KEY_MISSING)


def part_duplicates(parting: Parting, contract: TableContract) -> Parting:
    """Set aside all but one row of each key; only rows whose key repeats are compared."""
    key = list(contract.primary_key)
    if not key:
        return parting
    step = f"uniqueness of the key of {contract.name}"
    table = parting.kept
    repeated = engine.materialise(_repeated_keys(table, key), step=step)
    if not engine.count_rows(repeated):
        return parting
    ranked = engine.materialise(_ranked(_matching(table, repeated, key), contract), step=step)
    kinds = engine.execute(ranked.group_by(REASON).aggregate(rows=ranked.count()), step=step)
    counts = dict(zip(kinds[REASON].fillna(""), kinds["rows"], strict=True))
    rest = table.anti_join(repeated, _on(table, repeated, key, key))
    kept = engine.union(rest, ranked.filter(ranked[REASON].isnull()).drop(REASON))
    for reason in (EXACT_DUPLICATE, DUPLICATE_KEY):
        aside = ranked.filter(ranked[REASON] == reason).drop(REASON)
        parting = parting.move(kept, aside, int(counts.get(reason, 0)), reason)
    return parting


def _repeated_keys(table: ir.Table, key: list[str]) -> ir.Table:
    counted = table.group_by(key).aggregate(justice_rows=table.count())
    return counted.filter(counted.justice_rows > 1).select(*key)


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


def part_orphans(parting: Parting, key: ForeignKey, parent: ir.Table) -> Parting:
    """Set aside rows whose foreign key has no row in its table; a missing one is no orphan."""
    table, columns = parting.kept, list(key.fields)
    delivered = table.select(*columns).drop_null(columns)
    known = parent.select(*key.reference_fields).view()
    lost = delivered.anti_join(known, _on(delivered, known, columns, list(key.reference_fields)))
    counted = lost.group_by(columns).aggregate(justice_rows=lost.count())
    orphans = engine.materialise(counted, step=f"foreign key to {key.table}")
    count = engine.execute(orphans.justice_rows.sum(), step=f"foreign key to {key.table}")
    if count is None or not count > 0:
        return parting
    reason = f"{', '.join(columns)} not found in {key.table}"
    kept = table.anti_join(orphans, _on(table, orphans, columns, columns))
    return parting.move(kept, _matching(table, orphans, columns), int(count), reason)


def _matching(table: ir.Table, keys: ir.Table, columns: list[str]) -> ir.Table:
    return table.semi_join(keys, _on(table, keys, columns, columns))


def _on(left: ir.Table, right: ir.Table, ours: list[str], theirs: list[str]) -> ir.BooleanValue:
    pairs = zip(ours, theirs, strict=True)
    return reduce(and_, [left[mine] == right[other] for mine, other in pairs])
