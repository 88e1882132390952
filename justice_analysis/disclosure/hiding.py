"""What to hide of outputs that leave together, beside all that left before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure import counted as behind
from justice_analysis.disclosure import hidden_amounts
from justice_analysis.disclosure.attack import Attack, Attacker, Finding
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import (
    ALL,
    Counted,
    Unit,
    count_system,
    dimensions_without_effect,
    is_total,
    unit_rows,
)
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.disclosure.kinds.curves import curves_of
from justice_analysis.disclosure.past import Past
from justice_analysis.disclosure.primary import (
    BESIDE,
    ELSE,
    Primary,
    primary,
    protect_columns,
)
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.reading import Reading

UNCOUNTED = ("attrition",)
"""Kinds whose counts are compared step by step, and stand in no sums."""


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
    tables = _tables(candidates, profile, past)
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
    fails = _rounding_fails(attacker, tables, first)
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


def _tables(
    candidates: Mapping[int, Candidate], profile: Profile, past: Sequence[Past]
) -> dict[int, Table]:
    """Number everything that states counts: candidates by their own numbers, then the past."""
    found = {
        number: Table(one.output, RULES[one.output.kind].stated(one.output, profile), profile,
                      one.id)
        for number, one in candidates.items()
        if one.output.kind not in UNCOUNTED
    }  # fmt: skip
    after = max(candidates, default=-1) + 1
    for place, left in enumerate(past):
        kind = left.output.kind
        if kind in RULES and kind not in UNCOUNTED:
            stated = RULES[kind].stated(left.output, left.profile)
            found[after + place] = Table(left.output, stated, left.profile, left.label, left)
    return found


def _first(counted: Counted, tables: Mapping[int, Table], profile: Profile) -> Primary:
    """Hide what is too small, too alike, about too few families, or hidden by its kind's rules."""
    found = primary(counted, profile)
    for number, table in tables.items():
        output = table.output
        for row, columns in behind.protected_units(output, table.stated, profile).items():
            wanted = {"people" if name == output.roles.people else name for name in columns}
            protect_columns(found, counted, (number, row), wanted, profile)
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
    return Attacker(counted.system, readings, first.needs, cost, profile.zeros_disclosive)


def _cost(counted: Counted, unit: Unit) -> float:
    """People that hiding a row loses; of the same people, rather those with fewer outcomes."""
    values = [counted.system.values[cell] for cell in counted.cells[unit].values()]
    return values[0] + sum(values[1:]) / 1000


def _fixed(tables: Mapping[int, Table], attacker: Attacker) -> tuple[set[Unit], set[Unit]]:
    """Units that left shown (or are rounded and never hidden), and units that left hidden."""
    shown: set[Unit] = set()
    hidden: set[Unit] = set()
    for unit in attacker.readings:
        table = tables[unit[0]]
        if table.past is not None:
            (hidden if unit[1] in table.past.hidden else shown).add(unit)
        elif table.mechanism == "round":
            shown.add(unit)
    return shown, hidden


def _rounding_fails(
    attacker: Attacker, tables: Mapping[int, Table], first: Primary
) -> dict[int, int]:
    """Count what rounding alone gives away, by candidate; what left before is not its doing."""
    rounded = {n for n, t in tables.items() if t.past is None and t.mechanism == "round"}
    if not rounded:
        return {}
    shown, hidden = _fixed(tables, attacker)
    most_hidden = {unit for unit in attacker.readings if unit not in shown} | hidden
    without = most_hidden | {unit for unit in shown if unit[0] in rounded}
    left = {unit for unit in shown if unit[0] not in rounded}
    known = {f.cell for f in attacker.hide(without, left).known_before}
    told = [f.cell for f in attacker.hide(most_hidden, shown).known_before if f.cell not in known]
    fails: dict[int, int] = {}
    for cell in told:
        own = {unit[0] for unit in attacker.system.shown_by.get(cell, ())} & rounded
        for number in own or rounded:
            fails[number] = fails.get(number, 0) + 1
    thin = {unit for unit, reasons in first.reasons.items() if unit[0] in rounded and
            set(reasons) & {ELSE}}  # fmt: skip
    for number, _ in thin:
        fails[number] = fails.get(number, 0) + 1
    return fails


def _hide_with_curves(
    attacker: Attacker, tables: Mapping[int, Table], first: Primary, profile: Profile
) -> Attack:
    """Hide until nothing can be worked out, of sums, nor of curves that say the same again."""
    shown, left_hidden = _fixed(tables, attacker)
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
            more |= _curves_that_repeat(attacker, attack, own, first, profile)
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


def _curves_that_repeat(
    attacker: Attacker,
    attack: Attack,
    tables: Mapping[int, Table],
    first: Primary,
    profile: Profile,
) -> set[Unit]:
    """Find curves that would say again, at a horizon, the count that a sum made us hide."""
    curves = {n: table for n, table in tables.items() if table.output.kind == "survival"}
    populations = {table.output.population_hash for table in curves.values()}
    secondary = sorted(
        unit
        for unit in attack.hidden - first.hidden
        if unit[0] in tables
        and unit[0] not in curves
        and tables[unit[0]].output.population_hash in populations
    )
    counts = [cell for cell in attacker.needs if cell not in attacker.system.steps]
    found: set[Unit] = set()
    for unit in secondary:
        if attacker.is_safe(attack.hidden - {unit}, counts):
            continue  # it was hidden for a difference: curves have a rule of their own for these
        other = tables[unit[0]].stated
        row = unit_rows(other).iloc[unit[1]].to_dict()
        along = dimensions_without_effect(other)  # horizons and causes: the same people
        for number, table in curves.items():
            if table.output.population_hash != other.population_hash:
                continue
            found |= {
                (number, place)
                for place, curve in enumerate(curves_of(table.output, profile))
                if _same_group(
                    curve.group,
                    {d: row[d] for d in other.dimensions if d in curve.group or d not in along},
                )
            }
    return found


def _same_group(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two groups are the same people; a dimension that is not named is a total."""
    return all(
        one.get(name, ALL) == other.get(name, ALL)
        or (is_total(one.get(name, ALL)) and is_total(other.get(name, ALL)))
        for name in {*one, *other}
    )
