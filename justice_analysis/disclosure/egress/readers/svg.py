"""SVG holds every plotted point; other XML is words."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from justice_analysis.disclosure.egress.finding import Flag, Inner, Parts, Text
from justice_analysis.disclosure.egress.readers import xml

MARKS = frozenset({"circle", "ellipse", "use", "rect", "line"})
MOST_POINTS = 20
"""A drawing of fewer marks is an icon or a diagram, not a plot."""
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def read(content: bytes) -> Parts:
    """Take a drawing apart: its points, its words, what is embedded in it."""
    yield from parts(xml.parsed(content))


def parts(drawing: Element, place: str = "") -> Parts:
    """The same for a drawing inside another file."""
    shapes = _points(drawing)
    if shapes >= MOST_POINTS:
        yield Flag("plot_data", shapes, place)
    words = [xml.words(drawing, separator="\n"), *xml.comments(drawing)]
    for element in drawing.iter():
        if callable(element.tag):
            continue
        if element.tag == "script":
            yield Flag("executable", 1, f"{place} script".strip())
        long = [value for value in element.attrib.values() if value.startswith("data:")]
        yield from (Inner("", value.encode(), f"{place} embedded".strip()) for value in long)
        named = ("id", "class", "title", "label", "desc", "href")
        words += [
            f"{name}: {value}"
            for name, value in element.attrib.items()
            if (name in named or name.startswith(("data-", "aria-")))
            and not value.startswith("data:")
        ]
    yield Text("\n".join(words), place)


def _points(element: Element) -> int:
    """Count marks and the corners of lines; shapes of letters (in defs) are no data."""
    if callable(element.tag) or element.tag in ("defs", "metadata", "clipPath", "symbol"):
        return 0
    count = int(element.tag in MARKS)
    if element.tag == "use" and "glyph" in str(element.attrib).lower():
        count = 0
    corners = element.attrib.get("points", "") + element.attrib.get("d", "")
    count += len(NUMBER.findall(corners)) // 2
    return count + sum(_points(child) for child in element)


def read_xml(content: bytes) -> Parts:
    """Take any other XML apart: all of its words and attributes."""
    root = xml.parsed(content)
    lines = [xml.words(root, separator="\n"), *xml.comments(root)]
    lines += [
        f"{name}: {value}"
        for element in root.iter()
        if not callable(element.tag)
        for name, value in element.attrib.items()
    ]
    yield Text("\n".join(lines))
