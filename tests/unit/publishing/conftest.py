"""A small release for each test, and what the reference chapters are made from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from small_book import SmallRelease, make_release

from justice_analysis.publishing import BookReport, build_book

CARD = SimpleNamespace(
    name="recurrence", title="Return to court", question="What share come back?",
    definition="The share of parents in a further set.", counting_unit="people",
    population="mothers", clock="from issue", does_not_count=("a reopened case",),
    censoring="end of coverage", options=(("parent", "mother", "whose returns are counted"),),
    known_breaks=(), needs=(), source=("a publication",), status="backed",
)  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> SmallRelease:
    return make_release(tmp_path)


@pytest.fixture
def book_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    folder.mkdir()
    lists = "% list of papers\n\n% list of protocol papers\n"
    (folder / "index.md").write_text(f"# The book\n\nWhat it is.\n\n{lists}")
    return folder


@pytest.fixture
def build(small: SmallRelease, book_folder: Path, tmp_path: Path):
    def run(**options) -> BookReport:
        return build_book(
            [small.release], tmp_path / "out", book_folder=book_folder, notebooks=small.notebooks,
            parameters=small.parameters, cards=[CARD], contracts=[], **options,
        )  # fmt: skip

    return run
