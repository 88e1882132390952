"""What outputs that leave together give away beside their counts, or cannot be judged for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.cells import COUNTED_AGAIN, Unit, is_total
from justice_analysis.disclosure.kinds import survival
from justice_analysis.disclosure.profiles import Profile

FROM_THE_START = -math.inf


def without_rule(candidates: Sequence[Candidate]) -> dict[int, tuple[str, ...]]:
    """Find outputs that may not be judged beside one another, with the reasons.

    Parameters
    ----------
    candidates
        Outputs under a profile that protects them, each judgeable by itself.

    Returns
    -------
    dict
        Reasons for review, by number of the candidate.
    """
    reasons: dict[int, tuple[str, ...]] = {}
    for first, one in enumerate(candidates):
        for second, other in enumerate(candidates):
            for problem in _problems(one, other) if first != second else ():
                for number in (first, second):
                    found = reasons.get(number, ())
                    reasons[number] = found if problem in found else (*found, problem)
    return reasons


def _problems(one: Candidate, other: Candidate) -> list[str]:
    problems = []
    if _shows_a_region_of(one.output, other.output):
        problems.append(
            f"{one.id} ({one.output.title}) shows one area and {other.id} "
            f"({other.output.title}) shows every region: the first may show what the second "
            "hides, and there is no rule for the two yet. Ask for one of them."
        )
    if one.id <= other.id and _follow_different_people(one.output, other.output):
        problems.append(
            f"{one.id} ({one.output.title}) and {other.id} ({other.output.title}) must follow "
            "the same number of people from the start: those in one alone have no rule yet."
        )
    return problems


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
    outputs: Sequence[Output], hidden: set[Unit], profile: Profile
) -> dict[int, float]:
    """Find the times from which an output's curves may not go on, for the sake of another's.

    The people at risk of everyone less those of the other groups bound a group that is hidden or
    has ended. So where outputs follow the same people, one that hides a curve shows none, and all
    curves of one end when the first curve of another shown has fewer than the minimum at risk.

    Parameters
    ----------
    outputs
        All outputs judged together; only survival outputs are compared.
    hidden
        Curves hidden, by number of the output and of the curve.

    Returns
    -------
    dict
        Time from which nothing is shown, by number of the output (`FROM_THE_START`: never);
        none where it stands alone.
    """
    ends: dict[int, float] = {}
    hiding = {unit[0] for unit in hidden}
    for number, output in enumerate(outputs):
        for other, beside in enumerate(outputs):
            if other == number or not _are_curves_of_the_same(output, beside):
                continue
            if number in hiding:
                ends[number] = FROM_THE_START
            elif other not in hiding:
                thin = _first_thin_time(beside, profile)
                ends[number] = min(thin, ends.get(number, math.inf))
    return ends


def _first_thin_time(output: Output, profile: Profile) -> float:
    """Time from which one of the curves has fewer than the minimum at risk."""
    roles = survival.roles_of(output)
    assert roles is not None
    found = math.inf
    for _, rows in survival.grouped(output, roles):
        thin = rows.loc[rows[roles.at_risk] < profile.minimum_count, roles.time]
        after = math.nextafter(float(rows[roles.time].iloc[-1]), math.inf)
        found = min(found, float(thin.iloc[0]) if len(thin) else after)
    return found
