"""The empty Word document of a paper: styles, page, header, footer and properties, all ours."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape

from justice_analysis.publishing.markup import SYNTHETIC
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.office_files import (
    NO_FINDING,
    author_names,
    full_title,
    in_words,
    keywords,
    noon,
    one_line,
    packed,
)
from justice_analysis.publishing.writers.word_styles import numbering_xml, styles_xml

TEXT_WIDTH = 8800  # twentieths of a point: about 75 letters, on A4
_MARGIN = (11906 - TEXT_WIDTH) // 2
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = ("styles", "numbering", "settings", "header", "footer")


def shell(paper: Paper) -> io.BytesIO:
    """The package that python-docx fills, in place of its own template."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(paper),
        "word/_rels/document.xml.rels": _relations(
            *((f"{_OFFICE}/{part}", f"{part}.xml") for part in _PARTS)
        ),
        "word/document.xml": _document(),
        "word/styles.xml": styles_xml(paper.language),
        "word/numbering.xml": numbering_xml(),
        "word/settings.xml": _settings(paper.language),
        "word/header.xml": _header(paper),
        "word/footer.xml": _footer(paper),
    }
    return io.BytesIO(packed(parts))


def _types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), *((part, part) for part in _PARTS))
    )
    return (
        f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{parts}</Types>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _core(paper: Paper) -> str:
    moment = f"{noon(paper.front.date).isoformat()}Z"
    pairs = {
        "dc:title": full_title(paper),
        "dc:subject": paper.kind,
        "dc:creator": author_names(paper),
        "cp:keywords": keywords(paper),
        "dc:language": paper.language,
        "cp:lastModifiedBy": author_names(paper),
        "cp:revision": "1",
        "cp:contentStatus": paper.front.status,
        "cp:version": paper.front.version,
    }
    said = "".join(f"<{name}>{escape(one_line(text))}</{name}>" for name, text in pairs.items())
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'{_DECLARED}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{said}{dates}</cp:coreProperties>"
    )


def _document() -> str:
    places = {name: f"rId{number}" for number, name in enumerate(_PARTS, start=1)}
    return (
        f"{_DECLARED}<w:document {_W} {_R}><w:body><w:sectPr>"
        f'<w:headerReference w:type="default" r:id="{places["header"]}"/>'
        f'<w:footerReference w:type="default" r:id="{places["footer"]}"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="1418" w:right="{_MARGIN}" w:bottom="1304" w:left="{_MARGIN}" '
        'w:header="680" w:footer="624" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _settings(language: str) -> str:
    return (
        f'{_DECLARED}<w:settings {_W}><w:defaultTabStop w:val="720"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/></w:settings>'
    )


def _header(paper: Paper) -> str:
    mark = _run(f"{SYNTHETIC}. ", bold=True) + _run(NO_FINDING) if paper.is_synthetic else ""
    said = mark or _run(one_line(paper.title))
    return f"{_DECLARED}<w:hdr {_W}>{_line('Header', said)}</w:hdr>"


def _footer(paper: Paper) -> str:
    released = f" · Numbers released {in_words(paper.released)}" if paper.released else ""
    said = f"{paper.kind} · Version {paper.front.version}{released}"
    page = f"{_run('Page ')}{_field('PAGE')}{_run(' of ')}{_field('NUMPAGES')}"
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    content = f"{_run(said)}<w:r><w:tab/></w:r>{page}"
    return f"{_DECLARED}<w:ftr {_W}>{_line('Footer', content, tab)}</w:ftr>"


def _line(style: str, runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _run(text: str, *, bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} ">{_run("1")}</w:fldSimple>'
