"""ODS and ODT: tables shown and hidden, notes, tracked changes, properties."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from justice_analysis.disclosure.egress.finding import Flag, Parts, Text
from justice_analysis.disclosure.egress.readers import office, workbook, xml

MOST_REPEATS = 1_000
CHANGES = ("tracked-changes", "changed-region", "deletion", "insertion")


def read(content: bytes) -> Parts:
    """Take a spreadsheet or text apart."""
    files = office.opened(content)
    yield from office.common_parts(files)
    root = xml.parsed(files["content.xml"])
    if notes := sum(1 for _ in root.iter("annotation")):
        yield Flag("comment", notes)
    if changes := sum(1 for one in root.iter() if one.tag in CHANGES):
        yield Flag("tracked_change", changes)
    unseen = {
        style.attrib.get("name")
        for style in root.iter("style")
        for one in style
        if one.attrib.get("display") in ("false", "none")
    }
    hidden = [one for one in root.iter("table") if one.attrib.get("style-name") in unseen]
    if hidden:
        yield Flag("hidden_content", len(hidden), "hidden sheets")
    folded = [one for one in root.iter() if one.attrib.get("visibility") in ("collapse", "filter")]
    if folded:
        yield Flag("hidden_content", len(folded), "hidden rows or columns")
    if hidden_words := sum(
        1 for one in root.iter() if one.tag in ("hidden-text", "hidden-paragraph")
    ):
        yield Flag("hidden_content", hidden_words, "hidden text")
    for tag in ("external-data", "database-source-sql", "dde-source", "cell-range-source"):
        if links := sum(1 for _ in root.iter(tag)):
            yield Flag("external_link", links)
    yield Text(xml.words(root, separator="\n"))
    for number, table in enumerate(root.iter("table"), start=1):
        yield from workbook.grids(
            [_cells(row) for row in table.iter("table-row")], f"sheet {number}"
        )
    if "styles.xml" in files:
        yield Text(xml.words(xml.parsed(files["styles.xml"]), separator="\n"), "styles")


def _cells(row: Element) -> dict[int, str]:
    found: dict[int, str] = {}
    column = 1
    for cell in row:
        if cell.tag not in ("table-cell", "covered-table-cell"):
            continue
        repeats = int(cell.attrib.get("number-columns-repeated", "1"))
        text = "".join(cell.itertext()).strip()
        value = cell.attrib.get("value") or cell.attrib.get("date-value") or text
        if value:
            for at in range(min(repeats, MOST_REPEATS)):
                found[column + at] = value
        column += repeats
    return found
