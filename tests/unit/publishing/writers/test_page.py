"""A paper as MyST: everything it holds is there, and nothing in its words is read as markup."""

from __future__ import annotations

import pytest

from justice_analysis.publishing.paper.blocks import Cite, Given, Link, Math, Number, Strong, Text
from justice_analysis.publishing.writers.inline import (
    numbered_hints,
    words_html,
    words_markdown,
)
from justice_analysis.publishing.writers.page import paper_markdown
from tests.unit.publishing.paper_sample import sample_paper


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return paper_markdown(sample_paper(tmp_path_factory.mktemp("sample")))


def test_every_part_of_the_paper_stands_on_the_page_in_order(page):
    parts = (
        "Men in one state", "The example authors", "An abstract with", "Main points", "## How soon",
        "Words with", "example-default-return_by_time.png", "The numbers behind this figure",
        "### By age", "was not released", "<blockquote", "1. first", "{download}`CSV <example",
        "## Provenance", "## References", 'id="ref-example2020"',
    )  # fmt: skip
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_title_and_cells_are_never_markup(page):
    assert r"# One in four came back: a \<script\>title\</script\>" in page
    assert "<script" not in page.replace(r"\<script", "")
    assert "20 &amp; over &lt;50" in page


def test_authors_are_named_with_orcid_and_affiliation(page):
    assert "https://orcid.org/0000-0002-1825-0097" in page
    assert "An example body" in page


def test_links_lead_from_where_the_page_stands():
    link = (Link((Text("it"),), "definitions/x#part"),)
    assert 'href="../definitions/x.html#part"' in words_markdown(link, here="papers/a")
    assert 'href="definitions/x.html#part"' in words_markdown(link, here="index")
    beside = (Link((Text("it"),), "papers/b"),)
    assert 'href="b.html"' in words_html(beside, here="papers/a")


def test_each_hint_of_a_page_is_numbered_apart():
    number = Number("o/n", "24%", "What?", "Released.")
    page = numbered_hints(words_markdown((number, Text(" and "), number), here="papers/a"))
    for place in ("hint-1", "hint-2"):
        assert page.count(f'aria-describedby="{place}"') == page.count(f'id="{place}"') == 1
    assert 'href="#provenance"' in page
    front = words_markdown((number,), here="index")
    assert 'href="definitions/index.html"' in front


def test_each_work_of_a_citation_leads_to_its_line_of_the_references():
    both = Cite(("a", "b"), "A, 2019; B and others, 2020")
    shown = words_markdown((both,), here="papers/a")
    assert shown.count("href=") == 2
    assert '<a class="cited" href="#ref-b">B and others, 2020</a>)' in shown
    said = Cite(("a", "b"), "A and B (2019) and C (2020)", in_text=True)
    assert '>A and B (2019)</a> and <a class="cited" href="#ref-b">C (2020)</a>' in words_html(
        (said,), here="papers/a"
    )


def test_spaces_between_words_are_kept():
    words = (Text("a "), Strong((Text("b"),)), Text(" c "), Given("5", "k"), Math("x"))
    shown = words_markdown(words, here="index")
    assert shown == ('a <strong>b</strong> c 5 <a class="cited" href="#ref-k">[source]</a>$x$')
