"""Values that files share: which column's values are found in another file's key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.adapter.making import as_written
from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.likeness import likeness

_KEY_KINDS = ("integer", "hash", "text")
_ALIKE = 0.5
_WORTH = 0.5
_MOST = 200


@dataclass(frozen=True)
class Overlap:
    """Values of a column that are found in the key of another file.

    Parameters
    ----------
    share
        Share of the column's different values that are found, in steps of 5%.
    """

    file: str
    column: str
    other_file: str
    other_column: str
    share: float


@dataclass(frozen=True)
class Keyed:
    """A file as overlaps are looked for in it."""

    name: str
    table: ir.Table
    columns: Sequence[ColumnProfile]


def find_overlaps(files: Sequence[Keyed]) -> tuple[Overlap, ...]:
    """Look for columns that refer to the key of another file.

    Parameters
    ----------
    files
        Only columns in which every row has a value of its own are taken for keys; whole
        numbers are compared only with keys of a similar name, since any two share some.

    Returns
    -------
    tuple of Overlap
        Those of which at least half of the values are found.
    """
    pairs = list(_pairs(files))[:_MOST]
    found = [_overlap(*pair) for pair in pairs]
    return tuple(one for one in found if one.share >= _WORTH)


def _pairs(files: Sequence[Keyed]) -> Iterator[tuple[Keyed, ColumnProfile, Keyed, ColumnProfile]]:
    for other in files:
        for key in other.columns:
            if not key.unique or key.kind not in _KEY_KINDS:
                continue
            for file in files:
                for column in file.columns:
                    if file is not other and _may_refer(column, key):
                        yield file, column, other, key


def _may_refer(column: ColumnProfile, key: ColumnProfile) -> bool:
    if column.kind != key.kind or column.values:
        return False
    return column.kind == "hash" or likeness(column.name, key.name) >= _ALIKE


def _overlap(file: Keyed, column: ColumnProfile, other: Keyed, key: ColumnProfile) -> Overlap:
    step = f"values shared by {file.name} and {other.name}"
    mine = file.table.select(value=as_written(file.table[column.name]).nullif("")).distinct()
    mine = mine.filter(mine.value.notnull())
    theirs = other.table.select(value=as_written(other.table[key.name])).view()
    shared = mine.semi_join(theirs, mine.value == theirs.value)
    all_of, found = (int(engine.execute(one.count(), step=step)) for one in (mine, shared))
    share = round(20 * found / all_of) / 20 if all_of else 0.0
    return Overlap(file.name, column.name, other.name, key.name, share)
