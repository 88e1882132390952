"""Prose becomes blocks; what print cannot show, or nobody can trace, is refused with its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import (
    Bullets,
    Cite,
    Emphasis,
    Formula,
    Given,
    Heading,
    Link,
    Math,
    Number,
    Paragraph,
    Strong,
    Table,
    Term,
    Text,
)
from justice_analysis.publishing.paper.glossary import Entry
from justice_analysis.publishing.paper.reading import Sources, read_prose, read_words
from justice_analysis.publishing.paper.references import Reference

WORK = Reference("a2020", "Example and others, 2020", "Example (2020) A work.", None, "")
SOURCES = Sources(
    folder="papers",
    number=lambda reference: Number(reference, "24%", "What?", "Released."),
    parameter=lambda name: f"<{name}>",
    references={"a2020": WORK},
    glossary={"spell": Entry("Spell", "A period.")},
    places={"other-default.md": "protocols/other-default"},
    pages=frozenset({"protocols/other-default", "definitions/x"}),
)


def read(markdown: str):
    return read_prose(markdown, SOURCES, place="study.ipynb, cell 2", line=3)


def words(markdown: str):
    return read_words(markdown, SOURCES, place="study.ipynb, cell 2")


def test_every_kind_of_block_is_read_in_order():
    found = read(
        "## Head\n\nWords.\n\n- one\n- two\n\n1. first\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "$$\nx^n\n$$\n\n$$y$$"
    )
    assert found == (
        Heading(2, (Text("Head"),)),
        Paragraph((Text("Words."),)),
        Bullets(((Paragraph((Text("one"),)),), (Paragraph((Text("two"),)),))),
        Bullets(((Paragraph((Text("first"),)),),), ordered=True),
        Table("Head", ("a", "b"), (("c", "d"),), (False, False), "Table: Head"),
        Formula("x^n"),
        Formula("y"),
    )


def test_every_kind_of_word_is_read():
    found = words(
        "A *b* **c** `d` $e$ {released}`o/n` {parameter}`p` {given}`32% <a2020>` "
        "{cite}`a2020` {citet}`a2020` {term}`spells <spell>`."
    )
    assert [word for word in found if not isinstance(word, Text)] == [
        Emphasis((Text("b"),)),
        Strong((Text("c"),)),
        type(found[5])("d"),
        Math("e"),
        Number("o/n", "24%", "What?", "Released."),
        Given("32%", "a2020"),
        Cite(("a2020",), "Example and others, 2020"),
        Cite(("a2020",), "Example and others (2020)", in_text=True),
        Term("spells", "Spell", "A period."),
    ]
    assert Text(" <p> ") in found


def test_links_lead_to_pages_of_the_book_and_an_absent_study_leaves_its_words():
    found = words("[a](../definitions/x.md#b) [c](other-default.md) [d](gone-default.md)")
    assert [word for word in found if isinstance(word, Link)] == [
        Link((Text("a"),), "definitions/x#b"),
        Link((Text("c"),), "protocols/other-default"),
    ]
    assert found[-1] == Text(" d")


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("[a](nowhere.md)", "nowhere.md, which is no page"),
        ("[a](ftp:x)", "must lead to a page of the book"),
        ("Some 12 people.", "“12” is typed by hand"),
        ("{other}`x`", "{other} is no role"),
        ("{given}`5 <b2021>`", "no work is called b2021"),
        ("{cite}`a2020, b2021`", "no work is called b2021"),
        ("<b>bold</b>", "HTML is no part"),
        ("> quoted", "blockquote is no part"),
        ("```\ncode\n```", "fence is no part"),
        ("| a |\n|---|\n| {released}`o/n` |", "holds no results"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_line(prose, message):
    with pytest.raises(BookError) as caught:
        read(f"Words.\n\n{prose}")
    assert message in str(caught.value)
    assert "study.ipynb, cell 2, line " in str(caught.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(BookError) as caught:
        read("It is 3.\n\nAnd 4.")
    assert "line 3: “3”" in str(caught.value)
    assert "line 5: “4”" in str(caught.value)


def test_links_are_not_looked_at_where_no_pages_are_known():
    sources = replace(SOURCES, pages=None)
    assert read_words("[a](nowhere.md)", sources, place="x") == (
        Link((Text("a"),), "papers/nowhere"),
    )
