"""Prose of a study: the markdown cells of its notebook."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from justice_analysis.errors import BookError

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")

MAIN_POINTS, POLICY, SURE = "main-points", "policy", "sure"
# What a protocol tells of itself, and a paper on real data has no truth to tell it by.
PROTOCOL_ONLY = ("feasibility", "recovery")
# Sections that follow the downloads, in this order; a tag or the heading itself says which.
CLOSING = {
    "glossary": ("glossary",),
    "method": ("method", "methods", "how it was measured", "how this was measured"),
    "limitations": (
        "strengths and limitations",
        "strengths and limits",
        "limitations",
        "limits",
        "limits and sources",
    ),
    "related": ("related", "sources", "references", "see also"),
}


@dataclass(frozen=True)
class Cell:
    """One notebook cell: what it is, for prose its markdown, and where it stands, for errors."""

    id: str
    is_prose: bool
    text: str
    tags: tuple[str, ...]
    place: str = ""
    line: int = 1

    @property
    def closing_section(self) -> str | None:
        """Which closing section it opens, if any."""
        heading = first_heading(self.text)
        for section, headings in CLOSING.items():
            if section in self.tags or (heading and heading.lower() in headings):
                return section
        return None


@dataclass(frozen=True)
class StudyText:
    """A notebook as the book sees it: title, one-line description, cells in order."""

    title: str
    description: str
    cells: tuple[Cell, ...]
    place: str = ""

    def has_cell(self, cell_id: str) -> bool:
        """Whether the notebook has that cell."""
        return any(cell.id == cell_id for cell in self.cells)

    def tagged(self, tag: str) -> tuple[Cell, ...]:
        """Prose cells that carry the tag."""
        return tuple(cell for cell in self.cells if cell.is_prose and tag in cell.tags)


def read_notebook(path: Path) -> StudyText:
    """Read title, description and cells of a study's notebook; outputs are never looked at.

    Raises
    ------
    BookError
        If the notebook is missing, unreadable, or does not begin with a title and one line.
    """
    if not path.is_file():
        raise BookError(f"{path.name} is missing: the prose of a released study is needed.")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))["cells"]
        cells = [
            _cell(item, f"{path.name}, cell {number}") for number, item in enumerate(raw, start=1)
        ]
    except (ValueError, KeyError, TypeError):
        raise BookError(f"{path.name} is not a notebook that can be read.") from None
    return _opened(cells, path.name)


def _cell(item: dict, place: str) -> Cell:
    source = item["source"]
    text = source if isinstance(source, str) else "".join(source)
    tags = tuple(item.get("metadata", {}).get("tags", ()))
    return Cell(item.get("id", ""), item["cell_type"] == "markdown", text, tags, place)


def _opened(cells: list[Cell], name: str) -> StudyText:
    """Split the first cell into title, the paragraph under it, and what follows."""
    if not cells or not cells[0].is_prose or not cells[0].text.lstrip().startswith("# "):
        raise BookError(f"{name} must begin with a cell that holds its title (# ...).")
    first = cells[0]
    title, _, body = first.text.strip().partition("\n")
    description, _, rest = body.strip().partition("\n\n")
    line = first.text[: first.text.rfind(rest.strip())].count("\n") + 1 if rest else 1
    opening = replace(first, text=rest.strip(), line=line)
    return StudyText(
        title[2:].strip(), " ".join(description.split()), (opening, *cells[1:]), first.place
    )


def first_heading(markdown: str) -> str | None:
    """The heading a piece of prose opens with, if it opens with one."""
    match = _HEADING.match(markdown.lstrip().split("\n", 1)[0])
    return match.group(2) if match else None


def without_heading(markdown: str) -> str:
    """The prose without the heading it opens with."""
    if first_heading(markdown) is None:
        return markdown
    return markdown.lstrip().partition("\n")[2].strip()
