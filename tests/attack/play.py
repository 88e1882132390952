"""Play a case against a way of releasing, and hand the attacker all that left."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from justice_analysis.disclosure.candidate import Candidate
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import Profile
from tests.attack.attacker import Seen
from tests.attack.cases import Case
from tests.attack.population import Traced

Way = Callable[[Case, Profile], list[Seen]]


def disclosure_control(case: Case, profile: Profile) -> list[Seen]:
    """Release as the package does: each request is judged with all that left before."""
    past: list[Past] = []
    seen: list[Seen] = []
    for number, release in enumerate(case.releases):
        candidates = [
            Candidate(f"output_{number}_{position}", traced.output, True, "0" * 64)
            for position, traced in enumerate(release)
        ]
        for traced, judged in zip(
            release, judge(candidates, profile, past=tuple(past)), strict=True
        ):
            if judged.verdict.status != "pass" or judged.protected is None:
                continue
            shown = judged.protected.table
            hidden = frozenset(np.flatnonzero(shown["shown"] != "yes").tolist())
            past.append(Past(traced.output, hidden, profile, f"release {number}"))
            base = 1 if profile.mechanism[traced.output.kind] == "suppress" else None
            seen.append(Seen(traced, shown, base or profile.rounding_base, profile.minimum_count))
    return seen


def primary_suppression(case: Case, profile: Profile) -> list[Seen]:
    """Release as is still common: hide what is under the threshold, and nothing more."""
    return [
        Seen(traced, _without_small(traced, profile), 1, profile.minimum_count)
        for release in case.releases
        for traced in release
    ]


def _without_small(traced: Traced, profile: Profile) -> pd.DataFrame:
    table = traced.output.table.copy()
    for column in traced.atoms:
        zero = (table[column] == 0) & (not profile.zeros_disclosive)
        table[column] = table[column].where((table[column] >= profile.minimum_count) | zero)
    return table
