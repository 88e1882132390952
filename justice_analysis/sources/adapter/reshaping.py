"""Which rows there are: files joined by a key, slots made rows, equal rows made one.

Everything is done on delivered names and values, before the contract's names and types, and
each step gives the ledger an entry in which rows add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.errors import AdapterError, listed
from justice_analysis.sources.adapter.declared import TableAdapter
from justice_analysis.sources.adapter.joining import join_file, taken_columns
from justice_analysis.sources.adapter.making import adapter_columns
from justice_analysis.sources.adapter.near import near
from justice_analysis.sources.adapter.reshaped import Place, Reshaped, column_key
from justice_analysis.sources.adapter.slots import slot_problems, unpivot_rows

__all__ = ["Reshaped", "reshape"]


def reshape(
    first: ir.Table,
    others: Mapping[str, ir.Table],
    contract: TableContract,
    adapter: TableAdapter,
    *,
    dataset: str,
    file: str,
    missing: Sequence[str] = (),
) -> Reshaped:
    """Join files, make slots rows and make equal rows one, as an adapter declares.

    Parameters
    ----------
    first
        The delivered rows, in delivered names.
    others
        The files to join, by the names that the adapter gives them.
    contract, adapter
        The table that it will be, and how it is delivered.
    dataset, file
        For the ledger and for messages: the dataset, and the name of the first file.
    missing
        Texts that mean missing; a slot that holds nothing else is empty.

    Returns
    -------
    Reshaped
        Grain: that of `first` after joins; one row per filled slot after `unpivot`.

    Raises
    ------
    AdapterError
        If the adapter names columns that are not there, or both files have one of a name.
    """
    _refuse_names(first, others, adapter, contract.name, file)
    place = Place(dataset, f"file {file}", contract.name)
    done = Reshaped(first)
    for join in adapter.joins:
        done = join_file(done, others[join.file], join, place, file)
        if done.table is None:
            return done
    if adapter.unpivot is not None:
        done = unpivot_rows(done, adapter.unpivot, place, missing)
    return _made_distinct(done, contract, adapter, place) if adapter.distinct else done


def _refuse_names(
    first: ir.Table, others: Mapping[str, ir.Table], adapter: TableAdapter, table: str, file: str
) -> None:
    problems = [f"{table}: {problem}" for problem in _name_problems(first, others, adapter, file)]
    if problems:
        raise AdapterError(listed(problems))


def _name_problems(
    first: ir.Table, others: Mapping[str, ir.Table], adapter: TableAdapter, file: str
) -> Iterator[str]:
    here = list(first.columns)
    for join in adapter.joins:
        other = others[join.file]
        for ours, theirs in join.by:
            yield from _absent(here, ours, "joins by", file)
            yield from _absent(other.columns, theirs, "joins by", join.file)
        for name in join.columns:
            yield from _absent(other.columns, name, "takes", join.file)
        taken = taken_columns(other, join)
        both = {column_key(name) for name in here} & {column_key(one) for one in taken}
        if both:
            yield (
                f"{join.file} and the files before it both have {', '.join(sorted(both))}. Name "
                "the columns to take (columns) in the join."
            )
        here += taken
    if adapter.unpivot:
        yield from slot_problems(here, adapter.unpivot, file)


def _absent(columns: Sequence[str], name: str, verb: str, file: str) -> Iterator[str]:
    if column_key(name) not in map(column_key, columns):
        yield (
            f"the adapter {verb} the column {name}, which {file} does not have."
            f"{near(name, columns)}"
        )


def _made_distinct(
    done: Reshaped, contract: TableContract, adapter: TableAdapter, place: Place
) -> Reshaped:
    """Make rows one that are equal in every column that the contract or a filter reads."""
    table = done.table
    assert table is not None
    used = [name for name in table.columns if column_key(name) in _read(contract, adapter)]
    rows = table.select(*used).distinct()
    step = f"equal rows of {place.table}"
    before, after = (int(engine.execute(one.count(), step=step)) for one in (table, rows))
    entry = place.entry(
        "adapter distinct", rows=before, made=after, rule="rows equal in the columns used are one"
    )
    return Reshaped(rows, done.findings, (*done.entries, entry), done.aside)


def _read(contract: TableContract, adapter: TableAdapter) -> set[str]:
    """Delivered columns that come to something, in lower case."""
    names = {adapter.columns.get(name, name) for name in contract.field_names}
    names |= {one.column for one in adapter.filters}
    return {column_key(name) for name in (*names, *adapter_columns(adapter))}
