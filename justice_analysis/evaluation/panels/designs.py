"""One question to a panel of areas by several designs: between, within, changes, instruments.

The grain is an area and a year. Nothing here is about a person, so an association of areas says
nothing of one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from justice_analysis.definitions import Output
from justice_analysis.errors import OptionError
from justice_analysis.evaluation.panels import outputs
from justice_analysis.evaluation.panels.question import (
    AREA,
    YEAR,
    PanelQuestion,
    area_panel,
    logged,
)
from justice_analysis.models import panel

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

BETWEEN, WITHIN, CHANGES, INSTRUMENTS = "between", "within", "changes", "instruments"


@dataclass(frozen=True)
class PanelDesigns:
    """One question by several designs.

    Attributes
    ----------
    fits
        Design to its fit: `between`, `within` (areas and years), `changes` and, where there are
        instruments, `instruments` (within too).
    outputs
        `designs`, `rules`, `described`, `first_stage` (with instruments) and `numbers`.
    """

    fits: Mapping[str, panel.PanelFit]
    instrumented: panel.Instrumented | None
    outputs: Mapping[str, Output] = field(repr=False)

    def output(self, title: str, name: str) -> Output:
        """An output to show and to release, under a title of its own."""
        if name not in self.outputs:
            raise OptionError(f"there is no output {name}: there are {', '.join(self.outputs)}.")
        return dataclasses.replace(self.outputs[name], title=title)


def panel_designs(warehouse: Warehouse, question: PanelQuestion) -> PanelDesigns:
    """Answer one question by each design, for a table that has them side by side.

    Parameters
    ----------
    warehouse
        With `area_measure` of the source.

    Raises
    ------
    MetricError
        If a logarithm is asked of something not above 0, or a model can't be fitted.
    """
    rows = logged(
        area_panel(warehouse, question.source, [*question.logged, *question.fixed_controls]),
        question.logged,
    )
    found = _instrumented(rows, question) if question.instrumented else None
    fits = {
        BETWEEN: panel.between(rows, **_asked(question, *question.fixed_controls)),
        WITHIN: _within(rows, question, question.small_sample),
        CHANGES: panel.first_differences(
            _with_years(rows), **_asked(question, *_years(rows)), intercept=True
        ),
    }
    if found:
        fits[INSTRUMENTS] = found.fit
    about = outputs.About(question, warehouse)
    by_rule = {rule: _within(rows, question, rule) for rule in panel.RULES}
    shown = {
        "designs": outputs.designs(fits, about),
        "rules": outputs.rules(by_rule, about),
        "described": outputs.described(rows, about),
        "numbers": outputs.numbers(fits, found, about),
    }
    if found:
        shown["first_stage"] = outputs.first_stage(found, about)
    return PanelDesigns(fits, found, shown)


def _asked(question: PanelQuestion, *others: str) -> dict[str, Any]:
    return {
        "outcome": question.outcome,
        "covariates": [*question.measures, *question.controls, *others],
        "unit": AREA,
        "period": YEAR,
    }


def _within(rows: pd.DataFrame, question: PanelQuestion, rule: str) -> panel.PanelFit:
    return panel.two_way_effects(rows, **_asked(question), small_sample=rule)


def _years(rows: pd.DataFrame) -> list[str]:
    """Indicators of years after the second: with the intercept, each change has its own mean."""
    return [f"year {year}" for year in sorted(rows[YEAR].unique())[2:]]


def _with_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Steps from each year on, whose change is 1 in that year alone."""
    steps = {name: (rows[YEAR] >= int(name[5:])).astype(float) for name in _years(rows)}
    return rows.assign(**steps)


def _instrumented(rows: pd.DataFrame, question: PanelQuestion) -> panel.Instrumented:
    named = [*question.measures, *question.controls]
    return panel.instrumented(
        rows,
        outcome=question.outcome,
        endogenous=question.instrumented,
        instruments=question.instruments,
        covariates=[name for name in named if name not in question.instrumented],
        unit=AREA,
        period=YEAR,
        small_sample=question.small_sample,
    )
