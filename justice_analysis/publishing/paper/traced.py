"""Numbers of a sentence, found in released outputs: the only way a result gets into prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import Number
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy
from justice_analysis.publishing.released.table import percent_columns, shown_number

# study/variant:output/what[key=value, key=value]; the study is missing within its own paper.
_REFERENCE = re.compile(
    r"(?:(?P<study>[\w-]+/[\w-]+):)?(?P<output>[\w-]+)/(?P<what>[\w-]+)(?:\[(?P<keys>[^\]]*)\])?"
)
_LEVEL = re.compile(r"([0-9.]+)% interval")
# As the text beside a released file begins where its numbers come from no sample.
_OF_TOTALS = "none: the numbers are totals that were published"
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Cell:
    """One cell of a released output: where it stands, and the row around it."""

    study: ReleasedStudy
    output: ReleasedOutput
    row: Mapping[str, str]
    column: str

    @property
    def value(self) -> str:
        """As it was released."""
        return self.row[self.column]


def find_cell(
    reference: str, *, within: ReleasedStudy | None, studies: Sequence[ReleasedStudy]
) -> Cell:
    """The released cell that a reference names.

    Parameters
    ----------
    reference
        `output/name` for a wording of a text output, `output/column[key=value]` for a cell of any
        other; `study/variant:` before it for another paper's.
    within
        Study of the paper that refers; missing for a page that is no paper's.

    Raises
    ------
    BookError
        If it is no reference, or the cell does not exist, was not released, or is hidden.
    """
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        raise BookError(
            f"{reference} is no reference to a released cell: write output/name, or "
            "output/column[key=value]."
        )
    study = _study(match["study"], reference, within=within, studies=studies)
    output = _output(study, match["output"], reference)
    if output.kind == "text":
        row = next((row for row in output.rows if row.get("name") == match["what"]), None)
        column = "text"
    else:
        row, column = _row(output, match["keys"], reference), match["what"]
    if row is None or column not in row:
        raise BookError(f"the prose uses {reference}, which is not in {output.id}.")
    if not row[column]:
        raise BookError(f"the prose uses {reference}, which is hidden for confidentiality.")
    return Cell(study, output, row, column)


def _study(
    named: str | None,
    reference: str,
    *,
    within: ReleasedStudy | None,
    studies: Sequence[ReleasedStudy],
) -> ReleasedStudy:
    if named is None:
        if within is None:
            raise BookError(f"{reference} must name its study: study/variant:output/name.")
        return within
    found = next((study for study in studies if study.name == named), None)
    if found is None:
        raise BookError(f"the prose uses {reference}, but no release holds {named}.")
    if within is not None and found.is_synthetic and not within.is_synthetic:
        raise BookError(f"{reference} is synthetic, and cannot stand in a paper on real data.")
    return found


def _output(study: ReleasedStudy, output_id: str, reference: str) -> ReleasedOutput:
    output = study.output(output_id)
    if output is None:
        raise BookError(f"the prose uses {reference}, but no output is called {output_id}.")
    if not output.is_released:
        raise BookError(f"the prose uses {reference}, but {output_id} was not released.")
    return output


def _row(output: ReleasedOutput, keys: str | None, reference: str) -> Mapping[str, str] | None:
    """The one row that the keys pick."""
    pairs = [pair.partition("=") for pair in (keys or "").split(",") if pair.strip()]
    wanted = {name.strip(): value.strip() for name, _, value in pairs}
    absent = [name for name in wanted if name not in output.columns]
    if absent:
        raise BookError(f"the prose uses {reference}: {output.id} has no column {absent[0]}.")
    rows = [row for row in output.rows if all(row[name] == value for name, value in wanted.items())]
    if len(rows) > 1:
        raise BookError(
            f"the prose uses {reference}, which must pick one row of {output.id}: it picks "
            f"{len(rows)}. Add [column=value]."
        )
    return rows[0] if rows else None


def number_of(cell: Cell, reference: str, *, cards: Mapping[str, str]) -> Number:
    """The cell as a number of a sentence, with what a reader may ask of it.

    Parameters
    ----------
    cards
        Title of each registered definition by name.
    """
    output, card = cell.output, cell.output.card
    text = _text(cell)
    return Number(
        reference=reference,
        text=text,
        what=_what(output),
        release=_release(cell.study),
        definition=card if card in cards else None,
        definition_title=cards.get(card) if card else None,
        interval=None if "interval" in text else _interval(cell),
        people=_people(cell),
    )


def _text(cell: Cell) -> str:
    if cell.output.kind == "text" or not _NUMBER.fullmatch(cell.value):
        return cell.value
    return _said(cell, cell.column)


def _said(cell: Cell, column: str) -> str:
    is_share = column in percent_columns(cell.output)
    return f"{shown_number(cell.row[column], is_percent=is_share)}{'%' if is_share else ''}"


def _interval(cell: Cell) -> str | None:
    if str(cell.output.context.get("unweighted_n", "")).startswith(_OF_TOTALS):
        return "A published total, without sampling error"
    limits = [cell.row.get(name) or "" for name in ("lower", "upper")]
    if not all(_NUMBER.fullmatch(limit) for limit in limits) or cell.column in ("lower", "upper"):
        return None
    held = " ".join(map(str, cell.output.context.get("columns_hold") or ()))
    level = _LEVEL.search(held)
    name = f"{level[1]}% interval" if level else "Interval"
    return f"{name}: {_said(cell, 'lower')} to {_said(cell, 'upper')}"


def _people(cell: Cell) -> str | None:
    people = cell.row.get("people")
    if not people or not people.isdigit() or cell.column == "people":
        return None
    return f"People behind it: {int(people):,}"


def _what(output: ReleasedOutput) -> str:
    said = output.context.get("question") or output.context.get("title") or output.title
    return " ".join(str(said).split())


def _release(study: ReleasedStudy) -> str:
    stated = study.provenance
    released = stated.get("released") or "on a day not stated"
    nature = "Synthetic data, released" if study.is_synthetic else "Released"
    return f"{nature} {released} under the rules {stated.get('profile')}, study {study.name}"
