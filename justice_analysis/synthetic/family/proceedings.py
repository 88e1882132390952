"""Sets of care proceedings: each mother's first set, then her returns, round by round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from justice_analysis.synthetic.entries import join_entries
from justice_analysis.synthetic.family.curves import ReturnCurves, yearly_weights
from justice_analysis.synthetic.family.families import Families, Family
from justice_analysis.synthetic.family.sets import (
    Sets,
    draw_final_orders,
    draw_order_groups,
)
from justice_analysis.synthetic.parameters import WorldParameters
from justice_analysis.synthetic.people import (
    DAYS_PER_YEAR,
    MOTHER,
    Days,
    Ints,
    PersonRegister,
    Streams,
    age_group,
    area_weights,
    completed_years,
    days,
)

THIRTY_SEVEN_WEEKS = 259


@dataclass(frozen=True)
class Round:
    """The sets of one round as they are being made: one per mother who is still in play."""

    mother: Ints
    position: Ints
    frailty: np.ndarray
    issue: Days
    final: Days
    area: Ints


def first_issue_dates(parameters: WorldParameters, n: int, stream: np.random.Generator) -> Days:
    """Dates of issue of first sets: uniform within a year, growing from year to year."""
    dates = np.arange(
        np.datetime64(parameters.starts),
        np.datetime64(parameters.extract_date) + np.timedelta64(1, "D"),
    )
    weight = yearly_weights(parameters, dates)
    return np.sort(stream.choice(dates, n, p=weight / weight.sum()))


def mothers_at_index(
    parameters: WorldParameters, issue: Days, register: PersonRegister, streams: Streams
) -> tuple[Ints, Days]:
    """Register one mother per first set; her age at issue is drawn by age group."""
    stream = streams.stream("mothers")
    shares = np.array(parameters.age_shares)
    group = stream.choice(4, len(issue), p=shares / shares.sum())
    u = stream.random(len(issue))
    age = np.select(
        [group == 0, group == 1, group == 2],
        [15 + 5 * np.sqrt(u), 20 + 5 * u, 25 + 5 * u],
        30 + 15 * (1 - np.sqrt(1 - u)),
    )
    birth = issue - days(age * DAYS_PER_YEAR)
    return register.add(MOTHER, 0, birth), birth


def simulate(
    parameters: WorldParameters,
    curves: ReturnCurves,
    n_mothers: int,
    register: PersonRegister,
    streams: Streams,
) -> tuple[Sets, Families]:
    """Simulate every mother's sets of proceedings up to the extract.

    Returns
    -------
    (Sets, Families)
        The sets, and the children and fathers in them.
    """
    issue = first_issue_dates(parameters, n_mothers, streams.stream("first issues"))
    mother, birth = mothers_at_index(parameters, issue, register, streams)
    areas = area_weights(parameters, streams.shared("areas"))
    area = 1 + streams.stream("first areas").choice(len(areas), n_mothers, p=areas)
    k = 1 / parameters.frailty_variance if parameters.frailty_variance else np.inf
    frailty = (
        streams.stream("frailty").gamma(k, 1 / k, n_mothers) if k < np.inf else np.ones(n_mothers)
    )
    families = Families(parameters, curves, register, streams, birth, mother)
    family = families.begin(issue)
    parts = [_close_round(parameters, streams, family, mother, frailty, issue, area, None, 1)]
    latest = Round(mother, np.arange(n_mothers), frailty, issue, parts[0].final, area)
    families.settle(parts[0], 0)
    for number in range(2, parameters.most_sets + 1):
        made = _next_round(parameters, curves, families, streams, latest, areas, number)
        if made is None:
            break
        sets, latest_frailty = made
        offset = sum(len(part) for part in parts)
        families.settle(sets, offset)
        parts.append(sets)
        latest = Round(
            sets.mother,
            offset + np.arange(len(sets)),
            latest_frailty,
            sets.issue,
            sets.final,
            sets.area,
        )
    return join_entries(*parts), families


def _next_round(
    parameters: WorldParameters,
    curves: ReturnCurves,
    families: Families,
    streams: Streams,
    latest: Round,
    areas: np.ndarray,
    number: int,
) -> tuple[Sets, np.ndarray] | None:
    """The next set of every mother who returns before the extract."""
    stream = streams.stream(f"returns {number}")
    uniform = marginal_uniform(latest.frailty, parameters.frailty_variance, stream)
    years = completed_years(latest.issue, families.birth_of(latest.mother))
    gap, returns = curves.draw_days(uniform, age_group(years))
    issue = latest.issue + days(gap)
    chosen = np.flatnonzero(returns & (issue <= np.datetime64(parameters.extract_date)))
    if not len(chosen):
        return None
    moved = stream.random(len(chosen)) < parameters.moved_area
    elsewhere = 1 + stream.choice(len(areas), len(chosen), p=areas)
    before = Round(
        latest.mother[chosen],
        latest.position[chosen],
        latest.frailty[chosen],
        latest.issue[chosen],
        latest.final[chosen],
        latest.area[chosen],
    )
    family = families.return_with(before.mother, before.issue, issue[chosen], number)
    area = np.where(moved, elsewhere, before.area)
    sets = _close_round(
        parameters,
        streams,
        family,
        before.mother,
        before.frailty,
        issue[chosen],
        area,
        before,
        number,
    )
    return sets, before.frailty


def marginal_uniform(
    frailty: np.ndarray, variance: float, stream: np.random.Generator
) -> np.ndarray:
    """Uniform draws of survival that share a mother's frailty.

    With gamma frailty Z of that variance and E exponential, (1 + variance E / Z)^(-1 / variance)
    is uniform, so the marginal curve stays as planted while a mother's gaps go together.
    """
    exponential = stream.exponential(1.0, len(frailty))
    if variance == 0:
        return np.exp(-exponential)
    return (1 + variance * exponential / frailty) ** (-1 / variance)


def _close_round(
    parameters: WorldParameters,
    streams: Streams,
    family: Family,
    mother: Ints,
    frailty: np.ndarray,
    issue: Days,
    area: Ints,
    before: Round | None,
    number: int,
) -> Sets:
    """Give a round its final orders and mark returns that were put into the earlier case."""
    stream = streams.stream(f"proceedings {number}")
    final = draw_final_orders(parameters, issue, stream)
    age = (final - family.youngest_birth).astype(np.int64) / DAYS_PER_YEAR
    group = draw_order_groups(parameters, frailty, age, stream)
    none = np.zeros(len(mother), dtype=bool)
    consolidated = none
    if before is not None:
        born_late = (family.youngest_birth - before.issue).astype(np.int64) >= THIRTY_SEVEN_WEEKS
        open_case = (issue < before.final) & (number == 2)
        drawn = stream.random(len(mother)) < parameters.mess.consolidated
        consolidated = family.new_child & born_late & open_case & drawn
    return Sets(
        mother=mother,
        number=np.full(len(mother), number),
        earlier=np.full(len(mother), -1) if before is None else before.position,
        issue=issue,
        final=final,
        area=area,
        moved=none if before is None else area != before.area,
        father=family.father,
        order_group=group,
        new_child=family.new_child,
        under_4_weeks=family.under_4_weeks,
        consolidated=consolidated,
    )
