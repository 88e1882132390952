"""Returning defendants: who is prosecuted again after a first known case, when and how often."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up
from justice_analysis.definitions import metric
from justice_analysis.metrics.criminal.first_known import (
    RETURN,
    first_known,
    followed,
    later_prosecutions,
    more_steps,
)
from justice_analysis.metrics.criminal.followed_custody import days_at_liberty, until_custody
from justice_analysis.metrics.criminal.prosecutions import principal_offence
from justice_analysis.metrics.criminal.returning_definition import (
    CARD,
    NUMBER_CARD,
    FirstKnownOptions,
    NumberOptions,
    ReturningOptions,
    wider,
)
from justice_analysis.metrics.custody.stays import custody_period
from justice_analysis.metrics.estimates.incidence import NOT_KNOWN, incidence
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.result import IncidenceResult, year_days
from justice_analysis.metrics.estimates.shares import mix_output
from justice_analysis.metrics.person_groups import AGE_ORDER, window_words, with_person_groups

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HORIZONS = tuple(year_days(years) for years in (1, 2, 3, 5, 8))
TIMES = ("none", "once", "two to five times", "six times or more")
"""Bands of the number of returns."""


@metric(CARD)
def returning_defendants(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of defendants prosecuted again after their first known case.

    Parameters
    ----------
    warehouse
        A warehouse that holds criminal cases, and custody where its time is used.
    **options
        See `ReturningOptions`.

    Returns
    -------
    IncidenceResult
        Estimates at 1, 2, 3, 5 and 8 years and whole curves, by group, with 95% log-log
        intervals; people at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse lacks what the metric needs, or no one is left to follow.

    Notes
    -----
    Definitions: the card, `justice metric show returning_defendants`.
    """
    chosen: ReturningOptions = CARD.read_options(options)
    frame, flow = time_to_return(warehouse, chosen)
    result = incidence(
        _grouped(warehouse, frame, chosen, name="group"),
        card=CARD,
        options=chosen,
        unit="defendants",
        event="a later prosecution",
        clock="the first known case",
        horizons=_horizons(chosen),
        flow=flow,
        population=_population(chosen),
        warehouse=warehouse,
        notes=_notes(chosen),
        group_order=AGE_ORDER if chosen.by == "age_band" else (),
        causes=("event",),
        wider=wider(chosen),
    )
    return dataclasses.replace(result, family="defendants first known")


@metric(NUMBER_CARD)
def number_of_returns(warehouse: Warehouse, **options: Any) -> Measured:
    """Count defendants by how often they were prosecuted again over the same time.

    Parameters
    ----------
    warehouse
        A warehouse that holds criminal cases.
    **options
        See `NumberOptions`.

    Returns
    -------
    Measured
        `times`: defendants by number of returns, with 95% Wilson intervals. `later_cases`:
        their later prosecutions, as returns and as what does not count.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse lacks what the metric needs, or no one is left to count.
    """
    chosen: NumberOptions = NUMBER_CARD.read_options(options)
    cases, index, flow = first_known(warehouse, chosen)
    kept, flow = followed(warehouse, index, flow, chosen, whole=True)
    later = engine.materialise(later_prosecutions(cases, kept, chosen), step="later prosecutions")
    returns = later.filter(later.kind == RETURN)
    number = returns.group_by("person_id").aggregate(returns=returns.count())
    counted = kept.left_join(number, "person_id").drop("person_id_right")
    counted = counted.mutate(times=_times(counted.returns.fill_null(0)))
    by = (chosen.by,) if chosen.by else ()
    about = About(
        card=NUMBER_CARD,
        options=chosen,
        unit="defendants",
        population=_population(chosen),
        population_hash=population_hash(warehouse, NUMBER_CARD, chosen),
        within=tuple(population_hash(warehouse, NUMBER_CARD, one) for one in wider(chosen)),
        family="defendants first known",
        notes=_notes(chosen),
    )
    outputs = {
        "times": mix_output(
            about,
            _grouped(warehouse, counted, chosen),
            category="times",
            by=by,
            person="person_id",
            units_name="defendants",
            order=TIMES,
        )
    }
    if engine.count_rows(later):
        outputs["later_cases"] = mix_output(
            about.part("with a later prosecution"),
            later,
            category="kind",
            person="person_id",
            units_name="prosecutions",
            title="Later prosecutions of these defendants",
        )
    return Measured(NUMBER_CARD, chosen, outputs, flow)


def time_to_return(warehouse: Warehouse, options: ReturningOptions) -> tuple[ir.Table, Flow]:
    """Follow each defendant from the first known case to a return.

    Returns
    -------
    tuple of Table and Flow
        One row per defendant followed: `person_id`, `party_id` (of the first case),
        `start_date`, `return_date` (missing: none seen), `duration_days`, `outcome`,
        `event_observed`, `entry_days`; and the defendants left at each step.
    """
    cases, index, flow = first_known(warehouse, options)
    kept, flow = followed(warehouse, index, flow, options)
    later = later_prosecutions(cases, kept, options)
    returns = later.filter(later.kind == RETURN)
    first = returns.group_by("person_id").aggregate(return_date=returns.case_date.min())
    people = kept.left_join(first, "person_id").drop("person_id_right")
    if options.custody != "ignore":
        held_from, held_to = custody_period(warehouse)
        begins = ("custody recorded from the first known case", people.start_date >= held_from)
        people = people.mutate(end_date=ibis.least(people.end_date, ibis.literal(held_to)))
        people, flow = more_steps(people, flow, [begins])
    if options.custody == "censor":
        people = until_custody(warehouse, people)
    frame = follow_up(people, start="start_date", event="return_date", end="end_date")
    if options.custody == "exclude":
        frame = days_at_liberty(warehouse, frame)
    frame = engine.materialise(frame, step="time to return")
    steps = [("at risk for a day or more", frame.duration_days > 0)]
    return more_steps(frame, flow, steps)


def _times(returns: ir.IntegerValue) -> ir.StringValue:
    none, once, few, many = TIMES
    return ibis.cases((returns == 0, none), (returns == 1, once), (returns < 6, few), else_=many)


def _grouped(
    warehouse: Warehouse, people: ir.Table, options: FirstKnownOptions, name: str | None = None
) -> ir.Table:
    """Add the column of the groups asked for, under its own name or another."""
    by = options.by
    if by is None:
        return people.mutate(**{name: ibis.literal("all")}) if name else people
    if by == "offence_group":
        group = principal_offence(warehouse, people)
        people = people.left_join(group, "party_id").drop("party_id_right")
        people = people.mutate(offence_group=people.offence_group.fill_null(NOT_KNOWN))
    else:
        people = with_person_groups(warehouse, people, day="start_date", by=by)
    return people.rename({name: by}) if name else people


def _horizons(options: FirstKnownOptions) -> tuple[int, ...]:
    longest = options.followup_days
    return tuple(days for days in HORIZONS if longest is None or days <= longest)


def _population(options: FirstKnownOptions) -> str:
    window = window_words(options.index_from, options.index_to)
    return (
        f"Defendants whose first known case was{window}"
        if window
        else ("Defendants from their first known case")
    )


def _notes(options: FirstKnownOptions) -> tuple[str, ...]:
    notes = [
        "The first known case is the first in the data, which need not be the first ever.",
        "Any later appearance is a return, whatever the outcome."
        if options.published
        else "A return is a prosecution for an offence committed after the first known case.",
    ]
    custody = getattr(options, "custody", "ignore")
    if custody != "ignore":
        notes.append("Stays in custody whose end was not recorded count as their first day.")
    if custody == "censor":
        notes.append("Follow-up ends when custody begins; people held from the start are left out.")
    if custody == "exclude":
        notes.append("Days in custody are taken off the clock.")
    return tuple(notes)
