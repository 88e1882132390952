"""Rules for attrition: how many people are left after each step of a selection."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.tables import hide_rows, round_counts, standing_controls
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.verdict import Protected
from justice_analysis.errors import DisclosureError


def rule_problems(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    problems = []
    if len(output.dimensions) != 1:
        problems.append("attrition must have one dimension, the step.")
    if output.roles.statistics or output.roles.numerator or output.roles.denominator:
        problems.append("attrition may show counts only: shares of steps have no rule yet.")
    people = output.table[output.roles.people].astype(float)
    if (people.diff().dropna() > 0).any():
        problems.append("people left must not rise from a step to the next.")
    return problems


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Show steps between which nobody, or enough people, were lost; round what is shown.

    Parameters
    ----------
    hidden
        Positions of steps that would say again what another output hides.
    beside
        Its `people` are numbers of the same kind of people that other outputs show: a step that
        differs from one of them by a few is hidden too, since the two together would tell of
        the few.

    Notes
    -----
    A step that loses fewer people than the minimum is merged with the next: the number left
    before it is hidden, so the last step, which is the group studied, stays. Other counts stay
    only while every step is shown and each is 0 or large enough; a count of those lost beside a
    merged step would give the hidden loss away.
    """
    table = unit_rows(output).copy()
    people = [int(value) for value in table[output.roles.people]]
    never = set(hidden)
    shown = steps_shown(people, profile.minimum_count, beside=beside.people, never=never)
    hidden = [position for position in range(len(people)) if position not in shown]
    if hidden and profile.mechanism[output.kind] == "round":
        raise DisclosureError(
            f"{len(hidden)} of {len(people)} steps lose fewer than {profile.minimum_count} people, "
            "or differ by as few from a number shown elsewhere: rounding alone does not keep "
            "that. Use a mechanism that hides."
        )
    left_out = _unsafe_counts(output, table, bool(hidden), profile)
    table = table.drop(columns=left_out)
    round_counts(output, table, count_base(output.kind, profile))
    hide_rows(output, table, hidden)
    controls = list(standing_controls(profile, output.kind))
    if hidden:
        controls.append(
            f"{len(hidden)} of {len(people)} steps are merged with the step after them, since "
            f"they differ by fewer than {profile.minimum_count} people from it or from a number "
            "shown elsewhere, or would say again a number that is hidden elsewhere."
        )
    if left_out:
        controls.append(f"Left out, since small losses could be read from it: {left_out[0]}.")
    return Protected(table, tuple(controls))


def steps_shown(
    people: list[int],
    minimum: int,
    *,
    beside: Collection[int] = (),
    never: Collection[int] = (),
) -> list[int]:
    """Positions of the steps to show, from the last back: equal or the minimum apart.

    They keep as far apart from the numbers `beside` them; those at positions `never` stay hidden.
    """
    shown: list[int] = []
    for position in reversed(range(len(people))):
        if position in never:
            continue
        left = people[position]
        lost = left - people[shown[-1]] if shown else minimum
        is_apart = all(not 0 < abs(left - other) < minimum for other in beside)
        if left >= minimum and (lost == 0 or lost >= minimum) and is_apart:
            shown.append(position)
    return shown[::-1]


def steps_left(output: Output, protected: Protected) -> set[int]:
    """True numbers behind the steps of a selection that are shown."""
    is_shown = (protected.table["shown"] == "yes").to_numpy()
    return {int(people) for people in unit_rows(output)[output.roles.people][is_shown]}


def _unsafe_counts(
    output: Output, table: pd.DataFrame, merged: bool, profile: Profile
) -> list[str]:
    others = [name for name in output.roles.counts if name != output.roles.people]
    return [
        name
        for name in others
        if merged or ((table[name] > 0) & (table[name] < profile.minimum_count)).any()
    ]


RULES = Rules(protect=protect, without_rule=rule_problems)
