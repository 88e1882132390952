"""Hold the table that leaves against its profile's rules once more, from the file itself.

This is a second look, apart from the judgement: it reads the released CSV and the unrounded
counts, and says for each rule what it asks, what was found, and whether it holds. It decides
nothing; what it doubts is put before the checker.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from justice_analysis.disclosure.checker.acro import degrees_of_freedom
from justice_analysis.disclosure.checker.dossier import Dossier, as_number
from justice_analysis.disclosure.checker.reasons import limits

EXACT = 1e-6
Result = Literal["holds", "look", "broken"]
Row = Mapping[str, str]
EXTREMES = ("minimum", "maximum")
STEPS = ("attrition", "survival")
"""Kinds in which a zero says that nobody left or had the event yet: it tells of no one."""
STEP_SERIES = (1, 2, 5)


@dataclass(frozen=True)
class Check:
    """One rule held against the file: what it asks, what was found, whether that holds."""

    rule: str
    asks: str
    found: str
    result: Result


def recheck(dossier: Dossier) -> tuple[Check, ...]:
    """Check the file of one output; nothing where it doesn't leave."""
    if dossier.leaving is None:
        return ()
    checks = [check for each in ALWAYS for check in each(dossier)]
    if dossier.profile.protects(dossier.output.kind):
        checks = [check for each in PROTECTED for check in each(dossier)] + checks
    return tuple(checks)


def shown_rows(dossier: Dossier) -> list[Row]:
    """Rows of the leaving table whose numbers are shown."""
    rows = dossier.leaving.rows if dossier.leaving else ()
    return [row for n, row in enumerate(rows) if n not in dossier.hidden]


def _minimum(dossier: Dossier) -> list[Check]:
    """Every shown number must be about enough people, families and cases, unrounded."""
    checks = []
    zeros = not dossier.profile.zeros_disclosive or dossier.output.kind in STEPS
    for least, names in _by_limit(dossier).items():
        values = [
            value
            for row in shown_rows(dossier)
            if (behind := dossier.behind(row))
            for name in names
            if (value := as_number(behind.get(name))) is not None
        ]
        if not values:
            continue
        low = sorted(value for value in values if value < least and not (value == 0 and zeros))
        found = f"smallest behind a shown row: {min(values):,g}"
        if low:
            found += f"; {len(low)} are under the minimum"
        checks.append(
            Check("minimum_count", f"{', '.join(names)}: at least {least}", found,
                  "broken" if low else "holds")
        )  # fmt: skip
    return checks


def _by_limit(dossier: Dossier) -> dict[int, list[str]]:
    """Columns by their minimum; counts by day stay behind a curve, so only what leaves counts."""
    leaving = dossier.leaving
    assert leaving is not None
    evidence = dossier.output.roles.evidence
    found: dict[int, list[str]] = {}
    for name, least in limits(dossier).items():
        if name in leaving.columns or name in evidence:
            found.setdefault(least, []).append(name)
    return found


def _hidden(dossier: Dossier) -> list[Check]:
    """A hidden row must hold no number at all."""
    leaving = dossier.leaving
    assert leaving is not None
    named = (*dossier.output.dimensions, "shown", "data", "text")
    rows = [leaving.rows[number] for number in dossier.hidden]
    told = sum(any(row[name] for name in leaving.columns if name not in named) for row in rows)
    found = f"{len(rows)} of {len(leaving.rows)} rows are hidden"
    if told:
        found += f"; {told} of them still hold a number"
    return [Check("mechanism", "hidden rows are empty", found, "broken" if told else "holds")]


def _rounded(dossier: Dossier) -> list[Check]:
    base, kind = dossier.profile.rounding_base, dossier.output.kind
    if base == 1 or "round" not in dossier.profile.mechanism.get(kind, ""):
        return []
    counts = _shown_counts(dossier)
    wrong = sum(value % base != 0 for value in counts)
    found = f"{len(counts) - wrong} of {len(counts)} shown counts are"
    asks = f"counts are multiples of {base}"
    return [Check("rounding_base", asks, found, "broken" if wrong else "holds")] if counts else []


def _shown_counts(dossier: Dossier) -> list[float]:
    names = dossier.output.roles.counts
    cells = [as_number(row.get(name)) for row in shown_rows(dossier) for name in names]
    return [value for value in cells if value is not None]


def _zeros(dossier: Dossier) -> list[Check]:
    if not dossier.profile.zeros_disclosive or dossier.output.kind in STEPS:
        return []
    zeros = sum(value == 0 for value in _shown_counts(dossier))
    found = f"{zeros} shown counts are 0" if zeros else "no shown count is 0"
    return [Check("zeros_disclosive", "no zero is shown", found, "look" if zeros else "holds")]


def _everyone(dossier: Dossier) -> list[Check]:
    """Groups in which everyone, or nobody, has the attribute."""
    roles = dossier.output.roles
    if not dossier.profile.class_disclosure or not roles.numerator:
        return []
    whole = roles.denominator or roles.people
    pairs = [
        (as_number(behind.get(roles.numerator)), as_number(behind.get(whole)))
        for row in shown_rows(dossier)
        if (behind := dossier.behind(row))
    ]
    full = sum(part is not None and part in (0, rest) for part, rest in pairs)
    asks = "no group in which everyone or nobody has it"
    found = f"{full} of {len(pairs)} shown groups"
    return [Check("class_disclosure", asks, found, "look" if full else "holds")]


def _derived(dossier: Dossier) -> list[Check]:
    """Shares must be what the rounded counts beside them give, or as coarse as these."""
    roles = dossier.output.roles
    if not roles.numerator or not dossier.profile.derived_from_rounded:
        return []
    whole, found = roles.denominator or roles.people, []
    for row in shown_rows(dossier):
        part, rest = as_number(row.get(roles.numerator)), as_number(row.get(whole))
        for name in roles.estimate:
            share = as_number(row.get(name))
            if part is not None and share is not None and rest:
                plain = abs(share - part / rest) < EXACT
                found.append((plain, plain or _is_coarse(dossier, row, share)))
    if not found:
        return []
    agree, safe = (sum(pair[n] for pair in found) for n in (0, 1))
    said = f"{agree} of {len(found)} are the rounded counts divided"
    if safe > agree:
        said += f"; {safe - agree} allow for censoring, in steps worth a rounding base or more"
    if safe < len(found):
        said += f"; {len(found) - safe} are neither"
    asks = "shares come from rounded counts, or are as coarse"
    return [Check("derived_from_rounded", asks, said, "holds" if safe == len(found) else "look")]


def _is_coarse(dossier: Dossier, row: Row, share: float) -> bool:
    """Whether one step of an estimate is worth a rounding base of the people still followed."""
    still = as_number((dossier.behind(row) or {}).get("at_risk"))
    if not still:
        return False
    least = dossier.profile.rounding_base / still
    power = 10.0 ** math.floor(math.log10(least))
    step = next(n * power for n in (*STEP_SERIES, 10) if n * power >= least * (1 - EXACT))
    return abs(share / step - round(share / step)) < EXACT * 10


def _steps(dossier: Dossier) -> list[Check]:
    """Enough people must have left a curve between two times that it shows."""
    leaving, output = dossier.leaving, dossier.output
    assert leaving is not None
    if output.kind != "survival" or "at_risk" not in dossier.underlying.columns:
        return []
    time = output.dimensions[-1]
    groups: dict[tuple[str, ...], list[float]] = {}
    for row in shown_rows(dossier):
        still = as_number((dossier.behind(row) or {}).get("at_risk"))
        if still is not None:
            key = leaving.key(row, [name for name in output.dimensions if name != time])
            groups.setdefault(key, []).append(still)
    left = [before - after for counts in groups.values() for before, after in pairwise(counts)]
    if not left:
        return []
    step = dossier.profile.survival_step
    found = f"fewest who left between two shown times: {min(left):g}"
    result: Result = "broken" if min(left) < step else "holds"
    return [Check("survival_step", f"at least {step} leave", found, result)]


def _dominance(dossier: Dossier) -> list[Check]:
    """What the largest people, or organisations, make up of a shown total."""
    roles, profile = dossier.output.roles, dossier.profile
    whole, checks = roles.total or roles.people, []
    for names in (roles.largest, roles.largest_organisations):
        shares, left = [], []
        for row in shown_rows(dossier) if names else ():
            behind = dossier.behind(row) or {}
            total = as_number(behind.get(whole))
            sizes = [as_number(behind.get(name)) or 0 for name in names]
            if total:
                shares.append(sum(sizes[: profile.dominance_n]) / total)
                left.append((total - sum(sizes[:2])) / sizes[0] if sizes[0] else 1)
        if shares:
            broken = max(shares) > profile.dominance_k
            checks.append(
                Check("dominance_k", f"{', '.join(names)}: at most {profile.dominance_k:.0%}",
                      f"largest share of a shown total: {max(shares):.0%}",
                      "broken" if broken else "holds")
            )  # fmt: skip
        if shares and len(names) > 1:
            checks.append(
                Check("p_ratio", f"{', '.join(names)}: at least {profile.p_ratio:.0%} is left",
                      f"least left without the two largest: {min(left):.0%}",
                      "broken" if min(left) < profile.p_ratio else "holds")
            )  # fmt: skip
    return checks


def _extremes(dossier: Dossier) -> list[Check]:
    named = dossier.output.roles.statistic
    found = [name for name, said in named.items() if said in EXTREMES]
    if not named or dossier.profile.extremes:
        return []
    said = ", ".join(found) if found else "none"
    return [Check("extremes", "no minimum or maximum", said, "broken" if found else "holds")]


def _freedom(dossier: Dossier) -> list[Check]:
    if dossier.output.kind != "model":
        return []
    least, degrees = dossier.profile.degrees_of_freedom, degrees_of_freedom(dossier)
    asks = f"at least {least}"
    if degrees is None:
        return [Check("degrees_of_freedom", asks, "not stated", "look")]
    result: Result = "holds" if degrees >= least else "broken"
    return [Check("degrees_of_freedom", asks, f"{degrees:,g}", result)]


def _families(dossier: Dossier) -> list[Check]:
    """Tables about children and co-defendants must say how many families or cases there are."""
    about, roles = dossier.output.about, dossier.output.roles
    wanted = {"children": roles.families, "co_defendants": roles.cases}
    if about not in wanted or wanted[about]:
        return []
    rule = "minimum_families" if about == "children" else "minimum_cases"
    return [Check(rule, "families or cases are counted too", "not stated", "look")]


def _places(dossier: Dossier) -> list[Check]:
    levels = set(dossier.output.places.values())
    if not levels:
        return []
    other = sorted(levels - set(dossier.profile.named_places))
    found = ", ".join(sorted(levels)).replace("_", " ")
    asks = "only places that may be named"
    return [Check("named_places", asks, found, "broken" if other else "holds")]


def _size(dossier: Dossier) -> list[Check]:
    leaving, profile = dossier.leaving, dossier.profile
    assert leaving is not None
    rows, megabytes = len(leaving.rows), max(len(file.content) for file in dossier.files) / 1e6
    kinds = {file.ending for file in dossier.files}
    return [
        Check("max_rows", f"at most {profile.max_rows:,}", f"{rows:,} rows",
              "broken" if rows > profile.max_rows else "holds"),
        Check("max_file_mb", f"at most {profile.max_file_mb} MB", f"largest {megabytes:.2f} MB",
              "broken" if megabytes > profile.max_file_mb else "holds"),
        Check("file_types", ", ".join(profile.file_types), ", ".join(sorted(kinds)),
              "holds" if kinds <= set(profile.file_types) else "broken"),
    ]  # fmt: skip


Checker = Callable[[Dossier], list[Check]]
PROTECTED: Sequence[Checker] = (
    _minimum, _families, _hidden, _rounded, _zeros, _everyone, _derived, _steps, _dominance,
    _extremes, _freedom,
)  # fmt: skip
ALWAYS: Sequence[Checker] = (_places, _size)
