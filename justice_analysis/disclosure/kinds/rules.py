"""What the rules of one kind of output must answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Judged, Protected


@dataclass(frozen=True)
class Beside:
    """What the other outputs of a release mean for this one.

    Attributes
    ----------
    people
        True numbers of everyone counted that others show: steps of a selection keep apart.
    end
        Time from which a curve may not go on.
    others
        The other outputs, decided on, for texts that repeat their numbers.
    """

    people: Collection[int] = ()
    end: float = math.inf
    others: Sequence[Judged] = ()


Problems = Callable[[Output, Profile], list[str]]


def none(output: Output, profile: Profile) -> list[str]:
    """No problem of this sort can arise."""
    return []


def nothing_thin(output: Output, profile: Profile) -> set[int]:
    """No row is hidden but for its counts."""
    return set()


def nothing_further(output: Output, hidden: set[int], profile: Profile) -> set[int]:
    """Nothing but its counts can tell of what is hidden."""
    return set()


def as_it_is(output: Output, profile: Profile) -> Output:
    """Every row is a unit, with the counts it has."""
    return output


@dataclass(frozen=True)
class Rules:
    """The rules of one kind of output.

    Attributes
    ----------
    protect
        Makes the table that may be shown, given the units to hide (positions of rows, or of
        curves) and what stands beside it.
    broken
        Rules that the output breaks whatever its numbers: it fails.
    without_rule
        What has no rule: a person must look.
    thin
        Units to hide for reasons beside the people, families and cases counted in them.
    further
        Units to hide because of those hidden already, for what the sums of counts do not say.
    stated
        The counts as an attacker reads them: one row per unit.
    """

    protect: Callable[[Output, set[int], Profile, Beside], Protected]
    broken: Problems = none
    without_rule: Problems = none
    thin: Callable[[Output, Profile], set[int]] = nothing_thin
    further: Callable[[Output, set[int], Profile], set[int]] = nothing_further
    stated: Callable[[Output, Profile], Output] = as_it_is
