"""Judge candidates together: what one shows may give away what another hides."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure import counted, together
from justice_analysis.disclosure.attack import Finding, hide_until_safe, units_below_minimum
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import (
    ALL,
    Unit,
    count_system,
    dimensions_without_effect,
    everyone_counted,
    is_total,
    unit_rows,
)
from justice_analysis.disclosure.kinds import RULES, Beside, survival
from justice_analysis.disclosure.kinds.tables import count_problems
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.verdict import Judged, Protected, Verdict
from justice_analysis.disclosure.wording import MARK
from justice_analysis.errors import DisclosureError


def judge(candidates: Sequence[Candidate], profile: Profile) -> list[Judged]:
    """Decide on candidates that leave together, in their order.

    Parameters
    ----------
    candidates
        Everything that is asked for at once; outputs of one population, and close versions of
        one count, are attacked together.

    Returns
    -------
    list
        One decision a candidate: passed with its protected table, or the reasons why not.
    """
    first = _first_looks(candidates, profile)
    joint = _to_protect(candidates, first, profile)
    try:
        hidden, findings = _hidden_units([candidates[number] for number in joint], profile)
    except DisclosureError as error:
        refused = Verdict("review", (str(error),))
        first = [refused if number in joint else verdict for number, verdict in enumerate(first)]
        hidden, findings, joint = set(), [], []
    ends = together.ends_of_curves([candidates[number].output for number in joint], hidden, profile)
    place = {number: position for position, number in enumerate(joint)}
    shown = _everyone_shown([candidates[number].output for number in joint], hidden, profile)
    judged = []
    for number, (candidate, verdict) in enumerate(zip(candidates, first, strict=True)):
        rows = {unit[1] for unit in hidden if unit[0] == place.get(number)}
        if verdict:
            judged.append(Judged(candidate, verdict))
            continue
        beside = shown[_counted_alike(candidate.output)]
        end = ends.get(place.get(number, -1), math.inf)
        judged.append(_finish(candidate, rows, profile, findings, Beside(beside, end)))
        if candidate.output.kind == "attrition":
            beside |= _steps_left(judged[-1])
    return judged


def _first_looks(candidates: Sequence[Candidate], profile: Profile) -> list[Verdict | None]:
    """Refuse what can't be judged by itself, then what can't be judged beside the rest."""
    first = [_first_look(candidate, profile) for candidate in candidates]
    joint = _to_protect(candidates, first, profile)
    for position, reasons in together.without_rule([candidates[n] for n in joint]).items():
        first[joint[position]] = Verdict("review", reasons)
    return first


def _to_protect(
    candidates: Sequence[Candidate], first: Sequence[Verdict | None], profile: Profile
) -> list[int]:
    return [
        number
        for number, verdict in enumerate(first)
        if verdict is None and profile.protects(candidates[number].output.kind)
    ]


def _counted_alike(output: Output) -> tuple[str, str]:
    """Name whom an output counts, whatever its population; other areas are other people."""
    return output.card or output.title, str(output.options.get("area"))


def _everyone_shown(
    outputs: Sequence[Output], hidden: set[Unit], profile: Profile
) -> defaultdict[tuple[str, str], set[int]]:
    """Numbers of everyone counted that stay shown, with which steps of a selection compare."""
    shown: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for position, output in enumerate(outputs):
        if output.kind == "attrition":
            continue
        counted = RULES[output.kind].stated(output, profile)
        shown[_counted_alike(output)] |= everyone_counted(counted, _rows(hidden, position))
    return shown


def _steps_left(judged: Judged) -> set[int]:
    """True numbers behind the steps of a selection that are shown."""
    if judged.protected is None:
        return set()
    output = judged.candidate.output
    is_shown = (judged.protected.table["shown"] == "yes").to_numpy()
    return {int(people) for people in unit_rows(output)[output.roles.people][is_shown]}


def _first_look(candidate: Candidate, profile: Profile) -> Verdict | None:
    """Refuse what breaks a rule or has none; None if the numbers may be judged."""
    output = candidate.output
    mechanism = profile.mechanism.get(output.kind)
    if mechanism is None or output.kind not in RULES:
        return Verdict("fail", (f"kind {output.kind} has no rule in profile {profile.name}.",))
    if mechanism in ("suppress", "round"):
        return Verdict(
            "review",
            (
                f"mechanism {mechanism} cannot be judged by this version: use "
                "suppress_then_round, or ask a person.",
            ),
        )
    if output.table.empty:
        return Verdict("fail", ("an output must have rows: it has none.",))
    if MARK in output.table.columns:
        return Verdict("fail", (f"no column may be named {MARK}: synthetic data is marked by it.",))
    rules = RULES[output.kind]
    wrong = [*rules.broken(output, profile), *count_problems(output)] or counted.broken(output)
    if wrong:
        return Verdict("fail", tuple(wrong))
    if output.kind != "survival" and len(output.table) > profile.max_rows:
        return _too_long(len(output.table), profile)
    problems: list[str] = []
    if mechanism != "none":
        unsaid = counted.without_rule(output, profile)
        problems = [*rules.without_rule(output, profile), *unsaid]
    return Verdict("review", tuple(problems)) if problems else None


def _too_long(rows: int, profile: Profile) -> Verdict:
    return Verdict(
        "review",
        (
            f"a table must have at most {profile.max_rows:,} rows under profile "
            f"{profile.name}: {rows:,} were found.",
        ),
    )


def _hidden_units(
    candidates: Sequence[Candidate], profile: Profile
) -> tuple[set[Unit], list[Finding]]:
    """Find the rows and curves to hide, over everything that leaves together."""
    numbered = [
        (number, candidate.output)
        for number, candidate in enumerate(candidates)
        if candidate.output.kind != "attrition"
    ]
    if not numbered:
        return set(), []
    outputs = [RULES[output.kind].stated(output, profile) for _, output in numbered]
    system, _ = count_system(outputs, threshold=profile.minimum_count)
    hidden = units_below_minimum(system, profile)
    hidden |= {
        (position, unit)
        for position, (_, output) in enumerate(numbered)
        for unit in RULES[output.kind].thin(output, profile)
        | counted.thin_units(output, outputs[position], profile)
    }
    curves = [
        (position, output)
        for position, (_, output) in enumerate(numbered)
        if output.kind == "survival"
    ]
    beside_sums: set[Unit] = set()
    while True:
        audit = hide_until_safe(system, profile, hidden)
        hidden = set(audit.hidden)
        beside_sums |= audit.beside_sums
        more = {
            (position, curve)
            for position, output in curves
            for curve in survival.further_to_hide(output, _rows(hidden, position), profile)
        }
        more |= {
            (position, curve)
            for position, output in curves
            for curve in _curves_that_repeat(output, numbered, beside_sums, profile)
        }
        if more <= hidden:
            break
        hidden |= more
    found = {(numbered[position][0], row) for position, row in hidden}
    return found, list(audit.findings)


def _rows(units: set[Unit], output: int) -> set[int]:
    return {row for number, row in units if number == output}


def _curves_that_repeat(
    output: Output, numbered: list[tuple[int, Output]], beside_sums: set[Unit], profile: Profile
) -> set[int]:
    """Find curves that would say again, at a horizon, the count that a sum made us hide."""
    found = set()
    for position, (_, other) in enumerate(numbered):
        if other.kind == "survival" or other.population_hash != output.population_hash:
            continue
        rows = unit_rows(other).loc[sorted(_rows(beside_sums, position))].to_dict("records")
        along = dimensions_without_effect(other)  # horizons and causes: the same people
        found |= {
            number
            for number, curve in enumerate(survival.curves_of(output, profile))
            for row in rows
            if _same_group(
                curve.group,
                {
                    name: row[name]
                    for name in other.dimensions
                    if name in curve.group or name not in along
                },
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


def _finish(
    candidate: Candidate,
    hidden: set[int],
    profile: Profile,
    findings: list[Finding],
    beside: Beside,
) -> Judged:
    protected = _protect(candidate.output, hidden, profile, beside)
    if len(protected.table) > profile.max_rows:
        return Judged(candidate, _too_long(len(protected.table), profile))
    if beside.end == together.FROM_THE_START:
        why = (
            "one of its curves is hidden and another output shows the same people: the two "
            "together could tell it. Show everyone and the groups in one output."
        )
        return Judged(candidate, Verdict("fail", (why,)))
    if not (protected.table["shown"] == "yes").any():
        return Judged(candidate, Verdict("fail", ("no row of it may be shown.",)))
    population = candidate.output.population_hash
    evidence = {
        "hidden": sorted(hidden),
        "attacker": [
            {
                "cell": repr(finding.cell),
                "true": finding.true,
                "low": finding.low,
                "high": None if finding.high == float("inf") else finding.high,
            }
            for finding in findings
            if population in repr(finding.cell)
        ]
        if hidden
        else [],
    }
    verdict = Verdict("pass", controls=protected.controls, evidence=evidence)
    return Judged(candidate, verdict, protected)


def _protect(output: Output, hidden: set[int], profile: Profile, beside: Beside) -> Protected:
    if profile.protects(output.kind):
        protected = RULES[output.kind].protect(output, hidden, profile, beside)
    else:
        shown = unit_rows(output).assign(shown="yes")
        protected = Protected(shown, ("None: the data may be shown.",))
    table = protected.table.drop(columns=list(output.roles.evidence), errors="ignore")
    rest = [name for name in table.columns if name not in output.dimensions]
    return replace(protected, table=table[[*output.dimensions, *rest]])
