"""A small release for each test, and what the reference chapters are made from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from justice_analysis.publishing import BookReport, build_book
from justice_analysis.publishing.paper.ending import file_names
from tests.unit.publishing.small_book import SmallRelease, make_release

CARD = SimpleNamespace(
    name="recurrence", title="Return to court", question="What share come back?",
    definition="The share of parents in a further set.", counting_unit="people",
    population="mothers", clock="from issue", subject="family courts", gap=None,
    does_not_count=("a reopened case",),
    censoring="end of coverage", options=(("parent", "mother", "whose returns are counted"),),
    known_breaks=(), needs=(), source=("a publication",), status="backed",
)  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> SmallRelease:
    return make_release(tmp_path)


@pytest.fixture
def book_folder(small: SmallRelease) -> Path:
    return small.book


@pytest.fixture
def build(small: SmallRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Build the small book, with empty files in place of PDFs and workbooks."""
    monkeypatch.setattr("justice_analysis.publishing.book.made_files", empty_files)
    return lambda **options: build_small(small, tmp_path / "out", **options)


def empty_files(papers, folder: Path, *, progress=None) -> dict[str, dict[str, Path]]:
    """Files of each paper by their names, with nothing in them."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for paper in papers:
        names = file_names(paper.slug, is_synthetic=paper.is_synthetic).values()
        made[paper.slug] = {name: folder / name for name in names}
        for path in made[paper.slug].values():
            path.write_text("made by a test")
    return made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory):
    """Pages of one small book, for tests that only read."""
    folder = tmp_path_factory.mktemp("built")
    build_small(make_release(folder), folder / "out")
    return lambda name: (folder / "out" / "html" / f"{name}.html").read_text(encoding="utf-8")


def build_small(small: SmallRelease, out: Path, **options) -> BookReport:
    return build_book(
        [small.release], out, book_folder=small.book, notebooks=small.notebooks,
        parameters=small.parameters, cards=[CARD], contracts=[], **options,
    )  # fmt: skip
