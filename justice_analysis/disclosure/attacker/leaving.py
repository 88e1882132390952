"""Everything that states counts: what is asked for, and what left before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import Unit
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.disclosure.profiles.profile import Profile

UNCOUNTED = ("attrition",)
"""Kinds whose counts are compared step by step; in sums they only repeat what others state."""


@dataclass(frozen=True, eq=False)
class Table:
    """One output, as it is and as an attacker reads it, under the rules it leaves by."""

    output: Output
    stated: Output
    profile: Profile
    label: str
    past: Past | None = None

    @property
    def mechanism(self) -> str:
        """What is done to its numbers."""
        return self.profile.mechanism[self.output.kind]


def tables_of(
    candidates: Mapping[int, Candidate], profile: Profile, past: Sequence[Past]
) -> dict[int, Table]:
    """Number everything that states counts: candidates by their own numbers, then the past."""
    found = {
        number: Table(one.output, RULES[one.output.kind].stated(one.output, profile), profile,
                      one.id)
        for number, one in candidates.items()
    }  # fmt: skip
    after = max(candidates, default=-1) + 1
    for place, left in enumerate(past):
        kind = left.output.kind
        if kind in RULES:
            stated = RULES[kind].stated(left.output, left.profile)
            found[after + place] = Table(left.output, stated, left.profile, left.label, left)
    return found


def fixed_units(tables: Mapping[int, Table], units: Iterable[Unit]) -> tuple[set[Unit], set[Unit]]:
    """Units that left shown (or are rounded and never hidden), and units that left hidden."""
    shown: set[Unit] = set()
    hidden: set[Unit] = set()
    for unit in units:
        table = tables[unit[0]]
        if table.past is not None:
            (hidden if unit[1] in table.past.hidden else shown).add(unit)
        elif table.mechanism == "round":
            shown.add(unit)
    return shown, hidden
