"""What is asked of a panel of areas, and the panel itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from justice_analysis import engine
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

AREA, YEAR = "area", "year"


@dataclass(frozen=True)
class PanelQuestion:
    """What is asked of a panel; every column by its name in `area_measure`.

    Attributes
    ----------
    source
        Dataset of the warehouse.
    outcome, outcome_words
        What is to be explained, used as its logarithm, and what it is called.
    measures
        Column to words: what may explain it, used as logarithms.
    controls
        Others that change over time, used as logarithms.
    fixed_controls
        Others that do not change, which only the design between areas can use.
    instrumented, instruments
        Measures that may be moved by the outcome, and what moves these alone (as logarithms).
    small_sample
        Rule of the errors, clustered by area.
    """

    source: str
    outcome: str
    outcome_words: str
    measures: Mapping[str, str]
    controls: Sequence[str] = ()
    fixed_controls: Sequence[str] = ()
    instrumented: Sequence[str] = ()
    instruments: Sequence[str] = ()
    small_sample: str = "cluster_nested"

    @property
    def logged(self) -> tuple[str, ...]:
        """Columns that are used as logarithms, each once."""
        named = (self.outcome, *self.measures, *self.controls, *self.instruments)
        return tuple(dict.fromkeys(named))


def area_panel(warehouse: Warehouse, source: str, concepts: Sequence[str]) -> pd.DataFrame:
    """Measures of areas as a panel.

    Returns
    -------
    DataFrame
        One row per area and year: `area`, `year`, one column a concept; missing where a concept
        was not measured.

    Raises
    ------
    MetricError
        If the source has no such measures, or measures an area twice in a year.
    """
    held = warehouse.area_measure
    chosen = held.filter((held.source == source) & held.concept.isin(list(concepts)))
    rows = engine.execute(
        chosen.select(
            "concept",
            "value_number",
            **{AREA: chosen.place_id, YEAR: chosen.from_date.year()},
        ),
        step=f"areas of {source}",
    )
    lacking = sorted({*concepts} - {*rows["concept"]})
    if lacking:
        raise MetricError(
            f"the panel needs measures of areas: {source} has no {', '.join(lacking)} here. Load "
            "it, or name other columns."
        )
    twice = int(rows.duplicated(["concept", AREA, YEAR]).sum())
    if twice:
        raise MetricError(f"each area must have one value a year: {twice:,} are measured again.")
    wide = rows.pivot(index=[AREA, YEAR], columns="concept", values="value_number")
    return wide.rename_axis(columns=None).reset_index()


def logged(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The rows with logarithms in the place of some columns."""
    low = {name: int((rows[name] <= 0).sum()) for name in names}
    problems = [f"{name} ({count:,} rows)" for name, count in low.items() if count]
    if problems:
        raise MetricError(f"logarithms need values above 0: not so are {', '.join(problems)}.")
    return rows.assign(**{name: np.log(rows[name]) for name in names})
