"""A page of each template, looked over by axe-core; `make accessible` looks over all of them."""

from __future__ import annotations

import pytest

from tests.browser.accessibility import FEW, SCHEMES, barriers
from tests.browser.pages import TEMPLATES

pytestmark = pytest.mark.browser
PLANTED = "<html lang='en'><title>A page</title><main><h1>A page</h1>{}</main></html>"


@pytest.mark.parametrize("template", TEMPLATES)
def test_axe_finds_no_barrier(open_page, page_of, template):
    name = page_of(template)
    assert [str(one) for one in barriers(open_page(name).page, name, FEW)] == []


@pytest.mark.parametrize("colours", SCHEMES)
def test_axe_finds_no_barrier_while_a_hint_and_the_contents_are_open(open_page, page_of, colours):
    name = page_of("paper")
    page = open_page(name, viewport={"width": 320, "height": 700}, color_scheme=colours).page
    page.locator(".traced a").first.focus()
    assert page.locator(".traced .hint").first.is_visible()
    assert [str(one) for one in barriers(page, name, ())] == []
    page.get_by_role("button", name="Contents").click()
    assert [str(one) for one in barriers(page, name, ())] == []


def test_planted_barriers_are_found(new_page):
    page = new_page().page
    bad = "<img src='x'><p style='color: #999; background: #fff'>Too faint to read.</p>"
    page.set_content(PLANTED.format(bad))
    assert {one.rule for one in barriers(page, "a")} == {"image-alt", "color-contrast"}
    # What is wrong on a dark page or a narrow one only is found too.
    page.set_content(
        PLANTED.format(
            "<style>@media (prefers-color-scheme: dark) and (max-width: 320px) "
            "{ p { color: #eee } }</style><p>Read me.</p>"
        )
    )
    assert [one.seen for one in barriers(page, "a")] == ["dark, 320 px"]
