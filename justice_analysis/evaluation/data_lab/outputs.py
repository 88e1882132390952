"""Outputs of a matched comparison: the Lab's tables, balance, overlap and numbers for sentences."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions import Chart, ColumnRoles, Output
from justice_analysis.definitions.comparison import (
    E_VALUES,
    LOWER,
    SIDES,
    UPPER,
    comparison_roles,
)
from justice_analysis.evaluation.data_lab.characteristics import Characteristics
from justice_analysis.evaluation.data_lab.effects import MEAN, SHARE, Outcome
from justice_analysis.evaluation.data_lab.matched_groups import MatchedGroups
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.models.balance import BalanceTable
from justice_analysis.models.hidden_bias import e_value_of_shares

HIDDEN_CAUSE = (
    "E-value: how many times likelier a cause that is not recorded would have to make both taking "
    "part and the outcome, to explain the difference away, or to bring the interval to no "
    "difference; one means that it holds no difference already."
)
BALANCE_COUNTS = ("comparison_people", "treated_with", "comparison_with")
DIFFERENCES = ("difference_before", "difference_after")
RATIOS = ("variance_ratio_before", "variance_ratio_after")
CHANCES = (0, 5, 10, 15, 20, 30, 40, 50)
"""Edges of the bins of the chance of taking part, per cent."""
PARTICIPANTS, OTHERS = "participants", "everyone else"


def comparison_output(about: About, outcome: Outcome, row: Mapping[str, object]) -> Output:
    """One of the Lab's tables: kind `comparison`, one row."""
    is_share = outcome.of == SHARE
    table = pd.DataFrame([{**row, **_e_values(row)} if is_share else row])
    return about.output(
        "comparison",
        str(row["outcome"]),
        table,
        dimensions=("outcome", "significant"),
        roles=comparison_roles(outcome.of, e_values=is_share),
        shares=(*SIDES, "difference", LOWER, UPPER) if is_share else (),
        notes=(
            "The difference is participants less comparison people, its interval at 95%.",
            *([HIDDEN_CAUSE] if is_share else []),
        ),
    )


def _e_values(row: Mapping[str, Any]) -> dict[str, float]:
    """How strong a hidden cause must be to explain the difference, or its nearer limit."""
    if not (0 < row["comparison"] <= 1 and np.isfinite(row["lower"])):
        return dict.fromkeys(E_VALUES, np.nan)
    found = e_value_of_shares(
        row["treated"], row["comparison"], lower=row["lower"], upper=row["upper"]
    )
    return dict(zip(E_VALUES, (found.estimate, found.limit), strict=True))


def balance_output(
    about: About,
    table: BalanceTable,
    people: Characteristics,
    treated: np.ndarray,
    is_kept: np.ndarray,
    person: np.ndarray,
    *,
    title: str,
) -> Output:
    """How alike the groups are, by characteristic: kind `balance`.

    Parameters
    ----------
    treated, is_kept
        Whether each row is a participant's, and among those compared, shape (n,).
    person
        Whose it is, shape (n,): a person counts once.
    """
    rows = table.table[table.table["rating"] != "not rated"]
    sides = {"treated": is_kept & treated, "comparison": is_kept & ~treated}
    counts = {f"{side}_people": distinct(person, chosen) for side, chosen in sides.items()}
    shown = rows[["characteristic", "rating", *DIFFERENCES, *RATIOS]].assign(**counts)
    for side, chosen in sides.items():
        shown[f"{side}_with"] = [
            distinct(person, chosen & _has(people, str(name))) for name in shown["characteristic"]
        ]
    statistic = {
        **dict.fromkeys(DIFFERENCES, "standardised difference"),
        **dict.fromkeys(RATIOS, "variance ratio"),
    }
    return about.output(
        "balance",
        title,
        shown,
        dimensions=("characteristic", "rating"),
        roles=ColumnRoles(
            people="treated_people",
            count=BALANCE_COUNTS,
            estimate=(*DIFFERENCES, *RATIOS),
            statistic=statistic,
        ),
        chart=Chart(
            form="love",
            x="characteristic",
            y="difference_after",
            percent=True,
            y_title="Standardised difference",
        ),
        notes=(
            "Differences are in standard deviations of the participants; green, amber and red "
            "are options of ours: the Lab's own thresholds could not be confirmed.",
        ),
    )


def _has(people: Characteristics, name: str) -> np.ndarray:
    """Whether each has a characteristic; of a quantity whether it is known."""
    if name in people.known:
        return people.known[name]
    return people.table[name].to_numpy() == 1


def distinct(person: np.ndarray, chosen: np.ndarray) -> int:
    """People behind some rows, each once."""
    return len(np.unique(person[chosen]))


def overlap_output(
    about: About, groups: MatchedGroups, treated: np.ndarray, person: np.ndarray
) -> Output:
    """Participants and everyone else by their chance of taking part: kind `histogram`.

    Whoever has several index events counts at the first of them.
    """
    chance = groups.propensity.score * 100
    rows = []
    for name, side in ((PARTICIPANTS, treated), (OTHERS, ~treated)):
        _, first = np.unique(person[side], return_index=True)
        counts = np.histogram(chance[side][first], bins=[*CHANCES, 100.001])[0]
        for number, words in enumerate(_bins()):
            rows.append({"chance": words, "group": name, "people": int(counts[number])})
    output = about.output(
        "histogram",
        "Participants and everyone else by their chance of taking part",
        pd.DataFrame(rows),
        dimensions=("chance", "group"),
        roles=ColumnRoles(people="people"),
        chart=Chart(
            form="overlap",
            x="chance",
            y="people",
            group="group",
            percent=True,
            x_title="Estimated chance of taking part",
        ),
    )
    options = {**output.options, "quantity": "estimated chance of taking part, per cent"}
    return dataclasses.replace(output, options=options)


def _bins() -> list[str]:
    inner = [f"{low} to under {high}" for low, high in pairwise(CHANCES)]
    return [*inner, f"{CHANCES[-1]} or more"]


def text_output(
    about: About, rows: Sequence[tuple[str, str, Outcome, Mapping[str, object]]]
) -> Output:
    """Numbers and phrases for sentences, each a repetition of one of the Lab's tables.

    Parameters
    ----------
    rows
        Name in the text, what of the row it says (`people`, `treated`, `comparison`,
        `difference`), the outcome and its row.
    """
    made, formats, of, nouns = [], {}, {}, {}
    for name, what, outcome, row in rows:
        column = "treated_people" if what == "people" else what
        said = {key: row[key] for key in ("treated_people", "treated_events")}
        has_interval = what == "difference"
        made.append(
            {
                "name": name,
                **said,
                "value": float(row[column]),  # type: ignore[arg-type]
                "lower": row["lower"] if has_interval else np.nan,
                "upper": row["upper"] if has_interval else np.nan,
            }
        )
        formats[name] = _format(what, outcome)
        of[name] = outcome.name
        nouns[name] = outcome.noun
    output = about.output(
        "text",
        "Numbers used in the text",
        pd.DataFrame(made),
        dimensions=("name",),
        roles=ColumnRoles(
            people="treated_people",
            count=("treated_events",),
            estimate=("value",),
            lower=("lower",),
            upper=("upper",),
        ),
    )
    options = {**output.options, "formats": formats, "of": of, "nouns": nouns}
    return dataclasses.replace(output, options=options)


def _format(what: str, outcome: Outcome) -> str:
    if what == "people":
        return "count"
    is_of_100 = outcome.noun != "days" or outcome.of != MEAN
    if what == "difference":
        return "range_of_100" if is_of_100 else "range_days"
    return "of_100" if is_of_100 else "days"
