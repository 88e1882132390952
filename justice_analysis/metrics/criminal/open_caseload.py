"""Open caseload at the end of each period, with the age of what is open."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.caseload import OPEN, STATES, caseload_periods, open_cases
from justice_analysis.definitions import (
    Card,
    Chart,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.stock_and_flow import period_ends
from justice_analysis.metrics.criminal.timeliness_definition import check_window
from justice_analysis.metrics.estimates.durations import duration_output
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.person_parts import EVERYONE
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.units import person_key, units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

AGE_BANDS = (
    ("under 3 months", 3),
    ("3 to under 6 months", 6),
    ("6 to under 12 months", 12),
    ("1 to under 2 years", 24),
)
OLDEST = "2 years and more"
WARRANTS = (
    "Bench warrants are not recorded: a case that waits for a defendant who did not appear is "
    "open like any other."
)


@dataclass(frozen=True)
class OpenCaseloadOptions:
    """Options of `open_caseload`; each names the rule it settles."""

    source: str = choice("crown_court_defendant", "the dataset whose cases are counted")
    case_types: tuple[str, ...] = choice((), "types of case to count; none: all of the source")
    period: str = choice("quarter", "counted on the last day of each", *PERIODS)
    first: str | None = choice(None, "first day to count on, inclusive")
    until: str | None = choice(None, "day to count up to, exclusive")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.first, self.until, ("first", "until"))


CARD = Card(
    name="open_caseload",
    title="Open cases and their age",
    question="How many cases were open at the end of each period, and how long had they been?",
    definition=(
        "Cases received by the end of the last day of the period and not closed by it. Told "
        "apart: open; migrated (in a court whose new cases had left the data: what is left there "
        "is not its caseload); stale (never closed, and without activity for long before the "
        "extract); unknown (never closed, and the record does not say why, or does not say when). "
        "Age is from receipt, in completed months for the bands and in days for mean and median."
    ),
    counting_unit="cases; the people behind them are all who are party to one, bodies left out",
    population="Cases of one source",
    clock="From receipt to the last day of the period",
    does_not_count=(
        "migrated, stale and unknown cases, among the open: they are shown beside them",
        "cases received before the source's coverage began",
        "cases sent to another court: they are open there",
    ),
    censoring=(
        "None: a count at a day. The age of open cases is not the time that a case takes: long "
        "cases are more often found open"
    ),
    known_breaks=(
        "Courts moved to Common Platform one after another, and their caseload left with them",
        "Cases that were open when coverage began are not in the data, so the first counts are "
        "too low and too young",
        "A case can turn stale only after years without activity, so in the years before the "
        "extract cases are open that will turn out stale: a rise there need not be growth",
        WARRANTS,
    ),
    needs=(
        Need("crown_court_defendant", "crown_defendant_case", "receipt_date"),
        Need("crown_court_defendant", "crown_defendant_case", "completion_date"),
    ),
    source=("A count of cases without an end at a day; bands and states are ours",),
    options_type=OpenCaseloadOptions,
    subject="criminal courts",
)


@metric(CARD)
def open_caseload(warehouse: Warehouse, **options: Any) -> Measured:
    """Count the cases open at the end of each period, by state and by age.

    Parameters
    ----------
    warehouse
        Any with cases of the source and its coverage; of any jurisdiction.
    **options
        See `OpenCaseloadOptions`.

    Returns
    -------
    Measured
        Output `by_age`: open cases by day and band of age; `by_state`: cases that look open, by
        day and state; `age`: mean and median age in days of the open.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the source has no cases, states no coverage, or nothing was open on any day.
    """
    chosen: OpenCaseloadOptions = CARD.read_options(options)
    periods = caseload_periods(warehouse, source=chosen.source, case_types=chosen.case_types)
    days = _days(warehouse, chosen)
    rows = _aged(open_cases(warehouse, periods, days, source=chosen.source), chosen)
    people = _people(warehouse, rows)
    is_open = rows.filter(rows.state == OPEN)
    if not engine.count_rows(is_open.limit(1)):
        raise MetricError(
            f"open_caseload needs an open case: {chosen.source} has none on the last day of any "
            f"{chosen.period.replace('_', ' ')} that is covered. Check the options."
        )
    title = str(warehouse.sources.get(chosen.source, {}).get("title") or chosen.source)
    hashed = population_hash(warehouse, CARD, chosen, presentation=("period",))
    about = About(
        card=CARD,
        options=chosen,
        unit="cases",
        population=f"Cases of {title}",
        population_hash=hashed,
        notes=(WARRANTS,),
    )
    bands = [label for label, _ in AGE_BANDS] + [OLDEST]
    outputs = {
        "by_age": _cases(about, people.filter(people.state == OPEN), "age", bands),
        "by_state": _cases(about, people, "state", list(STATES)),
        "age": _ages(about, is_open, people),
    }
    return Measured(CARD, chosen, outputs)


def _days(warehouse: Warehouse, options: OpenCaseloadOptions) -> list[datetime.date]:
    days = period_ends(warehouse, options.source, period=options.period)
    first = datetime.date.fromisoformat(options.first) if options.first else days[0]
    until = datetime.date.fromisoformat(options.until) if options.until else datetime.date.max
    kept = [day for day in days if first <= day < until]
    if not kept:
        raise MetricError(
            f"a {options.period.replace('_', ' ')} must end between first and until while "
            f"{options.source} is covered: none does. Widen them."
        )
    return kept


def _aged(cases: ir.Table, options: OpenCaseloadOptions) -> ir.Table:
    """Add the period, the age in days and the band of age; stored."""
    months = engine.months_between(cases.date, cases.received_date)
    bands = [(months < below, label) for label, below in AGE_BANDS]
    named = cases.mutate(
        period=PERIODS[options.period](cases.date),
        duration_days=engine.days_between(cases.date, cases.received_date),
        age=ibis.cases(*bands, else_=OLDEST),
    )
    kept = named.select("period", "case_id", "state", "duration_days", "age")
    return engine.materialise(kept, step="open cases")


def _people(warehouse: Warehouse, rows: ir.Table) -> ir.Table:
    """The rows of cases, one for each party; a case of bodies alone keeps one, without a person."""
    party = warehouse.party
    is_person = party.organisation_id.isnull() | party.person_id.notnull()
    people = party.filter(is_person).select("case_id", person_key=person_key(party))
    joined = rows.left_join(people, "case_id").drop("case_id_right")
    return engine.materialise(joined, step="people in open cases")


def _cases(about: About, rows: ir.Table, category: str, order: list[str]) -> Output:
    """Cases and the people in them by period and category."""
    found = []
    for keys in (["period", category], ["period"]):
        counted = rows.group_by(keys).aggregate(
            people=rows.person_key.nunique(), cases=rows.case_id.nunique()
        )
        found.append(engine.execute(counted, step="open cases"))
    table = pd.concat([found[0], found[1].assign(**{category: EVERYONE})], ignore_index=True)
    places = {label: place for place, label in enumerate([EVERYONE, *order])}
    ordered = table.assign(_place=table[category].map(places)).sort_values(["period", "_place"])
    roles = ColumnRoles(people="people", count=("cases",), people_behind={"cases": "people"})
    return about.output(
        "table",
        f"{CARD.title}: by {category}",
        ordered[["period", category, "people", "cases"]],
        dimensions=("period", category),
        roles=roles,
        chart=Chart(form="lines", x="period", y="cases", group=category, y_title="Open cases"),
        overlapping=("period", category),
    )


def _ages(about: About, rows: ir.Table, people: ir.Table) -> Output:
    """Mean and median age by period; who stands for a case is the first of its people."""
    first = people.group_by("case_id").aggregate(person_key=people.person_key.min())
    named = rows.left_join(first, "case_id").drop("case_id_right")
    # A case of bodies alone stands for itself, so that it counts.
    known = named.mutate(person_key=named.person_key.fill_null(-1 - named.case_id))
    units = units_of(known, by=("period",), keep=("duration_days",))
    return duration_output(
        about,
        units,
        units_name="cases",
        words="days since receipt",
        percentiles=(25, 75, 90),
        title=f"{CARD.title}: days since receipt",
        chart=Chart(form="lines", x="period", y="median", y_title="Median days since receipt"),
        totals=False,
    )
