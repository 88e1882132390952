"""Find units to hide so that no protected cell can be worked out, and audit what was found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.audit import audit
from justice_analysis.disclosure.suppression.benders import LARGEST_EXACT, improve
from justice_analysis.disclosure.suppression.clean_up import show_again
from justice_analysis.disclosure.suppression.evidence import Evidence
from justice_analysis.disclosure.suppression.heuristic import hide_until_proved
from justice_analysis.disclosure.suppression.problem import Problem
from justice_analysis.disclosure.suppression.solver import Array
from justice_analysis.disclosure.suppression.whole import hide_for_whole_numbers

LARGEST_ORDERS = 700
"""Most cells for which the heuristic tries several orders."""


@dataclass(frozen=True, eq=False)
class Suppression:
    """Units to hide, and how far that is proved.

    Attributes
    ----------
    hidden
        Units to hide, those fixed as hidden among them, `(units,)`.
    method
        How they were found: none needed, heuristic, cuts or exact.
    audited
        Whether an audit of its own, after all else, found every protected cell safe but `unsafe`.
    unsafe
        Protected cells that nothing can protect, since units are fixed as shown, `(n,)`.
    unproved
        Cells safe as real numbers for which no witness of whole numbers was found, `(n,)`; none
        unless whole numbers were asked for.
    """

    hidden: NDArray[np.bool_]
    method: str
    audited: bool
    unsafe: NDArray[np.bool_]
    unproved: NDArray[np.bool_]


def suppress(
    problem: Problem, *, seconds: float = 30, patience: int = 1, whole_numbers: bool = False
) -> Suppression:
    """Hide further units, at little cost, until every protected cell is safe.

    Parameters
    ----------
    seconds
        Of processor, after which the search by cuts stops; usual problems end before, by counts
        of rounds, so that their answer is the same on every machine.
    patience
        Times the usual rounds of the search by cuts; 0 leaves it at the heuristic.
    whole_numbers
        Cells are whole numbers: hide more where only other numbers would protect a cell.

    Returns
    -------
    Suppression
        Never raises for a cell that nothing can protect: these are in `unsafe`.

    Raises
    ------
    DisclosureError
        If the audit does not finish.
    """
    unsafe = audit(problem, ~problem.fixed_shown).unsafe
    possible = replace(
        problem,
        need_low=np.where(unsafe, np.nan, problem.need_low),
        need_high=np.where(unsafe, np.nan, problem.need_high),
    )
    hidden, method = problem.fixed_hidden, "none needed"
    if audit(possible, hidden).unsafe.any():
        hidden, method = _search(possible, seconds=seconds, patience=patience)
    if whole_numbers:
        more = hide_for_whole_numbers(possible, hidden)
        method = method if (more == hidden).all() else f"{method}, more for whole numbers"
        hidden = more
    last = audit(problem, hidden, whole_numbers=whole_numbers)
    audited = not (last.unsafe & ~unsafe).any()
    return Suppression(hidden, method, audited, unsafe, last.unproved)


def _search(problem: Problem, *, seconds: float, patience: int) -> tuple[NDArray[np.bool_], str]:
    """Take the cheapest of the heuristic's choices, and better it by cuts where that is cheap."""

    def repair(begin: NDArray[np.bool_], cost: Array) -> NDArray[np.bool_]:
        return _hide(problem, begin, cost, problem.protected)

    end = time.process_time() + seconds
    found = [
        _hide(problem, problem.fixed_hidden, problem.cost, order) for order in _orders(problem)
    ]
    hidden = min(found, key=lambda units: float(problem.cost[units].sum()))
    if problem.cells > LARGEST_EXACT or not patience:
        return hidden, "heuristic"
    search = improve(problem, hidden, repair, end=end, patience=patience)
    if search.exact:
        return search.hidden, "exact"
    return search.hidden, "cuts, stopped by time" if search.late else "cuts"


def _orders(problem: Problem) -> Iterator[NDArray[np.intp]]:
    """Orders in which protected cells are served: the largest first, the smallest, as they come."""
    cells = problem.protected
    values = np.nan_to_num(problem.values[cells])
    yield cells[np.argsort(-values, kind="stable")]
    if problem.cells > LARGEST_ORDERS:
        return
    yield cells[np.argsort(values, kind="stable")]
    yield cells


def _hide(
    problem: Problem, begin: NDArray[np.bool_], cost: Array, order: NDArray[np.intp]
) -> NDArray[np.bool_]:
    evidence = Evidence.of(problem)
    hidden = hide_until_proved(problem, begin, cost, evidence, order=order)
    return show_again(problem, hidden, evidence, dearest(problem, hidden))[0]


def dearest(problem: Problem, hidden: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Order the units that need not be hidden, the dearest first; of equals the last first."""
    free = np.flatnonzero(hidden & ~problem.fixed_hidden)
    return free[np.lexsort([-free, -problem.cost[free]])]
