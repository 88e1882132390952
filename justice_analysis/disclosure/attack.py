"""What an attacker can work out of hidden counts, by linear programming on the shown ones.

The attacker knows the rules, every shown (rounded) count as a range, every sum, and that counts
are not negative. A hidden count is safe when what follows still allows both nobody (one person
where zeros are shown) and the threshold. Bounds are those of real numbers, as usual in audits:
whole numbers can only be told apart better where tables of three and more dimensions interlock,
so outputs with more than two summed dimensions are for a person to review.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from justice_analysis.disclosure.cells import Cell, CountSystem, Sum, Unit
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.rounding import range_behind, to_base
from justice_analysis.errors import DisclosureError

LARGEST_SYSTEM = 1500


@dataclass(frozen=True)
class Finding:
    """What an attacker learns of one protected cell: it lies from `low` to `high`."""

    cell: Cell
    true: int
    low: float
    high: float
    safe: bool


@dataclass(frozen=True)
class Audit:
    """The units hidden, what is still learnt, and those hidden to keep a sum from telling.

    `beside_sums` leaves out what was hidden for a small difference between horizons or
    versions: curves have a rule of their own for these.
    """

    hidden: frozenset[Unit]
    findings: tuple[Finding, ...]
    beside_sums: frozenset[Unit]


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums that are tied to each other, as equations: `matrix` times the cells is nothing."""

    sums: tuple[Sum, ...]
    column: dict[Cell, int]
    touching: dict[Cell, tuple[int, ...]]
    matrix: Any

    @classmethod
    def of(cls, sums: tuple[Sum, ...]) -> Sums:
        """Write the equations down, once for all the attacks on their cells."""
        from scipy.sparse import csr_matrix

        cells = dict.fromkeys(c for one in sums for c in (one.total, *one.parts))
        column = {cell: position for position, cell in enumerate(cells)}
        touching: dict[Cell, list[int]] = defaultdict(list)
        entries: list[tuple[int, int, int]] = []
        for number, one in enumerate(sums):
            entries.append((-1, number, column[one.total]))
            entries += [(1, number, column[part]) for part in one.parts]
            for cell in dict.fromkeys((one.total, *one.parts)):
                touching[cell].append(number)
        value, row, place = zip(*entries, strict=True)
        matrix = csr_matrix((value, (row, place)), shape=(len(sums), len(column)))
        return cls(sums, column, {c: tuple(n) for c, n in touching.items()}, matrix)


def protected_cells(system: CountSystem, profile: Profile) -> tuple[Cell, ...]:
    """Cells too small to be known: under the minimum, and zeros where these tell something."""
    least = profile.minimum_count
    return tuple(
        cell
        for cell, value in system.values.items()
        if 0 < value < least
        or (value == 0 and profile.zeros_disclosive and cell not in system.steps)
    )


def units_below_minimum(system: CountSystem, profile: Profile) -> set[Unit]:
    """Units that state a protected cell, or from whose own counts one follows."""
    protected = set(protected_cells(system, profile))
    hidden = {unit for cell in protected for unit in system.shown_by.get(cell, ())}
    for total in system.sums:
        rest = total.parts[-1]
        if rest[0] == "without" and rest in protected:
            together = set(system.shown_by.get(total.parts[0], ()))
            hidden |= together
    return hidden


def hide_until_safe(system: CountSystem, profile: Profile, already_hidden: set[Unit]) -> Audit:
    """Hide further units, the smallest first, until no protected cell can be worked out.

    Parameters
    ----------
    already_hidden
        Units that are hidden already; not changed.

    Raises
    ------
    DisclosureError
        If the sums are too many to be judged, or a count cannot be made safe.
    """
    hidden, beside_sums = set(already_hidden), set()
    groups = _components(system)
    largest = max((len(tied.sums) for tied in groups.values() if tied), default=0)
    if largest > LARGEST_SYSTEM:
        raise DisclosureError(
            f"outputs of one population must have at most {LARGEST_SYSTEM:,} sums to be judged "
            f"together: {largest:,} were found. Make smaller tables."
        )
    findings: dict[Cell, Finding] = {}
    waiting = list(protected_cells(system, profile))
    while waiting:
        cell = waiting[0]
        finding = attack(system, profile, hidden, cell, groups[cell])
        findings[cell] = finding
        if finding.safe:
            waiting.pop(0)
            continue
        further = _next_to_hide(system, hidden, cell, groups[cell])
        if not further:
            raise DisclosureError("a count under the minimum could be worked out: review it.")
        hidden |= further
        if cell not in system.steps:
            beside_sums |= further
    return Audit(frozenset(hidden), tuple(findings.values()), frozenset(beside_sums))


def attack(
    system: CountSystem, profile: Profile, hidden: set[Unit], cell: Cell, sums: Sums | None
) -> Finding:
    """Bound one cell from everything shown that is tied to it.

    Each sum by itself is tried first: what it gives away needs no linear programme.
    """
    if sums is None:
        low, high = _range(system, profile, hidden, cell, target=cell)
        high = math.inf if high is None else high
        return _finding(system, profile, cell, low, high)
    for number in sums.touching[cell]:
        low, high = _bounds_of_one_sum(system, profile, hidden, cell, sums.sums[number])
        found = _finding(system, profile, cell, low, high)
        if not found.safe:
            return found
    low, high = _bounds(system, profile, hidden, cell, sums)
    return _finding(system, profile, cell, low, high)


def _finding(system: CountSystem, profile: Profile, cell: Cell, low: float, high: float) -> Finding:
    safe = low <= _floor(cell, profile) + 1e-6 and high >= profile.minimum_count - 1e-6
    return Finding(cell, system.values[cell], low, high, safe)


def _bounds_of_one_sum(
    system: CountSystem, profile: Profile, hidden: set[Unit], cell: Cell, one: Sum
) -> tuple[float, float]:
    """What one sum says of one of its cells, from the ranges of the others."""

    def span(other: Cell) -> tuple[float, float]:
        low, high = _range(system, profile, hidden, other, target=cell)
        return low, math.inf if high is None else high

    own = span(cell)
    others = [span(part) for part in one.parts if part != cell]
    low, high = sum(o[0] for o in others), sum(o[1] for o in others)
    if cell != one.total:
        total = span(one.total)
        low, high = total[0] - high, total[1] - low
    return max(own[0], low), min(own[1], high)


def _bounds(
    system: CountSystem, profile: Profile, hidden: set[Unit], cell: Cell, sums: Sums
) -> tuple[float, float]:
    import numpy as np
    from scipy.optimize import linprog

    ranges = [_range(system, profile, hidden, c, target=cell) for c in sums.column]
    aim = np.zeros(len(sums.column))
    aim[sums.column[cell]] = 1
    ends = []
    for sign in (1, -1):
        solved = linprog(
            sign * aim,
            A_eq=sums.matrix,
            b_eq=np.zeros(len(sums.sums)),
            bounds=ranges,
            method="highs",
        )
        if solved.status == 0:
            ends.append(sign * float(solved.fun))
        elif solved.status in (3, 4) and sign == -1:  # unbounded above
            ends.append(math.inf)
        else:
            raise DisclosureError("the audit of hidden counts did not finish: review by hand.")
    return ends[0], ends[1]


def _range(
    system: CountSystem, profile: Profile, hidden: set[Unit], cell: Cell, *, target: Cell
) -> tuple[float, float | None]:
    """Return what is known of one cell by itself."""
    value = system.values[cell]
    if cell in system.slack and cell != target:
        return value, value
    if all(unit in hidden for unit in system.shown_by.get(cell, ())):
        return _floor(cell, profile), None
    rounded = to_base(value, profile.rounding_base)
    if rounded == 0:
        return 0, 0
    low, high = range_behind(rounded, profile.rounding_base)
    return max(low, profile.minimum_count), high


def _floor(cell: Cell, profile: Profile) -> int:
    """Least that a hidden count may be: where zeros are shown, hidden people are at least one."""
    return int(not profile.zeros_disclosive and len(cell) == 5 and cell[2] == "people")


def _next_to_hide(
    system: CountSystem, hidden: set[Unit], cell: Cell, sums: Sums | None
) -> set[Unit]:
    """Choose the smallest shown cell beside the one in danger; a total only if nothing else is."""
    near = [sums.sums[number] for number in sums.touching[cell]] if sums else []
    for chosen in (near, sums.sums if sums else ()):
        totals = {one.total for one in chosen}
        shown = [
            c
            for c in {c for one in chosen for c in (one.total, *one.parts)}
            if any(unit not in hidden for unit in system.shown_by.get(c, ()))
        ]
        if shown:
            smallest = min(shown, key=lambda c: (c in totals, system.values[c], repr(c)))
            return set(system.shown_by[smallest]) - hidden
    return set(system.shown_by.get(cell, ())) - hidden


def _components(system: CountSystem) -> dict[Cell, Sums | None]:
    """For each cell, all sums that are tied to it, directly or not; None where there are none."""
    touching: dict[Cell, list[Sum]] = defaultdict(list)
    for one in system.sums:
        for cell in (one.total, *one.parts):
            touching[cell].append(one)
    found: dict[Cell, Sums | None] = {}
    for start in system.values:
        if start in found:
            continue
        tied: dict[Sum, None] = {}
        cells, queue = {start}, [start]
        while queue:
            for one in touching[queue.pop()]:
                if one not in tied:
                    tied[one] = None
                    new = {one.total, *one.parts} - cells
                    cells |= new
                    queue += new
        found |= dict.fromkeys(cells, Sums.of(tuple(tied)) if tied else None)
    return found
