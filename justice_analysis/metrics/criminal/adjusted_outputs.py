"""Outputs of returns adjusted for what was recorded: one row per group and cause, or covariate."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.metrics.criminal.adjusted_checks import between_output, proportional_output
from justice_analysis.metrics.criminal.adjusted_definition import AdjustedOptions
from justice_analysis.metrics.criminal.adjusted_model import RATIO, Model
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import EVERYONE
from justice_analysis.models import GroupTest

EVERY_CAUSE = "any return"
MODEL_TITLE = "What goes with a sooner or a later return"
UNADJUSTED, ADJUSTED = "unadjusted", "adjusted"
ROLES = ColumnRoles(
    people="people",
    count=("events",),
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
    statistic={"estimate": "hazard ratio"},
)


def outputs_of(
    about: About,
    options: AdjustedOptions,
    unadjusted: Mapping[str, Model],
    adjusted: Mapping[str, Model],
    tests: Mapping[str, GroupTest],
) -> dict[str, Output]:
    """Every output, by name; models by cause."""
    own = [cause for cause in adjusted if cause != EVERY_CAUSE]
    names = {cause: ADJUSTED if len(own) == 1 else f"{ADJUSTED}_{slug(cause)}" for cause in own}
    beside = _beside(about, options, {UNADJUSTED: unadjusted, ADJUSTED: adjusted})
    models = {
        name: _model(about, options, adjusted[cause], cause if len(own) > 1 else "")
        for cause, name in names.items()
    }
    return {
        "beside": beside,
        **models,
        "proportional": proportional_output(about, options, {c: adjusted[c] for c in own}),
        "between": between_output(about, options, adjusted, tests),
        "numbers": _numbers(about, {"beside": beside, **models}),
    }


def slug(words: str) -> str:
    """Words as a name: letters, digits and underscores."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _beside(
    about: About, options: AdjustedOptions, models: Mapping[str, Mapping[str, Model]]
) -> Output:
    """The groups compared, by cause and model; one row for each."""
    by = options.by
    causes = list(models[ADJUSTED])
    rows = [
        {
            "compared": _compared(options, level, cause if len(causes) > 1 else ""),
            "model": name,
            "people": found[cause].fit.people,
            "events": found[cause].fit.events,
            **found[cause].ratio(f"{by}: {level}"),
        }
        for cause in causes
        for level in models[ADJUSTED][cause].levels[by][1:]
        for name, found in models.items()
    ]
    first = models[ADJUSTED][causes[0]].levels[by][0]
    output = about.output(
        "estimates",
        "Who returned sooner, alone and among releases that are alike",
        pd.DataFrame(rows),
        dimensions=("compared", "model"),
        roles=ROLES,
        chart=_dots("compared", group="model"),
        notes=(f"Compared with {options.group_words(by, first)}.", _adjusted_for(options)),
    )
    return output


def _compared(options: AdjustedOptions, level: str, cause: str) -> str:
    said = options.group_words(options.by, level)
    return f"{cause}, {said}" if cause else said


def _adjusted_for(options: AdjustedOptions) -> str:
    names = [*options.adjust_for, *(one.concept for one in options.numbers)]
    said = ", ".join(options.called(name) for name in names)
    return f"Adjusted for {said}." if said else "Adjusted for nothing."


def _dots(x: str, *, group: str | None = None) -> Chart:
    return Chart(
        form="dots",
        x=x,
        y="estimate",
        group=group,
        lower="lower",
        upper="upper",
        y_title="Hazard ratio (1 is no difference)",
        line_at=1.0,
    )


def _model(about: About, options: AdjustedOptions, model: Model, cause: str) -> Output:
    """Every covariate of one model: groups with the one they are compared with, then numbers."""
    fit = model.fit
    everyone = {"people": fit.people, "events": fit.events}
    rows: list[dict[str, Any]] = []
    for term, levels in model.levels.items():
        for place, level in enumerate(levels):
            people, events = model.counts[term, level]
            said = model.ratio(f"{term}: {level}") if place else {"estimate": 1.0}
            rows.append({"term": options.called(term), "level": options.group_words(term, level),
                         "people": people, "events": events, **said})  # fmt: skip
    rows += [
        {"term": options.called(name), "level": options.step_words(name), **everyone,
         **model.ratio(name)}
        for name in model.numbers
    ]  # fmt: skip
    rows.append({"term": EVERYONE, "level": EVERYONE, **everyone})
    output = about.output(
        "model",
        f"{MODEL_TITLE}: {options.called(cause)}" if cause else MODEL_TITLE,
        pd.DataFrame(rows, columns=["term", "level", "people", "events", *RATIO]),
        dimensions=("term", "level"),
        roles=ROLES,
        chart=_dots("level"),
        notes=("A ratio of 1 without an interval marks the group that others are compared with.",),
    )
    options_said: dict[str, object] = {
        **output.options,
        "model": "cox",
        "reference": {
            options.called(term): options.group_words(term, levels[0])
            for term, levels in model.levels.items()
        },
        "continuous": [options.called(name) for name in model.numbers],
        "observations": fit.people,
        "residual_df": fit.people - len(fit.names),
    }
    return dataclasses.replace(output, options=options_said)


def _numbers(about: About, shown: Mapping[str, Output]) -> Output:
    """Every hazard ratio that is shown, for sentences: `<output>_<row>`."""
    rows = []
    for id, output in shown.items():
        for row in output.table.to_dict("records"):
            if np.isfinite(row["lower"]):
                keys = [str(row[name]) for name in output.dimensions if name != "term"]
                rows.append({"name": slug(f"{id} {' '.join(keys)}"), "of": id, **row})
    table = pd.DataFrame(rows)
    output = about.output(
        "text",
        "Numbers used in the text: hazard ratios",
        table[["name", "people", "events", *RATIO]],
        dimensions=("name",),
        roles=ROLES,
    )
    said = {
        **output.options,
        "formats": dict.fromkeys(table["name"], "ratio"),
        "of": dict(zip(table["name"], table["of"], strict=True)),
    }
    return dataclasses.replace(output, options=said)
