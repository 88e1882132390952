"""Children in family cases: applications, orders and ages, each set of proceedings once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import AGE_BANDS_OF_CHILDREN
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.units import person_key

if TYPE_CHECKING:
    import datetime

    from justice_analysis.warehouse import Warehouse

CARE = "care_proceedings"
PUBLIC_LAW = (CARE, "public_law_other")
COURT_FIRST = ("family_court", "cafcass_england", "cafcass_cymru")
"""Official figures of applications and orders count the court's own records."""
CARE_ORDERS = ("care_order", "supervision_order")
WEEK_DAYS = 6
"""Days from the Monday of a week to its Sunday."""


def cases_once(
    warehouse: Warehouse,
    *,
    case_types: Collection[str],
    precedence: Sequence[str],
    source: str | None = None,
) -> ir.Table:
    """Cases of some kinds, from one source for each set of proceedings.

    Parameters
    ----------
    precedence
        Sources in order: a set that two of them hold is read from the first.
    source
        Read this source alone.

    Returns
    -------
    Table
        One row per case, stored: `case_id`, `proceeding_id` (its own where it is in no set),
        `case_type`, `case_source`, `area_id`, `case_received`, `case_closed`, `case_status`,
        `last_activity_date`. What kind a set is, the source that takes precedence says.

    Raises
    ------
    MetricError
        If no such case is there, or a source has no place in `precedence`.
    """
    case = warehouse.case.filter(warehouse.case.jurisdiction == "family")
    if source is not None:
        case = case.filter(case.source == source)
    order = (source,) if source is not None else tuple(precedence)
    _refuse_unranked(case.filter(case.case_type.isin(list(case_types))), order)
    rank = ibis.cases(*[(case.source == name, number) for number, name in enumerate(order)])
    ranked = case.select(
        "case_id",
        "case_type",
        "area_id",
        "last_activity_date",
        proceeding_id=case.proceeding_id.fill_null(-1 - case.case_id),
        case_source=case.source,
        case_received=case.received_date,
        case_closed=case.closed_date,
        case_status=case.status,
        justice_rank=rank,
    )
    ranked = ranked.filter(ranked.justice_rank.notnull())
    first = ranked.group_by("proceeding_id").aggregate(justice_first=ranked.justice_rank.min())
    both = ranked.inner_join(first, "proceeding_id")
    kept = both.filter(
        both.justice_rank == both.justice_first, both.case_type.isin(list(case_types))
    )
    return engine.materialise(
        kept.drop("justice_rank", "justice_first"), step="cases, each set from one source"
    )


def _refuse_unranked(cases: ir.Table, order: Sequence[str]) -> None:
    found = engine.execute(cases.select("source").distinct(), step="sources of family cases")
    sources = set(found["source"])
    if not sources:
        wanted = "such family cases" + (f" from {order[0]}" if len(order) == 1 else "")
        raise MetricError(f"the warehouse must hold {wanted}: it has none. Load a family dataset.")
    if unranked := sorted(sources - set(order)):
        raise MetricError(
            f"every source of family cases must have a place in precedence: "
            f"{', '.join(unranked)} has none. Name it in the option precedence."
        )


def children_in_applications(
    warehouse: Warehouse, cases: ir.Table, *, codes: Collection[str] = ()
) -> ir.Table:
    """Children in the applications of some cases.

    Parameters
    ----------
    cases
        From `cases_once`.
    codes
        Orders applied for; all if none is named.

    Returns
    -------
    Table
        One row per child and application: `matter_id`, `code`, `received_date`,
        `person_key` and `child_id` (missing: not linked) and `party_month` (month of birth on
        the party) of the child, and the columns of `cases`.
    """
    matter = warehouse.matter
    if codes:
        matter = matter.filter(matter.code.isin(list(codes)))
    asked = matter.select("matter_id", "case_id", "code", "received_date")
    of_matter = asked.inner_join(_subjects(warehouse), "matter_id")
    return of_matter.inner_join(cases, "case_id")


def _subjects(warehouse: Warehouse) -> ir.Table:
    """The child of each matter: `matter_id` and who it is."""
    parts = warehouse.matter_party
    subjects = parts.filter(parts.part == "subject").select("matter_id", "party_id").distinct()
    party = warehouse.party
    who = party.select(
        "party_id",
        child_id=party.person_id,
        party_month=party.birth_month,
        person_key=person_key(party),
    )
    return subjects.inner_join(who, "party_id").drop("party_id")


def orders_for_children(
    warehouse: Warehouse, cases: ir.Table, *, decisions: Collection[str] = ()
) -> ir.Table:
    """Legal orders about children in some cases.

    Returns
    -------
    Table
        One row per order, child and application that it stands with: `proceeding_id`,
        `case_id`, `person_key`, `child_id`, `decision`, `decision_date` (missing: not dated),
        `is_final`.
    """
    made = warehouse.decision.filter(warehouse.decision.decision_type == "legal_order")
    if decisions:
        made = made.filter(made.decision.isin(list(decisions)))
    made = made.select("matter_id", "decision", "decision_date", "is_final")
    placed = warehouse.matter.select("matter_id", "case_id").inner_join(
        cases.select("case_id", "proceeding_id"), "case_id"
    )
    children = _subjects(warehouse).drop("party_month")
    rows = made.inner_join(placed, "matter_id").inner_join(children, "matter_id")
    return rows.drop("matter_id")


def births(warehouse: Warehouse) -> ir.Table:
    """When each person was born, as exactly as is recorded.

    Returns
    -------
    Table
        One row per person: `child_id`, `recorded` (the day of birth, or the Monday of its week
        where `is_week`; missing: not recorded) and `month` (first day).

    Notes
    -----
    Of several days the one recorded most often counts, then the nearest to the month that is
    resolved for the person, then the latest: a mistyped year is none of these.
    """
    event = warehouse.event.filter(
        warehouse.event.event_type == "birth", warehouse.event.person_id.notnull()
    )
    counted = event.group_by("person_id", "event_date").aggregate(
        times=event.count(), is_week=(event.value_code == "week").fill_null(False).any()
    )
    month = warehouse.person.select("person_id", "birth_month")
    joined = counted.inner_join(month, "person_id")
    far = engine.days_between(joined.event_date, joined.birth_month).abs()
    chosen = engine.first_per_group(
        joined.mutate(far=far),
        by=["person_id"],
        order_by=[ibis.desc("times"), "far", ibis.desc("event_date")],
    ).select("person_id", "is_week", recorded="event_date")
    both = month.left_join(chosen, "person_id")
    return both.select("recorded", "is_week", child_id="person_id", month="birth_month")


def with_birth(warehouse: Warehouse, rows: ir.Table) -> ir.Table:
    """Add `earliest_birth` and `latest_birth`, both inclusive; missing: not known.

    A week is from its Monday to its Sunday. A month alone may have been made from a week, whose
    Monday can lie in the month before the birth: it reaches six days into the next month.
    """
    joined = rows.left_join(births(warehouse), "child_id").drop("child_id_right")
    month = ibis.coalesce(joined.month, joined.party_month)
    recorded = joined.recorded.notnull()
    sunday = engine.add_days(joined.recorded, joined.is_week.ifelse(WEEK_DAYS, 0))
    into_next = engine.add_days(engine.month_end(month), WEEK_DAYS)
    return joined.mutate(
        earliest_birth=recorded.ifelse(joined.recorded, engine.month_start(month)),
        latest_birth=recorded.ifelse(sunday, into_next),
    ).drop("recorded", "is_week", "month")


def age_band(rows: ir.Table, on: ir.DateValue) -> ir.StringValue:
    """Age band of a child on a day (`codes.AGE_BANDS_OF_CHILDREN`); missing where the birth is."""
    born = birth_by(rows, on)
    days, years = engine.days_between(on, born), engine.years_between(on, born)
    rules = [
        ((days if band.unit == "days" else years) < band.below, band.label)
        for band in AGE_BANDS_OF_CHILDREN
        if band.below is not None
    ]
    oldest = AGE_BANDS_OF_CHILDREN[-1].label
    return ibis.cases((born.isnull(), ibis.null("string")), *rules, else_=oldest)


def birth_by(rows: ir.Table, on: ir.DateValue, *, birth_day: str = "middle") -> ir.DateValue:
    """The day taken for a birth, seen on a day: the middle of the week or month that is known.

    Of a week the middle is Thursday; `first` and `last` take the ends instead. A birth that may
    lie before the day is not put after it.
    """
    width = engine.days_between(rows.latest_birth, rows.earliest_birth)
    taken = {
        "first": rows.earliest_birth,
        "middle": engine.add_days(rows.earliest_birth, width // 2),
        "last": rows.latest_birth,
    }[birth_day]
    may_be_born = (rows.earliest_birth <= on) & (taken > on)
    return may_be_born.fill_null(False).ifelse(on, taken)


def with_region(warehouse: Warehouse, rows: ir.Table) -> ir.Table:
    """Add `region` to rows of sets: the region of the area of any of the set's cases.

    A set that is read from the court is placed by what Cafcass records of it; missing where
    nothing places it.
    """
    areas = warehouse.place.select(area_id="place_id", region_id="parent_id")
    regions = warehouse.place.filter(warehouse.place.kind == "region")
    named = areas.inner_join(regions.select(region_id="place_id", region="name"), "region_id")
    case = warehouse.case.select("proceeding_id", "area_id")
    placed = case.inner_join(named, "area_id")
    of_set = placed.group_by("proceeding_id").aggregate(region=placed.region.min())
    return rows.left_join(of_set, "proceeding_id").drop("proceeding_id_right")


def day(text: str, option: str) -> datetime.date:
    """Read a day that an option gives."""
    import datetime

    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"{option} must be written YYYY-MM-DD.") from None


def window_problems(first: str | None, last: str | None, names: tuple[str, str]) -> list[str]:
    """What is wrong with a window of days, first inclusive and last exclusive."""
    start = day(first, names[0]) if first else None
    end = day(last, names[1]) if last else None
    if start and end and start >= end:
        return [f"{names[0]} must be before {names[1]}: it is not."]
    return []
