"""Prose of a study: the markdown cells of its notebook, with released numbers put in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.errors import BookError

ROLE = re.compile(r"\{released\}`([^`]*)`")
PARAMETER = re.compile(r"\{parameter\}`([^`]*)`")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```+|~~~+|:::+)")

MAIN_POINTS = "main-points"
POLICY = "policy"
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
    """One notebook cell: what it is and, for prose, its markdown."""

    id: str
    is_prose: bool
    text: str
    tags: tuple[str, ...]

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
        cells = [_cell(item) for item in raw]
    except (ValueError, KeyError, TypeError):
        raise BookError(f"{path.name} is not a notebook that can be read.") from None
    title, description, rest = _opening(cells[0] if cells else None, path.name)
    opening = Cell(cells[0].id, True, rest, cells[0].tags)
    return StudyText(title, description, (opening, *cells[1:]))


def _cell(item: dict) -> Cell:
    source = item["source"]
    text = source if isinstance(source, str) else "".join(source)
    tags = tuple(item.get("metadata", {}).get("tags", ()))
    return Cell(item.get("id", ""), item["cell_type"] == "markdown", text, tags)


def _opening(cell: Cell | None, name: str) -> tuple[str, str, str]:
    """Split the first cell into title, the paragraph under it, and what follows."""
    if cell is None or not cell.is_prose or not cell.text.lstrip().startswith("# "):
        raise BookError(f"{name} must begin with a cell that holds its title (# ...).")
    title, _, body = cell.text.lstrip().partition("\n")
    description, _, rest = body.strip().partition("\n\n")
    return title[2:].strip(), " ".join(description.split()), rest.strip()


def first_heading(markdown: str) -> str | None:
    """The heading a piece of prose opens with, if it opens with one."""
    match = _HEADING.match(markdown.lstrip().split("\n", 1)[0])
    return match.group(2) if match else None


def without_heading(markdown: str) -> str:
    """The prose without the heading it opens with."""
    if first_heading(markdown) is None:
        return markdown
    return markdown.lstrip().partition("\n")[2].strip()


def below_title(markdown: str) -> str:
    """Push headings of the first level down one, since a page has one title."""
    lines, fenced = [], False
    for line in markdown.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        lines.append(f"#{line}" if line.startswith("# ") and not fenced else line)
    return "\n".join(lines)


def fill_released(markdown: str, show: Callable[[str], str]) -> str:
    """Put each released text in the place of its `{released}` role."""
    return ROLE.sub(lambda match: show(match.group(1)), markdown)


def fill_parameters(markdown: str, show: Callable[[str], str]) -> str:
    """Put the value that ran in the place of each `{parameter}` role."""
    return PARAMETER.sub(lambda match: show(match.group(1)), markdown)
