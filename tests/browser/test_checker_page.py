"""The checker's page in a browser: from a file, narrow and wide, light and dark, by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from justice_analysis import disclosure
from tests.browser.accessibility import FEW, barriers
from tests.browser.test_quality_report import CONTRASTS
from tests.unit.disclosure.examples import curve, frequencies

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    run = folder / "runs" / "repeat_mothers" / "default"
    outputs = {
        "by_age": frequencies({"all": 163, "a": 41, "b": 83, "c": 36, "d": 3}),
        "over_time": curve({"all": [(day, 3, 1) for day in range(1, 61)]}, population_hash="p2"),
        "too_few": frequencies({"x": 4, "y": 3}, population_hash="p3"),
    }
    stated = []
    for id, output in outputs.items():
        file = disclosure.write_candidate(output, id, run / "outputs", synthetic=True)
        stated.append({"id": id, "sha256": disclosure.digest_of(file)})
    manifest = {
        "study": "repeat_mothers",
        "variant": "default",
        "parameters": {"followup_days": 1826},
        "warehouse": {"fingerprint": "f" * 16, "is_synthetic": True},
        "outputs": stated,
        "status": "complete",
    }
    (run / "manifest.json").write_text(json.dumps(manifest))
    disclosure.bundle([run], folder / "release", "ons-srs")
    return folder / "release" / "checker"


@pytest.fixture
def opened(chromium: Any, checker: Path) -> Iterator[Any]:
    contexts = []

    def make(**options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto((checker / "index.html").resolve().as_uri())
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_it_opens_from_a_file_and_never_scrolls_sideways(opened, width):
    page = opened(viewport={"width": width, "height": 800})
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not [url for url in page.requests if not url.startswith("file:")]
    assert page.complaints == []


def test_it_needs_no_script(opened):
    page = opened(java_script_enabled=False)
    first = page.locator("#list ~ .region tbody a").first
    first.click()
    assert page.url.endswith(first.get_attribute("href"))
    summary = page.locator("section.output summary").first
    summary.click()
    assert page.locator("section.output details").first.get_attribute("open") is not None


def test_every_figure_is_drawn(opened):
    page = opened()
    page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
    page.wait_for_function("[...document.images].every(one => one.complete)")
    widths = page.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert widths
    assert min(widths) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(opened, scheme):
    page = opened(color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 100
    assert min(contrasts) >= 4.5


def test_the_keyboard_reaches_the_list_first_and_then_the_tables(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_axe_finds_no_barrier(opened):
    assert [str(one) for one in barriers(opened(), "checker", FEW)] == []
