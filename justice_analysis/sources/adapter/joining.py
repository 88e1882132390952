"""Columns of another file, brought to rows by a key whose cardinality is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.adapter.declared import Join
from justice_analysis.sources.adapter.reshaped import Place, Reshaped, column_named
from justice_analysis.sources.findings import Finding
from justice_analysis.sources.ledger import ReshapeEntry


def join_file(done: Reshaped, other: ir.Table, join: Join, place: Place, file: str) -> Reshaped:
    """Bring the other file's columns to the rows; count what has no partner on either side."""
    assert done.table is not None
    step = f"joining {join.file} to {place.table}"
    ours = [_key_text(done.table, name) for name, _ in join.by]
    theirs = [_key_text(other, name) for _, name in join.by]
    keys = [f"justice_key_{number}" for number in range(len(join.by))]
    left = engine.materialise(
        done.table.mutate(**{f"{k}_left": v for k, v in zip(keys, ours, strict=True)}), step=step
    )
    taken = {name: other[name] for name in taken_columns(other, join)}
    keyed = other.select(
        **taken, **dict(zip(keys, theirs, strict=True)), justice_found=ibis.literal(True)
    )
    right = engine.materialise(keyed, step=step)
    found = list(_cardinality(left, right, keys, join, file, step))
    if found:
        return Reshaped(None, (*done.findings, *found), done.entries, done.aside)
    matches = reduce(and_, [left[f"{key}_left"] == right[key] for key in keys])
    joined = left.left_join(right, matches)
    orphans = right.anti_join(left, matches)
    counts = [engine.count_rows(one) for one in (left, right, orphans)]
    alone = engine.execute(joined.justice_found.isnull().sum().fill_null(0), step=step)
    entries = _join_entries(counts, int(alone), join, place, file)
    reason = f"its key is not in {file}"
    named = {name: orphans[key] for key, (_, name) in zip(keys, join.by, strict=True)}
    lost = orphans.select(*taken, **named, reason=ibis.literal(reason))
    aside = {f"{place.table}-{join.file.split('.')[0]}": lost}
    hidden = [*keys, *(f"{key}_left" for key in keys), "justice_found"]
    return Reshaped(
        joined.drop(*hidden),
        done.findings,
        (*done.entries, *entries),
        {**done.aside, **(aside if counts[2] else {})},
    )


def taken_columns(other: ir.Table, join: Join) -> list[str]:
    """The other file's columns that are taken; its key is the first file's already."""
    keys = {column_named(other, theirs) for _, theirs in join.by}
    named = [column_named(other, name) for name in join.columns] or list(other.columns)
    return [name for name in named if name is not None and name not in keys]


def _key_text(table: ir.Table, name: str) -> ir.StringValue:
    column = table[column_named(table, name)]
    if column.type().is_floating() or column.type().is_decimal():
        column = engine.to_whole(column)
    text = column if column.type().is_string() else column.cast("string")
    return text.strip().nullif("")


def _cardinality(
    left: ir.Table, right: ir.Table, keys: list[str], join: Join, file: str, step: str
) -> Iterator[Finding]:
    sides = [(right, keys, join.file)]
    if join.rows == "one-to-one":
        sides.append((left, [f"{key}_left" for key in keys], file))
    for table, columns, where in sides:
        complete = table.drop_null(columns)
        rows = complete.group_by(columns).aggregate(rows=complete.count())
        repeated = int(engine.execute((rows.rows > 1).sum().fill_null(0), step=step))
        if repeated:
            yield Finding(
                column=", ".join(name for name, _ in join.by),
                rule=f"the join with {join.file} is {join.rows}, and {repeated:,} keys stand on "
                f"several rows of {where}",
                count=0,
                consequence="refuse",
                advice="Check the key and the cardinality in the adapter.",
            )


def _join_entries(
    counts: Sequence[int], alone: int, join: Join, place: Place, file: str
) -> Iterator[ReshapeEntry]:
    rows, others, orphans = counts
    by = ", ".join(name for name, _ in join.by)
    yield place.entry(
        "adapter join",
        rows=rows,
        made=rows,
        rule=f"each row stays; {alone:,} have no row in {join.file}, joined {join.rows} by {by}",
    )
    yield Place(place.dataset, f"file {join.file}", place.table).entry(
        "adapter join",
        rows=others,
        made=0,
        rule=f"its columns come to the rows of {file}",
        aside={f"its key is not in {file}": orphans},
    )
