"""What the mappings in pandas share: codes, roles, months, ids."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

CENTURY_TYPOS = {18: 1200, 22: -2400, 29: -10800, 79: -72000}
EXTRACTED = np.datetime64("2024-03-31")
STALE_AFTER_DAYS = 730


def text(values: pd.Series) -> pd.Series:
    """Keys as text."""
    return values.astype("str") if values.dtype != "str" else values


def found_in(values: pd.Series, known: pd.Series) -> pd.Series:
    """Which values are among the known ones; by Arrow, as `isin` on text is ten times slower."""
    there = pc.is_in(pa.array(values), value_set=pa.array(known.dropna()))
    return pd.Series(there.to_numpy(zero_copy_only=False), index=values.index)


def named(codes: pd.Series, names: Mapping[object, str]) -> pd.Series:
    """Names of codes; an unknown code is kept as `code:N`."""
    known = codes.map(dict(names)).astype("str")
    strange = known.isna() & codes.notna()
    if strange.any():
        known = known.mask(strange, "code:" + text(codes))
    return known


def mended(days: pd.Series) -> pd.Series:
    """Bring a mistyped century back."""
    century = days.dt.year // 100
    wrong = century.isin(list(CENTURY_TYPOS))
    if not wrong.any():
        return days
    typed = days[wrong].to_numpy().astype("datetime64[D]")
    months = typed.astype("datetime64[M]")
    day = typed - months.astype("datetime64[D]")
    right = months + century[wrong].map(CENTURY_TYPOS).to_numpy(dtype="int64")
    result = days.copy()
    result[wrong] = (right.astype("datetime64[D]") + day).astype(days.dtype.str)
    return result


def month_start(days: pd.Series) -> pd.Series:
    """First days of months."""
    months = days.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return pd.Series(months, index=days.index)


def latest(*columns: pd.Series) -> pd.Series:
    """The latest of several dates in each row, of those that are known."""
    return pd.concat(columns, axis=1).max(axis=1)


def not_before(days: pd.Series, earliest: pd.Series) -> pd.Series:
    """Days, missing where they lie before the day from which they can have been."""
    return days.mask(days < earliest)


def chosen(*cases: tuple[pd.Series, str], otherwise: str) -> np.ndarray:
    """The first name whose condition holds."""
    conditions = [condition.fillna(False).to_numpy(dtype=bool) for condition, _ in cases]
    return np.select(conditions, [name for _, name in cases], default=otherwise)


def with_source(rows: pd.DataFrame, dataset: str, table: object, key: pd.Series) -> pd.DataFrame:
    """Add the three columns that end every common row."""
    rows["source"] = dataset
    rows["source_table"] = table
    rows["source_key"] = key
    return rows
