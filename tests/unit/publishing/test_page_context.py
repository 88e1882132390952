"""What templates are told of a page."""

from __future__ import annotations

from docutils import nodes
from docutils.core import publish_doctree

from justice_analysis.publishing.page_context import (
    is_synthetic,
    kind,
    lead,
    lead_to_pictures,
    name_tables,
    sections,
)


def tree(text: str) -> nodes.document:
    return publish_doctree(text, settings_overrides={"doctitle_xform": False})


def test_the_lead_is_the_first_paragraph_that_says_something() -> None:
    page = tree("Title\n=====\n\n22 November 2026. Accepted.\n\nWhat the page is about, in words.")
    assert lead(page) == "What the page is about, in words."
    assert lead(tree("Title\n=====\n")) == ""


def test_a_long_lead_is_shortened_at_a_word() -> None:
    said = lead(tree(f"Title\n=====\n\n{'many words here ' * 40}"))
    assert len(said) <= 202
    assert said.endswith("here …") or said.endswith("words …") or said.endswith("many …")


def test_a_long_page_lists_its_sections_and_a_short_one_does_not() -> None:
    three = "Title\n=====\n\nA\n-\n\nx\n\nB\n-\n\nx\n\nC\n-\n\nx\n"
    assert sections(tree(three)) == [("A", "a"), ("B", "b"), ("C", "c")]
    assert sections(tree("Title\n=====\n\nA\n-\n\nx\n")) == []
    assert sections(None) == []


def test_a_page_says_its_kind_and_whether_it_is_synthetic() -> None:
    assert kind("decisions/ibis", {}) == "Decision"
    assert kind("protocols/x", {"kind": "Protocol paper", "synthetic": "True"}) == (
        "Protocol paper, synthetic data"
    )
    assert not is_synthetic({"synthetic": False})


def test_a_table_of_the_prose_is_named_by_its_heading_and_can_be_scrolled_by_key() -> None:
    page = tree("Title\n=====\n\nA & B\n-----\n\n== ==\nx  y\n== ==\n1  2\n== ==\n")
    name_tables(page)
    table = next(page.findall(nodes.table))
    assert table[0].astext() == '<caption class="unseen">A &amp; B</caption>'
    before = table.parent[table.parent.index(table) - 1].astext()
    assert 'tabindex="0" aria-label="Table: A &amp; B"' in before


def test_a_figure_leads_to_its_picture_alone() -> None:
    page = tree("Title\n=====\n\n.. figure:: curve.png\n\n   A caption.\n")
    lead_to_pictures(page, {"curve.png": "../_images/curve.png"})
    caption = next(page.findall(nodes.caption))
    assert 'href="../_images/curve.png">Open this figure larger</a>' in caption[-1].astext()
    lead_to_pictures(page, {})  # a picture that is not in the book has no address
