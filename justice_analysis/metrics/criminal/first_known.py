"""Defendants from their first known case: who, how long they are seen, what comes after."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, covered_periods, select, time_at_risk
from justice_analysis.cohorts.time_at_risk import EVERYWHERE
from justice_analysis.metrics.criminal.prosecutions import SOURCES, defendant_cases, prosecutions
from justice_analysis.metrics.criminal.returning_definition import FirstKnownOptions
from justice_analysis.metrics.person_groups import read_day, window_steps, written

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

RETURN = "return"


def first_known(
    warehouse: Warehouse, options: FirstKnownOptions
) -> tuple[ir.Table, ir.Table, Flow]:
    """All cases that count, each defendant's first known one in the window, and the losses."""
    charges = not options.published
    cases = defendant_cases(
        warehouse, courts=options.courts, dated_by=options.case_day, charges=charges
    )
    if charges and not options.counts_breaches:
        cases = cases.filter(~cases.is_breach)
    first = engine.first_per_group(
        cases, by=["person_key"], order_by=["case_date", "proceeding_id", "party_id"]
    ).select(
        "person_key", "person_id", "party_id", "proceeding_id", "place_id", start_date="case_date"
    )
    first = engine.materialise(first, step="first known cases")
    steps = [
        ("linked to a person", first.person_id.notnull()),
        ("first known case dated", first.start_date.notnull()),
        *window_steps(
            first.start_date, options.index_from, options.index_to, what="first known case"
        ),
    ]
    if options.lookback_years:
        begins = _records_begin(warehouse, options)
        since = engine.add_months(begins, 12 * options.lookback_years)
        years = options.lookback_years
        words = f"first known case after {years} year{'s' * (years != 1)} of records"
        steps.append((words, first.start_date >= since))
    kept, flow = select(first, start="defendants", steps=steps)
    return cases, kept, flow


def _records_begin(warehouse: Warehouse, options: FirstKnownOptions) -> Any:
    """Day from which all courts are covered."""
    periods = covered_periods(warehouse, SOURCES[options.courts])
    whole = periods.filter(periods.covered_place == EVERYWHERE)
    begins = engine.execute(whole.from_date.min(), step="coverage")
    return ibis.literal(begins, type="date") if begins is not None else ibis.null("date")


def followed(
    warehouse: Warehouse,
    index: ir.Table,
    flow: Flow,
    options: FirstKnownOptions,
    *,
    whole: bool = False,
) -> tuple[ir.Table, Flow]:
    """Those seen from their first case, with the `end_date` (excluded) of their follow-up.

    With `whole`, only those who were seen to the end that the options ask for.
    """
    source = SOURCES[options.courts]
    seen = time_at_risk(warehouse, index, source=source, followup_days=options.followup_days)
    ends = seen.select(seen_party="party_id", end_date="censor_date")
    people = index.left_join(ends, index.party_id == ends.seen_party).drop("seen_party")
    to_day = read_day(options.observed_to) if options.observed_to else None
    if to_day:
        earlier = ibis.least(people.end_date, ibis.literal(to_day))
        people = people.mutate(end_date=people.end_date.notnull().ifelse(earlier, None))
    people = engine.materialise(people, step="follow-up")
    steps = [("first known case while its court was covered", people.end_date.notnull())]
    if to_day:
        name = f"first known case before {written(to_day)}"
        steps.append((name, people.start_date < ibis.literal(to_day)))
    if whole:
        steps.append(("followed to the end", people.end_date >= _asked_end(people, options)))
    return more_steps(people, flow, steps)


def _asked_end(people: ir.Table, options: FirstKnownOptions) -> ir.DateValue:
    """The day (excluded) to which the options ask for follow-up: the earlier of the two."""
    asked = []
    if options.observed_to:
        asked.append(ibis.literal(read_day(options.observed_to)))
    if options.followup_days is not None:
        asked.append(engine.add_days(people.start_date, options.followup_days + 1))
    return ibis.least(*asked) if len(asked) > 1 else asked[0]


def later_prosecutions(cases: ir.Table, people: ir.Table, options: FirstKnownOptions) -> ir.Table:
    """Prosecutions of the people after their first known case and before their end, by kind.

    Returns
    -------
    Table
        One row per person and prosecution: `person_id`, `case_date`, `kind` (`return`, or why
        it is none).
    """
    charges = not options.published
    rows = prosecutions(cases, courts=options.courts, charges=charges)
    index = people.select(
        "person_id", "person_key", "start_date", "end_date", first_proceeding="proceeding_id"
    )
    both = rows.inner_join(index, "person_key")
    is_later = (both.case_date > both.start_date) & (both.case_date < both.end_date)
    both = both.filter(is_later & (both.proceeding_id != both.first_proceeding))
    if not charges:
        return both.select("person_id", "case_date", kind=ibis.literal(RETURN))
    new = both.offence_date > both.start_date
    if options.counts_breaches:
        new = new | both.is_breach
    kind = ibis.cases(
        (new.fill_null(False), RETURN),
        (both.offence_date.isnull(), "day of offence not known"),
        else_="offence no later than the first known case",
    )
    return both.select("person_id", "case_date", kind=kind)


def more_steps(
    people: ir.Table, flow: Flow, steps: list[tuple[str, ir.BooleanValue]]
) -> tuple[ir.Table, Flow]:
    """Go on with a selection: the people kept, and all steps so far."""
    kept, more = select(people, start=flow.start, steps=steps)
    return kept, dataclasses.replace(flow, steps=(*flow.steps, *more.steps))
