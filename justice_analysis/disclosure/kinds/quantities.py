"""What sums, means, percentiles and bins of a quantity have in common when they are protected."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds.dominance import TOLERANCE, above, numbers, totals
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.rounding import to_base

QUANTITY = "quantity"
"""Option that says in words what was added up or averaged: "days in custody", "pounds"."""
ROUNDING = ("round", "suppress_then_round")


def rounds(output: Output, profile: Profile) -> bool:
    """Whether numbers of this kind of output are rounded."""
    return profile.mechanism[output.kind] in ROUNDING


def quantity_of(output: Output) -> str:
    """Return the words for the quantity; empty where the output has none."""
    said = output.options.get(QUANTITY)
    return said.strip() if isinstance(said, str) else ""


def unnamed(output: Output) -> list[str]:
    """A number with a unit that is not said in words cannot be read, or compared."""
    if quantity_of(output):
        return []
    return [f"the quantity and its unit must be said in words, in options['{QUANTITY}']."]


def too_few_people(output: Output, profile: Profile) -> set[int]:
    """Rows about fewer people than the minimum: no sum or mean of theirs is shown, if rounded."""
    people = numbers(output, (output.roles.people,))[:, 0]
    return set(np.flatnonzero(people < profile.minimum_count).tolist())


def all_alike(output: Output, profile: Profile) -> set[int]:
    """Rows in which everyone has the same amount: the group's number is each person's own.

    Seen from the total (nobody has any) and from the largest contribution (nobody has less).
    """
    if not profile.class_disclosure:
        return set()
    total = totals(output)
    people = numbers(output, (output.roles.people,))[:, 0]
    alike = total == 0
    if output.roles.largest:
        alike |= numbers(output, output.roles.largest)[:, 0] * people <= above(total)
    return set(np.flatnonzero(alike).tolist())


def rounded_counts(output: Output, profile: Profile) -> pd.DataFrame:
    """Return the table in unit order with its counts as they may be shown."""
    table = unit_rows(output).copy()
    base = profile.rounding_base if rounds(output, profile) else 1
    for name in output.roles.counts:
        table[name] = pd.array([to_base(count, base) for count in table[name]], dtype="Int64")
    return table


def hide(output: Output, table: pd.DataFrame, hidden: Iterable[int]) -> pd.DataFrame:
    """Empty every number of the hidden rows, and say in `shown` which rows these are."""
    rows = sorted(hidden)
    shown = [*output.roles.counts, *output.roles.statistics]
    for name in (*shown, output.roles.total):
        if name in table:
            table.loc[rows, name] = pd.NA if table[name].dtype == "Int64" else np.nan
    table["shown"] = "yes"
    table.loc[rows, "shown"] = "suppressed"
    return table.drop(columns=[*output.roles.evidence])


def standing_controls(output: Output, table: pd.DataFrame, profile: Profile) -> list[str]:
    """Say what holds for every number about people, and how many rows are hidden."""
    zeros = ", zeros too" if profile.zeros_disclosive else ""
    said = [f"Numbers about fewer than {profile.minimum_count} people are hidden{zeros}."]
    if rounds(output, profile) and profile.rounding_base > 1:
        said.append(
            f"Every count and total is rounded by itself to the nearest {profile.rounding_base}, "
            "so parts may not add up to their total."
        )
    count = int((table["shown"] == "suppressed").sum())
    if count:
        said.append(
            f"{count} of {len(table)} rows are hidden: because they are about too few people or "
            "organisations, because one or two make up most of the number, because everyone has "
            "the same amount, or because another row could be worked out from them."
        )
    return said


def mean_over(output: Output) -> str:
    """Column that a mean is over: the units counted (charges, children), or people."""
    return output.roles.denominator or output.roles.people


def is_mean_of(value: float, total: float, count: float) -> bool:
    """Whether a value is a total over a count, but for the error of floating numbers."""
    near = TOLERANCE * max(1.0, abs(total))
    return count > 0 and abs(value * count - total) <= max(near, 1e-7 * abs(total))
