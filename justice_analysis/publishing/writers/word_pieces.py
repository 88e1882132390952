"""Pieces of WordprocessingML: runs, paragraphs, pictures, links and numbered lists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from justice_analysis.publishing.writers.office_files import clean
from justice_analysis.publishing.writers.word_shell import TEXT_WIDTH
from justice_analysis.publishing.writers.word_styles import NUMBERS

EMU_PER_POINT = 12700
WIDEST = TEXT_WIDTH // 20 * EMU_PER_POINT
TALLEST = 560 * EMU_PER_POINT
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_SAFE = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)


def run(text: str, *, bold: bool = False, italic: bool = False, style: str = "") -> str:
    """Words in one look; spaces at their ends are kept, line breaks are spaces."""
    look = "".join(
        (
            f'<w:rStyle w:val="{style}"/>' if style else "",
            "<w:b/>" if bold else "",
            "<w:i/>" if italic else "",
        )
    )
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    said = re.sub(r"\s+", " ", clean(text))
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(said)}</w:t></w:r>'


def paragraph(style: str, runs: str, *, before: int | None = None, numbered: str = "") -> str:
    """A paragraph in a style, with space before it if it needs more than its style gives."""
    spaced = "" if before is None else f'<w:spacing w:before="{before}"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{numbered}{spaced}</w:pPr>{runs}</w:p>'


def is_address(target: str) -> bool:
    """Whether a target is an address that a reader's program may be asked to open."""
    return bool(_SAFE.fullmatch(target))


class Ink:
    """What writing needs of the document: relations, pictures, lists, and numbers for them.

    Parameters
    ----------
    document
        A document of python-docx.
    """

    def __init__(self, document: Any) -> None:
        self._part = document.part
        self._pictures = 0
        self._links: dict[str, str] = {}
        self._lists = 1  # the list of bullets

    def link(self, runs: str, address: str) -> str:
        """Runs that lead to an address outside."""
        if address not in self._links:
            self._links[address] = self._part.relate_to(address, _LINK, is_external=True)
        return f'<w:hyperlink r:id="{self._links[address]}" w:history="1">{runs}</w:hyperlink>'

    def numbered(self, number: int, level: int) -> str:
        """Properties of an item of a numbered list."""
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'

    def new_list(self) -> int:
        """A numbered list of its own, which begins at one."""
        from docx.oxml import parse_xml

        self._lists += 1
        starts = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
            for level in range(3)
        )
        self._part.numbering_part.element.append(
            parse_xml(
                f'<w:num {NAMESPACES} w:numId="{self._lists}">'
                f'<w:abstractNumId w:val="{NUMBERS}"/>{starts}</w:num>'
            )
        )
        return self._lists

    def picture(
        self, file: Any, *, alt: str, name: str, size: tuple[float, float] | None = None,
        depth: float = 0,
    ) -> str:  # fmt: skip
        """A run with a picture and its alternative text.

        Parameters
        ----------
        size
            Width and height in points; missing for as wide as the text.
        depth
            Points of it that hang below the line of writing.
        """
        held = str(file) if isinstance(file, Path) else file
        relation, image = self._part.get_or_add_image(held)
        self._pictures += 1
        width, height = _fitted(size or (image.px_width, image.px_height), grow=size is None)
        said = quoteattr(" ".join(clean(alt).split()))
        number, named = self._pictures, quoteattr(clean(name))
        lowered = f'<w:rPr><w:position w:val="{-round(depth * 2)}"/></w:rPr>' if depth else ""
        return (
            f'<w:r>{lowered}<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name={named} '
            f'descr={said}/><a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic><pic:nvPicPr>'
            f'<pic:cNvPr id="{number}" name={named} descr={said}/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" '
            f'cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def _fitted(size: tuple[float, float], *, grow: bool) -> tuple[int, int]:
    """Width and height in EMU, no wider than the text and no taller than a page."""
    width, height = (side * EMU_PER_POINT for side in size)
    least = min(WIDEST / width, TALLEST / height)
    scale = least if grow else min(1.0, least)
    return round(width * scale), round(height * scale)
