"""Files of whole papers are made again only where the paper, or what makes them, changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing import made_files as making
from justice_analysis.publishing.made_files import code_digest, made_files, paper_digest
from tests.unit.publishing import stand_in_writers
from tests.unit.publishing.paper_sample import draw_picture, sample_paper

KINDS = {".pdf", ".docx", ".xlsx", ".ods", ".cff", ".bib"}


@pytest.fixture(autouse=True)
def _stand_ins(monkeypatch):
    monkeypatch.setattr(making, "WRITERS", stand_in_writers.WRITERS)
    monkeypatch.setattr(making, "_PROCESSES", 1)


@pytest.fixture
def paper(tmp_path):
    return sample_paper(tmp_path, title="A title")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "_made"


def when(files) -> dict[str, int]:
    return {name: path.stat().st_mtime_ns for name, path in files["example-default"].items()}


def test_each_paper_has_its_six_files_under_its_name(paper, folder):
    files = made_files([paper], folder)["example-default"]
    assert {path.suffix for path in files.values()} == KINDS
    assert all(name == path.name and path.is_file() for name, path in files.items())
    assert {path.stem for path in files.values()} == {"example-default"}
    assert "cite A title" in files["example-default.bib"].read_text()


def test_files_of_synthetic_data_say_so_in_their_names(tmp_path, folder):
    files = made_files([sample_paper(tmp_path, is_synthetic=True)], folder)["example-default"]
    assert {path.stem for path in files.values()} == {"example-default-synthetic"}


def test_an_unchanged_paper_is_not_made_again(paper, folder):
    lines = []
    first = when(made_files([paper], folder))
    assert when(made_files([paper], folder, progress=lines.append)) == first
    assert lines == []


@pytest.mark.parametrize("part", ["title", "picture", "lost"])
def test_a_changed_word_picture_or_lost_file_makes_them_again(paper, folder, part):
    files = made_files([paper], folder)
    first, lines = when(files), []
    if part == "title":
        paper = replace(paper, title="Another title")
    elif part == "picture":
        paper.figures[0].file.write_bytes(b"another picture")
    else:
        files["example-default"]["example-default.pdf"].unlink()
    again = when(made_files([paper], folder, progress=lines.append))
    assert all(again[name] > first[name] for name in first)
    assert lines == ["Files of papers: 1 of 1 made (example-default)"]


def test_only_the_paper_that_changed_is_made_again(paper, folder):
    other = replace(paper, slug="other-default")
    lines = []
    made_files([paper, other], folder)
    made_files([paper, replace(other, citation="Others (2026).")], folder, progress=lines.append)
    assert lines == ["Files of papers: 1 of 1 made (other-default)"]


def test_changed_code_or_libraries_make_them_again(paper, folder, monkeypatch):
    lines = []
    made_files([paper], folder)
    monkeypatch.setattr(making, "code_digest", lambda: "another")
    made_files([paper], folder, progress=lines.append)
    assert len(lines) == 1
    before = code_digest()
    monkeypatch.setattr(making.metadata, "version", lambda name: "99")
    assert code_digest() != before


def test_the_digest_does_not_depend_on_where_pictures_lie(tmp_path, paper):
    moved = tmp_path / "elsewhere.png"
    draw_picture(moved)
    figure = replace(paper.figures[0], file=moved)
    blocks = tuple(figure if block == paper.figures[0] else block for block in paper.blocks)
    assert paper_digest(replace(paper, blocks=blocks)) == paper_digest(paper)


@pytest.mark.parametrize(
    ("title", "said"),
    [("It cannot be", r"example-default\.ods cannot be made: a title"), ("A lost one", "not made")],
)
def test_a_file_that_cannot_be_made_leaves_the_earlier_ones(paper, folder, title, said):
    first = when(made_files([paper], folder))
    with pytest.raises(BookError, match=said):
        made_files([replace(paper, title=title)], folder)
    assert when({"example-default": {p.name: p for p in (folder / "example-default").glob("*.*")
                                     if p.suffix in KINDS}}) == first  # fmt: skip
    assert [path.name for path in folder.iterdir()] == ["example-default"]


def test_files_of_a_paper_that_is_gone_go_too(paper, folder):
    made_files([paper, replace(paper, slug="other-default")], folder)
    made_files([paper], folder)
    assert [path.name for path in folder.iterdir()] == ["example-default"]


def test_two_papers_are_made_side_by_side(paper, folder, monkeypatch):
    monkeypatch.setattr(making, "_PROCESSES", 2)
    papers = [paper, replace(paper, slug="other-default")]
    lines = []
    files = made_files(papers, folder, progress=lines.append)
    assert all(path.is_file() for named in files.values() for path in named.values())
    assert [line.split("(")[1] for line in lines] == ["example-default)", "other-default)"]
