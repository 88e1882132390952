"""The parts of Table 1 as outputs for release."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from justice_analysis.definitions import ColumnRoles, Output
from justice_analysis.metrics.estimates.measured import About

if TYPE_CHECKING:
    from justice_analysis.metrics.estimates.quantity_outputs import QuantityTable

STATISTICS = ("mean", "sd", "median", "percentile_25", "percentile_75")


def shares_of(about: About, by: str, name: str, words: str, counted: pd.DataFrame) -> Output:
    """People by level and group, with their share of the group: kind `estimates`."""
    columns = [by, name, "people", "people_of_group", "estimate", "lower", "upper"]
    return about.output(
        "estimates",
        f"{words} by {by.replace('_', ' ')}",
        counted[columns],
        dimensions=(by, name),
        roles=ColumnRoles(
            people="people",
            numerator="people",
            denominator="people_of_group",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
        ),
        shares=("estimate", "lower", "upper"),
    )


def summary_of(about: About, words: str, found: QuantityTable) -> Output:
    """A quantity by group, of those of whom it is known: kind `summary`."""
    return found.summary(
        STATISTICS,
        title=words[:1].upper() + words[1:],
        unit=about.unit,
        population=about.population,
        population_hash=f"{about.population_hash}:{words} known",
        within=(*about.within, about.population_hash),
        card=about.card.name,
        family=about.family,
        notes=(*about.notes, "Of those of whom it is known."),
    )


def not_known_of(about: About, by: str, unknown: pd.DataFrame) -> Output:
    """People of whom each characteristic is not known, by group: kind `estimates`."""
    columns = ["characteristic", by, "people", "not_known", "estimate", "lower", "upper"]
    return about.output(
        "estimates",
        "Not known",
        unknown[columns],
        dimensions=("characteristic", by),
        roles=ColumnRoles(
            people="people",
            numerator="not_known",
            denominator="people",
            estimate=("estimate",),
            lower=("lower",),
            upper=("upper",),
        ),
        shares=("estimate", "lower", "upper"),
    )


def differences_of(about: About, differences: pd.DataFrame) -> Output:
    """Standardised differences; disclosure control has no rule for them, so a person must look."""
    return about.output(
        "estimates",
        "Standardised differences between groups",
        differences,
        dimensions=("characteristic", "groups"),
        roles=ColumnRoles(
            people="people",
            estimate=("standardised_difference",),
            statistic={"standardised_difference": "standardised difference"},
        ),
        notes=("In standard deviations, of those whose value is known.",),
    )
