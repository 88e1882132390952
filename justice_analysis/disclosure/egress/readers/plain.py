"""CSV, TSV, text and YAML: words, and every table in them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from justice_analysis.disclosure.egress import kinds
from justice_analysis.disclosure.egress.finding import Flag, Parts, Table, Text

SEPARATORS = ("\t", ";", ",", "|", "&", "^", "~", "\x1f")
MARKUP = re.compile(r"<(?:table|script|svg|iframe|img|!--)", re.IGNORECASE)
MOST_FIELD = 10_000_000
YAML_START = re.compile(r"(?:---\s*\n)?(?:#[^\n]*\n)*[\w'\" -]{1,60}:(?:\s|$)|(?:---\s*\n)?- ")
RULER = re.compile(r"[\s|:+=-]+")


def read(content: bytes) -> Parts:
    """Take plain text apart."""
    text = kinds.as_text(content)
    if text is None:
        yield Flag("unreadable")
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    yield Text(text)
    tables = list(in_text(text))
    yield from tables
    if MARKUP.search(text):
        from justice_analysis.disclosure.egress.readers import html

        yield from html.parts(text)
    if YAML_START.match(text):
        from justice_analysis.disclosure.egress.readers import structured

        yield from structured.read_yaml(text)


def in_text(text: str, place: str = "") -> Iterator[Table]:
    """Find the tables of a text: separated by a sign, or laid out with spaces."""
    whole = separated(text.splitlines(), place)
    if whole is not None:
        yield whole
        return
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", text)]
    long = [block for block in blocks if len(block) >= 4]
    for number, block in enumerate(long, start=1):
        where = f"{place} block {number}".strip()
        table = separated(block, where) or spaced(block, where)
        if table is not None:
            yield table


def separated(lines: Sequence[str], place: str = "") -> Table | None:
    """Read lines as a table if one sign cuts most of them into equally many parts."""
    lines = [line for line in lines if line.strip() and not RULER.fullmatch(line)]
    if len(lines) < 2:
        return None
    best: tuple[float, int, str] | None = None
    for sign in SEPARATORS:
        if lines[len(lines) // 2].count(sign) == 0 and lines[-1].count(sign) == 0:
            continue
        widths = Counter(len(row) for row in _rows(lines[:200], sign))
        width, agreeing = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = agreeing / sum(widths.values())
        if width > 1 and share >= 0.6 and (best is None or (share, width) > best[:2]):
            best = (share, width, sign)
    if best is None:
        return _one_column(lines, place)
    _, width, sign = best
    return _table(_rows(lines, sign), width, place)


def _one_column(lines: Sequence[str], place: str) -> Table | None:
    """A list of single words under a name, as a column that was written by itself."""
    single = sum(len(line.split()) <= 2 and ": " not in line for line in lines)
    if single < 0.9 * len(lines):
        return None
    rows = [[line.strip().strip("\"'")] for line in lines]
    return Table(rows[0], rows[1:], place)


def _rows(lines: Sequence[str], sign: str) -> list[list[str]]:
    before = csv.field_size_limit(MOST_FIELD)
    try:
        edged = sign == "|"
        cut = [line.strip().strip("|") for line in lines] if edged else lines
        cut = [line.rstrip("\\ ") for line in cut] if sign == "&" else cut
        return [row for row in csv.reader(cut, delimiter=sign) if row]
    finally:
        csv.field_size_limit(before)


def uneven_table(rows: Sequence[Sequence[str]], place: str) -> Parts:
    """Read rows of several lengths as a table, short ones filled up; none of a heading alone."""
    rows = [row for row in rows if row]
    if len(rows) < 2:
        return
    width = max(len(row) for row in rows)
    padded = [[*row, *([""] * (width - len(row)))] for row in rows]
    yield Table(padded[0], padded[1:], place)


def _table(rows: Sequence[Sequence[str]], width: int, place: str) -> Table:
    """Take the first full row as names: titles may stand above it."""
    start = next(at for at, row in enumerate(rows) if len(row) >= width)
    padded = [[*row, *([""] * width)][: max(width, 1)] for row in rows[start:] if len(row) > 1]
    return Table(padded[0], padded[1:], place)


def spaced(lines: Sequence[str], place: str = "") -> Table | None:
    """Read a printed table, as pandas and R write them; its names may lack the row number's."""
    lines = [line.strip() for line in lines if line.strip() and not RULER.fullmatch(line)]
    for cut in (r"\s{2,}|\t", r"\s+"):
        rows = [re.split(cut, line) for line in lines]
        width, agreeing = Counter(len(row) for row in rows[1:]).most_common(1)[0]
        digits = sum(any(sign.isdigit() for sign in line) for line in lines[1:])
        if width < 3 or agreeing < 0.8 * (len(rows) - 1) or digits < 0.7 * (len(rows) - 1):
            continue
        kept = [row for row in rows[1:] if len(row) == width]
        names = [*[""] * (width - len(rows[0])), *rows[0]][:width]
        return Table(names, kept, place, printed=True)
    return None
