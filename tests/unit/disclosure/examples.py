"""Small outputs that the disclosure tests judge."""

from __future__ import annotations

import dataclasses

import pandas as pd

from justice_analysis.definitions.output import Chart, ColumnRoles, Output
from justice_analysis.disclosure.candidate import Candidate

SHARE = ColumnRoles(
    people="people",
    numerator="returned",
    denominator="people",
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
)
CURVE = ColumnRoles(
    people="people",
    count=("at_risk", "events", "censored"),
    estimate=("estimate",),
    lower=("lower",),
    upper=("upper",),
)


def as_candidate(output: Output, id: str = "output_one") -> Candidate:
    return Candidate(id, output, True, "0" * 64)


def frequencies(counts: dict[str, int], **changes: object) -> Output:
    table = pd.DataFrame({"age": list(counts), "people": list(counts.values())})
    described = {
        "kind": "table",
        "title": "Mothers by age",
        "table": table,
        "dimensions": ("age",),
        "roles": ColumnRoles(people="people"),
        "unit": "mothers",
        "population": "mothers",
        "population_hash": "p1",
        "card": "recurrence",
    }
    return Output(**{**described, **changes})


def shares(
    rows: list[tuple],
    *,
    plain: bool = True,
    at_risk: int | list[int] | None = None,
    **changes: object,
) -> Output:
    """Rows of group, horizon, people, returned; `at_risk` is of every row, or one a row."""
    table = pd.DataFrame(rows, columns=["group", "horizon", "people", "returned"])
    roles = SHARE
    if at_risk is not None:
        table["at_risk"] = at_risk
        roles = dataclasses.replace(SHARE, count=("at_risk",))
    table["estimate"] = table["returned"] / table["people"] + (0 if plain else 0.0123)
    table["lower"] = (table["estimate"] - 0.021).clip(lower=0)
    table["upper"] = (table["estimate"] + 0.021).clip(upper=1)
    described = {
        "kind": "estimates",
        "title": "Share returned",
        "table": table,
        "dimensions": ("group", "horizon"),
        "roles": roles,
        "unit": "mothers",
        "population": "mothers",
        "population_hash": "p1",
        "card": "recurrence",
    }
    return Output(**{**described, **changes})


def curve(exits: dict[str, list[tuple[int, int, int]]], **changes: object) -> Output:
    """For each group, rows of day, events, censored; everyone leaves in the end."""
    parts = []
    for group, rows in exits.items():
        people = left = sum(events + censored for _, events, censored in rows)
        staying = 1.0
        for day, events, censored in rows:
            staying *= 1 - events / left
            parts.append((group, day, people, left, events, censored, 1 - staying))
            left -= events + censored
    names = ["group", "day", "people", "at_risk", "events", "censored", "estimate"]
    table = pd.DataFrame(parts, columns=names)
    table["lower"] = (table["estimate"] - 0.02).clip(lower=0)
    table["upper"] = (table["estimate"] + 0.02).clip(upper=1)
    described = {
        "kind": "survival",
        "title": "Return over time",
        "table": table,
        "dimensions": ("group", "day"),
        "roles": CURVE,
        "unit": "mothers",
        "population": "mothers",
        "population_hash": "p1",
        "card": "recurrence",
        "chart": Chart(
            form="curve",
            x="day",
            y="estimate",
            group="group",
            lower="lower",
            upper="upper",
            percent=True,
        ),
    }
    return Output(**{**described, **changes})
