"""Rows of one kind of output judged by the rules of another: a map of rates is rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds.quantities import rounds
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.rounding import to_base


def count_base(output: Output, profile: Profile) -> int:
    """Return the base to which counts of this kind of output are rounded; 1 leaves them."""
    return profile.rounding_base if rounds(output, profile) else 1


def round_counts(
    output: Output, table: pd.DataFrame, base: int, *, but: Iterable[str] = ()
) -> None:
    """Round the counts in a table of ours, each by itself."""
    for name in output.roles.counts:
        if name in table and name not in but:
            rounded = [to_base(value, base) for value in table[name]]
            table[name] = pd.array(rounded, dtype="Int64")


def rows_as(output: Output, kind: str, positions: Iterable[int] | None = None) -> Output:
    """Make an output of another kind from the rows at these positions, or from all."""
    table = unit_rows(output)
    return replace(
        output, kind=kind, table=table if positions is None else table.iloc[list(positions)]
    )


def profile_as(profile: Profile, kind: str, *, of: str) -> Profile:
    """Protect a kind by the mechanism that the profile names for the kind it is part of."""
    return replace(profile, mechanism={**profile.mechanism, kind: profile.mechanism[of]})


def standing_controls(
    output: Output, table: pd.DataFrame, profile: Profile, *, why: str = ""
) -> list[str]:
    """Say what holds for every count, how many rows are hidden, and why beside too few people."""
    zeros = ", zeros too" if profile.zeros_disclosive else ""
    said = []
    if profile.mechanism[output.kind] != "round":
        said.append(f"Numbers about fewer than {profile.minimum_count} people are hidden{zeros}.")
    if count_base(output, profile) > 1:
        said.append(
            f"Every count and total is rounded by itself to the nearest {profile.rounding_base}, "
            "so parts may not add up to their total."
        )
    count = int((table["shown"] == "suppressed").sum())
    if count:
        said.append(
            f"{count} of {len(table)} rows are hidden: because they are about too few people, "
            f"{why}or because another could be worked out from them."
        )
    return said
