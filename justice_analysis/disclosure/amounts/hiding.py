"""Hide further rows until no hidden sum of a quantity can be worked out from those shown.

A sum is protected where a rule of its kind hides it: too few people, or a dominant one. What an
attacker can work out of it must reach a share of its value on both sides (the profile's p-ratio):
that is what keeps the largest contribution as far from being known. Nothing is assumed known of a
hidden sum but that it is not negative, by outsiders. An insider knows more: the largest
contributor to a hidden sum, who makes up most of it, knows his own part, and must not be able to
work out another hidden sum with it.

Not attacked: percentiles and modes, which no sum ties to each other; two insiders together; and
what people know of single amounts (no one spends more than 366 days of a year in custody).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.amounts.cells import Amounts, Name, Unit
from justice_analysis.disclosure.amounts.problem import Written, scale_of, write
from justice_analysis.disclosure.amounts.stated import amounts_of
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.kinds import magnitude, summary, text
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.suppression import Problem, audit, suppress
from justice_analysis.errors import DisclosureError

INSIDER = 0.5
"""Share of a hidden sum from which its largest contributor is taken for an insider."""


class Range(NamedTuple):
    """True value of a hidden sum, what can be worked out of it, and what it must reach."""

    true: float
    low: float
    high: float
    needed_low: float
    needed_high: float


def further_to_hide(
    outputs: Sequence[Output],
    hidden: Collection[Unit],
    profile: Profile,
    *,
    profiles: Sequence[Profile] | None = None,
    released: Collection[int] = (),
    seconds: float = 30,
) -> set[Unit]:
    """Find the rows to hide, beside those hidden for their counts, for the sake of sums.

    Parameters
    ----------
    outputs
        Everything attacked together, of any kind: sums and means are looked for in it.
    hidden
        Rows hidden already: number of the output, position of the row.
    profile
        Rules for what is asked for now.
    profiles
        Rules of each output, where some left under others.
    released
        Numbers of the outputs that left before: their rows can be neither hidden nor shown.
    seconds
        For each search.

    Returns
    -------
    set
        Rows to hide that are not hidden yet, those that a rule of their kind hides among them.

    Raises
    ------
    DisclosureError
        If no rows are found that keep every hidden sum. What left before may tell one whatever
        is hidden now: then it must not get any better known.
    """
    each = list(profiles) if profiles else [profile] * len(outputs)
    found = amounts_of(outputs, each)
    if not found.cells:
        return set()
    by_rule = hidden_by_rule(outputs, each)
    kept = {unit for unit in by_rule if unit[0] not in released or unit in hidden}
    begin = {unit for unit in kept if unit[0] not in released} | set(hidden)
    written = write(found, outputs, begin, profile, kept, released=released)
    chosen = written.problem.fixed_hidden
    while True:
        before = chosen
        chosen = _hide(replace(written.problem, fixed_hidden=chosen), seconds)
        for problem in _insiders(written, found, chosen):
            chosen = _hide(replace(problem, fixed_hidden=chosen), seconds)
        if (chosen == before).all():
            break
    return {written.units[at] for at in np.flatnonzero(chosen)} - set(hidden)


def ranges_of_hidden(
    outputs: Sequence[Output],
    hidden: Collection[Unit],
    profile: Profile,
    *,
    profiles: Sequence[Profile] | None = None,
) -> dict[Name, Range]:
    """Return what an outsider can work out of every protected sum, for the checker.

    Parameters
    ----------
    hidden
        Every row that is hidden: number of the output, position of the row.

    Returns
    -------
    dict
        By name (population, quantity, sum or squares, group): see `Range`.
    """
    each = list(profiles) if profiles else [profile] * len(outputs)
    found = amounts_of(outputs, each)
    if not found.cells:
        return {}
    written = write(found, outputs, hidden, profile, hidden_by_rule(outputs, each))
    scale, problem = scale_of(found), written.problem
    ends = audit(problem, problem.fixed_hidden, ranges=True)
    return {
        name: Range(found.cells[name].value, *(float(end[at]) * scale for end in columns))
        for columns in [(ends.low, ends.high, problem.need_low, problem.need_high)]
        for at, name in enumerate(written.cells)
        if math.isfinite(ends.low[at])
    }


def hidden_by_rule(outputs: Sequence[Output], profiles: Sequence[Profile]) -> set[Unit]:
    """Rows whose sum or mean a rule hides: dominance and the like, too few people or families."""
    thin = {"magnitude": magnitude.thin, "summary": summary.thin, "text": text.thin}
    found: set[Unit] = set()
    for number, (output, profile) in enumerate(zip(outputs, profiles, strict=True)):
        if output.kind in thin and profile.protects(output.kind):
            few = counted.protected_counts(output, profile)
            rows = {row for row, columns in few.items() if output.roles.people in columns}
            found |= {(number, row) for row in rows | thin[output.kind](output, profile)}
    return found


def _hide(problem: Problem, seconds: float) -> NDArray[np.bool_]:
    """Units to hide from one attacker, those hidden already among them."""
    if not audit(problem, problem.fixed_hidden).unsafe.any():
        return problem.fixed_hidden
    found = suppress(_no_better_known(problem), seconds=seconds)
    if found.unsafe.any() or not found.audited:
        raise DisclosureError(
            "a hidden sum could be worked out from what is shown: "
            f"{max(int(found.unsafe.sum()), 1):,} could. Ask for fewer breakdowns."
        )
    return found.hidden


def _no_better_known(problem: Problem) -> Problem:
    """What is known of a sum although everything asked for is hidden was known before.

    Of such a sum only what is left is protected: it must not get any better known.
    """
    most_hidden = ~problem.fixed_shown
    before = audit(problem, most_hidden).unsafe
    if not before.any():
        return problem
    ends = audit(problem, most_hidden, ranges=True)
    low = np.where(before, np.maximum(problem.need_low, ends.low), problem.need_low)
    high = np.where(before, np.minimum(problem.need_high, ends.high), problem.need_high)
    return replace(problem, need_low=np.minimum(low, high), need_high=np.maximum(low, high))


def _insiders(written: Written, found: Amounts, chosen: NDArray[np.bool_]) -> Iterator[Problem]:
    """Each insider, who knows his own part of one hidden sum, and so of every sum it is in."""
    problem, scale = written.problem, scale_of(found)
    for at in np.flatnonzero(~problem.shown_cells(chosen)):
        name = written.cells[at]
        cell = found.cells[name]
        if not cell.units or cell.value == 0 or cell.largest < INSIDER * cell.value:
            continue
        low, high = problem.need_low.copy(), problem.need_high.copy()
        holding = np.isin(np.arange(len(low)), _places_holding(found, written, name))
        low[holding] = np.where(np.isnan(low), low, problem.values)[holding]
        low[at] = high[at] = np.nan
        least = min(cell.largest, cell.value) / scale
        most = cell.value / scale if cell.people == 1 else math.inf
        known = _known_within(problem, int(at), least, most)
        yield replace(known, need_low=low, need_high=high)


def _known_within(problem: Problem, at: int, least: float, most: float) -> Problem:
    """Write down that an attacker knows a cell to lie in a range, hidden or shown."""
    here = np.arange(problem.cells) == at
    lower = {
        name: np.where(here, np.maximum(getattr(problem, name), least), getattr(problem, name))
        for name in ("floor", "shown_low")
    }
    upper = {
        name: np.where(here, np.minimum(getattr(problem, name), most), getattr(problem, name))
        for name in ("ceiling", "shown_high")
    }
    return replace(problem, **lower, **upper)


def _places_holding(found: Amounts, written: Written, name: Name) -> list[int]:
    """Places of the sums that a cell is part of, and that these are part of."""
    holding, waiting = {name}, [name]
    while waiting:
        part = waiting.pop()
        more = {one.total for one in found.sums if part in one.parts} - holding
        holding |= more
        waiting += more
    return [at for at, other in enumerate(written.cells) if other in holding]
