"""Unknown files in a folder, opened: their form is guessed, and said."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis.engine.delimited import start_of
from justice_analysis.engine.sessions import scratch_directory
from justice_analysis.errors import AdapterError, JusticeError, SourceError
from justice_analysis.sources import archives
from justice_analysis.sources.delivered import ENDINGS, Delivery, bears_name, match, stem
from justice_analysis.sources.layouts import keep_together
from justice_analysis.sources.opening import open_files
from justice_analysis.sources.texts import DELIMITERS

_TEXT = (".csv", ".csv.gz")
_LINES = 20
_BLOCK = 1 << 22
_VALUE = re.compile(r"[-+]?\d+([.,]\d+)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|[0-9a-f]{16,}", re.I)


@dataclass(frozen=True)
class UnknownFile:
    """One table as it was delivered, whatever it is.

    Parameters
    ----------
    name
        Of the file without ending, or what its parts have in common.
    parts
        How many files it is made of.
    form
        In words: kind, delimiter, encoding.
    delimiter, encoding
        Of a delimited file; the usual ones for others.
    table
        Its rows, under its names; under `column 1`, ... where the first row seems to hold values.
    has_names
        Whether the first row seems to hold names.
    """

    name: str
    parts: int
    form: str
    delimiter: str
    encoding: str
    table: ir.Table
    has_names: bool


def unknown_files(
    delivery: Delivery, backend: BaseBackend, *, rows: int | None = None
) -> Iterator[UnknownFile | str]:
    """Open every table of a delivery; a sentence in the place of one that cannot be read.

    Parameters
    ----------
    delivery
        From `delivered.look_into`.
    backend
        The engine; the rows are kept on it.
    rows
        Look at so many rows of each at most.
    """
    for name in _names(delivery):
        paths = match(name, delivery).files
        if not paths:
            continue
        try:
            yield _open(name, paths, backend, rows)
        except JusticeError as error:
            yield str(error)


def _names(delivery: Delivery) -> list[str]:
    """Names of tables: what bears a number is a part if another one shares its name."""
    there = [path for path in delivery.entries if _may_hold_rows(path)]
    stems = list(dict.fromkeys(stem(path) for path in there))
    bases = {
        re.sub(r"[_\-. ](part[_\-. ]?)?\d{1,3}([_\-. ]?of[_\-. ]?\d{1,3})?$", "", s) for s in stems
    }
    shared = {b for b in bases if sum(bears_name(one, b) for one in stems) > 1}
    parts = {one for one in stems for base in shared if bears_name(one, base)}
    return sorted(shared | (set(stems) - parts), key=str.lower)


def _may_hold_rows(path: Path) -> bool:
    if archives.archive_of(path) is None and path.is_dir():
        return any(part.name.lower().endswith(ENDINGS) for part in path.iterdir())
    return path.name.lower().endswith(ENDINGS)


def _open(
    name: str, paths: tuple[Path, ...], backend: BaseBackend, rows: int | None
) -> UnknownFile:
    there = [_on_disk(path, backend) for path in paths]
    is_text = there[0].name.lower().endswith(_TEXT)
    encoding, delimiter = _form(there[0]) if is_text else ("utf-8", ",")
    try:
        table = _kept(name, there, backend, rows, delimiter, encoding)
    except SourceError:
        # One byte that is not UTF-8 may stand far from the beginning.
        if not is_text or encoding != "utf-8" or not _has_other_bytes(there):
            raise
        encoding = "windows-1252"
        table = _kept(name, there, backend, rows, delimiter, encoding)
    has_names = not any(_VALUE.fullmatch(column.strip()) for column in table.columns)
    if not has_names:
        table = table.rename({f"column {n}": c for n, c in enumerate(table.columns, 1)})
    kind = there[0].name.lower().removeprefix(stem(there[0]).lower() + ".")
    words = f"{DELIMITERS[delimiter]}, {encoding}" if is_text else ""
    form = ", ".join(part for part in (kind, words) if part)
    return UnknownFile(name, len(paths), form, delimiter, encoding, table, has_names)


def _kept(
    name: str,
    there: list[Path],
    backend: BaseBackend,
    rows: int | None,
    delimiter: str,
    encoding: str,
) -> ir.Table:
    opened = open_files(there, backend, delimiter=delimiter, encoding=encoding)
    try:
        return keep_together(opened, name, rows=rows)
    except AdapterError as error:
        raise SourceError(str(error)) from None


def _has_other_bytes(files: list[Path]) -> bool:
    """Whether any of the texts is not UTF-8."""
    for file in files:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            try:
                while block := stream.read(_BLOCK):
                    decoder.decode(block)
            except UnicodeDecodeError:
                return True
    return False


def _on_disk(path: Path, backend: BaseBackend) -> Path:
    if archives.archive_of(path) is None:
        return path
    return archives.take_out(path, scratch_directory(backend))


def _form(file: Path) -> tuple[str, str]:
    """Guess encoding and delimiter of a delimited file from its first lines."""
    start = start_of(file)
    encoding = _encoding(start)
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)
    text = decoder(errors="replace").decode(start)
    return encoding, max(DELIMITERS, key=lambda sign: _columns(text, sign))


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start:
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _columns(text: str, delimiter: str) -> float:
    """Columns of the first line if a sign were the delimiter; fewer where other lines differ."""
    lines = text.splitlines()[:_LINES]
    whole = lines if len(lines) < _LINES else lines[:-1]
    try:
        rows = list(csv.reader(io.StringIO("\n".join(whole)), delimiter=delimiter))
    except csv.Error:
        return 0
    widths = [len(row) for row in rows if row]
    return widths[0] * (1 if len(set(widths)) == 1 else 0.75) if widths else 0
