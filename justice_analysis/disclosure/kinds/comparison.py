"""Rules for matched comparisons: an outcome of participants beside that of people like them.

Grain: one row per `outcome`, within other dimensions (programmes); `significant`, where it
stands, is a label (yes, no) that is written again from the p-value shown. `treated_events` and
`comparison_events` are the people with the outcome on each side, unweighted; of a mean (offences,
days) those who have any. Four groups stand behind a share: with and without it, on both sides.
Each must be large enough, or the row is hidden; behind a mean stand those who have any.

Where counts are rounded, the participants' share is worked out from the rounded counts and the
comparison's is rounded to a step that is worth as many people. A mean is rounded so that a few
typical people hardly move it (`coefficients`). The difference is the one of the numbers shown;
the arms of its interval are rounded up. `comparison_events` are never shown: beside weighted
shares they say nothing to a reader.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from justice_analysis.definitions.comparison import (
    COMPARED,
    COMPARED_EVENTS,
    COUNTS,
    E_VALUES,
    ESTIMATES,
    LOWER,
    MEAN,
    SHARE,
    SIDES,
    TREATED,
    TREATED_EVENTS,
    UPPER,
)
from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.kinds.coefficients import SMALLEST_P, step
from justice_analysis.disclosure.kinds.parts import standing_controls
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.steps import nice_step, to_step
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.rounding import to_base
from justice_analysis.disclosure.verdict import Protected

OUTCOME, SIGNIFICANT = "outcome", "significant"
FINEST = 0.0001
"""Step of a share, and of the arms of an interval, where counts are shown as they are."""
SAME = 1e-9
Z = 1.959964
LEVEL = 0.05
Row = Mapping[Any, Any]


def broken(output: Output, profile: Profile) -> list[str]:
    """What no comparison can be."""
    if tables.count_problems(output):
        return []  # the counts fail it by themselves
    roles = output.roles
    named = (roles.people, *roles.count) == (TREATED, *COUNTS)
    named &= roles.estimate in (ESTIMATES, (*ESTIMATES, *E_VALUES))
    if not named or (roles.lower, roles.upper) != ((LOWER,), (UPPER,)):
        return [
            f"a comparison must count {', '.join((TREATED, *COUNTS))} and give "
            f"{', '.join((*ESTIMATES, LOWER, UPPER))}, in this order."
        ]
    if tuple(name for name in output.dimensions if name in (OUTCOME, SIGNIFICANT)) not in (
        (OUTCOME,), (OUTCOME, SIGNIFICANT)
    ):  # fmt: skip
        return ["a comparison must have the dimension outcome, and may have significant after it."]
    rows = unit_rows(output)
    more = int((rows[TREATED_EVENTS] > rows[TREATED]).sum())
    more += int((rows[COMPARED_EVENTS] > rows[COMPARED]).sum())
    apart = rows["treated"] - rows["comparison"] - rows["difference"]
    wrong = int((apart.abs() > SAME).sum())
    problems = []
    if more:
        problems.append(f"people with the outcome must be among those compared: {more} are not.")
    if wrong:
        problems.append(f"a difference must be the treated less the comparison: {wrong} are not.")
    return problems


def without_rule(output: Output, profile: Profile) -> list[str]:
    """Statistics that are neither shares nor means."""
    said = {output.roles.statistic.get(name) for name in SIDES}
    if said <= {SHARE, MEAN} and len(said) == 1:
        return []
    return ["a comparison must say of both sides that they are shares, or means: it does not."]


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows with too few people on either side, or too few fewer than another row has.

    Outcomes may lie within one another (custody within reoffending), so of two numbers of the
    same people that differ by a few the smaller is hidden: the few would be told.
    """
    rows, least = unit_rows(output).to_dict("records"), profile.minimum_count
    few = {n for n, row in enumerate(rows) if any(count < least for count in _groups(output, row))}
    larger: dict[tuple[Any, ...], float] = {}
    others = [name for name in output.dimensions if name not in (OUTCOME, SIGNIFICANT)]
    for n in sorted(range(len(rows)), key=lambda n: -rows[n][TREATED_EVENTS]):
        same = (*(rows[n][name] for name in others), rows[n][TREATED])
        last = larger.get(same, math.inf)
        if 0 < last - rows[n][TREATED_EVENTS] < least:
            few.add(n)
        elif n not in few:
            larger[same] = float(rows[n][TREATED_EVENTS])
    return few


def stated(output: Output, profile: Profile) -> Output:
    """Reduce a comparison to the counts that are shown: participants, and those compared."""
    kept = [*output.dimensions, TREATED, COMPARED, TREATED_EVENTS]
    is_share = output.roles.statistic.get("treated") == SHARE
    counted = (COMPARED,) if is_share else (COMPARED, TREATED_EVENTS)
    roles = replace(
        output.roles, count=counted, numerator=TREATED_EVENTS if is_share else None,
        estimate=(), lower=(), upper=(), statistic={},
    )  # fmt: skip
    return replace(
        output, kind="table", table=unit_rows(output)[kept], roles=roles, chart=None, shares=()
    )


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows, round counts where the mechanism does, and make the estimates from them.

    Returns
    -------
    Protected
        Dimensions, counts but for `comparison_events`, estimates, `shown`.
    """
    rows = unit_rows(output)
    table = rows.copy()
    base = count_base(output.kind, profile)
    tables.round_counts(output, table, base)
    if profile.protects(output.kind):
        made = [_shown(output, row, base, profile) for row in rows.to_dict("records")]
        for name in output.roles.statistics:
            table[name] = [row[name] for row in made]
    tables.hide_rows(output, table, hidden)
    if SIGNIFICANT in output.dimensions and profile.protects(output.kind):
        table[SIGNIFICANT] = [_label(value) for value in table["p_value"]]
    return Protected(table.drop(columns=COMPARED_EVENTS), _controls(output, table, profile))


def _label(p_value: float) -> str:
    """Say whether a difference is significant, at the five per cent that the Lab uses."""
    if not math.isfinite(p_value):
        return "not shown"
    return "yes" if p_value < LEVEL else "no"


def _groups(output: Output, row: Row) -> list[float]:
    """People behind each number of a row: of a share also those without the outcome."""
    groups = [float(row[name]) for name in (TREATED, *COUNTS)]
    if output.roles.statistic.get("treated") == SHARE:
        groups += [groups[0] - groups[2], groups[1] - groups[3]]
    return groups


def _shown(output: Output, row: Row, base: int, profile: Profile) -> dict[str, float]:
    """Return the estimates of a row, and the interval of their difference."""
    sides, by = _sides(output, row, base, profile)
    difference = float(f"{sides[0] - sides[1]:.12g}")
    # An interval of shares ends where shares do, so the longer arm tells its error.
    arm = max(float(row[UPPER]) - row["difference"], row["difference"] - float(row[LOWER]))
    arm = float(f"{math.ceil(arm / by - SAME) * by:.12g}") if by > 0 and arm >= 0 else math.nan
    test = float(row["p_value"])
    if base > 1 or output.roles.statistic.get("treated") == MEAN:
        test = math.erfc(abs(difference) / (arm / Z) / math.sqrt(2)) if arm > 0 else math.nan
    return {
        "treated": sides[0],
        "comparison": sides[1],
        "difference": difference,
        "p_value": max(float(f"{test:.2g}"), SMALLEST_P) if math.isfinite(test) else math.nan,
        LOWER: difference - arm,
        UPPER: difference + arm,
        **_e_values(output, sides, difference, arm),
    }


def _e_values(
    output: Output, sides: tuple[float, float], difference: float, arm: float
) -> dict[str, float]:
    """E-values of the shares shown, and of the limit of their difference; to two digits."""
    from justice_analysis import models

    if not {*E_VALUES} <= {*output.roles.estimate}:
        return {}
    if not (0 <= sides[0] <= 1 and 0 < sides[1] <= 1) or math.isnan(arm):
        return dict.fromkeys(E_VALUES, math.nan)
    found = models.e_value_of_shares(*sides, lower=difference - arm, upper=difference + arm)
    values = (found.estimate, found.limit)
    return {name: round(value, 2) for name, value in zip(E_VALUES, values, strict=True)}


def _sides(
    output: Output, row: Row, base: int, profile: Profile
) -> tuple[tuple[float, float], float]:
    """Both sides as they may be shown, and the step of the arms of their difference."""
    fewest = min(_groups(output, row))
    arm = max(float(row[UPPER]) - row["difference"], row["difference"] - float(row[LOWER]))
    if output.roles.statistic.get("treated") == MEAN:
        by = step(arm / Z, fewest, profile)
        return (to_step(row["treated"], by), to_step(row["comparison"], by)), by
    people, events = (to_base(row[name], base) for name in (TREATED, TREATED_EVENTS))
    is_plain = abs(row[TREATED_EVENTS] / max(row[TREATED], 1) - row["treated"]) < SAME
    by = FINEST if base == 1 else nice_step(base / max(row[COMPARED], 1))
    treated = events / people if is_plain and people else to_step(row["treated"], by)
    # One person more or less moves an error by at most its half over the fewest behind it.
    by_arm = FINEST if base == 1 else nice_step(base * arm / (2 * max(fewest, 1)))
    return (treated, to_step(row["comparison"], by)), by_arm


def _controls(output: Output, table: Any, profile: Profile) -> tuple[str, ...]:
    why = "or because too few have the outcome, or have it not, "
    said = standing_controls(output, table, profile, why=why)
    if np.any(table["shown"] == "yes") and profile.protects(output.kind):
        said.append(
            "Differences are those of the numbers shown. Means are rounded so that a few typical "
            "people hardly move them, and intervals are rounded outwards."
        )
    return tuple(said)


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
