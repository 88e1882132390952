"""Default judgments: of judgments made, or of claims issued, those by default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, check_choices, choice, metric
from justice_analysis.metrics.civil.bodies import BODY, with_bodies
from justice_analysis.metrics.civil.claim_rows import claims_of, needs
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

DEFAULT = "default_judgment"
PRESENTATION = ("by", "period")


@dataclass(frozen=True)
class DefaultJudgmentsOptions:
    """Options of `default_judgments`; each names the rule it settles."""

    of: str = choice(
        "judgments",
        "divide by claims first judged in the period, or by claims issued in it",
        "judgments",
        "claims",
    )
    period: str | None = choice("year", "period of the judgment or issue", None, *PERIODS)
    by: str | None = choice("kind", "groups to show apart", None, "kind", "court")

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="default_judgments",
    title="Judgments by default",
    question="What share of judgments is made because nobody answered the claim?",
    definition=(
        "Of claims first judged in a period, the share whose first judgment is by default: no "
        "defence was filed. Or, of claims issued in a period, the share with such a judgment"
    ),
    counting_unit="claims; the first judgment of each",
    population="Claims in the county courts",
    clock="Period of the first judgment (or of issue)",
    does_not_count=(
        "a second judgment on the same claim",
        "judgments by admission",
        "a judgment dated before the issue of its claim: set aside, and counted in the attrition",
        "a judgment entered in error",
        "judgments set aside later: that is not recorded",
    ),
    censoring=(
        "None. Of claims issued in the latest periods fewer have been judged yet: see "
        "time_to_judgment for those still open"
    ),
    known_breaks=("The data begin in 2012: judgments on claims issued before are not in them",),
    needs=needs(
        ("case_events", "event_type"),
        ("case_events", "event_date"),
        ("case_events", "judgment_type"),
    ),
    source=("Guide to Civil Justice Statistics, Ministry of Justice: kinds of judgment",),
    options_type=DefaultJudgmentsOptions,
    subject="civil courts",
)


@metric(CARD)
def default_judgments(warehouse: Warehouse, **options: Any) -> Measured:
    """Measure the share of judgments, or of claims, that are decided by default.

    Parameters
    ----------
    warehouse
        A warehouse that holds the civil county court.
    **options
        See `DefaultJudgmentsOptions`.

    Returns
    -------
    Measured
        Output `default`: one row per period and group; of judgments, also `kinds`: the share of
        each kind of first judgment.

    Raises
    ------
    MetricError
        If the warehouse has no claims, or none is left.
    OptionError
        If an option is unknown.
    """
    chosen: DefaultJudgmentsOptions = CARD.read_options(options)
    rows, flow = judged_claims(warehouse, chosen)
    date = rows.judged_date if chosen.of == "judgments" else rows.issued
    named = rows.mutate(by_default=(rows.judgment == DEFAULT).fill_null(False))
    if chosen.period:
        named = named.mutate(**{chosen.period: PERIODS[chosen.period](date)})
    by = [name for name in (chosen.period, chosen.by) if name]
    about = _about(warehouse, chosen)
    places = {"court": "court"} if chosen.by == "court" else {}
    units = units_of(named, by=by, keep=["by_default", BODY])
    share = share_output(about, units, met="by_default", units_name="claims", places=places)
    outputs = {"default": with_bodies(share, units)}
    if chosen.of == "judgments":
        outputs["kinds"] = mix_output(
            about,
            named,
            category="judgment",
            by=by,
            units_name="claims",
            title="Kinds of first judgment",
            places=places,
        )
    return Measured(CARD, chosen, outputs, flow)


def judged_claims(warehouse: Warehouse, options: DefaultJudgmentsOptions) -> tuple[ir.Table, Flow]:
    """Claims issued, or those judged, with their first judgment: columns of `claims_of`."""
    rows = claims_of(warehouse)
    steps = [
        ("a party recorded", rows.person_key.notnull()),
        ("issued on a known day", rows.issued.notnull()),
        (
            "not judged before issue",
            rows.judged_date.isnull() | (rows.judged_date >= rows.issued),
        ),
    ]
    if options.of == "judgments":
        steps.append(("judgment recorded", rows.judged_date.notnull()))
    return select(rows, start="claims", steps=steps)


def _about(warehouse: Warehouse, options: DefaultJudgmentsOptions) -> About:
    what = "first judged in the period" if options.of == "judgments" else "issued in the period"
    return About(
        card=CARD,
        options=options,
        unit="people in civil claims",
        population=f"Claims in the county courts, {what}",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=("The first judgment of a claim counts.",),
    )
