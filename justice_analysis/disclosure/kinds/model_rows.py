"""How a model's table is read: its terms, its levels, and the groups of people they name.

Grain: one row per `term` and `level`; see `models` for the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import ALL, is_total, unit_rows
from justice_analysis.disclosure.profiles.profile import Profile

WITH_EVENTS = ("cox", "poisson", "logistic")
AT_MOST_ONE_EVENT = ("cox", "logistic")
OVER_TIME = ("event_study", "group_time")
MODELS = (*WITH_EVENTS, "linear", "fixed_effects", "difference_in_differences", *OVER_TIME)
EVENTS = "events"
SIDES = ("treated_people", "comparison_people")
"""Both sides of a group-time estimate; its people are those of both."""
KEPT_INSIDE = ("residual_df", "observations", "people", "events")
"""Options that a model is judged by: exact numbers, so the release leaves them out."""
FIT = (
    "aic",
    "bic",
    "chi_squared",
    "clusters",
    "concordance",
    "deviance",
    "f_statistic",
    "log_likelihood",
    "n",
    "r_squared",
    "rmse",
)
"""Statistics of the whole fit: exact numbers from the data, so no options."""
INTERCEPTS = ("intercept", "(intercept)", "constant", "const", "_cons")
JOINED = ":"
"""Joins the terms, and the levels, of an interaction."""
Row = Mapping[Any, Any]


def references(output: Output) -> Mapping[str, str]:
    """Return the reference level of each term that has levels."""
    said = output.options.get("reference")
    if not isinstance(said, Mapping):
        return {}
    return {str(term): str(level) for term, level in said.items()}


def stated(output: Output, profile: Profile) -> Output:
    """Lay a model out as the frequency table that it tells: a dimension a term.

    Returns
    -------
    Output
        One row per row of the model, in its order. A row is the group at its level and a total
        over all other terms; an interaction is a group of several. Rows of one group (terms
        without levels are about everyone) are told apart by `name`, along which the same people
        are counted again.
    """
    table, dimensions = _laid_out(output)
    roles = replace(output.roles, estimate=(), lower=(), upper=(), statistic={})
    if output.options["model"] in AT_MOST_ONE_EVENT:
        count = tuple(name for name in roles.count if name != EVENTS)
        roles = replace(roles, count=count, numerator=EVENTS, denominator=roles.people)
    return replace(
        output,
        kind="table",
        table=table,
        dimensions=dimensions,
        roles=roles,
        chart=None,
        shares=(),
        hierarchy={},
        places={},
    )


def is_saturated(output: Output) -> bool:
    """Whether a model has as many parameters as groups: its coefficients are the groups' means."""
    terms = references(output)
    if output.options.get("continuous"):
        return False
    rows = records(output)
    estimated = [row for row in rows if pd.notna(row[output.roles.estimate[0]])]
    at_reference = [row for row in estimated if terms.get(row["term"]) == row["level"]]
    intercepts = [row for row in estimated if row["term"].lower() in INTERCEPTS]
    cells = 1
    for term in terms:
        cells *= sum(row["term"] == term for row in rows)
    return len(estimated) - len(at_reference) - len(intercepts) + 1 >= cells


def records(output: Output) -> list[Row]:
    """Rows of a model in unit order, terms and levels as text."""
    table = unit_rows(output)
    table = table.assign(term=table["term"].astype(str), level=table["level"].astype(str))
    return [*table.to_dict("records")]


def is_everyone(row: Row) -> bool:
    """Whether a row is about everyone in the model."""
    return is_total(row["term"]) and is_total(row["level"])


def people_in(output: Output) -> int:
    """People in the model: those of its row of everyone."""
    return next(int(row[output.roles.people]) for row in records(output) if is_everyone(row))


def continuous(output: Output) -> set[str]:
    """Terms without levels."""
    return listed(output, "continuous")


def listed(output: Output, option: str) -> set[str]:
    """Names that an option lists; one name may stand by itself."""
    said = output.options.get(option) or ()
    return {said} if isinstance(said, str) else {str(name) for name in said}  # type: ignore[attr-defined]


def levels_of(level: str, term: str) -> list[str]:
    """Levels of a row, one for each term of an interaction."""
    return level.split(JOINED) if JOINED in term else [level]


def _laid_out(output: Output) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Lay rows out by group; those of one group are told apart by `name`."""
    kept = _kept(output)
    if output.options["model"] == "group_time":  # groups, each followed over time
        named = [{"group": row["term"], "name": row["level"]} for row in records(output)]
    else:
        named = _by_term(output)
    counts = [{name: row[name] for name in kept} for row in records(output)]
    dimensions = tuple(named[0])
    rows = [{**group, **beside} for group, beside in zip(named, counts, strict=True)]
    return pd.DataFrame(rows, columns=[*dimensions, *kept]), dimensions


def _by_term(output: Output) -> list[dict[str, str]]:
    terms, used, named = _terms(output), set(), []
    taken = {*_kept(output), "name"}
    for row in records(output):
        group = dict.fromkeys(terms, ALL) | _group(output, row)
        again = tuple(group.values()) in used
        used.add(tuple(group.values()))
        named.append({f"{n} (term)" if n in taken else n: v for n, v in group.items()})
        named[-1]["name"] = f"{row['term']} {row['level']}" if again else ALL
    return named


def _terms(output: Output) -> list[str]:
    """Terms with levels, each a dimension of the table that a model tells."""
    found = [
        part
        for row in records(output)
        for part in str(row["term"]).split(JOINED)
        if not is_total(part) and part not in continuous(output) and part.lower() not in INTERCEPTS
    ]
    return list(dict.fromkeys(found))


def _group(output: Output, row: Row) -> dict[str, str]:
    term, level = str(row["term"]), str(row["level"])
    if term.lower() in INTERCEPTS:
        return dict(references(output))
    pairs = zip(term.split(JOINED), levels_of(level, term), strict=True)
    known = {*_terms(output)}
    return {part: value for part, value in pairs if part in known}


def _kept(output: Output) -> list[str]:
    return list(dict.fromkeys((*output.roles.counts, *output.roles.evidence)))
