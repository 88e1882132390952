"""What outputs give away together beside their counts, or cannot be judged for.

Populations overlap *exactly* where they are the same (one hash), where one is declared to lie
within the other (`Output.within`), or where they are versions of one (`Output.family`; the card
where none is named): versions are compared count by count, the larger taken to contain the
smaller. Two outputs that count the same thing (one card, one unit, one area) in populations of
two *named* families overlap in a way nobody declared: who is in both can't be told, so a person
looks. Outputs of different cards count different things (mothers in recurrent proceedings,
releases from prison) and are tied by their populations alone; that somebody stands in both is
no difference that either shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.attacker import evidence
from justice_analysis.disclosure.attacker.hiding import Hiding
from justice_analysis.disclosure.attacker.undeclared import close_groups, leave_few
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import COUNTED_AGAIN, is_total
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.kinds import histogram, labels, survival
from justice_analysis.disclosure.kinds.curves import grouped, roles_of
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Verdict

FROM_THE_START = -math.inf


@dataclass(frozen=True, eq=False)
class _One:
    """An output with its name; number of the candidate, or None if it left before."""

    name: str
    output: Output
    number: int | None


def without_rule(
    candidates: Mapping[int, Candidate], past: Sequence[Past] = (), *, minimum: int
) -> dict[int, Verdict]:
    """Find outputs that may not be judged beside one another, or beside what left.

    Parameters
    ----------
    candidates
        Outputs under a profile that protects them, each judgeable by itself; by number.
    minimum
        Fewest people by whom two counts may differ.

    Returns
    -------
    dict
        Review with its reasons, by number of the candidate.
    """
    reasons: dict[int, dict[str, None]] = {}
    everything = _named(candidates, past)
    for one, other in _pairs(everything):
        problems = (*_problems(one, other), *_problems(other, one), *_close(one, other, minimum))
        for problem in problems:
            for number in (one.number, other.number):
                if number is not None:
                    reasons.setdefault(number, {})[problem] = None
    for members, problem in _parts_of_one(everything, minimum):
        for number in (member.number for member in members):
            if number is not None:
                reasons.setdefault(number, {})[problem] = None
    return {
        number: Verdict("review", tuple(found), evidence=evidence.review(*found))
        for number, found in reasons.items()
    }


def _named(candidates: Mapping[int, Candidate], past: Sequence[Past]) -> list[_One]:
    here = [_One(one.id, one.output, number) for number, one in candidates.items()]
    return here + [_One(left.label, left.output, None) for left in past]


def _pairs(everything: Sequence[_One]) -> Iterator[tuple[_One, _One]]:
    """Give every pair of which one may still be refused."""
    for place, one in enumerate(everything):
        for other in everything[place + 1 :]:
            if one.number is not None:
                yield one, other


def _problems(one: _One, other: _One) -> list[str]:
    first, second = f"{one.name} ({one.output.title})", f"{other.name} ({other.output.title})"
    problems = []
    if _shows_a_region_of(one.output, other.output):
        problems.append(
            f"{first} shows one area and {second} shows every region: the first may show what "
            "the second hides, and there is no rule for the two yet. Ask for one of them."
        )
    if one.name <= other.name and _follow_different_people(one.output, other.output):
        problems.append(
            f"{first} and {second} must follow the same number of people from the start: those "
            "in one alone have no rule yet."
        )
    if one.name <= other.name and histogram.cut_differently(one.output, other.output):
        problems.append(
            f"{first} and {second} have bins of other edges for one quantity of the same people: "
            "what lies between two edges has no rule. Ask for the same edges, or one of them."
        )
    cut = labels.cut_differently(one.output, other.output) if one.name <= other.name else []
    if cut:
        problems.append(
            f"{first} and {second} cut {' and '.join(cut)} of the same people into other groups: "
            "what one shows together the other may hide apart. Ask for the same groups, declare "
            "a hierarchy, or ask for one of them."
        )
    if one.name <= other.name and _overlap_undeclared(one.output, other.output):
        problems.append(
            f"{first} and {second} count the same thing in populations of two families, and how "
            "these overlap is not said: declare one within the other, or one family for both."
        )
    return problems


def _parts_of_one(
    everything: Sequence[_One], minimum: int
) -> Iterator[tuple[tuple[_One, ...], str]]:
    """Find two parts of one population beside which too few of it are left."""
    for whole in everything:
        parts = [one for one in everything if whole.output.population_hash in one.output.within]
        for one, other in combinations(parts, 2):
            count = leave_few(one.output, other.output, whole.output, minimum=minimum)
            if count:
                said = (
                    f"{one.name} and {other.name} count two parts of the people of {whole.name}: "
                    f"if nobody is in both, fewer than {minimum} people are in neither, in "
                    f"{count:,} of their groups. Ask for one table of both, or for one of them."
                )
                yield (one, other, whole), said


def _close(one: _One, other: _One, minimum: int) -> list[str]:
    count = close_groups(one.output, other.output, minimum=minimum)
    if not count:
        return []
    return [
        f"{one.name} ({one.output.title}) and {other.name} ({other.output.title}) count the same "
        f"unit in two populations that are not said to overlap, yet {count:,} of their groups "
        f"differ by fewer than {minimum} people: declare one within the other, or one family for "
        "both."
    ]


def _overlap_undeclared(one: Output, other: Output) -> bool:
    families = {one.family, other.family}
    alike = (
        (one.card or one.title) == (other.card or other.title)
        and one.unit == other.unit
        and one.options.get("area") == other.options.get("area")
    )
    related = (
        one.population_hash == other.population_hash
        or one.population_hash in other.within
        or other.population_hash in one.within
    )
    return alike and not related and None not in families and len(families) == 2


def _shows_a_region_of(one: Output, other: Output) -> bool:
    return (
        one.options.get("area") is not None
        and other.options.get("area") is None
        and (other.options.get("by") == "region" or "region" in other.dimensions)
        and (one.card or one.title) == (other.card or other.title)
    )


def _follow_different_people(one: Output, other: Output) -> bool:
    return _are_curves_of_the_same(one, other) and (
        _people_at_start(one) != _people_at_start(other)
    )


def _are_curves_of_the_same(one: Output, other: Output) -> bool:
    both = one.kind == other.kind == "survival"
    return both and one.population_hash == other.population_hash


def _people_at_start(output: Output) -> int:
    """Everyone followed, over all groups; a curve by cause counts the same people again."""
    once = survival.starts(output).table
    groups = [name for name in once.columns if name not in (*COUNTED_AGAIN, "people")]
    once = once.drop_duplicates(groups)
    for name in groups:
        totals = once[name].map(is_total)
        once = once if totals.all() else once[~totals]
    return int(once["people"].sum())


def ends_of_curves(
    candidates: Mapping[int, Candidate],
    hiding: Hiding,
    profile: Profile,
    past: Sequence[Past] = (),
) -> dict[int, float]:
    """Find the times from which an output's curves may not go on, for the sake of another's.

    The people at risk of everyone less those of the other groups bound a group that is hidden or
    has ended. So where outputs follow the same people, one that hides a curve shows none, and all
    curves of one end when the first curve of another shown has fewer than the minimum at risk.
    Curves that left before can't be ended any more: all beside them end with their own first.

    Returns
    -------
    dict
        Time from which nothing is shown, by number of the candidate (`FROM_THE_START`: never);
        none where it stands alone.
    """
    ends: dict[int, float] = {}
    for number, candidate in candidates.items():
        output = candidate.output
        beside = [
            other.output
            for place, other in candidates.items()
            if place != number and _are_curves_of_the_same(output, other.output)
        ]
        hiding_too = [
            other.output
            for place, other in candidates.items()
            if place != number and hiding.rows(place)
            and _are_curves_of_the_same(output, other.output)
        ]  # fmt: skip
        left = [one for one in past if _are_curves_of_the_same(output, one.output)
                and not _is_repeated(output, hiding.rows(number), one)]  # fmt: skip
        if (beside or left) and hiding.rows(number):
            ends[number] = FROM_THE_START
            continue
        shown = [other for other in beside if not any(other is one for one in hiding_too)]
        times = [_first_thin_time(other, profile) for other in shown]
        if left:
            times += [_first_thin_time(one.output, profile) for one in left]
            times.append(_first_thin_time(output, profile))
            times += [FROM_THE_START for one in left if one.hidden]
        if times:
            ends[number] = min(times)
    return ends


def _is_repeated(output: Output, hidden: set[int], left: Past) -> bool:
    """Whether what left is this output once more, with the same curves hidden."""
    return hidden == set(left.hidden) and output.table.equals(left.output.table)


def _first_thin_time(output: Output, profile: Profile) -> float:
    """Time from which one of the curves has fewer than the minimum at risk."""
    roles = roles_of(output)
    assert roles is not None
    found = math.inf
    for _, rows in grouped(output, roles):
        thin = rows.loc[rows[roles.at_risk] < profile.minimum_count, roles.time]
        after = math.nextafter(float(rows[roles.time].iloc[-1]), math.inf)
        found = min(found, float(thin.iloc[0]) if len(thin) else after)
    return found
