"""Choosing rows, keys and joins, with answers that do not depend on the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

import ibis
import ibis.expr.types as ir

from justice_analysis.engine.running import execute
from justice_analysis.errors import LinkageError, UsageError


def divide(x: ir.NumericValue, y: ir.NumericValue) -> ir.FloatingValue:
    """`x / y` as a float; null where `y` is 0 or either is missing."""
    return x.cast("float64") / y.cast("float64").nullif(0.0)


def first_per_group(
    table: ir.Table, *, by: Sequence[str], order_by: Sequence[str | ir.Value]
) -> ir.Table:
    """Keep the first row of each group.

    Parameters
    ----------
    table
        Any grain.
    by
        Columns that name the group; missing values make a group of their own.
    order_by
        Columns, or expressions such as `ibis.desc("date")`, that leave no two different rows
        tied; end with a key. Missing values come last.

    Returns
    -------
    Table
        One row per group, with the columns of `table`.
    """
    if not by or not order_by:
        raise UsageError("first_per_group needs a group and an order: one of them is empty.")
    place = ibis.row_number().over(group_by=list(by), order_by=list(order_by))
    placed = table.mutate(justice_place=place)
    return placed.filter(placed.justice_place == 0).drop("justice_place")


def digest(*columns: ir.Value) -> ir.StringValue:
    """SHA-256 of columns, in hexadecimal: equal only where all of them are equal.

    Each value enters with its length, and a missing one differs from an empty one. Takes text,
    whole numbers, booleans and dates, which every engine writes alike; floats it refuses.
    """
    if not columns:
        raise UsageError("digest needs at least one column.")
    return reduce(add, [_marked(column) for column in columns]).hexdigest("sha256")


def _marked(column: ir.Value) -> ir.StringValue:
    kind = column.type()
    if not (kind.is_string() or kind.is_integer() or kind.is_boolean() or kind.is_date()):
        raise UsageError(f"digest takes text, whole numbers, booleans and dates: not {kind}.")
    text = column.cast("string")
    return (text.length().cast("string") + ":" + text).fill_null("-")


def integer_keys(table: ir.Table, columns: Sequence[str], *, name: str) -> ir.Table:
    """Number the distinct rows of some columns, the same on every run and engine.

    Parameters
    ----------
    table
        Any grain.
    columns
        Columns of text, whole numbers, booleans or dates that are numbered together.
    name
        Name of the key.

    Returns
    -------
    Table
        One row per distinct combination: `columns`, and the key, an int64 from 1 without gaps.

    Notes
    -----
    Rows are numbered within 256 buckets of their digest (of a single column of int64, of its last
    bits), and the buckets' sizes added up, since a window over the whole table runs in a single
    task on Spark.
    """
    distinct = table.select(*columns).distinct()
    bucketed = _bucketed(distinct, [distinct[column] for column in columns])
    place = ibis.row_number().over(
        group_by=bucketed.justice_bucket, order_by=bucketed.justice_order
    )
    placed = bucketed.mutate(justice_place=place)
    joined = placed.inner_join(_bucket_offsets(bucketed), "justice_bucket")
    key = (joined.justice_place + joined.justice_offset + 1).cast("int64")
    return joined.select(*columns, key.name(name))


def _bucketed(distinct: ir.Table, columns: Sequence[ir.Value]) -> ir.Table:
    """Add what rows are ordered by, `justice_order`, and their `justice_bucket`."""
    first = columns[0]
    if len(columns) == 1 and isinstance(first, ir.IntegerColumn) and first.type().is_int64():
        return distinct.mutate(justice_order=first, justice_bucket=first & 255)
    marked = distinct.mutate(justice_order=digest(*columns))
    return marked.mutate(justice_bucket=marked.justice_order.substr(0, 2))


def _bucket_offsets(bucketed: ir.Table) -> ir.Table:
    """One row per bucket: the number of rows in the buckets before it."""
    sizes = bucketed.group_by("justice_bucket").agg(rows=bucketed.count())
    before = sizes.select(earlier_bucket="justice_bucket", earlier_rows="rows")
    pairs = sizes.left_join(before, before.earlier_bucket < sizes.justice_bucket)
    offset = pairs.earlier_rows.sum().fill_null(0).cast("int64")
    return pairs.group_by("justice_bucket").agg(justice_offset=offset)


def join_one(
    left: ir.Table, right: ir.Table, on: str | Sequence[str | tuple[str, str]], *, step: str
) -> ir.Table:
    """Left join that keeps the grain of `left`.

    Parameters
    ----------
    left
        Any grain.
    right
        At most one row per key. Checked when this is called, so give a table that is stored.
    on
        Key columns: names that both have, or pairs of names, left and right.
    step
        What is joined, in the user's words; errors begin with it.

    Returns
    -------
    Table
        Grain and columns of `left`, then the columns of `right` other than its keys.

    Raises
    ------
    LinkageError
        If a key, with no part missing, stands on two or more rows of `right`.
    UsageError
        If a column that is no key is in both.
    """
    given = [on] if isinstance(on, str) else on
    pairs = [(key, key) if isinstance(key, str) else tuple(key) for key in given]
    keys = [theirs for _, theirs in pairs]
    _check_unique(right, keys, step)
    clashes = set(left.columns) & (set(right.columns) - set(keys))
    if clashes:
        raise UsageError(f"{step}: both tables have {', '.join(sorted(clashes))}. Rename one.")
    hidden = {f"justice_right_{key}": key for key in keys}
    renamed = right.rename(hidden)
    matches = [left[ours] == renamed[f"justice_right_{theirs}"] for ours, theirs in pairs]
    return left.left_join(renamed, matches).drop(*hidden)


def _check_unique(right: ir.Table, keys: list[str], step: str) -> None:
    complete = right.drop_null(keys)
    rows: Any = complete.group_by(keys).agg(rows=complete.count())
    count = int(execute((rows.rows > 1).sum().fill_null(0), step=step))
    if count:
        raise LinkageError(
            f"{step}: {', '.join(keys)} must be unique on the right of the join, and {count:,} "
            "keys stand on several rows. Choose one row per key first."
        )


def union(*tables: ir.Table) -> ir.Table:
    """Stack tables that have the same columns, in any order; no row is dropped."""
    if not tables:
        raise UsageError("union needs at least one table.")
    first = tables[0]
    for other in tables[1:]:
        odd = sorted(set(other.columns) ^ set(first.columns))
        if odd:
            raise UsageError(f"stacked tables must have the same columns: {', '.join(odd)} differ.")
    aligned = [table.select(*first.columns) for table in tables]
    return ibis.union(*aligned, distinct=False) if len(aligned) > 1 else first
