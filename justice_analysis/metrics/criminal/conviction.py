"""Conviction of charges, of defendants and in cases, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.codes import OFFENCE_GROUPS
from justice_analysis.cohorts import Flow, select
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
from justice_analysis.metrics.criminal.court_groups import check_by, places_of, with_groups
from justice_analysis.metrics.criminal.court_records import (
    CROWN,
    MAGISTRATES,
    TRIAL,
    charges,
    refuse_without,
)
from justice_analysis.metrics.criminal.timeliness_definition import check_window
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.person_parts import (
    NOT_KNOWN,
    aggregated,
    margins,
    stacked,
)
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import with_interval

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

NEEDED = ("matter_id", "party_id", "case_id", "person_key", "case_type", "place_id", "code",
          "is_breach", "is_principal", "plea", "verdict", "verdict_date")  # fmt: skip
LEVELS = ("charge", "defendant", "case")
NOT_PRINCIPAL = 100
OTHER = "other"
KEYS = {"charge": "matter_id", "defendant": "party_id", "case": "case_id"}
DISPUTE = (
    "Charges, defendants and cases give three different shares of one set of trials: say which "
    "is meant."
)
DISMISSED = (
    "Not guilty holds charges that were dismissed or withdrawn: the record does not tell them "
    "from acquittals."
)


@dataclass(frozen=True)
class ConvictionOptions:
    """Options of `conviction`; each names the rule it settles."""

    court: str = choice(
        CROWN, "the Crown Court (trials), or magistrates' courts", CROWN, MAGISTRATES
    )
    of: str = choice(
        "contested",
        "charges that count: those denied (plea of not guilty), or all with a verdict",
        "contested",
        "all",
    )
    mixed: str = choice(
        "any",
        "when a defendant or case with several charges is convicted: of any, of every one, or "
        "of the principal charge",
        "any",
        "every",
        "principal",
    )
    by: tuple[str, ...] = choice(
        (), "groups: a period of the verdict, offence_group, court, region"
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications, no offences", "exclude", "count"
    )
    decided_from: str | None = choice(None, "first day of the verdict, inclusive")
    decided_to: str | None = choice(None, "day of the verdict, exclusive")

    def __post_init__(self) -> None:
        check_choices(self)
        check_by(self.by, most=1)
        check_window(self.decided_from, self.decided_to, ("decided_from", "decided_to"))


CARD = Card(
    name="conviction",
    title="Convictions, of charges, defendants and cases",
    question="What share of those tried was convicted, counted in each of three ways?",
    definition=(
        "Of charges with a verdict, those found guilty; of defendants with such a charge, those "
        "convicted; of cases with such a defendant, those with a conviction. With several "
        "charges, a defendant or case is convicted where any charge ends in guilt, where every "
        "one does, or where the principal one does (every defendant's, in a case: any of them). "
        "Contested charges are those to which the plea was not guilty."
    ),
    counting_unit="charges, defendants in cases, and cases: one row for each",
    population="Charges with a verdict in Crown Court trials, or in magistrates' courts",
    clock="The day of the verdict; of a defendant or case, the last",
    does_not_count=(
        "charges without a verdict in this court, such as those sent to another",
        "guilty pleas, among the contested",
        "sentences and appeals in the Crown Court, where guilt was decided elsewhere",
        "breaches and civil-order applications, which are no offences, unless asked for",
    ),
    censoring="None: verdicts given. Cases that are open are not in them",
    known_breaks=(
        "Magistrates' cases sent to the Crown Court have their verdict there alone",
        "Offences were delivered charge by charge in the second iteration only: before, the "
        "principal offence stands for all",
    ),
    needs=(
        Need("crown_court_defendant", "crown_offence", "verdict"),
        Need("crown_court_defendant", "crown_offence", "plea"),
        Need("magistrates_defendant", "mags_offence", "verdict"),
        Need("magistrates_defendant", "mags_offence", "plea"),
    ),
    source=(
        "The unit is disputed in studies of pre-recorded evidence, which count jury verdicts "
        "charge by charge or cases with mixed verdicts: all three are given",
    ),
    options_type=ConvictionOptions,
    subject="criminal courts",
)


@metric(CARD)
def conviction(warehouse: Warehouse, **options: Any) -> Measured:
    """Estimate the share convicted, by charge, defendant and case.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `ConvictionOptions`.

    Returns
    -------
    Measured
        Output `conviction`: one row per level (charge, defendant, case) and group, with `counted`,
        `convicted`, the people and cases behind both, and the share with its 95% Wilson interval
        (units taken as independent).

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or no charge with a verdict.
    """
    chosen: ConvictionOptions = CARD.read_options(options)
    types = (TRIAL,) if chosen.court == CROWN else (MAGISTRATES,)
    refuse_without(warehouse, name=CARD.name, case_types=types)
    rows = engine.materialise(charges(warehouse, case_types=types).select(*NEEDED), step="charges")
    kept, flow = decided(rows, chosen)
    if not flow.people:
        raise MetricError(
            "conviction needs charges with a verdict: none is left. Check the options."
        )
    tables = [_of_level(warehouse, kept, level, chosen) for level in LEVELS]
    about = About(
        card=CARD,
        options=chosen,
        unit="charges, defendants or cases",
        population=_population(chosen),
        population_hash=population_hash(warehouse, CARD, chosen),
        about="co_defendants",
        family=f"{CARD.name} {chosen.court}",
        notes=(DISPUTE, DISMISSED),
    )
    return Measured(CARD, chosen, {"conviction": _output(about, tables, chosen)}, flow)


def decided(rows: ir.Table, options: ConvictionOptions) -> tuple[ir.Table, Flow]:
    """Charges that count, one row each, with those left at each step."""
    steps = [("with a verdict in this court", rows.verdict.isin(("guilty", "not_guilty")))]
    if options.breaches == "exclude":
        steps.append(("an offence, not a breach", ~rows.is_breach.fill_null(False)))
    if options.of == "contested":
        steps.append(("denied: plea of not guilty", rows.plea == "not_guilty"))
    day = rows.verdict_date
    if options.decided_from:
        steps.append(("verdict from the first day", day >= ibis.date(options.decided_from)))
    if options.decided_to:
        steps.append(("verdict before the last day", day < ibis.date(options.decided_to)))
    if options.mixed == "principal":
        steps.append(("the principal charge", rows.is_principal))
    return select(rows, start="charges", steps=steps)


def of_level(rows: ir.Table, level: str, *, mixed: str) -> ir.Table:
    """Charges that count, each with what its unit (charge, defendant or case) came to.

    Returns
    -------
    Table
        One row per charge: `unit_key`, `person_key`, `case_id`, and of the unit `convicted`,
        `code` (offence group), `decided_date` (the last day), `place_id`, `case_type`.

    Notes
    -----
    A defendant's offence group is that of the principal charge; where that does not count, and
    for a case, the group that comes first in the code list.
    """
    guilty = (rows.verdict == "guilty").cast("int64")
    minor = rows.is_principal.ifelse(0, NOT_PRINCIPAL) if level == "defendant" else 0
    ranked = rows.mutate(unit_key=rows[KEYS[level]], guilty=guilty, rank=_rank(rows.code) + minor)
    facts = ranked.group_by("unit_key").aggregate(
        convicted=(ranked.guilty.min() if mixed == "every" else ranked.guilty.max()) == 1,
        rank=ranked["rank"].min() % NOT_PRINCIPAL,
        decided_date=ranked.verdict_date.max(),
    )
    words = [(facts["rank"] == n, code) for n, code in enumerate((*OFFENCE_GROUPS, OTHER))]
    told = facts.mutate(code=ibis.cases(*words, else_=ibis.null("string"))).drop("rank")
    who = ranked.select("unit_key", "person_key", "case_id", "place_id", "case_type")
    return who.inner_join(told, "unit_key")


def _rank(code: ir.StringValue) -> ir.IntegerValue:
    """Place of an offence group in the code list; others after it, the unknown last."""
    known = [(code == name, n) for n, name in enumerate(OFFENCE_GROUPS)]
    other = (code.notnull(), len(OFFENCE_GROUPS))
    return ibis.cases(*known, other, else_=len(OFFENCE_GROUPS) + 1)


def _of_level(
    warehouse: Warehouse, rows: ir.Table, level: str, options: ConvictionOptions
) -> pd.DataFrame:
    """One row per group: units and those convicted, with the people and cases behind both."""
    told = of_level(rows, level, mixed=options.mixed)
    grouped = with_groups(warehouse, told, options.by, date="decided_date")
    groups = {name: grouped[name].fill_null(NOT_KNOWN) for name in options.by}
    kept = grouped.select("unit_key", "person_key", "case_id", "convicted", **groups)
    stored = engine.materialise(kept, step="charges by unit")
    is_convicted = stored.convicted
    columns: dict[str, ir.Value] = {}
    for name, key in (("counted", "unit_key"), ("people", "person_key"), ("cases", "case_id")):
        end = "" if name == "counted" else f"{name}_"
        columns[name] = stored[key].nunique()
        columns[f"{end}convicted"] = stored[key].nunique(where=is_convicted)
    found = [aggregated(stored, by, columns) for by in margins(options.by, totals=True)]
    table = with_interval(stacked(found, options.by), "convicted", "counted")
    return table.assign(level=level)


def _output(about: About, tables: list[pd.DataFrame], options: ConvictionOptions) -> Output:
    table = pd.concat(tables, ignore_index=True)
    roles = ColumnRoles(
        people="people",
        numerator="convicted",
        denominator="counted",
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        cases="cases",
        people_behind={"counted": "people", "convicted": "people_convicted"},
        groups_behind={"counted": "cases", "convicted": "cases_convicted"},
    )
    dimensions = ("level", *options.by)
    counts = ["people", "people_convicted", "cases", "cases_convicted", "counted", "convicted"]
    chart = Chart(
        form="dots",
        x=options.by[0] if options.by else "level",
        y="estimate",
        group="level" if options.by else None,
        lower="lower",
        upper="upper",
        y_title="Share convicted",
        percent=True,
    )
    return about.output(
        "estimates",
        CARD.title,
        table[[*dimensions, *counts, "estimate", "lower", "upper"]],
        dimensions=dimensions,
        roles=roles,
        chart=chart,
        shares=("estimate", "lower", "upper"),
        overlapping=dimensions,
        places=places_of(options.by),
    )


def _population(options: ConvictionOptions) -> str:
    where = {CROWN: "Crown Court trials", MAGISTRATES: "magistrates' courts"}[options.court]
    denied = "contested charges" if options.of == "contested" else "charges with a verdict"
    return f"Defendants in {where}: {denied}"
