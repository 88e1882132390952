"""Tests beside adjusted returns: whether hazards are proportional, whether groups return alike."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.metrics.criminal.adjusted_definition import AdjustedOptions
from justice_analysis.metrics.criminal.adjusted_model import Model
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.person_parts import EVERYONE
from justice_analysis.models import GroupTest

SMALLEST_P = 0.001
MADE_SMALL = "A p-value of 0.001 stands for anything smaller."
TEST_ROLES = ColumnRoles(
    people="people",
    count=("events",),
    estimate=("chi_squared", "p_value"),
    statistic={"chi_squared": "coefficient", "p_value": "p"},
)


def proportional_output(
    about: About, options: AdjustedOptions, models: Mapping[str, Model]
) -> Output:
    """Test of proportional hazards of each covariate and of all together, by cause."""
    rows = []
    for cause, model in models.items():
        assert model.check is not None
        said = model.check.table()
        for row in said.to_dict("records"):
            rows.append({
                "cause": cause,
                "covariate": _covariate(options, str(row["covariate"])),
                "people": model.fit.people,
                "events": model.fit.events,
                "chi_squared": float(row["chi_squared"]),
                "p_value": max(float(row["p_value"]), SMALLEST_P),
            })  # fmt: skip
    table, dimensions = _without_one_cause(pd.DataFrame(rows), ("cause", "covariate"))
    return about.output(
        "estimates",
        "Are hazards proportional?",
        table,
        dimensions=dimensions,
        roles=TEST_ROLES,
        notes=(
            "A small p-value says that the ratio changes over the follow-up, so that one number "
            f"is its average. {MADE_SMALL}",
        ),
    )


def _covariate(options: AdjustedOptions, name: str) -> str:
    if name == EVERYONE:
        return "all together"
    term, _, level = name.partition(": ")
    return options.group_words(term, level) if level else options.step_words(name)


def between_output(
    about: About,
    options: AdjustedOptions,
    models: Mapping[str, Model],
    tests: Mapping[str, GroupTest],
) -> Output:
    """Test that the groups compared return alike, unadjusted, by cause."""
    rows = [
        {
            "cause": cause,
            "test": "Gray" if found.test == "Gray" else "log-rank",
            "people": models[cause].fit.people,
            "events": models[cause].fit.events,
            "chi_squared": found.statistic,
            "p_value": max(found.p_value, SMALLEST_P),
        }
        for cause, found in tests.items()
    ]
    return about.output(
        "estimates",
        "Do the groups return alike?",
        pd.DataFrame(rows),
        dimensions=("cause", "test"),
        roles=TEST_ROLES,
        notes=(f"Groups by {options.called(options.by)}, unadjusted. {MADE_SMALL}",),
    )


def _without_one_cause(
    table: pd.DataFrame, dimensions: tuple[str, ...]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if table["cause"].nunique() > 1:
        return table, dimensions
    return table.drop(columns="cause"), tuple(name for name in dimensions if name != "cause")
