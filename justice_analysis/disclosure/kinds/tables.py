"""Rules for tables and estimates: what has a rule, and how its numbers are protected."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import AT_RISK, is_total, kept_back, unit_rows
from justice_analysis.disclosure.kinds import adding_up
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.rounding import interval_around, nearest, share_step, to_base
from justice_analysis.disclosure.verdict import Protected

MOST_SUMMED_DIMENSIONS = 5
COARSEST_STEP = 0.1
"""An estimate that could only be rounded to a wider step than this is hidden."""
MOST_COUNTED = 1e12
"""Larger counts are mistakes, and are not told exactly by every part of this."""
Row = Mapping[Any, Any]


def count_problems(output: Output) -> list[str]:
    """What stops counts from being judged at all."""
    problems = []
    for name in output.roles.counts:
        values = pd.to_numeric(output.table[name], errors="coerce").astype(float)
        for what, wrong in (
            ("be given", ~np.isfinite(values)),
            ("not be negative", values < 0),
            ("be whole numbers", np.isfinite(values) & (values % 1 != 0)),
            ("be below a million million", np.isfinite(values) & (values >= MOST_COUNTED)),
        ):
            if wrong.any():
                problems.append(f"counts in {name} must {what}: {int(wrong.sum())} are wrong.")
    return problems


def rule_problems(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    return [
        *sum_problems(output),
        *statistic_problems(output, output.table),
        *rest_problems(output, profile),
    ]


def rest_problems(output: Output, profile: Profile) -> list[str]:
    """Counts that may be of some of a row's people, and leave too few others.

    A share's numerator says so, and those without it are protected; another count may be of
    events, of which a row's people have any number.
    """
    roles = output.roles
    names = {*roles.count} - {roles.people, roles.numerator, roles.denominator}
    people = output.table[roles.people].astype(float)
    few = {
        name: int(((people > rest) & (people - rest < profile.minimum_count)).sum())
        for name in sorted(names - {*kept_back(output), *roles.people_behind})
        for rest in [output.table[name].astype(float)]
        if (rest <= people).all()
    }
    return [
        f"{name} leaves fewer than {profile.minimum_count} people without it in {rows:,} rows: "
        "name it the numerator if it counts people, or the people behind it if it counts events "
        "(roles.people_behind)."
        for name, rows in few.items()
        if rows
    ]


def sum_problems(output: Output) -> list[str]:
    """Totals and groups that have no rule yet."""
    summed = [name for name in output.dimensions if output.table[name].map(is_total).any()]
    problems = []
    if len(summed) > MOST_SUMMED_DIMENSIONS:
        problems.append(
            f"at most {MOST_SUMMED_DIMENSIONS} dimensions may have totals: {len(summed)} have."
        )
    problems += [
        f"groups of {name} must not overlap: give each breakdown an output of its own."
        for name in adding_up.overlapping(output)
        if name not in output.overlapping
    ]
    return problems


def broken(output: Output, profile: Profile) -> list[str]:
    """Totals that are not the sum of their groups."""
    return [] if count_problems(output) else adding_up.problems(output)


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows, round counts where the mechanism rounds, and make statistics from what is shown.

    Parameters
    ----------
    hidden
        Positions of the rows to hide.

    Returns
    -------
    Protected
        Dimension columns, statistics, `shown`. A plain share is the numerator shown over the
        denominator shown and its interval Wilson's from the same two, so that they say nothing
        the counts beside them do not: exact beside true counts, coarse beside rounded ones. An
        estimate that allows for censoring can't be worked out from two counts: one event moves
        it by at most one over the people still at risk, so it is rounded to a step worth a few
        of these (`worth`), the arms of its interval up to whole steps. People at risk themselves
        are left out.
    """
    table = unit_rows(output).copy()
    exact = table.copy()
    round_counts(output, table, count_base(output.kind, profile))
    _round_statistics(output, exact, table, profile)
    hide_rows(output, table, hidden)
    table = table.drop(columns=list(kept_back(output)))
    return Protected(table, controls(output, table, profile))


def too_few_at_risk(output: Output, profile: Profile) -> set[int]:
    """Rows whose estimate allows for censoring and rests on too few people still followed."""
    rests_on_counts = set(output.roles.estimate) <= plain_shares(output, output.table)
    if not kept_back(output) or rests_on_counts:
        return set()
    return {
        position
        for position, row in enumerate(unit_rows(output).to_dict("records"))
        if row[AT_RISK] < profile.minimum_count
        or share_step(row[AT_RISK], worth(output.kind, profile)) > COARSEST_STEP
    }


def round_counts(output: Output, table: pd.DataFrame, base: int) -> None:
    """Round the counts in a table of ours, each by itself."""
    for name in output.roles.counts:
        if name in table:
            rounded = [to_base(value, base) for value in table[name]]
            table[name] = pd.array(rounded, dtype="Int64")


def worth(kind: str, profile: Profile) -> int:
    """People that a step of an estimate is worth at least.

    The rounding base where counts are rounded. Where they are not, an estimate that allows for
    censoring would tell, beside true counts, when single people left: half the minimum then.
    """
    base = count_base(kind, profile)
    return base if base > 1 else max(profile.minimum_count // 2, 1)


def hide_rows(output: Output, table: pd.DataFrame, hidden: Iterable[int]) -> None:
    """Empty every statistic of the hidden rows of a table of ours, and say so in `shown`."""
    rows = list(hidden)
    for name in (*output.roles.counts, *output.roles.statistics):
        if name in table:
            table.loc[rows, name] = pd.NA if table[name].dtype == "Int64" else np.nan
    table["shown"] = "yes"
    table.loc[rows, "shown"] = "suppressed"


def standing_controls(profile: Profile, kind: str = "table") -> tuple[str, ...]:
    """Controls that hold for every protected output of a kind."""
    zeros = ", zeros too" if profile.zeros_disclosive else ""
    base = count_base(kind, profile)
    controls = []
    if profile.mechanism.get(kind) != "round":
        controls.append(
            f"Numbers about fewer than {profile.minimum_count} people are hidden{zeros}."
        )
    if base > 1:
        controls.append(
            f"Every count and total is rounded by itself to the nearest {base}, "
            "so parts may not add up to their total."
        )
    else:
        controls.append("Counts and totals that are shown are true.")
    return tuple(controls)


def plain_shares(output: Output, table: pd.DataFrame) -> set[str]:
    """Estimates that are the numerator over the denominator and nothing else."""
    roles = output.roles
    if not roles.numerator:
        return set()
    below = table[roles.denominator or roles.people].astype(float)
    share = table[roles.numerator].astype(float) / below.where(below > 0)
    return {
        name
        for name in roles.estimate
        if ((table[name].astype(float) - share).abs().dropna() < 1e-9).all()
    }


def controls(output: Output, table: pd.DataFrame, profile: Profile) -> tuple[str, ...]:
    """Say what was done to a protected table."""
    said = list(standing_controls(profile, output.kind))
    base = count_base(output.kind, profile)
    what = "rounded" if base > 1 else "true"
    count = int((table["shown"] == "suppressed").sum())
    if count:
        said.append(
            f"{count} of {len(table)} rows are hidden: because they are about too few "
            "people, or because another could be worked out from them."
        )
    if output.roles.statistics:
        said.append(
            "Plain shares, and their 95% intervals after Wilson, are worked out from "
            f"the {what} counts; other estimates are hidden where too few people are "
            f"still followed, and else rounded to a step worth at least "
            f"{worth(output.kind, profile)} of these, and their intervals widened to it."
        )
    return tuple(said)


def _round_statistics(
    output: Output, exact: pd.DataFrame, table: pd.DataFrame, profile: Profile
) -> None:
    plain = plain_shares(output, exact)
    shown = [rounded_shares(output, row, plain, profile) for row in exact.to_dict("records")]
    for name in output.roles.statistics:
        table[name] = [row[name] for row in shown]


def rounded_shares(output: Output, row: Row, plain: set[str], profile: Profile) -> dict[str, float]:
    """Return the estimates and intervals of one row, as `protect` says."""
    roles, base = output.roles, count_base(output.kind, profile)
    below = to_base(row[roles.denominator or roles.people], base)
    fewest = kept_back(output) or (roles.denominator or roles.people,)
    step = share_step(row[fewest[0]], worth(output.kind, profile))
    above = to_base(row[roles.numerator], base) if roles.numerator else 0
    bounds = [*zip(roles.lower, roles.upper, strict=True)]
    rounded: dict[str, float] = dict.fromkeys(roles.statistics, math.nan)
    for number, name in enumerate(roles.estimate):
        if name in plain and below:
            rounded[name] = above / below
        elif name not in plain:
            rounded[name] = nearest(float(row[name]), step)
        if number >= len(bounds) or math.isnan(rounded[name]):
            continue
        low, high = bounds[number]
        limits = (
            _wilson(above, below)
            if name in plain
            else interval_around(
                rounded[name], float(row[name]), float(row[low]), float(row[high]), step
            )
        )
        rounded[low], rounded[high] = limits
    return rounded


def _wilson(above: int, below: int) -> tuple[float, float]:
    """Return the interval of a plain share from its rounded counts: it adds nothing to them."""
    from justice_analysis.models import wilson

    limits = wilson([above], [below])
    return float(limits.lower[0]), float(limits.upper[0])


def statistic_problems(output: Output, table: pd.DataFrame) -> list[str]:
    """Statistics that have no rule: what is no share, or a share without its people at risk."""
    roles = output.roles
    if not roles.statistics:
        return []
    if not roles.numerator:
        return ["statistics must name their numerator: only shares have a rule yet."]
    if len(roles.lower) != len(roles.upper) or len(roles.lower) > len(roles.estimate):
        return ["every lower bound must have an upper bound and an estimate."]
    if roles.lower and (table[roles.numerator] > table[roles.denominator or roles.people]).any():
        return ["intervals of rates above 1 have no rule yet."]
    plain = plain_shares(output, table)
    if set(roles.estimate) - plain and not kept_back(output):
        return [
            "estimates that are not a numerator over a denominator must name the people still "
            f"followed ({AT_RISK}): without it they have no rule."
        ]
    free = [name for name in roles.statistics if name not in plain]
    values = table[free].astype(float)
    outside = ((values < 0) | (values > 1)).any()
    return [
        f"{name} must lie from 0 to 1: only shares have a rule yet."
        for name in free
        if outside[name]
    ]


RULES = Rules(protect=protect, broken=broken, without_rule=rule_problems, thin=too_few_at_risk)
