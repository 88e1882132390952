"""Proven offences of police records, and the index dates of the people they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, observed_period, select
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.proven_definition import COHORTS, ProvenOptions
from justice_analysis.metrics.custody.stays import releases
from justice_analysis.metrics.estimates.person_parts import NOT_KNOWN
from justice_analysis.metrics.estimates.units import person_key
from justice_analysis.metrics.person_groups import window_steps, window_words

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PROVEN_MONTHS = 18
CAUTIONED, SENTENCED, RELEASED = "cautioned", "sentenced, not to custody", "released from custody"
CUSTODY, CAUTION = "immediate_custody", "caution"


def proven_offences(warehouse: Warehouse) -> ir.Table:
    """Offences of police records that were cautioned or sentenced.

    Returns
    -------
    Table
        Stored; one row per offence: `person_id` (missing: not linked), `person_key`, `case_id`,
        `matter_id`, `source`, `offence_date` (missing: not recorded), `proven_date`, `outcome`
        (`caution`, or the sentence).

    Raises
    ------
    MetricError
        If the warehouse has none.
    """
    case, party, part = warehouse.case, warehouse.party, warehouse.matter_party
    matter, decision = warehouse.matter, warehouse.decision
    cases = case.filter(case.case_type == "pnc_record").select("case_id", "source")
    people = party.select("party_id", "case_id", "person_id", person_key=person_key(party))
    given = decision.filter(
        decision.decision_type.isin((CAUTION, "sentence")), decision.decision_date.notnull()
    )
    outcome = (given.decision_type == CAUTION).ifelse(CAUTION, given.decision)
    rows = (
        people.inner_join(cases, "case_id")
        .inner_join(part.select("matter_id", "party_id"), "party_id")
        .inner_join(matter.select("matter_id", offence_date="alleged_date"), "matter_id")
        .inner_join(
            given.select("matter_id", proven_date="decision_date", outcome=outcome), "matter_id"
        )
    )
    columns = ("person_id", "person_key", "case_id", "matter_id", "source")
    stored = engine.materialise(
        rows.select(*columns, "offence_date", "proven_date", "outcome"), step="proven offences"
    )
    if engine.count_rows(stored) == 0:
        raise MetricError(
            "proven_reoffending needs cautions and sentences of the Police National Computer: "
            "the warehouse has none. Load moj_dfe, or use reconviction_12m6m on court records."
        )
    return stored


def index_dates(
    warehouse: Warehouse, proven: ir.Table, options: ProvenOptions
) -> tuple[ir.Table, Flow]:
    """Each person's first index date in the window, and why others have none."""
    dates = _dates(warehouse, proven)
    inside: ir.BooleanValue = dates.index_date.notnull()
    window = window_steps(dates.index_date, options.index_from, options.index_to, what="index date")
    for _, condition in window:
        inside = inside & condition.fill_null(False)
    # Those in the window first: who has one there counts once, at the first of them.
    first = engine.first_per_group(
        dates.mutate(is_inside=inside),
        by=["person_key"],
        order_by=[ibis.desc("is_inside"), "index_date", "index_event", "case_id"],
    )
    births = warehouse.person.select(born_person="person_id", born="birth_month")
    joined = first.left_join(births, first.person_id == births.born_person).drop("born_person")
    age = engine.years_between(joined.index_date, joined.born)
    juvenile = (age < 18).ifelse(COHORTS[1], COHORTS[0])
    rows = joined.mutate(cohort=age.isnull().ifelse(NOT_KNOWN, juvenile)).drop("born")
    rows = engine.materialise(rows, step="index dates")
    last = engine.add_months(rows.index_date, PROVEN_MONTHS)
    seen_from, seen_to = observed_period(warehouse, sources=_sources(proven))
    covered = (rows.index_date >= ibis.literal(seen_from)) & (last <= ibis.literal(seen_to))
    words = window_words(options.index_from, options.index_to)
    steps = [
        ("linked to a person", rows.person_id.notnull()),
        (f"index date{words}", rows.is_inside),
        ("police records covered for 18 months more", covered),
    ]
    if options.cohort != "all":
        steps.append((f"{options.cohort} on the index date", rows.cohort == options.cohort))
    kept, flow = select(rows, start="people cautioned or sentenced", steps=steps)
    return kept.drop("is_inside", "person_key"), flow


def _sources(proven: ir.Table) -> list[str]:
    found = engine.execute(proven.select("source").distinct(), step="sources of police records")
    return sorted(found["source"])


def _dates(warehouse: Warehouse, proven: ir.Table) -> ir.Table:
    """Cautions, sentences and releases, one row each; custody without a release has no date."""
    given = proven.group_by("person_key", "person_id", "case_id", "proven_date").aggregate(
        to_custody=(proven.outcome == CUSTODY).max(),
        cautioned=(proven.outcome == CAUTION).min(),
    )
    outside = given.filter(~given.to_custody)
    event = outside.cautioned.ifelse(CAUTIONED, SENTENCED)
    columns = ("person_key", "person_id", "case_id")
    free = outside.select(*columns, index_date=outside.proven_date, index_event=event)
    inside = given.filter(given.to_custody)
    return engine.union(free, _releases_after(warehouse, inside, columns))


def _releases_after(
    warehouse: Warehouse, sentenced: ir.Table, columns: tuple[str, ...]
) -> ir.Table:
    """The release from the stay in custody that holds the day of the sentence, or the week on."""
    named = ibis.literal(RELEASED)
    if not engine.count_rows(warehouse.episode.filter(warehouse.episode.kind == "custody")):
        return sentenced.select(*columns, index_date=ibis.null("date"), index_event=named)
    held = releases(warehouse).select(
        held_person="person_id", held_from="start_date", held_to="end_date"
    )
    soon = engine.add_days(sentenced.proven_date, 7)
    is_stay = [
        sentenced.person_id == held.held_person,
        held.held_from <= soon,
        held.held_to > sentenced.proven_date,
    ]
    joined = sentenced.left_join(held, is_stay)
    first = joined.group_by(*columns).aggregate(index_date=joined.held_to.min())
    return first.select(*columns, "index_date", index_event=named)
