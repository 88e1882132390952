"""Representation: whether parties of family cases have a lawyer on record, by case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.cohorts import Flow, select
from justice_analysis.definitions import Card, Need, Output, check_choices, choice, metric
from justice_analysis.errors import MetricError
from justice_analysis.metrics.estimates.measured import About, Measured
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.estimates.population import population_hash
from justice_analysis.metrics.estimates.shares import mix_output, share_output
from justice_analysis.metrics.estimates.units import person_key, units_of

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

SOURCE = "family_court"
ASSUMED_FROM = "2016-10-01"
PUBLIC_LAW = ("care_proceedings", "public_law_other")
KINDS = {
    **dict.fromkeys(PUBLIC_LAW, "public law"),
    "private_law": "private law",
    "divorce": "divorce",
    "adoption": "adoption",
    "family_law_act": "Family Law Act",
}
SIDES = ("applicant", "respondent")
BOTH, APPLICANT, RESPONDENT, NEITHER = (
    "applicant and respondent",
    "applicant only",
    "respondent only",
    "neither",
)
ONE_SIDE = "no party of one side recorded"
PRESENTATION = ("period", "by")


@dataclass(frozen=True)
class RepresentationOptions:
    """Options of `representation`; each names the rule it settles."""

    period: str | None = choice("year", "period of the case", None, *PERIODS)
    by: str | None = choice("case_type", "groups to show apart", None, "case_type")
    dated: str = choice(
        "received",
        "a case's period: that of its receipt, or of its latest final order",
        "received",
        "disposed",
    )
    public_bodies: str = choice(
        "assumed_from_2016",
        "the applicant of a public-law case is a public body and not among the people: assumed "
        "represented in cases received from October 2016, as published; always; or as recorded",
        "assumed_from_2016",
        "assumed",
        "as_recorded",
    )

    def __post_init__(self) -> None:
        check_choices(self)


CARD = Card(
    name="representation",
    title="Legal representation of parties in family cases",
    question="In how many cases do both sides, one side or neither have a lawyer on record?",
    definition=(
        "A party is represented where a representative is on record; a blank field stands for "
        "none, which is an approximation. A side (applicants, respondents) is represented if at "
        "least one of its parties is. Cases divide into both, applicant only, respondent only and "
        "neither; a case with no party of one side on record is a group of its own"
    ),
    counting_unit="cases; for parties: adults in a case, in one role",
    population="Cases of the family court with an applicant or a respondent on record",
    clock="Period in which the case was received (or its latest final order was made)",
    does_not_count=(
        "children, and people who are neither applicant nor respondent",
        "a joint divorce as both or neither: it has two applicants and no respondent, and stands "
        "with the cases that lack a side",
        "advice without a representative on record",
        "when a representative came and went: the record is of the whole case",
    ),
    censoring="None: totals, not rates over time; an open case may still get a representative",
    known_breaks=(
        "Public bodies count as represented from October 2016 in the published tables; before, "
        "a blank field of theirs counted as unrepresented, so the series break there. The people "
        "of the release are persons: a public-law case has no applicant on record, and before the "
        "break stands with the cases that lack a side",
        "Legal aid for most private-law cases ended in April 2013",
    ),
    needs=tuple(
        Need(SOURCE, table, field)
        for table, field in (
            ("cases", "case_type"),
            ("cases", "receipt_date"),
            ("people", "role_model"),
            ("people", "representative_role"),
        )
    ),
    source=(
        "Family Court Statistics Quarterly, footnotes on representation: a blank field as a "
        "proxy; public bodies from the fourth quarter of 2016; a party if at least one is",
    ),
    options_type=RepresentationOptions,
    subject="family courts",
)


@metric(CARD)
def representation(warehouse: Warehouse, **options: Any) -> Measured:
    """Count cases by which sides have a representative on record, and parties who have one.

    Parameters
    ----------
    warehouse
        A warehouse that holds the family court.
    **options
        See `RepresentationOptions`.

    Returns
    -------
    Measured
        Output `cases`: one row per period, type of case and `represented` side; output
        `parties`: share of parties represented, by period and role.

    Raises
    ------
    MetricError
        If the warehouse has no family case, or no representative in any.
    OptionError
        If an option is unknown.
    """
    chosen: RepresentationOptions = CARD.read_options(options)
    parties = _parties(warehouse, chosen)
    cases, flow = cases_by_side(parties, chosen)
    about = _about(warehouse, chosen)
    outputs = {
        "cases": _cases(about, cases, chosen),
        "parties": _of_parties(about, parties, chosen),
    }
    return Measured(CARD, chosen, outputs, flow)


def cases_by_side(parties: ir.Table, options: RepresentationOptions) -> tuple[ir.Table, Flow]:
    """Say of each case which sides are represented.

    Returns
    -------
    tuple of Table and Flow
        One row per case with a dated period: `case_id`, `person_key` (one adult of it),
        `case_type`, `day`, `represented`; and how many cases were left at each step.
    """
    sides = {side: parties.role == side for side in SIDES}
    found = parties.group_by("case_id", "case_type", "day", "is_public", "from_2016").aggregate(
        person_key=parties.person_key.min(),
        **{f"has_{side}": on.any() for side, on in sides.items()},
        **{side: (on & parties.represented).any() for side, on in sides.items()},
        **{
            f"blank_{side}": (on & parties.represented.isnull()).any() for side, on in sides.items()
        },
    )
    unnamed = found.is_public & ~found.has_applicant  # the applicant is then a public body
    assumed = unnamed & _is_assumed(found, options)
    applicant, respondent = found.applicant.fill_null(False) | assumed, found.respondent
    respondent = respondent.fill_null(False)
    one_side = ~((found.has_applicant | assumed) & found.has_respondent)
    blank = (~applicant & found.blank_applicant) | (~respondent & found.blank_respondent)
    named = found.mutate(
        represented=ibis.cases(
            (one_side, ONE_SIDE),
            (blank.fill_null(False), ibis.null("string")),
            (applicant & respondent, BOTH),
            (applicant, APPLICANT),
            (respondent, RESPONDENT),
            else_=NEITHER,
        )
    )
    word = "received" if options.dated == "received" else "with a final order"
    return select(
        named,
        start="cases with an applicant or respondent",
        steps=[(f"{word} on a known day", named.day.notnull())],
    )


def _is_assumed(cases: ir.Table, options: RepresentationOptions) -> ir.BooleanValue:
    if options.public_bodies == "assumed":
        return ibis.literal(True)
    return cases.from_2016 if options.public_bodies != "as_recorded" else ibis.literal(False)


def _parties(warehouse: Warehouse, options: RepresentationOptions) -> ir.Table:
    """Applicants and respondents of family cases, stored: one row per party."""
    case, party = warehouse.case, warehouse.party
    cases = case.filter(case.source == SOURCE, case.case_type.isin(list(KINDS)))
    cases = cases.mutate(
        is_public=cases.case_type.isin(PUBLIC_LAW),
        from_2016=(cases.received_date >= ibis.literal(ASSUMED_FROM, type="date")).fill_null(False),
        case_kind=ibis.cases(*[(cases.case_type == kind, name) for kind, name in KINDS.items()]),
    )
    if options.dated == "disposed":
        cases = cases.left_join(_final_orders(warehouse), "case_id").drop("case_id_right")
    day = cases.received_date if options.dated == "received" else cases.final_date
    cases = cases.select("case_id", "is_public", "from_2016", case_type="case_kind", day=day)
    adults = party.filter(party.role.isin(SIDES), party.organisation_id.isnull())
    rows = adults.select(
        "party_id", "case_id", "role", "represented", person_key=person_key(adults)
    ).inner_join(cases, "case_id")
    stored = engine.materialise(rows, step="parties of family cases")
    _refuse_without(stored)
    return stored


def _refuse_without(parties: ir.Table) -> None:
    found = engine.execute(
        parties.aggregate(
            parties=parties.count(), known=parties.represented.notnull().sum().fill_null(0)
        ),
        step="representation recorded",
    ).iloc[0]
    if not found["parties"]:
        raise MetricError(
            f"{CARD.name} needs parties of family court cases: the warehouse has none. "
            "Load the family court."
        )
    if not found["known"]:
        raise MetricError(
            f"{CARD.name} needs representatives to be recorded: none of "
            f"{int(found['parties']):,} parties has the field. See the extract's columns."
        )


def _final_orders(warehouse: Warehouse) -> ir.Table:
    held = warehouse.decision
    orders = held.filter(held.decision_type == "legal_order", held.is_final)
    both = orders.inner_join(warehouse.matter.select("matter_id", "case_id"), "matter_id")
    return both.group_by("case_id").aggregate(final_date=both.decision_date.max())


def _cases(about: About, cases: ir.Table, options: RepresentationOptions) -> Output:
    named, by = _named(cases, options)
    return mix_output(about, named, category="represented", by=by, units_name="cases")


def _of_parties(about: About, parties: ir.Table, options: RepresentationOptions) -> Output:
    dated = parties.filter(parties.day.notnull(), parties.represented.notnull())
    named, by = _named(dated, options)
    units = units_of(named, by=[*by, "role"], keep=["represented"])
    return share_output(
        about,
        units,
        met="represented",
        units_name="parties",
        title="Parties with a representative on record",
    )


def _named(rows: ir.Table, options: RepresentationOptions) -> tuple[ir.Table, list[str]]:
    named = rows
    if options.period:
        named = rows.mutate(**{options.period: PERIODS[options.period](rows.day)})
    return named, [name for name in (options.period, options.by) if name]


def _about(warehouse: Warehouse, options: RepresentationOptions) -> About:
    notes = ["A party without a representative on record counts as unrepresented: a proxy."]
    notes.append(
        {
            "assumed_from_2016": "Public bodies are assumed represented in cases received from "
            "October 2016, as published: the public-law series break there.",
            "assumed": "Public bodies are assumed represented throughout.",
            "as_recorded": "Public bodies are not on record, and nothing is assumed of them.",
        }[options.public_bodies]
    )
    return About(
        card=CARD,
        options=options,
        unit="parties in family cases",
        population="Applicants and respondents in cases of the family court",
        population_hash=population_hash(warehouse, CARD, options, presentation=PRESENTATION),
        family=CARD.name,
        notes=tuple(notes),
    )
