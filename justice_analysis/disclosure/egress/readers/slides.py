"""PPTX: words of slides and notes, tables, comments, hidden slides, charts."""

from __future__ import annotations

import re

from justice_analysis.disclosure.egress.finding import Flag, Parts, Table, Text
from justice_analysis.disclosure.egress.readers import office, xml


def read(content: bytes) -> Parts:
    """Take a presentation apart."""
    files = office.opened(content)
    yield from office.common_parts(files)
    for name, found in files.items():
        low = name.lower()
        if not low.startswith("ppt/") or not low.endswith(".xml"):
            continue
        root = xml.parsed(found)
        words = xml.words(root, separator="\n")
        if re.fullmatch(r"ppt/slides/[^/]+\.xml", low) and root.attrib.get("show") == "0":
            yield Flag("hidden_content", 1, "hidden slides")
        if "comment" in low:
            yield Flag("comment")
        if "notesslides/" in low and re.search(r"\w{3}", words):
            yield Flag("hidden_content", 1, "notes of a speaker")
        if "/charts/" in low and (points := sum(1 for _ in root.iter("pt"))):
            yield Flag("plot_data", points, "a chart's stored copy")
        yield Text(words, low.rpartition("/")[2].removesuffix(".xml"))
        for table in root.iter("tbl"):
            rows = [[xml.words(cell) for cell in row.iter("tc")] for row in table.iter("tr")]
            if len(rows) > 1 and len({len(row) for row in rows}) == 1:
                yield Table(rows[0], rows[1:], "a slide's table")
