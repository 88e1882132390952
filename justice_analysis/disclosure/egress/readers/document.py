"""DOCX: words shown and hidden, tables, comments, tracked changes, embedded files."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from justice_analysis.disclosure.egress.finding import Flag, Parts, Text
from justice_analysis.disclosure.egress.readers import office, plain, xml

CHANGES = frozenset({"del", "ins", "moveFrom", "moveTo", "delText", "cellDel", "cellIns"})
BODIES = re.compile(
    r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|glossary/document)\.xml"
)


def read(content: bytes) -> Parts:
    """Take a document apart."""
    files = office.opened(content)
    yield from office.common_parts(files)
    for name, found in files.items():
        low = name.lower()
        if BODIES.fullmatch(low):
            yield from _body(xml.parsed(found), low.rpartition("/")[2].removesuffix(".xml"))
        elif re.fullmatch(r"word/comments\w*\.xml", low):
            yield from _comments(xml.parsed(found))
        elif re.fullmatch(r"word/people\.xml", low):
            people = sum(1 for _ in xml.parsed(found).iter("person"))
            if people:
                yield Flag("user_name", people, "authors of changes")
        elif low == "word/settings.xml":
            yield from _settings(xml.parsed(found))
        elif re.fullmatch(r"word/charts/chart[^/]*\.xml", low):
            points = sum(1 for _ in xml.parsed(found).iter("pt"))
            if points:
                yield Flag("plot_data", points, "a chart's stored copy")


def _comments(root: Element) -> Parts:
    if number := sum(1 for _ in root.iter("comment")):
        yield Flag("comment", number)
        yield Text(_words(root), "comments")


def _settings(root: Element) -> Parts:
    if variables := sum(1 for _ in root.iter("docVar")):
        yield Flag("hidden_content", variables, "document variables")
        yield Text(
            "\n".join(one.attrib.get("val", "") for one in root.iter("docVar")),
            "document variables",
        )


def _body(root: Element, place: str) -> Parts:
    changes = sum(1 for one in root.iter() if one.tag in CHANGES)
    if changes:
        yield Flag("tracked_change", changes, place)
    hidden = sum(
        1
        for one in root.iter("vanish")
        if one.attrib.get("val", "true") not in ("0", "false", "off")
    )
    if hidden:
        yield Flag("hidden_content", hidden, f"{place} hidden text")
    words = _words(root)
    yield Text(words, place)
    yield from plain.in_text(words, place)
    yield Text("\n".join(_described(root)), f"{place} descriptions")
    for number, table in enumerate(root.iter("tbl"), start=1):
        yield from _table(table, f"{place} table {number}")


def _words(element: Element) -> str:
    """Write one line a paragraph, deleted words too."""
    return "\n".join(
        "".join(_run(one) for one in paragraph.iter()) for paragraph in element.iter("p")
    )


def _run(element: Element) -> str:
    if element.tag in ("t", "delText", "instrText"):
        return element.text or ""
    return "\t" if element.tag in ("tab", "br") else ""


def _described(root: Element) -> list[str]:
    names = ("descr", "title", "name", "author", "alias", "tag")
    return [
        f"{name}: {one.attrib[name]}"
        for one in root.iter()
        for name in names
        if not callable(one.tag) and name in one.attrib
    ]


def _table(table: Element, place: str) -> Parts:
    rows = [[" ".join(_words(cell).split()) for cell in row.iter("tc")] for row in table.iter("tr")]
    return plain.uneven_table(rows, place)
