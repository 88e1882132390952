"""HTML in which everything is escaped that wasn't made here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

VOID = ("img", "meta", "col", "br", "hr")


class Html(str):
    """Text that is markup already; any other text is escaped when it is put into an element."""

    __slots__ = ()


def el(name: str, /, *children: object, **attributes: object) -> Html:
    """Make an element.

    Parameters
    ----------
    children
        Elements, text, or lists of these; None is left out.
    attributes
        `class_` is written `class`, other underscores as hyphens; None and False are left out,
        True stands without a value.
    """
    said = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Html(f"<{name}{said}>")
    return Html(f"<{name}{said}>{_inside(children)}</{name}>")


def join(children: Iterable[object]) -> Html:
    """Put elements and text beside one another."""
    return Html(_inside(children))


def table(
    caption: object,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    label: str,
    numeric: Iterable[int] = (),
) -> Html:
    """An accessible table in a region that scrolls by itself; the first cell of a row heads it.

    Parameters
    ----------
    label
        Names the region for who doesn't see it.
    numeric
        Columns of numbers, from 0.
    """
    right = set(numeric)
    head = el("tr", [el("th", cell, scope="col", class_=_side(n, right))
                     for n, cell in enumerate(headings)])  # fmt: skip
    body = [
        el("tr", [
            el("th", cell, scope="row", class_=_side(n, right)) if n == 0
            else el("td", cell, class_=_side(n, right))
            for n, cell in enumerate(row)
        ])
        for row in rows
    ]  # fmt: skip
    content = el("table", el("caption", el("span", caption)), el("thead", head), el("tbody", body))
    return scrolling(content, label=label)


def scrolling(content: Html, *, label: str, class_: str = "region") -> Html:
    """A region that scrolls and that the keyboard reaches."""
    return el("div", content, class_=class_, role="region", aria_label=label, tabindex="0")


def facts(pairs: Iterable[tuple[object, object]]) -> Html:
    """A list of names and what they are; empty ones are left out."""
    kept = [(name, value) for name, value in pairs if value not in (None, "", (), [], {})]
    return el("dl", [el("div", el("dt", name), el("dd", value)) for name, value in kept])


def more(summary: object, *children: object, open: bool = False) -> Html:
    """Detail that opens on request, by the browser itself, or is open from the start."""
    return el("details", el("summary", summary), *children, open=open)


def bullets(items: Iterable[object]) -> Html:
    """A list of points."""
    return el("ul", [el("li", item) for item in items])


def _side(number: int, right: set[int]) -> str | None:
    return "number" if number in right else None


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(str(value), quote=True)}"'


def _inside(children: Iterable[object]) -> str:
    parts = []
    for child in children:
        if isinstance(child, Html):
            parts.append(str(child))
        elif isinstance(child, (list, tuple)):
            parts.append(_inside(child))
        elif child is not None:
            parts.append(html.escape(str(child), quote=False))
    return "".join(parts)
