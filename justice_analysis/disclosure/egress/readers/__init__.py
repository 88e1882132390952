"""Readers take a file apart into words, tables, inner files and flags; one module a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from justice_analysis.disclosure.egress.finding import Parts
from justice_analysis.disclosure.egress.readers import (
    archive,
    document,
    html,
    images,
    notebook,
    opendocument,
    pdf,
    plain,
    slides,
    structured,
    svg,
    workbook,
)

READERS: Mapping[str, Callable[[bytes], Parts]] = {
    "docx": document.read,
    "gif": images.read_other,
    "gzip": archive.read_gzip,
    "html": html.read,
    "jpeg": images.read_jpeg,
    "json": structured.read_json,
    "jsonl": structured.read_json_lines,
    "notebook": notebook.read,
    "ods": opendocument.read,
    "odt": opendocument.read,
    "pdf": pdf.read,
    "plain": plain.read,
    "png": images.read_png,
    "pptx": slides.read,
    "svg": svg.read,
    "tiff": images.read_other,
    "xlsm": workbook.read,
    "xlsx": workbook.read,
    "xml": svg.read_xml,
    "zip": archive.read_zip,
}
"""For each kind of content that can be read, its reader; anything else is refused."""
