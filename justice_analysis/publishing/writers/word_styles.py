"""How the Word document looks: styles and lists, calm, in one accent colour."""

from __future__ import annotations

from dataclasses import dataclass

ACCENT = "12436D"
GREY = "3D3D3D"
BOX = "EEF3F8"
LINE = "C9D2DC"
BULLETS, NUMBERS = 1, 2  # abstract lists of numbering.xml; number 1 is the list of bullets
DEPTH = 3
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KEEP = "<w:keepNext/><w:keepLines/>"
_EDGE = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{ACCENT}"/></w:pBdr>'
_SHADE = f'<w:shd w:val="clear" w:color="auto" w:fill="{BOX}"/>'


# Names that Word itself gives to styles; the rest are marked as ours.
_KNOWN = {
    "Normal", "Title", "heading 1", "heading 2", "heading 3", "List Bullet", "List Bullet 2",
    "List Bullet 3", "List Number", "List Number 2", "List Number 3", "List Continue",
    "List Continue 2", "List Continue 3", "caption", "Quote", "Bibliography", "header", "footer",
}  # fmt: skip


def _custom(name: str) -> str:
    return "" if name in _KNOWN else ' w:customStyle="1"'


@dataclass(frozen=True)
class Style:
    """A style of paragraphs.

    Attributes
    ----------
    before, after, line
        Space in twentieths of a point; a line of 240 is single.
    left, hanging
        Indents, in the same.
    size
        In points; missing as what it is based on.
    level
        Level of a heading, from 0.
    """

    id: str
    name: str
    base: str = "Normal"
    before: int | None = None
    after: int | None = None
    line: int | None = None
    left: int | None = None
    hanging: int = 0
    size: float | None = None
    bold: bool | None = None
    colour: str | None = None
    level: int | None = None
    keep: bool = False
    is_box: bool = False
    align: str = ""
    bullet: int | None = None

    def xml(self) -> str:
        """The style as styles.xml holds it."""
        based = "" if self.id == "Normal" else f'<w:basedOn w:val="{self.base}"/>'
        default = ' w:default="1"' if self.id == "Normal" else ""
        following = '<w:next w:val="Normal"/>' if self.level is not None else ""
        return (
            f'<w:style w:type="paragraph"{default}{_custom(self.name)} w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/>{based}{following}<w:qFormat/>'
            f"<w:pPr>{self._paragraph()}</w:pPr><w:rPr>{self._run()}</w:rPr></w:style>"
        )

    def _paragraph(self) -> str:
        parts = [_KEEP if self.keep else ""]
        if self.bullet is not None:
            level = f'<w:ilvl w:val="{self.bullet}"/><w:numId w:val="{BULLETS}"/>'
            parts.append(f"<w:numPr>{level}</w:numPr>")
        parts += [_EDGE, _SHADE] if self.is_box else []
        spaced = (("before", self.before), ("after", self.after), ("line", self.line))
        said = "".join(f' w:{name}="{value}"' for name, value in spaced if value is not None)
        rule = ' w:lineRule="auto"' if self.line else ""
        parts.append(f"<w:spacing{said}{rule}/>" if said else "")
        if self.left is not None:
            parts.append(f'<w:ind w:left="{self.left}" w:hanging="{self.hanging}"/>')
        parts.append(f'<w:jc w:val="{self.align}"/>' if self.align else "")
        parts.append(f'<w:outlineLvl w:val="{self.level}"/>' if self.level is not None else "")
        return "".join(parts)

    def _run(self) -> str:
        parts = []
        if self.bold is not None:
            parts.append("<w:b/>" if self.bold else '<w:b w:val="0"/>')
        parts.append(f'<w:color w:val="{self.colour}"/>' if self.colour else "")
        if self.size:
            half = round(self.size * 2)
            parts.append(f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>')
        return "".join(parts)


STYLES = (
    Style("Normal", "Normal", after=160, line=300),
    Style("Title", "Title", after=120, line=264, size=24, bold=True, colour=ACCENT, keep=True),
    Style("Status", "Status", after=120, size=10, colour=GREY),
    Style("Lead", "Lead", after=160, size=13, line=300),
    Style("Authors", "Authors", after=60, size=10.5),
    Style("Heading1", "heading 1", before=400, after=120, line=264, size=17, bold=True,
          colour=ACCENT, level=0, keep=True),
    Style("Heading2", "heading 2", before=280, after=80, line=264, size=13.5, bold=True,
          colour=ACCENT, level=1, keep=True),
    Style("Heading3", "heading 3", before=220, after=60, size=11.5, bold=True, level=2, keep=True),
    Style("BoxHeading", "Box Heading", "Heading1", before=280, after=0, line=400, size=13.5,
          keep=True, is_box=True),
    Style("BoxText", "Box Text", after=0, line=320, is_box=True),
    Style("BoxBullet", "Box Bullet", after=0, line=320, left=340, hanging=340, is_box=True,
          bullet=0),
    Style("BoxNumber", "Box Number", after=0, line=320, left=340, hanging=340, is_box=True),
    Style("ListBullet", "List Bullet", after=80, left=340, hanging=340, bullet=0),
    Style("ListBullet2", "List Bullet 2", after=80, left=680, hanging=340, bullet=1),
    Style("ListBullet3", "List Bullet 3", after=80, left=1020, hanging=340, bullet=2),
    Style("ListNumber", "List Number", after=80, left=340, hanging=340),
    Style("ListNumber2", "List Number 2", after=80, left=680, hanging=340),
    Style("ListNumber3", "List Number 3", after=80, left=1020, hanging=340),
    Style("ListContinue", "List Continue", after=80, left=340),
    Style("ListContinue2", "List Continue 2", after=80, left=680),
    Style("ListContinue3", "List Continue 3", after=80, left=1020),
    Style("Caption", "caption", before=240, after=80, line=264, size=10.5, bold=True, keep=True),
    Style("Figure", "Figure", before=160, after=60, line=240, keep=True),
    Style("FigureCaption", "Figure Caption", after=200, line=276, size=9.5, colour=GREY),
    Style("TableText", "Table Text", before=30, after=30, line=252, size=9.5),
    Style("TableNumber", "Table Number", "TableText", align="right"),
    Style("SmallText", "Table Text Small", "TableText", size=8.5),
    Style("SmallNumber", "Table Number Small", "SmallText", align="right"),
    Style("Note", "Note", before=60, after=200, line=264, size=9.5, colour=GREY),
    Style("NotReleased", "Not Released", before=160, after=200, is_box=True),
    Style("Formula", "Formula", before=120, after=200, line=240, left=340),
    Style("Quote", "Quote", before=120, after=40, left=340, keep=True),
    Style("QuoteSpeaker", "Quote Speaker", after=200, left=340, size=9.5, colour=GREY),
    Style("Fact", "Fact", after=40, left=340, hanging=340, size=10),
    Style("Bibliography", "Bibliography", after=100, left=340, hanging=340, size=10),
    Style("Header", "header", after=0, line=240, size=9, colour=GREY),
    Style("Footer", "footer", after=0, line=240, size=9, colour=GREY),
)  # fmt: skip
IDS = frozenset(style.id for style in STYLES)
_CHARACTERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:qFormat/>'
    "<w:rPr><w:b/></w:rPr></w:style>"
    '<w:style w:type="character" w:styleId="Emphasis"><w:name w:val="Emphasis"/><w:qFormat/>'
    "<w:rPr><w:i/></w:rPr></w:style>"
    '<w:style w:type="character" w:customStyle="1" w:styleId="Code">'
    '<w:name w:val="Code"/><w:qFormat/><w:rPr>'
    '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Courier New"/><w:noProof/>'
    "</w:rPr></w:style>"
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:qFormat/>'
    f'<w:rPr><w:color w:val="{ACCENT}"/><w:u w:val="single"/></w:rPr></w:style>'
)
_TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr></w:style>"
    '<w:style w:type="table" w:customStyle="1" w:styleId="PaperTable"><w:name w:val="Paper Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>'
    f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>'
    f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
    '</w:tblBorders></w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
    f'<w:tcBorders><w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>'
    "</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
)


def styles_xml(language: str) -> str:
    """`styles.xml`: Arial of 11 points, and the language of all text."""
    return (
        f'{_DECLARED}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/>'
        f'<w:lang w:val="{language}" w:eastAsia="{language}" w:bidi="ar-SA"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{''.join(style.xml() for style in STYLES)}{_CHARACTERS}{_TABLES}</w:styles>"
    )


def numbering_xml() -> str:
    """`numbering.xml`: one list of bullets for all; numbered ones are added as they come."""
    bullets = "".join(_level(depth, "bullet", "•") for depth in range(DEPTH))
    numbers = "".join(_level(depth, "decimal", f"%{depth + 1}.") for depth in range(DEPTH))
    return (
        f'{_DECLARED}<w:numbering xmlns:w="{_W}">'
        f'<w:abstractNum w:abstractNumId="{BULLETS}"><w:multiLevelType w:val="multilevel"/>'
        f'{bullets}</w:abstractNum><w:abstractNum w:abstractNumId="{NUMBERS}">'
        f'<w:multiLevelType w:val="multilevel"/>{numbers}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="{BULLETS}"/></w:num></w:numbering>'
    )


def _level(depth: int, kind: str, mark: str) -> str:
    left = 340 * (depth + 1)
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{mark}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{left}" w:hanging="340"/></w:pPr></w:lvl>'
    )
