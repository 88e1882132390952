"""The quality report of a load in a browser: narrow, light and dark, with enough contrast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from justice_analysis import warehouse
from justice_analysis.publishing.quality.report import write_quality_report
from tests.browser.accessibility import FEW, barriers

pytestmark = pytest.mark.browser
# Ratio of every text to the background behind it, after WCAG 2.1.
CONTRASTS = """() => {
  const light = shade => {
    const s = shade / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  const read = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = read(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(one => {
      const [a, b] = [luminance(read(getComputedStyle(one).color)), luminance(behind(one))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    });
}"""


@pytest.fixture(scope="module")
def page_address(small_warehouse) -> str:
    return write_quality_report(warehouse.open(small_warehouse)).resolve().as_uri()


@pytest.fixture
def opened(chromium: Any, page_address: str) -> Iterator[Any]:
    contexts = []

    def make(**options: Any) -> Any:
        context = chromium.new_context(java_script_enabled=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(page_address)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_never_scrolls_sideways_and_asks_for_nothing(opened, page_address, width):
    page = opened(viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.requests == [page_address]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opened, scheme):
    page = opened(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 100
    assert min(contrasts) >= 4.5


def test_every_link_leads_to_a_place_on_the_page(opened):
    page = opened()
    lost = page.eval_on_selector_all(
        "a[href]", "all => all.filter(one => !document.getElementById(one.hash.slice(1))).length"
    )
    assert lost == 0
    assert page.locator("nav a").count() > 5


def test_the_page_says_synthetic_first(opened):
    page = opened()
    assert "Synthetic" in page.title()
    assert page.locator("header .synthetic").is_visible()


def test_axe_finds_no_barrier(opened):
    assert [str(one) for one in barriers(opened(), "quality report", FEW)] == []
