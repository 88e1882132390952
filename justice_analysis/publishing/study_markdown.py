"""The page of a study variant: prose with the released objects where they were shown."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import (
    SYNTHETIC,
    admonition,
    escape,
    figure,
    front_matter,
    plain,
    sentence,
)
from justice_analysis.publishing.prose import (
    CLOSING,
    MAIN_POINTS,
    POLICY,
    Cell,
    below_title,
    without_heading,
)
from justice_analysis.publishing.quotations import quotations_html
from justice_analysis.publishing.released_reader import ReleasedOutput
from justice_analysis.publishing.released_table import show_table
from justice_analysis.publishing.study_ending import (
    citation,
    definitions,
    downloads,
    provenance,
    variants,
)
from justice_analysis.publishing.study_page import DEFAULT, StudyPage

# A link to a page beside this one is a link to another study.
_STUDY_LINK = re.compile(r"\[([^\]]*)\]\(([A-Za-z0-9_-]+\.md)\)")


def study_files(page: StudyPage) -> dict[str, str | Path]:
    """The page and the files it needs, by path in the book; a `Path` is copied as it is."""
    _refuse_lost_cells(page)
    files: dict[str, str | Path] = {f"{page.chapter}/{page.slug}.md": study_markdown(page)}
    for output in page.study.released:
        assert output.csv_file is not None
        for file in (output.csv_file, output.csv_file.with_suffix(".txt")):
            files[f"{page.chapter}/{page.file_name(output, file.suffix)}"] = file
        if output.figure:
            files[f"{page.chapter}/{page.file_name(output, '.png')}"] = output.figure
    return files


def linked(markdown: str, pages: Mapping[str, str], *, here: str) -> str:
    """Lead links between studies to where their pages are; an absent page leaves its text.

    Parameters
    ----------
    pages
        Path of each study's page in the book by its file name.
    here
        Path of the page that the links are on.
    """

    def lead(link: re.Match[str]) -> str:
        label, name = link.groups()
        if name in pages:
            return f"[{label}]({posixpath.relpath(pages[name], posixpath.dirname(here))})"
        return label

    return _STUDY_LINK.sub(lead, markdown)


def _refuse_lost_cells(page: StudyPage) -> None:
    lost = [
        output.id
        for output in page.study.outputs
        if output.cell and not page.text.has_cell(output.cell)
    ]
    if lost:
        raise BookError(
            f"{page.study.name}: {len(lost)} outputs ({', '.join(lost)}) come from cells that "
            "the notebook no longer has. Run and release the study again."
        )


def study_markdown(page: StudyPage) -> str:
    """The whole page, in the order a reader wants it."""
    parts = [
        front_matter({"synthetic": page.is_synthetic, "kind": page.kind}),
        f"# {plain(page.title)}",
        page.fill(page.text.description),
        _status(page),
        *([] if page.is_synthetic else _summary(page)),
        *_analysis(page),
        *downloads(page),
        *_closing(page),
        *definitions(page),
        *variants(page),
        *citation(page),
        *provenance(page),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _status(page: StudyPage) -> str:
    released = page.study.provenance.get("released") or page.study.provenance.get("released_date")
    items = [page.kind]
    items += [SYNTHETIC] if page.is_synthetic else []
    items += [f"Variant: {page.variant_title}"] if page.study.variant != DEFAULT else []
    items += [f"Released {released}"] if released else []
    line = f'<p class="status">{escape(" · ".join(items))}</p>'
    if not page.is_synthetic:
        return line
    return (
        f"{line}\n\n::::::{{admonition}} A protocol, not a finding\n:class: protocol\n\n"
        "This page shows how the study will be done and what its tables will look like. Every "
        "number comes from simulated people. None says anything about the real world.\n::::::"
    )


def _summary(page: StudyPage) -> list[str]:
    boxes = ((MAIN_POINTS, "Main points"), (POLICY, "What this means for policy"))
    return [
        admonition(title, page.fill(_joined(page.text.tagged(tag))), style=tag)
        for tag, title in boxes
        if page.text.tagged(tag)
    ]


def _joined(cells: tuple[Cell, ...]) -> str:
    return "\n\n".join(without_heading(cell.text) for cell in cells)


def _analysis(page: StudyPage) -> list[str]:
    parts: list[str] = []
    for cell in page.text.cells:
        boxed = {MAIN_POINTS, POLICY} & set(cell.tags)
        if cell.is_prose and not boxed and not cell.closing_section:
            parts.append(page.fill(below_title(cell.text)))
        parts += [_shown(page, output) for output in _displayed(page, cell)]
    return parts


def _displayed(page: StudyPage, cell: Cell) -> list[ReleasedOutput]:
    return [out for out in page.study.outputs if out.cell and out.cell == cell.id]


def _shown(page: StudyPage, output: ReleasedOutput) -> str:
    if not output.is_released:
        reason = sentence(output.reason or "it did not pass disclosure control")
        return (
            f'<p class="not-released" id="{_anchor(output)}"><strong>{escape(output.title)}.'
            f"</strong> This output was not released: {escape(reason)}</p>"
        )
    if output.kind == "text":
        return ""
    if output.kind == "quotations":
        return _quotations(page, output)
    table = _table(page, output)
    if not output.figure:
        return table
    return (
        f'{_figure(page, output)}\n\n<details class="numbers">\n'
        "<summary>The numbers behind this figure</summary>\n\n"
        f"{table}\n\n</details>"
    )


def _anchor(output: ReleasedOutput) -> str:
    return f"output-{output.id.replace('_', '-')}"


def _figure(page: StudyPage, output: ReleasedOutput) -> str:
    alt = " ".join(str(output.context["alt_text"]).split())
    if page.is_synthetic and SYNTHETIC.lower() not in alt.lower():
        alt = f"{SYNTHETIC}. {alt}"
    caption = " ".join(_caption(page, output))
    return figure(page.file_name(output, ".png"), alt=alt, caption=caption)


def _caption(page: StudyPage, output: ReleasedOutput) -> list[str]:
    subtitle = output.context.get("subtitle") or output.title
    notes = [plain(sentence(note)) for note in output.context.get("notes") or ()]
    return [f"{SYNTHETIC}."] * page.is_synthetic + [plain(sentence(subtitle)), *notes]


def _quotations(page: StudyPage, output: ReleasedOutput) -> str:
    notes = [sentence(note) for note in output.context.get("notes") or ()]
    said = f'<p class="table-notes">{escape(" ".join(notes))}</p>'
    link = page.download(output, "Download these quotations (CSV)")
    return "\n\n".join([quotations_html(output), said, link])


def _table(page: StudyPage, output: ReleasedOutput) -> str:
    shown = show_table(output, is_synthetic=page.is_synthetic)
    notes = list(shown.notes)
    if not output.figure:
        notes += [sentence(note) for note in output.context.get("notes") or ()]
    parts = [shown.html]
    parts += [f'<p class="table-notes">{escape(" ".join(notes))}</p>'] if notes else []
    return "\n\n".join([*parts, page.download(output, "Download these numbers (CSV)")])


def _closing(page: StudyPage) -> list[str]:
    cells = [cell for cell in page.text.cells if cell.is_prose]
    return [
        page.fill(below_title(cell.text))
        for section in CLOSING
        for cell in cells
        if cell.closing_section == section
    ]
