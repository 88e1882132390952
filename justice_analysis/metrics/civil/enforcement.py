"""Enforcement: warrants after judgment, by kind, and the time from judgment to warrant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, follow_up, observed_period, select
from justice_analysis.definitions import Card, Output, check_choices, choice, metric
from justice_analysis.errors import OptionError
from justice_analysis.metrics.civil.bodies import BODY, with_bodies
from justice_analysis.metrics.civil.claim_rows import DISMISSED, SOURCE, claims_of, needs
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK, duration_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.entry_curves import entry_curve
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

PRESENTATION = ("by", "period", "horizon_weeks")


@dataclass(frozen=True)
class EnforcementOptions:
    """Options of `enforcement`; each names the rule it settles."""

    cohort: str = choice(
        "entry",
        "entry: claims judged in a period and the first warrant since, those without one "
        "censored; exit: first warrants of a period and the time since the judgment",
        "entry",
        "exit",
    )
    period: str | None = choice(
        "year", "period of the judgment (entry) or of the warrant (exit)", None, *PERIODS
    )
    by: str | None = choice(
        "kind", "groups to show apart", None, "kind", "judgment", "warrant", "court"
    )
    horizon_weeks: tuple[int, ...] = choice((13, 26, 52), "weeks to report of an entry cohort")

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.cohort == "entry" and self.by == "warrant":
            problems.append("an entry cohort cannot be split by warrant: they are its outcomes.")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            problems.append("horizon_weeks must be whole weeks above 0.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="enforcement",
    title="Warrants after judgment",
    question="How often, and how soon, is a judgment followed by a warrant?",
    definition=(
        "Of claims with a judgment that can be enforced, the cumulative share with a first warrant "
        "by weeks since the first judgment, by kind of warrant, each kind ending the wait for a "
        "first one (entry cohort); or weeks from the first judgment to the first warrant, of "
        "warrants of a period (exit cohort)"
    ),
    counting_unit="claims; the first judgment and the first warrant of each",
    population="Claims in the county courts with a judgment other than a dismissal",
    clock="From the day of the first judgment to that of the first warrant, in days",
    does_not_count=(
        "claims that were dismissed",
        "a second warrant on the same claim",
        "a claim with a warrant dated before its first judgment: set aside and counted",
        "other ways to enforce: attachment of earnings, charging orders, the High Court",
        "by itself, payment: a judgment that is paid stays in the denominator",
        "a warrant entered in error",
    ),
    censoring=(
        "An exit cohort has none. In an entry cohort claims without a warrant are censored at "
        "the end of coverage, those gone to another court on their last recorded day"
    ),
    known_breaks=(
        "Possession claims could hardly go on from 27 March to 20 September 2020, and evictions "
        "stood still longer",
    ),
    needs=needs(
        ("case_events", "event_type"),
        ("case_events", "event_date"),
        ("case_events", "judgment_type"),
        ("case_events", "warrant_type"),
    ),
    source=("Guide to Civil Justice Statistics, Ministry of Justice: kinds of warrant",),
    options_type=EnforcementOptions,
    subject="civil courts",
)


@metric(CARD)
def enforcement(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure how often and how soon a warrant follows a judgment.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `EnforcementOptions`.

    Returns
    -------
    Measured
        Entry cohort: outputs `shares` (with a warrant by so many weeks, by `outcome`, its kind)
        and `curve`. Exit cohort: `durations` (weeks).

    Raises
    ------
    MetricError
        If the warehouse has no claims, or none is left.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: EnforcementOptions = CARD.read_options(options)
    rows, flow = enforced_claims(warehouse, chosen)
    about = _about(warehouse, chosen)
    outputs = _exit(about, rows, chosen) if chosen.cohort == "exit" else _entry(about, rows, chosen)
    return Measured(CARD, chosen, outputs, flow)


def enforced_claims(warehouse: Warehouse, options: EnforcementOptions) -> tuple[ir.Table, Flow]:
    """Follow judged claims to a first warrant.

    Returns
    -------
    tuple of Table and Flow
        One row per claim: the columns of `claims_of`, `warrant` (its kind), `warrant_date`,
        `duration_days`, `outcome`; and how many were left at each step.
    """
    rows = claims_of(warehouse)
    rows = rows.left_join(_first_warrants(warehouse), "case_id").drop("case_id_right")
    rows = engine.materialise(rows, step="warrants of claims")
    early = (rows.warrant_date < rows.judged_date).fill_null(False)
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("judgment recorded", rows.judged_date.notnull()),
        ("not dismissed", (rows.judgment != DISMISSED).fill_null(True)),
        ("no warrant before the judgment", ~early),
    ]
    if options.cohort == "exit":
        steps.append(("warrant recorded", rows.warrant_date.notnull()))
        kept, flow = select(rows, start="claims", steps=steps)
        days = engine.days_between(kept.warrant_date, kept.judged_date)
        return kept.mutate(duration_days=days, outcome=kept.warrant), flow
    _, last = observed_period(warehouse, sources=[SOURCE])
    end = _end(rows, last)
    steps.append(("judged before the end of what could be seen", rows.judged_date < end))
    kept, flow = select(rows.mutate(end=end), start="claims", steps=steps)
    followed = follow_up(
        kept, start="judged_date", event="warrant_date", end="end", cause="warrant"
    )
    return followed, flow


def _end(rows: ir.Table, last: Any) -> ir.DateValue:
    """Day after the last on which a warrant would have been seen."""
    moved = (rows.status == "migrated").fill_null(False) & rows.last_activity_date.notnull()
    after = engine.add_days(rows.last_activity_date, 1)
    earlier = moved & (after < ibis.literal(last)).fill_null(False)
    return earlier.ifelse(after, ibis.literal(last))


def _first_warrants(warehouse: Warehouse) -> ir.Table:
    held = warehouse.event
    warrants = held.filter(held.source == SOURCE, held.event_type == "warrant")
    warrants = warrants.select("case_id", "event_id", "event_date", "value_code")
    first = engine.first_per_group(warrants, by=["case_id"], order_by=["event_date", "event_id"])
    return first.select(
        "case_id",
        warrant_date="event_date",
        warrant=first.value_code.fill_null("kind not known"),
    )


def _exit(about: About, rows: ir.Table, options: EnforcementOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.warrant_date, options)
    units = units_of(named, by=by, keep=["duration_days", BODY])
    output = duration_output(
        about,
        units,
        units_name="claims",
        words="weeks from first judgment to first warrant",
        scale="weeks",
        places=places,
    )
    return {"durations": with_bodies(output, units, days="duration_days")}


def _entry(about: About, rows: ir.Table, options: EnforcementOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.judged_date, options)
    keep = ["duration_days", "outcome"]
    causes = _kinds(rows)
    horizons = {f"{weeks} weeks": weeks * DAYS_IN_WEEK for weeks in options.horizon_weeks}
    units = units_of(named, by=by, keep=[*keep, BODY])
    shares = entry_output(
        about, units, units_name="claims", causes=causes, horizons=horizons, places=places
    )
    lines = [name for name in by if name != options.period]
    curve = entry_curve(
        about,
        named,
        by=lines,
        first=["judged_date", "case_id"],
        causes=causes,
        clock="judgment",
        places=places,
    )
    return {"shares": with_bodies(shares, units), "curve": curve}


def _kinds(rows: ir.Table) -> tuple[str, ...]:
    """Kinds of warrant that are on record; control, where there is none at all."""
    found = engine.execute(rows.select("warrant").distinct(), step="kinds of warrant")
    return tuple(sorted(found["warrant"].dropna())) or ("control",)


def _with_period(rows: ir.Table, date: ir.DateValue, options: EnforcementOptions) -> ir.Table:
    return (
        rows.mutate(**{options.period: PERIODS[options.period](date)}) if options.period else rows
    )


def _groups(options: EnforcementOptions) -> tuple[list[str], dict[str, str]]:
    by = [name for name in (options.period, options.by) if name]
    return by, ({"court": "court"} if options.by == "court" else {})


def _about(warehouse: Warehouse, options: EnforcementOptions) -> About:
    return About(
        card=CARD,
        options=options,
        unit="people in civil claims",
        population="Claims with a judgment that can be enforced",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=("The first judgment and the first warrant of a claim count.",),
    )
