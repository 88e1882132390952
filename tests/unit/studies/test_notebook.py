"""What a notebook's results depend on: its code, not its prose."""

from __future__ import annotations

import json

import nbformat

from justice_analysis.studies.notebook import code_sha256, read


def cells(code: str = "a = 1\nb = 2", prose: str = "Words.", id: str = "load"):
    return [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": prose},
        {"cell_type": "code", "id": id, "metadata": {}, "source": code},
    ]


def test_prose_may_be_reworded_without_another_hash():
    assert code_sha256(cells()) == code_sha256(cells(prose="Other words."))


def test_changed_code_has_another_hash():
    assert code_sha256(cells()) != code_sha256(cells(code="a = 2\nb = 2"))


def test_a_renamed_code_cell_has_another_hash_since_the_book_finds_outputs_by_it():
    assert code_sha256(cells()) != code_sha256(cells(id="other"))


def test_the_hash_is_the_same_whichever_way_the_file_is_read(tmp_path):
    file = tmp_path / "study.ipynb"
    made = {"cells": cells(), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    made["cells"][1] |= {"source": ["a = 1\n", "b = 2"], "outputs": [], "execution_count": None}
    file.write_text(json.dumps(made))
    assert isinstance(read(file), nbformat.NotebookNode)
    assert code_sha256(read(file).cells) == code_sha256(json.loads(file.read_text())["cells"])
    assert code_sha256(read(file).cells) == code_sha256(cells())
