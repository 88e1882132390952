"""Offending beside education and social care: what is recorded of pupils, both ways round."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from justice_analysis import engine
from justice_analysis.cohorts.categories.offending import (
    prolific_pnc,
    serious_violence_delivered,
)
from justice_analysis.definitions import (
    Card,
    ColumnRoles,
    Need,
    Output,
    check_choices,
    choice,
    metric,
)
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import share_chart, with_interval

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SHARE = "moj_dfe"
CHARACTERISTICS = {
    "is_male": "boys",
    "had_free_meals": "ever eligible for free school meals",
    "had_sen": "ever with a special educational need",
    "was_absent": "ever persistently absent",
    "was_suspended": "ever suspended",
    "was_excluded": "ever permanently excluded",
    "was_looked_after": "ever looked after",
    "was_in_need": "ever a child in need",
}
OFFENDING = {
    "any_offence": "cautioned or sentenced for any offence",
    "serious_violence": "cautioned or sentenced for serious violence",
    "prolific": "prolific",
}


@dataclass(frozen=True)
class EducationOptions:
    """Options of `offending_and_education`; each names the rule it settles."""

    offending: str = choice(
        "any_offence",
        "what is recorded by the police: any offence, serious violence as the share flags it, or "
        "prolific (definitions: justice category show)",
        *OFFENDING,
    )
    persistent_absence: float = choice(
        0.1,
        "share of possible sessions missed in a school year from which absence is persistent "
        "(the schools' own definition since 2015/16; assumed here)",
    )

    def __post_init__(self) -> None:
        check_choices(self)
        if not 0 < self.persistent_absence < 1:
            raise OptionError("persistent_absence must lie between 0 and 1.")


CARD = Card(
    name="offending_and_education",
    title="Offending beside education and social care",
    question="How do schooling and social care of those who offended compare with other pupils?",
    definition=(
        "Shares of pupils who were cautioned or sentenced, by what schools and social care ever "
        "recorded of them; and, the other way round, shares with each such record among those "
        "who offended and among all."
    ),
    counting_unit="people: pupils, each once",
    population="Pupils of state schools in England with a school year in the share",
    clock="None: ever recorded, whichever came first",
    does_not_count=(
        "the order of things: an exclusion after an offence counts as one before it",
        "offences that ended in neither a caution nor a sentence",
        "pupils of independent schools, and records before the share begins",
        "a pupil's absence below the threshold in every single year",
    ),
    censoring="None: pupils born later had less time to offend, and to be recorded",
    known_breaks=(
        "Looked-after and child-in-need records cover only years that the share holds",
        "Fixed-period exclusions are called suspensions since 2017",
    ),
    needs=(
        Need(SHARE, "pnc_offences", "offence_date"),
        Need(SHARE, "npd_school_years", "academic_year"),
    ),
    source=(
        "Education, children's social care and offending (Ministry of Justice and Department "
        "for Education): descriptive, and not evidence that one leads to the other",
    ),
    options_type=EducationOptions,
    subject="across courts",
)


@metric(CARD)
def offending_and_education(warehouse: Warehouse, **options: Any) -> Measured:
    """Set offending beside what schools and social care recorded, both ways round.

    Parameters
    ----------
    warehouse
        A warehouse that holds the MoJ-DfE share.
    **options
        See `EducationOptions`.

    Returns
    -------
    Measured
        `offended`: share of pupils with each record who offended. `overall`: share of all.
        `recorded`: share with each record among those who offended. Who are brothers and sisters
        is not known, so disclosure control leaves these tables to a person.

    Raises
    ------
    OptionError
        If an option is unknown or out of range.
    MetricError
        If the warehouse holds no pupils.
    """
    chosen: EducationOptions = CARD.read_options(options)
    pupils = _pupils(warehouse, chosen)
    counted = engine.execute(_counts(pupils), step="pupils by record").iloc[0]
    if not counted["all_people"]:
        raise MetricError(
            f"{CARD.name} needs pupils with a school year: the warehouse has none. Load moj_dfe."
        )
    about = About(
        card=CARD,
        options=chosen,
        unit="pupils",
        population=CARD.population,
        population_hash=population_hash(
            warehouse, CARD, chosen, presentation=("offending", "persistent_absence")
        ),
        notes=("Descriptive: what comes first is not told, and a link is not a cause.",),
    )
    words = OFFENDING[chosen.offending]
    offenders = replace(
        about,
        population=f"Pupils {words}",
        population_hash=f"{about.population_hash}:{chosen.offending}",
        within=(about.population_hash,),
    )
    outputs = {
        "offended": _offended(about, counted, words),
        "overall": _overall(about, counted, words),
        "recorded": _recorded(offenders, counted, words),
    }
    return Measured(CARD, chosen, outputs)


def _pupils(warehouse: Warehouse, options: EducationOptions) -> ir.Table:
    """One row per pupil: what was ever recorded, and whether the pupil offended."""
    measure = warehouse.measure.filter(
        warehouse.measure.source == SHARE, warehouse.measure.person_id.notnull()
    )
    concept, code = measure.concept, measure.value_code
    is_year = concept == "school_year"
    absent = (concept == "absence_rate") & (measure.value_number >= options.persistent_absence)
    need = (concept == "special_educational_need") & (code != "none")
    facts = measure.group_by("person_id").aggregate(
        is_pupil=is_year.max(),
        had_free_meals=((concept == "free_school_meals") & (code == "eligible")).max(),
        had_sen=need.max(),
        was_absent=absent.max(),
        was_suspended=((concept == "exclusion") & (code == "fixed_period")).max(),
        was_excluded=((concept == "exclusion") & (code == "permanent")).max(),
    )
    pupils = facts.filter(facts.is_pupil).drop("is_pupil")
    sexes = warehouse.person.select("person_id", is_male=warehouse.person.sex == "male")
    pupils = _beside(pupils, sexes, "is_male")
    episodes = warehouse.episode.filter(warehouse.episode.source == SHARE)
    for name, kind in (("was_looked_after", "care"), ("was_in_need", "child_in_need")):
        known = episodes.filter(episodes.kind == kind).select("person_id").distinct()
        pupils = _beside(pupils, known.mutate(**{name: ibis.literal(True)}), name)
    offended = _offenders(warehouse, options.offending).mutate(offended=ibis.literal(True))
    return engine.materialise(_beside(pupils, offended, "offended"), step="pupils")


def _beside(pupils: ir.Table, facts: ir.Table, name: str) -> ir.Table:
    """Add a fact about each pupil, false where nothing says so."""
    renamed = facts.select(_person="person_id", _fact=name)
    joined = pupils.left_join(renamed, pupils.person_id == renamed._person).drop("_person")
    return joined.mutate(**{name: joined._fact.fill_null(False)}).drop("_fact")


def _offenders(warehouse: Warehouse, offending: str) -> ir.Table:
    """People who offended in the sense asked for, one row each."""
    if offending == "serious_violence":
        return serious_violence_delivered(warehouse).select("person_id").distinct()
    if offending == "prolific":
        return prolific_pnc(warehouse).select("person_id").distinct()
    cases = warehouse.case.filter(warehouse.case.source == SHARE).select("case_id")
    party = warehouse.party.filter(warehouse.party.person_id.notnull())
    return party.semi_join(cases, "case_id").select("person_id").distinct()


def _counts(pupils: ir.Table) -> ir.Table:
    """Everyone and those who offended, with each record: one row."""
    columns: dict[str, ir.Value] = {
        "all_people": pupils.count(),
        "all_offended": pupils.offended.cast("int64").sum().fill_null(0),
    }
    for name in CHARACTERISTICS:
        columns[f"{name}_people"] = pupils[name].cast("int64").sum().fill_null(0)
        both = pupils[name] & pupils.offended
        columns[f"{name}_offended"] = both.cast("int64").sum().fill_null(0)
    return pupils.aggregate(**columns)


def _offended(about: About, counted: pd.Series, words: str) -> Output:
    """Share who offended among pupils with each record."""
    rows = [
        (said, counted[f"{name}_people"], counted[f"{name}_offended"])
        for name, said in CHARACTERISTICS.items()
    ]
    table = pd.DataFrame(rows, columns=["record", "people", "offended"])
    return _output(about, table, "offended", f"Pupils {words}, by what was recorded")


def _overall(about: About, counted: pd.Series, words: str) -> Output:
    """Share of all pupils who offended; apart, since pupils stand under several records."""
    row = {"people": counted["all_people"], "offended": counted["all_offended"]}
    table = pd.DataFrame([{"group": "all", **row}])
    return _output(about, table, "offended", f"Pupils {words}")


def _recorded(about: About, counted: pd.Series, words: str) -> Output:
    """Share with each record among those who offended."""
    rows = [
        (said, counted["all_offended"], counted[f"{name}_offended"])
        for name, said in CHARACTERISTICS.items()
    ]
    table = pd.DataFrame(rows, columns=["outcome", "people", "recorded"])
    return _output(about, table, "recorded", f"What was recorded of pupils {words}")


def _output(about: About, table: pd.DataFrame, numerator: str, title: str) -> Output:
    dimension = table.columns[0]
    counts = table.astype({"people": "int64", numerator: "int64"})
    roles = ColumnRoles(
        people="people",
        numerator=numerator,
        denominator="people",
        estimate=("estimate",),
        lower=("lower",),
        upper=("upper",),
    )
    return about.output(
        "estimates",
        title,
        with_interval(counts, numerator, "people"),
        dimensions=(dimension,),
        roles=roles,
        chart=share_chart((dimension,), about.unit),
        shares=("estimate", "lower", "upper"),
    )
