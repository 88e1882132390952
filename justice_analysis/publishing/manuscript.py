"""What a book is made from, read and checked: releases, prose, definitions, datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError, listed
from justice_analysis.publishing.paper.glossary import read_glossary
from justice_analysis.publishing.paper.making import Shared, make_paper
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.paper.references import FILE as REFERENCES
from justice_analysis.publishing.paper.references import read_references
from justice_analysis.publishing.prose import read_notebook
from justice_analysis.publishing.released.reader import ReleasedStudy, read_releases
from justice_analysis.publishing.study_page import DEFAULT, StudyPage
from justice_analysis.publishing.traces.stale_studies import refuse_stale
from justice_analysis.publishing.variant_prose import with_variant_prose

HOME = "England and Wales"
"""Papers on it stand first."""


@dataclass(frozen=True)
class Manuscript:
    """All that a book is made from.

    Attributes
    ----------
    book_folder
        Pages written by people, front matter, references.
    glossary
        GLOSSARY.md; it need not be there.
    pages
        Released study variants with their prose: real before synthetic, a study's first variant
        before its others.
    cards, contracts
        Definitions and datasets of the reference chapters.
    """

    book_folder: Path
    glossary: Path
    pages: tuple[StudyPage, ...]
    cards: tuple[Any, ...]
    contracts: tuple[Any, ...]

    @cached_property
    def studies(self) -> tuple[ReleasedStudy, ...]:
        """Every released study variant."""
        return tuple(page.study for page in self.pages)

    def papers(self, *, pages: frozenset[str] | None = None) -> tuple[Paper, ...]:
        """Make the papers, those on England and Wales first.

        Parameters
        ----------
        pages
            Pages of the book that are no papers, without suffix, for links to lead to; where it
            is missing, links are not looked at.

        Raises
        ------
        BookError
            If a paper breaks a rule.
        """
        places = {f"{page.slug}.md": page.path for page in self.pages}
        shared = Shared(
            book_folder=self.book_folder,
            studies=self.studies,
            cards={card.name: card.title for card in self.cards},
            datasets={item.name: (item.title, item.citation) for item in self.contracts},
            references=read_references(self.book_folder / REFERENCES),
            glossary=read_glossary(self.glossary),
            places=places,
            pages=None if pages is None else pages | {*places.values()},
        )
        made = (make_paper(page, shared) for page in self.pages)
        return tuple(sorted(made, key=_reading_order))


def _reading_order(paper: Paper) -> tuple[bool, bool]:
    """Real papers before protocols, and those on this country first; others as they were."""
    return paper.is_synthetic, not paper.front.place.startswith(HOME)


def read_manuscript(
    releases: Sequence[Path],
    *,
    book_folder: Path,
    notebooks: Path,
    parameters: Path,
    glossary: Path | None = None,
    cards: Sequence[Any] | None = None,
    contracts: Sequence[Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Manuscript:
    """Read all that a book is made from; of a release only its `request/` tree is looked at.

    Raises
    ------
    BookError
        If a folder is not a release, a needed file is missing, or a study was released from
        other code or parameters than stand there now.
    """
    if progress:
        progress("Reading releases")
    studies = read_releases(releases)
    return Manuscript(
        book_folder=book_folder,
        glossary=glossary or book_folder.parent / "GLOSSARY.md",
        pages=tuple(_study_pages(studies, notebooks, parameters)),
        cards=tuple(registered_cards() if cards is None else cards),
        contracts=tuple(registered_contracts() if contracts is None else contracts),
    )


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


# Studies --------------------------------------------------------------------------------------


def _study_pages(
    studies: Sequence[ReleasedStudy], notebooks: Path, parameters: Path
) -> list[StudyPage]:
    _refuse_stale(studies, notebooks, parameters)
    pages = sorted((_read(study, notebooks, parameters) for study in studies), key=_order)
    return [page for _, group in groupby(pages, key=_family) for page in _related(list(group))]


def _refuse_stale(studies: Sequence[ReleasedStudy], notebooks: Path, parameters: Path) -> None:
    """Refuse what is missing, or has changed since it was released: all of it at once."""
    problems = []
    for study in studies:
        try:
            refuse_stale(study, _notebook(study, notebooks), _parameters(study, parameters))
        except BookError as problem:
            problems.append(str(problem))
    if problems:
        raise BookError(listed(problems))


def _read(study: ReleasedStudy, notebooks: Path, parameters: Path) -> StudyPage:
    """A released study beside its prose and parameters."""
    content = _parameters(study, parameters)
    place = f"{study.study}/{study.variant}.yaml"
    text = read_notebook(_notebook(study, notebooks))
    return StudyPage(study, with_variant_prose(text, content, place=place), content)


def _notebook(study: ReleasedStudy, notebooks: Path) -> Path:
    return notebooks / f"{study.study}.ipynb"


def _parameters(study: ReleasedStudy, parameters: Path) -> Mapping[str, Any]:
    return _read_parameters(parameters / study.study / f"{study.variant}.yaml")


def _family(page: StudyPage) -> tuple[bool, str]:
    return page.is_synthetic, page.study.study


def _order(page: StudyPage) -> tuple[bool, str, bool, str]:
    variant = page.study.variant
    return *_family(page), variant != DEFAULT, variant


def _related(group: list[StudyPage]) -> list[StudyPage]:
    """Variants of one study: the first knows the others."""
    first, *others = group
    return [replace(first, siblings=tuple(others)), *others]


def _read_parameters(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise BookError(f"the parameter file {path.parent.name}/{path.name} is missing.")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError:
        content = None
    if not isinstance(content, dict):
        raise BookError(f"the parameter file {path.parent.name}/{path.name} cannot be read.")
    return content
