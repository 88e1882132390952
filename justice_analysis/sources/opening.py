"""Delivered files of any form, opened as tables of the engine under their delivered names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.engine.delimited import check_delimited
from justice_analysis.engine.files import parquet_columns
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import JusticeError, SourceError
from justice_analysis.sources import archives
from justice_analysis.sources.findings import raise_together
from justice_analysis.sources.stata import ENDING as STATA
from justice_analysis.sources.stata import read_stata
from justice_analysis.sources.texts import text_form

Result = TypeVar("Result")
_PARQUET = ".parquet"
_NOT_TABLES = (".xlsx", ".xls", ".ods", ".sas7bdat", ".sav", ".rds", ".zip", ".7z", ".pdf")


@dataclass(frozen=True)
class Opened:
    """Files that were opened as one table.

    Parameters
    ----------
    table
        One row per delivered row, in delivered names: text, or types as in Parquet.
    file
        Name of the first file.
    is_text
        Whether it is read from text each time it is used.
    notes
        What the report should say about the files.
    look_again
        Reads a text through, to say what is wrong with it where the engine failed.
    """

    table: ir.Table
    file: str
    is_text: bool
    notes: tuple[str, ...] = ()
    look_again: Callable[[], None] | None = None


def open_files(
    paths: Sequence[Path],
    backend: BaseBackend,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    names: Collection[str] = (),
) -> tuple[Opened, ...]:
    """Open the files of one table: delimited text, gzipped or not, Parquet and Stata.

    Parameters
    ----------
    paths
        Files on disk, and members of zip files as paths beneath them.
    backend
        The engine that will hold the tables.
    delimiter, encoding
        Of delimited files.
    names
        Column names that are expected, to know a header by.

    Returns
    -------
    tuple of Opened
        One per file, but Parquet files of the same columns and types come as one.

    Raises
    ------
    SourceError
        If a file is truncated, empty or of a form that cannot be read: all of them at once.
    """

    def open_one(path: Path) -> Opened | Path:
        there = _on_disk(path, backend)
        if there.suffix.lower() in _NOT_TABLES:
            raise SourceError(
                f"{path.name} must be CSV, gzipped CSV, Parquet or Stata (.dta), or those in a "
                "zip file. Export it again."
            )
        if there.suffix.lower() == _PARQUET:
            return there
        if there.suffix.lower() == STATA:
            return Opened(read_stata(backend, there), path.name, False)
        form = text_form(there, delimiter=delimiter, encoding=encoding, names=names)
        table = engine.read_delimited(
            backend, there, delimiter=form.delimiter, encoding=form.encoding
        )
        look_again = partial(
            check_delimited, there, delimiter=form.delimiter, encoding=form.encoding
        )
        notes = (*form.notes, *_end_notes(there, path.name))
        return Opened(table, path.name, True, notes, look_again)

    done = _each(paths, open_one)
    parquet = [one for one in done if isinstance(one, Path)]
    opened = [one for one in done if isinstance(one, Opened)]
    return (*_open_parquet(parquet, backend), *opened)


def _on_disk(path: Path, backend: BaseBackend) -> Path:
    """Give the file itself, taken out of its zip file if it is in one."""
    if archives.archive_of(path) is None:
        return path
    return archives.take_out(path, scratch_directory(backend))


def _end_notes(file: Path, name: str) -> list[str]:
    """Say that a text ends within a line: a cut in its last field shows in no other way."""
    if file.suffix.lower() == ".gz":
        return []
    with file.open("rb") as stream:
        stream.seek(-min(4, file.stat().st_size), 2)
        ends = stream.read().rstrip(b"\0").endswith((b"\n", b"\r"))
    return (
        [] if ends else [f"{name} does not end with a line break: check that its last row is whole"]
    )


def _open_parquet(files: Sequence[Path], backend: BaseBackend) -> list[Opened]:
    """Open Parquet files of the same columns together, since there may be hundreds."""
    groups: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    columns = _each(files, parquet_columns)
    for file, held in zip(files, columns, strict=True):
        groups.setdefault(held, []).append(file)
    return [
        Opened(engine.read_parquet(backend, group), group[0].name, False)
        for group in groups.values()
    ]


def _each(paths: Sequence[Path], action: Callable[[Path], Result]) -> list[Result]:
    """Do it for every file, and raise what went wrong with any at the end."""
    done: list[Result] = []
    problems: list[JusticeError] = []
    for path in paths:
        try:
            done.append(action(path))
        except JusticeError as error:
            problems.append(error)
    raise_together(problems)
    return done
