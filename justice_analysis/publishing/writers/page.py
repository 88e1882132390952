"""A paper as a page of the book, in MyST."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from justice_analysis.publishing.markup import (
    SYNTHETIC,
    escape,
    figure,
    front_matter,
    html_table,
    plain,
    words,
)
from justice_analysis.publishing.paper.blocks import (
    Block,
    Box,
    Bullets,
    Facts,
    Figure,
    Files,
    Formula,
    Heading,
    NotReleased,
    Paragraph,
    Quotations,
    Table,
    Words,
)
from justice_analysis.publishing.paper.ending import file_names
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.paper.references import Reference
from justice_analysis.publishing.study_page import DEFAULT
from justice_analysis.publishing.writers.inline import words_html, words_markdown

__all__ = ["block_markdown", "paper_markdown", "words_markdown"]


def paper_markdown(paper: Paper) -> str:
    """The whole page."""
    here = f"{paper.chapter}/{paper.slug}"
    parts = [
        front_matter({"synthetic": paper.is_synthetic, "kind": paper.kind}),
        f"# {plain(paper.title)}",
        words_markdown(paper.description, here=here),
        _status(paper),
        _byline(paper),
        _whole(paper),
        *_abstract(paper.abstract, here),
        *(block_markdown(block, here=here) for block in paper.blocks),
        *_references(paper.references),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _status(paper: Paper) -> str:
    items = [paper.kind]
    items += [SYNTHETIC] if paper.is_synthetic else []
    is_other = paper.is_synthetic and paper.variant != DEFAULT
    items += [f"Variant: {words(paper.variant)}"] if is_other else []
    items += [paper.front.place, f"{words(paper.front.status)}, version {paper.front.version}"]
    items += [f"Released {paper.released}"] if paper.released else []
    return f'<p class="status">{escape(" · ".join(items))}</p>'


def _byline(paper: Paper) -> str:
    """Who wrote it, and when."""
    names = [_author(author) for author in paper.front.authors]
    return f'<p class="byline">{", ".join(names)} · {escape(paper.front.date)}</p>'


def _whole(paper: Paper) -> str:
    """The paper in other forms, where a reader meets it first."""
    names = file_names(paper.slug, is_synthetic=paper.is_synthetic)
    kinds = (
        ("pdf", "PDF"),
        ("docx", "Word"),
        ("xlsx", "tables in Excel"),
        ("ods", "in OpenDocument"),
    )
    said = ", ".join(f"{{download}}`{label} <{names[kind]}>`" for kind, label in kinds)
    return f"To keep or print: {said}."


def _author(author: Any) -> str:
    name = escape(author.name)
    if author.orcid:
        address = f"https://orcid.org/{escape(author.orcid)}"
        name += f' (<a href="{address}">ORCID {escape(author.orcid)}</a>)'
    return f"{name}, {escape(author.affiliation)}" if author.affiliation else name


def _abstract(said: Words, here: str) -> list[str]:
    if not said:
        return []
    return ['<div class="abstract">', words_markdown(said, here=here), "</div>"]


# Blocks ---------------------------------------------------------------------------------------


def block_markdown(block: Block, *, here: str) -> str:
    """One block as MyST.

    Parameters
    ----------
    here
        Path of the page in the book, without suffix.
    """
    match block:
        case Heading(level, said):
            return f"{'#' * level} {words_markdown(said, here=here)}"
        case Paragraph(said, style):
            if style == "note":
                return f'<p class="table-notes">{words_html(said, here=here)}</p>'
            return words_markdown(said, here=here)
        case Bullets():
            return _list(block, here)
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case Formula(latex):
            return f"$$\n{latex}\n$$"
        case Quotations():
            return _quotations(block)
        case NotReleased():
            return (
                f'<p class="not-released"><strong>{escape(block.title)}.</strong> This output was '
                f"not released: {escape(block.reason)}</p>"
            )
        case Box():
            return _box(block, here)
        case Facts(pairs):
            return _facts(pairs, here)
        case Files(lines):
            return "\n".join(f"- {plain(_led(title))} {_kinds(kinds)}" for title, kinds in lines)


def _list(block: Bullets, here: str) -> str:
    lines = []
    for place, item in enumerate(block.items, start=1):
        mark = f"{place}. " if block.ordered else "- "
        inner = "\n\n".join(block_markdown(one, here=here) for one in item)
        lines.append(mark + inner.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _table(table: Table) -> str:
    html = table_html(table)
    if not table.notes:
        return html
    return f'{html}\n\n<p class="table-notes">{escape(" ".join(table.notes))}</p>'


def table_html(table: Table) -> str:
    """The table in a region that scrolls."""
    return html_table(
        caption=table.caption,
        headings=table.headings,
        rows=table.rows,
        numeric=table.numeric,
        label=table.label or table.caption,
    )


def _figure(block: Figure) -> str:
    shown = figure(block.name, alt=block.alt, caption=plain(block.caption))
    if block.numbers is None:
        return shown
    return (
        f'{shown}\n\n<details class="numbers">\n<summary>The numbers behind this figure</summary>'
        f"\n\n{_table(block.numbers)}\n\n</details>"
    )


def _quotations(block: Quotations) -> str:
    lines: list[str] = []
    theme = None
    for one in block.items:
        if one.theme != theme:
            lines.append(f'<p class="theme"><strong>{escape(one.theme)}</strong></p>')
            theme = one.theme
        if not one.text:
            hidden = "A quotation is hidden for confidentiality."
            lines.append(f'<p class="not-released">{hidden}</p>')
            continue
        lines.append(
            f'<blockquote class="quotation"><p>{escape(one.text)}</p>'
            f"<footer>{escape(one.speaker)}</footer></blockquote>"
        )
    html = "\n".join(lines)
    if not block.notes:
        return html
    return f'{html}\n\n<p class="table-notes">{escape(" ".join(block.notes))}</p>'


def _box(box: Box, here: str) -> str:
    inner = "\n\n".join(block_markdown(block, here=here) for block in box.blocks)
    return f"::::::{{admonition}} {plain(box.title)}\n:class: {box.style}\n\n{inner}\n::::::"


def _facts(pairs: tuple[tuple[str, Words], ...], here: str) -> str:
    lines = [
        f"<dt>{escape(name)}</dt><dd>{words_html(said, here=here)}</dd>" for name, said in pairs
    ]
    return '<dl class="facts">\n' + "\n".join(lines) + "\n</dl>"


def _led(title: str) -> str:
    """A title before what it is to be had as."""
    return title if title[-1:] in "?!." else f"{title}:"


def _kinds(kinds: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{{download}}`{plain_label(label)} <{file}>`" for label, file in kinds)


def plain_label(label: str) -> str:
    """A label for a role: what would end it is left out."""
    return label.replace("`", "").replace("<", "").replace(">", "")


def _references(works: tuple[Reference, ...]) -> list[str]:
    if not works:
        return []
    lines = []
    for work in works:
        link = f' <a href="{escape(work.address)}">{escape(work.address)}</a>'
        shown = f"{escape(work.full)}{link if work.address else ''}"
        lines.append(f'<li id="ref-{escape(work.key)}">{shown}</li>')
    return ["## References", '<ol class="references">\n' + "\n".join(lines) + "\n</ol>"]


def paper_files(paper: Paper, made: Mapping[str, Path]) -> dict[str, str | Path]:
    """The page and the files that it shows or gives, by path in the book.

    Parameters
    ----------
    made
        Files of the whole paper (PDF, Word, workbooks, citation) by name beside the page.
    """
    files: dict[str, str | Path] = {f"{paper.chapter}/{paper.slug}.md": paper_markdown(paper)}
    files |= {f"{paper.chapter}/{item.name}": item.file for item in paper.figures}
    files |= {f"{paper.chapter}/{name}": path for name, path in made.items()}
    return files
