"""What proves a decision to whoever checks it: rule by rule, row by row, cell by cell."""

from __future__ import annotations

import math
from collections.abc import Iterable

from justice_analysis.disclosure.attacker.hiding import Hiding
from justice_analysis.disclosure.attacker.tied import Finding, components
from justice_analysis.disclosure.cells import Cell, CountSystem, Name, Unit
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected

SCOPE = (
    "The attacker is a linear programme over all counts of these populations that leave together "
    "or have left, their sums, and the rounding; counts are not negative. Ranges are those of "
    "real numbers unless a proof in whole numbers is named. People counted in outputs that were "
    "not given to it, and what somebody knows from elsewhere, are beyond it."
)
Rule = dict[str, str]


def rule(name: str, status: str, detail: str) -> Rule:
    """Write the result of one rule."""
    return {"rule": name, "status": status, "detail": detail}


def evidence_of(hiding: Hiding, number: int, profile: Profile) -> dict[str, object]:
    """Collect what was found of one candidate; plain numbers and words, never to leave.

    Returns
    -------
    dict
        `hidden`: positions of hidden rows (or curves). `why`: reasons by row. `rules`: results.
        `attacker`: the range left of each protected count of its people; `sums`: of each hidden
        sum of a quantity. `attack_method`: sizes and how hidden rows were found. `unsafe`: counts
        that what left before gives away, with the rows that show something of them. `earlier`:
        labels of what left and counts the same people.
    """
    rows = hiding.rows(number)
    cells = _cells_near(hiding, number)
    own = [finding for finding in hiding.findings if finding.cell in cells]
    known = [finding for finding in hiding.attack.known_before if finding.cell in cells]
    earlier = _earlier(hiding, cells)
    return {
        "hidden": sorted(rows),
        "why": {str(row): list(hiding.reasons[number, row]) for row in sorted(rows)},
        "rules": _rules(hiding, number, own, known, profile),
        "attacker": [_range(finding) for finding in own],
        **_sums(hiding, number, profile),
        "attack_method": _method(hiding, own),
        "unsafe": [_unsafe(hiding, finding) for finding in known],
        "earlier": earlier,
        "scope": SCOPE,
    }


def merged_steps(protected: Protected) -> dict[str, object]:
    """Say which steps of a selection are hidden, once it is protected."""
    shown = list(protected.table["shown"])
    hidden = [row for row, mark in enumerate(shown) if mark != "yes"]
    why = "it differs by too few people from the step after it, or from a number shown elsewhere"
    return {"hidden": hidden, "why": {str(row): [why] for row in hidden}}


def nothing_protected() -> dict[str, object]:
    """Evidence under a profile by which nobody in the data has to be protected."""
    return {"hidden": [], "rules": [rule("mechanism", "pass", "None: the data may be shown.")]}


def earlier_labels(hiding: Hiding, number: int) -> list[str]:
    """Name what left before and hangs together with the counts of a candidate."""
    return _earlier(hiding, _cells_near(hiding, number))


def in_words(cell: Cell) -> str:
    """Name a cell for a person: what is counted, in which group, or what it is the rest of."""
    first = cell[0]
    if isinstance(first, Name):
        group = ", ".join(f"{name} {value}" for name, value in first.group) or "everyone"
        return f"{first.role}: {group}"
    inner = [in_words(part) for part in cell[1:] if isinstance(part, tuple) and _is_cell(part)]
    if first == "margin" and isinstance(cell[1], Name):
        return f"{in_words((cell[1],))} (added up)"
    if first == "without":
        return f"{inner[1]}, without {inner[0]}"
    if first == "joint":
        return "joint cell"
    return f"{first}: " + "; ".join(inner) if inner else str(first)


def _is_cell(part: tuple[object, ...]) -> bool:
    return bool(part) and isinstance(part[0], (Name, str))


def _cells_near(hiding: Hiding, number: int) -> set[Cell]:
    """Cells of the population of a candidate: tied to any that it states."""
    if hiding.counted is None:
        return set()
    stated = {
        cell
        for unit, by_role in hiding.counted.cells.items()
        if unit[0] == number
        for cell in by_role.values()
    }
    near: set[Cell] = set(stated)
    for cells, _ in components(hiding.counted.system):
        if stated & set(cells):
            near |= set(cells)
    return near


def _earlier(hiding: Hiding, cells: set[Cell]) -> list[str]:
    if hiding.counted is None:
        return []
    shown_by = hiding.counted.system.shown_by
    numbers = {unit[0] for cell in cells for unit in shown_by.get(cell, ())}
    return [hiding.tables[n].label for n in sorted(numbers) if hiding.tables[n].past is not None]


def _range(finding: Finding) -> dict[str, object]:
    return {
        "cell": in_words(finding.cell),
        "true": _plain(finding.true),
        "low": _plain(finding.low),
        "high": _plain(finding.high),
        "needed_low": _plain(finding.needed[0]),
        "needed_high": _plain(finding.needed[1]),
        "safe": finding.safe,
        "proof": finding.proof,
    }


def _sums(hiding: Hiding, number: int, profile: Profile) -> dict[str, object]:
    """Ranges left of the hidden sums of a quantity, where the output has one: `sums`."""
    from justice_analysis.disclosure.amounts import hiding as hidden_amounts
    from justice_analysis.disclosure.amounts import problem as amount_problem

    population = hiding.tables[number].output.population_hash if number in hiding.tables else ""
    if not population or hiding.tables[number].output.kind not in ("magnitude", "summary"):
        return {}
    tables = list(hiding.tables.items())
    found = hidden_amounts.ranges_of_hidden(
        [table.output for _, table in tables],
        {
            (place, row)
            for place, (n, table) in enumerate(tables)
            for row in (hiding.rows(n) if table.past is None else table.past.hidden)
        },
        profile,
        profiles=[table.profile for _, table in tables],
    )
    return {
        "sums": [
            {"cell": amount_problem.in_words(name)}
            | {side: _plain(end) for side, end in ends._asdict().items()}
            for name, ends in found.items()
            if amount_problem.population_of(name) == population
        ]
    }


def _unsafe(hiding: Hiding, finding: Finding) -> dict[str, object]:
    """Describe a count that nothing can protect any more, with the rows that are about it."""
    assert hiding.counted is not None
    units = _units_about(hiding.counted.system, finding.cell)
    return {
        **_range(finding),
        "units": [
            {
                "output": hiding.tables[number].label,
                "row": row,
                "left_before": hiding.tables[number].past is not None,
            }
            for number, row in sorted(units)
        ],
    }


def _units_about(system: CountSystem, cell: Cell) -> set[Unit]:
    """Units that show a cell, or a cell in one sum with it."""
    near = {cell}
    for one in system.sums:
        if cell == one.total or cell in one.parts:
            near |= {one.total, *one.parts}
    return {unit for other in near for unit in system.shown_by.get(other, ())}


def _method(hiding: Hiding, own: Iterable[Finding]) -> dict[str, object]:
    parts = hiding.attack.parts
    return {
        "protected_counts": len(list(own)),
        "cells": sum(part.cells for part in parts),
        "sums": sum(part.sums for part in parts),
        "found_by": sorted({part.method for part in parts}),
        "proof": sorted({finding.proof for finding in own}),
    }


def _rules(
    hiding: Hiding, number: int, own: list[Finding], known: list[Finding], profile: Profile
) -> list[Rule]:
    """Say of each rule on counts what it found: how many rows, never which values."""
    from justice_analysis.disclosure.attacker import primary

    by_row = [{*why} for (output, _), why in hiding.reasons.items() if output == number]

    def found(name: str, reasons: tuple[str, ...], ending: str = "") -> Rule:
        count = sum(bool(why & {*reasons}) for why in by_row)
        rows = "1 row is" if count == 1 else f"{count} rows are"
        return rule(name, "pass", f"{rows} hidden{ending}." if count else "No row breaks it.")

    unsafe = len({f.cell for f in known} | {f.cell for f in own if not f.safe})
    counts = "1 protected count was" if len(own) == 1 else f"{len(own)} protected counts were"
    audit = f"{counts} attacked: " + (
        f"{unsafe} {'was' if unsafe == 1 else 'were'} known from what left before, and no better "
        "known now."
        if unsafe
        else "none can be worked out."
    )
    return [
        found("minimum_count", (primary.PEOPLE, primary.WITHOUT)),
        found("zeros_disclosive", (primary.NOBODY,)),
        found("class_disclosure", (primary.ONE_CLASS,)),
        found("families, cases, organisations", (primary.BEHIND,)),
        found("rules of its kind", (primary.ELSE,)),
        found("secondary suppression", (primary.BESIDE,), " as well"),
        rule("attack", "pass" if not unsafe else "look", audit),
    ]


def _plain(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) else rounded


def fail(name: str, *reasons: str) -> dict[str, object]:
    """Evidence of a rule that was broken before anything was attacked."""
    return {"rules": [rule(name, "fail", reason) for reason in reasons]}


def review(*reasons: str) -> dict[str, object]:
    """Evidence of what has no rule."""
    return {"rules": [rule("no rule", "review", reason) for reason in reasons]}
