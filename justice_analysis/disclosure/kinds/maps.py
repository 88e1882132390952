"""Rules for maps, and for naming places in any output.

A map is a table of areas: one of its dimensions names places. Its counts and shares are judged as
estimates, its rates as rates. An area that is hidden stays on the map and says so. Areas that lie
in others (`hierarchy`) are parts of a sum. Which levels of places may be named at all is the
profile's rule, for every kind of output: a single court or prison may be a handful of people, or
an organisation with a name to lose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import is_total
from justice_analysis.disclosure.kinds import rates, tables
from justice_analysis.disclosure.kinds.parts import profile_as, rows_as
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected

PLACES = (
    "country",
    "region",
    "criminal_justice_area",
    "police_force",
    "local_authority",
    "ward",
    "msoa",
    "lsoa",
    "postcode",
    "court",
    "prison",
    "school",
    "hospital",
    "area",
    "place",
    "place_id",
    "area_id",
)
"""Names of dimensions that are taken for places unless the output says otherwise."""


def places_problems(output: Output, profile: Profile) -> list[str]:
    """Find places that may not be named, or whose level is not said; for every kind of output.

    Returns
    -------
    list
        Sentences for a fail: each names the level or the dimension, never a place.
    """
    named = profile.named_places
    problems = [
        f"places of the level {level} ({name}) may not be named under profile {profile.name}: "
        f"use {', '.join(named) or 'none'}."
        for name, level in output.places.items()
        if level not in named
    ]
    return problems + [
        f"{name} names places of a level that is not said, or that may not be named: say it in "
        f"places ({', '.join(named)})."
        for name in _unsaid(output)
        if name not in named
    ]


def broken(output: Output, profile: Profile) -> list[str]:
    """What no map can be."""
    if tables.count_problems(output):
        return []  # the counts fail it by themselves
    if len(output.places) != 1:
        return ["a map must have one dimension of places, with its level in places."]
    (place,) = output.places
    spellings: dict[str, set[str]] = {}
    for value in output.table[place].astype(str):
        spellings.setdefault(_plain(value), set()).add(value)
    twice = sum(len(found) > 1 for found in spellings.values())
    problems = [f"an area must have one name: {twice} are written in several ways."] * bool(twice)
    if output.table[place].isna().any():
        problems.append(f"every row of a map must name its area: {place} is missing in some.")
    problems += _hierarchy_problems(output, place)
    rules = rates if is_of_rates(output) else tables
    return problems or rules.broken(*_inner(output, profile))


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    inner = _inner(output, profile)
    return rates.without_rule(*inner) if is_of_rates(output) else tables.rule_problems(*inner)


def thin(output: Output, profile: Profile) -> set[int]:
    """Areas hidden for reasons beside the people counted in them."""
    inner = _inner(output, profile)
    return set() if is_of_rates(output) else tables.too_few_at_risk(*inner)


def stated(output: Output, profile: Profile) -> Output:
    """The counts of areas, as an attacker reads them."""
    inner = _inner(output, profile)
    return rates.stated(*inner) if is_of_rates(output) else inner[0]


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide areas and protect the rest, as rates or as estimates."""
    inner, rules = _inner(output, profile), rates if is_of_rates(output) else tables
    protected = rules.protect(inner[0], set(hidden), inner[1], beside)
    count = int((protected.table["shown"] == "suppressed").sum())
    if not count:
        return protected
    said = f"{count} areas are on the map without a number: it is hidden, not nothing."
    return replace(protected, controls=(*protected.controls, said))


def is_of_rates(output: Output) -> bool:
    """Whether a map shows rates: what they are per, or over, is said."""
    said = {"per", "denominator", "public_denominator"} & {*output.options}
    return bool(said and output.roles.numerator and output.roles.estimate)


def _unsaid(output: Output) -> list[str]:
    """Names of places among dimensions, and among what groups were made by, without a level."""
    by = output.options.get("by")
    asked = [by] if isinstance(by, str) else list(by) if isinstance(by, (list, tuple)) else []
    if output.places:
        asked = []
    names = [*output.dimensions, *(str(name) for name in asked)]
    return [name for name in names if name.lower() in PLACES and name not in output.places]


def _inner(output: Output, profile: Profile) -> tuple[Output, Profile]:
    kind = "rates" if is_of_rates(output) else "estimates"
    return rows_as(output, kind), profile_as(profile, kind, of=output.kind)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def _hierarchy_problems(output: Output, place: str) -> list[str]:
    """An area lies in areas of the map, or in none, and never in itself."""
    nested = output.hierarchy.get(place, {})
    there = {str(value) for value in output.table[place]}
    strangers = [area for area in nested if area not in there]
    circular = 0
    for area in nested:
        seen, above = {area}, nested.get(area)
        while above is not None and above not in seen:
            seen.add(above)
            above = nested.get(above)
        circular += above is not None
    problems = []
    if strangers:
        problems.append(f"hierarchy must name areas of the map: {len(strangers)} are not on it.")
    if circular:
        problems.append(f"no area may lie in itself: {circular} do, through hierarchy.")
    lost = [up for up in nested.values() if is_total(up)]
    if lost:
        problems.append("everyone is no area: leave the total out of hierarchy.")
    return problems


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
