"""A profile for people and for scripts: what `justice data profile` shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.folder import FileProfile, FolderProfile
from justice_analysis.sources.profile.rounding import rule, shown

_MOST_CODES = 12
_HEADINGS = ("column", "kind", "missing", "different", "what else")


def render(profile: FolderProfile) -> str:
    """Draw a profile as plain text, one block a file."""
    return "\n".join(_lines(profile)) + "\n"


def to_json(profile: FolderProfile) -> str:
    """Write a profile as JSON text; a count that is too small to be shown is null."""
    record: dict[str, Any] = {"rule": rule(profile.threshold), **asdict(profile)}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def _lines(profile: FolderProfile) -> Iterator[str]:
    n = len(profile.files)
    yield f"{profile.folder}: {n} table" + "s" * (n != 1)
    for file in profile.files:
        yield ""
        yield from _file_lines(file, profile.threshold)
    yield from _block("Columns that may refer to another file's key", _overlap_lines(profile))
    yield from _block("Noticed", profile.notes)
    yield from _block("Not read", profile.problems)
    yield from _block(
        "Datasets that this may be (name one with --dataset)",
        [f"{name}: {score:.2f}" for name, score in profile.likely],
    )
    yield from _block(f"Files for the tables of {profile.dataset}", list(_match_lines(profile)))
    yield ""
    yield rule(profile.threshold)


def _block(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        for line in lines:
            yield f"    {line}"


def _file_lines(file: FileProfile, threshold: int) -> Iterator[str]:
    yield f"{file.name} ({file.form}): about {shown(file.rows, threshold)} rows"
    rows = [_HEADINGS, *(_cells(column, threshold) for column in file.columns)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    for row in rows:
        yield "    " + "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
    for note in file.notes:
        yield f"    {note}"


def _cells(column: ColumnProfile, threshold: int) -> tuple[str, ...]:
    different = "each row its own" if column.unique else column.distinct
    return (
        column.name.strip(),
        column.kind,
        shown(column.missing, threshold),
        different,
        "; ".join(_more(column, threshold)),
    )


def _more(column: ColumnProfile, threshold: int) -> Iterator[str]:
    if column.size and not column.values:
        yield column.size
    if column.formats:
        yield "as " + ", ".join(_counted(column.formats, threshold))
    if column.values:
        one_line = {" ".join(value.split()): n for value, n in column.values.items()}
        shown_codes = _counted(one_line, threshold)
        more = len(shown_codes) > _MOST_CODES or column.other_values
        yield ", ".join(shown_codes[:_MOST_CODES]) + (", others" if more else "")
    if column.markers:
        yield "may mean missing: " + ", ".join(_counted(column.markers, threshold))
    if column.unlike != 0:
        yield f"{shown(column.unlike, threshold)} do not fit"


def _counted(counts: Any, threshold: int) -> list[str]:
    return [f"{name} ({shown(n, threshold)})" for name, n in counts.items()]


def _overlap_lines(profile: FolderProfile) -> list[str]:
    return [
        f"{one.file}.{one.column}: about {one.share:.0%} of its values are in "
        f"{one.other_file}.{one.other_column}"
        for one in profile.overlaps
    ]


def _match_lines(profile: FolderProfile) -> Iterator[str]:
    for match in profile.matches:
        yield f"{match.table}: {match.file} (score {match.score:.2f})"
        for one in match.columns:
            yield f"    {one.field}: {one.column} ({one.score:.2f}: {'; '.join(one.reasons)})"
        if match.absent:
            yield f"    not found: {', '.join(match.absent)}"
