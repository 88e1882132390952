"""The glossary's page."""

from __future__ import annotations

from pathlib import Path

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.pages.glossary import glossary_markdown
from justice_analysis.publishing.paper.glossary import read_glossary

TEXT = "# Glossary\n\n**Spell.** A period.\n\n**Case.** Proceedings with\none number.\n"


def test_each_word_has_an_anchor_in_the_order_of_the_alphabet() -> None:
    page = glossary_markdown(TEXT)
    assert "(term-spell)=\n### Spell\n\nA period." in page
    assert "Proceedings with\none number." in page
    assert page.index("term-case") < page.index("term-spell")


def test_letters_lead_to_their_words() -> None:
    page = glossary_markdown(TEXT)
    assert '<li><a href="#letter-c">C</a></li><li><a href="#letter-s">S</a></li>' in page
    assert "(letter-s)=\n## S" in page


def test_a_word_with_two_entries_stops_the_build() -> None:
    with pytest.raises(BookError, match="Spell has two entries"):
        glossary_markdown(f"{TEXT}\n**Spell.** Something else.\n")


def test_every_word_of_the_projects_glossary_is_on_the_page() -> None:
    file = Path(__file__).parents[4] / "GLOSSARY.md"
    page = glossary_markdown(file.read_text(encoding="utf-8"))
    assert all(f"({entry.slug})=" in page for entry in read_glossary(file).values())
