"""Formulas as pictures, which print and Word share."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from justice_analysis.errors import BookError
from justice_analysis.publishing.writers.formula_picture import (
    formula_alt,
    formula_picture,
    formula_png,
    formula_svg,
)

PRODUCT = r"\hat F(t) = 1 - \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right)"


def test_a_formula_is_drawn_in_outlines_and_so_needs_no_font() -> None:
    picture = ElementTree.fromstring(formula_svg(PRODUCT))
    assert [child.tag.rpartition("}")[2] for child in picture] == ["path"]


def test_the_same_formula_gives_the_same_bytes() -> None:
    first = formula_svg(PRODUCT), formula_png(PRODUCT)
    formula_picture.cache_clear()
    formula_png.cache_clear()
    assert first == (formula_svg(PRODUCT), formula_png(PRODUCT))


def test_a_fraction_reaches_below_the_line_and_a_letter_does_not() -> None:
    assert formula_picture(r"\frac{d}{n}").depth > 0.5
    assert formula_picture(r"\frac{d}{n}", is_within_line=True).depth < 0.3
    assert formula_picture("x").depth < 0.1


def test_a_png_says_its_resolution_so_that_word_shows_it_as_large_as_type() -> None:
    picture = Image.open(io.BytesIO(formula_png(PRODUCT)))
    inches = picture.width / picture.info["dpi"][0]
    assert inches * 72 == pytest.approx(formula_picture(PRODUCT).width * 11, abs=1)


def test_words_stand_for_a_formula_that_is_not_seen() -> None:
    assert formula_alt("a\n+ b") == "Formula, in LaTeX: a + b"


@pytest.mark.parametrize("latex", ["", r"\begin{aligned}a\end{aligned}", r"\frac{1", "#", "$"])
def test_what_cannot_be_drawn_is_refused(latex: str) -> None:
    with pytest.raises(BookError, match="cannot be drawn"):
        formula_svg(latex)
