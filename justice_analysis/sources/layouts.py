"""Files of another layout than the contract's: opened, and joined or made long as declared."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.errors import AdapterError, SourceError
from justice_analysis.sources.adapter import Adapter
from justice_analysis.sources.adapter.making import as_written
from justice_analysis.sources.adapter.reshaped import column_key
from justice_analysis.sources.adapter.reshaping import Reshaped, reshape
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.findings import Finding
from justice_analysis.sources.opening import Opened, open_files


def reshape_files(
    extract: Extract, contract: TableContract, opened: Sequence[Opened], backend: BaseBackend
) -> Reshaped | None:
    """Do an adapter's joins and slots on the files of one table.

    Parameters
    ----------
    extract
        With its adapter, and the files that the adapter names.
    contract
        The table.
    opened
        Its files other than those that are joined to them.
    backend
        The engine.

    Returns
    -------
    Reshaped or None
        None where the adapter leaves the rows as they are delivered.

    Raises
    ------
    AdapterError
        If the adapter names columns that are not there.
    """
    adapter = extract.adapter or Adapter()
    mine = adapter.table(contract.name)
    if not mine.reshapes:
        return None
    there = extract.by_name.get(contract.name, {})
    if not opened or not all(there.get(join.file) for join in mine.joins):
        return Reshaped(None, (Finding("", "a file to be joined is missing", 0, "refuse"),))
    others = {
        join.file: keep_together(
            open_files(
                there[join.file], backend, delimiter=adapter.delimiter, encoding=adapter.encoding
            ),
            join.file,
        )
        for join in mine.joins
    }
    names = ", ".join(mine.files) or contract.name
    first = keep_together(opened, names)
    return reshape(
        first,
        others,
        contract,
        mine,
        dataset=extract.dataset,
        file=names,
        missing=(*contract.missing_values, *mine.missing),
    )


def keep_together(opened: Sequence[Opened], names: str, *, rows: int | None = None) -> ir.Table:
    """Put files together on the engine, since they are passed over more than once.

    Parameters
    ----------
    opened
        Files with the same columns.
    names
        What they are called in messages.
    rows
        Keep so many rows at most.

    Raises
    ------
    AdapterError
        If the files have different columns.
    SourceError
        If a file cannot be read to its end.
    """
    table = _together(opened, names)
    failure = None
    try:
        return engine.materialise(
            table if rows is None else table.limit(rows), step=f"reading {names}"
        )
    except SourceError as error:
        failure = error
    # Some faults of a text show only now, such as one in another encoding.
    for one in opened:
        if one.look_again:
            one.look_again()
    raise failure


def _together(opened: Sequence[Opened], names: str) -> ir.Table:
    """Put files together before anything is read from them; they must have the same columns."""
    tables = [one.table for one in opened]
    columns = {column_key(name): name for name in tables[0].columns}
    if any({column_key(name) for name in table.columns} != set(columns) for table in tables):
        raise AdapterError(f"{names}: files to be put together must have the same columns.")
    if len({tuple(table.schema().items()) for table in tables}) > 1:
        tables = [_written(table, columns) for table in tables]
    return engine.union(*tables)


def _written(table: ir.Table, columns: dict[str, str]) -> ir.Table:
    held = {column_key(name): table[name] for name in table.columns}
    return table.select(**{name: as_written(held[key]) for key, name in columns.items()})
