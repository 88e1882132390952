"""Build the book: from releases, notebooks and static pages to a folder that opens anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError
from justice_analysis.publishing.catalogue_pages import catalogue_files
from justice_analysis.publishing.definition_pages import definition_files
from justice_analysis.publishing.front_page import front_markdown, glossary_markdown
from justice_analysis.publishing.further_definitions import FURTHER, further_files
from justice_analysis.publishing.prose import read_notebook
from justice_analysis.publishing.released_reader import ReleasedStudy, read_releases
from justice_analysis.publishing.source_tree import write_tree
from justice_analysis.publishing.sphinx_run import put_in_place, run_sphinx
from justice_analysis.publishing.study_markdown import linked, study_files
from justice_analysis.publishing.study_page import DEFAULT, StudyPage

SOURCE, PICTURES, WORK, HTML = "_source", "_pictures", "_build", "html"
QUALITY_STUDY = "data_quality"
STATIC_FILES = (".md", ".png", ".csv")


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
        Pages written by people, `index.md` among them.
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
    tell("Reading releases")
    studies = read_releases(releases)
    known_cards = tuple(registered_cards() if cards is None else cards)
    known_contracts = tuple(registered_contracts() if contracts is None else contracts)
    pages = _study_pages(studies, notebooks, parameters, known_cards, known_contracts)
    tell("Writing pages")
    found = glossary or book_folder.parent / "GLOSSARY.md"
    files = _book_files(book_folder, found, pages, known_cards)
    pictures, quality = out / PICTURES, _quality_pages(pages)
    _add(files, catalogue_files(known_contracts, pictures=pictures, quality=quality))
    _add_front(files, book_folder, pages)
    removed = write_tree(files, out / SOURCE)
    built = run_sphinx(out / SOURCE, out / WORK, afresh=removed, progress=progress)
    put_in_place(built, out / HTML)
    return BookReport(
        index=out / HTML / "index.html",
        pages=sum(name.endswith(".md") for name in files),
        papers=tuple(study.name for study in studies if not study.is_synthetic),
        protocol_papers=tuple(study.name for study in studies if study.is_synthetic),
        unreleased=tuple(_unreleased(studies)),
        seconds=time.monotonic() - began,
    )


def _quality_pages(pages: Sequence[StudyPage]) -> dict[str, str]:
    """The page on the quality of each dataset that it was made from; real data before synthetic."""
    return {
        name: f"{page.chapter}/{page.slug}.md"
        for page in reversed(pages)
        if page.study.study == QUALITY_STUDY
        for name in page.study.provenance.get("sources") or {}
    }


def _unreleased(studies: Iterable[ReleasedStudy]) -> list[str]:
    return [
        f"{study.name}/{output.id}"
        for study in studies
        for output in study.outputs
        if not output.is_released
    ]


def registered_cards() -> tuple[Any, ...]:
    """Every definition card; metrics and evaluations register theirs when they are imported."""
    import justice_analysis.evaluation
    import justice_analysis.metrics  # noqa: F401
    from justice_analysis.definitions import registry

    return registry.cards()


def registered_contracts() -> tuple[Any, ...]:
    """Every dataset that the package has a contract for."""
    from justice_analysis import contracts

    return tuple(contracts.load(name) for name in contracts.names())


# Studies ------------------------------------------------------------------------------


def _study_pages(
    studies: Sequence[ReleasedStudy],
    notebooks: Path,
    parameters: Path,
    cards: Sequence[Any],
    contracts: Sequence[Any],
) -> list[StudyPage]:
    """The first variant of each study with the others under it, papers before protocols."""
    titles = {card.name: card.title for card in cards} or None
    datasets = {item.name: (item.title, item.citation) for item in contracts}
    pages = [
        StudyPage(
            study,
            read_notebook(notebooks / f"{study.study}.ipynb"),
            _read_parameters(parameters / study.study / f"{study.variant}.yaml"),
            cards=titles,
            datasets=datasets,
        )
        for study in studies
    ]
    return [_with_siblings(list(group)) for _, group in groupby(sorted(pages, key=_order), _family)]


def _family(page: StudyPage) -> tuple[bool, str]:
    return page.is_synthetic, page.study.study


def _order(page: StudyPage) -> tuple[bool, str, bool, str]:
    variant = page.study.variant
    return *_family(page), variant != DEFAULT, variant


def _with_siblings(group: list[StudyPage]) -> StudyPage:
    first, *others = group
    return replace(first, siblings=tuple(others))


def _read_parameters(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise BookError(f"the parameter file {path.parent.name}/{path.name} is missing.")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        content = None
    if not isinstance(content, dict):
        raise BookError(f"the parameter file {path.parent.name}/{path.name} cannot be read.")
    return content


# Files --------------------------------------------------------------------------------


def _book_files(
    book_folder: Path,
    glossary: Path,
    pages: Sequence[StudyPage],
    cards: Sequence[Any],
) -> dict[str, str | Path]:
    files = _static_files(book_folder)
    _add(files, _all_study_files(pages))
    _add(files, definition_files(cards, FURTHER if cards else {}))
    if cards:
        _add(files, further_files())
    if glossary.is_file():
        _add(files, {"glossary.md": glossary_markdown(glossary.read_text(encoding="utf-8"))})
    return files


def _add_front(files: dict[str, str | Path], book_folder: Path, pages: Sequence[StudyPage]) -> None:
    """Write the front page last, since it lists every other."""
    prose = (book_folder / "index.md").read_text(encoding="utf-8")
    files["index.md"] = front_markdown(prose, pages, _chapters(files))


def _all_study_files(pages: Sequence[StudyPage]) -> dict[str, str | Path]:
    every = [item for page in pages for item in (page, *page.siblings)]
    places = {f"{page.slug}.md": f"{page.chapter}/{page.slug}.md" for page in every}
    files: dict[str, str | Path] = {}
    for page in every:
        for name, content in study_files(page).items():
            text = isinstance(content, str)
            files[name] = linked(str(content), places, here=name) if text else content
    return files


def _static_files(book_folder: Path) -> dict[str, str | Path]:
    if not (book_folder / "index.md").is_file():
        raise BookError(f"the book's folder {book_folder.name} holds no index.md.")
    return {
        path.relative_to(book_folder).as_posix(): path
        for path in sorted(book_folder.rglob("*"))
        if path.suffix in STATIC_FILES and path.is_file() and "_build" not in path.parts
    }


def _add(files: dict[str, str | Path], more: dict[str, Any]) -> None:
    twice = sorted(set(files) & set(more))
    if twice:
        raise BookError(f"two pages of the book want the same place: {', '.join(twice)}.")
    files.update(more)


def _chapters(files: Iterable[str]) -> list[str]:
    """Pages at the top of the book, and the first page of each of its folders."""
    names = [name.removesuffix(".md") for name in files if name.endswith(".md")]
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
