"""Outputs of one question by several designs; one row per area stands behind none of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.evaluation.panels.question import AREA, PanelQuestion
from justice_analysis.models import panel

if TYPE_CHECKING:
    import pandas as pd

    from justice_analysis.warehouse import Warehouse

COLUMNS = ("estimate", "standard_error", "lower", "upper")
BEHIND = {"area_years": "areas"}
ROLES = ColumnRoles(
    people="areas",
    count=("area_years",),
    people_behind=BEHIND,
    estimate=("estimate", "standard_error"),
    lower=("lower",),
    upper=("upper",),
    statistic={"estimate": "coefficient", "standard_error": "standard error"},
)


@dataclass(frozen=True)
class About:
    """What every output says beside its numbers."""

    question: PanelQuestion
    warehouse: Warehouse

    @property
    def population(self) -> str:
        """Title of the source."""
        return str(self.warehouse.sources[self.question.source].get("title", self.question.source))

    def output(self, kind: str, title: str, table: pd.DataFrame, **others: Any) -> Output:
        """An output of areas; `others` are further fields of `Output`."""
        text = json.dumps([self.warehouse.fingerprint, "panel", self.question.source])
        options = {"source": self.question.source, **others.pop("options", {})}
        return Output(
            kind=kind,
            title=title,
            table=table.reset_index(drop=True),
            unit="areas",
            population=self.population,
            population_hash=hashlib.sha256(text.encode()).hexdigest()[:16],
            subtitle=self.population,
            about="records",  # whose crimes, arrests and sentences stand behind them is not known
            options=options,
            **others,
        )

    def words(self, name: str) -> str:
        """What a column is called."""
        asked = self.question
        return asked.outcome_words if name == asked.outcome else asked.measures.get(name, name)


def _rows_of(fit: panel.PanelFit, about: About, **others: str) -> list[dict[str, Any]]:
    """One row per measure of the question."""
    held = fit.table.set_index("term").to_dict("index")
    return [
        {
            "measure": about.words(name),
            **others,
            "areas": fit.units,
            "area_years": fit.observations,
            **{column: held[name][column] for column in COLUMNS},
        }
        for name in about.question.measures
    ]


def designs(fits: Mapping[str, panel.PanelFit], about: About) -> Output:
    """Each measure by each design; one row for both."""
    import pandas as pd

    rows = [row for name, fit in fits.items() for row in _rows_of(fit, about, design=name)]
    order = {about.words(name): place for place, name in enumerate(about.question.measures)}
    table = pd.DataFrame(rows).sort_values("measure", key=lambda c: c.map(order), kind="stable")
    return about.output(
        "estimates",
        "Each measure by each design",
        table,
        dimensions=("measure", "design"),
        roles=ROLES,
        chart=Chart(
            form="dots",
            x="measure",
            y="estimate",
            group="design",
            lower="lower",
            upper="upper",
            y_title="Per cent more crimes for one per cent more of the measure",
        ),
        notes=tuple(f"{name}: {_errors_of(fit)}." for name, fit in fits.items()),
    )


def _errors_of(fit: panel.PanelFit) -> str:
    """Which errors an interval rests on, in a few words."""
    if not fit.clusters:
        return f"{fit.small_sample} errors of {fit.observations:,} rows"
    counts = " and ".join(f"{count:,}" for count in fit.clusters)
    return f"{fit.small_sample} errors, {counts} clusters"


def rules(fits: Mapping[str, panel.PanelFit], about: About) -> Output:
    """The errors of one model under each rule; `fits` by rule."""
    import pandas as pd

    found = [row for rule, fit in fits.items() for row in _rows_of(fit, about, rule=rule)]
    return about.output(
        "estimates",
        "The errors of one model under each rule",
        pd.DataFrame(found),
        dimensions=("measure", "rule"),
        roles=ROLES,
        notes=tuple(f"{fit.rule}." for fit in fits.values()),
    )


def described(rows: pd.DataFrame, about: About) -> Output:
    """Spread of each measure's logarithm between areas and within them."""
    import pandas as pd

    names = (about.question.outcome, *about.question.measures)
    means = rows.groupby(AREA)[list(names)].transform("mean")
    table = pd.DataFrame(
        [
            {
                "measure": about.words(name),
                "areas": rows[AREA].nunique(),
                "area_years": len(rows),
                "mean": rows[name].mean(),
                "between": means[name].std(),
                "within": (rows[name] - means[name]).std(),
            }
            for name in names
        ]
    )
    return about.output(
        "summary",
        "How much the measures differ between areas and within them",
        table,
        dimensions=("measure",),
        roles=ColumnRoles(
            people="areas",
            count=("area_years",),
            people_behind=BEHIND,
            estimate=("mean", "between", "within"),
            statistic={"mean": "mean", "between": "sd", "within": "sd"},
        ),
        notes=("Logarithms. Standard deviations of areas' means, and around them.",),
    )


def first_stage(found: panel.Instrumented, about: About) -> Output:
    """Partial and conditional F of each measure that is instrumented."""
    table = found.first_stage
    kept = ["partial_f", "robust_f", "conditional_f", "partial_r2"]
    shown = table[kept].assign(
        measure=[about.words(name) for name in table["term"]],
        areas=found.fit.units,
        area_years=found.fit.observations,
    )
    return about.output(
        "estimates",
        "How strongly the instruments move what they stand for",
        shown[["measure", "areas", "area_years", *kept]],
        dimensions=("measure",),
        roles=ColumnRoles(
            people="areas",
            count=("area_years",),
            people_behind=BEHIND,
            estimate=tuple(kept),
            statistic=dict.fromkeys(kept, "coefficient"),
        ),
        notes=(
            "partial F: the instruments of one measure by itself. robust F: with clustered errors. "
            "conditional F: given the other measure that needs them, below 10 is weak.",
        ),
    )


def numbers(
    fits: Mapping[str, panel.PanelFit], found: panel.Instrumented | None, about: About
) -> Output:
    """Numbers for sentences: `<design>_<measure>`, and `conditional_f_<measure>`."""
    import pandas as pd

    rows = [
        {"name": f"{design}_{name}", "areas": fit.units, **_said(fit, name)}
        for design, fit in fits.items()
        for name in about.question.measures
    ]
    weak = found.first_stage.to_dict("records") if found else []
    rows += [
        {
            "name": f"{what}_{row['term']}",
            "areas": found.fit.units if found else 0,
            "estimate": row[what],
            "lower": np.nan,
            "upper": np.nan,
        }
        for row in weak
        for what in ("partial_f", "conditional_f")
    ]
    table = pd.DataFrame(rows)
    return about.output(
        "text",
        "Numbers used in the text",
        table,
        dimensions=("name",),
        roles=ColumnRoles(
            people="areas",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
            statistic={"estimate": "mean"},
        ),
        options={"formats": dict.fromkeys(table["name"], "number")},
    )


def _said(fit: panel.PanelFit, name: str) -> dict[str, float]:
    held = fit.table.set_index("term").to_dict("index")[name]
    return {column: held[column] for column in ("estimate", "lower", "upper")}
