"""What the timeliness of care proceedings means: its options and its card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.family.children import COURT_FIRST, window_problems

WEEKS_26 = 182


@dataclass(frozen=True)
class CareTimelinessOptions:
    """Options of `care_timeliness`; each names the rule it settles."""

    cohort: str = choice(
        "exit",
        "whom to describe: applications that were disposed of (exit), or all that were received, "
        "with open ones censored (entry)",
        "exit",
        "entry",
    )
    period: str | None = choice(
        "quarter",
        "period of the disposal (exit) or application (entry) to show apart",
        "quarter",
        "year",
        "financial_year",
        None,
    )
    by: str | None = choice(
        None,
        "groups to show apart",
        None,
        "order",
        "region",
        "age_band",
    )
    published: bool = choice(
        False,
        "the mean of completed weeks and the lower median, as in the published code",
        False,
        True,
    )
    limit_days: int = choice(WEEKS_26, "longest duration that is in time, in days; 182 is 26 weeks")
    first_day: str | None = choice(
        None, "first day of disposal (exit) or application (entry), inclusive"
    )
    last_day: str | None = choice(None, "day of disposal (exit) or application (entry), exclusive")
    source: str | None = choice(None, "read this source alone; none: all, by precedence")
    precedence: tuple[str, ...] = choice(
        COURT_FIRST, "which source is read where one set is in several"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = window_problems(self.first_day, self.last_day, ("first_day", "last_day"))
        if self.limit_days < 0:
            problems.append("limit_days must not be negative.")
        if self.cohort == "entry" and self.published:
            problems.append("published is about disposals: it needs cohort=exit.")
        if problems:
            raise OptionError(listed(problems))


CARD = Card(
    name="care_timeliness",
    title="Time from application to first disposal in care proceedings",
    question="How long do care and supervision applications take, and how many end in 26 weeks?",
    definition=(
        "Days from the receipt of a child's application for a care or supervision order to the "
        "first valid disposal for that child in the same set of proceedings, on or after that "
        "day. Valid disposals: care, supervision, residence (since 2014 child arrangements) and "
        "special guardianship orders, order refused, order of no order, application withdrawn. "
        "A mean and median in weeks, and the share within 26 weeks, by period of the disposal."
    ),
    counting_unit=(
        "a child by the order applied for (care or supervision), once in a set of proceedings"
    ),
    population="Children with an application for a care or supervision order",
    clock="From receipt of the application to the first valid disposal, in days; weeks are of 7",
    does_not_count=(
        "interim orders and directions",
        "placement orders and other orders that are no valid disposal of such an application",
        "a disposal dated before the application, and one without a date",
        "a second application for the same order for the same child in the same set",
        "the same set of proceedings in a second source",
        "applications for other orders: placement, discharge, emergency protection",
        "applications that are still open: an exit cohort is blind to them, so its mean falls "
        "when old cases are left waiting and rises when they are cleared",
    ),
    censoring=(
        "Exit cohort: none. Entry cohort: at the end of the source's coverage; at the closing of "
        "a case for which no valid disposal is recorded; at the last activity of a case that is "
        "open on paper only"
    ),
    known_breaks=(
        "The 26-week limit came with the Children and Families Act 2014",
        "Child arrangements orders replaced residence orders in April 2014; no published list "
        "that we saw names them, and they stand for residence orders here",
        "Cafcass legal outputs before April 2010 are not used, so sets known from Cafcass alone "
        "have no disposal before",
        "Cafcass England's older system holds orders by case, not by child",
    ),
    needs=(
        Need("family_court", "cases", "case_number_hash"),
        Need("family_court", "events", "application_type"),
        Need("family_court", "events", "order_type"),
        Need("family_court", "events", "receipt_date"),
        Need("family_court", "people", "role_model"),
    ),
    source=(
        "Ministry of Justice, Family Court Statistics Quarterly: footnotes of the table on care "
        "proceedings timeliness",
        "Ministry of Justice, published code for private-law timeliness: completed weeks and the "
        "lower median (the public-law table was made elsewhere; that it counts alike is our "
        "reading)",
        "Children and Families Act 2014, section 14",
    ),
    options_type=CareTimelinessOptions,
    subject="family courts",
)
