"""Rules for balance: how unlike participants and those compared with them are, by characteristic.

Grain: one row per `characteristic`, with its `rating`. `treated_with` and `comparison_with` are
the people who have the characteristic on each side; of a quantity those whose value is known.
A standardised difference of a characteristic that people have or have not can be worked back to
how many have it, so people with it and without it must be enough on both sides, or nobody. Of a
quantity there may be none of whom it is not known, and whoever is so is as protected. These
counts are never shown, and statistics have two digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.kinds.parts import standing_controls
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.verdict import Protected

TREATED, COMPARISON = "treated_people", "comparison_people"
TREATED_WITH, COMPARISON_WITH = "treated_with", "comparison_with"
COUNTS = (COMPARISON, TREATED_WITH, COMPARISON_WITH)
KNOWN = ("standardised difference", "variance ratio")
DIGITS = 2


def broken(output: Output, profile: Profile) -> list[str]:
    """What no balance can be."""
    if tables.count_problems(output):
        return []  # the counts fail it by themselves
    roles = output.roles
    if (roles.people, *roles.count) != (TREATED, *COUNTS) or roles.lower or roles.upper:
        return [
            f"a balance must count {', '.join((TREATED, *COUNTS))}, in this order, and has no "
            "intervals."
        ]
    rows = unit_rows(output)
    more = int((rows[TREATED_WITH] > rows[TREATED]).sum())
    more += int((rows[COMPARISON_WITH] > rows[COMPARISON]).sum())
    if more:
        return [f"people with a characteristic must be among those compared: {more} are not."]
    return []


def without_rule(output: Output, profile: Profile) -> list[str]:
    """Statistics other than the two that balance is told by."""
    said = {output.roles.statistic.get(name, "unnamed") for name in output.roles.estimate}
    if said <= {*KNOWN}:
        return []
    return [f"a balance may give {' and '.join(KNOWN)} alone: other statistics have no rule."]


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows with a few people, on either side, who have the characteristic or have it not."""
    rows = unit_rows(output)
    people = rows[[TREATED, COMPARISON]].to_numpy(dtype=float)
    having = rows[[TREATED_WITH, COMPARISON_WITH]].to_numpy(dtype=float)
    least = profile.minimum_count
    lacking = people - having
    few = (having < least) | ((lacking > 0) & (lacking < least))
    return {int(number) for number in few.any(axis=1).nonzero()[0]}


def stated(output: Output, profile: Profile) -> Output:
    """Reduce a balance to the counts that are shown: participants and those compared."""
    roles = replace(output.roles, count=(COMPARISON,), estimate=(), statistic={})
    kept = unit_rows(output)[[*output.dimensions, TREATED, COMPARISON]]
    return replace(output, kind="table", table=kept, roles=roles, chart=None, shares=())


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows, leave out who has the characteristic, and round the statistics.

    Returns
    -------
    Protected
        Dimensions, `treated_people`, `comparison_people`, statistics, `shown`.
    """
    table = unit_rows(output).copy()
    tables.round_counts(output, table, count_base(output.kind, profile))
    if profile.protects(output.kind):
        for name in output.roles.estimate:
            table[name] = pd.to_numeric(table[name]).astype(float).round(DIGITS)
    tables.hide_rows(output, table, hidden)
    if "rating" in output.dimensions:  # a rating says how large the difference is
        table.loc[table["shown"] == "suppressed", "rating"] = "not shown"
    table = table.drop(columns=[TREATED_WITH, COMPARISON_WITH])
    why = "or because too few have the characteristic, or have it not, "
    return Protected(table, tuple(standing_controls(output, table, profile, why=why)))


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
