"""What of a profile the gate needs, or the bare rules where no profile is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from justice_analysis.disclosure.profiles.profile import Profile


@dataclass(frozen=True)
class Limits:
    """Limits of a place; those that are missing are not judged.

    Attributes
    ----------
    minimum
        Smallest count that may be shown.
    minimum_of
        The same for columns about families, cases and organisations.
    zeros
        Whether a zero is as small a count as any.
    places
        Levels of places that may be named.
    """

    file_types: frozenset[str] | None = None
    max_file_mb: int | None = None
    max_rows: int | None = None
    minimum: int = 1
    minimum_of: Mapping[str, int] = field(default_factory=dict)
    zeros: bool = False
    places: frozenset[str] = frozenset()


def of(profile: Profile | None) -> Limits:
    """Take the limits of a profile; of none, only rules that hold everywhere stay."""
    if profile is None:
        return Limits()
    return Limits(
        file_types=frozenset(ending.lower().lstrip(".") for ending in profile.file_types),
        max_file_mb=profile.max_file_mb,
        max_rows=profile.max_rows,
        minimum=profile.minimum_count,
        minimum_of={
            "families": profile.minimum_families,
            "cases": profile.minimum_cases,
            "organisations": profile.minimum_organisations,
        },
        zeros=profile.zeros_disclosive,
        places=frozenset(profile.named_places),
    )
