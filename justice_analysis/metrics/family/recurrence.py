"""Recurrence: parents who return to court in a further set of care proceedings.

Every rule that the published studies differ on is an option with a stated default;
`recurrence_definition.py` holds them, `book/decisions/recurrence.md` says whence they come.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import AGE_BANDS_OF_PARENTS, ORDER_GROUP_PRECEDENCE
from justice_analysis.cohorts import Flow, care_proceedings, follow_up, observed_period, select
from justice_analysis.definitions import metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.incidence import NOT_KNOWN, incidence
from justice_analysis.metrics.estimates.result import IncidenceResult, year_days
from justice_analysis.metrics.family.recurrence_definition import CARD, RecurrenceOptions, wider

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SEX_OF_PARENT = {"mother": "female", "father": "male"}
INFANT_DAYS = 365
HORIZONS = tuple(year_days(years) for years in (1, 3, 5, 7, 10))
CLOCK_WORDS = {"issue": "issue of the first set", "final_order": "final order of the first set"}
GROUP_ORDERS = {
    "age_band": tuple(band.label for band in AGE_BANDS_OF_PARENTS),
    "order_group": tuple(reversed(ORDER_GROUP_PRECEDENCE)),
}


@metric(CARD)
def recurrence(warehouse: Warehouse, **options: Any) -> IncidenceResult:
    """Estimate the share of parents who return in a further set of care proceedings.

    Parameters
    ----------
    warehouse
        A warehouse that holds care proceedings with parties and relationships.
    **options
        See `RecurrenceOptions`.

    Returns
    -------
    IncidenceResult
        Estimates at 1, 3, 5, 7 and 10 years and whole curves, by group, with 95% log-log
        intervals; people at each step of the selection.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse lacks what the metric needs.

    Notes
    -----
    Definitions: the card, `justice metric show recurrence`.
    """
    chosen: RecurrenceOptions = CARD.read_options(options)
    frame, flow = time_to_return(warehouse, chosen)
    result = incidence(
        frame,
        card=CARD,
        options=chosen,
        unit=f"{chosen.parent}s",
        event="a further set of care proceedings",
        clock=CLOCK_WORDS[chosen.clock],
        horizons=_horizons(chosen),
        flow=flow,
        population=_population(chosen),
        warehouse=warehouse,
        notes=_notes(chosen),
        group_order=GROUP_ORDERS.get(chosen.by or "", ()),
        causes=("event",),
        wider=wider(chosen),
    )
    result = dataclasses.replace(
        result,
        family=f"{CARD.name} of {chosen.parent}s",
        places={"group": "region"} if chosen.by == "region" else {},
    )
    if chosen.identify_by == "relationship":
        return result
    alone = care_proceedings.without_recorded_child(warehouse, frame)
    return dataclasses.replace(result, fallback_people=alone)


def time_to_return(warehouse: Warehouse, options: RecurrenceOptions) -> tuple[ir.Table, Flow]:
    """Follow each parent from a first set of care proceedings to a return.

    Returns
    -------
    tuple of Table and Flow
        One row per parent followed: `person_id`, `proceeding_id`, `index_issue`,
        `clock_start`, `return_issue` (missing: none seen), `duration_days`, `outcome`
        (`event`, `death` or `censored`), `event_observed`, `entry_days`, `group`; and the
        parents left at each step.
    """
    return follow_first_of(warehouse, numbered_sets(warehouse, options), options)


def follow_first_of(
    warehouse: Warehouse, numbered: ir.Table, options: RecurrenceOptions
) -> tuple[ir.Table, Flow]:
    """Follow each parent from the set with number 1, as `time_to_return` does."""
    index = index_sets(warehouse, numbered, options)
    kept, flow = _selected(warehouse, index, options)
    returns = first_returns(numbered, kept, options)
    # Counted several times from here on, and small: one row per parent.
    frame = engine.materialise(
        _time_at_risk(warehouse, kept, returns, options), step="time at risk"
    )
    kept_frame, flow = _at_risk(frame, flow, options)
    return _with_group(warehouse, kept_frame, options), flow


def numbered_sets(warehouse: Warehouse, options: RecurrenceOptions) -> ir.Table:
    """Each parent's sets of care proceedings, numbered by issue; one row per person and set."""
    # Read by three windows below.
    sets = engine.materialise(
        care_proceedings.sets_of_care_proceedings(warehouse, precedence=options.precedence),
        step="sets of care proceedings",
    )
    pairs = care_proceedings.parents_in_sets(
        warehouse,
        sets,
        sex=SEX_OF_PARENT[options.parent],
        identify_by=options.identify_by,
        birth_day=options.birth_day,
    )
    collapsed = care_proceedings.one_row_per_set(pairs, split_later_born=options.split_later_born)
    numbered = care_proceedings.merge_close_sets(
        collapsed,
        gap_days=options.gap_days,
        same_if_overlapping=options.overlapping == "same_set",
    )
    return engine.materialise(numbered, step="sets of care proceedings per parent")


def index_sets(warehouse: Warehouse, numbered: ir.Table, options: RecurrenceOptions) -> ir.Table:
    """Each parent's first observed set, its clock start and the parent's age at issue."""
    first = numbered.filter(numbered.set_number == 1)
    births = warehouse.person.select("person_id", "birth_month", "death_date")
    index = first.join(births, "person_id")
    start = index.issue_date if options.clock == "issue" else index.final_order_date
    return index.select(
        "person_id",
        "proceeding_id",
        "area_id",
        "birth_month",
        "death_date",
        index_issue=index.issue_date,
        clock_start=start,
    )


def _selected(
    warehouse: Warehouse, index: ir.Table, options: RecurrenceOptions
) -> tuple[ir.Table, Flow]:
    """Keep the first sets that the options admit, counting at each step."""
    observed_from, _ = _observed(warehouse, options)
    after_lookback = engine.add_months(ibis.literal(observed_from), 12 * options.lookback_years)
    years = options.lookback_years
    looked_back = f"first set with {years} year{'s' * (years != 1)} of history before it"
    if options.area:
        index = _with_region(warehouse, index)
    steps = [(looked_back, index.index_issue >= after_lookback)] if years else []
    if options.index_from:
        since = index.index_issue >= ibis.literal(_day(options.index_from))
        steps.append((f"issued from {_written(options.index_from)}", since))
    if options.index_to:
        until = index.index_issue < ibis.literal(_day(options.index_to))
        steps.append((f"issued before {_written(options.index_to)}", until))
    if options.area:
        steps.append(
            (
                "in the area asked for",
                (index.area_id == options.area) | (index.region_id == options.area),
            )
        )
    if options.clock == "final_order":
        steps.append(("final order of the first set recorded", index.clock_start.notnull()))
    return select(index, start=f"{options.parent}s in care proceedings", steps=steps)


def first_returns(numbered: ir.Table, index: ir.Table, options: RecurrenceOptions) -> ir.Table:
    """Each parent's first later set that the endpoint admits: `person_id`, `return_issue`."""
    later = numbered.filter(numbered.set_number > 1)
    later = later.select("person_id", "issue_date", "youngest_birth")
    both = later.join(index.select("person_id", "index_issue", "clock_start"), "person_id")
    days = engine.days_between(both.issue_date, both.clock_start)
    admitted = (days > 0) & (days >= options.risk_start_days) & _endpoint(both, options)
    returns = both.filter(admitted)
    return returns.group_by("person_id").aggregate(return_issue=returns.issue_date.min())


def _endpoint(both: ir.Table, options: RecurrenceOptions) -> ir.BooleanValue:
    is_new = (both.youngest_birth >= both.index_issue).fill_null(False)
    age_days = engine.days_between(both.issue_date, both.youngest_birth)
    is_infant = (age_days < INFANT_DAYS).fill_null(False)
    return {
        "any": ibis.literal(True),
        "new_child": is_new,
        "new_infant": is_new & is_infant,
        "infant": is_infant,
        "existing_child": ~is_new,
    }[options.endpoint]


def _time_at_risk(
    warehouse: Warehouse, index: ir.Table, returns: ir.Table, options: RecurrenceOptions
) -> ir.Table:
    """Days from clock start to return, competing death or the end of what can be seen."""
    _, observed_to = _observed(warehouse, options)
    people = index.left_join(returns, "person_id").drop("person_id_right")
    end: ir.DateValue = ibis.literal(observed_to)
    if options.followup_days is not None:
        # `end` is exclusive, so a return on the last day of follow-up still counts.
        end = ibis.least(end, engine.add_days(people.clock_start, options.followup_days + 1))
    if options.death != "ignore":
        _refuse_without_deaths(warehouse)
    if options.death == "censor":
        end = ibis.least(end, ibis.coalesce(people.death_date, end))
    return follow_up(
        people.mutate(followup_end=end),
        start="clock_start",
        event="return_issue",
        end="followup_end",
        competing="death_date" if options.death == "competing" else None,
        competing_name="death",
        entry_days=max(options.risk_start_days - 1, 0),
    )


def _refuse_without_deaths(warehouse: Warehouse) -> None:
    known = engine.execute(warehouse.person.death_date.notnull().sum(), step="deaths")
    if not known:
        raise OptionError(
            "death must be recorded to be used: no person in this warehouse has a death date. "
            "Use death=ignore, or load a dataset that holds deaths."
        )


def _at_risk(frame: ir.Table, flow: Flow, options: RecurrenceOptions) -> tuple[ir.Table, Flow]:
    """Leave out people with no day at risk, and say how many."""
    name = "at risk for a day or more"
    if options.risk_start_days:
        name = f"still at risk {options.risk_start_days} days after the clock starts"
    kept, last = select(
        frame, start=flow.start, steps=[(name, frame.duration_days > frame.entry_days)]
    )
    return kept, dataclasses.replace(flow, steps=(*flow.steps, *last.steps))


def _with_group(warehouse: Warehouse, frame: ir.Table, options: RecurrenceOptions) -> ir.Table:
    """Name each person's group; people whose group is not recorded are `not known`."""
    if options.by is None:
        return frame.mutate(group=ibis.literal("all"))
    group = {
        "age_band": _age_band,
        "cohort": _cohort,
        "order_group": _order_group,
        "region": _region,
    }[options.by]
    return group(warehouse, frame)


def _age_band(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    age = engine.years_between(frame.index_issue, frame.birth_month)
    bands = [(age < band.below, band.label) for band in AGE_BANDS_OF_PARENTS if band.below]
    rest = AGE_BANDS_OF_PARENTS[-1].label
    named = ibis.cases((age.isnull(), NOT_KNOWN), *bands, else_=rest)
    return frame.mutate(group=named)


def _cohort(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    early = frame.index_issue < ibis.date("2014-01-01")
    return frame.mutate(group=early.ifelse("issued before 2014", "issued from 2014"))


def _order_group(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    groups = care_proceedings.order_group_of_sets(warehouse)
    joined = frame.left_join(groups, "proceeding_id")
    return joined.mutate(group=joined.order_group.fill_null(NOT_KNOWN))


def _region(warehouse: Warehouse, frame: ir.Table) -> ir.Table:
    joined = _with_region(warehouse, frame)
    return joined.mutate(group=joined.region_name.fill_null(NOT_KNOWN))


def _with_region(warehouse: Warehouse, table: ir.Table) -> ir.Table:
    areas = warehouse.place.select(area_id="place_id", region_id="parent_id")
    regions = warehouse.place.select(region_id="place_id", region_name="name")
    named = areas.left_join(regions, "region_id").drop("region_id_right")
    return table.left_join(named, "area_id").drop("area_id_right")


def _observed(warehouse: Warehouse, options: RecurrenceOptions) -> tuple[Any, Any]:
    return observed_period(warehouse, sources=options.precedence)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"a date must be written YYYY-MM-DD: {text} is not.") from None


def _written(text: str) -> str:
    """A date as people write it: 1 April 2008."""
    day = _day(text)
    return f"{day.day} {day:%B %Y}"


def _horizons(options: RecurrenceOptions) -> tuple[int, ...]:
    longest = options.followup_days
    return tuple(days for days in HORIZONS if longest is None or days <= longest)


def _population(options: RecurrenceOptions) -> str:
    window = " and ".join(
        part
        for part in (
            f"issued from {_written(options.index_from)}" if options.index_from else "",
            f"before {_written(options.index_to)}" if options.index_to else "",
        )
        if part
    )
    where = f", {options.area.replace(':', ' ')}" if options.area else ""
    return (
        f"{options.parent.capitalize()}s in a first set of care proceedings {window}{where}".strip()
    )


def _notes(options: RecurrenceOptions) -> tuple[str, ...]:
    notes = [f"Time runs from {CLOCK_WORDS[options.clock]}. Intervals are 95%."]
    if options.risk_start_days:
        notes.append(f"Returns in the first {options.risk_start_days} days are not counted.")
    if options.clock == "final_order":
        notes.append("Returns issued before the final order are not counted.")
    return tuple(notes)
