"""What a build does again after a mistake, and after a title changed; what it leaves alone."""

from __future__ import annotations

import pytest

from justice_analysis.errors import BookError
from justice_analysis.publishing.sphinx_run import menu_digest, run_sphinx

INDEX = "# The book\n\n```{toctree}\nmore\nother\n```\n"


@pytest.fixture
def source(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "index.md").write_text(INDEX)
    (tmp_path / "source" / "more.md").write_text("# More\n\nNothing.\n")
    (tmp_path / "source" / "other.md").write_text("# Other\n\nWords.\n")
    return tmp_path / "source"


def test_a_mistake_is_told_until_it_is_mended_and_costs_no_whole_build(source, tmp_path):
    def build():
        return run_sphinx(source, tmp_path / "work", afresh=False)

    other = build() / "other.html"
    first = other.stat().st_mtime_ns
    (source / "more.md").write_text("# More\n\n[lost](nowhere.md)\n")
    for _ in range(2):  # what the first wrote despite the mistake is not taken for whole
        with pytest.raises(BookError, match=r"more\.md:3: WARNING"):
            build()
    assert other.stat().st_mtime_ns == first
    (source / "more.md").write_text("# Another title\n\nFound.\n")
    assert "Found." in (build() / "more.html").read_text("utf-8")
    assert ">Another title</a>" in other.read_text("utf-8")  # the menu of every page follows


def test_the_menu_is_what_pages_are_called_and_where_they_are_listed(source):
    before = menu_digest(source)
    (source / "more.md").write_text("# More\n\nOther words, and # signs.\n")
    assert menu_digest(source) == before
    (source / "more.md").write_text("# Less\n\nNothing.\n")
    renamed = menu_digest(source)
    assert renamed != before
    (source / "index.md").write_text(INDEX.replace("more\nother", "other\nmore"))
    assert menu_digest(source) not in (before, renamed)
