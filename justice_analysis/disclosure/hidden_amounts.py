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
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.amounts import Amount, Amounts, Name, Unit
from justice_analysis.disclosure.kinds import magnitude, summary, text
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.stated_amounts import amounts_of
from justice_analysis.disclosure.suppression import Problem, audit, suppress, units_of_cells
from justice_analysis.errors import DisclosureError

LEAST_PROTECTION = 0.1
"""Share of a hidden sum that stays open on each side, where the profile's p-ratio asks less."""
INSIDER = 0.5
"""Share of a hidden sum from which its largest contributor is taken for an insider."""
LARGEST_NUMBER = 1e6
"""Amounts are scaled to at most this: the solver's tolerance is for numbers of this size."""


@dataclass(frozen=True, eq=False)
class Written:
    """The problem in numbers, with the order of its cells and of its units."""

    problem: Problem
    cells: tuple[Name, ...]
    units: tuple[Unit, ...]


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
        If a hidden sum can be worked out whatever else is hidden.
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
        chosen = _hide(replace(written.problem, fixed_hidden=chosen), seconds, "an outsider")
        for problem in _insiders(written, found, chosen):
            chosen = _hide(replace(problem, fixed_hidden=chosen), seconds, "an insider")
        if (chosen == before).all():
            break
    return {written.units[at] for at in np.flatnonzero(chosen)} - set(hidden)


def ranges_of_hidden(
    outputs: Sequence[Output], hidden: Collection[Unit], profile: Profile
) -> dict[Name, tuple[float, float, float]]:
    """Return true value and the range an outsider can work out, of every protected sum."""
    found = amounts_of(outputs, [profile] * len(outputs))
    by_rule = hidden_by_rule(outputs, [profile] * len(outputs))
    written = write(found, outputs, hidden, profile, by_rule)
    scale = _scale(found)
    ends = audit(written.problem, written.problem.fixed_hidden, ranges=True)
    return {
        name: (found.cells[name].value, float(low) * scale, float(high) * scale)
        for name, low, high in zip(written.cells, ends.low, ends.high, strict=True)
        if math.isfinite(low)
    }


def write(
    found: Amounts,
    outputs: Sequence[Output],
    hidden: Collection[Unit],
    profile: Profile,
    protected: Collection[Unit],
    *,
    released: Collection[int] = (),
) -> Written:
    """Write the sums as a problem for `suppression`.

    Parameters
    ----------
    hidden
        Rows that are hidden whatever else.
    protected
        Rows whose sums must not be worked out; so must no latent sum of a few people.

    Returns
    -------
    Written
        Values in units that suit the solver; a hidden cell is known to be 0 or more.
    """
    scale = _scale(found)

    def is_public(cell: Amount) -> bool:
        return any(unit[0] in released and unit not in hidden for unit in cell.units)

    cells, names = [*found.cells.values()], tuple(found.cells)
    units = tuple(sorted({unit for cell in cells for unit in cell.units}))
    place = {unit: at for at, unit in enumerate(units)}
    needs = np.array(
        [
            (np.nan, np.nan) if is_public(cell) else _need(found, name, profile, protected)
            for name, cell in found.cells.items()
        ]
    )
    count = len(cells)
    is_old = np.array([unit[0] in released for unit in units], dtype=bool)
    is_hidden = np.array([unit in hidden for unit in units], dtype=bool)
    problem = Problem(
        values=np.array([cell.value for cell in cells]) / scale,
        matrix=_matrix(found, names),
        floor=np.zeros(count),
        ceiling=np.full(count, np.inf),
        shown_low=np.array([cell.low for cell in cells]) / scale,
        shown_high=np.array([cell.high for cell in cells]) / scale,
        shown_by=units_of_cells(
            [[place[unit] for unit in cell.units] for cell in cells], count=len(units)
        ),
        cost=np.array([_people(outputs, unit) for unit in units], dtype=float),
        fixed_shown=is_old & ~is_hidden,
        fixed_hidden=is_hidden,
        need_low=needs[:, 0] / scale,
        need_high=needs[:, 1] / scale,
    )
    return Written(problem, names, units)


def hidden_by_rule(outputs: Sequence[Output], profiles: Sequence[Profile]) -> set[Unit]:
    """Rows that a rule of their kind hides for what they add up or average."""
    thin = {"magnitude": magnitude.thin, "summary": summary.thin, "text": text.thin}
    return {
        (number, row)
        for number, (output, profile) in enumerate(zip(outputs, profiles, strict=True))
        if output.kind in thin and profile.protects(output.kind)
        for row in thin[output.kind](output, profile)
    }


def _hide(problem: Problem, seconds: float, whom: str) -> NDArray[np.bool_]:
    """Units to hide from one attacker, those hidden already among them.

    What an insider knows although everything asked for is hidden, he knew before.
    """
    if not audit(problem, problem.fixed_hidden).unsafe.any():
        return problem.fixed_hidden
    found = suppress(problem, seconds=seconds)
    if not found.audited or (whom == "an outsider" and found.unsafe.any()):
        raise DisclosureError(
            "a hidden sum could be worked out from what is shown: "
            f"{max(int(found.unsafe.sum()), 1):,} could. Ask for fewer breakdowns."
        )
    return found.hidden


def _need(
    found: Amounts, name: Name, profile: Profile, protected: Collection[Unit]
) -> tuple[float, float]:
    """What an attacker's range of a cell must reach: a share of it below and above.

    A sum of nothing, or nearly, must still be able to be what one person adds on average.
    """
    cell = found.cells[name]
    few = not cell.units and name[0] == "rest" and 0 < cell.people < profile.minimum_count
    if not few and not set(cell.units) & set(protected):
        return math.nan, math.nan
    share = max(profile.p_ratio, LEAST_PROTECTION)
    return cell.value * (1 - share), max(cell.value * (1 + share), _one_person(found, name))


def _one_person(found: Amounts, name: Name) -> float:
    """What a person adds on average to the sums of this kind and population."""
    stated = name[1] if name[0] == "rest" else name
    alike = [cell for other, cell in found.cells.items() if other[:3] == stated[:3]]
    people = sum(cell.people for cell in alike)
    return sum(cell.value for cell in alike) / people if people else 0.0


def _insiders(written: Written, found: Amounts, chosen: NDArray[np.bool_]) -> Iterator[Problem]:
    """Each insider, who knows his own part of one hidden sum, and so of every sum it is in."""
    problem, scale = written.problem, _scale(found)
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


def _scale(found: Amounts) -> float:
    largest = max((cell.value for cell in found.cells.values()), default=0.0)
    return max(largest / LARGEST_NUMBER, 1.0)


def _matrix(found: Amounts, names: Sequence[Name]) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix

    place = {name: at for at, name in enumerate(names)}
    entries = [
        (sign, number, place[name])
        for number, one in enumerate(found.sums)
        for sign, name in ((-1, one.total), *((1, part) for part in one.parts))
    ]
    value, row, column = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_matrix((value, (row, column)), shape=(len(found.sums), len(names)))


def _people(outputs: Sequence[Output], unit: Unit) -> float:
    output = outputs[unit[0]]
    return float(output.table[output.roles.people].iloc[unit[1]])
