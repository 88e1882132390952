"""Columns that say what is behind the counts: what no number of families or people can be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import dimensions_of_categories
from justice_analysis.disclosure.counted.denominators import holds_people


def broken(output: Output) -> list[str]:
    """Say what is behind the counts and can't be: the output fails.

    Each must be given, not negative and whole; families, and people behind a count, no more than
    the people (of one case or hearing there may be several); at least one where there are people;
    and a count greater than the people of its row must say how many people are behind it.
    """
    columns = _columns_behind(output)
    problems = [problem for name in columns for problem in _number_problems(output, name)]
    roles = output.roles
    for what, named in (("people", roles.people_behind), ("groups", roles.groups_behind)):
        problems += [
            f"{what}_behind names {count}, which is no count of the output."
            for count in named
            if count not in roles.counts
        ]
    return problems or [*_order_problems(output), *_event_problems(output)]


def _columns_behind(output: Output) -> tuple[str, ...]:
    """Columns of what is behind the counts, once; counts themselves are checked elsewhere."""
    roles = output.roles
    named = (
        roles.families,
        roles.cases,
        roles.organisations,
        *roles.people_behind.values(),
        *roles.groups_behind.values(),
    )
    return tuple(dict.fromkeys(name for name in named if name and name not in roles.counts))


def _number_problems(output: Output, name: str) -> list[str]:
    values = numbers(output, name)
    given = np.isfinite(values)
    wrong = {
        "be given": ~given,
        "not be negative": values < 0,
        "be whole numbers": given & (values != np.floor(values)),
    }
    return [
        f"numbers in {name} must {rule}: {int(rows.sum()):,} are wrong."
        for rule, rows in wrong.items()
        if rows.any()
    ]


def _order_problems(output: Output) -> list[str]:
    """More families or people behind a count than there can be, or none behind some."""
    roles = output.roles
    people = roles.people
    most = [(roles.families, people)] if roles.families else []
    # The whole that categories are shares of has more people behind it than each of them.
    whole_of = roles.denominator if dimensions_of_categories(output) else None
    most += [(one, people) for count, one in roles.people_behind.items() if count != whole_of]
    for count, behind in roles.groups_behind.items():
        whole = roles.cases if output.about == "co_defendants" else roles.families
        limits = (count,) if count == whole_of else (count, whole)
        most += [(behind, limit) for limit in limits if limit]
    problems = [
        f"{column} must not exceed {limit}: {number:,} rows do. Count each once."
        for column, limit in dict.fromkeys(most)
        if (number := int((numbers(output, column) > numbers(output, limit)).sum()))
    ]
    some = [(role, people) for role in (roles.families, roles.cases) if role]
    some += [
        (behind, c) for c, behind in (*roles.people_behind.items(), *roles.groups_behind.items())
    ]
    return problems + [
        f"{column} must be at least 1 where {of} is: {number:,} rows have none."
        for column, of in dict.fromkeys(some)
        if (number := int(((numbers(output, of) > 0) & (numbers(output, column) < 1)).sum()))
    ]


def _event_problems(output: Output) -> list[str]:
    """Counts greater than the people of their row, with nothing said of whose they are."""
    if output.about == "totals":
        return []  # nobody is behind them
    most = numbers(output, output.roles.people)
    if output.kind == "attrition":  # those lost at a step were still counted at the one before
        most = np.maximum(most, np.concatenate([most[:1], most[:-1]]))
    return [
        f"{name} counts more than there are people in {number:,} rows, so it counts events: say "
        f"how many people are behind it (roles.people_behind)."
        for name in own_counts(output)
        if name not in output.roles.people_behind
        and (number := int((numbers(output, name) > most).sum()))
    ]


def numbers(output: Output, column: str) -> Any:
    """Values of a column as numbers; what is none is missing."""
    return pd.to_numeric(output.table[column], errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )


def own_counts(output: Output) -> list[str]:
    """Counts of a row's people or of what they did.

    Not time, nor a public number below a rate; nor those that participants are compared with.
    """
    below = None if holds_people(output) else output.roles.denominator
    return [
        name
        for name in output.roles.counts
        if name == output.roles.people or (name != below and not _is_of_others(output, name))
    ]


def _is_of_others(output: Output, name: str) -> bool:
    return output.kind in ("comparison", "balance") and name.startswith("comparison_")
