"""Formulas as pictures, for files that cannot set LaTeX: drawn by matplotlib, with words beside."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from justice_analysis.errors import BookError

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline

_FONT = "stix"
_DRAWN_AT = 100.0
"""Points: matplotlib rounds sizes to whole points, so a formula is drawn large and scaled."""
_PICTURE_POINTS = 11.0
_LINE_COLOUR = "#000000"
# LaTeX that matplotlib knows by another name, or does without.
_SAME = {
    r"\le": r"\leq",
    r"\ge": r"\geq",
    r"\ne": r"\neq",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\tfrac": r"\frac",
    r"\colon": ":",
    r"\displaystyle": "",
    r"\textstyle": "",
    r"\limits": "",
    r"\nolimits": "",
    r"\big": "",
    r"\Big": "",
}
_COMMAND = re.compile(r"\\[A-Za-z]+")


@dataclass(frozen=True)
class FormulaPicture:
    """A formula's outline, and its size as a share of the type beside it.

    Attributes
    ----------
    svg
        The picture; letters are outlines, so it needs no font.
    width, height, depth
        In em: width, height above the line of writing, depth below it.
    """

    svg: bytes
    width: float
    height: float
    depth: float


def formula_svg(latex: str, *, is_within_line: bool = False) -> bytes:
    """Draw a formula as SVG.

    Raises
    ------
    BookError
        If it is not LaTeX that can be drawn.
    """
    return formula_picture(latex, is_within_line=is_within_line).svg


def formula_alt(latex: str) -> str:
    """Words that stand for the picture where it is not seen."""
    return f"Formula, in LaTeX: {' '.join(latex.split())}"


@cache
def formula_picture(latex: str, *, is_within_line: bool = False) -> FormulaPicture:
    """Draw a formula as SVG, and measure it for setting among type.

    Fractions are drawn large unless the formula stands within a line of prose.

    Raises
    ------
    BookError
        If it is not LaTeX that can be drawn.
    """
    outline, width, height, depth = _drawn(latex, is_within_line)
    box = f"0 {_shown(depth - height)} {_shown(width)} {_shown(height)}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{_shown(width)}pt" '
        f'height="{_shown(height)}pt"><path fill="{_LINE_COLOUR}" d="{_svg_path(outline)}"/></svg>'
    )
    em = _DRAWN_AT
    return FormulaPicture(svg.encode(), width / em, (height - depth) / em, depth / em)


@cache
def formula_png(latex: str, *, is_within_line: bool = False, dots_per_inch: int = 300) -> bytes:
    """Draw a formula as PNG, as large as type of 11 points.

    Raises
    ------
    BookError
        If it is not LaTeX that can be drawn.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch

    outline, width, height, depth = _drawn(latex, is_within_line)
    inches = _PICTURE_POINTS / _DRAWN_AT / 72
    drawing = Figure(figsize=(width * inches, height * inches), dpi=dots_per_inch)
    axes = drawing.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(-depth, height - depth))
    axes.set_axis_off()
    axes.add_patch(PathPatch(outline, facecolor=_LINE_COLOUR, linewidth=0))
    file = io.BytesIO()
    drawing.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _drawn(latex: str, is_within_line: bool) -> tuple[Outline, float, float, float]:
    """Outline of the formula on its line of writing; its width, whole height and depth."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from matplotlib.textpath import TextPath

    text = f"${_known(latex if is_within_line else _displayed(latex))}$"
    font = FontProperties(size=_DRAWN_AT, math_fontfamily=_FONT)
    try:
        parser: Any = MathTextParser("path")
        size = parser.parse(text, 72, font)
        outline = TextPath((0, 0), text, size=_DRAWN_AT, prop=font)
    except ValueError:
        raise BookError(
            f"A formula cannot be drawn: {' '.join(latex.split())}. The printed paper knows the "
            "LaTeX of matplotlib's mathtext: fractions, sums, accents, brackets and Greek, "
            "without environments."
        ) from None
    return outline, float(size.width), float(size.height), float(size.depth)


def _displayed(latex: str) -> str:
    """The formula with its fractions large, but not those within braces."""
    parts, depth = [], 0
    for part in re.split(r"(\\[A-Za-z]+|\\.|[{}])", latex):
        depth += (part == "{") - (part == "}")
        parts.append(r"\dfrac" if part == r"\frac" and depth == 0 else part)
    return "".join(parts)


def _known(latex: str) -> str:
    """The formula in words that matplotlib knows, on one line."""
    return _COMMAND.sub(lambda found: _SAME.get(found[0], found[0]), " ".join(latex.split()))


def _svg_path(outline: Outline) -> str:
    """An outline in SVG's words; its vertical axis points down."""
    letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
    parts = []
    for points, code in outline.iter_segments(simplify=False, curves=True):
        if int(code) not in letters:  # the end of a stroke
            parts.append("Z")
            continue
        pairs = zip(points[0::2], points[1::2], strict=True)
        parts.append(letters[int(code)] + " ".join(f"{_shown(x)},{_shown(-y)}" for x, y in pairs))
    return "".join(parts)


def _shown(value: float) -> str:
    """A length without digits that nobody sees."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
