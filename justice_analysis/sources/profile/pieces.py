"""Columns that a table's file lacks and another file has: the other half of a split table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from justice_analysis.contracts import TableContract
from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.folder import FolderProfile
from justice_analysis.sources.profile.matching import ColumnMatch, TableMatch, match_columns


@dataclass(frozen=True)
class JoinGuess:
    """A file that may be joined to the first, by which columns, and what it would bring."""

    first: str
    file: str
    ours: str
    theirs: str
    rows: str
    columns: tuple[ColumnMatch, ...]


def guess_joins(
    profile: FolderProfile, match: TableMatch, table: TableContract
) -> tuple[JoinGuess, ...]:
    """Propose files to join to a table's file for fields that it lacks.

    Only a file that stands for no table, and whose key the first file's values are found in,
    is proposed; each field is taken from one file.
    """
    used = {one.file for one in profile.matches}
    missing = set(match.absent)
    found: list[JoinGuess] = []
    for ours, other, theirs in _keys(profile, match.file):
        if other in used or other in {one.file for one in found}:
            continue
        columns = [one for one in profile.file(other).columns if one.name != theirs]
        fields = [field for field in table.fields if field.name in missing]
        matched = match_columns(columns, fields, table)
        if matched:
            missing -= {one.field for one in matched}
            is_unique = _column(profile, match.file, ours).unique
            kind = "one-to-one" if is_unique else "many-to-one"
            found.append(JoinGuess(match.file, other, ours, theirs, kind, matched))
    return tuple(found)


def _keys(profile: FolderProfile, file: str) -> Iterator[tuple[str, str, str]]:
    """Columns of the file whose values are found in another file's key, the surest first."""
    here = [one for one in profile.overlaps if one.file == file]
    for one in sorted(here, key=lambda overlap: -overlap.share):
        yield one.column, one.other_file, one.other_column


def _column(profile: FolderProfile, file: str, name: str) -> ColumnProfile:
    return next(one for one in profile.file(file).columns if one.name == name)
