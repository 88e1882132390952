"""The clean-up: units that were hidden for others are shown again where the audit still holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from justice_analysis.disclosure.suppression.attacker import Attacker
from justice_analysis.disclosure.suppression.audit import is_safe
from justice_analysis.disclosure.suppression.evidence import Evidence
from justice_analysis.disclosure.suppression.problem import Problem


def show_again(
    problem: Problem, hidden: NDArray[np.bool_], evidence: Evidence, order: NDArray[np.intp]
) -> tuple[NDArray[np.bool_], Evidence]:
    """Show hidden units again, one at a time, while every protected cell stays safe.

    Parameters
    ----------
    evidence
        Witnesses of every protected cell while `hidden` is hidden. Those that don't move a unit's
        cells stay witnesses once it is shown: only the others are sought again.
    order
        Units in the order in which they are tried, the dearest first.
    """
    hidden = hidden.copy()
    for unit in order:
        fewer = hidden.copy()
        fewer[unit] = False
        kept = without_unit(problem, evidence, int(unit))
        if is_safe(Attacker.of(problem, fewer), kept):
            hidden, evidence = fewer, kept
    return hidden, evidence


def without_unit(problem: Problem, evidence: Evidence, unit: int) -> Evidence:
    """Return the evidence that stands while a unit is shown."""
    cells = np.flatnonzero(problem.shown_by[:, [unit]].toarray()[:, 0])
    base = np.nan_to_num(problem.values)[cells]
    return evidence.while_within(
        cells, problem.shown_low[cells] - base, problem.shown_high[cells] - base
    )
