"""Rows of one kind of output judged by the rules of another: a map of rates is rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.profiles.profile import Profile


def rows_as(output: Output, kind: str, positions: Iterable[int] | None = None) -> Output:
    """Make an output of another kind from the rows at these positions, or from all."""
    table = unit_rows(output)
    return replace(
        output, kind=kind, table=table if positions is None else table.iloc[list(positions)]
    )


def profile_as(profile: Profile, kind: str, *, of: str) -> Profile:
    """Protect a kind by the mechanism that the profile names for the kind it is part of."""
    if profile.mechanism[kind] == profile.mechanism[of]:
        return profile
    return replace(profile, mechanism={**profile.mechanism, kind: profile.mechanism[of]})


def standing_controls(
    output: Output, table: pd.DataFrame, profile: Profile, *, why: str = ""
) -> list[str]:
    """Say what holds for every count, how many rows are hidden, and why beside too few people."""
    said = list(tables.standing_controls(profile, output.kind))
    count = int((table["shown"] == "suppressed").sum())
    if count:
        said.append(
            f"{count} of {len(table)} rows are hidden: because they are about too few people, "
            f"{why}or because another could be worked out from them."
        )
    return said
