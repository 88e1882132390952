"""True sets of proceedings, and how they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.family.curves import mean_duration_weeks
from justice_analysis.synthetic.parameters import ORDER_GROUPS, WorldParameters
from justice_analysis.synthetic.people import Bools, Days, Ints, days

ADOPTION = ORDER_GROUPS.index("adoption")
CARE = ORDER_GROUPS.index("out_of_home")


@dataclass(frozen=True)
class Sets:
    """One entry per true set of proceedings, in order of round; `mother` is a person id.

    `earlier` is the position of the mother's set before it (-1 for a first set), `father` the
    person id of the father named (0 if none), `final` may lie after the extract.
    """

    mother: Ints
    number: Ints
    earlier: Ints
    issue: Days
    final: Days
    area: Ints
    moved: Bools
    father: Ints
    order_group: Ints
    new_child: Bools
    under_4_weeks: Bools
    consolidated: Bools

    def __len__(self) -> int:
        return len(self.mother)


def draw_final_orders(
    parameters: WorldParameters, issue: Days, stream: np.random.Generator
) -> Days:
    """Dates of final orders: lognormal around the mean of the year of issue."""
    spread = parameters.weeks_spread
    factor = np.exp(stream.normal(-(spread**2) / 2, spread, len(issue)))
    length = np.maximum(np.round(mean_duration_weeks(parameters, issue) * 7 * factor), 14)
    return issue + days(length)


def draw_order_groups(
    parameters: WorldParameters,
    frailty: np.ndarray,
    youngest_age_years: np.ndarray,
    stream: np.random.Generator,
) -> Ints:
    """Order group of each set's youngest child: adoption is likelier for the frail."""
    shares = np.tile(np.array(parameters.order_group_shares), (len(frailty), 1))
    shares[:, ADOPTION] *= np.exp(parameters.adoption_frailty * (frailty - 1))
    edges = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)
    group = (stream.random((len(frailty), 1)) > edges).sum(axis=1).clip(max=len(ORDER_GROUPS) - 1)
    too_old = (group == ADOPTION) & (youngest_age_years >= parameters.adopted_below_years)
    return np.where(too_old, CARE, group)
