"""Time from the issue of a claim to its first judgment, by either cohort."""

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
from justice_analysis.metrics.civil.claim_rows import SOURCE, claims_of, needs
from justice_analysis.metrics.estimates.durations import DAYS_IN_WEEK, duration_output
from justice_analysis.metrics.estimates.entry_cohorts import entry_output
from justice_analysis.metrics.estimates.entry_curves import entry_curve
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

JUDGED, ENDED = "judgment", "ended without a judgment"
PRESENTATION = ("by", "period", "horizon_weeks", "stale")


@dataclass(frozen=True)
class TimeToJudgmentOptions:
    """Options of `time_to_judgment`; each names the rule it settles."""

    cohort: str = choice(
        "exit",
        "exit: claims first judged in a period; entry: claims issued in a period, open ones "
        "censored",
        "exit",
        "entry",
    )
    period: str | None = choice(
        "quarter", "period of the judgment (exit) or of issue (entry)", None, *PERIODS
    )
    by: str | None = choice("kind", "groups to show apart", None, "kind", "judgment", "court")
    stale: str = choice(
        "followed",
        "stale claims in an entry cohort: followed to the end of coverage without a judgment, or "
        "censored on the last day on which something happened",
        "followed",
        "last_activity",
    )
    horizon_weeks: tuple[int, ...] = choice((13, 26, 52), "weeks to report of an entry cohort")

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.cohort == "entry" and self.by == "judgment":
            problems.append("an entry cohort cannot be split by judgment: it is not yet made.")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            problems.append("horizon_weeks must be whole weeks above 0.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="time_to_judgment",
    title="Time from claim to judgment",
    question="How long do civil claims take to a judgment?",
    definition=(
        "Weeks from the issue of a claim to its first judgment of any kind: mean and median of "
        "claims judged in a period (exit cohort), or the cumulative share judged by weeks since "
        "issue (entry cohort)"
    ),
    counting_unit="claims; the first judgment of each",
    population="Claims in the county courts",
    clock="From the day of issue to that of the first judgment, in days; a week is 7 days",
    does_not_count=(
        "a second judgment on the same claim",
        "a judgment (or, in an entry cohort, an end) before issue: set aside, and counted in the "
        "attrition",
        "a hearing that ends without a judgment",
        "a judgment entered in error",
    ),
    censoring=(
        "An exit cohort has none: claims that are still open are not in it. In an entry cohort "
        "claims are censored at the end of coverage, those gone to another court on their last "
        "recorded day; a claim that is paid, settled, discontinued or struck out first has an "
        "outcome of its own. Stale claims are an option"
    ),
    known_breaks=(
        "The data begin in 2012: judgments of the first year are on quick claims only",
        "Possession claims could hardly go on from 27 March to 20 September 2020",
    ),
    needs=needs(
        ("cases", "case_status"),
        ("cases", "case_status_date"),
        ("case_events", "event_type"),
        ("case_events", "event_date"),
        ("case_events", "judgment_type"),
    ),
    source=("Guide to Civil Justice Statistics, Ministry of Justice, on timeliness (in words)",),
    options_type=TimeToJudgmentOptions,
    subject="civil courts",
)


@metric(CARD)
def time_to_judgment(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure the time from the issue of a claim to its first judgment.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `TimeToJudgmentOptions`.

    Returns
    -------
    Measured
        Exit cohort: output `durations` (weeks). Entry cohort: `shares` and `curve`.

    Raises
    ------
    MetricError
        If the warehouse has no claims, or none is left.
    OptionError
        If an option is unknown or contradicts another.
    """
    chosen: TimeToJudgmentOptions = CARD.read_options(options)
    rows, flow = timed_claims(warehouse, chosen)
    about = _about(warehouse, chosen)
    outputs = _exit(about, rows, chosen) if chosen.cohort == "exit" else _entry(about, rows, chosen)
    return Measured(CARD, chosen, outputs, flow)


def timed_claims(warehouse: Warehouse, options: TimeToJudgmentOptions) -> tuple[ir.Table, Flow]:
    """Time each claim: the columns of `claims_of`, `duration_days` and `outcome`."""
    rows = claims_of(warehouse)
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("issued on a known day", rows.issued.notnull()),
        (
            "not judged before issue",
            rows.judged_date.isnull() | (rows.judged_date >= rows.issued),
        ),
    ]
    if options.cohort == "exit":
        steps.append(("judgment recorded", rows.judged_date.notnull()))
        kept, flow = select(rows, start="claims", steps=steps)
        days = engine.days_between(kept.judged_date, kept.issued)
        return kept.mutate(duration_days=days, outcome=ibis.literal(JUDGED)), flow
    _, last = observed_period(warehouse, sources=[SOURCE])
    forward = rows.closed_date.isnull() | (rows.closed_date >= rows.issued)
    steps.append(("not ended before issue", forward))
    steps.append(("issued before the end of coverage", rows.issued < ibis.literal(last)))
    kept, flow = select(rows, start="claims", steps=steps)
    return follow_up(
        kept.mutate(end=_end(kept, last, options), cause=ibis.literal(JUDGED)),
        start="issued",
        event="judged_date",
        end="end",
        cause="cause",
        competing="closed_date",
        competing_name=ENDED,
    ), flow


def _end(rows: ir.Table, last: Any, options: TimeToJudgmentOptions) -> ir.DateValue:
    """Day after the last on which a judgment would have been seen."""
    lost = ["migrated", *(["stale"] if options.stale == "last_activity" else [])]
    gone = rows.status.isin(lost).fill_null(False) & rows.last_activity_date.notnull()
    after = engine.add_days(rows.last_activity_date, 1)
    earlier = gone & (after < ibis.literal(last)).fill_null(False)
    return earlier.ifelse(after, ibis.literal(last))


def _exit(about: About, rows: ir.Table, options: TimeToJudgmentOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.judged_date, options)
    units = units_of(named, by=by, keep=["duration_days", BODY])
    output = duration_output(
        about,
        units,
        units_name="claims",
        words="weeks from issue to first judgment",
        scale="weeks",
        places=places,
    )
    return {"durations": with_bodies(output, units, days="duration_days")}


def _entry(about: About, rows: ir.Table, options: TimeToJudgmentOptions) -> dict[str, Output]:
    by, places = _groups(options)
    named = _with_period(rows, rows.issued, options)
    keep, causes = ["duration_days", "outcome"], (JUDGED, ENDED)
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
        first=["issued", "case_id"],
        causes=causes,
        clock="issue",
        places=places,
    )
    return {"shares": with_bodies(shares, units), "curve": curve}


def _with_period(rows: ir.Table, date: ir.DateValue, options: TimeToJudgmentOptions) -> ir.Table:
    return (
        rows.mutate(**{options.period: PERIODS[options.period](date)}) if options.period else rows
    )


def _groups(options: TimeToJudgmentOptions) -> tuple[list[str], dict[str, str]]:
    by = [name for name in (options.period, options.by) if name]
    return by, ({"court": "court"} if options.by == "court" else {})


def _about(warehouse: Warehouse, options: TimeToJudgmentOptions) -> About:
    exits = options.cohort == "exit"
    return About(
        card=CARD,
        options=options,
        unit="people in civil claims",
        population="Claims first judged in the period" if exits else "Claims issued in the period",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=("Claims that are still open are not in these numbers.",) if exits else (),
    )
