"""Every rate that the synthetic world is made from, each with its unit and its source.

A published figure names its source; everything else is assumed and says so. Nothing about the
world is written anywhere else, so a reader can see from this file what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from justice_analysis.codes import AGE_BANDS_OF_PARENTS

PUBLISHED = "published"
ASSUMED = "assumed"

_BEDSTON = "Bedston et al 2019, IJPDS 4(3), England 2007/08 to 2017/18"
_CAFCASS_2017 = "Cafcass summary of the 2017 recurrence report, England 2007/08 to 2015/16"
_FEASIBILITY = "Nuffield Foundation, mothers in repeat applications 2007 to 2013"
_TWENTY_TWENTY_TWO = "reports of the 2022 study of England and Wales, read in the press"
_TIMELINESS = "Ministry of Justice family court statistics as reported, studies 4.1"
_CAFCASS_CODE = "public research code that reads the Cafcass tables"

AGE_GROUPS = tuple(band.label for band in AGE_BANDS_OF_PARENTS)
ORDER_GROUPS = ("home", "extended_family", "out_of_home", "adoption")


def _published(value: Any, unit: str, source: str) -> Any:
    return field(default=value, metadata={"unit": unit, "status": PUBLISHED, "source": source})


def _assumed(value: Any, unit: str, why: str = "no published figure used") -> Any:
    return field(default=value, metadata={"unit": unit, "status": ASSUMED, "source": why})


@dataclass(frozen=True)
class MessRates:
    """How often each kind of planted mess happens; all zero in a clean world."""

    duplicate_rows: float = _assumed(0.003, "share of rows delivered twice")
    duplicate_people: float = _assumed(0.01, "share of people rows with a second id")
    century_typos: float = _assumed(0.002, "share of people rows", "kind known, share assumed")
    month_only_births: float = _assumed(0.08, "share of people rows")
    missing_gender_first: float = _assumed(0.002, "share of people rows met in 2007")
    missing_gender_yearly: float = _assumed(0.0004, "added share per later year")
    missing_ethnicity_first: float = _assumed(0.05, "share of people rows met in 2007")
    second_ethnicities: float = _assumed(0.02, "share of people in the newer system")
    missing_ethnicity_yearly: float = _assumed(0.008, "added share per later year")
    two_roles: float = _assumed(0.005, "share of people on applications", "kind known")
    mother_as_other: float = _assumed(0.005, "share of respondent mothers")
    converted_member_type: float = _assumed(0.02, "share of members in the older system")
    unknown_people: float = _assumed(0.001, "extra rows per person on an application")
    missing_relationships: float = _assumed(0.004, "share of child and parent pairs")
    misrecorded_relationships: float = _assumed(0.002, "share of child and parent pairs")
    third_parents: float = _published(0.004, "share of children", _CAFCASS_CODE)
    impossible_dates: float = _assumed(0.003, "share of closed cases, closure before receipt")
    reopened: float = _assumed(0.015, "share of closed cases in the newer system")
    unknown_law_types: float = _assumed(0.0005, "share of cases")
    unusable_outputs: float = _assumed(0.6, "share of legal outputs dated before April 2010")
    unmatched_outputs: float = _published(0.08, "share of child applications", _CAFCASS_CODE)
    error_events: float = _assumed(0.005, "share of family court events")
    missing_birth_month: float = _assumed(0.05, "share of family court people")
    sibling_cases: float = _assumed(0.015, "share of sets with two or more children")
    consolidated: float = _assumed(0.1, "share of returns with an infant in an open earlier case")
    missed_links: float = _assumed(0.008, "share of records, before age, area and moving")
    false_links: float = _assumed(0.0016, "share of records, before age, area and moving")
    link_error_young: float = _assumed(1.5, "ratio, aged under 20 at the record")
    link_error_region: float = _assumed(1.5, "ratio, in regions 1 and 2")
    link_error_moved: float = _assumed(2.0, "ratio, moved area between sets")


def no_mess() -> MessRates:
    """Rates of a world without mess: every share is zero (ratios do not matter then)."""
    return MessRates(**{item.name: 0.0 for item in fields(MessRates)})


@dataclass(frozen=True)
class WorldParameters:
    """What the world is made from; shares between 0 and 1, dates in ISO form."""

    starts: str = _published("2007-04-01", "date", "Cafcass coverage begins April 2007")
    extract_date: str = _assumed("2024-03-31", "date", "the last day that is delivered")
    newer_system_from: str = _assumed("2014-04-01", "date received", "year published, day not")
    family_court_from: str = _published("2011-01-01", "date received", "Data First catalogue")
    usable_outputs_from: str = _published("2010-04-01", "date of order", _CAFCASS_CODE)

    # Returns, from issue of the first set to issue of the next.
    mothers_return_5y: float = _published(0.22, "probability by 5 years", _BEDSTON)
    mothers_return_10y: float = _published(0.29, "probability by 10 years", _BEDSTON)
    fathers_return_5y: float = _published(0.13, "probability by 5 years", _BEDSTON)
    fathers_return_10y: float = _published(0.17, "probability by 10 years", _BEDSTON)
    under_20_return_10y: float = _published(1 / 3, "probability by 10 years", _TWENTY_TWENTY_TWO)
    before_final_order: float = _published(
        0.25, "share of first returns issued 2007/08 to 2015/16", _CAFCASS_2017
    )
    under_4_weeks: float = _published(0.60, "share of returns", _CAFCASS_2017)
    new_child: float = _published(0.70, "share of returns", _CAFCASS_2017)
    new_child_10y: float = _published(0.20, "probability by 10 years", _TWENTY_TWENTY_TWO)
    recurrent_under_20: float = _published(0.19, "share of mothers who return", _FEASIBILITY)
    recurrent_under_25: float = _published(0.50, "share of mothers who return", _FEASIBILITY)
    earliest_return_days: int = _assumed(29, "days", "anything nearer is the same proceedings")
    new_child_within_37_weeks: float = _assumed(0.40, "share of returns that early")
    frailty_variance: float = _assumed(0.5, "variance of a gamma with mean 1", "no model knows it")
    age_hazards: tuple[float, ...] = _assumed(
        (1.18, 1.13, 1.0, 0.88), "hazard relative to 25-29", "the first is solved from its target"
    )
    most_sets: int = _assumed(6, "sets of proceedings per mother")

    # Who comes before the court.
    care_people: float = _assumed(0.72, "share of people who belong to families in care cases")
    age_shares: tuple[float, ...] = _assumed(
        (0.165, 0.285, 0.25, 0.30), "share of mothers at first issue", "so that recurrent ages fit"
    )
    yearly_growth: float = _assumed(0.015, "growth of first sets a year")
    father_known: float = _assumed(0.72, "share of first sets")
    new_partner_known: float = _assumed(0.5, "share of later sets without the earlier father")
    children_counts: tuple[float, ...] = _assumed((0.52, 0.26, 0.14, 0.08), "share with 1 to 4")
    youngest_child_ages: tuple[float, ...] = _assumed(
        (0.02, 0.20, 0.18, 0.25, 0.20, 0.15), "share unborn, 0-27 days, to 1, 1-4, 5-9, 10-15"
    )
    deaths_of_mothers: float = _assumed(0.003, "a year from first issue; truth only")
    ethnicity_shares: tuple[float, ...] = _assumed((0.78, 0.09, 0.05, 0.06, 0.02), "codes 1 to 5")
    moved_area: float = _assumed(0.10, "share of returns in another area")
    area_spread: float = _assumed(0.5, "standard deviation of the log rate of entry by area")
    private_before: float = _assumed(0.08, "share of mothers with a private law case as well")
    discharge_after: float = _assumed(0.04, "share of mothers with an application to discharge")

    # Proceedings and orders.
    mean_weeks: tuple[tuple[float, float], ...] = _published(
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
    weeks_spread: float = _assumed(0.45, "standard deviation of log weeks")
    supervision_applications: float = _assumed(0.08, "share of sets")
    order_group_shares: tuple[float, ...] = _assumed((0.30, 0.22, 0.28, 0.20), "share of sets")
    adoption_frailty: float = _assumed(0.4, "log odds of adoption per unit of frailty")
    adopted_below_years: float = _assumed(6.0, "years of age at the final order")
    interim_orders: float = _assumed(0.65, "share of sets with an interim order")
    received_lag_days: int = _assumed(4, "most days from issue to receipt at Cafcass")

    mess: MessRates = field(
        default=MessRates(), metadata={"unit": "rates", "status": ASSUMED, "source": "see each"}
    )


def described(parameters: WorldParameters | MessRates) -> dict[str, Any]:
    """Every parameter with value, unit, status and source, ready to be written as JSON."""
    entries: dict[str, Any] = {}
    for item in fields(parameters):
        value = getattr(parameters, item.name)
        if isinstance(value, MessRates):
            entries[item.name] = described(value)
            continue
        entries[item.name] = {
            "value": value,
            **item.metadata,
        }
    return entries
