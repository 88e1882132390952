"""Entry to care proceedings: children by age at their first, and newborns among infants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import (
    Card,
    Gap,
    Need,
    Output,
    check_choices,
    choice,
    definition_only,
    metric,
)
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import PRESENTATION, population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import units_of
from justice_analysis.metrics.family.children import age_band, window_problems, with_region
from justice_analysis.metrics.family.first_entries import (
    CAFCASS_FIRST,
    first_entries,
    window,
    with_age,
)

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

YEAR_DAYS = 365


@dataclass(frozen=True)
class EntryToProceedingsOptions:
    """Options of `entry_to_proceedings`; each names the rule it settles."""

    period: str | None = choice(
        "financial_year", "period of entry to show apart", "financial_year", "year", "quarter",
        None,
    )  # fmt: skip
    by: str | None = choice(None, "groups to show apart", None, "region")
    newborn_days: int = choice(7, "a newborn is younger than this: 7 in England, 14 in Wales")
    birth_day: str = choice(
        "middle",
        "day taken where the week of birth is known: its Monday, Thursday or Sunday",
        "first",
        "middle",
        "last",
    )
    first_day: str | None = choice(None, "first day of the application, inclusive")
    last_day: str | None = choice(None, "day of the application, exclusive")
    source: str | None = choice(None, "read this source alone; none: all, by precedence")
    precedence: tuple[str, ...] = choice(
        CAFCASS_FIRST, "which source is read where one set is in several"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = window_problems(self.first_day, self.last_day, ("first_day", "last_day"))
        if not 0 < self.newborn_days < YEAR_DAYS:
            problems.append("newborn_days must be at least 1 and below a year.")
        if problems:
            raise OptionError(listed(problems))


CARD = Card(
    name="entry_to_proceedings",
    title="Children's entry to care proceedings",
    question="How old are children when they first enter care proceedings; how many as newborns?",
    definition=(
        "Children by their age when the first application for a care or supervision order about "
        "them was received, and the share of infants (under one year) who were newborn (under 7 "
        "days, England; under 14, Wales). Where the week of birth is known the age is from its "
        "Thursday, where the month alone is from the middle of the month; whether a child known "
        "by month was newborn counts only if each day it may have been born on agrees."
    ),
    counting_unit="children, each once, at their first set of care proceedings",
    population="Children with an application for a care or supervision order",
    clock="Age on the day the application was received",
    does_not_count=(
        "a child's second set of care proceedings",
        "the same set of proceedings in a second source",
        "among infants: a child not yet born on the day of the application, or whose age in days "
        "cannot be told",
    ),
    censoring="None: entries in a period",
    known_breaks=(
        "A child's first proceedings are the first in the data: before April 2007 none are seen "
        "in England",
        "About a tenth of months of birth were made from a week that began in the month before: "
        "a month is taken to reach six days into the next",
    ),
    needs=(
        Need("cafcass_england", "ecms_applications", "DATERECEIVED"),
        Need("cafcass_england", "ecms_applications", "APPLICATIONTYPE1_ID"),
        Need("cafcass_england", "ecms_personsonapplications", "ISSUBJECT"),
        Need("cafcass_england", "ecms_people", "WEEKOFBIRTH"),
    ),
    source=(
        "Born into Care, England and Wales (Nuffield Family Justice Observatory): newborns and "
        "their share of infants",
        "Pearson (UCL), published analysis code: age bands of children",
    ),
    options_type=EntryToProceedingsOptions,
    subject="family courts",
)


@metric(CARD)
def entry_to_proceedings(warehouse: Warehouse, **options: Any) -> Measured:
    """Describe how old children are at their first care proceedings.

    Parameters
    ----------
    warehouse
        Any with care proceedings, children and their births.
    **options
        See `EntryToProceedingsOptions`.

    Returns
    -------
    Measured
        Outputs `ages` (children by age band, with shares) and `newborns` (share of infants who
        were newborn; left out where there is no infant), by period and group, with 95% Wilson
        intervals.

    Raises
    ------
    OptionError
        If an option is unknown or contradicts another.
    MetricError
        If the warehouse holds no care proceedings, or nobody enters in the window.
    """
    chosen: EntryToProceedingsOptions = CARD.read_options(options)
    rows = engine.materialise(_entries(warehouse, chosen), step="first entries")
    steps = [
        ("application dated", rows.received_date.notnull()),
        *window(rows.received_date, chosen.first_day, chosen.last_day),
    ]
    kept, flow = select(rows, start="children by their first care proceedings", steps=steps)
    by = [name for name in (chosen.period, chosen.by) if name]
    ages = mix_output(
        _about(warehouse, chosen, "children at their first care proceedings", ""),
        kept,
        category="age_band",
        by=by,
        group="proceeding_id",
        units_name="children",
        title="Children by age at their first care proceedings",
        **_places(chosen),
    )
    outputs = {"ages": ages}
    if (infants := _newborn_share(warehouse, kept, chosen, by)) is not None:
        outputs["newborns"] = infants
    return Measured(CARD, chosen, outputs, flow)


def _entries(warehouse: Warehouse, options: EntryToProceedingsOptions) -> ir.Table:
    entries = first_entries(warehouse, precedence=options.precedence, source=options.source)
    aged = with_age(entries, birth_day=options.birth_day, limit_days=options.newborn_days)
    rows = aged.mutate(age_band=age_band(aged, aged.received_date))
    if options.period:
        rows = rows.mutate(**{options.period: PERIODS[options.period](rows.received_date)})
    return with_region(warehouse, rows) if options.by == "region" else rows


def _newborn_share(
    warehouse: Warehouse, rows: ir.Table, options: EntryToProceedingsOptions, by: list[str]
) -> Output | None:
    infants, flow = infants_of(rows)
    if not flow.people:
        return None
    units = units_of(infants, by=by, group="proceeding_id", keep=["is_newborn"])
    return share_output(
        _about(warehouse, options, "infants at their first care proceedings", ":infants"),
        units,
        met="is_newborn",
        units_name="infants",
        title="Newborns among infants at their first care proceedings",
        **_places(options),
    )


def infants_of(rows: ir.Table) -> tuple[ir.Table, Flow]:
    """Children under one year whose age in days can be told, with `is_newborn`."""
    steps = [
        ("birth recorded", rows.age_days.notnull()),
        ("born by the day of the application", rows.age_days >= 0),
        ("under one year old", rows.age_days < YEAR_DAYS),
        ("age in days can be told", rows.is_under.notnull()),
    ]
    infants, flow = select(rows, start="children by their first care proceedings", steps=steps)
    return infants.mutate(is_newborn=infants.is_under), flow


def _places(options: EntryToProceedingsOptions) -> dict[str, Any]:
    return {"places": {"region": "region"}} if options.by == "region" else {}


def _about(
    warehouse: Warehouse, options: EntryToProceedingsOptions, unit: str, suffix: str
) -> About:
    presentation = (*PRESENTATION, "period", "newborn_days", "birth_day")
    hashed = population_hash(warehouse, CARD, options, presentation=presentation)
    return About(
        card=CARD,
        options=options,
        unit=unit,
        population=unit.capitalize(),
        population_hash=hashed + suffix,
        about="children",
        within=(hashed,) if suffix else (),
        family="entry to care proceedings",
    )


@dataclass(frozen=True)
class EntrySinceFirstBirthOptions:
    """No options: nothing is computed."""


SINCE_FIRST_BIRTH = Card(
    name="entry_since_first_birth",
    title="Mothers in care proceedings since their first birth",
    question="What share of mothers enter care proceedings within ten years of a first birth?",
    definition=(
        "Cumulative incidence of a first set of care proceedings since a woman's first live birth, "
        "by her age at that birth and by deprivation."
    ),
    counting_unit="mothers, each once",
    population="Women with a first live birth in the window",
    clock="From first live birth to issue of the first set of care proceedings",
    does_not_count=("women who never gave birth", "proceedings before the first live birth"),
    censoring="At death, emigration or the end of the data",
    known_breaks=("It depends on who of the mothers in proceedings is linked to a birth record",),
    needs=(),
    source=(
        "Ireland et al. (2024), International Journal of Population Data Science 9(2): births and "
        "care proceedings in England",
    ),
    options_type=EntrySinceFirstBirthOptions,
    subject="family courts",
    gap=Gap(
        missing="births of all women, linked to care proceedings",
        owner="NHS England, with Cafcass (hospital births linked to care proceedings)",
        route="ask for the linked hospital and Cafcass data; the datasets here hold parents alone",
    ),
)

definition_only(SINCE_FIRST_BIRTH)
