"""The line of a released output, for the small picture beside a headline figure."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.errors import BookError
from justice_analysis.publishing.released.reader import ReleasedOutput, ReleasedStudy


def trend_of(
    study: ReleasedStudy, reference: str
) -> tuple[tuple[tuple[str, float | None], ...], str]:
    """Released points of an output's line, and what it shows.

    Parameters
    ----------
    reference
        Id of an output with a chart over time, and the group to take where it has several:
        `return_over_time`, or `open_cases[series=Crown Court]`.

    Raises
    ------
    BookError
        If it was not released or its chart has no line.
    """
    output_id, _, picked = reference.rstrip("]").partition("[")
    output = study.output(output_id)
    if output is None or not output.is_released:
        raise BookError(f"the trend {output_id} is no released output of {study.name}.")
    chart = output.context.get("chart")
    if not isinstance(chart, Mapping) or chart.get("form") not in ("curve", "lines"):
        raise BookError(f"the trend {output_id} must have a chart over time.")
    points = tuple(
        (_label(row, chart), float(row[str(chart["y"])]) if row[str(chart["y"])] else None)
        for row in _rows(output, chart, picked)
    )
    return points, " ".join(str(output.context.get("title") or output.title).split())


def _label(row: Mapping[str, str], chart: Mapping[str, object]) -> str:
    """What a point is called: a bare count of days would not say what it counts."""
    along = str(chart["x"])
    return f"day {row[along]}" if along == "day" else row[along]


def _rows(
    output: ReleasedOutput, chart: Mapping[str, object], picked: str
) -> list[Mapping[str, str]]:
    """Rows of one line: of the group that is named, else of the first."""
    column, _, value = picked.partition("=")
    if column and column not in output.columns:
        raise BookError(f"{output.id} has no column {column}.")
    group = str(chart.get("group") or "")
    if not column and group in output.columns and output.rows:
        column, value = group, output.rows[0][group]
    rows = [row for row in output.rows if not column or row[column] == value]
    if not rows:
        raise BookError(f"{output.id} has no row where {column} is {value}.")
    return rows
