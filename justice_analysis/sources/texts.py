"""How a delimited file is written: its encoding and delimiter, told before it is read.

What a file says of itself for sure (a byte-order mark) is believed. What can only be guessed
is refused, with the line to write in an adapter.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.engine.delimited import start_of
from justice_analysis.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {"utf-16": "UTF-16", "utf-8": "UTF-8", "utf-32": "UTF-32"}
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_OTHER_FILES = (
    (b"\x1f\x8b", "is packed with gzip: give it a name that ends in .csv.gz"),
    (b"PK\x03\x04", "is a zip file or a spreadsheet: name it .zip, or save it as CSV"),
    (b"PAR1", "is a Parquet file: give it a name that ends in .parquet"),
    (b"\xd0\xcf\x11\xe0", "is a spreadsheet: save it as CSV"),
)


@dataclass(frozen=True)
class TextForm:
    """How to read one delimited file, and what the report should say about it."""

    delimiter: str
    encoding: str
    notes: tuple[str, ...] = ()


def text_form(
    file: Path, *, delimiter: str, encoding: str, names: Collection[str], called: str = ""
) -> TextForm:
    """Tell how a delimited file is written.

    Parameters
    ----------
    file
        The file; gunzipped if its name ends in `.gz`.
    delimiter, encoding
        What the adapter says, or the usual.
    names
        Column names that are expected, to know a header by.
    called
        The file's name in messages.

    Returns
    -------
    TextForm
        The encoding is the one that the file's byte-order mark says, if it has one.

    Raises
    ------
    SourceError
        If it is no text, in another encoding, or with another delimiter.
    """
    called = called or file.name
    start = start_of(file)
    for mark, kind in _OTHER_FILES:
        if start.startswith(mark):
            raise SourceError(f"{called} {kind}.")
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if marked == "utf-32" or (marked is None and encoding != "utf-16" and b"\0" in start):
        raise SourceError(
            f"{called} is not in UTF-8: it has zero bytes, as text in UTF-16 has. If it is that, "
            "write encoding: utf-16 in an adapter; else it is damaged: copy or export it again."
        )
    used = marked or (_byte_order(start) if encoding == "utf-16" else encoding)
    header = _first_row_text(start, used)
    _refuse_other_delimiter(header, delimiter, names, called)
    notes = [f"{called} was read as {_NAMES.get(used, used)}, as its byte-order mark says"]
    return TextForm(delimiter, used, tuple(notes) if used != encoding else ())


def _byte_order(start: bytes) -> str:
    """Tell the order of bytes in UTF-16 without a mark by where the zeros of a header stand."""
    return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"


def _first_row_text(start: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)
    return decoder(errors="replace").decode(start)


def _columns(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _refuse_other_delimiter(text: str, delimiter: str, names: Collection[str], called: str) -> None:
    """Refuse a file of which another delimiter would give the expected columns."""
    wanted = {name.strip().lower() for name in names}

    def known(sign: str) -> int:
        return len({column.strip().lower() for column in _columns(text, sign)} & wanted)

    better = {sign: known(sign) for sign in DELIMITERS if sign != delimiter}
    sign = max(better, key=lambda one: better[one])
    if known(delimiter) > 1 or better[sign] < 2:
        return
    held = DELIMITERS.get(delimiter, "the sign that the adapter names")
    written = "\\t" if sign == "\t" else sign
    raise SourceError(
        f"{called} has its columns separated by {DELIMITERS[sign]}, not by {held}. Write "
        f'delimiter: "{written}" in an adapter.'
    )
