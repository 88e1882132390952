"""Care timeliness: from application to first valid disposal, by exit and by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import APPLICATION_TYPES, VALID_CARE_DISPOSALS
from justice_analysis.cohorts import Flow, follow_up, observed_period, select
from justice_analysis.definitions import metric
from justice_analysis.metrics.estimates.durations import duration_output, within_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.family.care_timeliness_definition import CARD, CareTimelinessOptions
from justice_analysis.metrics.family.children import (
    CARE,
    CARE_ORDERS,
    age_band,
    cases_once,
    children_in_applications,
    day,
    orders_for_children,
    with_birth,
    with_region,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

HORIZONS = {f"{weeks} weeks": 7 * weeks for weeks in (26, 52, 78, 104)}
DISPOSED = "disposed of"
PRESENTED = (*PRESENTATION, "period", "published", "limit_days")
WORDS = "weeks from application to first valid disposal"


@metric(CARD)
def care_timeliness(warehouse: Warehouse, **options: Any) -> Measured:
    """Describe how long applications for care and supervision orders take.

    Parameters
    ----------
    warehouse
        Any that holds care proceedings with children, applications and orders.
    **options
        See `CareTimelinessOptions`.

    Returns
    -------
    Measured
        Exit cohort: outputs `weeks` (mean, median, quartiles) and `within` (share within the
        limit), one row per period of disposal and group. Entry cohort: output `shares`, the share
        disposed of by 26, 52, 78 and 104 weeks (1 minus Kaplan-Meier, open cases censored), by
        period of application and group.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse holds no care proceedings, or nobody is left to count.
    """
    chosen: CareTimelinessOptions = CARD.read_options(options)
    rows = engine.materialise(applied_and_disposed(warehouse, chosen), step="care applications")
    return (_exit if chosen.cohort == "exit" else _entry)(warehouse, rows, chosen)


def applied_and_disposed(warehouse: Warehouse, options: CareTimelinessOptions) -> ir.Table:
    """One row per set of proceedings, child and order applied for.

    Returns
    -------
    Table
        `proceeding_id`, `person_key`, `code`, `received_date` (first such application),
        `disposed_date` (first valid disposal on or after it), `any_disposal` (first valid
        disposal on any day), `closed_date` and `last_activity_date` of the cases (closed:
        missing while one of them is open), `is_lost` (a case open on paper only).
    """
    cases = cases_once(
        warehouse, case_types=(CARE,), precedence=options.precedence, source=options.source
    )
    asked = children_in_applications(warehouse, cases, codes=CARE_ORDERS)
    first = asked.group_by("proceeding_id", "person_key", "code").aggregate(
        child_id=asked.child_id.max(),
        party_month=asked.party_month.min(),
        received_date=asked.received_date.min(),
        closed_date=asked.case_closed.max(),
        open_cases=asked.case_closed.isnull().cast("int64").sum(),
        last_activity_date=asked.last_activity_date.max(),
        is_lost=asked.case_status.isin(["stale", "unknown"]).any(),
    )
    first = first.mutate(
        closed_date=(first.open_cases == 0).ifelse(first.closed_date, ibis.null("date"))
    )
    made = orders_for_children(warehouse, cases, decisions=VALID_CARE_DISPOSALS)
    made = made.select("proceeding_id", "person_key", "decision_date")
    both = first.left_join(made, ["proceeding_id", "person_key"])
    later = both.decision_date >= both.received_date
    found = both.group_by("proceeding_id", "person_key", "code").aggregate(
        disposed_date=both.decision_date.min(where=later.fill_null(False)),
        any_disposal=both.decision_date.min(),
    )
    keys = ["proceeding_id", "person_key", "code"]
    return first.drop("open_cases").inner_join(found, keys)


def _exit(warehouse: Warehouse, rows: ir.Table, options: CareTimelinessOptions) -> Measured:
    steps = [
        ("application dated", rows.received_date.notnull()),
        ("a valid disposal recorded with its day", rows.any_disposal.notnull()),
        ("disposed of on or after the day of the application", rows.disposed_date.notnull()),
        *_window(rows.disposed_date, options, "disposed of"),
    ]
    kept, flow = select(rows, start="children by order applied for", steps=steps)
    dated = kept.mutate(duration_days=engine.days_between(kept.disposed_date, kept.received_date))
    named = _grouped(warehouse, dated, options)
    by = [name for name in (options.period, options.by) if name]
    named = _with_period(named, named.disposed_date, options)
    units = units_of(named, by=by, group="proceeding_id", keep=["duration_days"])
    about = _about(warehouse, options)
    places = {"region": "region"} if options.by == "region" else {}
    weeks = duration_output(
        about,
        units,
        units_name="orders_applied_for",
        words=WORDS,
        scale="weeks",
        published=options.published,
        places=places,
    )
    within = within_output(
        about,
        units,
        units_name="orders_applied_for",
        limit_days=options.limit_days,
        title="Care and supervision applications disposed of in time",
        places=places,
    )
    return Measured(CARD, options, {"weeks": weeks, "within": within}, flow)


def _with_period(rows: ir.Table, date: ir.DateValue, options: CareTimelinessOptions) -> ir.Table:
    if options.period is None:
        return rows
    return rows.mutate(**{options.period: PERIODS[options.period](date)})


def _about(warehouse: Warehouse, options: CareTimelinessOptions) -> About:
    is_exit = options.cohort == "exit"
    return About(
        card=CARD,
        options=options,
        unit="children by order applied for",
        population="Children whose application for a care or supervision order was "
        + ("disposed of" if is_exit else "received"),
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTED),
        about="children",
        family=f"care timeliness of {options.cohort} cohorts",
        notes=(
            "Applications that are still open are not in it."
            if is_exit
            else "Applications still open are followed until the end of coverage.",
        ),
    )


def _window(
    date: ir.DateValue, options: CareTimelinessOptions, what: str
) -> list[tuple[str, ir.BooleanValue]]:
    steps = []
    if options.first_day:
        since = ibis.literal(day(options.first_day, "first_day"))
        steps.append((f"{what} in the window: not before it", date >= since))
    if options.last_day:
        until = ibis.literal(day(options.last_day, "last_day"))
        steps.append((f"{what} in the window: not after it", date < until))
    return steps


def _grouped(warehouse: Warehouse, rows: ir.Table, options: CareTimelinessOptions) -> ir.Table:
    """Add the column that `by` names."""
    if options.by == "order":
        return rows.mutate(order=order_words(rows.code))
    if options.by == "region":
        return with_region(warehouse, rows)
    if options.by == "age_band":
        placed = with_birth(warehouse, rows)
        return placed.mutate(age_band=age_band(placed, placed.received_date))
    return rows


def order_words(code: ir.StringValue) -> ir.StringValue:
    """Name an order that was applied for."""
    return ibis.cases(*[(code == name, APPLICATION_TYPES[name]) for name in CARE_ORDERS])


def _entry(warehouse: Warehouse, rows: ir.Table, options: CareTimelinessOptions) -> Measured:
    followed, flow = entry_cohort(warehouse, rows, options)
    named = _with_period(_grouped(warehouse, followed, options), followed.received_date, options)
    by = [name for name in (options.period, options.by) if name]
    keep = ["duration_days", "outcome"]
    shares = entry_output(
        _about(warehouse, options),
        units_of(named, by=by, group="proceeding_id", keep=keep),
        units_name="orders_applied_for",
        causes=(DISPOSED,),
        horizons=HORIZONS,
        title="Care and supervision applications disposed of since they were received",
        places={"region": "region"} if options.by == "region" else {},
    )
    return Measured(CARD, options, {"shares": shares}, flow)


def entry_cohort(
    warehouse: Warehouse, rows: ir.Table, options: CareTimelinessOptions
) -> tuple[ir.Table, Flow]:
    """Applications, followed to their first valid disposal.

    Returns
    -------
    tuple of Table and Flow
        One row per set, child and order applied for: the columns of `applied_and_disposed`,
        `duration_days`, `outcome` (`disposed of` or `censored`); and those left at each step.
    """
    order = [options.source] if options.source else list(options.precedence)
    seen_from, seen_to = observed_period(warehouse, sources=order)
    received = rows.received_date
    steps = [
        ("application dated", received.notnull()),
        ("application received while the source was covered",
         (received >= ibis.literal(seen_from)) & (received < ibis.literal(seen_to))),
        *_window(received, options, "applied for"),
    ]  # fmt: skip
    kept, flow = select(rows, start="children by order applied for", steps=steps)
    silent = kept.is_lost.ifelse(engine.add_days(kept.last_activity_date, 1), ibis.null("date"))
    gone = engine.add_days(kept.closed_date, 1)
    limit = ibis.literal(seen_to)
    end = ibis.least(limit, ibis.coalesce(silent, limit), ibis.coalesce(gone, limit))
    end = ibis.greatest(end, kept.received_date)
    # A disposal ends the time at risk whatever the case did afterwards.
    seen = kept.disposed_date.notnull() & (kept.disposed_date < limit)
    ended = kept.mutate(followup_end=seen.ifelse(limit, end), cause=ibis.literal(DISPOSED))
    followed = follow_up(
        ended, start="received_date", event="disposed_date", end="followup_end", cause="cause"
    )
    return engine.materialise(followed, step="entry cohort of care applications"), flow
