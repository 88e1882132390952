"""Notebooks: code, outputs of every type, attachments, metadata, widgets and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from justice_analysis.disclosure.egress import encoded, kinds
from justice_analysis.disclosure.egress.finding import Flag, Inner, Parts, Text
from justice_analysis.disclosure.egress.readers import plain, structured

WRITTEN_OUT = re.compile(r'"""(.*?)"""|\'\'\'(.*?)\'\'\'', re.DOTALL)
"""Text of several lines in code: the place for a table that somebody pasted."""
DRAWN = ("plotly", "vega", "bokeh", "highcharts", "echarts")


def read(content: bytes) -> Parts:
    """Take a notebook apart."""
    notebook = json.loads((kinds.as_text(content) or "").lstrip("\ufeff"))
    yield from _metadata(notebook.get("metadata"), "notebook's metadata")
    for number, cell in enumerate(notebook.get("cells") or [], start=1):
        place = f"cell {number}"
        yield Text(_joined(cell.get("source")), place)
        for written in WRITTEN_OUT.findall(_joined(cell.get("source"))):
            yield from plain.in_text("".join(written), place)
        yield from _metadata(cell.get("metadata"), f"{place} metadata")
        for attached in (cell.get("attachments") or {}).values():
            yield from _bundle(attached, f"{place} attachment")
        for at, output in enumerate(cell.get("outputs") or [], start=1):
            yield from _output(output, f"{place} output {at}")


def _joined(source: Any) -> str:
    return "".join(source) if isinstance(source, list) else str(source or "")


def _metadata(metadata: Any, place: str) -> Parts:
    if not metadata:
        return
    if isinstance(metadata, Mapping) and metadata.get("widgets"):
        yield Flag("hidden_content", 1, f"{place} widgets")
    yield from structured.parts(metadata, place)


def _output(output: Mapping[str, Any], place: str) -> Parts:
    if output.get("output_type") == "error":
        yield Flag("traceback", 1, place)
        yield Text(_joined(output.get("traceback")), place)
        return
    if "text" in output:
        printed = _joined(output["text"])
        yield Text(printed, place)
        yield from plain.in_text(printed, place)
    yield from _bundle(output.get("data") or {}, place)
    yield from _metadata(output.get("metadata"), f"{place} metadata")


def _bundle(bundle: Any, place: str) -> Parts:
    if not isinstance(bundle, Mapping):
        yield Flag("unreadable", 1, place)
        return
    for kind, found in bundle.items():
        if any(name in kind for name in DRAWN):
            yield Flag("plot_data", max(structured.plot_points(found), 1), place)
        if isinstance(found, (Mapping, list)) and not _is_lines(found):
            yield from structured.parts(found, place)
        elif kind.startswith(("image/", "application/")) and "svg" not in kind:
            yield from _binary(_joined(found), place)
        elif kind == "text/plain":
            yield Text(_joined(found), place)
            yield from plain.in_text(_joined(found), place)
        else:
            yield Inner("", _joined(found).encode("utf-8", errors="replace"), place)


def _is_lines(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(line, str) for line in found)


def _binary(text: str, place: str) -> Parts:
    content = encoded.from_base64(text)
    yield Inner("", text.encode("utf-8") if content is None else content, place)
