"""Rates of the schooling and early offending of pupils, each with its unit and its source.

Tuples of three are in the order of `OUTCOMES`, tuples of nine by academic year of birth from
`FIRST_YEAR`, of which the first was studied by the ONS and the fourth to sixth by the DfE.
"""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.synthetic.rates.values import assumed, published

OUTCOMES = ("custody", "no_custody", "neither")
FIRST_YEAR = 1993  # births from September 1993
BIRTH_YEARS = 9
ONS_YEARS = (0,)
DFE_YEARS = (3, 4, 5)

_DFE = "MoJ and DfE, Education, children's social care and offending (2022), at second hand"
_EES = "MoJ and DfE, Explore Education Statistics dashboard (2023)"
_ONS = "ONS, education and social care of people born in the academic year ending 1994 (May 2022)"
_ONS_CARE = "ONS, looked-after children to age 24 (December 2022)"
_DERIVED = "follows from the published shares by outcome"


@dataclass(frozen=True)
class SchoolRates:
    """What pupils' schooling, care and cautions are made from."""

    # Targets: pupils born September 1996 to August 1999, to the end of 2017. The years of the
    # published cohort are not stated in what we read; these three are assumed.
    sanctioned: float = published(0.05, "share cautioned or sentenced", _DFE)
    serious_violence: float = published(0.011, "share, for serious violence", _DFE)
    prolific: float = published(0.008, "share prolific", _DFE)
    male_sanctioned: float = published(0.78, "share of those cautioned or sentenced", _EES)
    male_serious: float = published(0.86, "share of those with serious violence", _EES)
    peak_age: int = published(15, "years at the first offence", _EES)
    free_meals_serious: float = published(0.02, "serious violence among those ever eligible", _EES)
    prolific_sanctions: int = assumed(
        4, "cautions and sentences by the end of 2017", "the published rule was not read"
    )
    serious_and_prolific: float = assumed(0.4, "share of those with serious violence")
    # Targets: pupils born September 1993 to August 1994, to the end of 2017.
    custody: float = published(0.015, "share with a custodial sentence", _ONS)
    no_custody: float = published(0.122, "share cautioned or sentenced without custody", _ONS)
    male_custody: float = published(0.926, "share of those in custody", _ONS)
    male_no_custody: float = published(0.686, "share of those without", _ONS)
    sanctioned_in_care: float = published(
        0.52, "share of those looked after, taken as cautioned or sentenced", _ONS_CARE
    )
    custody_in_care: float = published(0.15, "share of those looked after", _ONS_CARE)
    followed_to: str = published("2017-12-31", "last day of offending", _ONS)
    sanctioned_by_year: tuple[float, ...] = assumed(
        (0.137, 0.105, 0.075, 0.05, 0.05, 0.05, 0.03, 0.018, 0.01),
        "share cautioned or sentenced by the end of 2017",
        "the first and the fourth to sixth are published; the others lie between, or are young",
    )
    cautioned_only: float = assumed(0.45, "share of those sanctioned who were never sentenced")
    caution_first: float = assumed(0.6, "share of those sentenced with an earlier caution")
    pupils_not_linked: float = assumed(0.05, "share of people with offences without a pupil record")

    # What is recorded of them, by outcome to the end of 2017.
    expected_at_11: tuple[float, ...] = published(
        (0.369, 0.530, 0.724), "share at the expected level, key stage 2", _ONS
    )
    expected_at_16: tuple[float, ...] = assumed((0.12, 0.28, 0.62), "share, key stage 4")
    persistently_absent: tuple[float, ...] = published((0.525, 0.359, 0.109), "share", _ONS)
    suspended: tuple[float, ...] = published((0.722, 0.503, 0.090), "share ever suspended", _ONS)
    excluded_for_good: tuple[float, ...] = assumed((0.08, 0.03, 0.002), "share")
    in_need: tuple[float, ...] = published(
        (0.417, 0.20, 0.0568), "share", f"{_ONS}; the second is assumed, the third follows"
    )
    looked_after: tuple[float, ...] = published(
        (0.176, 0.053, 0.0097), "share", f"{_ONS}; {_ONS_CARE}; the last two follow"
    )
    free_meals: tuple[float, ...] = assumed((0.55, 0.40, 0.23), "share ever eligible")
    free_meals_if_serious: float = assumed(0.47, "share ever eligible", _DERIVED)
    special_needs: tuple[float, ...] = assumed((0.75, 0.50, 0.20), "share ever with any provision")
    special_needs_in_care: float = published(
        0.92, "share of those looked after and in custody", _ONS_CARE
    )
    special_schools: float = assumed(0.05, "share of pupils with special educational needs")
    family_pupils: float = assumed(
        0.9,
        "share of the places for pupils in care or need that children of the world's families "
        "may take",
    )
    worst_absent: float = assumed(0.16, "share of sessions missed in a year of persistent absence")
    usual_absent: float = assumed(0.045, "share of sessions missed in other years")
