"""Charts drawn from small tables in one look: lines, dots, bars and flows.

Colours and habits follow the Government Analysis Function's guidance on charts. Figures are
made without pyplot, so drawing one leaves no state behind; matplotlib is imported on first use.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from justice_analysis.charts.spec import read_spec, with_something_to_draw
from justice_analysis.charts.words import alternative_text, hidden_words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["alternative_text", "draw", "save_png"]


def draw(
    table: pd.DataFrame,
    chart: object,
    *,
    title: str,
    subtitle: str = "",
    note: str = "",
    synthetic: bool = False,
    years: bool | None = None,
) -> Figure:
    """Draw a small tidy table as a chart.

    Parameters
    ----------
    table
        One row per mark, in the order to show; a missing number is drawn as a gap and said so
        in the note.
    chart
        Mapping or object with `form` (one of `charts.spec.FORMS`), `x`, `y` and, optionally,
        `group`, `lower`, `upper`, `x_title`, `y_title`, `percent`, `line_at`. Lines
        have a point for each period named in `x`, in the order of the table; a period "all" is
        left out. Stages lie end to end, one row each, or stacked in one row per group; waiting
        stacks the numbers of each group over the periods. Dots and
        bars lie flat, with their names on the left, whichever of `x` and `y` holds the numbers.
        A flow takes its steps from `x`, the number kept from `y`, and the number set aside from
        a column named set_aside or ending in excluded; without one it is the fall from the step
        before. A love plot takes the difference after matching from `y`, which ends in after, and
        the one before it from the column of the same name ending in before. An overlap picture
        has bins of a score in `x`, people in `y` and two groups.
    title, subtitle, note
        The finding; what, where, when and unit; source and method, beneath.
    synthetic
        Write "Synthetic data" inside the image.
    years
        Show days as years; by default where `x` holds days and they span more than two years.

    Returns
    -------
    Figure
        7.2 inches wide, as high as it needs.

    Raises
    ------
    UsageError
        If the form is unknown, a column is missing, there is nothing to draw, or one mark
        would have two values.
    """
    from justice_analysis.charts import (
        bars,
        curve,
        dots,
        flow,
        lines,
        love,
        overlap,
        stages,
        waiting,
    )
    from justice_analysis.charts.theme import Page, themed

    spec = read_spec(chart, table)
    table = with_something_to_draw(table, spec)
    note = " ".join(part for part in (hidden_words(table, spec), note) if part)
    with themed():
        page = Page(title, subtitle, note, synthetic=synthetic)
        forms = {
            "lines": lines.draw_lines,
            "dots": dots.draw_dots,
            "bars": bars.draw_bars,
            "flow": flow.draw_flow,
            "love": love.draw_love,
            "overlap": overlap.draw_overlap,
            "stages": stages.draw_stages,
            "waiting": waiting.draw_waiting,
        }
        if spec.form == "curve":
            curve.draw_curve(page, table, spec, years=years)
        else:
            forms[spec.form](page, table, spec)
        return page.finish()


def save_png(figure: Figure, path: str | Path, *, dpi: int = 200, description: str = "") -> None:
    """Write a figure as PNG: the same figure gives the same bytes.

    The file's metadata hold the title, and the description where given, and nothing else: no
    date, software or path.
    """
    from io import BytesIO

    from justice_analysis.charts.theme import themed

    words = {"Title": str(figure.get_label()), "Description": description}
    metadata: dict[str, str | None] = {name: text for name, text in words.items() if text}
    image = BytesIO()
    with themed():
        figure.savefig(
            image, format="png", dpi=dpi, facecolor="white", metadata={"Software": None, **metadata}
        )
    Path(path).write_bytes(image.getvalue())
