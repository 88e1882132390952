"""XLSX: every sheet, shown or not, and everything that a workbook keeps beside its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from justice_analysis.disclosure.egress.finding import Flag, Parts, Table, Text
from justice_analysis.disclosure.egress.readers import office, xml

FLAGGED: tuple[tuple[str, str, str], ...] = (
    (r"xl/comments\d*\.xml|xl/comments/.*\.xml", "comment", "t"),
    (r"xl/threadedcomments/.*\.xml", "comment", "threadedComment"),
    (r"xl/pivotcache/pivotcacherecords.*\.xml", "pivot_cache", "r"),
    (r"xl/pivotcache/pivotcachedefinition.*\.xml", "pivot_cache", "cacheField"),
    (r"xl/externallinks/[^/]*\.xml", "external_link", "externalBook"),
    (r"xl/connections\.xml", "external_link", "connection"),
    (r"xl/querytables/.*\.xml", "external_link", "queryTable"),
    (r"xl/revisions/.*\.xml", "tracked_change", "r"),
    (r"xl/model/.*", "row_data_file", "item"),
)
BOUNDS = re.compile(r"([A-Z]+)(\d+)")
KEPT = ("formula1", "formula2", "formula", "dataValidation", "oddHeader", "oddFooter")
MOST_COLUMNS = 16_384


def read(content: bytes) -> Parts:
    """Take a workbook apart."""
    files = office.opened(content)
    yield from office.common_parts(files)
    for name, found in files.items():
        yield from _beside(name, found)
    book = xml.parsed(files["xl/workbook.xml"])
    yield from _names_and_sheets(book)
    shared = _shared(files)
    yield Text("\n".join(shared), "words of all sheets")
    sheets = [name for name in files if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name.lower())]
    for number, name in enumerate(sorted(sheets), start=1):
        yield from _sheet(xml.parsed(files[name]), shared, f"sheet {number}")
    if "xl/styles.xml" in files:
        yield from _hiding_formats(xml.parsed(files["xl/styles.xml"]))


def _beside(name: str, content: bytes) -> Parts:
    low = name.lower()
    for pattern, rule, counted in FLAGGED:
        if re.fullmatch(pattern, low):
            root = xml.parsed(content)
            yield Flag(rule, max(sum(1 for _ in root.iter(counted)), 1))
            yield Text(_all_words(root), rule.replace("_", " "))
    if re.fullmatch(r"xl/persons/.*\.xml", low):
        people = sum(1 for _ in xml.parsed(content).iter("person"))
        if people:
            yield Flag("user_name", people, "authors of comments")
    if re.fullmatch(r"xl/charts/chart[^/]*\.xml", low):
        root = xml.parsed(content)
        if points := sum(1 for _ in root.iter("pt")):
            yield Flag("plot_data", points, "a chart's stored copy")
        yield Text(xml.words(root, separator="\n"), "chart")
    if re.fullmatch(r"xl/drawings/[^/]*\.xml", low):
        yield Text(_all_words(xml.parsed(content)), "drawing")


def _all_words(root: Element) -> str:
    values = [value for element in root.iter() for value in element.attrib.values()]
    return "\n".join([xml.words(root, separator="\n"), *values])


def _names_and_sheets(book: Element) -> Parts:
    hidden = [sheet for sheet in book.iter("sheet") if sheet.attrib.get("state", "") != ""]
    hidden = [sheet for sheet in hidden if sheet.attrib["state"] != "visible"]
    if hidden:
        yield Flag("hidden_content", len(hidden), "hidden sheets")
    yield Text("\n".join(sheet.attrib.get("name", "") for sheet in book.iter("sheet")), "names")
    for defined in book.iter("definedName"):
        words = defined.text or ""
        if defined.attrib.get("hidden") in ("1", "true") and "_xlnm" not in str(defined.attrib):
            yield Flag("hidden_content", 1, "hidden names")
        if words.startswith(('"', "{")) or "[" in words:
            yield Flag("hidden_content", 1, "names that hold values")
        yield Text(f"{defined.attrib.get('name', '')}: {words}", "defined names")


def _shared(files: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in files:
        return []
    return [
        "".join(text.text or "" for text in item.iter("t"))
        for item in xml.parsed(files["xl/sharedStrings.xml"]).iter("si")
    ]


def _hiding_formats(styles: Element) -> Parts:
    hiding = [
        one for one in styles.iter("numFmt") if one.attrib.get("formatCode", "").strip() == ";;;"
    ]
    if hiding:
        yield Flag("hidden_content", len(hiding), "formats that hide values")


def _sheet(sheet: Element, shared: list[str], place: str) -> Parts:
    hidden = {"1", "true"}
    rows = [row for row in sheet.iter("row") if row.attrib.get("hidden") in hidden]
    columns = [one for one in sheet.iter("col") if one.attrib.get("hidden") in hidden]
    if rows:
        yield Flag("hidden_content", len(rows), f"{place} hidden rows")
    if columns:
        yield Flag("hidden_content", len(columns), f"{place} hidden columns")
    cells = [_cells(row, shared) for row in sheet.iter("row")]
    formulas = "\n".join(f"={one.text}" for one in sheet.iter("f") if one.text)
    yield Text("\n".join(value for row in cells for value in row.values()), place)
    yield Text(formulas, f"{place} formulas")
    lists = [xml.words(one) for tag in KEPT for one in sheet.iter(tag)]
    yield Text("\n".join(lists), f"{place} rules")
    if "[" in formulas and re.search(r"\[\d+\]|\.xlsx?\]", formulas):
        yield Flag("external_link", 1, f"{place} formulas")
    header = " ".join(xml.words(one) for one in sheet.iter("headerFooter"))
    yield Text(header, f"{place} header")
    yield from grids(cells, place)


def _cells(row: Element, shared: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, cell in enumerate(row.iter("c"), start=1):
        reference = BOUNDS.match(cell.attrib.get("r", ""))
        column = _column_number(reference.group(1)) if reference else at
        value = "".join(one.text or "" for one in cell.iter("v"))
        if cell.attrib.get("t") == "s" and value.isdecimal() and int(value) < len(shared):
            value = shared[int(value)]
        elif cell.attrib.get("t") == "inlineStr":
            value = "".join(text.text or "" for text in cell.iter("t"))
        if value and column <= MOST_COLUMNS:
            found[column] = value
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def grids(cells: list[dict[int, str]], place: str) -> Parts:
    """Cut a sheet into tables: runs of rows of two cells and more, empty rows between."""
    block: list[dict[int, str]] = []
    for row in [*cells, {}]:
        if len(row) > 1 or (row and block):
            block.append(row)
            continue
        if len(block) > 1:
            yield _grid(block, place)
        block = []


def _grid(block: list[dict[int, str]], place: str) -> Table:
    columns = sorted({column for row in block for column in row})
    rows = [[row.get(column, "") for column in columns] for row in block]
    return Table(rows[0], rows[1:], place)
