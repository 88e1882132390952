"""The keyboard alone reaches everything, shows where it is, and is never trapped."""

from __future__ import annotations

import pytest

from tests.browser.reader import Reader

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}
# What a reader may act on, numbered in the order of the page.
NUMBER_STOPS = """() => {
  const found = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')].filter(one =>
    one.tabIndex >= 0 && !one.disabled && !one.closest('[inert]')
    && one.checkVisibility({visibilityProperty: true}));
  found.forEach((one, number) => { one.dataset.stop = number; });
  return found.length;
}"""
WHERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const first = one.getClientRects()[0] || box;
  const x = Math.min(Math.max(first.x + Math.min(first.width, 40) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(first.y + Math.min(first.height, 20) / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    stop: one.dataset.stop === undefined ? null : Number(one.dataset.stop),
    name: one.outerHTML.slice(0, 120),
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(top && (one.contains(top) || top.contains(one))),
  };
}"""


def tab_through(page, count):
    """Every stop of Tab from the page's beginning, until focus leaves the page."""
    stops = []
    for _ in range(count + 5):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None or (stops and stop["stop"] == stops[0]["stop"]):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "template", ["home", "paper", "protocol paper", "definition", "catalogue", "search"]
)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(open_page, page_of, template, size):
    page = open_page(page_of(template), viewport=size).page
    count = page.evaluate(NUMBER_STOPS)
    stops = tab_through(page, count)
    assert sorted({stop["stop"] for stop in stops}) == list(range(count))
    order = [stop["stop"] for stop in stops]
    assert order == sorted(order)
    assert [stop["name"] for stop in stops if not stop["marked"]] == []
    assert [stop["name"] for stop in stops if not stop["seen"] or stop["covered"]] == []


def test_the_skip_link_is_first_is_seen_and_leads_to_the_text(open_page, page_of):
    page = open_page(page_of("paper"), viewport=WIDE).page
    page.keyboard.press("Tab")
    assert "Skip to main content" in page.evaluate("document.activeElement.innerText")
    assert page.evaluate(WHERE)["seen"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_contents_of_a_phone_are_next_and_escape_gives_focus_back(open_page):
    watched = open_page("index", viewport=NARROW)
    reader, page = Reader(watched, "", "keyboard"), watched.page
    button, contents = page.get_by_role("button", name="Contents"), page.locator("#contents")
    reader.press(button)
    page.keyboard.press("Tab")
    assert contents.is_visible()
    assert page.evaluate("document.activeElement.closest('#contents') !== null")
    page.keyboard.press("Escape")
    assert not contents.is_visible()
    assert button.evaluate("one => one === document.activeElement")


def test_the_numbers_behind_a_figure_open_by_enter_and_scroll_by_arrows(open_page, page_of):
    watched = open_page(page_of("protocol paper"), viewport=NARROW)
    reader, page = Reader(watched, "", "keyboard"), watched.page
    summary = page.locator("details.numbers summary").first
    reader.press(summary)
    assert page.locator("details.numbers table").first.is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    wide = page.evaluate_handle(
        "[...document.querySelectorAll('.table-region')]"
        ".find(one => one.scrollWidth > one.clientWidth + 40)"
    ).as_element()
    assert wide is not None
    reader.reach(wide)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("one => one.scrollLeft > 0", arg=wide)
