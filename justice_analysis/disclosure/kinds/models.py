"""Rules for models: what a table of coefficients must say, and which rows may be shown.

Grain: one row per `term` and `level`. `roles.people` is the people in that level; for a
continuous term everyone in the model. One row has "all" in every dimension: everyone in the
model, with their events. `options.reference` names the reference level of each term that has
levels, and each stands as a row; `options.continuous` lists the other terms. An interaction is
named by its terms and levels in the same order, joined by a colon ("sex:age", "women:under 25").

A table of coefficients is a table of counts in disguise. With one binary covariate the odds
ratio, the margins and the events give the two by two table; a saturated model gives every cell.
So every level is judged as a row of a frequency table: its people, its events and, where each
person has at most one, those without; the combinations that interactions name too, and what is
left of them. What could be worked out for a level that is hidden is then bounded by the same
attack as for any table. Precision is limited in `coefficients`.

Never shown: effects of single units (fixed effects), fitted values, residuals, leverage. Baseline
hazards and survival of a Cox model are survival outputs, not models.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import ALL, unit_rows
from justice_analysis.disclosure.kinds import coefficients, tables
from justice_analysis.disclosure.kinds.model_rows import (
    AT_MOST_ONE_EVENT,
    EVENTS,
    FIT,
    INTERCEPTS,
    JOINED,
    MODELS,
    OVER_TIME,
    SIDES,
    WITH_EVENTS,
    Row,
    continuous,
    is_saturated,
    levels_of,
    listed,
    people_in,
    records,
    references,
    stated,
)
from justice_analysis.disclosure.kinds.parts import standing_controls
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.verdict import Protected

if TYPE_CHECKING:
    import pandas as pd


def broken(output: Output, profile: Profile) -> list[str]:
    """Rules that a model breaks whatever its numbers."""
    if tables.count_problems(output):
        return []  # the counts fail it by themselves
    if output.options.get("model") not in MODELS:
        return [f"options.model must be one of {', '.join(MODELS)}."]
    if output.dimensions != ("term", "level"):
        return ["a model must have the dimensions term and level: one row for each."]
    problems = [*_size_problems(output, profile), *_column_problems(output)]
    problems += coefficients.broken(output)
    return problems or [*_row_problems(output, profile), *_unit_problems(output, profile)]


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    problems = coefficients.without_rule(output)
    rows = records(output)
    if any(row["term"].lower() in INTERCEPTS for row in rows) and references(output):
        everyone = people_in(output)
        if any(
            row[output.roles.people] >= everyone
            for row in rows
            if row["term"].lower() in INTERCEPTS
        ):
            problems.append(
                "an intercept tells of the people at every reference level, not of everyone: "
                "give these people, or leave it out."
            )
    if output.options.get("converged") is False:
        problems.append("a model that did not converge has no rule: a person must look.")
    return problems


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows whose term compares with too few people, or that differ by a few from another time."""
    if profile.mechanism[output.kind] == "round":
        return set()  # counts are kept by their rounding, and `protect` hides the rows
    return _thin(output, profile)


def with_reference(output: Output, hidden: Iterable[int]) -> set[int]:
    """Add to hidden rows those that are compared with a hidden one.

    A level compared with a reference that is hidden would tell the reference's outcome, with
    its own, which can be read from the counts.
    """
    rows, hidden = records(output), set(hidden)
    lost = {
        str(rows[n]["term"])
        for n in hidden
        if references(output).get(rows[n]["term"]) == rows[n]["level"]
    }
    return hidden | {n for n, row in enumerate(rows) if lost & {*str(row["term"]).split(JOINED)}}


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows with all they say, protect the counts, and round the coefficients.

    Returns
    -------
    Protected
        Dimensions, counts, estimates with interval, standard error and p, `shown`. Coefficients
        are rounded under every mechanism (`coefficients.rounded`).
    """
    hidden = with_reference(output, {*hidden, *_thin(output, profile)})
    table = unit_rows(output).copy()
    for name, values in coefficients.rounded(output, references(output), profile).items():
        table[name] = values
    tables.round_counts(output, table, count_base(output.kind, profile))
    tables.hide_rows(output, table, hidden)
    return Protected(table, _controls(output, table, profile), _evidence(output, profile))


def _size_problems(output: Output, profile: Profile) -> list[str]:
    least = profile.degrees_of_freedom
    numbers = {name: output.options.get(name) for name in ("residual_df", "observations")}
    problems = [
        f"options.{name} must be given, as a number: a model is judged by it."
        for name, value in numbers.items()
        if not isinstance(value, (int, float)) or isinstance(value, bool)
    ]
    if not problems and not least <= float(str(numbers["residual_df"])) < math.inf:
        problems.append(
            f"a model must have at least {least} residual degrees of freedom: it has fewer. "
            "Use fewer terms."
        )
    if fit := sorted({*FIT} & {str(name).lower() for name in output.options}):
        problems.append(
            f"options must hold no numbers from the data: {', '.join(fit)} would leave unrounded. "
            "Leave them out."
        )
    return problems


def _column_problems(output: Output) -> list[str]:
    model, counts = output.options["model"], output.roles.count
    problems = []
    if model in WITH_EVENTS and EVENTS not in counts:
        problems.append(f"a {model} model must count the {EVENTS} of each row.")
    if model == "group_time" and not {*SIDES} <= {*counts}:
        problems.append(f"group-time estimates must count {' and '.join(SIDES)} of each row.")
    if output.roles.numerator or output.roles.denominator or output.roles.total:
        problems.append("a model has counts and estimates only: name no numerator or total.")
    return problems


def _row_problems(output: Output, profile: Profile) -> list[str]:
    """Rows that are missing, or that nothing says how to read."""
    rows, said = records(output), references(output)
    there = {(row["term"], row["level"]) for row in rows}
    if (ALL, ALL) not in there:
        return ['a model must have a row of everyone in it: term "all", level "all".']
    known = {*said, *continuous(output), *INTERCEPTS, ALL}
    unknown = {
        term
        for term, _ in there
        if not {part.lower() for part in term.split(JOINED)} <= {name.lower() for name in known}
    }
    unmatched = [
        1 for term, level in there if len(term.split(JOINED)) != len(levels_of(level, term))
    ]
    absent = [term for term, level in said.items() if (term, level) not in there]
    problems = []
    if unknown and output.options["model"] not in OVER_TIME:
        problems.append(
            "options must name the reference level of each term, or list it as continuous: "
            f"{len(unknown)} terms are in neither."
        )
    if unmatched:
        problems.append(
            "an interaction must give as many levels as terms, joined by a colon: "
            f"{len(unmatched)} rows do not."
        )
    if absent:
        problems.append(
            f"the reference level must be a row with its people: {len(absent)} terms have none."
        )
    if output.options.get("people") not in (None, people_in(output)):
        problems.append("options.people must be the people in the row of everyone: it is not.")
    if people_in(output) < profile.minimum_count:
        problems.append(f"a model must rest on at least {profile.minimum_count} people.")
    return problems


def _unit_problems(output: Output, profile: Profile) -> list[str]:
    """Effects of single units: each would be one person's, court's or family's own number."""
    rows = records(output)
    named = listed(output, "absorbed")
    levels: dict[str, list[float]] = {}
    for row in rows:
        levels.setdefault(str(row["term"]), []).append(float(row[output.roles.people]))
    shown = [
        term
        for term, people in levels.items()
        if named & {*term.split(JOINED)}
        or (len(people) > 1 and sum(number <= 1 for number in people) * 2 >= len(people))
    ]
    if shown:
        return [
            "effects of single units are never shown: fixed effects, or rows of one person, are "
            f"given for {len(shown)} terms. Leave them out."
        ]
    return []


def _close_in_time(output: Output, profile: Profile) -> set[int]:
    """Rows of the same people at other times, who differ by a few: the few would be told."""
    if output.options["model"] not in OVER_TIME:
        return set()
    rows, found = records(output), set[int]()
    for term in dict.fromkeys(row["term"] for row in rows):
        places = [n for n, row in enumerate(rows) if row["term"] == term]
        for name in output.roles.counts:
            last = math.inf
            for n in sorted(places, key=lambda n: -rows[n][name]):
                if 0 < last - rows[n][name] < profile.minimum_count:
                    found.add(n)
                else:
                    last = rows[n][name]
    return found


def _evidence(output: Output, profile: Profile) -> dict[str, object]:
    """What the rules of models looked at."""
    steps = coefficients.steps(output, references(output), profile)
    return {
        "model": output.options["model"],
        "residual_df": output.options["residual_df"],
        "least_residual_df": profile.degrees_of_freedom,
        "observations": output.options["observations"],
        "people": people_in(output),
        "saturated": is_saturated(output),
        "fewest_behind_each_row": [int(_fewest(output, row)) for row in records(output)],
        "step_of_each_row": [step if step > 0 else None for step in steps],
    }


def _thin(output: Output, profile: Profile) -> set[int]:
    least = profile.minimum_count
    small = {n for n, row in enumerate(records(output)) if _fewest(output, row) < least}
    return with_reference(output, small) | _close_in_time(output, profile)


def _fewest(output: Output, row: Row) -> float:
    counts = (output.roles.people, *output.roles.count)
    fewest = min(float(row[name]) for name in counts)
    if output.options["model"] in AT_MOST_ONE_EVENT:
        fewest = min(fewest, float(row[output.roles.people]) - float(row[EVENTS]))
    return fewest


def _controls(output: Output, table: pd.DataFrame, profile: Profile) -> tuple[str, ...]:
    why = "too few events, because their reference level is hidden, "
    said = standing_controls(output, table, profile, why=why)
    if is_saturated(output):
        said.append("The model has a parameter for each group: it is judged as a table of them.")
    said.append(
        "Estimates are rounded so that a rounding base of people hardly moves them; intervals "
        "and p-values are worked out again from the rounded estimates and standard errors. The "
        f"model has at least {profile.degrees_of_freedom} residual degrees of freedom."
    )
    return tuple(said)


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
