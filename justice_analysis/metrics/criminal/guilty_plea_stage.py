"""Guilty pleas, by court; and how soon after the first hearing the cases with one ended.

The day and the stage of a plea are not recorded. A plea was entered by the end of the case in
that court, so the days from first hearing to end are the latest that it can have been.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import (
    Card,
    Gap,
    Need,
    check_choices,
    choice,
    definition_only,
    metric,
)
from justice_analysis.errors import MetricError
from justice_analysis.metrics.criminal.court_groups import check_by, places_of, with_groups
from justice_analysis.metrics.criminal.court_records import (
    CROWN,
    MAGISTRATES,
    TRIAL,
    defendants,
    refuse_without,
)
from justice_analysis.metrics.criminal.timeliness_definition import check_window
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

LATEST = (
    ("at the first hearing", 0),
    ("within 4 weeks of it", 28),
    ("within 13 weeks of it", 91),
    ("within 26 weeks of it", 182),
)
LATER = "later than 26 weeks, or at the end of the case"
NO_DAY = "not known"


@dataclass(frozen=True)
class NoOptions:
    """A definition that is not computed has no options."""


@dataclass(frozen=True)
class GuiltyPleaOptions:
    """Options of `guilty_pleas`; each names the rule it settles."""

    court: str = choice(
        CROWN, "the Crown Court (trials), or magistrates' courts", CROWN, MAGISTRATES
    )
    by: tuple[str, ...] = choice((), "groups: a period of the end, offence_group, court, region")
    breaches: str = choice(
        "exclude", "breaches and civil-order applications, no offences", "exclude", "count"
    )
    ended_from: str | None = choice(None, "first day on which the case ended, inclusive")
    ended_to: str | None = choice(None, "day on which the case ended, exclusive")

    def __post_init__(self) -> None:
        check_choices(self)
        check_by(self.by, most=1)
        check_window(self.ended_from, self.ended_to, ("ended_from", "ended_to"))


CARD = Card(
    name="guilty_pleas",
    title="Guilty pleas",
    question="What share of defendants pleaded guilty, and by when at the latest?",
    definition=(
        "Of defendants who entered a plea to the principal charge, those whose recorded plea is "
        "guilty. Beside it, for the guilty, the days from the first hearing in that court to the "
        "end of the case there: the plea was entered by then. Only where a case ended on the day "
        "of its first hearing is it sure that the plea was entered at that hearing."
    ),
    counting_unit="defendants in cases of one court, by the principal charge",
    population="Defendants whose case ended, in Crown Court trials or in magistrates' courts",
    clock="The day on which the case ended for the defendant",
    does_not_count=(
        "defendants without a plea: none was entered, or none is recorded",
        "pleas that were changed: the last that is recorded stands",
        "committals for sentence, whose pleas were entered in the magistrates' court",
        "breaches and civil-order applications, which are no offences, unless asked for",
    ),
    censoring="None: cases that ended",
    known_breaks=(
        "The stage at which a plea was entered, and credit for an early one, are not recorded: "
        "see guilty_plea_stage",
    ),
    needs=(
        Need("crown_court_defendant", "crown_defendant_case", "plea"),
        Need("magistrates_defendant", "mags_defendant_case", "plea"),
        Need("magistrates_defendant", "mags_defendant_case", "first_hearing_date"),
    ),
    source=("A count of recorded pleas; the rules are ours",),
    options_type=GuiltyPleaOptions,
    subject="criminal courts",
)

definition_only(
    Card(
        name="guilty_plea_stage",
        title="Stage at which guilty pleas are entered",
        question="How many guilty pleas are entered at the first opportunity, and how many late?",
        definition=(
            "Of guilty pleas, the share entered at the first hearing, between it and the trial, "
            "and on the day of the trial or during it."
        ),
        counting_unit="defendants in cases, by the principal charge",
        population="Defendants who pleaded guilty",
        clock="From the first hearing to the day on which the plea was entered",
        does_not_count=("pleas of not guilty", "pleas that were changed back"),
        censoring="None: cases that ended",
        known_breaks=(),
        needs=(),
        source=("A question of the timeliness of justice; no publication is followed",),
        options_type=NoOptions,
        subject="criminal courts",
        gap=Gap(
            missing="the day or the stage at which a plea was entered",
            owner="HM Courts and Tribunals Service",
            route=(
                "ask for plea dates of the case management systems in a further iteration of "
                "the Data First criminal courts data"
            ),
        ),
    )
)


@metric(CARD)
def guilty_pleas(warehouse: Warehouse, **options: Any) -> Measured:
    """Estimate the share of defendants who pleaded guilty, and by when at the latest.

    Parameters
    ----------
    warehouse
        Any with criminal court cases.
    **options
        See `GuiltyPleaOptions`.

    Returns
    -------
    Measured
        Output `share`: defendants with a plea, those guilty, and the share with its 95% Wilson
        interval; `latest`: of the guilty, by when the plea had been entered at the latest.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse has no such cases, or nobody who entered a plea.
    """
    chosen: GuiltyPleaOptions = CARD.read_options(options)
    types = (TRIAL,) if chosen.court == CROWN else (MAGISTRATES,)
    refuse_without(warehouse, name=CARD.name, case_types=types)
    kept, flow = _with_plea(defendants(warehouse, case_types=types), chosen)
    if not flow.people:
        raise MetricError("guilty_pleas needs defendants with a plea: none is left.")
    grouped = with_groups(warehouse, kept, chosen.by, date="ended_date")
    grouped = grouped.mutate(guilty=grouped.plea == "guilty")
    where = "Crown Court trials" if chosen.court == CROWN else "magistrates' courts"
    hashed = population_hash(warehouse, CARD, chosen)
    about = About(
        card=CARD,
        options=chosen,
        unit="defendants",
        population=f"Defendants with a plea in {where}",
        population_hash=hashed,
        about="co_defendants",
        family=f"{CARD.name} {chosen.court}",
        notes=("The stage of a plea is not recorded: only by when it was entered at the latest.",),
    )
    units = units_of(grouped, by=chosen.by, group="case_id", keep=("guilty",))
    places = places_of(chosen.by)
    outputs = {
        "share": share_output(about, units, met="guilty", units_name="defendants", places=places)
    }
    guilty = engine.materialise(
        _latest(grouped.filter(grouped.guilty), chosen.by), step="guilty pleas"
    )
    if engine.count_rows(guilty.limit(1)):
        outputs["latest"] = mix_output(
            _of_guilty(about, where, hashed),
            guilty,
            category="latest",
            by=chosen.by,
            group="case_id",
            units_name="defendants",
            title="By when guilty pleas were entered at the latest",
            places=places,
        )
    return Measured(CARD, chosen, outputs, flow)


def _of_guilty(about: About, where: str, hashed: str) -> About:
    return dataclasses.replace(
        about,
        population=f"Defendants who pleaded guilty in {where}",
        population_hash=f"{hashed}:guilty",
        within=(hashed,),
    )


def _with_plea(rows: ir.Table, options: GuiltyPleaOptions) -> tuple[ir.Table, Flow]:
    kept = ("person_key", "case_id", "case_type", "place_id", "code", "is_breach", "plea")
    stored = engine.materialise(rows.select(*kept, "heard_date", "ended_date"), step="pleas")
    steps = []
    if options.breaches == "exclude":
        steps.append(("charged with an offence, not a breach", ~stored.is_breach.fill_null(False)))
    steps.append(("case ended for the defendant", stored.ended_date.notnull()))
    if options.ended_from:
        steps.append(
            ("ended from the first day", stored.ended_date >= ibis.date(options.ended_from))
        )
    if options.ended_to:
        steps.append(("ended before the last day", stored.ended_date < ibis.date(options.ended_to)))
    steps.append(("plea entered and recorded", stored.plea.isin(("guilty", "not_guilty"))))
    return select(stored, start="defendants", steps=steps)


def _latest(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """By when, counted from the first hearing, each plea had been entered at the latest."""
    days = engine.days_between(rows.ended_date, rows.heard_date)
    known = days.notnull() & (days >= 0)
    bands = [(known & (days <= most), label) for label, most in LATEST]
    latest = ibis.cases(*bands, (known, LATER), else_=NO_DAY)
    return rows.select("person_key", "case_id", *by, latest=latest)
