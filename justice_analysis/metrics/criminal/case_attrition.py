"""Attrition of criminal cases: how many defendants go on from each stage, and why others do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
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
from justice_analysis.metrics.criminal.both_courts import through_both
from justice_analysis.metrics.criminal.court_groups import check_by, offence_words
from justice_analysis.metrics.criminal.court_records import (
    CASE_TYPES_OF,
    CROWN,
    MAGISTRATES,
    defendants,
    refuse_without,
)
from justice_analysis.metrics.criminal.timeliness_definition import BOTH, check_window
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

STAGES = ("charged", "listed", "plea", "verdict", "convicted", "sentenced")
WORDS = {
    "charged": "charged",
    "listed": "first hearing",
    "plea": "plea entered",
    "verdict": "verdict, on a plea or after trial",
    "convicted": "convicted",
    "sentenced": "sentenced",
}
REACHED = "reached"
BY_PLEA, BY_TRIAL = "reached on a plea of guilty", "reached after a plea of not guilty"
ARRIVED = (REACHED, BY_PLEA, BY_TRIAL)
SENT, OPEN = "sent to the Crown Court", "case not ended"


@dataclass(frozen=True)
class CaseAttritionOptions:
    """Options of `case_attrition`; each names the rule it settles."""

    court: str = choice(
        BOTH, "followed in one court, or from the magistrates' court to the Crown Court",
        BOTH, MAGISTRATES, CROWN,
    )  # fmt: skip
    by: tuple[str, ...] = choice((), "groups: offence_group")
    received_from: str | None = choice(None, "first day of receipt, inclusive")
    received_to: str | None = choice(None, "day of receipt, exclusive")

    def __post_init__(self) -> None:
        check_choices(self)
        check_by(self.by, ("offence_group",), most=1)
        check_window(self.received_from, self.received_to, ("received_from", "received_to"))


CARD = Card(
    name="case_attrition",
    title="From charge to sentence",
    question="At which stage do criminal cases end without a sentence, and why?",
    definition=(
        "Each defendant charged with an offence is followed, by the principal charge, through "
        "first hearing, plea, verdict, conviction and sentence. At each stage a defendant has "
        "reached it, or is lost there for one reason. Of both courts together, what happened in "
        "the Crown Court counts for those sent there. A plea of guilty is a conviction without a "
        "trial; after a plea of not guilty the verdict is that of the trial."
    ),
    counting_unit="defendants: one person in one case, or through both courts",
    population="Defendants charged with an offence, in magistrates' courts or the Crown Court",
    clock="None: the last stage that the record shows",
    does_not_count=(
        "breaches and civil-order applications, which are no offences",
        "offences recorded by the police and not charged: no dataset here holds them",
        "appeals",
        "whether a charge was dismissed, withdrawn or ended in acquittal: the record does not "
        "tell these apart",
        "why a victim or witness withdrew: see victim_attrition",
    ),
    censoring=(
        "Cases that have not ended are shown as such, at the stage they are in; leave recent "
        "receipts out with received_to"
    ),
    known_breaks=(
        "A defendant sent to a Crown Court that had moved to Common Platform is not found there",
    ),
    needs=(
        Need("magistrates_defendant", "mags_defendant_case", "first_hearing_date"),
        Need("magistrates_defendant", "mags_defendant_case", "plea"),
        Need("magistrates_defendant", "mags_defendant_case", "verdict"),
        Need("magistrates_defendant", "mags_defendant_case", "disposal"),
        Need("crown_court_defendant", "crown_defendant_case", "verdict"),
    ),
    source=("Stages after those of the scorecards of criminal justice; the rules are ours",),
    options_type=CaseAttritionOptions,
    subject="criminal courts",
)


@metric(CARD)
def case_attrition(warehouse: Warehouse, **options: Any) -> Measured:
    """Count how many defendants reach each stage from charge to sentence, and why others do not.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `CaseAttritionOptions`.

    Returns
    -------
    Measured
        Output `stages`: one row per stage and outcome (reached, or a reason), with the
        defendants, those who had reached the stage before, and the share of them.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases.
    """
    chosen: CaseAttritionOptions = CARD.read_options(options)
    types = CASE_TYPES_OF.get(chosen.court, (MAGISTRATES, *CASE_TYPES_OF[CROWN]))
    refuse_without(warehouse, name=CARD.name, case_types=types)
    kept, flow = _charged(_facts(warehouse, chosen, types), chosen)
    if not flow.people:
        raise MetricError("case_attrition needs charged defendants: none is left.")
    rows = engine.materialise(_outcomes(kept, chosen.by), step="outcomes by stage")
    where = {BOTH: "the criminal courts", MAGISTRATES: "magistrates' courts"}
    about = About(
        card=CARD,
        options=chosen,
        unit="defendants",
        population=f"Defendants charged, in {where.get(chosen.court, 'the Crown Court')}",
        population_hash=population_hash(warehouse, CARD, chosen),
        about="co_defendants",
        family=f"{CARD.name} {chosen.court}",
    )
    return Measured(CARD, chosen, {"stages": _output(about, rows, chosen)}, flow)


def _facts(warehouse: Warehouse, options: CaseAttritionOptions, types: tuple[str, ...]) -> ir.Table:
    """One row per defendant with what the last court says of each stage, stored."""
    rows = defendants(warehouse, case_types=types)
    facts = ("plea", "verdict", "sentence", "ended_date", "heard_date")
    if options.court == BOTH:
        wide = through_both(warehouse, rows, upper=facts)
        at_crown = wide.sent_date.notnull() & wide.lost.isnull()
        told = {name: at_crown.ifelse(wide[f"crown_{name}"], wide[name]) for name in facts[:-1]}
        heard = ibis.coalesce(wide.heard_date, wide.crown_heard_date)
        rows = wide.mutate(**told, heard_date=heard, left=wide.sent_date.notnull() & ~at_crown)
    else:
        rows = rows.mutate(lost=ibis.null("string"), left=rows.sent_date.notnull())
    kept = (
        "party_id",
        "person_key",
        "case_id",
        "code",
        "is_breach",
        "arrived_date",
        "lost",
        "left",
    )
    return engine.materialise(rows.select(*kept, *facts), step="stages of defendants")


def _charged(rows: ir.Table, options: CaseAttritionOptions) -> tuple[ir.Table, Flow]:
    steps = [("charged with an offence, not a breach", ~rows.is_breach.fill_null(False))]
    day = rows.arrived_date
    if options.received_from:
        steps.append(("received from the first day", day >= ibis.date(options.received_from)))
    if options.received_to:
        steps.append(("received before the last day", day < ibis.date(options.received_to)))
    return select(rows, start="defendants", steps=steps)


def _outcomes(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """One row per defendant and stage come to: whether it was reached, or why not.

    A defendant comes to a stage by having reached the one before.
    """
    away = ibis.cases(
        (rows.lost.notnull(), ibis.literal("sent up, not found: ") + rows.lost),
        (rows.left, SENT),
        (rows.ended_date.isnull(), OPEN),
        else_=ibis.null("string"),
    )
    pleaded = rows.plea.isin(("guilty", "not_guilty")).fill_null(False)
    tried = rows.verdict.isin(("guilty", "not_guilty")).fill_null(False)
    guilty = (rows.verdict == "guilty").fill_null(False)
    denied = (rows.plea == "not_guilty").fill_null(False)
    found = denied.ifelse("not guilty after a plea of not guilty", "not guilty, no plea of it")
    reached = {
        "charged": ibis.literal(True),
        "listed": rows.heard_date.notnull(),
        "plea": pleaded,
        "verdict": tried,
        "convicted": guilty,
        "sentenced": rows.sentence.notnull(),
    }
    reasons = {
        "charged": ibis.literal(REACHED),
        "listed": ibis.coalesce(away, ibis.literal("no first hearing recorded")),
        "plea": ibis.coalesce(
            away,
            (rows.plea == "none_entered").ifelse("ended, no plea entered", "plea not recorded"),
        ),
        "verdict": ibis.coalesce(away, ibis.literal("ended without a verdict")),
        "convicted": found,
        "sentenced": ibis.coalesce(away, ibis.literal("no sentence recorded")),
    }
    group = {name: offence_words(rows.code).fill_null(NOT_KNOWN) for name in by}
    parts, before = [], ibis.literal(True)
    for stage in STAGES:
        how = denied.ifelse(BY_TRIAL, BY_PLEA) if stage == "verdict" else ibis.literal(REACHED)
        outcome = reached[stage].ifelse(how, reasons[stage])
        part = rows.filter(before).select(
            "person_key", "case_id", stage=ibis.literal(WORDS[stage]), outcome=outcome, **group
        )
        parts.append(part)
        before = before & reached[stage]
    return engine.union(*parts)


def _output(about: About, rows: ir.Table, options: CaseAttritionOptions) -> Output:
    """Count defendants by stage and outcome, and those who had come to the stage."""
    table = with_interval(_counted(rows, options.by), "defendants", "came")
    place = {words: n for n, words in enumerate(WORDS.values())}
    table = table.assign(_stage=table["stage"].map(place), _lost=~table["outcome"].isin(ARRIVED))
    table = table.sort_values([*options.by, "_stage", "_lost", "outcome"], kind="stable")
    roles = ColumnRoles(
        people="people",
        numerator="defendants",
        denominator="came",
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
        cases="cases",
        people_behind={"defendants": "people_defendants", "came": "people"},
        groups_behind={"defendants": "cases_defendants", "came": "cases"},
    )
    dimensions = (*options.by, "stage", "outcome")
    kept = dict.fromkeys([*dimensions, *roles.counts, *roles.statistics, *roles.evidence])
    chart = Chart(
        form="dots",
        x="stage",
        y="estimate",
        group="outcome",
        lower="lower",
        upper="upper",
        y_title="Share of those who came to the stage",
        percent=True,
    )
    return about.output(
        "estimates",
        CARD.title,
        table[list(kept)],
        dimensions=dimensions,
        roles=roles,
        chart=None if options.by else chart,
        shares=("estimate", "lower", "upper"),
        overlapping=dimensions,
    )


def _counted(rows: ir.Table, by: tuple[str, ...]) -> pd.DataFrame:
    """One row per group, stage and outcome; 0 where a group has nobody with an outcome."""
    part = {
        "defendants": rows.count(),
        "people_defendants": rows.person_key.nunique(),
        "cases_defendants": rows.case_id.nunique(),
    }
    whole = {
        "came": rows.count(),
        "people": rows.person_key.nunique(),
        "cases": rows.case_id.nunique(),
    }
    ends = aggregated(rows, ("stage", "outcome"), {"n": rows.count()}).drop(columns="n")
    tables = []
    for kept in margins(by, totals=True):
        found = aggregated(rows, (*kept, "stage", "outcome"), part)
        came = aggregated(rows, (*kept, "stage"), whole).merge(ends, on="stage")
        every = came.merge(found, how="left", on=[*kept, "stage", "outcome"])
        tables.append(every.fillna(dict.fromkeys(part, 0)).astype(dict.fromkeys(part, "int64")))
    return stacked(tables, by)
