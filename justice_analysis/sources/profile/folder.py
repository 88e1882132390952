"""A whole folder of unknown files: what each holds, how they join, which dataset they may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ibis.backends import BaseBackend

from justice_analysis import contracts, engine
from justice_analysis.contracts import Contract
from justice_analysis.errors import SourceError, UsageError
from justice_analysis.sources.delivered import look_into
from justice_analysis.sources.profile.columns import ColumnProfile, profile_columns
from justice_analysis.sources.profile.files import UnknownFile, unknown_files
from justice_analysis.sources.profile.layouts import as_rows, find_parts, find_slots, same_columns
from justice_analysis.sources.profile.matching import TableMatch, match_files
from justice_analysis.sources.profile.overlaps import Keyed, Overlap, find_overlaps
from justice_analysis.sources.profile.rounding import THRESHOLD

_LIKELY = 3


@dataclass(frozen=True)
class FileProfile:
    """One delivered table: its form, rounded number of rows, columns, and what was noticed."""

    name: str
    parts: int
    form: str
    delimiter: str
    encoding: str
    rows: int | None
    columns: tuple[ColumnProfile, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FolderProfile:
    """What a folder of unknown files seems to hold.

    Parameters
    ----------
    folder
        Its name.
    files
        One per delivered table.
    overlaps
        Columns whose values are found in another file's key.
    notes
        What was noticed about files together.
    problems
        Files that could not be read.
    likely
        Datasets that the files may be, with a score from 0 to 1; the best first.
    dataset, matches
        The dataset that was named, and the files proposed for its tables.
    threshold
        Rows that share whatever is shown.
    """

    folder: str
    files: tuple[FileProfile, ...]
    overlaps: tuple[Overlap, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    likely: tuple[tuple[str, float], ...] = ()
    dataset: str = ""
    matches: tuple[TableMatch, ...] = ()
    threshold: int = THRESHOLD

    def file(self, name: str) -> FileProfile:
        """Give the profile of one delivered table."""
        return next(one for one in self.files if one.name == name)


def profile_folder(
    folder: Path | str,
    dataset: str | None = None,
    *,
    rows: int | None = None,
    threshold: int = THRESHOLD,
    backend: BaseBackend | None = None,
) -> FolderProfile:
    """Look at unknown files: CSV, gzipped or not, Parquet, Stata, and those in zip files.

    Parameters
    ----------
    folder
        A folder, or a zip file.
    dataset
        Contract name or path of a descriptor, if the files may be of it.
    rows
        Look at so many rows of each file at most; all if not given.
    threshold
        Rows that must share what is shown; it may be raised, not lowered below 10.
    backend
        The engine; one is opened, and closed again, where none is given.

    Returns
    -------
    FolderProfile
        Holds no value that fewer rows than the threshold share, and no exact count of rows.

    Raises
    ------
    SourceError
        If there is no such folder, or nothing in it can be read as a table.
    UsageError
        If the threshold is below 10 or the dataset is not known.
    """
    if threshold < THRESHOLD:
        raise UsageError(f"the threshold must be {THRESHOLD} rows or more: {threshold} was given.")
    contract = contracts.load(dataset) if dataset else None
    path = Path(folder)
    if not path.exists():
        raise SourceError(f"there is no folder {path.name}. Check where the files are.")
    own = backend or engine.connect()
    try:
        return _profile(path, contract, own, rows, threshold)
    finally:
        if backend is None:
            engine.close(own)


def _profile(
    path: Path, contract: Contract | None, backend: BaseBackend, rows: int | None, threshold: int
) -> FolderProfile:
    delivery = look_into(path)
    found = list(unknown_files(delivery, backend, rows=rows))
    opened = [one for one in found if isinstance(one, UnknownFile)]
    problems = (*delivery.problems, *(one for one in found if isinstance(one, str)))
    if not opened and not problems:
        raise SourceError(f"{path.name} must hold CSV, Parquet, Stata or zip files: it has none.")
    files = tuple(_file(one, rows, threshold) for one in opened)
    named = {one.name: one.columns for one, raw in zip(files, opened, strict=True) if raw.has_names}
    keyed = [
        Keyed(one.name, raw.table, one.columns) for one, raw in zip(files, opened, strict=True)
    ]
    known = [contract] if contract else [contracts.load(name) for name in contracts.names()]
    matches = {one.name: _match(named, one) for one in known}
    return FolderProfile(
        folder=path.name,
        files=files,
        overlaps=find_overlaps(keyed),
        notes=tuple(_notes(named)),
        problems=problems,
        likely=_likely(matches, known) if contract is None else (),
        dataset=contract.name if contract else "",
        matches=matches[contract.name] if contract else (),
        threshold=threshold,
    )


def _file(opened: UnknownFile, limit: int | None, threshold: int) -> FileProfile:
    count, columns = profile_columns(opened.table, threshold=threshold)
    notes = [f"{opened.parts} parts"] if opened.parts > 1 else []
    if limit is not None:
        notes.append(f"at most the first {limit:,} rows were looked at")
    if not opened.has_names:
        notes.append("the first row seems to hold values, not names: columns are numbered here")
    notes += [
        f"{one.pattern}: {one.count} columns side by side, which may be rows (unpivot)"
        for one in find_slots(columns)
    ]
    notes += [
        f"{', '.join(name for name in (one.year, one.month, one.day) if name)}: "
        "may be a date in its parts (date_parts)"
        for one in find_parts(columns)
    ]
    return FileProfile(
        opened.name,
        opened.parts,
        opened.form,
        opened.delimiter,
        opened.encoding,
        count,
        columns,
        tuple(notes),
    )


def _match(
    named: Mapping[str, Sequence[ColumnProfile]], contract: Contract
) -> tuple[TableMatch, ...]:
    """Match files to tables; pieces of one table count once, and slots as one column."""
    pieces = {name for group in same_columns(named) for name in group[1:]}
    seen = {name: as_rows(columns) for name, columns in named.items() if name not in pieces}
    return match_files(seen, contract)


def _notes(named: Mapping[str, Sequence[ColumnProfile]]) -> Iterator[str]:
    for group in same_columns(named):
        yield f"{', '.join(group)} have the same columns, and may be one table (union)"


def _likely(
    matches: Mapping[str, tuple[TableMatch, ...]], known: Sequence[Contract]
) -> tuple[tuple[str, float], ...]:
    """Datasets by the share of their tables that were found, weighted by how well."""
    scores = {
        one.name: round(sum(match.score for match in matches[one.name]) / len(one.tables), 2)
        for one in known
    }
    best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:_LIKELY]
    return tuple(pair for pair in best if pair[1])
