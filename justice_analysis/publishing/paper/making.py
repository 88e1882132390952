"""Make a paper: prose, released outputs and front matter, in the order a reader wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper import ending
from justice_analysis.publishing.paper.blocks import (
    Block,
    Box,
    Bullets,
    Cite,
    Given,
    Heading,
    Number,
    Paragraph,
    Text,
    Words,
    inside,
    plain_text,
)
from justice_analysis.publishing.paper.front import Front, Headline, read_front
from justice_analysis.publishing.paper.glossary import Entry
from justice_analysis.publishing.paper.outputs import output_blocks
from justice_analysis.publishing.paper.paper import HeadlineFigure, Paper
from justice_analysis.publishing.paper.reading import Sources, read_prose, read_words
from justice_analysis.publishing.paper.references import Reference
from justice_analysis.publishing.paper.traced import find_cell, number_of
from justice_analysis.publishing.paper.trends import trend_of
from justice_analysis.publishing.paper.typed_numbers import typed_numbers
from justice_analysis.publishing.prose import MAIN_POINTS, POLICY, PROTOCOL_ONLY, SURE, Cell
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy
from justice_analysis.publishing.study_page import StudyPage

MOST_FINDINGS = 5
_PROTOCOL = (
    "This page shows how the study will be done and what its tables will look like. Every number "
    "comes from simulated people. None says anything about the real world."
)


@dataclass(frozen=True)
class Shared:
    """What all papers of a book refer to.

    Attributes
    ----------
    studies
        Every released study of the build.
    cards
        Title of each registered definition by name.
    datasets
        Title and citation of each dataset of the catalogue by name.
    places
        Path of each study's page in the book, without suffix, by its file name.
    pages
        Every page of the book, without suffix; missing where links are not looked at.
    """

    book_folder: Path
    studies: Sequence[ReleasedStudy]
    cards: Mapping[str, str] = field(default_factory=dict)
    datasets: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    glossary: Mapping[str, Entry] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    pages: frozenset[str] | None = None


@dataclass(frozen=True)
class Section:
    """A prose cell with the outputs that the cells under it showed, as blocks."""

    cell: Cell
    prose: tuple[Block, ...]
    shown: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Prose first."""
        return (*self.prose, *self.shown)


def make_paper(page: StudyPage, shared: Shared) -> Paper:
    """Make the paper of a study variant.

    Raises
    ------
    BookError
        If prose or front matter break a rule (file and line are named), an output comes from a
        cell that the notebook no longer has, or a section that every paper needs is missing.
    """
    _refuse_lost_cells(page)
    front = read_front(shared.book_folder, page.study.study, page.study.variant)
    sources = _sources_of(page, shared)
    title = title_of(page, sources)
    sections = _sections(page, sources)
    said = ending.citation(page, front, title)
    blocks = tuple(_ordered(page, front, sections, shared, said, sources))
    abstract = read_words(front.abstract, sources, place=front.file)
    return Paper(
        study=page.study.study,
        variant=page.study.variant,
        chapter=page.chapter,
        slug=page.slug,
        kind=page.kind,
        is_synthetic=page.is_synthetic,
        title=title,
        description=read_words(page.text.description, sources, place=page.text.place),
        abstract=abstract,
        front=front,
        blocks=blocks,
        known=() if page.is_synthetic else read_words(front.known, sources, place=front.file),
        not_known=()
        if page.is_synthetic
        else read_words(front.not_known, sources, place=front.file),
        headlines=_headlines(page, front, sources),
        references=_cited((abstract, blocks), shared.references),
        citation=said,
        released=ending.released_day(page),
    )


def title_of(page: StudyPage, sources: Sources) -> str:
    """Title of the paper: the parameter file's, since variants ask different questions."""
    named = " ".join(str(page.parameters.get("title") or "").split())
    if typed := typed_numbers(named):
        raise BookError(
            f"{page.study.study}/{page.study.variant}.yaml: title: “{typed[0]}” is typed by hand; "
            "a title cannot be traced to a release, so it states no result."
        )
    if named:
        return named
    return plain_text(read_words(page.text.title, sources, place=page.text.place))


def _sources_of(page: StudyPage, shared: Shared) -> Sources:
    def number(reference: str) -> Number:
        cell = find_cell(reference, within=page.study, studies=shared.studies)
        return number_of(cell, reference, cards=shared.cards)

    return Sources(
        folder=page.chapter,
        number=number,
        parameter=page.parameter_text,
        references=shared.references,
        glossary=shared.glossary,
        places=shared.places,
        pages=shared.pages,
    )


def _refuse_lost_cells(page: StudyPage) -> None:
    lost = [
        output.id
        for output in page.study.outputs
        if output.cell and not page.text.has_cell(output.cell)
    ]
    if lost:
        raise BookError(
            f"{page.study.name}: {len(lost)} outputs ({', '.join(lost)}) come from cells that "
            "the notebook no longer has. Run and release the study again."
        )


# Sections -------------------------------------------------------------------------------------


def _sections(page: StudyPage, sources: Sources) -> list[Section]:
    """The notebook as sections, each a prose cell and what the cells under it showed."""
    sections: list[Section] = []
    for cell in page.text.cells:
        if cell.is_prose:
            prose = _prose(page, cell, sources)
            sections.append(Section(cell, prose, ()))
        shown = tuple(
            block for output in _displayed(page, cell) for block in output_blocks(page, output)
        )
        if shown:
            sections[-1] = replace(sections[-1], shown=(*sections[-1].shown, *shown))
    return sections


def _prose(page: StudyPage, cell: Cell, sources: Sources) -> tuple[Block, ...]:
    """A cell's prose; findings and policy are not even read on synthetic data, nor on real data
    what a protocol tells of itself.
    """
    others = (MAIN_POINTS, POLICY) if page.is_synthetic else PROTOCOL_ONLY
    if set(others) & set(cell.tags):
        return ()
    blocks = read_prose(cell.text, sources, place=cell.place, line=cell.line)
    return tuple(
        replace(block, level=max(2, block.level)) if isinstance(block, Heading) else block
        for block in blocks
    )


def _displayed(page: StudyPage, cell: Cell) -> list[ReleasedOutput]:
    return [out for out in page.study.outputs if out.cell and out.cell == cell.id]


def _ordered(
    page: StudyPage,
    front: Front,
    sections: Sequence[Section],
    shared: Shared,
    said: str,
    sources: Sources,
) -> Iterable[Block]:
    """All blocks, in the order of reading."""
    sure = _sure(page, sections)
    yield from [_protocol_box()] if page.is_synthetic else [*_boxes(page, sections), *sure]
    for section in sections:
        if section.cell.closing_section or SURE in section.cell.tags:
            continue
        boxed = bool({MAIN_POINTS, POLICY} & set(section.cell.tags))
        yield from section.shown if boxed else section.blocks
    # A protocol asks before it doubts: who reads it does not know the question yet.
    yield from sure if page.is_synthetic else []
    yield from ending.downloads(page)
    yield from _closing(sections, "glossary")
    yield from _closing(sections, "method")
    yield from ending.definitions(page, shared.cards)
    yield from _closing(sections, "limitations")
    yield from _closing(sections, "related")
    titles = {
        other.study.name: title_of(other, _sources_of(other, shared)) for other in page.siblings
    }
    yield from ending.variants(page, titles)
    yield from ending.citing(page, said, shared.datasets)
    yield from ending.provenance(page, front, shared.datasets)


def _closing(sections: Sequence[Section], name: str) -> list[Block]:
    return [
        block
        for section in sections
        if section.cell.closing_section == name and SURE not in section.cell.tags
        for block in section.blocks
    ]


def _protocol_box() -> Box:
    return Box("A protocol, not a finding", "protocol", (Paragraph((Text(_PROTOCOL),)),))


def _boxes(page: StudyPage, sections: Sequence[Section]) -> list[Block]:
    """Findings and what they mean for policy, which every paper on real data must have."""
    points = _tagged(sections, MAIN_POINTS)
    policy = _tagged(sections, POLICY)
    for tag, blocks in ((MAIN_POINTS, points), (POLICY, policy)):
        if not blocks:
            raise BookError(f"{_notebook(page)}: a paper needs a prose cell tagged {tag}.")
    _refuse_findings_without_numbers(page, points)
    return [
        Box("Main points", MAIN_POINTS, points),
        Box("What this means for policy", POLICY, policy),
    ]


def _notebook(page: StudyPage) -> str:
    return page.text.place.partition(",")[0] or f"{page.study.study}.ipynb"


def _tagged(sections: Sequence[Section], tag: str) -> tuple[Block, ...]:
    """Prose of the cells with a tag, without the headings they open with."""
    return tuple(
        block
        for section in sections
        if tag in section.cell.tags
        for block in section.prose
        if not isinstance(block, Heading)
    )


def _refuse_findings_without_numbers(page: StudyPage, points: tuple[Block, ...]) -> None:
    findings = [item for block in points if isinstance(block, Bullets) for item in block.items]
    bare = sum(not any(isinstance(word, Number) for word in inside(item)) for item in findings)
    if not findings or len(findings) > MOST_FINDINGS or bare:
        raise BookError(
            f"{_notebook(page)}: main points must be a list of one to {MOST_FINDINGS} findings, "
            f"each with a released number: there are {len(findings)}, {bare} without one."
        )


def _sure(page: StudyPage, sections: Sequence[Section]) -> list[Block]:
    """How sure we are, which every paper must say."""
    found = [section for section in sections if SURE in section.cell.tags]
    if not found:
        raise BookError(f"{_notebook(page)}: a paper needs a prose cell tagged {SURE}.")
    blocks = [block for section in found for block in section.blocks]
    if not isinstance(blocks[0], Heading):
        blocks.insert(0, Heading(2, (Text("How sure we are"),)))
    return blocks


# Front matter ---------------------------------------------------------------------------------


def _headlines(page: StudyPage, front: Front, sources: Sources) -> tuple[HeadlineFigure, ...]:
    if page.is_synthetic:
        return ()
    make: Callable[[Headline], HeadlineFigure] = partial(_headline, page, front.file, sources)
    return tuple(map(make, front.headlines))


def _headline(page: StudyPage, file: str, sources: Sources, one: Headline) -> HeadlineFigure:
    try:
        number = sources.number(one.number)
        points, title = trend_of(page.study, one.trend) if one.trend else ((), "")
    except BookError as problem:
        raise BookError(f"{file}: headline “{one.say}”: {problem}") from None
    return HeadlineFigure(one.say, number, points, title)


def _cited(words: tuple[Words, tuple[Block, ...]], works: Mapping[str, Reference]) -> tuple:
    """Works that the paper cites, by their names."""
    keys = {
        key
        for item in inside(words)
        for key in (
            item.keys
            if isinstance(item, Cite)
            else (item.key,)
            if isinstance(item, Given) and item.key
            else ()
        )
    }
    return tuple(sorted((works[key] for key in keys), key=lambda work: work.full))
