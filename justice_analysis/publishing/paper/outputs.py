"""Released outputs as blocks: a figure with the numbers behind it, a table, quotations."""

from __future__ import annotations

from dataclasses import replace

from justice_analysis.publishing.markup import SYNTHETIC, sentence
from justice_analysis.publishing.paper.blocks import (
    Block,
    Figure,
    NotReleased,
    Quotation,
    Quotations,
    Table,
)
from justice_analysis.publishing.released.reader import ReleasedOutput
from justice_analysis.publishing.released.table import shown_table
from justice_analysis.publishing.study_page import StudyPage


def output_blocks(page: StudyPage, output: ReleasedOutput) -> tuple[Block, ...]:
    """What stands where the notebook showed an output; texts stand in sentences alone."""
    if not output.is_released:
        reason = sentence(output.reason or "it did not pass disclosure control")
        return (NotReleased(output.id, output.title, reason),)
    if output.kind == "text":
        return ()
    if output.kind == "quotations":
        return (_quotations(output),)
    table = shown_table(output, is_synthetic=page.is_synthetic)
    if output.figure:
        return (_figure(page, output, table),)
    notes = tuple(sentence(note) for note in output.context.get("notes") or ())
    return (replace(table, notes=(*table.notes, *notes)),)


def _figure(page: StudyPage, output: ReleasedOutput, table: Table) -> Figure:
    assert output.figure is not None
    alt = " ".join(str(output.context["alt_text"]).split())
    if page.is_synthetic and SYNTHETIC.lower() not in alt.lower():
        alt = f"{SYNTHETIC}. {alt}"
    return Figure(
        source=output.id,
        file=output.figure,
        name=page.file_name(output, ".png"),
        alt=alt,
        caption=" ".join(_caption(page, output)),
        numbers=table,
    )


def _caption(page: StudyPage, output: ReleasedOutput) -> list[str]:
    subtitle = output.context.get("subtitle") or output.title
    notes = [sentence(note) for note in output.context.get("notes") or ()]
    return [f"{SYNTHETIC}."] * page.is_synthetic + [sentence(subtitle), *notes]


def _quotations(output: ReleasedOutput) -> Quotations:
    """Quotations by theme, in the order in which themes first stand."""
    themes = list(dict.fromkeys(row["theme"] for row in output.rows))
    items = tuple(
        Quotation(
            text=row["quotation"] if row["shown"] == "yes" else "",
            speaker=row["speaker"] if row["shown"] == "yes" else "",
            theme=theme,
        )
        for theme in themes
        for row in output.rows
        if row["theme"] == theme
    )
    notes = tuple(sentence(note) for note in output.context.get("notes") or ())
    return Quotations(output.id, items, notes)
