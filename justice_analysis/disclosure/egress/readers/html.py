"""HTML: words, tables, comments, scripts with data, pictures in addresses, drawings."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

from justice_analysis.disclosure.egress import kinds
from justice_analysis.disclosure.egress.finding import Flag, Inner, Part, Parts, Text
from justice_analysis.disclosure.egress.readers import plain, structured
from justice_analysis.disclosure.egress.rules import names

PLOT = re.compile(
    r"Plotly\.(?:newPlot|react|plot)\s*\(|vegaEmbed\s*\(|vega-embed|Bokeh\.embed|docs_json"
    r"|plotly-graph-div|HTMLWidgets|application/vnd\.(?:plotly|vega|bokeh)|highcharts|echarts\.init"
)
OPENING = re.compile(r"[\[{]\s*(?:[\[{\"']|-?\d)")
PRINTED = re.compile(r"<(?:pre|textarea|xmp)\b[^>]*>(.*?)</", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
NAMED = re.compile(r"\b([A-Za-z]\w{1,40})\s*:\s*[\"'\d\[]")
MOST_STARTS = 200


class _Page(HTMLParser):
    """Collect the parts of a page while it is read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.comments: list[str] = []
        self.scripts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.open_tables: list[list[list[str]]] = []
        self.drawings: list[str] = []
        self.inner: list[str] = []
        self.script: list[str] | None = None
        self.drawing_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inner += [value for name, value in attrs if name == "srcdoc" and value]
        for name, value in attrs:
            if value and name not in ("class", "id", "style", "width", "height", "d", "points"):
                self.words.append(f"{name}: {value}")
            elif value and "url(" in value:
                self.words.append(value)
        if tag == "svg":
            if not self.drawing_depth:
                self.drawings.append("")
            self.drawing_depth += 1
        if self.drawing_depth:
            self.drawings[-1] += self.get_starttag_text() or ""
        if tag in ("script", "style"):
            self.script = []
        elif tag == "table":
            self.open_tables.append([])
        elif tag == "tr" and self.open_tables:
            self.open_tables[-1].append([])
        elif tag in ("td", "th") and self.open_tables:
            if not self.open_tables[-1]:
                self.open_tables[-1].append([])
            self.open_tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if self.drawing_depth:
            self.drawings[-1] += f"</{tag}>"
            self.drawing_depth -= tag == "svg"
        if tag in ("script", "style") and self.script is not None:
            self.scripts.append("".join(self.script))
            self.script = None
        elif tag == "table" and self.open_tables:
            self.tables.append(self.open_tables.pop())

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.script.append(data)
            return
        if self.open_tables and self.open_tables[-1] and self.open_tables[-1][-1]:
            self.open_tables[-1][-1][-1] += data.strip()
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data)


def read(content: bytes) -> Parts:
    """Take a page apart."""
    text = kinds.as_text(content)
    if text is None:
        yield Flag("unreadable")
        return
    yield from parts(text)


def parts(text: str) -> Parts:
    """Take markup apart, wherever it stands."""
    page = _Page()
    page.feed(text)
    page.close()
    if page.script is not None:
        page.scripts.append("".join(page.script))
    words = "\n".join(page.words)
    yield Text(words)
    for number, rows in enumerate([*page.tables, *page.open_tables], start=1):
        yield from plain.uneven_table(rows, f"table {number}")
    for number, comment in enumerate(page.comments, start=1):
        yield Inner("", comment.encode(), f"comment {number}")
    for number, drawing in enumerate(page.drawings, start=1):
        yield from _drawing(drawing, f"drawing {number}")
    for number, inner in enumerate(page.inner, start=1):
        yield Inner("", inner.encode(), f"page inside {number}")
    for number, script in enumerate(page.scripts, start=1):
        yield from _script(script, f"script {number}")
    for number, printed in enumerate(PRINTED.findall(text), start=1):
        yield from plain.in_text(unescape(TAG.sub("", printed)), f"printed text {number}")
    if PLOT.search(text):
        yield Flag("plot_data", 1, "a plot drawn by a script")


def _drawing(drawing: str, place: str) -> Parts:
    points = len(re.findall(r"<(?:circle|ellipse|rect|line|path|polyline|polygon|use)\b", drawing))
    corners = sum(
        len(re.findall(r"-?[\d.]+", shape)) // 2
        for shape in re.findall(r"\b(?:d|points)=[\"']([^\"']*)", drawing)
    )
    if points + corners >= 20:
        yield Flag("plot_data", points + corners, place)


def _script(script: str, place: str) -> Parts:
    """A script's words, and every piece of data written out in it."""
    yield Text(script, place)
    keyed = [
        name for name in NAMED.findall(script) if names.PERSON_KEY.fullmatch(names.plain(name))
    ]
    if len(keyed) >= 3:
        yield Flag("key", len(keyed), place)
    decoder, at, starts = json.JSONDecoder(), 0, 0
    while (opening := OPENING.search(script, at)) and starts < MOST_STARTS:
        starts += 1
        try:
            found, at = decoder.raw_decode(script, opening.start())
        except (ValueError, RecursionError):
            at = opening.start() + 1
            continue
        read: list[Part] = list(structured.parts(found, place))
        yield from (part for part in read if not isinstance(part, Text))
