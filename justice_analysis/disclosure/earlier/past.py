"""Outputs that have left already: what they show can neither be hidden any more nor shown."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.errors import DisclosureError


@dataclass(frozen=True)
class Past:
    """An output of an earlier release, as an attacker holds it.

    Attributes
    ----------
    output
        The unrounded output, as it was judged then.
    hidden
        Positions of the rows (of the curves, where it is a survival output) that were hidden.
    profile
        The rules it left under: they say how its numbers were rounded.
    label
        Where a person finds it again: the release, and the output in it.
    """

    output: Output
    hidden: Set[int]
    profile: Profile
    label: str

    def __post_init__(self) -> None:
        if not self.label:
            raise DisclosureError("an output of an earlier release must have a label: it has none.")
        if any(position < 0 for position in self.hidden):
            raise DisclosureError(f"{self.label} names hidden rows before its first row.")
