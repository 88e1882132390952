"""What private-law timeliness means: its options and its card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.periods import PERIODS

SOURCE = "family_court"
SECTION_8 = ("child_arrangements_order", "specific_issue_order", "prohibited_steps_order")
COLUMNS = {"order": "order_applied_for", "court": "court"}


@dataclass(frozen=True)
class PrivateLawTimelinessOptions:
    """Options of `private_law_timeliness`; each names the rule it settles."""

    cohort: str = choice(
        "exit",
        "exit: applications disposed of in a period; entry: applications made in a period, "
        "those still open censored",
        "exit",
        "entry",
    )
    period: str | None = choice(
        "quarter",
        "period of the disposal (exit) or of the application (entry)",
        None,
        *PERIODS,
    )
    by: str | None = choice(None, "groups to show apart", None, *COLUMNS)
    orders: tuple[str, ...] = choice(SECTION_8, "orders applied for that are counted")
    cases: str = choice(
        "ended",
        "of disposed applications: those in cases closed or with a final order, or in any case",
        "ended",
        "any",
    )
    published: bool = choice(
        False,
        "mean of completed weeks and lower median, as the published code gives them",
        False,
        True,
    )
    horizon_weeks: tuple[int, ...] = choice((26, 52, 104), "weeks to report of an entry cohort")

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.published and self.cohort == "entry":
            problems.append("published durations are of an exit cohort: leave one of them out.")
        if not self.orders:
            problems.append("orders must name at least one order applied for.")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            problems.append("horizon_weeks must be whole weeks above 0.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="private_law_timeliness",
    title="Time from private-law application to first disposal",
    question="How long do children's private-law applications take?",
    definition=(
        "Weeks from the receipt of an application for an order about a child to the first "
        "disposal of that child's application: the earliest order on or after it, of the same "
        "child in the same case, that is not interim. Of several applications for one kind of "
        "order for one child in one case the earliest counts. Mean and median of applications "
        "disposed of in a period (exit cohort), or the cumulative share disposed of by weeks "
        "since application (entry cohort)"
    ),
    counting_unit="children by order applied for: one child may stand in several",
    population=(
        "Children in private-law cases of the family court, for whom an order under section 8 of "
        "the Children Act 1989 was applied for"
    ),
    clock="From receipt of the application to the first disposal, in days; a week is 7 days",
    does_not_count=(
        "interim orders and directions",
        "an order before the application",
        "a later application for the same kind of order for the same child in the same case",
        "an order for another child of the case, where orders list the children they are about",
        "public-law cases, divorce and the Family Law Act",
        "of an exit cohort: cases neither closed nor with a final order (option cases)",
        "an event entered in error",
    ),
    censoring=(
        "An exit cohort has none: what is still open is not in it, so it can shorten while waits "
        "grow. In an entry cohort applications that are open are censored at the end of coverage, "
        "and the closing of a case without a disposal is an outcome of its own"
    ),
    known_breaks=(
        "The data begin in 2011: disposals of the first years hold quick cases only",
        "The published code begins at the date of issue for one form of application; the form is "
        "not in the release, so the date of receipt stands throughout",
        "The published code names the orders by a list of codes that is not public: the orders "
        "are an option here",
        "Child arrangements orders took the place of residence and contact orders in April 2014",
    ),
    needs=tuple(
        Need(SOURCE, table, field)
        for table, field in (
            ("cases", "case_type"),
            ("cases", "case_closed_date"),
            ("events", "event_model"),
            ("events", "receipt_date"),
            ("events", "application_type"),
            ("events", "order_type"),
            ("events", "is_final_order"),
            ("people", "role_model"),
        )
    ),
    source=(
        "Ministry of Justice, code of the Family Court Statistics Quarterly, private-law "
        "timeliness: start, match to disposals, first of each, quarter of disposal, and its two "
        "ways of counting weeks",
        "Family Court Statistics Quarterly, footnotes to the table of private-law timeliness: "
        "only cases marked closed or with a final order",
    ),
    options_type=PrivateLawTimelinessOptions,
    subject="family courts",
)
