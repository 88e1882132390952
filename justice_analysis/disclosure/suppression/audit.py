"""The audit: what an attacker can work out of each protected cell, by linear programming.

A protected cell is safe when some point of the attacker's system has it at `need_low` or less,
and some point at `need_high` or more: the two need not be one. Such a point is a *witness*, and
proves the same of every other cell that it moves far enough; most cells are proved by a few
points. A cell is unsafe only when a sum by itself, or the optimum of its own programme, says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.attacker import Attacker, Part
from justice_analysis.disclosure.suppression.evidence import SIDES, Evidence, Witness
from justice_analysis.disclosure.suppression.problem import NEAR, Problem
from justice_analysis.disclosure.suppression.solver import UNFINISHED, Array, least, whole_point
from justice_analysis.errors import DisclosureError

LARGEST_WHOLE = 350
"""Most uncertain cells of a part in which witnesses of whole numbers are looked for."""
WHOLE_NODES = 2000
"""Most branches of one such search: a count, not seconds, so that answers don't vary."""


@dataclass(frozen=True, eq=False)
class Audit:
    """What an attacker can work out.

    Attributes
    ----------
    low, high
        Range of each protected cell, `(n,)`, missing for others. Of a safe cell it is only as
        wide as had to be shown, unless `ranges` was asked for.
    unsafe
        Protected cells whose range doesn't reach both of their needs, `(n,)`.
    unproved
        Safe as real numbers, but no witness of whole numbers was found, `(n,)`; none unless
        whole numbers were asked for.
    """

    low: Array
    high: Array
    unsafe: NDArray[np.bool_]
    unproved: NDArray[np.bool_]

    @property
    def safe(self) -> bool:
        """Whether every protected cell is safe, and proved so as far as was asked."""
        return not (self.unsafe.any() or self.unproved.any())


def audit(
    problem: Problem,
    hidden: NDArray[np.bool_],
    *,
    whole_numbers: bool = False,
    ranges: bool = False,
) -> Audit:
    """Attack every protected cell while the units `hidden` are hidden.

    Parameters
    ----------
    hidden
        Units that are hidden, `(units,)`.
    whole_numbers
        Cells are whole numbers: look for witnesses of whole numbers too. A cell that no whole
        number can protect is unsafe; where the search does not end it is `unproved`.
    ranges
        Find the full range of every protected cell: two programmes each.

    Raises
    ------
    DisclosureError
        If the audit does not finish, or `hidden` has not one entry a unit.
    """
    hidden = np.asarray(hidden, dtype=bool)
    if hidden.shape != (problem.units,):
        raise DisclosureError(
            f"hidden must have one entry a unit: {hidden.size:,} for {problem.units:,} units."
        )
    parts_of_one = whole_numbers & (np.nan_to_num(problem.values) % 1 != 0)
    if parts_of_one.any():
        raise DisclosureError(
            f"counts must be whole to be audited as such: {int(parts_of_one.sum()):,} are not."
        )
    attacker, evidence = Attacker.of(problem, hidden), Evidence.of(problem)
    failed = {side: np.zeros(problem.cells, dtype=bool) for side in SIDES}
    for side, cell in unsafe_cells(attacker, evidence):
        failed[side][cell] = True
    unproved = np.zeros(problem.cells, dtype=bool)
    if whole_numbers:
        unproved = _whole(attacker, evidence, failed)
    if ranges:
        _full_ranges(attacker, evidence)
    return _summary(problem, attacker, evidence, failed, unproved)


def is_safe(attacker: Attacker, evidence: Evidence) -> bool:
    """Whether every protected cell is safe as a real number; stops at the first that isn't."""
    return next(unsafe_cells(attacker, evidence), None) is None


def unsafe_cells(attacker: Attacker, evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Give side and cell of each end that can't be reached; what can be is put in evidence."""
    protected = attacker.problem.protected
    ends = {1: attacker.low, -1: -attacker.high}
    hopeless = {side: ends[side] > evidence.needs[side] + NEAR for side in SIDES}
    for side in SIDES:
        for cell in protected[hopeless[side][protected]]:
            evidence.reached[side][cell] = ends[side][cell]
            yield side, int(cell)
    certain = protected[attacker.label[protected] < 0]
    if len(certain):
        middle = (attacker.low[certain] + attacker.high[certain]) / 2
        evidence.add(Witness(certain, middle), whole=True)
    for number in np.unique(attacker.label[protected]):
        if number < 0:
            continue
        here = protected[attacker.label[protected] == number]
        todo = {s: here[~hopeless[s][here] & ~evidence.proved(s)[here]] for s in SIDES}
        if len(todo[1]) or len(todo[-1]):
            yield from _attack_part(attacker.part(int(number)), todo, evidence)


def _attack_part(
    part: Part, todo: dict[int, NDArray[np.intp]], evidence: Evidence
) -> Iterator[tuple[int, int]]:
    for side in SIDES:
        waiting = todo[side][~evidence.proved(side)[todo[side]]]
        while len(waiting) > 1 and _move_all(part, side, waiting, evidence):
            waiting = waiting[~evidence.proved(side)[waiting]]
        for cell in waiting:
            if not evidence.proved(side)[cell] and not _move_one(part, side, int(cell), evidence):
                yield side, int(cell)


def _move_all(part: Part, side: int, cells: NDArray[np.intp], evidence: Evidence) -> bool:
    """Move many cells at once, none further than it needs; whether that proved any."""
    places = np.searchsorted(part.cells, cells)
    aim = np.zeros(len(part.cells))
    aim[places] = side
    low, high = _no_further(part, side, places, np.minimum(evidence.needs[side][cells], 0))
    solved = least(aim, part.matrix, part.right, low, high)
    if solved is None or not np.isfinite(solved.value):
        return False
    add_point(part, solved.point, evidence)
    return bool(evidence.proved(side)[cells].any())


def _move_one(part: Part, side: int, cell: int, evidence: Evidence) -> bool:
    """Move one cell as far as it needs; False where it can't be moved so far."""
    place = np.searchsorted(part.cells, [cell])
    aim = np.zeros(len(part.cells))
    aim[place] = side
    low, high = _no_further(part, side, place, evidence.needs[side][[cell]])
    solved = least(aim, part.matrix, part.right, low, high)
    if solved is None:  # every point lies further still: any of them proves it
        solved = least(0 * aim, part.matrix, part.right, part.low, part.high)
    if solved is None or not np.isfinite(solved.value):
        raise DisclosureError(UNFINISHED)
    add_point(part, solved.point, evidence)
    return bool(evidence.proved(side)[cell])


def _no_further(
    part: Part, side: int, places: NDArray[np.intp], needs: Array
) -> tuple[Array, Array]:
    low, high = part.low.copy(), part.high.copy()
    if side > 0:
        low[places] = np.maximum(low[places], np.minimum(needs, high[places]))
    else:
        high[places] = np.minimum(high[places], np.maximum(-needs, low[places]))
    return low, high


def add_point(part: Part, moves: Array, evidence: Evidence) -> None:
    """Put a point of one part in evidence."""
    rounded = np.round(moves)
    whole = bool((np.abs(moves - rounded) <= NEAR).all())
    whole = whole and bool((np.abs(part.matrix @ rounded - part.right) <= NEAR).all())
    evidence.add(Witness(part.cells, moves), whole=whole)


def _whole(
    attacker: Attacker, evidence: Evidence, failed: dict[int, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Look for witnesses of whole numbers; returns what stays unproved."""
    unproved = np.zeros(attacker.problem.cells, dtype=bool)
    protected = attacker.problem.protected
    for number in np.unique(attacker.label[protected]):
        if number < 0:
            continue
        part = attacker.part(int(number))
        here = protected[attacker.label[protected] == number]
        for side in SIDES:
            for cell in here[~failed[side][here]]:
                if evidence.whole[side][cell]:
                    continue
                ended = _whole_witness(part, side, int(cell), evidence)
                failed[side][cell] = ended and not evidence.whole[side][cell]
                unproved[cell] |= not ended
    return unproved


def _whole_witness(part: Part, side: int, cell: int, evidence: Evidence) -> bool:
    """Search one witness of whole numbers; whether the search ended."""
    if len(part.cells) > LARGEST_WHOLE:
        return False
    low, high = part.low.copy(), part.high.copy()
    place = int(np.searchsorted(part.cells, cell))
    if side > 0:
        high[place] = min(high[place], evidence.needs[side][cell])
    else:
        low[place] = max(low[place], -evidence.needs[side][cell])
    point, ended = whole_point(part.matrix, part.right, low, high, nodes=WHOLE_NODES)
    if point is not None:
        add_point(part, point, evidence)
        return bool(evidence.whole[side][cell])
    return ended


def _full_ranges(attacker: Attacker, evidence: Evidence) -> None:
    protected = attacker.problem.protected
    labels = attacker.label[protected]
    for number in np.unique(labels[labels >= 0]):
        part = attacker.part(int(number))
        for cell in protected[labels == number]:
            for side in SIDES:
                aim = np.zeros(len(part.cells))
                aim[np.searchsorted(part.cells, cell)] = side
                solved = least(aim, part.matrix, part.right, part.low, part.high)
                if solved is None:
                    raise DisclosureError(UNFINISHED)
                evidence.reached[side][cell] = solved.value


def _summary(
    problem: Problem,
    attacker: Attacker,
    evidence: Evidence,
    failed: dict[int, NDArray[np.bool_]],
    unproved: NDArray[np.bool_],
) -> Audit:
    protected = ~np.isnan(problem.need_low)
    low = np.where(protected, attacker.base + evidence.reached[1], np.nan)
    high = np.where(protected, attacker.base - evidence.reached[-1], np.nan)
    unsafe = protected & (failed[1] | failed[-1])
    return Audit(low, high, unsafe, unproved & protected & ~unsafe)
