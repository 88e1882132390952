"""What newborns per 10,000 live births means: options and card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.family.children import window_problems
from justice_analysis.metrics.family.first_entries import CAFCASS_FIRST

INTERVALS = ("exact", "byar", "byar_conventional")


@dataclass(frozen=True)
class NewbornRateOptions:
    """Options of `newborn_rate`; each names the rule it settles."""

    births: str | None = choice(
        None, "CSV file of live births (place, period, live_births, source, version)"
    )
    within_days: int = choice(
        7, "a newborn is younger than this at the application: 7 in England, 14 in Wales"
    )
    birth_day: str = choice(
        "middle",
        "day taken where the week of birth is known: its Monday, Thursday or Sunday",
        "first",
        "middle",
        "last",
    )
    undecided: str = choice(
        "leave_out",
        "children whose month of birth leaves it open: left out, or counted as newborns (the most "
        "that there can be)",
        "leave_out",
        "count",
    )
    by: str | None = choice(
        None, "show areas apart: those that the file of births names", None, "area"
    )
    interval: str = choice("exact", "method of the 95% interval of the rate", *INTERVALS)
    first_day: str | None = choice(None, "first day of the application, inclusive")
    last_day: str | None = choice(None, "day of the application, exclusive")
    source: str | None = choice(None, "read this source alone; none: all, by precedence")
    precedence: tuple[str, ...] = choice(
        CAFCASS_FIRST, "which source is read where one set is in several"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = window_problems(self.first_day, self.last_day, ("first_day", "last_day"))
        if self.within_days < 1:
            problems.append("within_days must be at least 1.")
        if problems:
            raise OptionError(listed(problems))


CARD = Card(
    name="newborn_rate",
    title="Newborns in care proceedings per 10,000 live births",
    question="How many newborn babies enter care proceedings, for each 10,000 births?",
    definition=(
        "Children younger than 7 days (England, Born into Care) or 14 days (Wales) at their first "
        "application for a care or supervision order, over the live births of the same period "
        "and area, times 10,000. Where the week of birth is known the age is from its Thursday; "
        "where the month alone is, a child counts only if every day it may have been born on "
        "gives the same answer. A month may have been made from a week that began in the month "
        "before, so it reaches six days into the next month."
    ),
    counting_unit="children, each once, at their first set of care proceedings",
    population="Children with an application for a care or supervision order",
    clock="Age in days on the day the application was received",
    does_not_count=(
        "a child's second set of care proceedings",
        "the same set of proceedings in a second source",
        "a child whose application was received before it was born",
        "a child whose birth is not known, or known to a month that leaves it open",
        "newborns of areas or periods that the file of births does not name",
        "births that are no live births",
    ),
    censoring="None: a rate of events in a period over births in it",
    known_breaks=(
        "No official counts of births come with the package: a study gives its own file. Without "
        "one, synthetic data alone is computed, over the world's own people by year of birth",
        "Live births by area are those of the mother's residence, areas of cases those of the "
        "applicant authority",
        "A newborn of one year's births may enter in the next: the rate is no probability",
        "A child's first proceedings are the first in the data: before 2007 none are seen",
    ),
    needs=(
        Need("cafcass_england", "ecms_applications", "DATERECEIVED"),
        Need("cafcass_england", "ecms_applications", "APPLICATIONTYPE1_ID"),
        Need("cafcass_england", "ecms_personsonapplications", "ISSUBJECT"),
        Need("cafcass_england", "ecms_people", "WEEKOFBIRTH"),
        Need("cafcass_england", "ecms_cases", "LOCALAUTHORITY_ID"),
    ),
    source=(
        "Born into Care, England (Nuffield Family Justice Observatory): newborns are under 7 days",
        "Born into Care, Wales (Nuffield Family Justice Observatory): within two weeks of birth",
    ),
    options_type=NewbornRateOptions,
    subject="family courts",
)
