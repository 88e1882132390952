"""Rules for rates: a count over people, over their time, over a public number, over a count.

What a rate tells depends on what stands below it.

- *people*: those asked about. Where each stands in the numerator at most once, those left are
  people too and are protected.
- *person_time*: the sum of people's time, in whole days (a rate per 1,000 years has `per` of
  365,250). The exact sum would tell one person's time, so it is rounded to what as many people as
  the rounding base are followed for on average.
- *public*: a number that anyone can look up (births, residents). The rate times it is the count,
  so a rate is hidden exactly where its count is, and people are those in the numerator.
- *count*: another count of people or events, judged like the numerator; a ratio.

Rates and their intervals are worked out again from the numbers that are shown, so that they say
nothing which these do not; under `suppress` that changes nothing but person-time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.counted.denominators import DENOMINATORS, denominator_of
from justice_analysis.disclosure.kinds import adding_up, tables
from justice_analysis.disclosure.kinds.parts import standing_controls
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.kinds.steps import fewest_behind, nice_step, to_step
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.verdict import Protected

INTERVALS = ("exact", "byar", "byar_conventional", "wilson")
SAME = 1e-6
"""Rates and bounds that differ by less than this, relative to their size, are the same."""


def per_of(output: Output) -> float:
    """Return how many of the denominator a rate is of: 1,000 for a rate per 1,000."""
    per = output.options.get("per", 1)
    return float(per) if isinstance(per, (int, float)) and not isinstance(per, bool) else math.nan


def broken(output: Output, profile: Profile) -> list[str]:
    """What no rate can be."""
    if tables.count_problems(output):
        return []  # the counts fail it by themselves
    roles = output.roles
    if not roles.numerator or not roles.denominator or len(roles.estimate) != 1:
        return ["a rate must have one estimate and name its numerator and its denominator."]
    if not per_of(output) > 0:
        return ["options.per must be a number above 0: what a rate is per."]
    problems = []
    if denominator_of(output) is None:
        problems.append(
            f"options.denominator must be one of {', '.join(DENOMINATORS)}: what people can "
            "learn from a rate depends on it."
        )
    if not is_standardised(output):
        wrong = _differing(output, roles.estimate[0], _rates(output, unit_rows(output)))
        if wrong:
            problems.append(
                f"{roles.estimate[0]} must be the numerator over the denominator times "
                f"options.per: {wrong:,} rows are not."
            )
    if denominator_of(output) == "public":
        more = int((_numbers(output, roles.people) > _numbers(output, roles.numerator)).sum())
        if more:
            problems.append(
                f"beside a public denominator {roles.people} must be the distinct people in the "
                f"numerator, so never more than it: {more:,} rows have more."
            )
    return problems or adding_up.problems(stated(output, profile))


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    problems = tables.sum_problems(output)
    if is_standardised(output):
        problems.append(
            "a standardised rate weighs rates of strata: how much one person moves it can't be "
            "seen from one row. Give the strata as rows, or ask a person."
        )
        return problems
    named = {output.roles.statistic.get(name, "rate") for name in output.roles.estimate}
    if named - {"rate", "ratio", "share"}:
        problems.append("a rate's statistic must be rate, ratio or share: another was named.")
    return problems + _interval_problems(output)


def is_standardised(output: Output) -> bool:
    """Whether a rate is a weighted one: it is not the numerator over the denominator."""
    return any(output.options.get(name) for name in ("standardised", "weights"))


def counts_events(output: Output) -> bool:
    """Whether the numerator may hold a person more than once, so that nobody is "without"."""
    numerator = output.roles.numerator
    assert numerator is not None
    above = (_numbers(output, numerator) > _numbers(output, output.roles.people)).any()
    return bool(above) or numerator in output.roles.people_behind


def stated(output: Output, profile: Profile) -> Output:
    """Reduce rates to the counts that an attacker reads from them.

    Public numbers are nobody's secret and person-time counts nobody: both are left out. Those
    without the outcome are people only where the denominator is people, each counted once.
    """
    roles, below = output.roles, denominator_of(output)
    assert roles.numerator is not None
    assert roles.denominator is not None
    kept = replace(roles, estimate=(), lower=(), upper=(), statistic={})
    if below == "people" and not counts_events(output):
        return _counted(output, kept)
    counts = (*roles.count, roles.numerator)
    counts += (roles.denominator,) if below in ("people", "count") else ()
    counts = tuple(name for name in dict.fromkeys(counts) if name != roles.people)
    return _counted(output, replace(kept, count=counts, numerator=None, denominator=None))


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide rows, protect the counts, and work the rates out again from what is shown.

    Returns
    -------
    Protected
        Dimension columns, counts, rate and interval, `shown`. A public denominator stays as it
        is published; person-time is rounded always, the other counts by the mechanism.
    """
    roles, below = output.roles, denominator_of(output)
    table = unit_rows(output).copy()
    public = table[roles.denominator].astype("Int64")
    tables.round_counts(output, table, count_base(output.kind, profile))
    if below == "person_time":
        table[roles.denominator] = person_time(output, profile)
    elif below == "public":
        table[roles.denominator] = public
    table[roles.estimate[0]] = _rates(output, table)
    for names, limits in zip((roles.lower, roles.upper), _limits(output, table), strict=True):
        for name in names:
            table[name] = limits
    tables.hide_rows(output, table, hidden)
    found = {
        "denominator": below,
        "per": per_of(output),
        "interval": output.options.get("interval"),
    }
    return Protected(table, _controls(output, table, profile), found)


def person_time(output: Output, profile: Profile) -> pd.Series:
    """Round sums of people's time to what a rounding base of them are followed for on average."""
    roles = output.roles
    assert roles.denominator is not None
    rounded = []
    rows = zip(_numbers(output, roles.people), _numbers(output, roles.denominator), strict=True)
    for people, time in rows:
        step = nice_step(profile.rounding_base * time / fewest_behind(people, profile))
        rounded.append(int(to_step(time, max(step, 1))))
    return pd.Series(pd.array(rounded, dtype="Int64"))


def _counted(output: Output, roles: ColumnRoles) -> Output:
    kept = [*output.dimensions, *roles.counts, *roles.evidence]
    kept += [roles.total] if roles.total else []
    table = unit_rows(output)[list(dict.fromkeys(kept))]
    return replace(output, kind="table", table=table, roles=roles, chart=None, shares=())


def _numbers(output: Output, name: str) -> Any:
    return pd.to_numeric(unit_rows(output)[name], errors="coerce").to_numpy(dtype=float)


def _rates(output: Output, table: pd.DataFrame) -> Any:
    """Rates of a table; missing where there is nothing below."""
    roles = output.roles
    above, below = (table[name].astype(float) for name in (roles.numerator, roles.denominator))
    return (above / below.where(below > 0) * per_of(output)).to_numpy(dtype=float)


def _limits(output: Output, table: pd.DataFrame) -> tuple[Any, Any]:
    """Limits of the rates of a table by the method that the output names."""
    from justice_analysis import models

    roles, missing = output.roles, np.full(len(table), np.nan)
    method = output.options.get("interval")
    if not roles.lower or method not in INTERVALS:
        return missing, missing
    above, below = (
        table[name].to_numpy(dtype=float) for name in (roles.numerator, roles.denominator)
    )
    able = below > 0
    if method == "wilson":
        above = np.minimum(above, below)  # rounding may lift a numerator over its denominator
    lower, upper = missing.copy(), missing.copy()
    ways = {
        "exact": models.poisson_exact,
        "byar": models.byar,
        "byar_conventional": lambda x, time: models.byar(x, time, form="conventional"),
        "wilson": models.wilson,
    }
    if able.any():
        found = ways[str(method)](above[able], below[able])
        lower[able], upper[able] = found.lower * per_of(output), found.upper * per_of(output)
    return lower, upper


def _interval_problems(output: Output) -> list[str]:
    roles = output.roles
    if not roles.lower and not roles.upper:
        return []
    if len(roles.lower) != 1 or len(roles.upper) != 1:
        return ["a rate must have one lower and one upper bound."]
    if output.options.get("interval") not in INTERVALS:
        return [
            f"options.interval must be one of {', '.join(INTERVALS)}: intervals are worked out "
            "again from what is shown."
        ]
    if (
        output.options["interval"] == "wilson"
        and (
            _numbers(output, str(roles.numerator)) > _numbers(output, str(roles.denominator))
        ).any()
    ):
        return ["intervals of rates above 1 are exact or after Byar: Wilson's is for shares."]
    expected = _limits(output, unit_rows(output))
    wrong = sum(
        _differing(output, name, values)
        for name, values in zip((*roles.lower, *roles.upper), expected, strict=True)
    )
    if wrong:
        return [f"intervals must be what options.interval names: {wrong:,} bounds are not."]
    return []


def _differing(output: Output, name: str, expected: Any) -> int:
    given = _numbers(output, name)
    same = np.isclose(given, expected, rtol=SAME, atol=1e-12, equal_nan=True)
    return int((~same).sum())


def _controls(output: Output, table: pd.DataFrame, profile: Profile) -> tuple[str, ...]:
    said = standing_controls(output, table, profile)
    words: Mapping[str | None, str] = {
        "public": "The denominator is public: a rate is hidden wherever its count is.",
        "person_time": "Time is rounded to what a rounding base of people are followed for.",
    }
    if denominator_of(output) in words:
        said.append(words[denominator_of(output)])
    said.append("Rates and their intervals are worked out from the numbers that are shown.")
    return tuple(said)


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, stated=stated)
