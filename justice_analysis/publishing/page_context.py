"""A Sphinx extension: what the page templates say of a page beside its words."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

LEAD_LENGTH = 200
WORDS_THAT_SAY_SOMETHING = 5
SECTIONS_WORTH_A_LIST = 3
_KINDS = {"decisions": "Decision", "guides": "Guide"}


def setup(app: Any) -> dict[str, Any]:
    """Keep each page's first sentences, and hand its sections to the templates."""
    app.connect("doctree-read", _keep_lead, priority=900)  # metadata is there by then
    app.connect("doctree-resolved", _complete)
    app.connect("html-page-context", _add_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _keep_lead(app: Any, doctree: Any) -> None:
    app.env.metadata[app.env.docname]["lead"] = lead(doctree)


def _complete(app: Any, doctree: Any, page: str) -> None:
    name_tables(doctree)
    up = "../" * page.count("/")
    pictures = {file: f"{up}{app.builder.imagedir}/{name}" for file, (_, name) in _images(app)}
    lead_to_pictures(doctree, pictures)


def _images(app: Any) -> Any:
    return app.env.images.items()


def lead_to_pictures(doctree: Any, pictures: Mapping[str, str]) -> None:
    """End each figure's caption with a way to the picture alone, which a phone can enlarge.

    Parameters
    ----------
    pictures
        Address of each picture, seen from the page, by its file.
    """
    from docutils import nodes

    for figure in doctree.findall(nodes.figure):
        image, caption = figure.next_node(nodes.image), figure.next_node(nodes.caption)
        if image is None or caption is None or image["uri"] not in pictures:
            continue
        address = html.escape(pictures[image["uri"]], quote=True)
        link = f' <a class="larger" href="{address}">Open this figure larger</a>'
        caption.append(nodes.raw("", link, format="html"))


def name_tables(doctree: Any) -> None:
    """Give each table of the prose a caption and a region that scrolls on a narrow screen.

    Markdown has no captions for tables: the heading above names it, unseen, for those who hear it.
    """
    from docutils import nodes

    for table in list(doctree.findall(nodes.table)):
        heading = _heading_above(table)
        if not isinstance(table.next_node(), nodes.title):
            caption = f'<caption class="unseen">{html.escape(heading)}</caption>'
            table.insert(0, nodes.raw("", caption, format="html"))
        label = html.escape(f"Table: {heading}", quote=True)
        start = f'<div class="table-region" role="group" tabindex="0" aria-label="{label}">'
        place, parent = table.parent.index(table), table.parent
        parent.insert(place, nodes.raw("", start, format="html"))
        parent.insert(place + 2, nodes.raw("", "</div>", format="html"))


def _heading_above(table: Any) -> str:
    from docutils import nodes

    parent = table.parent
    while parent is not None and not isinstance(parent, nodes.section):
        parent = parent.parent
    return parent[0].astext() if parent is not None else "Table"


def _add_context(
    app: Any, page: str, template: str, context: dict[str, Any], doctree: Any | None
) -> None:
    stated = app.env.metadata.get(page) or {}
    context["lead"] = stated.get("lead", "")
    context["is_synthetic"] = is_synthetic(stated)
    context["sections"] = sections(doctree) if stated.get("contents") != "False" else []
    if page == "search":
        context["found_pages"] = {
            name: [title.astext(), kind(name, app.env.metadata[name]), _lead_of(app.env, name)]
            for name, title in sorted(app.env.titles.items())
        }


def _lead_of(environment: Any, page: str) -> str:
    return str(environment.metadata[page].get("lead", ""))


def lead(doctree: Any) -> str:
    """The first paragraph of a page that says something, shortened at a word; a date does not."""
    from docutils import nodes

    paragraphs = (
        " ".join(node.astext().split())
        for node in doctree.findall(nodes.paragraph)
        if isinstance(node.parent, nodes.section)
    )
    text = next((said for said in paragraphs if said.count(" ") >= WORDS_THAT_SAY_SOMETHING), "")
    if len(text) <= LEAD_LENGTH:
        return text
    return f"{text[:LEAD_LENGTH].rsplit(' ', 1)[0].rstrip(',;:')} …"


def sections(doctree: Any | None) -> list[tuple[str, str]]:
    """Title and anchor of each section of a page; none where a list of them would be no help."""
    from docutils import nodes

    page = next(doctree.findall(nodes.section), None) if doctree is not None else None
    if page is None:
        return []
    found = [
        (node[0].astext(), node["ids"][-1])
        for node in page.children
        if isinstance(node, nodes.section) and isinstance(node[0], nodes.title)
    ]
    return found if len(found) >= SECTIONS_WORTH_A_LIST else []


def is_synthetic(stated: dict[str, Any]) -> bool:
    """Whether a page's front matter says that it holds synthetic numbers."""
    return str(stated.get("synthetic")).lower() == "true"


def kind(page: str, stated: dict[str, Any]) -> str:
    """What a page is, in a few words; a page that does not say it is of its folder's kind."""
    said = str(stated.get("kind") or _KINDS.get(page.partition("/")[0], "Page"))
    return f"{said}, synthetic data" if is_synthetic(stated) else said
