"""Build the book: from releases, notebooks and static pages to a folder that opens anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.editions.changes import compare
from justice_analysis.publishing.editions.edition import read_editions
from justice_analysis.publishing.made_files import made_files
from justice_analysis.publishing.manuscript import Manuscript, read_manuscript
from justice_analysis.publishing.pages.catalogue import catalogue_files
from justice_analysis.publishing.pages.changes import changes, changes_files
from justice_analysis.publishing.pages.definitions import definition_files
from justice_analysis.publishing.pages.front import front_markdown
from justice_analysis.publishing.pages.further_definitions import FURTHER, further_files
from justice_analysis.publishing.pages.glossary import glossary_markdown
from justice_analysis.publishing.pages.headlines import headline_files
from justice_analysis.publishing.pages.lists import list_files, quality_markdown
from justice_analysis.publishing.pages.topic_pages import topic_files
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.released.reader import ReleasedStudy
from justice_analysis.publishing.source_tree import write_tree
from justice_analysis.publishing.sphinx_run import put_in_place, run_sphinx
from justice_analysis.publishing.traces.file import write_traces
from justice_analysis.publishing.traces.uses import trace_book
from justice_analysis.publishing.writers.inline import numbered_hints
from justice_analysis.publishing.writers.page import paper_files

SOURCE, PICTURES, MADE, WORK, HTML = "_source", "_pictures", "_made", "_build", "html"
QUALITY_STUDY, QUALITY_PAGE = "data_quality", "quality.md"
STATIC_FILES = (".md", ".png", ".csv")
# Pages made from the papers themselves, which papers may lead to.
OF_PAPERS = ("index", "headlines", "changes", "papers/index", "protocols/index", "topics/index")

Files = dict[str, str | Path]
"""Content, or the file to copy, by path in the book."""


@dataclass(frozen=True)
class BookReport:
    """What was built.

    Attributes
    ----------
    index
        The front page, to be opened in a browser.
    papers, protocol_papers
        Study variants by name, on real and on synthetic data.
    unreleased
        Outputs that the pages say were not released, as study/variant/output.
    """

    index: Path
    pages: int
    papers: tuple[str, ...]
    protocol_papers: tuple[str, ...]
    unreleased: tuple[str, ...]
    seconds: float


def build_book(
    releases: Sequence[Path],
    out: Path,
    *,
    book_folder: Path,
    notebooks: Path,
    parameters: Path,
    glossary: Path | None = None,
    cards: Sequence[Any] | None = None,
    contracts: Sequence[Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> BookReport:
    """Build the book from released files; nothing else of a run is looked at.

    Parameters
    ----------
    releases
        Folders made by `justice release bundle`; only their `request/` trees are read.
    out
        Where the book goes: `out/html` is the book, the rest is kept for the next build.
    book_folder
        Pages written by people, `index.md` among them, front matter and references.
    notebooks, parameters
        Prose and parameters of the studies: `<study>.ipynb`, `<study>/<variant>.yaml`.
    glossary
        Glossary in Markdown; by default `GLOSSARY.md` beside the book folder, if there.
    cards, contracts
        Definitions and datasets of the reference chapters; by default all that are registered.
    progress
        Called with a line of text as each step begins.

    Raises
    ------
    BookError
        If a folder is not a release, prose uses a number that was not released, a page has a
        mistake, or a needed file is missing. A book that stood there before stays as it was.
    """
    began = time.monotonic()
    tell = progress or (lambda line: None)
    manuscript = read_manuscript(
        releases,
        book_folder=book_folder,
        notebooks=notebooks,
        parameters=parameters,
        glossary=glossary,
        cards=cards,
        contracts=contracts,
        progress=progress,
    )
    tell("Writing papers")
    files = _reference_files(manuscript, pictures=out / PICTURES)
    papers = manuscript.papers(pages=frozenset({*_names(files), *OF_PAPERS}))
    made = made_files(papers, out / MADE, progress=progress)
    _add(files, _paper_files(manuscript, papers, made))
    _add_pages_of_papers(files, manuscript, papers)
    uses = trace_book(papers, manuscript.studies)
    removed = write_tree(_numbered(files), out / SOURCE)
    built = run_sphinx(out / SOURCE, out / WORK, afresh=removed, progress=progress)
    put_in_place(built, out / HTML)
    write_traces(uses, manuscript.studies, out)
    return BookReport(
        index=out / HTML / "index.html",
        pages=len(_names(files)),
        papers=tuple(paper.name for paper in papers if not paper.is_synthetic),
        protocol_papers=tuple(paper.name for paper in papers if paper.is_synthetic),
        unreleased=tuple(_unreleased(manuscript.studies)),
        seconds=time.monotonic() - began,
    )


def read_papers(releases: Sequence[Path], **options: Any) -> tuple[Paper, ...]:
    """The papers that a book of these releases holds, without building it; as `build_book`.

    Raises
    ------
    BookError
        If a paper cannot be made. Whether links lead somewhere is for the build to say.
    """
    return read_manuscript(releases, **options).papers()


def _unreleased(studies: Iterable[ReleasedStudy]) -> list[str]:
    return [
        f"{study.name}/{output.id}"
        for study in studies
        for output in study.outputs
        if not output.is_released
    ]


# Files ----------------------------------------------------------------------------------------


def _reference_files(manuscript: Manuscript, *, pictures: Path) -> Files:
    """Pages written by people, and those made from definitions, datasets and the glossary."""
    files = _static_files(manuscript.book_folder)
    cards = manuscript.cards
    _add(files, definition_files(cards, FURTHER if cards else {}))
    if cards:
        _add(files, further_files())
    if manuscript.glossary.is_file():
        words = manuscript.glossary.read_text(encoding="utf-8")
        _add(files, {"glossary.md": glossary_markdown(words)})
    quality = _quality_pages(manuscript)
    _add(files, catalogue_files(manuscript.contracts, pictures=pictures, quality=quality))
    return files


def _static_files(book_folder: Path) -> Files:
    if not (book_folder / "index.md").is_file():
        raise BookError(f"the book's folder {book_folder.name} holds no index.md.")
    return {
        path.relative_to(book_folder).as_posix(): path
        for path in sorted(book_folder.rglob("*"))
        if path.suffix in STATIC_FILES and path.is_file() and "_build" not in path.parts
    }


def _quality_pages(manuscript: Manuscript) -> dict[str, str]:
    """The page on the quality of each dataset that it was made from; real data before synthetic."""
    return {
        name: f"{page.path}.md"
        for page in reversed(manuscript.pages)
        if page.study.study == QUALITY_STUDY
        for name in page.study.provenance.get("sources") or {}
    }


def _paper_files(
    manuscript: Manuscript, papers: Iterable[Paper], made: Mapping[str, Mapping[str, Path]]
) -> Files:
    """Pages of the papers, what they show, and the released files that they give."""
    files: Files = {}
    for paper in papers:
        files |= paper_files(paper, made[paper.slug])
    for page in manuscript.pages:
        for output in page.study.released:
            assert output.csv_file is not None
            for file in (output.csv_file, output.csv_file.with_suffix(".txt")):
                files[f"{page.chapter}/{page.file_name(output, file.suffix)}"] = file
    return files


def _add_pages_of_papers(files: Files, manuscript: Manuscript, papers: Sequence[Paper]) -> None:
    """Lists, topics, headline figures, changes, and last the front page, which leads to all."""
    editions = read_editions(manuscript.book_folder)
    told = compare(papers, editions)
    _add(files, list_files(papers))
    _add(files, topic_files(papers))
    _add(files, headline_files(papers))
    _add(files, changes_files(papers, editions, told))
    if QUALITY_PAGE in files:
        about = (manuscript.book_folder / QUALITY_PAGE).read_text(encoding="utf-8")
        files[QUALITY_PAGE] = quality_markdown(about, papers)
    words = (manuscript.book_folder / "index.md").read_text(encoding="utf-8")
    files["index.md"] = front_markdown(
        words,
        papers,
        _chapters(files),
        changes=changes(told),
        unanswered=[
            (card.title, f"definitions/{card.name}") for card in manuscript.cards if card.gap
        ],
    )


def _add(files: Files, more: Mapping[str, Any]) -> None:
    twice = sorted(set(files) & set(more))
    if twice:
        raise BookError(f"two pages of the book want the same place: {', '.join(twice)}.")
    files.update(more)


def _names(files: Iterable[str]) -> list[str]:
    """Pages, without suffix."""
    return [name.removesuffix(".md") for name in files if name.endswith(".md")]


def _numbered(files: Files) -> Files:
    return {
        name: numbered_hints(content) if isinstance(content, str) else content
        for name, content in files.items()
    }


def _chapters(files: Iterable[str]) -> list[str]:
    """Pages at the top of the book, and the first page of each of its folders."""
    names = _names(files)
    reference = ["definitions/index", "catalogue/index", "glossary"]
    single = [name for name in names if "/" not in name and name not in ("index", "glossary")]
    folders = [n for n in names if n.count("/") == 1 and n.endswith("/index")]
    about = [*single, *(name for name in folders if name not in reference)]
    return [name for name in reference if name in names] + about


def open_book(path: Path) -> Path:
    """Open a built book in the user's browser and return its front page.

    Raises
    ------
    BookError
        If there is no built book.
    """
    import webbrowser

    pages = (path, path / "index.html", path / HTML / "index.html")
    index = next((page for page in pages if page.is_file()), None)
    if index is None:
        raise BookError(f"there is no book in {path.name}. Build one with: justice book build.")
    webbrowser.open(index.resolve().as_uri())
    return index
