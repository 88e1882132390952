"""Screenshots of the book, each looked at before it is kept: not blank, with its pictures loaded.

They go to the folder that JUSTICE_SCREENSHOTS names (`make screenshots`: those of the README).
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.browser.test_checker_page import checker as checker  # a release, checked

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
PAGES = {
    "front-page": "home",
    "paper": "paper",
    "protocol-paper": "protocol paper",
    "catalogue": "catalogue",
    "definitions": "definitions",
}
MOST_BYTES = 300_000
PALETTE = 128
READY = """async () => {
  document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; });
  await document.fonts.ready;
  await Promise.all([...document.images].map(one => one.decode()));
  return [...document.images].every(one => one.naturalWidth > 0)
    && document.fonts.status === 'loaded';
}"""


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("JUSTICE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(page, file: Path) -> np.ndarray:
    """A picture of what a reader sees first, in few colours, so that it is small; its shades."""
    from PIL import Image

    assert page.evaluate(READY)
    page.screenshot(path=file)
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    return np.asarray(few.convert("L"), dtype=float)


def assert_it_shows_a_page(shades: np.ndarray, file: Path) -> None:
    assert shades.shape == (WIDE["height"], WIDE["width"])
    assert file.stat().st_size < MOST_BYTES
    # Something stands in each third of the height, dark on light: it is no empty page.
    for third in np.array_split(shades, 3):
        assert np.ptp(third) > 150
        assert 0.002 < (third < 128).mean() < 0.5


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_book(open_page, page_of, shots, name):
    file = shots / f"{name}.png"
    page = open_page(page_of(PAGES[name]), viewport=WIDE, color_scheme="light").page
    assert_it_shows_a_page(take(page, file), file)


def test_a_release_as_its_checker_sees_it(new_page, checker, shots):
    file = shots / "release-check.png"
    page = new_page(viewport=WIDE, color_scheme="light").page
    page.goto((checker / "index.html").resolve().as_uri())
    assert_it_shows_a_page(take(page, file), file)
