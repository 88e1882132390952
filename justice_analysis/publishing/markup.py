"""Small pieces of MyST and HTML that every page is made of."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence

SYNTHETIC = "Synthetic data"
NAME_STATUS = {
    "confirmed": "published",
    "secondary": "published second-hand",
    "assumed": "assumed",
}


def escape(value: object) -> str:
    """Text made safe inside HTML, on one line."""
    return html.escape(" ".join(str(value).split()), quote=True)


def plain(value: object) -> str:
    """Text made safe inside MyST prose: nothing in it is read as markup."""
    return re.sub(r"([\\`*_{}\[\]<>$|~^@])", r"\\\1", " ".join(str(value).split()))


def front_matter(values: Mapping[str, object]) -> str:
    """The block at the top of a page that templates read."""
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---"))


def sentence(value: object) -> str:
    """Text that ends in a full stop (or ? or !)."""
    text = " ".join(str(value).split())
    return text if not text or text[-1] in ".?!" else f"{text}."


def admonition(title: str, body: str, *, style: str) -> str:
    """A box with a title."""
    return f"::::::{{admonition}} {title}\n:class: {style}\n\n{body.strip()}\n::::::"


def hidden_toctree(pages: Sequence[str], *, caption: str | None = None) -> str:
    """List pages in the navigation without printing the list."""
    options = [":hidden:"] + ([f":caption: {json.dumps(caption)}"] if caption else [])
    return "\n".join(("```{toctree}", *options, "", *pages, "```"))


def html_table(
    *,
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Sequence[bool] | None = None,
    label: str | None = None,
) -> str:
    """An accessible table in a region that scrolls, as one block of HTML.

    Cells are escaped here; the first cell of a row is its heading. Numbers align right.
    """
    right = list(numeric or [False] * len(headings))
    head = "".join(
        f'<th scope="col"{_numeric(right[at])}>{escape(name)}</th>'
        for at, name in enumerate(headings)
    )
    body = "\n".join(_row(row, right) for row in rows)
    return (
        f'<div class="table-region" role="region" tabindex="0" aria-label="'
        f'{escape(label or caption)}">\n<table class="released-table">\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _row(row: Sequence[str], right: Sequence[bool]) -> str:
    first, *others = row
    cells = [f'<th scope="row"{_numeric(right[0])}>{escape(first)}</th>']
    cells += [
        f"<td{_numeric(right[at])}>{escape(cell)}</td>" for at, cell in enumerate(others, start=1)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _numeric(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """A list of names and what they stand for; empty ones are left out."""
    lines = [
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in pairs
        if value not in (None, "", (), [])
    ]
    return '<dl class="facts">\n' + "\n".join(lines) + "\n</dl>"


def words(name: object) -> str:
    """A column's or a code's name as words: `share_returned` is "Share returned"."""
    text = str(name).replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def page(*parts: str) -> str:
    """A page of these parts, empty ones left out."""
    return "\n\n".join(part for part in parts if part) + "\n"


def section(title: str, body: str) -> list[str]:
    """A heading and what stands under it; nothing where that is empty."""
    return [f"## {title}", body] if body else []


def bullets(items: str | Iterable[str]) -> str:
    """Sentences as a list; one text is a list of one."""
    listed = [items] if isinstance(items, str) else list(items)
    return "\n".join(f"- {plain(sentence(item[:1].upper() + item[1:]))}" for item in listed if item)


def figure(file: str, *, alt: str, caption: str) -> str:
    """A picture with its alternative text and caption."""
    quoted = escape_quotes(alt)
    return f'```{{figure}} {file}\n:alt: "{quoted}"\n:class: released-figure\n\n{caption}\n```'


def escape_quotes(value: str) -> str:
    """Text for a quoted option of a directive, on one line."""
    return " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')
