"""The front page: what is known, new and not known, from what papers say of themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.pages.front import (
    KNOWN,
    NEW,
    NOT_KNOWN,
    PROTOCOLS,
    UNANSWERED,
    WHERE,
    front_markdown,
    menu,
)
from justice_analysis.publishing.paper.paper import Paper
from tests.unit.publishing.paper_sample import sample_paper

PROSE = "\n\n".join(("# A title", KNOWN, NEW, NOT_KNOWN, PROTOCOLS, UNANSWERED, WHERE))
CHAPTERS = ["about", "changes", "reading", "definitions/index", "papers/index"]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return sample_paper(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return sample_paper(tmp_path_factory.mktemp("synthetic"), is_synthetic=True)


def test_a_finding_stands_with_its_place_its_traced_number_and_its_paper(paper: Paper) -> None:
    page = front_markdown(PROSE, [paper], CHAPTERS)
    assert '<p class="place">An example state</p>' in page
    assert '<a class="traced-number" href="definitions/recurrence.html"' in page
    assert '<a href="papers/example-default.html">One in four came back' in page


def test_findings_from_elsewhere_are_said_not_to_be_about_england_and_wales(paper: Paper) -> None:
    home = replace(paper, front=replace(paper.front, place="England and Wales"))
    assert "None of these findings is about England and Wales." in front_markdown(
        PROSE, [paper], CHAPTERS
    )
    assert "What holds in another country may not hold in" in front_markdown(
        PROSE, [paper, home], CHAPTERS
    )
    assert "another country" not in front_markdown(PROSE, [home], CHAPTERS)


def test_a_protocol_paper_is_a_question_and_never_a_finding(protocol: Paper) -> None:
    page = front_markdown(PROSE, [protocol], CHAPTERS)
    assert "No paper on real data is in this build of the book." in page
    assert 'href="protocols/example-default.html"' in page
    assert "traced-number" not in page


def test_variants_of_a_protocol_ask_one_question(protocol: Paper) -> None:
    other = replace(protocol, variant="other", slug="example-other")
    page = front_markdown(PROSE, [protocol, other], CHAPTERS)
    assert "example-other" not in page


def test_a_book_without_protocols_changes_or_questions_says_so(paper: Paper) -> None:
    page = front_markdown(PROSE, [paper], [])
    assert "No protocol paper is in this build of the book." in page
    assert "This is the first edition of the book" in page
    assert "No such question is recorded" in page


def test_changes_and_the_first_questions_are_listed_with_a_way_to_all(paper: Paper) -> None:
    questions = [(f"Question {place}", f"definitions/q{place}") for place in range(6)]
    page = front_markdown(PROSE, [paper], CHAPTERS, changes=["A paper."], unanswered=questions)
    assert "- A paper." in page
    assert "(changes.md)" in page
    assert 'href="definitions/q3.html">Question 3<' in page
    assert "Question 4" not in page
    assert "All 6 of them" in page


def test_a_title_is_never_read_as_markup(paper: Paper) -> None:
    page = front_markdown(PROSE, [paper], CHAPTERS)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("place", [KNOWN, NEW, NOT_KNOWN, PROTOCOLS, UNANSWERED, WHERE])
def test_a_front_page_without_a_place_for_a_list_stops_the_build(place: str) -> None:
    with pytest.raises(BookError, match=r"index\.md") as caught:
        front_markdown(PROSE.replace(place, ""), [], CHAPTERS)
    assert place in str(caught.value)


def test_the_books_own_front_page_keeps_a_place_for_each_list(paper: Paper) -> None:
    prose = Path(__file__).parents[4] / "book" / "index.md"
    page = front_markdown(prose.read_text(encoding="utf-8"), [paper], CHAPTERS)
    assert "\n% " not in page


def test_the_menu_keeps_its_order_and_the_page_about_the_book_holds_the_rest() -> None:
    chapters = ["notes", "about", "reading", "glossary", "definitions/index", "headlines"]
    assert menu(chapters) == ["headlines", "definitions/index", "glossary", "notes", "about"]
    assert menu(["reading"]) == ["reading"]
