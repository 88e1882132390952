"""What to hide of outputs that leave together, beside all that left before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from justice_analysis.disclosure.amounts import hiding as hidden_amounts
from justice_analysis.disclosure.attacker.attack import Attack, Attacker, Finding
from justice_analysis.disclosure.attacker.curves_beside import curves_that_repeat
from justice_analysis.disclosure.attacker.leaving import UNCOUNTED, Table, fixed_units, tables_of
from justice_analysis.disclosure.attacker.primary import (
    BESIDE,
    ELSE,
    Primary,
    primary,
    protect_columns,
)
from justice_analysis.disclosure.attacker.rounding_alone import rounding_fails
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import Counted, Unit, count_system
from justice_analysis.disclosure.counted import rules as behind
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.kinds import RULES, dominance, histogram
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import Reading, read_apart


@dataclass(frozen=True, eq=False)
class Hiding:
    """Units to hide, why, and what an attacker still learns.

    Attributes
    ----------
    hidden
        Rows (or curves) by number of the candidate.
    reasons
        Why, by unit: number of the candidate and row.
    rounding_fails
        Candidates whose rounding by itself does not keep a count, with how many such counts.
    beyond
        Candidates with counts above those of a population said to contain theirs, and how many.
    tables
        Everything judged, candidates by their numbers and what left before after them.
    """

    hidden: Mapping[int, frozenset[int]] = field(default_factory=dict)
    reasons: Mapping[Unit, tuple[str, ...]] = field(default_factory=dict)
    attack: Attack = field(default_factory=lambda: Attack(frozenset()))
    findings: tuple[Finding, ...] = ()
    counted: Counted | None = None
    tables: Mapping[int, Table] = field(default_factory=dict)
    rounding_fails: Mapping[int, int] = field(default_factory=dict)
    beyond: Mapping[int, int] = field(default_factory=dict)

    def rows(self, number: int) -> set[int]:
        """Rows (or curves) of one candidate to hide."""
        return set(self.hidden.get(number, ()))


def hide_together(
    candidates: Mapping[int, Candidate], profile: Profile, past: Sequence[Past] = ()
) -> Hiding:
    """Find the rows and curves to hide, over everything that leaves or has left.

    Parameters
    ----------
    candidates
        By number; under a profile that protects them, and judgeable by themselves.

    Raises
    ------
    DisclosureError
        If they can't be judged together.
    """
    tables = tables_of(candidates, profile, past)
    if not any(table.past is None for table in tables.values()):
        return Hiding()
    counted = count_system(
        {number: table.stated for number, table in tables.items()},
        threshold=profile.minimum_count,
    )
    beyond = {
        number: counted.beyond[table.output.population_hash]
        for number, table in tables.items()
        if table.past is None and table.output.population_hash in counted.beyond
    }
    if beyond:
        return Hiding(tables=tables, beyond=beyond)
    first = _first(counted, tables, profile)
    attacker = _attacker(counted, tables, first, profile)
    fails = rounding_fails(attacker, tables, first, counted.system)
    if fails:
        return Hiding(tables=tables, rounding_fails=fails)
    attack = _hide_with_curves(attacker, tables, first, profile)
    reasons = {
        unit: tuple(first.reasons.get(unit) or (BESIDE,))
        for unit in sorted(attack.hidden)
        if tables[unit[0]].past is None
    }
    hidden: dict[int, set[int]] = {}
    for number, row in reasons:
        hidden.setdefault(number, set()).add(row)
    return Hiding(
        {number: frozenset(rows) for number, rows in hidden.items()},
        reasons,
        attack,
        tuple(attacker.findings(attack.hidden)),
        counted,
        tables,
    )


def _first(counted: Counted, tables: Mapping[int, Table], profile: Profile) -> Primary:
    """Hide what is too small, too alike, about too few families, or hidden by its kind's rules."""
    found = primary(counted, profile)
    for number, table in tables.items():
        output = table.output
        if output.kind in UNCOUNTED:
            continue  # steps have rules of their own, and no groups
        for row, columns in behind.protected_units(output, table.stated, profile).items():
            wanted = {"people" if name == output.roles.people else name for name in columns}
            protect_columns(found, counted, (number, row), wanted, profile)
        few = dominance.people_of_few(table.stated, profile)
        for row in few | histogram.behind_few(table.stated, profile):
            protect_columns(found, counted, (number, row), {"people"}, profile)
        if table.past is None:
            thin = RULES[output.kind].thin(output, profile)
            found.hide(((number, row) for row in thin), ELSE)
    return found


def _attacker(
    counted: Counted, tables: Mapping[int, Table], first: Primary, profile: Profile
) -> Attacker:
    readings = {
        unit: Reading.of(tables[unit[0]].profile, tables[unit[0]].output.kind)
        for unit in counted.cells
    }
    cost = {unit: _cost(counted, unit) for unit in counted.cells}
    system = read_apart(counted.system, readings)
    return Attacker(system, readings, first.needs, cost, profile.zeros_disclosive)


def _cost(counted: Counted, unit: Unit) -> float:
    """People that hiding a row loses; of the same people, rather those with fewer outcomes."""
    values = [counted.system.values[cell] for cell in counted.cells[unit].values()]
    return values[0] + sum(values[1:]) / 1000


def _hide_with_curves(
    attacker: Attacker, tables: Mapping[int, Table], first: Primary, profile: Profile
) -> Attack:
    """Hide until nothing can be worked out, of sums, nor of curves that say the same again."""
    shown, left_hidden = fixed_units(tables, attacker.readings)
    hidden = (first.hidden | left_hidden) - shown
    own = {number: table for number, table in tables.items() if table.past is None}
    while True:
        attack = attacker.hide(hidden, shown)
        more = {
            (number, unit)
            for number, table in own.items()
            for unit in RULES[table.output.kind].further(
                table.output, _of(attack.hidden, number), profile
            )
        }
        if any(table.output.kind == "survival" for table in own.values()):
            more |= curves_that_repeat(attacker, attack, own, first, profile)
        more |= _rows_that_tell_sums(tables, attack, profile)
        more -= shown
        if more <= attack.hidden:
            return attack
        hidden = set(attack.hidden) | more


def _rows_that_tell_sums(
    tables: Mapping[int, Table], attack: Attack, profile: Profile
) -> set[Unit]:
    """Find rows from which a hidden sum of a quantity could be worked out."""
    numbers = list(tables)
    at = {number: place for place, number in enumerate(numbers)}
    found = hidden_amounts.further_to_hide(
        [tables[number].output for number in numbers],
        {(at[number], row) for number, row in attack.hidden},
        profile,
        profiles=[tables[number].profile for number in numbers],
        released=[at[number] for number in numbers if tables[number].past is not None],
    )
    return {(numbers[place], row) for place, row in found}


def _of(units: frozenset[Unit], number: int) -> set[int]:
    return {row for output, row in units if output == number}
