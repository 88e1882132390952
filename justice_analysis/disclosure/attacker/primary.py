"""What must be hidden for its own sake, and why; and what an attacker may not work out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from justice_analysis.disclosure.cells import Cell, Counted, CountSystem, Unit, least_hidden
from justice_analysis.disclosure.profiles.profile import Profile

PEOPLE = "it counts fewer people than the minimum"
WITHOUT = "those without the outcome are fewer than the minimum"
NOBODY = "it counts nobody"
ONE_CLASS = "everyone, or nobody, of a group is in it"
BEHIND = "too few families, cases, organisations or people are behind it"
ELSE = "a rule on this kind of output hides it"
BESIDE = "another number could be worked out from it"
"""Why a row is hidden, in words for the checker."""


@dataclass
class Primary:
    """Reasons to hide units, and the range that an attacker's must reach, by cell."""

    reasons: dict[Unit, list[str]] = field(default_factory=lambda: defaultdict(list))
    needs: dict[Cell, tuple[float, float]] = field(default_factory=dict)

    def hide(self, units: Iterable[Unit], reason: str) -> None:
        """Hide units for a reason."""
        for unit in units:
            if reason not in self.reasons[unit]:
                self.reasons[unit].append(reason)

    def protect(self, cell: Cell, low: float, high: float) -> None:
        """Protect a cell; of two needs the wider counts."""
        least, most = self.needs.get(cell, (low, high))
        self.needs[cell] = (min(low, least), max(high, most))

    @property
    def hidden(self) -> set[Unit]:
        """All units with a reason."""
        return {unit for unit, reasons in self.reasons.items() if reasons}


def primary(counted: Counted, profile: Profile) -> Primary:
    """Find what is too small or too alike to be known."""
    found = Primary()
    system = counted.system
    for cell, reason in _too_small(system, profile):
        value = system.values[cell]
        found.protect(cell, _least(cell, system, profile), max(profile.minimum_count, value))
        found.hide(system.shown_by.get(cell, ()), reason)
    for numerator, without in _complements(system):
        if without in found.needs:
            found.hide(system.shown_by.get(numerator, ()), WITHOUT)
    if profile.class_disclosure and not profile.zeros_disclosive:
        _one_class(found, system, profile)
    return found


def protect_columns(
    found: Primary, counted: Counted, unit: Unit, columns: Iterable[str], profile: Profile
) -> None:
    """Protect counts of a row (`people` is its people) with too few families, cases or bodies."""
    wanted = set(columns)
    for role, cell in counted.cells.get(unit, {}).items():
        if role.split(" ", 1)[-1] in wanted:
            system = counted.system
            most = max(profile.minimum_count, system.values[cell])
            found.protect(cell, _least(cell, system, profile), most)
    found.hide([unit], BEHIND)


def _least(cell: Cell, system: CountSystem, profile: Profile) -> float:
    return least_hidden(system, cell, zeros_hidden=profile.zeros_disclosive)


def _too_small(system: CountSystem, profile: Profile) -> Iterator[tuple[Cell, str]]:
    for cell, value in system.values.items():
        if 0 < value < profile.minimum_count:
            yield cell, PEOPLE
        elif value == 0 and profile.zeros_disclosive and cell not in system.steps:
            yield cell, NOBODY


def _complements(system: CountSystem) -> Iterator[tuple[Cell, Cell]]:
    """Those with an outcome, and those without it."""
    for one in system.sums:
        if one.parts[-1:] and one.parts[-1][0] == "without":
            yield one.parts[0], one.parts[-1]


def _one_class(found: Primary, system: CountSystem, profile: Profile) -> None:
    """Hide what says that all or none of a group have an outcome, or are of one sort."""
    for numerator, without in _complements(system):
        if system.values[numerator] == 0 or system.values[without] == 0:
            empty = numerator if system.values[numerator] == 0 else without
            found.protect(empty, 0.0, profile.minimum_count)
            found.hide(system.shown_by.get(numerator, ()), ONE_CLASS)
    for line in system.lines:
        full = [part for part in line.parts if system.values[part] > 0]
        if len(full) == 1 and len(line.parts) > 1:
            for part in line.parts:
                if part != full[0]:
                    found.protect(part, 0.0, profile.minimum_count)
                found.hide(system.shown_by.get(part, ()), ONE_CLASS)
