"""An attacker who has every released table, and nothing else, against every protected number.

Written apart from the package: it bounds sums of atoms by linear programmes over all atoms of all
versions of a population at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from tests.attack.population import Population, Traced

TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False)
class Seen:
    """A released table as the attacker has it: rows in the order of the output it came from.

    `base` is the rounding base; a number shown is at least `least` in truth.
    """

    traced: Traced
    table: pd.DataFrame
    base: int
    least: int


@dataclass(frozen=True)
class Leak:
    """A protected number that the attacker bounds too closely."""

    what: str
    true: int
    low: float
    high: float


def leaks(
    seen: list[Seen], populations: list[Population], *, least: int, zeros: bool
) -> list[Leak]:
    """Bound every number under the threshold that the tables state, hide, or differ by."""
    place = _places(populations)
    above, limits = _knowledge(seen, place)
    order = known_order(populations, place)
    if order is not None:
        above, limits = vstack([above, order]), np.append(limits, np.zeros(order.shape[0]))
    found = []
    for what, aim, true, protects_zero in _targets(seen, populations, place, least):
        if not (0 < true < least or (true == 0 and zeros and protects_zero)):
            continue
        low, high = (_end(sign, aim, above, limits) for sign in (1, -1))
        floor = 0 if zeros or not protects_zero else 1
        if low > floor + TOLERANCE or high < least - TOLERANCE:
            found.append(Leak(what, true, low, high))
    return found


def _places(populations: list[Population]) -> dict[str, slice]:
    ends = np.cumsum([0, *(population.people.size for population in populations)])
    return {
        population.name: slice(int(ends[number]), int(ends[number + 1]))
        for number, population in enumerate(populations)
    }


def _row(mask: NDArray[np.bool_], name: str, place: dict[str, slice]) -> NDArray[np.float64]:
    row = np.zeros(max(where.stop for where in place.values()))
    row[place[name]] = mask
    return row


def _knowledge(seen: list[Seen], place: dict[str, slice]) -> tuple[csr_matrix, NDArray[np.float64]]:
    """Write what is known as `above @ atoms <= limits`."""
    rows, limits = [], []
    for one in seen:
        for column, masks in one.traced.atoms.items():
            for position, mask in enumerate(masks):
                value = one.table[column].iloc[position]
                if pd.isna(value):
                    continue
                row = _row(mask, one.traced.population.name, place)
                low = max(int(value) - one.base // 2, one.least if value else 0)
                high = int(value) + (one.base - 1) // 2
                rows += [row, -row]
                limits += [high, -low]
    size = max(where.stop for where in place.values())
    return csr_matrix(np.array(rows).reshape(len(rows), size)), np.array(limits, dtype=float)


def known_order(populations: list[Population], place: dict[str, slice]) -> csr_matrix | None:
    """Atom by atom, what the attacker knows: a part is in the whole, new data only adds."""
    rows = []
    for small, large in _ordered(populations):
        size = small.people.size
        row = np.zeros((size, max(where.stop for where in place.values())))
        row[:, place[small.name]] = np.eye(size)
        row[:, place[large.name]] = -np.eye(size)
        rows.append(csr_matrix(row))
    return vstack(rows) if rows else None


def _ordered(populations: list[Population]) -> list[tuple[Population, Population]]:
    named = {population.name: population for population in populations}
    pairs = [(p, named[n]) for p in populations for n in p.within if n in named]
    pairs += [(named[p.name[:-1]], p) for p in populations if p.name.endswith("+")]
    return pairs


def _targets(
    seen: list[Seen], populations: list[Population], place: dict[str, slice], least: int
) -> list[tuple[str, NDArray[np.float64], int, bool]]:
    """Every number to attack: each cell, those without the outcome, and differences of versions."""
    targets: dict[bytes, tuple[str, NDArray[np.float64], int, bool]] = {}
    truth = np.concatenate([population.people.ravel() for population in populations])

    def add(what: str, aim: NDArray[np.float64], *, protects_zero: bool) -> None:
        targets.setdefault(aim.tobytes(), (what, aim, int(aim @ truth), protects_zero))

    for one in seen:
        name = one.traced.population.name
        for position in range(len(one.table)):
            for column, masks in one.traced.atoms.items():
                add(f"{column} of {name}", _row(masks[position], name, place), protects_zero=True)
            if "returned" in one.traced.atoms:
                rest = (
                    one.traced.atoms["people"][position] & ~one.traced.atoms["returned"][position]
                )
                add(f"without the outcome in {name}", _row(rest, name, place), protects_zero=True)
    for small, large in _ordered(populations):
        for one in (one for one in seen if one.traced.population.name == small.name):
            for masks in one.traced.atoms.values():
                for mask in masks:
                    gap = _row(mask, large.name, place) - _row(mask, small.name, place)
                    add(f"{large.name} less {small.name}", gap, protects_zero=False)
    return list(targets.values())


def _with_the_rest(atoms: dict[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
    """Those without the outcome are protected as well."""
    if "returned" not in atoms:
        return atoms
    return {**atoms, "people without the outcome": atoms["people"] & ~atoms["returned"]}


def _end(
    sign: int, aim: NDArray[np.float64], above: csr_matrix, limits: NDArray[np.float64]
) -> float:
    solved = linprog(sign * aim, A_ub=above, b_ub=limits, method="highs")
    if solved.status == 0:
        return float(sign * solved.fun)
    assert solved.status in (3, 4), "what is shown must have a solution: the truth"
    return float(sign * -np.inf)
