"""Whole numbers: what is safe as real numbers may not be, where tables of many ways interlock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.audit import LARGEST_WHOLE, WHOLE_NODES, audit
from justice_analysis.disclosure.suppression.evidence import SIDES
from justice_analysis.disclosure.suppression.heuristic import Moves, charges, units_moved
from justice_analysis.disclosure.suppression.problem import Problem

ROUNDS = 5
"""Most audits, each followed by patterns for the cells that it found unsafe."""


def hide_for_whole_numbers(problem: Problem, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hide further units, at little cost, so that whole numbers reach what each cell needs.

    Each cell that only real numbers protect gets the cheapest pattern of whole moves. Cells for
    which none is found stay as they are: the audit says so.
    """
    if problem.cells > LARGEST_WHOLE:
        return hidden
    moves, hidden = Moves.of(problem), hidden.copy()
    for _ in range(ROUNDS):
        before = hidden.copy()
        for cell in np.flatnonzero(audit(problem, hidden, whole_numbers=True).unsafe):
            for side in SIDES:
                charge = charges(problem, hidden, problem.cost)
                pattern, _ = moves.cheapest_whole(int(cell), side, charge, nodes=WHOLE_NODES)
                if pattern is not None:
                    hidden |= units_moved(problem, pattern)
        if (hidden == before).all():
            break
    return hidden
