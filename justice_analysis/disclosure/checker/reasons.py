"""Why a number is hidden, in words, from the unrounded counts behind it."""

from __future__ import annotations

from collections.abc import Mapping

from justice_analysis.disclosure.checker.dossier import Dossier, as_number

FOR_ANOTHER = (
    "Hidden so that another hidden number cannot be worked out from it, or because too few "
    "people are still followed."
)


def limits(dossier: Dossier) -> dict[str, int]:
    """Least count for each column that has one: people and what is counted, families, cases."""
    roles, profile = dossier.output.roles, dossier.profile
    asked = dict.fromkeys((*roles.counts, *roles.people_behind.values()), profile.minimum_count)
    named = {
        roles.families: profile.minimum_families,
        roles.cases: profile.minimum_cases,
        roles.organisations: profile.minimum_organisations,
    }
    return asked | {name: least for name, least in named.items() if name}


def small_counts(dossier: Dossier, behind: Mapping[str, str]) -> list[str]:
    """Name the counts of an unrounded row that are under their minimum, with their values."""
    profile, said = dossier.profile, []
    for name, least in limits(dossier).items():
        value = as_number(behind.get(name))
        if value is None or value >= least or (value == 0 and not profile.zeros_disclosive):
            continue
        said.append(f"{name} is {value:g}, under {least}")
    return said + _too_few_without(dossier, behind)


def why_hidden(dossier: Dossier, number: int) -> str:
    """Say why a row that leaves is hidden: as judged, with the small counts behind it."""
    leaving = dossier.leaving
    assert leaving is not None
    behind = dossier.behind(leaving.rows[number])
    small = small_counts(dossier, behind) if behind else []
    recorded = _recorded(dossier, number)
    if recorded:
        recorded[0] = f"{recorded[0][:1].upper()}{recorded[0][1:]}"
    said = "; ".join([*recorded, *small])
    return f"{said}." if said else FOR_ANOTHER


def _recorded(dossier: Dossier, number: int) -> list[str]:
    """Reasons that the judgement recorded: of the row, or of all where rows are not its units."""
    why = dossier.evidence.get("why")
    if not isinstance(why, Mapping):
        return []
    leaving = dossier.leaving
    assert leaving is not None
    by_row = dossier.output.kind != "survival" and len(leaving.rows) == len(dossier.output.table)
    found = [why.get(str(number), why.get(number, ()))] if by_row else list(why.values())
    reasons = [reason for each in found for reason in ([each] if isinstance(each, str) else each)]
    return list(dict.fromkeys(map(str, reasons)))


def _too_few_without(dossier: Dossier, behind: Mapping[str, str]) -> list[str]:
    """Those in the denominator without the outcome are people too."""
    roles, profile = dossier.output.roles, dossier.profile
    part = as_number(behind.get(roles.numerator or ""))
    whole = as_number(behind.get(roles.denominator or roles.people))
    if part is None or whole is None or whole < profile.minimum_count:
        return []
    rest = whole - part
    too_few = 0 < rest < profile.minimum_count or (rest == 0 and profile.zeros_disclosive)
    return [f"all but {rest:g} are in {roles.numerator}"] if too_few else []
