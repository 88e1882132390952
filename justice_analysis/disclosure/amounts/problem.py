"""Sums of a quantity written as a problem of suppression: what is read, and what must not be."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.amounts.cells import Amount, Amounts, Name, Unit
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.suppression import Problem, units_of_cells

LEAST_PROTECTION = 0.1
"""Share of a hidden sum that stays open on each side, where the profile's p-ratio asks less."""
LATENT = ("rest", "overlap", "together")
"""Sums that nobody wrote down, named by what they are between."""
LARGEST_NUMBER = 1e6
"""Amounts are scaled to at most this: the solver's tolerance is for numbers of this size."""


@dataclass(frozen=True, eq=False)
class Written:
    """The problem in numbers, with the order of its cells and of its units."""

    problem: Problem
    cells: tuple[Name, ...]
    units: tuple[Unit, ...]


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
    scale = scale_of(found)

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


def in_words(name: Name) -> str:
    """Name a sum for a person: the quantity and the group, or what it is the rest of."""
    if name[0] in LATENT:
        return f"{name[0]} of {in_words(name[1])}"
    group = ", ".join(f"{dimension} {value}" for dimension, value in name[3]) or "everyone"
    return f"{name[1]} ({name[2]}): {group}"


def population_of(name: Name) -> str:
    """Return the population whose quantity a sum is."""
    return population_of(name[1]) if name[0] in LATENT else str(name[0])


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


def scale_of(found: Amounts) -> float:
    """By how much amounts are divided before they are solved."""
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
