"""Rules for sums of a quantity by group: days in custody, pounds claimed.

A sum is shown where enough people stand behind it and none of them, nor any organisation, makes
up most of it. It is rounded by itself to a step worth what `rounding_base` people contribute on
average, so it hides who joined or left as a count rounded to the base does; for a person far
above the average the step is at least the p-ratio's share of the largest contribution. A mean
beside it is made again from the rounded sum and the rounded count. What hidden sums can be worked
out from the others is for `disclosure.hidden_amounts`.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import is_total, unit_rows
from justice_analysis.disclosure.kinds import dominance
from justice_analysis.disclosure.kinds.quantities import (
    all_alike,
    hide,
    is_mean_of,
    quantity_of,
    rounded_counts,
    rounds,
    standing_controls,
    too_few_people,
    unnamed,
)
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.steps import to_step, total_step
from justice_analysis.disclosure.kinds.tables import sum_problems
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected


def broken(output: Output, profile: Profile) -> list[str]:
    """What no sum of contributions can be."""
    if not output.roles.total:
        return ["a magnitude must name its total: the sum that each row shows."]
    total = dominance.totals(output)
    people = dominance.numbers(output, (output.roles.people,))[:, 0]
    wrong = {
        "be given": ~np.isfinite(total),
        "not be negative": total < 0,
        "be 0 where there is nobody": (people == 0) & (total > 0),
    }
    problems = [
        f"totals in {output.roles.total} must {rule}: {int(rows.sum()):,} are wrong."
        for rule, rows in wrong.items()
        if rows.any()
    ]
    return [*problems, *dominance.broken(output, profile), *sums_that_fail(output)]


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule, so that a person must look."""
    roles = output.roles
    problems = [*unnamed(output), *sum_problems(output), *dominance.without_rule(output, profile)]
    if not roles.largest and dominance.needed(profile):
        problems.append(
            "sums must give the largest contributions of people (roles.largest): without them "
            "one person's could be most of a sum."
        )
    if roles.lower or roles.upper:
        problems.append("intervals of sums have no rule.")
    if _not_means(output):
        problems.append("beside a sum only its mean a person has a rule: name it a mean.")
    return problems


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows about too few people, or that one or a few dominate, or in which all are alike."""
    found = dominance.thin(output, profile) | too_few_people(output, profile)
    return found | all_alike(output, profile)


def protect(output: Output, hidden: set[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows; round each sum by itself, and make means again from rounded sums and counts."""
    if not profile.protects(output.kind):
        shown = unit_rows(output).drop(columns=[*output.roles.evidence]).assign(shown="yes")
        return Protected(shown, ("None: the data may be shown.",))
    table = rounded_counts(output, profile)
    if rounds(output, profile):
        _round_sums(output, table, profile)
    table = hide(output, table, hidden)
    return Protected(table, (*standing_controls(output, table, profile), *_said(output, profile)))


def steps(output: Output, profile: Profile) -> list[float]:
    """Step to which the sum of each row is rounded; 0 where sums are shown as they are."""
    if not rounds(output, profile):
        return [0.0] * len(output.table)
    people = dominance.numbers(output, (output.roles.people,))[:, 0]
    largest = largest_of(output)
    return [
        total_step(*row, profile)
        for row in zip(dominance.totals(output), people, largest, strict=True)
    ]


def largest_of(output: Output) -> list[float]:
    """Largest contribution of a person to each row; 0 where it is not given."""
    if not output.roles.largest:
        return [0.0] * len(output.table)
    return [float(value) for value in dominance.numbers(output, output.roles.largest)[:, 0]]


def sums_that_fail(output: Output) -> list[str]:
    """Totals that their parts do not add up to, though the same people stand behind both."""
    total = output.roles.total
    table = unit_rows(output)
    wrong = 0
    for name in output.dimensions:
        others = [other for other in output.dimensions if other != name]
        groups = [rows for _, rows in table.groupby(others, dropna=False)] if others else [table]
        for rows in groups if name not in output.hierarchy else ():
            whole = rows[rows[name].map(is_total)]
            parts = rows[~rows[name].map(is_total)]
            if len(whole) == 1 and len(parts) and _same_people(output, whole, parts):
                gap = abs(float(parts[total].sum()) - float(whole[total].iloc[0]))
                wrong += gap > 1e-6 * max(1.0, abs(float(whole[total].iloc[0])))
    if wrong:
        return [f"parts in {total} must add up to their total: {wrong:,} totals differ."]
    return []


def _same_people(output: Output, whole: pd.DataFrame, parts: pd.DataFrame) -> bool:
    people = output.roles.people
    return int(parts[people].sum()) == int(whole[people].iloc[0])


def _not_means(output: Output) -> list[str]:
    """Estimates that are not named a mean, or are not the total over the people."""
    roles, rows = output.roles, unit_rows(output).to_dict("records")
    total = dominance.totals(output)
    return [
        name
        for name in roles.estimate
        if roles.statistic.get(name) != "mean"
        or not all(
            is_mean_of(float(row[name]), sum_, float(row[roles.people])) or not row[roles.people]
            for row, sum_ in zip(rows, total, strict=True)
        )
    ]


def _round_sums(output: Output, table: pd.DataFrame, profile: Profile) -> None:
    total = output.roles.total
    assert total is not None
    sums = zip(dominance.totals(output), steps(output, profile), strict=True)
    table[total] = [to_step(value, step) for value, step in sums]
    for name in output.roles.estimate:
        below = [float(count) or math.nan for count in table[output.roles.people]]
        means = zip(table[total], below, strict=True)
        table[name] = [float(f"{above / people:.3g}") for above, people in means]


def _said(output: Output, profile: Profile) -> list[str]:
    said = [_dominance_said(profile)] if output.roles.largest else []
    if not rounds(output, profile):
        return [*said, f"Sums ({quantity_of(output)}) are not rounded."]
    said.append(
        f"Each sum ({quantity_of(output)}) is rounded by itself to 1, 2 or 5 times a power of "
        f"ten: at least {profile.rounding_base} people's average contribution to their group, "
        f"and at least {profile.p_ratio:.0%} of the largest contribution. Parts may not add up "
        "to their total."
    )
    if output.roles.estimate:
        said.append("Means are worked out from the rounded sums and counts.")
    return said


def _dominance_said(profile: Profile) -> str:
    return (
        f"A sum is hidden where its {profile.dominance_n} largest contributions make up more "
        f"than {profile.dominance_k:.0%} of it, or where what is left without the two largest is "
        f"less than {profile.p_ratio:.0%} of the largest."
    )


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin)
