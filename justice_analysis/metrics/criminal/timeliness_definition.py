"""What the timeliness of criminal cases means: stages, options and cards."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.criminal.court_groups import check_by
from justice_analysis.metrics.criminal.court_records import CROWN, MAGISTRATES

BOTH = "both"
DATES = {
    "offence_to_charge": ("offence_date", "charge_date"),
    "charge_to_first_hearing": ("charge_date", "heard_date"),
    "first_hearing_to_completion": ("heard_date", "ended_date"),
    "offence_to_completion": ("offence_date", "ended_date"),
    "charge_to_completion": ("charge_date", "ended_date"),
    "receipt_to_first_hearing": ("receipt_date", "heard_date"),
    "receipt_to_main_hearing": ("receipt_date", "main_date"),
    "main_hearing_to_completion": ("main_date", "ended_date"),
    "receipt_to_completion": ("receipt_date", "ended_date"),
}
"""The two dates of each stage."""
WHOLE = ("offence_to_completion", "charge_to_completion", "first_hearing_to_completion")
STAGES_OF = {
    MAGISTRATES: ("offence_to_charge", "charge_to_first_hearing", *WHOLE),
    CROWN: (
        "receipt_to_first_hearing",
        "receipt_to_main_hearing",
        "main_hearing_to_completion",
        "receipt_to_completion",
        "first_hearing_to_completion",
        "offence_to_completion",
    ),
    BOTH: WHOLE,
}
STARTS = {
    "receipt": ("receipt_date", "receipt of the case"),
    "charge": ("charge_date", "charge"),
    "first_hearing": ("heard_date", "first hearing"),
}
MIGRATION_BREAK = (
    "Courts moved to Common Platform one after another: new cases then left the data, and only "
    "the results of old ones stayed. What ends in such a court afterwards is its longest cases"
)
FIRST_YEARS = (
    "In the first years of coverage only cases received since are seen, so only short ones "
    "can have ended: leave these years out"
)


def stage_words(stage: str) -> str:
    """A stage in words: "offence to charge"."""
    return stage.replace("_", " ")


def check_day(text: str | None, name: str) -> None:
    """Refuse a text that is no date."""
    if text is None:
        return
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise OptionError(f"{name} must be a date written YYYY-MM-DD: it is not.") from None


def check_window(first: str | None, until: str | None, names: tuple[str, str]) -> None:
    """Refuse days that are none, and a window without a day."""
    check_day(first, names[0])
    check_day(until, names[1])
    if first and until and first >= until:
        raise OptionError(f"{names[0]} must be before {names[1]}: it is not.")


@dataclass(frozen=True)
class CriminalTimelinessOptions:
    """Options of `criminal_timeliness`; each names the rule it settles."""

    court: str = choice(
        MAGISTRATES, "where cases ended; both follows those sent up", MAGISTRATES, CROWN, BOTH
    )
    stage: str = choice("offence_to_completion", "from which day to which", *DATES)
    by: tuple[str, ...] = choice(
        ("quarter",), "groups: a period of the end, offence_group, case_type, court, region"
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications, no offences", "exclude", "count"
    )
    after_migration: str = choice(
        "leave_out", "ends in a court whose new cases have left the data", "leave_out", "count"
    )
    ended_from: str | None = choice(None, "first day on which the case ended, inclusive")
    ended_to: str | None = choice(None, "day on which the case ended, exclusive")
    percentiles: tuple[float, ...] = choice((25, 75, 90), "percentiles to report")

    def __post_init__(self) -> None:
        check_choices(self)
        check_by(self.by)
        check_window(self.ended_from, self.ended_to, ("ended_from", "ended_to"))
        if any(not 0 < q < 100 for q in self.percentiles):
            raise OptionError("percentiles must lie between 0 and 100: some do not.")
        if self.stage not in STAGES_OF[self.court]:
            raise OptionError(
                f"stage must be one that {self.court} courts record: "
                f"{', '.join(STAGES_OF[self.court])}. {self.stage} is not."
            )


@dataclass(frozen=True)
class CriminalCompletionOptions:
    """Options of `criminal_completion`; each names the rule it settles."""

    court: str = choice(MAGISTRATES, "where cases began", MAGISTRATES, CROWN)
    start: str = choice("receipt", "where time starts", *STARTS)
    by: str | None = choice(
        None,
        "groups to show apart; periods are those of the start",
        None,
        "quarter",
        "year",
        "financial_year",
        "offence_group",
        "case_type",
        "court",
        "region",
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications, no offences", "exclude", "count"
    )
    after_migration: str = choice(
        "censor",
        "a case open when its court's new cases left: censored then, or followed on",
        "censor",
        "follow",
    )
    began_from: str | None = choice(None, "first day on which the clock starts, inclusive")
    began_to: str | None = choice(None, "day on which the clock starts, exclusive")
    horizons: tuple[int, ...] = choice((30, 91, 182, 365, 730), "days after the start to report")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.began_from, self.began_to, ("began_from", "began_to"))
        if any(days <= 0 for days in self.horizons):
            raise OptionError("horizons must be above 0 days: some are not.")
        if self.court == CROWN and self.start == "charge":
            raise OptionError("start must be one that the Crown Court records: charge is not.")


NEEDS = (
    Need("magistrates_defendant", "mags_defendant_case", "offence_date"),
    Need("magistrates_defendant", "mags_defendant_case", "charge_date"),
    Need("magistrates_defendant", "mags_defendant_case", "first_hearing_date"),
    Need("magistrates_defendant", "mags_defendant_case", "final_result_date"),
    Need("crown_court_defendant", "crown_defendant_case", "receipt_date"),
    Need("crown_court_defendant", "crown_defendant_case", "main_hearing_date"),
    Need("crown_court_defendant", "crown_defendant_case", "completion_date"),
)

CARD = Card(
    name="criminal_timeliness",
    title="Time taken by criminal cases that ended",
    question="How long did each stage take for defendants whose cases ended in a period?",
    definition=(
        "Whole days from one recorded day to another, for each defendant when the case ends for "
        "that defendant (an exit cohort): mean, median and percentiles. The offence is that of "
        "the principal charge. Of both courts together, the end is the Crown Court's where the "
        "defendant was sent there, found by the link of the two cases, or by person and dates."
    ),
    counting_unit="defendants: one person in one case of one court, or through both courts",
    population="Defendants in magistrates' courts, or in Crown Court trials and sentences",
    clock="From the first to the second day of the stage; counted in the period of the end",
    does_not_count=(
        "defendants sent to the Crown Court, among ends in magistrates' courts: being sent is "
        "not an end",
        "breaches and civil-order applications, which are no offences, unless asked for",
        "appeals",
        "stages of which a day is not recorded, or that end before they begin: they are set "
        "aside and counted",
        "ends in a court after its new cases left the data, unless asked for",
        "cases under the Single Justice Procedure, which are not in the data",
    ),
    censoring=(
        "None: only cases that ended count, so a growing wait shows late, and a cleared backlog "
        "shows as longer times. criminal_completion censors open cases instead"
    ),
    known_breaks=(MIGRATION_BREAK, FIRST_YEARS),
    needs=NEEDS,
    source=(
        "Criminal court statistics quarterly, Ministry of Justice, for the stages (offence to "
        "completion, charge to completion, receipt to completion); the rules here are ours",
    ),
    options_type=CriminalTimelinessOptions,
    subject="criminal courts",
)

CURVE_CARD = Card(
    name="criminal_completion",
    title="Share of criminal cases ended, by time since they began",
    question="Of the defendants whose cases began in a period, how many had an end, and how soon?",
    definition=(
        "The share of defendants whose case has ended for them by each day since the start "
        "(an entry cohort): 1 minus Kaplan-Meier, cases that are open censored. In magistrates' "
        "courts being sent to the Crown Court is an end of the case there."
    ),
    counting_unit="defendants: one person in one case of one court",
    population="Defendants in magistrates' courts, or in Crown Court trials and sentences",
    clock="From receipt, charge or first hearing to the end of the case for the defendant",
    does_not_count=(
        "breaches and civil-order applications, which are no offences, unless asked for",
        "appeals",
        "cases that end before the clock starts, or began where nothing was covered: set aside "
        "and counted",
    ),
    censoring=(
        "At the extract; by default earlier, on the day on which new cases of the court left "
        "the data, since what goes on there may no longer be seen"
    ),
    known_breaks=(MIGRATION_BREAK,),
    needs=NEEDS,
    source=("Kaplan and Meier (1958); the stages are those of criminal_timeliness",),
    options_type=CriminalCompletionOptions,
    subject="criminal courts",
)
