"""What a returning defendant is: the options and the cards, apart from the computation."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.criminal.prosecutions import (
    BOTH,
    CROWN,
    FIRST_HEARING,
    MAGISTRATES,
    RECEIVED,
)
from justice_analysis.metrics.person_groups import PERSON_GROUPS, check_window

GROUPS = ("offence_group", *PERSON_GROUPS)


@dataclass(frozen=True)
class FirstKnownOptions:
    """Options that say who is followed from a first known case, and what a return is."""

    index_from: str | None = choice(None, "first known case on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "first known case before this day")
    lookback_years: int = choice(
        0, "years of the court's records that must lie before the first known case"
    )
    published: bool = choice(
        False,
        "any later appearance is a return, whatever the offence, its day or the outcome, and "
        "breaches too; appearances are dated by the first hearing (as published in 2022)",
        True,
        False,
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications without an offence", "exclude", "include"
    )
    dated_by: str = choice(
        RECEIVED, "the day of a case: received by the court, or first heard", RECEIVED,
        FIRST_HEARING,
    )  # fmt: skip
    courts: str = choice(
        MAGISTRATES,
        "where prosecutions are counted; all begin in a magistrates' court",
        MAGISTRATES,
        CROWN,
        BOTH,
    )
    observed_to: str | None = choice(None, "returns count before this day; none: while covered")
    followup_days: int | None = choice(None, "longest follow-up, the last day in it")
    by: str | None = choice(None, "groups to show apart", None, *GROUPS)

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)
        check_window(self.index_from, self.observed_to)
        if self.lookback_years < 0:
            raise OptionError("lookback_years must be 0 or more.")
        if self.followup_days is not None and self.followup_days < 1:
            raise OptionError("followup_days must be 1 or more.")
        if self.published and (self.breaches, self.dated_by) != ("exclude", RECEIVED):
            raise OptionError(
                "published counts breaches and dates appearances by the first hearing: leave "
                "breaches and dated_by at their defaults."
            )

    @property
    def case_day(self) -> str:
        """What dates a case."""
        return FIRST_HEARING if self.published else self.dated_by

    @property
    def counts_breaches(self) -> bool:
        """Whether a case of breaches alone is an appearance."""
        return self.published or self.breaches == "include"


@dataclass(frozen=True)
class ReturningOptions(FirstKnownOptions):
    """Options of `returning_defendants`; each names the rule it settles."""

    custody: str = choice(
        "ignore",
        "time in custody: ignore (it counts as time at risk), censor (follow-up ends when custody "
        "begins) or exclude (its days are taken off the clock)",
        "ignore",
        "censor",
        "exclude",
    )


@dataclass(frozen=True)
class NumberOptions(FirstKnownOptions):
    """Options of `number_of_returns`; each names the rule it settles."""

    followup_days: int | None = choice(
        1826, "days in which returns are counted; none: up to observed_to"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.followup_days is None and self.observed_to is None:
            raise OptionError(
                "returns are counted over the same time or to the same day: give followup_days "
                "or observed_to."
            )


_NOT_COUNTED = (
    "a case whose last offence was on or before the day of the first known case: it is no return",
    "a case whose days of offence are not recorded",
    "a breach or civil-order application without an offence, first or later (option breaches)",
    "a Crown Court case of the same prosecution: tied to the magistrates' case, or of the same "
    "person with the same last day of offence",
    "an appeal: the defendant brings it",
    "cases under the Single Justice Procedure and cases on Common Platform: no research dataset "
    "holds them",
    "a caution, and a case in another country",
    "reoffending as such: a later prosecution need not end in a conviction",
)
_BREAKS = (
    "Left-truncated: the first known case is the first in the data, not the first ever. Earlier "
    "records begin when the data do; lookback_years asks for some",
    "Courts moved to Common Platform at different times, and left the data as they did",
    "A missed link lowers returns and makes false first cases; a false link raises returns",
    "Deaths and moves abroad are not recorded: those people stay at risk",
)
_SOURCE = (
    "Data First: returning defendants (Ministry of Justice, 2022), for the published option: "
    "defendants whose first known case is in a year, any later appearance whatever the outcome",
)
_NEEDS = (
    Need("magistrates_defendant", "mags_defendant_case", "offence_date"),
    Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),
    Need("magistrates_defendant", "mags_defendant_case", "first_hearing_date"),
    Need("magistrates_defendant", "mags_defendant_case", "breach_marker"),
    Need("magistrates_defendant", "mags_offence", "offence_date"),
    Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
)
_POPULATION = (
    "Linked defendants whose first known prosecution falls in the window, while their court was "
    "covered"
)

CARD = Card(
    name="returning_defendants",
    title="Defendants who return to court",
    question="What share of defendants are prosecuted again, and how soon?",
    definition=(
        "The cumulative share of defendants who, after their first known prosecution, are "
        "prosecuted again for an offence committed after the day of that first case (1 minus "
        "Kaplan-Meier)."
    ),
    counting_unit="people: defendants, each once",
    population=_POPULATION,
    clock=(
        "From the day of the first known case to the day of the return, both by receipt (or "
        "first hearing), in days; without days in custody where those are excluded"
    ),
    does_not_count=_NOT_COUNTED,
    censoring=(
        "When the court of the first case moves to Common Platform or its coverage ends, at "
        "observed_to or after followup_days; where custody is censored, the day after custody "
        "begins. A stay whose end was not recorded counts as its first day"
    ),
    known_breaks=_BREAKS,
    needs=_NEEDS,
    source=_SOURCE,
    options_type=ReturningOptions,
    subject="criminal courts",
)
NUMBER_CARD = Card(
    name="number_of_returns",
    title="How often defendants return to court",
    question="How many times are defendants prosecuted again over the same length of time?",
    definition=(
        "Defendants by the number of later prosecutions for an offence committed after the day "
        "of the first known case: none, one, two to five, six or more."
    ),
    counting_unit="people: defendants, each once",
    population=f"{_POPULATION}, and who were followed to the end",
    clock="From the day of the first known case, for followup_days or up to observed_to",
    does_not_count=(
        *_NOT_COUNTED,
        "a defendant whose court left the data before the end: set aside, and counted in the "
        "attrition",
    ),
    censoring="None: only those followed to the end are counted",
    known_breaks=_BREAKS,
    needs=_NEEDS,
    source=_SOURCE,
    options_type=NumberOptions,
    subject="criminal courts",
)


def wider(options: FirstKnownOptions) -> list[FirstKnownOptions]:
    """Options under which everyone counted with these is counted too: shorter look-backs."""
    return [
        dataclasses.replace(options, lookback_years=years)
        for years in range(options.lookback_years)
    ]
