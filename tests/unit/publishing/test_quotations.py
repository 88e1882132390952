"""Quotations are words of others: shown as such, and never read as markup."""

from __future__ import annotations

from justice_analysis.publishing.quotations import quotations_html
from justice_analysis.publishing.released_reader import ReleasedOutput


def html(*rows) -> str:
    names = ("theme", "quotation", "speaker", "people", "shown")
    lines = tuple(dict(zip(names, row, strict=True)) for row in rows)
    output = ReleasedOutput(
        id="quotations", kind="quotations", title="In their own words", status="pass",
        reason="", cell="c", columns=names, rows=lines,
    )  # fmt: skip
    return quotations_html(output)


def test_each_theme_stands_once_above_its_quotations():
    shown = html(
        ("Travel", "An example.", "participant", "31", "yes"),
        ("Safety", "Another example.", "practitioner", "31", "yes"),
        ("Travel", "A third example.", "participant", "31", "yes"),
    )
    assert shown.count("<strong>Travel</strong>") == 1
    assert shown.count("<blockquote") == 3
    assert shown.index("A third example.") < shown.index("Another example.")
    assert "<footer>practitioner</footer>" in shown


def test_words_are_never_markup_and_a_hidden_one_says_so():
    shown = html(
        ("Travel", "<script>alert(1)</script>", "<b>participant</b>", "31", "yes"),
        ("Travel", "", "", "", "suppressed"),
    )
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<b>" not in shown
    assert "A quotation is hidden for confidentiality." in shown
