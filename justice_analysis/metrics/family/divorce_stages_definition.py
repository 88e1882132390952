"""What the stages of a divorce mean: the options and the card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.estimates.periods import PERIODS
from justice_analysis.metrics.family.divorces import SOURCE

CONDITIONAL, FINAL, BETWEEN = "conditional_order", "final_order", "conditional_to_final"
WORDS = {
    CONDITIONAL: "from petition to conditional order (decree nisi)",
    FINAL: "from petition to final order (decree absolute)",
    BETWEEN: "from conditional order (decree nisi) to final order (decree absolute)",
}


@dataclass(frozen=True)
class DivorceStagesOptions:
    """Options of `divorce_stages`; each names the rule it settles."""

    stage: str = choice(
        CONDITIONAL,
        "the stage timed: petition to conditional order, petition to final order, or the one "
        "order to the other",
        *WORDS,
    )
    cohort: str = choice(
        "exit",
        "exit: orders made in a period, whatever the date of the petition; entry: stages begun "
        "in a period, those not ended censored",
        "exit",
        "entry",
    )
    period: str | None = choice(
        "quarter", "period of the order (exit) or of the stage's beginning (entry)", None, *PERIODS
    )
    by: str | None = choice("law", "groups to show apart", None, "law", "application", "court")
    begun_from: str | None = choice(None, "only stages begun from this day, inclusive")
    begun_to: str | None = choice(None, "only stages begun before this day, exclusive")
    published: bool = choice(
        False,
        "begin at the transfer in, where that is before the petition, as the published table does",
        False,
        True,
    )
    horizon_weeks: tuple[int, ...] = choice((26, 52, 104), "weeks to report of an entry cohort")
    minimum_weeks: int = choice(
        20,
        "least weeks from application to conditional order under the law from 2022 (recalled, "
        "not read in the Act: a check of dates, no rule of the count)",
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = []
        if self.published and self.stage == BETWEEN:
            problems.append("published changes where the petition begins: it is not in this stage.")
        if not self.horizon_weeks or min(self.horizon_weeks) < 1:
            problems.append("horizon_weeks must be whole weeks above 0.")
        if self.begun_from and self.begun_to and self.begun_from >= self.begun_to:
            problems.append("begun_from must be before begun_to: it is not.")
        if self.minimum_weeks < 0:
            problems.append("minimum_weeks must not be negative.")
        if problems:
            raise OptionError(" ".join(problems))


CARD = Card(
    name="divorce_stages",
    title="Time through the stages of a divorce",
    question="How long does a divorce take to each of its orders?",
    definition=(
        "Weeks from the petition (from April 2022, the application) to the first conditional "
        "order (before, the decree nisi), to the first final order (the decree absolute), or from "
        "the one to the other. Mean and median of orders made in a period, whatever the date of "
        "the petition (exit cohort, as official statistics have it), or the cumulative share that "
        "has reached the order by weeks since the stage began (entry cohort)"
    ),
    counting_unit="divorce cases; of two applicants one stands for the case in counts of people",
    population="Divorce cases of the family court",
    clock="From the day of the petition (or conditional order) to that of the order, in days",
    does_not_count=(
        "a second petition or order in the same case: the first of each counts",
        "an order dated before the stage began: set aside, and counted in the attrition",
        "a divorce whose conditional order is not recorded although the final one is, in an entry "
        "cohort of conditional orders: the day is not known",
        "an event entered in error",
        "by itself, any fault of a court: a stage also waits for the parties to apply",
    ),
    censoring=(
        "An exit cohort has none: petitions that are still open are not in it, so it can shorten "
        "while waits grow, and it lengthens as a backlog is cleared. In an entry cohort they are "
        "censored at the end of coverage; the closing of a case without the order is an outcome "
        "of its own"
    ),
    known_breaks=(
        "Divorce needs no fault, may be asked for jointly and has other waiting times from "
        "6 April 2022; both laws run side by side for years, so they are shown apart by default",
        "The data begin with petitions of 2011: orders of the first years are those of quick "
        "divorces only",
        "A case without a recorded petition takes the day of receipt of the case",
    ),
    needs=tuple(
        Need(SOURCE, table, field)
        for table, field in (
            ("cases", "case_type"),
            ("cases", "receipt_date"),
            ("cases", "creating_court"),
            ("cases", "transfer_in_date"),
            ("events", "event_model"),
            ("events", "receipt_date"),
            ("events", "application_type"),
            ("events", "order_type"),
            ("people", "role_model"),
        )
    ),
    source=(
        "Family Court Statistics Quarterly, footnotes: durations of decrees made in the period; "
        "earliest petition, or transfer in if earlier; mean as the sum of durations by the number",
        "Divorce, Dissolution and Separation Act 2020, in force from 6 April 2022",
    ),
    options_type=DivorceStagesOptions,
    subject="family courts",
)
