"""What the other layouts share: reading delivered Parquet as text, and writing text files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def as_text(source: Path, table: str) -> pd.DataFrame:
    """A delivered table with every value as text: dates as YYYY-MM-DD, booleans true/false."""
    content = pq.read_table(source / f"{table}.parquet")
    columns = {name: _text(content[name]) for name in content.column_names}
    return pd.DataFrame(columns, dtype="string")


def _text(column: pa.ChunkedArray) -> list[str | None]:
    return [_one(value) for value in column.to_pylist()]


def _one(value: object) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def redated(dates: pd.Series, form: str) -> pd.Series:
    """Dates written another way; `form` uses Y, m and d for the parts of YYYY-MM-DD."""
    parts = {"Y": dates.str.slice(0, 4), "m": dates.str.slice(5, 7), "d": dates.str.slice(8, 10)}
    written = pd.Series("", index=dates.index, dtype="string")
    for sign in form:
        written = written + parts.get(sign, sign)
    return written.where(dates.notna())


def recoded(codes: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Codes written another way; others stay."""
    return codes.map(lambda code: names.get(code, code), na_action="ignore").astype("string")


def write(
    rows: pd.DataFrame, file: Path, *, sep: str = ",", missing: str = "", encoding: str = "utf-8"
) -> None:
    """Write a text file."""
    rows.fillna(missing).to_csv(file, sep=sep, index=False, encoding=encoding)


def describe(source: Path, target: Path) -> None:
    """Bring the description of the extract along."""
    described = json.loads((source / "extract.json").read_text(encoding="utf-8"))
    (target / "extract.json").write_text(json.dumps(described), encoding="utf-8")
