"""Small pieces of the quality report: counts and shares made safe to show, tables, bars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from justice_analysis.publishing.markup import escape

SHADES = 5
# The Analysis Function's shorthand for what is hidden, as in the book's tables.
HIDDEN = "[c]"
BAR_HEIGHT, BAR_WIDTH, BAR_GAP = 34, 9, 2


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: HTML that is already escaped, and its class."""

    html: str
    style: str = ""


def text(value: object, style: str = "") -> Cell:
    """A cell of words."""
    return Cell(escape(value), style)


def name(*parts: str) -> Cell:
    """A cell with the name of a table or column, which may break between its words."""
    return Cell(escape(".".join(filter(None, parts))).replace("_", "_<wbr>").replace(".", ".<wbr>"))


def count(number: int, threshold: int) -> Cell:
    """A count, or that it is small: nought may be shown, one to the threshold may not."""
    return Cell(count_words(number, threshold), "number")


def count_words(number: int, threshold: int) -> str:
    """A count in words."""
    return f"fewer than {threshold}" if 0 < number < threshold else f"{number:,}"


def total_words(parts: Sequence[int], threshold: int) -> str:
    """A sum in words: to the nearest ten where a part is hidden, which it would else tell."""
    number = sum(parts)
    if 0 < number < threshold or not any(0 < part < threshold for part in parts):
        return count_words(number, threshold)
    return f"about {math.floor(number / 10 + 0.5) * 10:,}"


def share_words(part: int, whole: int, threshold: int) -> str:
    """A share as a percentage, or a bound on it where it would tell a small count."""
    if whole < threshold:
        return HIDDEN
    low, high = _bounds(part, whole, threshold)
    if low == high:
        return f"{low}%"
    return f"&lt;{high}%" if low == 0 else f"&gt;{low}%"


def _bounds(part: int, whole: int, threshold: int) -> tuple[int, int]:
    """Whole percents between which a share lies, as far as it may be told.

    A part below the threshold is told only as less than the threshold's share, and so is what
    is left of the whole. Nought and all are told, and nothing else is rounded to them.
    """
    if 0 < part < threshold:
        return 0, min(math.ceil(100 * threshold / whole), 100)
    if 0 < whole - part < threshold:
        return max(math.floor(100 * (whole - threshold) / whole), 0) or 1, 100
    near = round(100 * part / whole)
    kept = near if part in (0, whole) else min(max(near, 1), 99)
    return kept, kept


def share_cell(part: int, whole: int, threshold: int) -> Cell:
    """A cell of the heat table: the share in numbers, and its shade, which tells no more."""
    if whole < threshold:
        return Cell(f'<abbr title="too few rows to show">{HIDDEN}</abbr>', "number few")
    low, high = _bounds(part, whole, threshold)
    shade = SHADES if part == whole else min(SHADES * (low or high % 100) // 100, SHADES - 1)
    return Cell(share_words(part, whole, threshold), f"number shade-{shade}")


def meter(part: int, whole: int, threshold: int) -> Cell:
    """A share with a bar beside it."""
    if whole < threshold:
        return Cell(HIDDEN, "number")
    low, high = _bounds(part, whole, threshold)
    bar = f'<span class="bar" aria-hidden="true"><span style="width:{low or high}%"></span></span>'
    if part == 0:
        bar = '<span class="bar" aria-hidden="true"></span>'
    return Cell(f"{bar}{share_words(part, whole, threshold)}", "number meter")


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    numeric: Iterable[int] = (),
    of: str = "",
    wide: bool = False,
) -> str:
    """An accessible table in a region that scrolls; nothing where it has no rows.

    `of` says what the table is about to those who come to it without what stands above.
    """
    body = "\n".join(_row(row) for row in rows)
    if not body:
        return ""
    right = set(numeric)
    head = "".join(
        f'<th scope="col"{" class=number" * (place in right)}>{escape(name)}</th>'
        for place, name in enumerate(headings)
    )
    return (
        f'<div class="region" role="region" tabindex="0" '
        f'aria-label="{escape(f"{of}: {caption}" if of else caption)}">'
        f"<table{' class=heat' * wide}><caption><span>{escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Sequence[Cell]) -> str:
    first, *others = row
    cells = [f'<th scope="row"{_class(first)}>{first.html}</th>']
    cells += [f"<td{_class(cell)}>{cell.html}</td>" for cell in others]
    return f"<tr>{''.join(cells)}</tr>"


def _class(cell: Cell) -> str:
    return f' class="{cell.style}"' if cell.style else ""


def year_bars(labels: Sequence[str], rows: Sequence[int], *, of: str, threshold: int) -> str:
    """Rows by year as small bars, with the numbers in words for those who cannot see them."""
    highest = max(rows, default=0)
    if len(rows) < 2 or highest < threshold:
        return ""
    step = BAR_WIDTH + BAR_GAP
    heights = [
        max(round(BAR_HEIGHT * number / highest), 1) if number >= threshold else 0
        for number in rows
    ]
    drawn = "".join(
        f'<rect x="{step * place}" y="{BAR_HEIGHT - high}" width="{BAR_WIDTH}" height="{high}"/>'
        for place, high in enumerate(heights)
        if high
    )
    said = "; ".join(
        f"{label} {count_words(number, threshold)}"
        for label, number in zip(labels, rows, strict=True)
    )
    width = step * len(rows)
    return (
        f'<figure class="bars"><svg role="img" width="{width}" height="{BAR_HEIGHT}" '
        f'viewBox="0 0 {width} {BAR_HEIGHT}" aria-label="{escape(f"Rows of {of} by year: {said}")}'
        f'">{drawn}</svg><figcaption>Rows by year, {escape(labels[0])} to {escape(labels[-1])}; '
        f"the highest is {highest:,}</figcaption></figure>"
    )


def details(summary: str, body: str, *, is_open: bool = False) -> str:
    """What opens on demand; nothing where there is nothing to open."""
    if not body:
        return ""
    mark = " open" if is_open else ""
    return f"<details{mark}><summary>{escape(summary)}</summary>\n{body}\n</details>"


def paragraph(words: str, style: str = "") -> str:
    """Words as a paragraph; nothing for no words."""
    return f"<p{_class(Cell('', style))}>{escape(words)}</p>" if words else ""
