"""Rules for means, standard deviations, percentiles and modes by group.

*Means and standard deviations* need enough people and no dominant one: a mean beside its count is
a sum, and is judged and attacked as one. They are rounded to a step worth `rounding_base / n` of
the spread, since one person moves them by about `1 / n` of it. A standard deviation of 0 says that
everyone has one value, and the row is hidden.

*Percentiles* (the median too) are the values of one or two people. They need
`percentile_tail` people on each side, counted from the fewest that the rounded count may stand
for, and are rounded to a step (`percentile_step`). The mean of a percentile's neighbours would be
better; a table doesn't have them. So how many people share a step is not known, only that
about as many do as under a normal distribution of the same spread. Where values are whole and few
(most waited 0 days) a percentile may still be exactly what many people have; where all but a tail
have one value the row is hidden as class disclosure.

*Minimum and maximum* are one person's values: shown only where the profile says so. A *mode* must
name the people who have it; it is shown where they are enough and not everyone.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import dominance
from justice_analysis.disclosure.kinds.quantities import (
    all_alike,
    hide,
    is_mean_of,
    mean_over,
    quantity_of,
    rounded_counts,
    rounds,
    standing_controls,
    too_few_people,
    unnamed,
)
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.statistic_names import (
    EXTREMES,
    MODE,
    MOMENTS,
    Row,
    columns,
    is_known,
    named,
    percentiles,
    share_of,
    spread_of,
)
from justice_analysis.disclosure.kinds.steps import (
    fewest_behind,
    mean_step,
    people_in_a_step,
    percentile_step,
    to_step,
)
from justice_analysis.disclosure.kinds.tables import sum_problems
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected

NEARLY_ALL = 0.9
"""Share of a group that has one value, from which the value is each person's own."""
LEAST_FOR_SD = 3
"""Two people can each work the other out from a standard deviation and a mean."""


def broken(output: Output, profile: Profile) -> list[str]:
    """What no summary of a quantity can be, and extremes where they may not be shown."""
    problems = dominance.broken(output, profile)
    found = sorted(set(named(output).values()) & set(EXTREMES))
    if found and not profile.extremes:
        problems.append(
            f"{' and '.join(found)} must not be shown under profile {profile.name}: each is one "
            "person's value. Ask for percentiles."
        )
    deviations = columns(output, "sd")
    if deviations and (dominance.numbers(output, deviations) < 0).any():
        problems.append("standard deviations must not be negative: some are.")
    people = dominance.numbers(output, (output.roles.people,))[:, 0]
    for name in columns(output, *MOMENTS):
        given = np.isfinite(dominance.numbers(output, (name,))[:, 0])
        if (~given & (people >= LEAST_FOR_SD)).any():
            problems.append(f"{name} must be given where there are people: it is missing in some.")
    if wrong := _out_of_order(output):
        problems.append(f"percentiles must not fall as their share rises: {wrong:,} rows do.")
    return problems


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule, so that a person must look."""
    roles, statistics = output.roles, named(output)
    problems = [*unnamed(output), *sum_problems(output), *dominance.without_rule(output, profile)]
    problems += [
        f"{name} must be named a mean, sd, median, percentile, minimum, maximum or mode."
        for name in roles.estimate
        if not is_known(statistics.get(name))
    ]
    problems += _moment_problems(output, profile)
    if MODE in statistics.values() and not roles.numerator:
        problems.append("a mode must name the people who have it as the numerator.")
    bounded = roles.estimate[: len(roles.lower)]
    if len(roles.lower) != len(roles.upper) or {statistics.get(name) for name in bounded} - {
        "mean"
    }:
        problems.append("only means may have an interval, and they must be named first.")
    return problems


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows about too few people, dominated, with one value for all, or with nothing to show."""
    found = dominance.thin(output, profile) | too_few_people(output, profile)
    if columns(output, *MOMENTS) or output.roles.total:
        found |= all_alike(output, profile)
    return found | {
        position
        for position, row in enumerate(unit_rows(output).to_dict("records"))
        if _has_one_value(output, row, profile) or not may_be_shown(output, row, profile)
    }


def protect(output: Output, hidden: set[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows, leave out percentiles with too few people on a side, and round the rest."""
    if not profile.protects(output.kind):
        shown = unit_rows(output).drop(columns=[*output.roles.evidence]).assign(shown="yes")
        return Protected(shown, ("None: the data may be shown.",))
    table = rounded_counts(output, profile)
    rows = [shown_statistics(output, row, profile) for row in unit_rows(output).to_dict("records")]
    for name in output.roles.statistics:
        table[name] = [row[name] for row in rows]
    table = table.drop(columns=[output.roles.total] if output.roles.total else [])
    left_out = _left_out(output, table, hidden)
    table = hide(output, table, hidden)
    said = [*standing_controls(output, table, profile), *_said(output, left_out, profile)]
    return Protected(table, tuple(said))


def shown_statistics(output: Output, row: Row, profile: Profile) -> dict[str, float]:
    """Return every statistic of a row as it may be shown; missing where it may not.

    Moments are rounded where the kind of output is; percentiles always, being people's values.
    """
    shown = dict.fromkeys(output.roles.statistics, math.nan)
    allowed = may_be_shown(output, row, profile)
    moments = moment_step(output, row, profile)
    around = _percentile_step(output, row, allowed, profile)
    for name in allowed:
        value = float(row[name])
        if share_of(named(output)[name]) is not None:
            shown[name] = to_step(value, around)
        elif named(output)[name] in MOMENTS:
            shown[name] = to_step(value, moments)
        else:
            shown[name] = value
    for name, low, high in zip(
        output.roles.estimate, output.roles.lower, output.roles.upper, strict=False
    ):
        arms = (float(row[name]) - float(row[low]), float(row[high]) - float(row[name]))
        below, above = (_up_to_step(arm, moments) for arm in arms)
        shown[low], shown[high] = shown[name] - below, shown[name] + above
    return shown


def moment_step(output: Output, row: Row, profile: Profile) -> float:
    """Step to which a row's mean and standard deviation are rounded; 0 where they are not."""
    if not rounds(output, profile):
        return 0.0
    roles = output.roles
    largest = float(row[roles.largest[0]]) if roles.largest else 0.0
    return mean_step(spread_of(output, row), row[roles.people], largest, profile)


def may_be_shown(output: Output, row: Row, profile: Profile) -> tuple[str, ...]:
    """Statistics of one row that pass the rule for their kind."""
    people = int(row[output.roles.people])
    return tuple(
        name
        for name, statistic in named(output).items()
        if pd.notna(row[name]) and _passes(output, statistic, row, people, profile)
    )


def _passes(output: Output, statistic: str, row: Row, people: int, profile: Profile) -> bool:
    if people < profile.minimum_count:
        return False
    share = share_of(statistic)
    if share is not None:
        fewest = fewest_behind(people, profile)
        return fewest * min(share, 1 - share) >= profile.percentile_tail - 1e-9
    if statistic == MODE:
        have_it = int(row[output.roles.numerator])
        everyone = profile.class_disclosure and have_it == people
        return have_it >= profile.minimum_count and not everyone
    if statistic in EXTREMES:
        return profile.extremes
    return statistic == "mean" or people >= LEAST_FOR_SD


def _has_one_value(output: Output, row: Row, profile: Profile) -> bool:
    """Whether a standard deviation of 0, or equal percentiles, give (nearly) everyone's value."""
    if not profile.class_disclosure:
        return False
    if any(float(row[name]) == 0 for name in columns(output, "sd")):
        return True
    ends = percentiles(output)
    ends |= dict.fromkeys(columns(output, "minimum"), 0.0)
    ends |= dict.fromkeys(columns(output, "maximum"), 1.0)
    values = sorted((share, float(row[name])) for name, share in ends.items())
    return any(
        other - share >= NEARLY_ALL - 1e-9 and value == same
        for share, value in values
        for other, same in values
    )


def _percentile_step(output: Output, row: Row, allowed: tuple[str, ...], profile: Profile) -> float:
    """One step for all percentiles of a row, so that rounding cannot change their order."""
    shares = [share for name, share in percentiles(output).items() if name in allowed]
    spread, people = spread_of(output, row), row[output.roles.people]
    return max((percentile_step(spread, share, people, profile) for share in shares), default=0.0)


def _moment_problems(output: Output, profile: Profile) -> list[str]:
    """Means and standard deviations that cannot be judged as the sums they are."""
    roles = output.roles
    if not columns(output, *MOMENTS):
        return []
    problems = []
    over = mean_over(output)
    if over != roles.people and (over not in roles.people_behind or columns(output, "sd")):
        problems.append(
            "means must be over the people of their row, or over units whose people are named "
            "(roles.people_behind) and without a standard deviation: others have no rule."
        )
    if not roles.largest and dominance.needed(profile):
        problems.append(
            "means and standard deviations must give the largest contributions of people "
            "(roles.largest): without them one person's could be most of the sum."
        )
    if (dominance.totals(output) < 0).any():
        problems.append("means of quantities below 0 have no rule: contributions cannot be shares.")
    rows = unit_rows(output).to_dict("records")
    for name in columns(output, "mean") if roles.total else ():
        if not all(
            is_mean_of(float(row[name]), float(row[str(roles.total)]), float(row[over]))
            or not row[over]
            for row in rows
        ):
            problems.append(f"{name} must be the total over {over}: other means have no rule.")
    return problems


def _out_of_order(output: Output) -> int:
    ordered = sorted(percentiles(output).items(), key=lambda item: item[1])
    if len(ordered) < 2:
        return 0
    values = dominance.numbers(output, tuple(name for name, _ in ordered))
    return int((np.diff(values, axis=1) < 0).any(axis=1).sum())


def _up_to_step(arm: float, step: float) -> float:
    return math.ceil(abs(arm) / step - 1e-9) * step if step > 0 and math.isfinite(arm) else arm


def _left_out(output: Output, table: pd.DataFrame, hidden: set[int]) -> int:
    """How many statistics are missing in rows that are shown."""
    shown = table.drop(index=list(hidden))
    return int(shown[list(output.roles.estimate)].isna().sum().sum())


def _said(output: Output, left_out: int, profile: Profile) -> list[str]:
    said = []
    if columns(output, *MOMENTS) and rounds(output, profile):
        said.append(
            f"Means and standard deviations ({quantity_of(output)}) are rounded to 1, 2 or 5 "
            f"times a power of ten: at least {profile.rounding_base} people's worth of the "
            "spread, divided by the people; intervals are widened to it."
        )
    if percentiles(output):
        said.append(
            f"Percentiles and medians ({quantity_of(output)}) have at least "
            f"{profile.percentile_tail} people on each side and are rounded to a step that would "
            f"hold at least {people_in_a_step(profile)} people in a normal distribution of the "
            "same spread; they are not averaged over neighbours, and many people may have such a "
            "value."
        )
    if left_out:
        said.append(f"{left_out} statistics are left out: too few people are on a side of them.")
    return said


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin)
