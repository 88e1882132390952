"""Which released cell, table or picture each piece of a page came from, and whether it still is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import Files, Number, Quotations, inside
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.paper.traced import Cell, find_cell
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy
from justice_analysis.publishing.traces.file import (
    DOWNLOAD,
    FIGURE,
    NUMBER,
    TABLE,
    Use,
    release_folder,
)


def trace(paper: Paper, studies: Sequence[ReleasedStudy]) -> tuple[Use, ...]:
    """Everything released that a paper shows, each once: figures, tables, numbers, files.

    Parameters
    ----------
    studies
        All that were released: numbers may be another paper's.

    Raises
    ------
    BookError
        If something that the paper shows was not released.
    """
    own, page = _study_of(paper, studies), f"{paper.chapter}/{paper.slug}"
    figures = dict.fromkeys(figure.source for figure in paper.figures)
    quoted = [item.source for item in inside(paper.blocks) if isinstance(item, Quotations)]
    tables = dict.fromkeys((*(item.source for item in paper.tables if item.source), *quoted))
    files = dict.fromkeys(_downloaded(paper, own))
    return (
        *(_use(page, FIGURE, name, own) for name in figures),
        *(_use(page, TABLE, name, own) for name in tables),
        *trace_numbers(page, paper.numbers, within=own, studies=studies),
        *(_use(page, DOWNLOAD, name, own) for name in files if name not in tables),
    )


def trace_numbers(
    page: str,
    numbers: Iterable[Number],
    *,
    within: ReleasedStudy | None,
    studies: Sequence[ReleasedStudy],
) -> tuple[Use, ...]:
    """The released cells of some numbers of a page, each once.

    Parameters
    ----------
    within
        Study that references speak of where they name none.
    """
    found: dict[tuple[str, str], Use] = {}
    for number in numbers:
        cell = find_cell(number.reference, within=within, studies=studies)
        key = (cell.study.name, number.reference)
        found.setdefault(key, _number_use(page, number, cell))
    return tuple(found.values())


def trace_book(papers: Sequence[Paper], studies: Sequence[ReleasedStudy]) -> tuple[Use, ...]:
    """Everything released that a book shows: its papers, front page and headline figures."""
    return (
        *(use for paper in papers for use in trace(paper, studies)),
        *trace_known(papers, studies),
        *trace_headlines(papers, studies),
    )


def trace_headlines(
    papers: Sequence[Paper], studies: Sequence[ReleasedStudy], *, page: str = "headlines"
) -> tuple[Use, ...]:
    """The headline figures of some papers, and the outputs whose lines are drawn beside them."""
    uses: list[Use] = []
    for paper in papers:
        own = _study_of(paper, studies)
        numbers = [headline.number for headline in paper.headlines]
        uses += trace_numbers(page, numbers, within=own, studies=studies)
        drawn = [one.trend.partition("[")[0] for one in paper.front.headlines if one.trend]
        uses += [_use(page, TABLE, name, own) for name in dict.fromkeys(drawn) if numbers]
    return tuple(uses)


def trace_known(
    papers: Sequence[Paper], studies: Sequence[ReleasedStudy], *, page: str = "index"
) -> tuple[Use, ...]:
    """The numbers of what some papers let be said on the front page."""
    uses: list[Use] = []
    for paper in papers:
        numbers = [word for word in (*paper.known, *paper.not_known) if isinstance(word, Number)]
        own = _study_of(paper, studies)
        uses += trace_numbers(page, numbers, within=own, studies=studies)
    return tuple(uses)


def _study_of(paper: Paper, studies: Sequence[ReleasedStudy]) -> ReleasedStudy:
    found = next((study for study in studies if study.name == paper.name), None)
    if found is None:
        raise BookError(f"{paper.name} is not among the releases that the book was given.")
    return found


def _downloaded(paper: Paper, study: ReleasedStudy) -> Iterator[str]:
    """Outputs whose numbers the paper offers as a file."""
    offered = {
        name
        for block in paper.blocks
        if isinstance(block, Files)
        for _, kinds in block.lines
        for _, name in kinds
    }
    mark = "-synthetic" if paper.is_synthetic else ""
    for output in study.released:
        if f"{paper.slug}-{output.id}{mark}.csv" in offered:
            yield output.id


def _number_use(page: str, number: Number, cell: Cell) -> Use:
    return Use(
        page=page,
        kind=NUMBER,
        reference=number.reference,
        output=cell.output.id,
        file=_place(cell.study, cell.output, ".csv"),
        sha256=digest_of(cell.value.encode()),
        text=number.text,
        **_of(cell.study),
    )


def _use(page: str, kind: str, output_id: str, study: ReleasedStudy) -> Use:
    output = study.output(output_id)
    if output is None or not output.is_released:
        raise BookError(f"{study.name}: {page} shows {output_id}, which was not released.")
    return Use(
        page=page,
        kind=kind,
        reference=output_id,
        output=output_id,
        file=_place(study, output, ".png" if kind == FIGURE else ".csv"),
        sha256=file_digest(kind, output),
        text="",
        **_of(study),
    )


def _of(study: ReleasedStudy) -> dict[str, str]:
    root = release_folder(study)
    return {
        "study": study.study,
        "variant": study.variant,
        "release": root.name,
        "released": str(study.provenance.get("released") or ""),
    }


def _place(study: ReleasedStudy, output: ReleasedOutput, suffix: str) -> str:
    return f"{study.study}/{study.variant}/{output.id}{suffix}"


def file_digest(kind: str, output: ReleasedOutput) -> str:
    """Digest of what was released of an output: its table, with its picture for a figure."""
    files = [output.figure, output.csv_file] if kind == FIGURE else [output.csv_file]
    return digest_of(b"\0".join(file.read_bytes() for file in files if file))


def digest_of(content: bytes) -> str:
    """The sha256 of some bytes."""
    return hashlib.sha256(content).hexdigest()
