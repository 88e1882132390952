"""The truth about pupils, and the published figures that they were made to meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from justice_analysis.synthetic.people import MALE
from justice_analysis.synthetic.rates.schools import DFE_YEARS, FIRST_YEAR, ONS_YEARS, OUTCOMES
from justice_analysis.synthetic.schools.sanctions import histories
from justice_analysis.synthetic.schools.schooling import school
from justice_analysis.synthetic.schools.social_care import social_care
from justice_analysis.synthetic.tables import Table, Text
from justice_analysis.synthetic.world import World

Achieved = tuple[float, float, int, int, int]
Wanted = tuple[str, dict[str, Any], float, Achieved]


def pupil_table(world: World) -> Table:
    """One row per pupil: academic year of birth, outcome to the end of 2017, care and need."""
    held = school(world)
    care = social_care(world, held)
    found = histories(held.sanctions, np.datetime64(world.parameters.schools.followed_to))
    first = np.full(len(world.people) + 1, np.datetime64("NaT", "D"))
    first[found.person] = found.first_committed
    return {
        "person_id": held.person,
        "born_in_year_from": FIRST_YEAR + held.year,
        "outcome": Text(held.outcome, OUTCOMES),
        "is_male": world.people.sex[held.person - 1] == MALE,
        "is_serious_violence": held.is_serious,
        "is_prolific": held.is_prolific,
        "is_looked_after": care.looked_after,
        "is_in_need": care.in_need,
        "first_offence_date": first[held.person],
    }


def pupil_targets(parameters: dict[str, Any], pupils: dict[str, np.ndarray]) -> list[Wanted]:
    """Name, description, planted value and what was achieved, of each target of pupils.

    Parameters
    ----------
    parameters
        As described in the truth of a world.
    pupils
        Columns of the truth table `pupil`.
    """
    rates = parameters["schools"]
    year = pupils["born_in_year_from"].astype(np.int64) - FIRST_YEAR
    outcome = pupils["outcome"].astype(str)
    sanctioned, male = outcome != "neither", pupils["is_male"].astype(bool)
    serious = pupils["is_serious_violence"].astype(bool)
    cared_for = pupils["is_looked_after"].astype(bool)
    dfe, ons = np.isin(year, DFE_YEARS), np.isin(year, ONS_YEARS)
    measured = {
        "sanctioned": ("pupils of three cohorts cautioned or sentenced by 2017", sanctioned[dfe]),
        "serious_violence": ("pupils of three cohorts, serious violence by 2017", serious[dfe]),
        "prolific": (
            "pupils of three cohorts, prolific by 2017",
            pupils["is_prolific"].astype(bool)[dfe],
        ),
        "male_sanctioned": ("boys among those cautioned or sentenced", male[dfe & sanctioned]),
        "male_serious": ("boys among those with serious violence", male[dfe & serious]),
        "custody": ("pupils born 1993/94 in custody by 2017", (outcome == "custody")[ons]),
        "no_custody": (
            "pupils born 1993/94 cautioned or sentenced, not in custody",
            (outcome == "no_custody")[ons],
        ),
        "sanctioned_in_care": (
            "looked-after pupils born 1993/94 cautioned or sentenced",
            sanctioned[ons & cared_for],
        ),
        "custody_in_care": (
            "looked-after pupils born 1993/94 in custody",
            (outcome == "custody")[ons & cared_for],
        ),
    }
    return [
        (label, rates[name], rates[name]["value"], _share(hits))
        for name, (label, hits) in measured.items()
    ]


def _share(hits: np.ndarray) -> Achieved:
    n = max(len(hits), 1)
    mean = float(hits.mean()) if len(hits) else float("nan")
    return mean, float(np.sqrt(mean * (1 - mean) / n)), len(hits), int(hits.sum()), len(hits)
