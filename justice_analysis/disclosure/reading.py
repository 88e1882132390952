"""How a count is read where it is shown: as it is, or as the range behind its rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from justice_analysis.disclosure.cells import Cell, CountSystem, Sum, Unit
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.rounding import range_behind, to_base


@dataclass(frozen=True)
class Reading:
    """What can be read from a count that is shown.

    Attributes
    ----------
    mechanism
        `none` and `suppress` show true counts, `round` and `suppress_then_round` rounded ones.
    """

    mechanism: str
    base: int
    minimum: int

    @classmethod
    def of(cls, profile: Profile, kind: str) -> Reading:
        """Return how counts of this kind of output are read under a profile."""
        return cls(profile.mechanism[kind], profile.rounding_base, profile.minimum_count)

    @property
    def rounds(self) -> bool:
        """Whether counts are rounded at all."""
        return self.mechanism in ("round", "suppress_then_round")

    def shown(self, value: float) -> int:
        """Return a count as it is written."""
        return to_base(value, self.base) if self.rounds else int(value)

    def range_of(self, value: float) -> tuple[float, float]:
        """Return the least and the most that a count may be, from how it is written.

        Where small counts are hidden, one that is shown is known to be none of these.
        """
        if not self.rounds:
            return value, value
        rounded = to_base(value, self.base)
        if self.mechanism == "round":
            return range_behind(rounded, self.base)
        if rounded == 0:
            return min(value, 0), max(value, 0)
        low, high = range_behind(rounded, self.base)
        return min(max(low, self.minimum), value), high


def count_base(kind: str, profile: Profile) -> int:
    """Return the base to which counts of a kind of output are rounded; 1 shows true counts."""
    return profile.rounding_base if Reading.of(profile, kind).rounds else 1


def read_apart(system: CountSystem, readings: Mapping[Unit, Reading]) -> CountSystem:
    """Tell apart what a count is read as in outputs of different mechanisms.

    A count that one output shows as it is and another rounded becomes a cell for each reading,
    all equal: while only the second is shown, only its range is known.
    """
    values, shown_by, sums = dict(system.values), dict(system.shown_by), list(system.sums)
    for cell, units in system.shown_by.items():
        groups: dict[Reading, list[Unit]] = {}
        for unit in units:
            groups.setdefault(readings[unit], []).append(unit)
        first, *others = groups
        shown_by[cell] = tuple(groups[first])
        for reading in others:
            again: Cell = ("read again", cell, (reading.mechanism, reading.base, reading.minimum))
            values[again] = values[cell]
            shown_by[again] = tuple(groups[reading])
            sums.append(Sum(cell, (again,)))
    return replace(system, values=values, shown_by=shown_by, sums=tuple(sums))
