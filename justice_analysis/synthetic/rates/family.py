"""Rates of divorces, of what the family court records, and of Wales, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.synthetic.rates.values import assumed, published

_STATISTICS = "Family Court Statistics Quarterly as reported, studies 4.1"
_LAW = "Divorce, Dissolution and Separation Act 2020; the waiting times are recalled, not read"


@dataclass(frozen=True)
class FamilyRates:
    """What divorces and the further records of the family courts are made from."""

    divorces_from: str = assumed("2010-01-01", "date of petition", "a year before the data begin")
    no_fault_from: str = published("2022-04-06", "date of application", "the Act in force")
    weeks_to_nisi: tuple[tuple[float, float], ...] = published(
        ((2010.0, 27.0), (2016.0, 29.0), (2018.7, 33.0), (2021.0, 26.0), (2022.3, 26.0)),
        "mean weeks from petition to decree nisi by date of petition; made in Apr-Jun 2019 33, "
        "in Jul-Sep 2021 26; before 2018 assumed",
        _STATISTICS,
    )
    weeks_to_absolute: tuple[tuple[float, float], ...] = published(
        ((2010.0, 25.0), (2018.7, 25.0), (2021.0, 29.0), (2022.3, 29.0)),
        "mean weeks from nisi to absolute: 58 less 33 in Apr-Jun 2019, 55 less 26 in Jul-Sep 2021",
        _STATISTICS,
    )
    no_fault_wait: tuple[float, float] = assumed(
        (140.0, 43.0), "least days to the conditional and then to the final order", _LAW
    )
    no_fault_more_weeks: tuple[float, float] = assumed(
        (10.0, 8.0), "mean weeks over the least, to the conditional and then the final order"
    )
    stage_spread: float = assumed(0.5, "standard deviation of log weeks")
    joint_applications: float = published(0.27, "share under the law of 2022", _STATISTICS)
    never_conditional: float = assumed(0.07, "share of petitions that go no further")
    never_final: float = assumed(0.04, "share of conditional orders that go no further")
    same_sex: float = assumed(0.02, "share of couples")
    applicants_women: float = assumed(0.62, "share of petitions of couples of both sexes")
    applicants_represented: float = assumed(0.55, "share of petitioners and applicants")
    respondents_represented: float = assumed(0.30, "share of respondents")
    transferred_divorces: float = assumed(0.03, "share of divorce cases")

    # The planted bottleneck: one stage takes longer at some courts in a period.
    bottleneck_courts: tuple[int, ...] = assumed((4, 9, 14, 19, 24, 29), "courts", "planted")
    bottleneck_from: str = assumed("2016-01-01", "date of petition, inclusive", "planted")
    bottleneck_to: str = assumed("2017-07-01", "date of petition, exclusive", "planted")
    bottleneck_factor: float = assumed(
        1.8, "ratio by which petition to decree nisi takes longer", "planted"
    )

    # Further records of cases about children.
    represented_in_care: float = assumed(0.92, "share of adults in public law cases")
    represented_in_private: float = assumed(0.35, "share of adults in private law cases")
    represented_children: float = assumed(0.95, "share of children in public law cases")
    transferred_in: float = assumed(0.03, "share of cases about children")
    high_court: float = assumed(0.004, "share of cases about children with events there")
    listing_events: float = assumed(0.30, "share of applications and orders that list children")

    # Wales: families of their own, beside those of England.
    welsh_people: float = assumed(0.04, "share of people in families of Welsh care cases")
    welsh_matched: float = published(
        0.80, "share of people matched", "doi 10.23889/ijpds.v5i1.1339"
    )
    welsh_areas: int = assumed(22, "local authorities", "as many as Wales has")
