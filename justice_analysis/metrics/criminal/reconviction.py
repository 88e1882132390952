"""Reconviction on the records of the criminal courts: 12 months to offend, 6 more to be proven."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select, time_at_risk
from justice_analysis.definitions import metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.prosecutions import (
    BOTH,
    CASE_TYPES,
    convicted_offences,
)
from justice_analysis.metrics.criminal.reconviction_definition import CARD, ReconvictionOptions
from justice_analysis.metrics.custody.stays import custody_sources, releases
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_output
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.person_groups import (
    PERSON_GROUPS,
    window_steps,
    window_words,
    with_person_groups,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

OFFENCE_MONTHS, PROVEN_MONTHS = 12, 18
RELEASE, SENTENCE = "released from custody", "sentenced in court, not to custody"
SOURCE = "magistrates_defendant"
CUSTODY = "immediate_custody"


@metric(CARD)
def reconviction_12m6m(warehouse: Warehouse, **options: Any) -> Measured:
    """Share of people convicted of an offence committed in the year after the index date.

    Parameters
    ----------
    warehouse
        A warehouse that holds criminal cases, and custody where releases are asked for.
    **options
        See `ReconvictionOptions`.

    Returns
    -------
    Measured
        `rate`: share reconvicted by group, with 95% Wilson intervals. `days`: days to the first
        such offence, of those reconvicted (left out where nobody was).

    Raises
    ------
    OptionError
        If an option is unknown.
    MetricError
        If the warehouse lacks what the metric needs, or nobody could be followed.
    """
    chosen: ReconvictionOptions = CARD.read_options(options)
    people, flow = reconvicted(warehouse, chosen)
    if not flow.people:
        raise MetricError(
            "reconviction_12m6m found nobody who was followed for 18 months: check the window."
        )
    by = (chosen.by,) if chosen.by else ()
    if chosen.by in PERSON_GROUPS:
        people = with_person_groups(warehouse, people, day="index_date", by=chosen.by)
    about = _about(warehouse, chosen)
    units = units_of(people, by=by, person="person_id", keep=["reconvicted", "duration_days"])
    outputs = {"rate": share_output(about, units, met="reconvicted")}
    again = dataclasses.replace(units, rows=units.rows.filter(units.rows.reconvicted))
    if engine.count_rows(again.rows):
        outputs["days"] = duration_output(
            about.part("reconvicted"),
            again,
            units_name="reconvicted",
            words="days to the first offence of which they were convicted",
            title="Time to the first offence of those reconvicted",
        )
    return Measured(CARD, chosen, outputs, flow)


def _about(warehouse: Warehouse, options: ReconvictionOptions) -> About:
    who = {
        "both": "People released from custody, or sentenced in court but not to custody,",
        "release": "People released from custody",
        "sentence": "People sentenced in court but not to custody",
    }[options.index]
    window = window_words(options.index_from, options.index_to)
    return About(
        card=CARD,
        options=options,
        unit="people",
        population=f"{who}{window}".rstrip(","),
        population_hash=population_hash(warehouse, CARD, options),
        family=CARD.name,
        notes=(
            "Convictions in court only: cautions, the Single Justice Procedure and cases on "
            "Common Platform are not in the data, so this is not the official rate.",
        ),
    )


def reconvicted(warehouse: Warehouse, options: ReconvictionOptions) -> tuple[ir.Table, Flow]:
    """Follow each person from the first index date in the window.

    Returns
    -------
    tuple of Table and Flow
        Stored; one row per person followed: `person_id`, `index_date`, `index_event`,
        `proceeding_id` (of the sentence), `reconvicted`, `duration_days` (from the index date
        to the first offence; missing: not reconvicted); and the people left at each step.
    """
    index, flow = _index_dates(warehouse, options)
    joined = seen_until(warehouse, with_court(warehouse, index)).drop("place_id")
    last = engine.add_months(joined.index_date, PROVEN_MONTHS)
    name = "court covered for 18 months more"
    kept, more = select(joined, start=flow.start, steps=[(name, joined.seen_to >= last)])
    flow = dataclasses.replace(flow, steps=(*flow.steps, *more.steps))
    kept = engine.materialise(kept.drop("seen_to"), step="people followed for 18 months")
    first = _first_offences(convicted_offences(warehouse), kept)
    found = kept.left_join(first, "person_id").drop("person_id_right")
    days = engine.days_between(found.offence_date, found.index_date)
    found = found.mutate(reconvicted=found.offence_date.notnull(), duration_days=days)
    return engine.materialise(found.drop("offence_date"), step="reconvictions"), flow


def _index_dates(warehouse: Warehouse, options: ReconvictionOptions) -> tuple[ir.Table, Flow]:
    """Each person's first index date in the window."""
    parts = []
    if options.index in ("both", "release"):
        custody_sources(warehouse)
        ended = releases(warehouse)
        parts.append(
            ended.select(
                "person_id",
                index_date=ended.end_date,
                index_event=ibis.literal(RELEASE),
                proceeding_id=ibis.null("int64"),
            )
        )
    if options.index in ("both", "sentence"):
        parts.append(_sentences(warehouse))
    rows = engine.union(*parts)
    steps = window_steps(rows.index_date, options.index_from, options.index_to, what="index date")
    for _, condition in steps:
        rows = rows.filter(condition.fill_null(False))
    first = engine.first_per_group(
        rows, by=["person_id"], order_by=["index_date", "index_event", "proceeding_id"]
    )
    first = engine.materialise(first, step="index dates")
    kept, flow = select(
        first,
        start="people with an index date in the window",
        steps=[("linked to a person", first.person_id.notnull())],
    )
    return kept, flow


def _sentences(warehouse: Warehouse) -> ir.Table:
    """Sentences of the criminal courts that are not to immediate custody, of linked people."""
    case, party, part, decision = (
        warehouse.case,
        warehouse.party,
        warehouse.matter_party,
        warehouse.decision,
    )
    cases = case.filter(case.case_type.isin(CASE_TYPES[BOTH])).select("case_id", "proceeding_id")
    people = party.filter((party.role == "defendant") & party.person_id.notnull())
    of_person = people.select("party_id", "person_id", "case_id").inner_join(cases, "case_id")
    given = decision.filter(decision.decision_type == "sentence", decision.decision_date.notnull())
    of_party = part.filter(part.part == "defendant").select("matter_id", "party_id")
    rows = given.inner_join(of_party, "matter_id").inner_join(of_person, "party_id")
    of_case = rows.group_by("person_id", "proceeding_id", index_date=rows.decision_date).aggregate(
        to_custody=(rows.decision == CUSTODY).max()
    )
    outside = of_case.filter(~of_case.to_custody)
    return outside.select(
        "person_id", "index_date", "proceeding_id", index_event=ibis.literal(SENTENCE)
    )


def seen_until(warehouse: Warehouse, index: ir.Table) -> ir.Table:
    """Add `seen_to`: the day from which the person's court was no longer covered.

    Parameters
    ----------
    index
        One row per person and index date: `person_id`, `index_date` and `place_id`, as
        `with_court` gives it.

    Returns
    -------
    Table
        The same rows; `seen_to` is missing for whoever was not covered on the index date.
    """
    people = index.mutate(start_date=index.index_date)
    seen = time_at_risk(warehouse, people, source=SOURCE)
    ends = seen.select(seen_person="person_id", seen_from="index_date", seen_to="censor_date")
    same = [index.person_id == ends.seen_person, index.index_date == ends.seen_from]
    return index.left_join(ends, same).drop("seen_person", "seen_from")


def with_court(warehouse: Warehouse, index: ir.Table) -> ir.Table:
    """Add `place_id`: the magistrates' court of the person's last case by the index date.

    `index` has one row per person and index date: `person_id`, `index_date`.
    """
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.case_type == "magistrates", case.received_date.notnull())
    defendants = party.filter(party.role == "defendant").select("case_id", "person_id")
    rows = defendants.inner_join(
        cases.select("case_id", "place_id", "received_date"), "case_id"
    ).inner_join(index.select("person_id", "index_date"), "person_id")
    before = rows.filter(rows.received_date <= rows.index_date)
    keys = ["person_id", "index_date"]
    last = engine.first_per_group(
        before, by=keys, order_by=[ibis.desc("received_date"), "case_id"]
    ).select(*keys, "place_id")
    return index.left_join(last, keys).drop("person_id_right", "index_date_right")


def _first_offences(offences: ir.Table, people: ir.Table) -> ir.Table:
    """First offence of the year of each person that was convicted in time."""
    counted = counted_offences(offences, people)
    return counted.group_by("person_id").aggregate(offence_date=counted.offence_date.min())


def counted_offences(offences: ir.Table, people: ir.Table) -> ir.Table:
    """Offences of the year from each person's index date that were convicted in time.

    Parameters
    ----------
    offences
        One row per linked person and charge, as `convicted_offences` gives them; other columns
        are kept.
    people
        One row per person and index date: `person_id`, `index_date`, `proceeding_id` (of the
        sentence that the index is; missing: a release).

    Returns
    -------
    Table
        The rows of `offences` that count, with `index_date`.
    """
    index = people.select("person_id", "index_date", index_proceeding="proceeding_id")
    both = offences.inner_join(index, "person_id")
    same_case = (both.proceeding_id == both.index_proceeding).fill_null(False)
    counted = both.filter(
        both.offence_date >= both.index_date,
        both.offence_date < engine.add_months(both.index_date, OFFENCE_MONTHS),
        both.convicted_date < engine.add_months(both.index_date, PROVEN_MONTHS),
        both.convicted_date >= both.offence_date,
        ~same_case,
    )
    return counted.drop("index_proceeding")
