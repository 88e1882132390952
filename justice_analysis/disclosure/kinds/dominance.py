"""Dominance: whether one or two people, or organisations, make up most of a total.

Whoever contributes most to a total is close to being read from it. Two rules are the usual ones.
*(n, k)*: the largest `n` contributions may be at most the share `k` of the total. *p-ratio*: what
is left without the two largest must be at least the share `p` of the largest, or the second could
work the first out as closely as that. Both are applied to people and to organisations (a court, a
force, a claimant): the second are few, and know each other's business.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.profiles.profile import Profile

TOLERANCE = 1e-9
"""Sums of floating numbers differ by less than this, relative to their size."""
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def broken(output: Output, profile: Profile) -> list[str]:
    """What no contributions can be: missing, negative, out of order, more than the total."""
    problems = []
    total = totals(output)
    for whose, columns in _contributors(output):
        parts = numbers(output, columns)
        wrong = {
            "be given": ~np.isfinite(parts).all(axis=1),
            "not be negative": (parts < 0).any(axis=1),
            "stand in falling order": (np.diff(parts, axis=1) > 0).any(axis=1),
            "not add up to more than the total": parts.sum(axis=1) > above(total),
        }
        problems += [
            f"contributions of the largest {whose} ({', '.join(columns)}) must {rule}: "
            f"{int(rows.sum()):,} rows do not hold to it."
            for rule, rows in wrong.items()
            if rows.any()
        ]
    return problems


def without_rule(output: Output, profile: Profile) -> list[str]:
    """Rules that need more contributions than the output gives, and sums that are counts."""
    needs_more = [
        f"the {profile.dominance_n} largest {whose} must be given for the (n, k) rule and the 2 "
        f"largest for the p-ratio: {len(columns)} are."
        for whose, columns in _contributors(output)
        if len(columns) < needed(profile)
    ]
    if needed(profile) and _is_count(output):
        return [
            *needs_more,
            "everyone who adds anything adds the same, so the sums and means count people: ask for "
            "these as the numerator of a share, or ask a person.",
        ]
    return needs_more


def _is_count(output: Output) -> bool:
    """Whether a quantity is 0 or one other value: a count of people that no minimum holds for."""
    roles = output.roles
    if not roles.largest or not (roles.total or "mean" in roles.statistic.values()):
        return False
    given = numbers(output, roles.largest)
    most = float(np.nanmax(given, initial=0))
    if most <= 0 or not np.isin(given, (0, most)).all():
        return False
    times = totals(output) / most
    return bool(np.isclose(times, np.round(times), rtol=0, atol=1e-6).all())


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows with a dominant person or organisation, or with too few organisations.

    Where no organisation is named at all (a row of unrepresented people) there is none to
    protect; people have their own minimum.
    """
    rows = np.zeros(len(output.table), dtype=bool)
    total = totals(output)
    for _, columns in _contributors(output):
        rows |= is_dominated(total, numbers(output, columns), profile)
    if output.roles.organisations:
        bodies = numbers(output, (output.roles.organisations,))[:, 0]
        rows |= (bodies > 0) & (bodies < profile.minimum_organisations)
    return set(np.flatnonzero(rows).tolist())


def people_of_few(output: Output, profile: Profile) -> set[int]:
    """Rows of which one or a few organisations have most of the people: the count is theirs."""
    adds_up_people = not output.roles.total and "mean" not in output.roles.statistic.values()
    if not output.roles.largest_organisations or not adds_up_people:
        return set()
    return thin(output, profile)


def is_dominated(total: Numbers, largest: Numbers, profile: Profile) -> Flags:
    """Tell which totals one or a few contributors dominate.

    Parameters
    ----------
    total
        Sum of all contributions, `(n,)`.
    largest
        Contributions in falling order, `(n, columns)`.

    Returns
    -------
    array
        `(n,)`; a total of 0 has no dominant contributor.
    """
    first = largest[:, : profile.dominance_n].sum(axis=1)
    by_share = first > above(profile.dominance_k * total)
    rest = total - largest[:, :2].sum(axis=1)
    by_ratio = above(rest) < profile.p_ratio * largest[:, 0]
    return (total > 0) & (by_share | by_ratio)


def needed(profile: Profile) -> int:
    """How many of the largest contributions the rules look at; 0 where they let all pass."""
    by_share = profile.dominance_n if profile.dominance_k < 1 else 0
    return max(by_share, 2 if profile.p_ratio > 0 else 0)


def totals(output: Output) -> Numbers:
    """What contributions add up to, `(n,)`: the total, a mean times its count, or the people."""
    roles = output.roles
    if roles.total:
        return numbers(output, (roles.total,))[:, 0]
    people = numbers(output, (roles.people,))[:, 0]
    mean = next((name for name in roles.estimate if roles.statistic.get(name) == "mean"), None)
    over = numbers(output, (roles.denominator or roles.people,))[:, 0]
    return people if mean is None else over * numbers(output, (mean,))[:, 0]


def numbers(output: Output, columns: tuple[str, ...]) -> Numbers:
    """Columns as numbers, `(n, columns)`, in unit order; what is none is missing."""
    table = unit_rows(output)[list(columns)].apply(pd.to_numeric, errors="coerce")
    return table.to_numpy(dtype=np.float64, na_value=np.nan)


def above(value: Numbers) -> Numbers:
    """A little more than a value, for comparing sums of floating numbers."""
    return value + TOLERANCE * np.maximum(1.0, np.abs(value))


def _contributors(output: Output) -> Iterator[tuple[str, tuple[str, ...]]]:
    for whose, columns in (
        ("people", output.roles.largest),
        ("organisations", output.roles.largest_organisations),
    ):
        if columns:
            yield whose, columns
