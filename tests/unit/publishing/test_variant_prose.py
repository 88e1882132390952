"""Prose that a variant says for itself stands where the shared notebook names it."""

from __future__ import annotations

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.prose import Cell, StudyText
from justice_analysis.publishing.variant_prose import with_variant_prose

PLACE = "study/default.yaml"


def text(*prose: str) -> StudyText:
    cells = [Cell(f"c{n}", True, said, ()) for n, said in enumerate(prose)]
    return StudyText("Title", "Description", (*cells, Cell("code", False, "", ())))


def test_prose_stands_where_it_is_named_with_its_roles():
    said = {"causes": "- Of {released}`a/b`.\n- More.\n"}
    found = with_variant_prose(text("## Causes\n\n{prose}`causes`"), {"prose": said}, place=PLACE)
    assert found.cells[0].text == "## Causes\n\n- Of {released}`a/b`.\n- More."


def test_a_cell_of_prose_that_a_variant_leaves_empty_is_left_out():
    found = with_variant_prose(
        text("One", "{prose}`causes`"), {"prose": {"causes": ""}}, place=PLACE
    )
    assert [cell.text for cell in found.cells] == ["One", ""]
    assert [cell.is_prose for cell in found.cells] == [True, False]


def test_a_notebook_without_such_prose_stays_as_it_is():
    assert with_variant_prose(text("One"), {}, place=PLACE) == text("One")


def test_prose_that_is_missing_or_named_nowhere_is_refused_with_the_file():
    with pytest.raises(BookError, match=r"study/default\.yaml: .*causes is missing; limits"):
        with_variant_prose(text("{prose}`causes`"), {"prose": {"limits": "Words"}}, place=PLACE)
