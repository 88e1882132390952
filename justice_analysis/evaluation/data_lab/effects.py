"""The Lab's tables: each outcome of participants beside that of those they are matched to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from justice_analysis.evaluation.data_lab.definition import PROVEN, DataLabOptions
from justice_analysis.models.matched_effects import Effect, matched_difference

Of = Literal["share", "mean"]
SHARE: Of = "share"
MEAN: Of = "mean"
YES, NO, NOT_TESTED = "yes", "no", "not tested"
ROWS_A_COLUMN = 4
"""Fewest matched rows for each characteristic that a comparison is adjusted for."""


@dataclass(frozen=True)
class Outcome:
    """One outcome of the Lab's report.

    Attributes
    ----------
    name
        Of the table.
    column
        Of the people's table.
    of
        Whether it is a share of people or a mean.
    words
        What it is, with `reoffence` for what is counted.
    noun
        What a difference is of.
    of_reoffenders
        Whether it is about reoffenders only.
    later
        Whether it stands among the later tables, which need reoffenders enough.
    """

    name: str
    column: str
    of: Of
    words: str
    noun: str
    of_reoffenders: bool = False
    later: bool = True

    def said(self, options: DataLabOptions) -> str:
        """What it is on these data: a proven reoffence, or a reconviction."""
        return self.words.format(**counted_words(options))


OUTCOMES = (
    Outcome("rate", "reoffended", SHARE, "One-year {rate}", "people", later=False),
    Outcome("frequency", "reoffences", MEAN, "{many} per person", "offences", later=False),
    Outcome("days", "duration_days", MEAN, "Days to the first {one}", "days", of_reoffenders=True),
    Outcome("court_rate", "in_court", SHARE, "With {a_one} sentenced in court", "people"),
    Outcome(
        "court_frequency",
        "court_reoffences",
        MEAN,
        "{many} sentenced in court, per person",
        "offences",
    ),
    Outcome("custody_rate", "in_custody", SHARE, "With {a_one} that led to custody", "people"),
    Outcome(
        "custody_frequency",
        "custody_reoffences",
        MEAN,
        "{many} that led to custody, per person",
        "offences",
    ),
)
PLACEBOS = (
    Outcome("placebo", "convicted_before", SHARE, "Convicted in the year before", "people"),
    Outcome(
        "placebo_frequency",
        "convictions_before",
        MEAN,
        "Days with a conviction in the year before, per person",
        "days",
    ),
)


def counted_words(options: DataLabOptions) -> dict[str, str]:
    """How reoffending is called: only what is proven by the official definition is a reoffence."""
    if options.outcome == PROVEN:
        return {
            "rate": "proven reoffending rate",
            "one": "proven reoffence",
            "a_one": "a proven reoffence",
            "many": "Proven reoffences",
        }
    return {
        "rate": "reconviction rate, on court records",
        "one": "offence reconvicted of",
        "a_one": "an offence reconvicted of",
        "many": "Offences reconvicted of",
    }


def outcomes_of(options: DataLabOptions) -> tuple[Outcome, ...]:
    """Outcomes on these data: court records hold nothing but court outcomes."""
    if options.outcome == PROVEN:
        return OUTCOMES
    return tuple(one for one in OUTCOMES if not one.name.startswith("court"))


def effect_row(
    outcome: Outcome,
    people: pd.DataFrame,
    treated: np.ndarray,
    weights: np.ndarray,
    clusters: np.ndarray,
    options: DataLabOptions,
    *,
    covariates: np.ndarray | None = None,
) -> tuple[dict[str, object], Effect]:
    """One row of kind `comparison`, and the effect it was made of.

    Parameters
    ----------
    people
        One row per index event, with `person_number` and the outcome's column.
    treated, weights, clusters
        As in `matched_difference`, shape (n,); people without weight are left out.
    covariates
        What the comparison is adjusted for, shape (n, k); outcomes of reoffenders alone, and
        placebo outcomes, which are characteristics themselves, are not adjusted.
    """
    kept = weights > 0
    if outcome.of_reoffenders:
        kept &= people["reoffended"].to_numpy(dtype=bool)
    values = people[outcome.column].to_numpy(dtype=float)[kept]
    side = treated[kept]
    found = matched_difference(
        values.astype(bool) if outcome.of == SHARE else values,
        side,
        weights[kept],
        clusters=clusters[kept],
        of=outcome.of,
        covariates=_adjusting(outcome, covariates, kept, options),
    )
    with_it = np.ones(len(values), dtype=bool) if outcome.of_reoffenders else values > 0
    person = people["person_number"].to_numpy()[kept]
    row = {
        "outcome": outcome.said(options),
        "significant": _significant(found, options),
        "treated_people": _distinct(person, side),
        "comparison_people": _distinct(person, ~side),
        "treated_events": _distinct(person, with_it & side),
        "comparison_events": _distinct(person, with_it & ~side),
        "treated": found.treated_value,
        "comparison": found.comparison_value,
        "difference": found.difference,
        "lower": found.lower,
        "upper": found.upper,
        "p_value": found.p_value,
    }
    return row, found


def _adjusting(
    outcome: Outcome, covariates: np.ndarray | None, kept: np.ndarray, options: DataLabOptions
) -> np.ndarray | None:
    """What an outcome is adjusted for; nothing where people are too few for it."""
    if covariates is None or not options.adjusted or outcome.of_reoffenders:
        return None
    columns = covariates[kept]
    varying = columns[:, (columns != columns[:1]).any(axis=0)]
    if outcome in PLACEBOS or len(varying) < ROWS_A_COLUMN * (varying.shape[1] + 2):
        return None
    return varying


def _distinct(person: np.ndarray, chosen: np.ndarray) -> int:
    """People behind some rows, each once."""
    return len(np.unique(person[chosen]))


def _significant(found: Effect, options: DataLabOptions) -> str:
    """The tables' yes or no goes by the p-value; the sentences go by the interval."""
    if np.isnan(found.p_value):
        return NOT_TESTED
    return YES if found.p_value < options.significance else NO
