"""Proven reoffending by the official definition, where police records of disposals are loaded."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import DISPOSALS
from justice_analysis.cohorts import Flow
from justice_analysis.definitions import Output, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.proven_definition import CARD, ProvenOptions
from justice_analysis.metrics.criminal.proven_records import (
    CAUTION,
    CUSTODY,
    PROVEN_MONTHS,
    index_dates,
    proven_offences,
)
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.quantities import quantity_by_group
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.person_groups import window_words, with_person_groups

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OFFENCE_MONTHS = 12
SEVERITY = (*DISPOSALS, CAUTION)
"""Outcomes of a reoffence, from the most severe down."""


@metric(CARD)
def proven_reoffending(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure proven reoffending in the year after a caution, a sentence or a release.

    Parameters
    ----------
    warehouse
        A warehouse that holds records of the Police National Computer (MoJ-DfE share), and
        custody where releases are to count.
    **options
        See `ProvenOptions`.

    Returns
    -------
    Measured
        `rate`: share of people with a proven reoffence, with 95% Wilson intervals. `court` and
        `custody`: share of people whose reoffence led to a court sentence, and to immediate
        custody. `frequency`: reoffences per person. Of reoffenders, where there are any:
        `frequency_of_reoffenders`, `days` to the first reoffence, `severity` (the most severe
        outcome).

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If the warehouse has no such records, or nobody could be followed.
    """
    chosen: ProvenOptions = CARD.read_options(options)
    people, flow = reoffending(warehouse, chosen)
    if not flow.people:
        raise MetricError(
            "proven_reoffending found nobody who was followed for 18 months: check the window."
        )
    if chosen.by in ("sex", "ethnicity"):
        people = with_person_groups(warehouse, people, day="index_date", by=chosen.by)
    by = (chosen.by,) if chosen.by else ()
    about = About(
        card=CARD,
        options=chosen,
        unit="people",
        population=_population(chosen),
        population_hash=population_hash(warehouse, CARD, chosen),
        within=_within(warehouse, chosen),
        family=CARD.name,
        notes=("People of the linked police records alone, who in this share are young.",),
    )
    return Measured(CARD, chosen, _outputs(about, people, by), flow)


def _outputs(about: About, people: ir.Table, by: tuple[str, ...]) -> dict[str, Output]:
    keep = ["reoffended", "in_court", "in_custody", "duration_days"]
    units = units_of(people, by=by, person="person_id", keep=keep)
    title = about.card.title
    outputs = {
        "rate": share_output(about, units, met="reoffended"),
        "court": share_output(
            about, units, met="in_court", title=f"{title}: reoffences sentenced in court"
        ),
        "custody": share_output(
            about, units, met="in_custody", title=f"{title}: reoffences that led to custody"
        ),
        "frequency": _frequency(about, people, by, f"{title}: reoffences per person"),
    }
    again = people.filter(people.reoffended)
    if engine.count_rows(again) == 0:
        return outputs
    reoffenders = dataclasses.replace(units, rows=units.rows.filter(units.rows.reoffended))
    name = f"{title}: reoffences per person who reoffended"
    some = about.part("reoffended")
    return outputs | {
        "frequency_of_reoffenders": _frequency(some, again, by, name),
        "days": duration_output(
            some,
            reoffenders,
            units_name="reoffended",
            words="days to the first proven reoffence",
            title=f"{title}: time to the first reoffence",
        ),
        "severity": mix_output(
            some,
            again,
            category="most_severe_outcome",
            by=by,
            person="person_id",
            units_name="reoffended",
            title=f"{title}: most severe outcome",
        ),
    }


def _frequency(about: About, people: ir.Table, by: tuple[str, ...], title: str) -> Output:
    found = quantity_by_group(
        people, quantity="reoffences", words="proven reoffences", by=by, percentiles=(50,)
    )
    return found.summary(
        ("mean", "median"),
        title=title,
        unit=about.unit,
        population=about.population,
        population_hash=about.population_hash,
        subtitle=about.population,
        card=about.card.name,
        options=dataclasses.asdict(about.options),
        notes=about.notes,
        within=about.within,
        family=about.family,
    )


def reoffending(warehouse: Warehouse, options: ProvenOptions) -> tuple[ir.Table, Flow]:
    """Follow each person from the first index date in the window.

    Returns
    -------
    tuple of Table and Flow
        Stored; one row per person followed: `person_id`, `index_date`, `index_event`, `cohort`,
        `reoffended`, `in_court`, `in_custody`, `reoffences`, `duration_days` (from the index
        date to the first reoffence; missing: none), `most_severe_outcome`; and the people left
        at each step.
    """
    proven = proven_offences(warehouse)
    index, flow = index_dates(warehouse, proven, options)
    found = _reoffences(proven, index)
    joined = index.left_join(found, "person_id").drop("person_id_right")
    number = joined.reoffences.fill_null(0)
    severity = [(joined.severity == n, name) for n, name in enumerate(SEVERITY)]
    rows = joined.select(
        "person_id",
        "index_date",
        "index_event",
        "cohort",
        reoffended=number > 0,
        in_court=joined.in_court.fill_null(False),
        in_custody=joined.in_custody.fill_null(False),
        reoffences=number,
        duration_days=engine.days_between(joined.first_offence, joined.index_date),
        most_severe_outcome=ibis.cases(*severity, else_=NOT_KNOWN),
    )
    return engine.materialise(rows, step="proven reoffending"), flow


def _reoffences(proven: ir.Table, index: ir.Table) -> ir.Table:
    """Number, first day and outcomes of each person's proven reoffences."""
    start = index.select("person_id", "index_date", index_case="case_id")
    both = proven.inner_join(start, "person_id")
    counted = both.filter(
        both.case_id != both.index_case,
        both.offence_date >= both.index_date,
        both.offence_date < engine.add_months(both.index_date, OFFENCE_MONTHS),
        both.proven_date >= both.offence_date,
        both.proven_date < engine.add_months(both.index_date, PROVEN_MONTHS),
    )
    rank = ibis.cases(*[(counted.outcome == name, n) for n, name in enumerate(SEVERITY)])
    return counted.group_by("person_id").aggregate(
        reoffences=counted.matter_id.nunique(),
        first_offence=counted.offence_date.min(),
        in_court=(counted.outcome != CAUTION).max(),
        in_custody=(counted.outcome == CUSTODY).max(),
        severity=rank.min(),
    )


def _within(warehouse: Warehouse, options: ProvenOptions) -> tuple[str, ...]:
    """Adults, or juveniles, are among everyone."""
    if options.cohort == "all":
        return ()
    return (population_hash(warehouse, CARD, dataclasses.replace(options, cohort="all")),)


def _population(options: ProvenOptions) -> str:
    who = {"all": "People", "adults": "Adults", "juveniles": "Juveniles"}[options.cohort]
    window = window_words(options.index_from, options.index_to)
    return f"{who} cautioned, sentenced or released{window}, of the linked police records"
