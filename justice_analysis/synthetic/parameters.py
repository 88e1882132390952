"""Every rate that the synthetic world is made from, each with its unit and its source.

A published figure names its source; everything else is assumed and says so. Nothing about the
world is written anywhere else, so a reader can see from this file what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from justice_analysis.codes import AGE_BANDS_OF_PARENTS
from justice_analysis.synthetic.rates.claims import ClaimRates
from justice_analysis.synthetic.rates.crime import CrimeRates
from justice_analysis.synthetic.rates.family import FamilyRates
from justice_analysis.synthetic.rates.identities import IdentityRates, ListRates
from justice_analysis.synthetic.rates.schools import SchoolRates
from justice_analysis.synthetic.rates.values import PARTS, assumed, described, published

__all__ = ["AGE_GROUPS", "ORDER_GROUPS", "CrimeRates", "MessRates", "WorldParameters", "described"]

_BEDSTON = "Bedston et al 2019, IJPDS 4(3), England 2007/08 to 2017/18"
_CAFCASS_2017 = "Cafcass summary of the 2017 recurrence report, England 2007/08 to 2015/16"
_FEASIBILITY = "Nuffield Foundation, mothers in repeat applications 2007 to 2013"
_TWENTY_TWENTY_TWO = "reports of the 2022 study of England and Wales, read in the press"
_TIMELINESS = "Ministry of Justice family court statistics as reported, studies 4.1"
_CAFCASS_CODE = "public research code that reads the Cafcass tables"

AGE_GROUPS = tuple(band.label for band in AGE_BANDS_OF_PARENTS)
ORDER_GROUPS = ("home", "extended_family", "out_of_home", "adoption")


@dataclass(frozen=True)
class MessRates:
    """How often each kind of planted mess happens; all zero in a clean world."""

    duplicate_rows: float = assumed(0.003, "share of rows delivered twice")
    duplicate_people: float = assumed(0.01, "share of people rows with a second id")
    century_typos: float = assumed(0.002, "share of people rows", "kind known, share assumed")
    month_only_births: float = assumed(0.08, "share of people rows")
    missing_gender_first: float = assumed(0.002, "share of people rows met in 2007")
    missing_gender_yearly: float = assumed(0.0004, "added share per later year")
    missing_ethnicity_first: float = assumed(0.05, "share of people rows met in 2007")
    second_ethnicities: float = assumed(0.02, "share of people in the newer system")
    missing_ethnicity_yearly: float = assumed(0.008, "added share per later year")
    two_roles: float = assumed(0.005, "share of people on applications", "kind known")
    mother_as_other: float = assumed(0.005, "share of respondent mothers")
    converted_member_type: float = assumed(0.02, "share of members in the older system")
    unknown_people: float = assumed(0.001, "extra rows per person on an application")
    missing_relationships: float = assumed(0.004, "share of child and parent pairs")
    misrecorded_relationships: float = assumed(0.002, "share of child and parent pairs")
    third_parents: float = published(0.004, "share of children", _CAFCASS_CODE)
    impossible_dates: float = assumed(0.003, "share of closed cases, closure before receipt")
    reopened: float = assumed(0.015, "share of closed cases in the newer system")
    unknown_law_types: float = assumed(0.0005, "share of cases")
    unusable_outputs: float = assumed(0.6, "share of legal outputs dated before April 2010")
    unmatched_outputs: float = published(0.08, "share of child applications", _CAFCASS_CODE)
    error_events: float = assumed(0.005, "share of family court events")
    missing_birth_month: float = assumed(0.05, "share of family court people")
    sibling_cases: float = assumed(0.015, "share of sets with two or more children")
    consolidated: float = assumed(0.1, "share of returns with an infant in an open earlier case")
    missed_links: float = assumed(0.008, "share of records, before age, area and moving")
    false_links: float = assumed(0.0016, "share of records, before age, area and moving")
    link_error_young: float = assumed(1.5, "ratio, aged under 20 at the record")
    link_error_region: float = assumed(1.5, "ratio, in regions 1 and 2")
    link_error_moved: float = assumed(2.0, "ratio, moved area between sets")
    court_placeholders: float = assumed(
        0.002, "share of criminal court dates and ages", "kind known"
    )
    court_impossible_ages: float = assumed(0.0005, "share of criminal court rows")
    court_swapped_dates: float = assumed(0.001, "share of rows with both dates")
    court_code_variants: float = assumed(0.004, "share of codes written in another way")
    court_unknown_codes: float = assumed(0.0005, "share of pleas")
    court_missing_gender: float = assumed(0.01, "share of rows")
    court_missing_self_defined: float = assumed(0.2, "share of rows, or not stated")
    court_missing_officer: float = assumed(0.05, "share of rows, or unknown")
    court_other_ethnicity: float = assumed(0.03, "share of rows, officer and defendant differ")
    court_missing_birth_month: float = assumed(0.01, "share of rows")
    link_error_ethnicity: float = assumed(
        1.4, "ratio in the cross-justice link, groups other than white"
    )
    unmarked_companies: float = assumed(0.01, "share of companies not marked as such")
    lost_coded_numbers: float = assumed(0.02, "share of bulk claimants' rows without a number")
    late_offences: float = assumed(0.002, "share of offences dated after they were dealt with")
    impossible_absence: float = assumed(0.001, "share of absence rows with too many sessions")
    early_episode_ends: float = assumed(0.004, "share of ended episodes of care or need")
    custody_lost_ends: float = assumed(0.02, "share of journeys that another one follows")
    custody_late_ends: float = assumed(0.02, "share of journeys that another one follows")
    custody_swapped_dates: float = assumed(0.001, "share of rows with both dates")
    custody_placeholders: float = assumed(
        0.002, "share of ages and lengths; of open ends ten times as many", "kind known"
    )
    custody_impossible_ages: float = assumed(0.001, "share of rows", "kind known")
    custody_no_ethnicity: float = assumed(
        0.03, "share of rows: refusals, fillers of the system, blanks", "kind known"
    )
    new_offender_ids: float = assumed(
        0.3, "share of terms in prison with a new offender id", "kind known"
    )
    repeated_events: float = assumed(0.01, "share of probation events", "kind known")
    zero_ranks: float = assumed(0.05, "share of probation events", "kind known")
    blank_offence_dates: float = assumed(0.02, "share of probation events", "kind known")
    missing_items: float = assumed(0.05, "share of answers marked missing in assessments")
    court_cases_undated: float = assumed(0.002, "share of family court cases, receipt missing")
    cases_without_children: float = assumed(0.002, "share of family court cases about children")
    unknown_genders: float = assumed(0.002, "share of family court and Welsh linkage rows")
    repeated_users: float = assumed(0.01, "share of Welsh people on applications, named again")
    unused_match_status: float = assumed(0.02, "share of Welsh matches")
    rejected_applications: float = assumed(0.01, "added share of Welsh applications")


def no_mess() -> MessRates:
    """Rates of a world without mess: every share is zero (ratios do not matter then)."""
    return MessRates(**{item.name: 0.0 for item in fields(MessRates)})


@dataclass(frozen=True)
class WorldParameters:
    """What the world is made from; shares between 0 and 1, dates in ISO form."""

    starts: str = published("2007-04-01", "date", "Cafcass coverage begins April 2007")
    extract_date: str = assumed("2024-03-31", "date", "the last day that is delivered")
    newer_system_from: str = assumed("2014-04-01", "date received", "year published, day not")
    family_court_from: str = published("2011-01-01", "date received", "Data First catalogue")
    usable_outputs_from: str = published("2010-04-01", "date of order", _CAFCASS_CODE)

    # Returns, from issue of the first set to issue of the next.
    mothers_return_5y: float = published(0.22, "probability by 5 years", _BEDSTON)
    mothers_return_10y: float = published(0.29, "probability by 10 years", _BEDSTON)
    fathers_return_5y: float = published(0.13, "probability by 5 years", _BEDSTON)
    fathers_return_10y: float = published(0.17, "probability by 10 years", _BEDSTON)
    under_20_return_10y: float = published(1 / 3, "probability by 10 years", _TWENTY_TWENTY_TWO)
    before_final_order: float = published(
        0.25, "share of first returns issued 2007/08 to 2015/16", _CAFCASS_2017
    )
    under_4_weeks: float = published(0.60, "share of returns", _CAFCASS_2017)
    new_child: float = published(0.70, "share of returns", _CAFCASS_2017)
    new_child_10y: float = published(0.20, "probability by 10 years", _TWENTY_TWENTY_TWO)
    recurrent_under_20: float = published(0.19, "share of mothers who return", _FEASIBILITY)
    recurrent_under_25: float = published(0.50, "share of mothers who return", _FEASIBILITY)
    earliest_return_days: int = assumed(29, "days", "anything nearer is the same proceedings")
    new_child_within_37_weeks: float = assumed(0.40, "share of returns that early")
    frailty_variance: float = assumed(0.5, "variance of a gamma with mean 1", "no model knows it")
    age_hazards: tuple[float, ...] = assumed(
        (1.18, 1.13, 1.0, 0.88), "hazard relative to 25-29", "the first is solved from its target"
    )
    most_sets: int = assumed(6, "sets of proceedings per mother")

    # Who comes before the court.
    care_people: float = assumed(0.72, "share of people who belong to families in care cases")
    age_shares: tuple[float, ...] = assumed(
        (0.165, 0.285, 0.25, 0.30), "share of mothers at first issue", "so that recurrent ages fit"
    )
    yearly_growth: float = assumed(0.015, "growth of first sets a year")
    father_known: float = assumed(0.72, "share of first sets")
    new_partner_known: float = assumed(0.5, "share of later sets without the earlier father")
    children_counts: tuple[float, ...] = assumed((0.52, 0.26, 0.14, 0.08), "share with 1 to 4")
    youngest_child_ages: tuple[float, ...] = assumed(
        (0.02, 0.20, 0.18, 0.25, 0.20, 0.15), "share unborn, 0-27 days, to 1, 1-4, 5-9, 10-15"
    )
    deaths_of_mothers: float = assumed(0.003, "a year from first issue; truth only")
    ethnicity_shares: tuple[float, ...] = assumed((0.78, 0.09, 0.05, 0.06, 0.02), "codes 1 to 5")
    moved_area: float = assumed(0.10, "share of returns in another area")
    area_spread: float = assumed(0.5, "standard deviation of the log rate of entry by area")
    private_before: float = assumed(0.08, "share of mothers with a private law case as well")
    discharge_after: float = assumed(0.04, "share of mothers with an application to discharge")

    # Proceedings and orders.
    mean_weeks: tuple[tuple[float, float], ...] = published(
        (
            (2007.3, 50.0),
            (2012.0, 48.0),
            (2013.6, 35.8),
            (2014.4, 29.6),
            (2017.6, 28.0),
            (2019.4, 33.0),
            (2021.6, 45.0),
            (2024.6, 40.0),
        ),
        "mean weeks from issue to final order by year; before 2013 assumed",
        _TIMELINESS,
    )
    weeks_spread: float = assumed(0.45, "standard deviation of log weeks")
    supervision_applications: float = assumed(0.08, "share of sets")
    order_group_shares: tuple[float, ...] = assumed((0.30, 0.22, 0.28, 0.20), "share of sets")
    adoption_frailty: float = assumed(0.4, "log odds of adoption per unit of frailty")
    adopted_below_years: float = assumed(6.0, "years of age at the final order")
    interim_orders: float = assumed(0.65, "share of sets with an interim order")
    received_lag_days: int = assumed(4, "most days from issue to receipt at Cafcass")

    # Everyone else; who is left is first met in the criminal courts.
    family_people: float = assumed(0.5, "share of people in families of the family court")
    divorce_people: float = assumed(0.06, "share of people who are met in a divorce alone")
    civil_people: float = assumed(0.10, "share of people who are met in civil cases alone")
    pupil_people: float = assumed(0.10, "share of people who are met in schools first")

    crime: CrimeRates = field(default=CrimeRates(), metadata=PARTS)
    claims: ClaimRates = field(default=ClaimRates(), metadata=PARTS)
    schools: SchoolRates = field(default=SchoolRates(), metadata=PARTS)
    family: FamilyRates = field(default=FamilyRates(), metadata=PARTS)
    identities: IdentityRates = field(default=IdentityRates(), metadata=PARTS)
    lists: ListRates = field(default=ListRates(), metadata=PARTS)
    mess: MessRates = field(default=MessRates(), metadata=PARTS)
