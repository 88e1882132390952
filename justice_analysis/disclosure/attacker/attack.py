"""What an attacker can work out of hidden counts, and what more must be hidden.

The attacker knows the rules, every count that is shown (as it is, or as the range behind its
rounding), every sum, and that counts are not negative. A protected count is safe when what
follows still allows both nobody (one person where zeros are shown) and the threshold. The
linear programmes are `suppression`'s; here the counts of outputs become its problems, one for
each set of sums that hang together.

Bounds are those of real numbers, as usual in audits. Whole numbers can only be told apart better
where tables of three and more dimensions interlock: there a witness in whole numbers is looked
for as well, and how far that went is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from justice_analysis.disclosure.attacker.tied import Finding, Known, Tied, components
from justice_analysis.disclosure.cells import Cell, Unit


@dataclass(frozen=True)
class Part:
    """One set of sums that hang together: its size, and how what to hide in it was found."""

    cells: int
    sums: int
    hidden: int
    method: str


@dataclass(frozen=True)
class Attack:
    """The units hidden, and of which cells nothing could be kept.

    Attributes
    ----------
    known_before
        Cells that units which must stay shown give away, whatever else is hidden; what is
        hidden keeps them from being known any closer.
    """

    hidden: frozenset[Unit]
    parts: tuple[Part, ...] = ()
    known_before: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Attacker(Known):
    """Someone who knows all that, and works out the rest."""

    def hide(self, hidden: Set[Unit], shown: Set[Unit]) -> Attack:
        """Hide further units until no protected cell can be worked out.

        Parameters
        ----------
        hidden, shown
            Units that must be hidden, and that can't be.

        Raises
        ------
        DisclosureError
            If the counts are too many to be judged together, or the audit does not finish.
        """
        found: set[Unit] = set(hidden)
        before: list[Finding] = []
        parts = []
        for cells, sums in components(self.system):
            if not any(cell in self.needs for cell in cells):
                continue
            part = Tied.of(self, cells, sums, found, shown)
            part, known = part.without_known()
            solved, method = part.suppressed()
            found |= part.named(solved)
            before += known
            parts.append(Part(len(cells), len(sums), int(solved.sum()), method))
        return Attack(frozenset(found), tuple(parts), tuple(before))

    def findings(self, hidden: Set[Unit]) -> list[Finding]:
        """Say what is learnt of every protected cell once units are hidden."""
        found = []
        for cells, sums in components(self.system):
            if any(cell in self.needs for cell in cells):
                part = Tied.of(self, cells, sums, hidden, frozenset())
                found += part.findings(part.problem.fixed_hidden)
        return found

    def is_safe(self, hidden: Set[Unit], cells: Iterable[Cell]) -> bool:
        """Whether some cells are safe with just these units hidden."""
        from justice_analysis.disclosure.suppression import audit

        wanted = {cell: self.needs[cell] for cell in cells}
        attacker = replace(self, needs=wanted)
        for tied, sums in components(self.system):
            if any(cell in wanted for cell in tied):
                part = Tied.of(attacker, tied, sums, hidden, frozenset())
                if audit(part.problem, part.problem.fixed_hidden).unsafe.any():
                    return False
        return True
