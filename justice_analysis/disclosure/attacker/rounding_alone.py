"""Rounding by itself: which candidates it does not protect, since nothing of theirs is hidden."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.disclosure.attacker.attack import Attacker
from justice_analysis.disclosure.attacker.leaving import Table, fixed_units
from justice_analysis.disclosure.attacker.primary import ELSE, Primary
from justice_analysis.disclosure.cells import CountSystem


def rounding_fails(
    attacker: Attacker, tables: Mapping[int, Table], first: Primary, stated: CountSystem
) -> dict[int, int]:
    """Count what rounding alone gives away, by candidate; what left before is not its doing."""
    rounded = {n for n, t in tables.items() if t.past is None and t.mechanism == "round"}
    if not rounded:
        return {}
    shown, hidden = fixed_units(tables, attacker.readings)
    most_hidden = {unit for unit in attacker.readings if unit not in shown} | hidden
    without = most_hidden | {unit for unit in shown if unit[0] in rounded}
    left = {unit for unit in shown if unit[0] not in rounded}
    known = {f.cell for f in attacker.hide(without, left).known_before}
    told = [f.cell for f in attacker.hide(most_hidden, shown).known_before if f.cell not in known]
    fails: dict[int, int] = {}
    for cell in told:
        own = {unit[0] for unit in stated.shown_by.get(cell, ())} & rounded
        for number in own or rounded:
            fails[number] = fails.get(number, 0) + 1
    thin = {unit for unit, reasons in first.reasons.items() if unit[0] in rounded and
            set(reasons) & {ELSE}}  # fmt: skip
    for number, _ in thin:
        fails[number] = fails.get(number, 0) + 1
    return fails
