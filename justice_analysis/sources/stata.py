"""Stata files, turned into Parquet on the way in.

This is the one place where delivered rows pass through pandas, in chunks: it changes the form
of a file, and no rule about people is applied here. Numbers stay as they were stored, value
labels are not used (codes stay codes), each of Stata's missing values (`.` and `.a` to `.z`)
and empty text are missing, and Stata's dates are dates.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ENDING = ".dta"
_ROWS = 100_000


def read_stata(backend: BaseBackend, file: Path, *, rows_at_once: int = _ROWS) -> ir.Table:
    """Read a Stata file by way of Parquet in the engine's own folder.

    Parameters
    ----------
    backend
        The engine that will hold the table.
    file
        A `.dta` file of any version from Stata 8 on.
    rows_at_once
        Rows held in memory at once.

    Returns
    -------
    Table
        One row per delivered row. Columns of whole numbers are int64, other numbers float64,
        dates are timestamps, and text is text.

    Raises
    ------
    SourceError
        If the file is truncated or not from Stata.
    """
    folder = Path(tempfile.mkdtemp(prefix="stata-", dir=scratch_directory(backend)))
    whole: dict[str, bool] = {}
    failed = False
    try:
        _write_chunks(_chunks(file, rows_at_once), folder, whole)
    except Exception:  # pandas raises many kinds, and their texts may hold values
        failed = True
    if failed:
        raise SourceError(
            f"{file.name} is not a whole Stata file: it may be truncated. Copy it again, or save "
            "it as CSV."
        )
    table = engine.read_parquet(backend, folder)
    integers = {name: engine.to_whole(table[name]) for name, is_whole in whole.items() if is_whole}
    return table.mutate(**integers) if integers else table


def _chunks(file: Path, rows_at_once: int) -> Iterator[pd.DataFrame]:
    """Give rows in chunks; at least one, without rows where the file has none."""
    import pandas as pd

    none = True
    with warnings.catch_warnings():
        # Of old files that name no encoding, which are then read as Windows text.
        warnings.simplefilter("ignore")
        with pd.read_stata(file, chunksize=rows_at_once, convert_categoricals=False) as reader:
            for chunk in reader:
                none = False
                yield chunk
        if none:
            yield pd.read_stata(file, convert_categoricals=False)


def _write_chunks(chunks: Iterator[pd.DataFrame], folder: Path, whole: dict[str, bool]) -> None:
    """Write one Parquet part a chunk, and note which columns hold whole numbers only."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for number, chunk in enumerate(chunks):
        columns = {str(name): _column(chunk[name]) for name in chunk.columns}
        for name, (_, is_whole) in columns.items():
            whole[name] = whole.get(name, True) and is_whole
        rows = pa.table({name: values for name, (values, _) in columns.items()})
        pq.write_table(rows, folder / f"part-{number:05d}.parquet")


def _column(values: pd.Series[Any]) -> tuple[pa.Array, bool]:
    """Give a column in one type for every chunk, and whether it holds whole numbers only."""
    import pandas as pd
    import pyarrow as pa

    if pd.api.types.is_datetime64_any_dtype(values):
        return pa.array(
            values.astype("datetime64[us]"), pa.timestamp("us"), from_pandas=True
        ), False
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.astype("float64")
        present = numbers.dropna()
        array = pa.array(numbers, pa.float64(), from_pandas=True)
        return array, bool((present == present.round()).all())
    texts = values.astype("object").where(values.notna() & (values != ""), None)
    return pa.array(texts, pa.string(), from_pandas=True), False
