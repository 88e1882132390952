"""Build the book: from releases, notebooks and static pages to a folder that opens anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError
from justice_analysis.publishing.catalogue_pages import catalogue_files
from justice_analysis.publishing.changes import compare
from justice_analysis.publishing.changes_page import changes, changes_files
from justice_analysis.publishing.definition_pages import definition_files
from justice_analysis.publishing.editions import read_editions
from justice_analysis.publishing.front_page import front_markdown
from justice_analysis.publishing.further_definitions import FURTHER, further_files
from justice_analysis.publishing.glossary_page import glossary_markdown
from justice_analysis.publishing.headline_page import headline_files
from justice_analysis.publishing.made_files import made_files
from justice_analysis.publishing.paper.glossary import read_glossary
from justice_analysis.publishing.paper.making import Shared, make_paper
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.paper.references import FILE as REFERENCES
from justice_analysis.publishing.paper.references import read_references
from justice_analysis.publishing.paper_lists import list_files
from justice_analysis.publishing.prose import read_notebook
from justice_analysis.publishing.released_reader import ReleasedStudy, read_releases
from justice_analysis.publishing.source_tree import write_tree
from justice_analysis.publishing.sphinx_run import put_in_place, run_sphinx
from justice_analysis.publishing.stale import refuse_stale
from justice_analysis.publishing.study_page import DEFAULT, StudyPage
from justice_analysis.publishing.topic_pages import topic_files
from justice_analysis.publishing.traces import write_traces
from justice_analysis.publishing.tracing import trace, trace_headlines, trace_known
from justice_analysis.publishing.variant_prose import with_variant_prose
from justice_analysis.publishing.writers.inline import numbered_hints
from justice_analysis.publishing.writers.page import paper_files

SOURCE, PICTURES, MADE, WORK, HTML = "_source", "_pictures", "_made", "_build", "html"
QUALITY_STUDY = "data_quality"
STATIC_FILES = (".md", ".png", ".csv")
# Pages made from the papers themselves, which papers may lead to.
MADE_PAGES = ("index", "headlines", "changes", "papers/index", "protocols/index", "topics/index")


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
    pages = _study_pages(studies, notebooks, parameters)
    found = glossary or book_folder.parent / "GLOSSARY.md"
    files = _reference_files(book_folder, found, known_cards)
    quality = _quality_pages(pages)
    _add(files, catalogue_files(known_contracts, pictures=out / PICTURES, quality=quality))
    tell("Writing papers")
    shared = _shared(book_folder, found, studies, pages, known_cards, known_contracts, files)
    papers = tuple(make_paper(page, shared) for page in _every(pages))
    editions = read_editions(book_folder)
    told = compare(papers, editions)
    _add(files, _paper_files(pages, papers, made_files(papers, out / MADE, progress=progress)))
    _add(files, list_files(papers))
    _add(files, topic_files(papers))
    _add(files, headline_files(papers))
    _add(files, changes_files(papers, editions, told))
    unanswered = [(card.title, f"definitions/{card.name}") for card in known_cards if card.gap]
    prose = (book_folder / "index.md").read_text(encoding="utf-8")
    files["index.md"] = front_markdown(
        prose, papers, _chapters(files), changes=changes(told), unanswered=unanswered
    )
    numbered = {
        name: numbered_hints(content) if isinstance(content, str) else content
        for name, content in files.items()
    }
    uses = [use for paper in papers for use in trace(paper, studies)]
    uses += [*trace_known(papers, studies), *trace_headlines(papers, studies)]
    removed = write_tree(numbered, out / SOURCE)
    built = run_sphinx(out / SOURCE, out / WORK, afresh=removed, progress=progress)
    put_in_place(built, out / HTML)
    write_traces(uses, studies, out)
    return BookReport(
        index=out / HTML / "index.html",
        pages=sum(name.endswith(".md") for name in files),
        papers=tuple(study.name for study in studies if not study.is_synthetic),
        protocol_papers=tuple(study.name for study in studies if study.is_synthetic),
        unreleased=tuple(_unreleased(studies)),
        seconds=time.monotonic() - began,
    )


def read_papers(
    releases: Sequence[Path],
    *,
    book_folder: Path,
    notebooks: Path,
    parameters: Path,
    glossary: Path | None = None,
    cards: Sequence[Any] | None = None,
    contracts: Sequence[Any] | None = None,
) -> tuple[Paper, ...]:
    """The papers that a book of these releases holds, without building it; as `build_book`.

    Raises
    ------
    BookError
        If a paper cannot be made.
    """
    studies = read_releases(releases)
    pages = _study_pages(studies, notebooks, parameters)
    known_cards = tuple(registered_cards() if cards is None else cards)
    known_contracts = tuple(registered_contracts() if contracts is None else contracts)
    found = glossary or book_folder.parent / "GLOSSARY.md"
    shared = _shared(book_folder, found, studies, pages, known_cards, known_contracts, {})
    shared = replace(shared, pages=None)  # whether links lead somewhere is for the build to say
    return tuple(make_paper(page, shared) for page in _every(pages))


def _every(pages: Sequence[StudyPage]) -> list[StudyPage]:
    """All variants: papers before protocols, a study's first variant before its others."""
    return [item for page in pages for item in (page, *page.siblings)]


def _shared(
    book_folder: Path,
    glossary: Path,
    studies: Sequence[ReleasedStudy],
    pages: Sequence[StudyPage],
    cards: Sequence[Any],
    contracts: Sequence[Any],
    files: Mapping[str, object],
) -> Shared:
    """What papers may refer to: every page that the book will have among it."""
    places = {f"{page.slug}.md": page.path for page in _every(pages)}
    named = {name.removesuffix(".md") for name in files if name.endswith(".md")}
    return Shared(
        book_folder=book_folder,
        studies=studies,
        cards={card.name: card.title for card in cards},
        datasets={item.name: (item.title, item.citation) for item in contracts},
        references=read_references(book_folder / REFERENCES),
        glossary=read_glossary(glossary),
        places=places,
        pages=frozenset({*named, *places.values(), *MADE_PAGES}),
    )


def _paper_files(
    pages: Sequence[StudyPage],
    papers: Sequence[Paper],
    made: Mapping[str, Mapping[str, Path]],
) -> dict[str, str | Path]:
    """Pages of the papers, what they show, and the released files that they give."""
    files: dict[str, str | Path] = {}
    for page, paper in zip(_every(pages), papers, strict=True):
        files |= paper_files(paper, made[paper.slug])
        for output in page.study.released:
            assert output.csv_file is not None
            for file in (output.csv_file, output.csv_file.with_suffix(".txt")):
                files[f"{page.chapter}/{page.file_name(output, file.suffix)}"] = file
    return files


def _quality_pages(pages: Sequence[StudyPage]) -> dict[str, str]:
    """The page on the quality of each dataset that it was made from; real data before synthetic."""
    return {
        name: f"{page.path}.md"
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
    studies: Sequence[ReleasedStudy], notebooks: Path, parameters: Path
) -> list[StudyPage]:
    """The first variant of each study with the others under it, papers before protocols."""
    pages = []
    for study in studies:
        notebook = notebooks / f"{study.study}.ipynb"
        content = _read_parameters(parameters / study.study / f"{study.variant}.yaml")
        text = with_variant_prose(
            read_notebook(notebook), content, place=f"{study.study}/{study.variant}.yaml"
        )
        refuse_stale(study, notebook, content)
        pages.append(StudyPage(study, text, content))
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


def _reference_files(
    book_folder: Path, glossary: Path, cards: Sequence[Any]
) -> dict[str, str | Path]:
    """Pages written by people, and those made from definitions and the glossary."""
    files = _static_files(book_folder)
    _add(files, definition_files(cards, FURTHER if cards else {}))
    if cards:
        _add(files, further_files())
    if glossary.is_file():
        _add(files, {"glossary.md": glossary_markdown(glossary.read_text(encoding="utf-8"))})
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
