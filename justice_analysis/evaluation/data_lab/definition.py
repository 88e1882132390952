"""What a matched comparison after the Justice Data Lab is: the options and the card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.person_groups import check_window

RELEASE, SENTENCE, BOTH = "release", "sentence", "both"
RECONVICTION, PROVEN = "reconviction_12m6m", "proven_reoffending"
RADIUS, NEAREST = "radius", "nearest"
COMPARED, LEFT_OUT = "compared", "left_out"
STRATA = ("sentence_type", "release_quarter", "assessed")
COVARIATES = (
    "age",
    "is_female",
    "age_at_first_conviction",
    "convictions_ever",
    "conviction_days_2y",
    "court_cases_ever",
    "convictions_violence_against_the_person_ever",
    "convictions_theft_ever",
    "convictions_drug_offences_ever",
    "custody_spells_ever",
    "custody_days_ever",
)
"""Matched on unless others are named. The year before the index is left for the placebo."""
NEEDS = (
    "oasys_question_3_3",
    "oasys_question_3_4",
    "oasys_question_3_tot",
    "oasys_question_5_2",
    "oasys_question_5_tot",
    "oasys_question_8_1",
    "oasys_question_2_10_alcho",
    "oasys_question_10_5",
    "oasys_question_10_6",
    "oasys_question_bcs81",
    "oasys_question_bcs82",
)
"""OASys answers, and how old they are, that are matched on where any is loaded."""


@dataclass(frozen=True)
class DataLabOptions:
    """Options of `data_lab`; each names the rule it settles."""

    programme: str = choice("the programme", "what participants took part in, in words")
    index: str = choice(
        RELEASE,
        "the day the clock starts: release from custody, start of a sentence in the community, "
        "or the first of either",
        RELEASE,
        SENTENCE,
        BOTH,
    )
    within_days: int = choice(
        730, "most days from the intervention to the index date (our choice; assumed)"
    )
    index_from: str | None = choice(None, "index date on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "index date before this day")
    earlier_events: str = choice(
        COMPARED,
        "whether participants' index events before the intervention are compared with, as those "
        "of people not yet treated, or left out",
        COMPARED,
        LEFT_OUT,
    )
    outcome: str = choice(
        RECONVICTION,
        "reconviction on court records, or proven reoffending on police records (MoJ-DfE share)",
        RECONVICTION,
        PROVEN,
    )
    covariates: tuple[str, ...] = choice(COVARIATES, "what people are matched on")
    ethnicity: bool = choice(True, "whether ethnic group is matched on")
    region: bool = choice(True, "whether the region of the court is matched on")
    oasys: bool = choice(True, "whether OASys answers are matched on, where any is loaded")
    strata: tuple[str, ...] = choice(
        STRATA,
        "what matches must share exactly: kind of index event, its quarter, whether OASys tells of "
        "the person",
    )
    matching: str = choice(
        RADIUS,
        "every comparison person within the caliper (radius; remembered as the Lab's), or the "
        "nearest ones",
        RADIUS,
        NEAREST,
    )
    ratio: int = choice(1, "comparison people for each participant (nearest)")
    replace: bool = choice(False, "whether a comparison person may be matched again (nearest)")
    caliper: float = choice(
        0.1, "widest difference of the log odds of taking part, in standard deviations (assumed)"
    )
    adjusted: bool = choice(
        True,
        "whether what matching left unlike is adjusted for by regression, among those matched",
    )
    green: float = choice(0.05, "largest standardised difference rated green (remembered)")
    amber: float = choice(0.10, "largest standardised difference rated amber (remembered)")
    minimum_submitted: int = choice(
        60, "fewest people submitted (the Lab's published criterion of 2013)"
    )
    minimum_matched: int = choice(30, "fewest participants matched (remembered; assumed)")
    minimum_reoffenders: int = choice(
        30, "the later tables need more reoffenders than this (the Lab's report code)"
    )
    significance: float = choice(0.05, "p-value below which a difference is significant (assumed)")
    seed: int = choice(1, "seed, where participants are matched in random order")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)
        problems = [*_number_problems(self), *_name_problems(self)]
        if problems:
            raise OptionError(listed(problems))


def _number_problems(options: DataLabOptions) -> list[str]:
    problems = []
    if options.within_days < 0:
        problems.append("within_days must be 0 or more.")
    if options.ratio < 1:
        problems.append("ratio must be 1 or more.")
    if not options.caliper > 0:
        problems.append("caliper must be above 0.")
    if not 0 < options.green <= options.amber:
        problems.append("green must be above 0 and amber no less than green.")
    if not 0 < options.significance < 1:
        problems.append("significance must lie between 0 and 1, such as 0.05.")
    if min(options.minimum_submitted, options.minimum_matched, options.minimum_reoffenders) < 1:
        problems.append("minimum numbers must be 1 or more.")
    return problems


def _name_problems(options: DataLabOptions) -> list[str]:
    unknown = [name for name in options.strata if name not in STRATA]
    problems = []
    if unknown or len(set(options.strata)) != len(options.strata):
        problems.append(f"strata must be among {', '.join(STRATA)}, each once.")
    of_year = [name for name in options.covariates if name.endswith("_1y")]
    if of_year:
        problems.append(
            f"{', '.join(of_year)} must not be matched on: the year before the index date is "
            "kept for the placebo outcome. Take the two years before."
        )
    return problems


CARD = Card(
    name="data_lab",
    title="Matched comparison of a programme's participants",
    question=(
        "Do people who took part in a programme reoffend less in the year after than similar "
        "people who did not take part?"
    ),
    definition=(
        "Participants are compared with people who had the same kind of index event in the same "
        "quarter and did not take part. Everyone's chance of taking part is estimated from what "
        "was recorded before the index date; participants are matched to people of like chance "
        "within exact strata, and those matched are weighted to look like them. What matching "
        "left unlike is adjusted for by regression, where people are enough. The difference is an "
        "association: what was not recorded may explain it."
    ),
    counting_unit=(
        "people, each once; a comparison person with several index events is matched by each of "
        "them, as one cluster"
    ),
    population=(
        "Participants with an index event after the intervention and a match, and the people "
        "they are matched to"
    ),
    clock=(
        "From the index date (release from custody, or start of a sentence in the community, "
        "after the intervention) for 12 calendar months, and 6 more for an offence to be proven"
    ),
    does_not_count=(
        "a participant without an index event within the stated days of the intervention",
        "a participant as a comparison person from the intervention on, on any record",
        "a person whose court was not covered for 18 months after the index date",
        "anything recorded on the index date or later, as a characteristic to match on",
        "a participant without a comparison person within the caliper: counted and described",
    ),
    censoring=(
        "None: people are counted who could be followed for 18 months; the others are set "
        "aside, and counted"
    ),
    known_breaks=(
        "Courts moved to Common Platform: index dates should end 18 months before the first",
        "Single Justice Procedure cases, cautions and deaths are not in court records",
        "With earlier_events left_out, whoever returned to custody and took part then is not in "
        "the pool, which makes the programme look worse where it reaches many",
        "Time in custody in the year is not taken off",
    ),
    needs=(
        Need("magistrates_defendant", "mags_offence", "offence_date"),
        Need("magistrates_defendant", "mags_offence", "verdict"),
        Need("magistrates_defendant", "mags_defendant_case", "final_result_date"),
        Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
        Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
    ),
    source=(
        "After the Ministry of Justice's Justice Data Lab: tables and wording as in its report "
        "code. Caliper, ratings and the least number matched are remembered, not read: options",
    ),
    options_type=DataLabOptions,
    subject="evaluations",
)
