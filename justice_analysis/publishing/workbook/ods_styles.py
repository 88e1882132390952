"""The parts of an OpenDocument spreadsheet that do not depend on its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_WRAPPED = 'fo:wrap-option="wrap" style:vertical-align="top"'
_RULED = f'{_WRAPPED} fo:border-bottom="0.75pt solid #000000"'
_PLAIN = 'style:vertical-align="top"'
# Name, properties of the cell, of its text, and how it aligns.
_CELLS = (
    ("Cover_Title", _WRAPPED, 'fo:font-size="16pt" fo:font-weight="bold"', "start"),
    ("Cover_Heading", _WRAPPED, 'fo:font-size="14pt" fo:font-weight="bold"', "start"),
    ("Cover_Text", _WRAPPED, "", "start"),
    ("Sheet_Title", _PLAIN, 'fo:font-size="16pt" fo:font-weight="bold"', "start"),
    ("Line", _PLAIN, "", "start"),
    ("Words", _WRAPPED, "", "start"),
    ("Mark", _WRAPPED, "", "end"),
    ("Head", _RULED, 'fo:font-weight="bold"', "start"),
    ("Head_Number", _RULED, 'fo:font-weight="bold"', "end"),
)


def styles(language: str) -> bytes:
    """`styles.xml`: named styles of cells, in Arial, and the language of all text."""
    spoken, _, country = language.partition("-")
    default = (
        '<style:default-style style:family="table-cell"><style:text-properties '
        'fo:font-family="Arial" style:font-name="Arial" fo:font-size="12pt" '
        f'fo:language="{escape(spoken)}" fo:country="{escape(country or "none")}"/>'
        "</style:default-style>"
        '<style:style style:name="Default" style:family="table-cell"/>'
    )
    named = "".join(_named(*cell) for cell in _CELLS)
    inside = (
        '<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" '
        'style:font-family-generic="swiss"/></office:font-face-decls>'
        f"<office:styles>{default}{named}</office:styles>"
        '<office:automatic-styles><style:page-layout style:name="page">'
        '<style:page-layout-properties style:print-orientation="landscape" '
        'fo:page-width="29.7cm" fo:page-height="21cm"/></style:page-layout>'
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="page"/>'
        "</office:master-styles>"
    )
    return _part("document-styles", inside)


def _named(name: str, cell: str, text: str, align: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        'style:parent-style-name="Default">'
        f'<style:table-cell-properties style:text-align-source="fix" {cell}/>'
        f'<style:paragraph-properties fo:text-align="{align}"/>'
        f""
        f"<style:text-properties {text}/></style:style>"
    )


def automatic(widths: Iterable[int], formats: Iterable[tuple[int | None, bool]]) -> list[str]:
    """Styles of columns by width in characters, and of numbers by decimals and grouping."""
    columns = [
        f'<style:style style:name="{column_name(width)}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.24:.2f}cm"/></style:style>'
        for width in widths
    ]
    table = (
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>'
    )
    return [table, *columns, *(part for one in formats for part in _number(*one))]


def column_name(width: int) -> str:
    """Name of the style of a column that wide."""
    return f"width_{width}"


def number_name(decimals: int | None, is_grouped: bool) -> str:
    """Name of the style of cells with that many decimals."""
    if decimals is None:
        return "number"
    return f"number_{decimals}{'_grouped' if is_grouped else ''}"


def _number(decimals: int | None, is_grouped: bool) -> tuple[str, str]:
    name = number_name(decimals, is_grouped)
    places = "" if decimals is None else f' number:decimal-places="{decimals}"'
    grouping = ' number:grouping="true"' if is_grouped else ""
    return (
        f'<number:number-style style:name="{name}_format"><number:number{places} '
        f'number:min-integer-digits="1"{grouping}/></number:number-style>',
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Mark" style:data-style-name="{name}_format"/>',
    )


def content(automatic: Iterable[str], sheets: str) -> bytes:
    """`content.xml`: styles made for these sheets, and the sheets."""
    return _part(
        "document-content",
        f"<office:automatic-styles>{''.join(automatic)}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>",
    )


def meta(*, title: str, authors: str, keywords: str, language: str, moment: str) -> bytes:
    """`meta.xml`: title, authors, keywords, language and a fixed moment."""
    return _part(
        "document-meta",
        f"<office:meta><dc:title>{escape(title)}</dc:title>"
        f"<meta:initial-creator>{escape(authors)}</meta:initial-creator>"
        f"<dc:creator>{escape(authors)}</dc:creator>"
        f"<meta:keyword>{escape(keywords)}</meta:keyword>"
        f"<dc:language>{escape(language)}</dc:language>"
        f"<meta:creation-date>{moment}</meta:creation-date><dc:date>{moment}</dc:date>"
        "</office:meta>",
    )


def settings() -> bytes:
    """`settings.xml`, which says nothing."""
    return _part("document-settings", "")


def manifest() -> bytes:
    """`META-INF/manifest.xml`: the parts there are."""
    parts = {"/": SPREADSHEET} | dict.fromkeys(
        ("content.xml", "styles.xml", "meta.xml", "settings.xml"), "text/xml"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in parts.items()
    )
    return (
        f'{_DECLARED}<manifest:manifest manifest:version="1.4" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{entries}</manifest:manifest>"
    ).encode()


def _part(name: str, inside: str) -> bytes:
    return (
        f'{_DECLARED}<office:{name} {_NAMESPACES} office:version="1.4">{inside}</office:{name}>'
    ).encode()
