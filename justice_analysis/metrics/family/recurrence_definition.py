"""What recurrence means: its options, each with the rule it settles, and its card."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed


@dataclass(frozen=True)
class RecurrenceOptions:
    """Options of `recurrence`; each names the rule it settles."""

    parent: str = choice("mother", "whose returns are counted", "mother", "father")
    identify_by: str = choice(
        "relationship",
        "a recorded parent of a subject child, or any respondent of that sex",
        "relationship",
        "role",
    )
    index_from: str | None = choice(None, "first day of issue of the first set, inclusive")
    index_to: str | None = choice(None, "day of issue of the first set, exclusive")
    lookback_years: int = choice(
        1, "years of history that must be observable before the first set", 0, 1, 2, 3
    )
    clock: str = choice(
        "issue",
        "where time starts: issue of the first set or its final order",
        "issue",
        "final_order",
    )
    endpoint: str = choice(
        "any",
        "what counts as a return: any further set, one with a child born since the "
        "first set's issue (new_child), such a child under one year (new_infant), any child "
        "under one year (infant), or no new child (existing_child)",
        "any",
        "new_child",
        "new_infant",
        "infant",
        "existing_child",
    )
    risk_start_days: int = choice(
        0, "days after the clock starts before a return counts; 259 is the 37-week rule"
    )
    gap_days: int = choice(0, "a set issued so many days or fewer after another belongs to it")
    overlapping: str = choice(
        "count",
        "a set issued before the earlier one ends: a return, or the same set",
        "count",
        "same_set",
    )
    split_later_born: bool = choice(
        False,
        "split off children born 37 weeks or more after issue as a set of their own",
        False,
        True,
    )
    birth_day: str = choice(
        "last", "day taken where only the month of a child's birth is known", "last", "first"
    )
    followup_days: int | None = choice(None, "longest follow-up in days; none: all there is")
    death: str = choice(
        "ignore",
        "a parent's death: not used, a competing event, or censoring",
        "ignore",
        "competing",
        "censor",
    )
    by: str | None = choice(
        None, "groups to show apart", None, "age_band", "cohort", "order_group", "region"
    )
    area: str | None = choice(None, "only first sets in this area or region")
    precedence: tuple[str, ...] = choice(
        ("cafcass_england", "family_court", "cafcass_cymru"),
        "which source's dates are used where one set is in several",
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.index_from and self.index_to and self.index_from >= self.index_to:
            problems.append("index_from must be before index_to: it is not.")
        if min(self.risk_start_days, self.gap_days) < 0:
            problems.append("risk_start_days and gap_days must not be negative.")
        if self.followup_days is not None and self.followup_days <= self.risk_start_days:
            problems.append("followup_days must be above risk_start_days: it is not.")
        if self.overlapping == "same_set" and self.clock == "final_order" and self.gap_days:
            problems.append("gap_days does nothing where overlapping sets are joined by order.")
        if problems:
            raise OptionError(listed(problems))


def _needs(*fields: tuple[str, str]) -> tuple[Need, ...]:
    return tuple(Need("cafcass_england", table, field) for table, field in fields)


CARD = Card(
    name="recurrence",
    title="Return to court after a first set of care proceedings",
    question="What share of parents come back in a further set of care proceedings?",
    definition=(
        "The cumulative share of parents for whom a further set of care proceedings (section "
        "31 of the Children Act 1989) is issued after their first observed set. Cases that are "
        "one set of proceedings (the same in two systems, consolidated, issued on one day) "
        "count once. The share is 1 minus Kaplan-Meier where nothing competes, and "
        "Aalen-Johansen where death does."
    ),
    counting_unit="people: mothers (default) or fathers, each once",
    population=(
        "Female (male) adults with a recorded parent relationship to a subject child, in the "
        "proceedings in an adult role, whose first observed set was issued in the window and "
        "after the look-back"
    ),
    clock="From issue of the first set (or its final order) to issue of the next set, in days",
    does_not_count=(
        "a second case number for the same set of proceedings, in the same or another system",
        "a case reopened under its own number",
        "private-law cases, and public-law cases with no application for a care or "
        "supervision order",
        "further applications inside the same set",
        "a set issued on the same day as the first (or within gap_days of it)",
        "a set in which the person is a child and not a parent",
        "a set that the links do not join to the same person: missed links lower the share",
        "by itself, any failing of the parent: a return is a further application by a local "
        "authority",
    ),
    censoring=(
        "At the end of coverage of the source that takes precedence, or of followup_days. A "
        "parent whose death is not recorded stays at risk"
    ),
    known_breaks=(
        "Cafcass changed its case system in 2014; a parent is followed across by ALF",
        "Legal outputs before April 2010 are not used: no final order is known for those sets "
        "unless a later one is recorded",
        "Cafcass England begins in April 2007: first observed is not always first ever",
        "Cafcass Cymru shares no published identifier with the family court: a Welsh family in "
        "both counts twice. Load one of them for a study of Wales",
    ),
    needs=_needs(
        ("ecms_cases", "ID_PE"),
        ("ecms_cases", "LAWTYPE_ID"),
        ("ecms_applications", "APPLICATIONTYPE1_ID"),
        ("ecms_applications", "DATERECEIVED"),
        ("ecms_personsonapplications", "ISSUBJECT"),
        ("ecms_personrelationships", "RELATIONSHIPTYPE_ID"),
        ("ecms_people", "ALF_PE"),
        ("cms_tblcaseapplication", "DATERECEIVED"),
        ("cms_tblcaseapplicationmember", "MEMBERTYPE"),
        ("cms_tblcrspersonrelationship", "RELATIONSHIPREF"),
        ("cms_tblperson", "ALF_PE"),
    ),
    source=(
        "Bedston et al. (2019), International Journal of Population Data Science 4(3): "
        "returns of mothers and fathers, England, 2007/08 to 2017/18",
        "Broadhurst et al. (2015), British Journal of Social Work 45, 2241-2260",
        "Pearson (UCL), published analysis code: every rule of the options",
    ),
    options_type=RecurrenceOptions,
    subject="family courts",
)


def wider(options: RecurrenceOptions) -> list[RecurrenceOptions]:
    """Options under which everyone counted with these is counted too.

    Everywhere holds an area, a shorter history before the first set a longer one, and a risk
    that starts at once one that starts later. The endpoint decides who returns, not who counts.
    """
    found = [
        dataclasses.replace(
            options, area=area, lookback_years=years, endpoint=endpoint, risk_start_days=days
        )
        for area in dict.fromkeys((options.area, None))
        for years in range(options.lookback_years, -1, -1)
        for endpoint in dict.fromkeys((options.endpoint, "any"))
        for days in dict.fromkeys((options.risk_start_days, 0))
    ]
    return [other for other in found if other != options]
