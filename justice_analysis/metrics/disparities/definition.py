"""What a relative rate index is: the options and the cards, apart from the computation."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.person_groups import check_window

CAUTION = (
    "A difference is not evidence of bias: groups differ in much that is not recorded here, and "
    "decisions before this one decide who is compared."
)
GROUPS = ("ethnicity", "sex", "age_band")
REFERENCES = {"ethnicity": "white", "sex": "male", "age_band": "25 to 29"}
COVARIATES = ("offence_group", "history", "sex", "age_band", "ethnicity")


@dataclass(frozen=True)
class GroupOptions:
    """Options that say which groups are compared, and over what time."""

    by: str = choice("ethnicity", "groups that are compared", *GROUPS)
    reference: str | None = choice(
        None, "group compared with; none: white, male, or people from 25 to 29"
    )
    index_from: str | None = choice(None, "cases received on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "cases received before this day")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)

    @property
    def reference_group(self) -> str:
        """The group that others are compared with."""
        return self.reference or REFERENCES[self.by]


@dataclass(frozen=True)
class DecisionOptions(GroupOptions):
    """Options that also say what is decided."""

    decision: str = choice(
        "remand",
        "what is decided; each among those who had reached the stage before it",
        "remand",
        "sent_to_crown",
        "guilty_plea",
        "conviction",
        "custody",
    )


@dataclass(frozen=True)
class DisparityOptions(DecisionOptions):
    """Options of `relative_rates`; each names the rule it settles."""

    most_unknown_change: float = choice(
        0.05,
        "share by which those whose group is not known may move over the years before a trend "
        "is refused (ours: 5 points)",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.most_unknown_change <= 1:
            raise OptionError("most_unknown_change must lie above 0 and be 1 at most.")


@dataclass(frozen=True)
class StageOptions(GroupOptions):
    """Options of `disparity_by_stage`; each names the rule it settles."""


@dataclass(frozen=True)
class AdjustedOptions(DecisionOptions):
    """Options of `adjusted_rates`; each names the rule it settles."""

    adjust_for: tuple[str, ...] = choice(
        ("offence_group", "history", "sex"), "what is held alike between the groups"
    )
    stratify_by: str = choice(
        "offence_group", "strata of the pooled and the standardised ratios", *COVARIATES[:2]
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        unknown = [name for name in self.adjust_for if name not in COVARIATES]
        if unknown:
            raise OptionError(
                f"adjust_for must be among {', '.join(COVARIATES)}: {len(unknown)} are not."
            )
        if self.by in (*self.adjust_for, self.stratify_by):
            raise OptionError(f"{self.by} is compared, so it cannot be adjusted for.")


_NEEDS = (
    Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),
    Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
)
_NOT_COUNTED = (
    "a breach or civil-order application without an offence",
    "a defendant who had not reached the stage before the decision",
    "a defendant whose decision is not recorded",
    "the Crown Court's own decisions: these are the magistrates' courts'",
    "someone whose group is not known: shown apart, with bounds from allocating them",
)
_BREAKS = (
    "Self-defined ethnicity is missing far more often in some courts and years than in others",
    "An officer's code has no mixed group and stands in where the person's own answer is missing",
    "Courts moved to Common Platform at different times, and left the data as they did",
)
_SOURCE = (
    "Relative rate index: the rate of a group over that of a reference group, with the preceding "
    "stage as the denominator (as in the matrix of the Office of Juvenile Justice and Delinquency "
    "Prevention, and Ethnicity and the Criminal Justice System, Ministry of Justice)",
)

CARD = Card(
    name="relative_rates",
    title="Decisions about defendants, by group",
    question="Are some groups more often remanded, convicted or sentenced to custody than others?",
    definition=(
        "The relative rate index: the share of a group of whom something is decided, over that "
        "share in the reference group. Only those count who had reached the stage before. Two "
        "intervals: Wald's on the log scale, and the exact conditional one, which holds where "
        "events are few; where they disagree, the exact one is to be trusted."
    ),
    counting_unit="defendants: a person in a case, so that one person may count several times",
    population="Defendants in the magistrates' courts who had reached the stage before",
    clock="The year in which the case was received",
    does_not_count=_NOT_COUNTED,
    censoring="None: decisions that were recorded",
    known_breaks=_BREAKS,
    needs=_NEEDS,
    source=_SOURCE,
    options_type=DisparityOptions,
    subject="disparities",
)
ADJUSTED_CARD = Card(
    name="adjusted_rates",
    title="Decisions about defendants, by group, among like cases",
    question="How do decisions differ between groups among cases that are alike on record?",
    definition=(
        "Four answers beside one another, and beside the crude counts: the ratio pooled over "
        "strata (Mantel and Haenszel); the standardised ratio (decisions in the group over those "
        "expected at the reference group's rates by stratum); odds ratios from a logistic "
        "regression, errors clustered by court where there are courts enough; and the "
        "difference of shares within court and year (least squares with fixed effects), errors "
        "clustered by court."
    ),
    counting_unit="defendants: a person in a case, so that one person may count several times",
    population=(
        "Defendants in the magistrates' courts who had reached the stage before, and whose group "
        "and covariates are known"
    ),
    clock="The year in which the case was received",
    does_not_count=(*_NOT_COUNTED, "someone for whom a covariate is not known: counted apart"),
    censoring="None: decisions that were recorded",
    known_breaks=(
        *_BREAKS,
        "Adjusting for offence and history does not make cases alike: gravity within an offence "
        "group, and what was charged in the first place, are not recorded",
    ),
    needs=_NEEDS,
    source=(
        *_SOURCE,
        "Mantel and Haenszel (1959); Robins, Breslow and Greenland (1986) for its variance",
    ),
    options_type=AdjustedOptions,
    subject="disparities",
)
STAGES_CARD = Card(
    name="disparity_by_stage",
    title="Where along the way groups come apart",
    question="At which stage between charge and custody do rates of groups come apart?",
    definition=(
        "Custody among all with a verdict is conviction, and then custody among those convicted "
        "and sentenced. The logarithm of the relative rate index over both is the sum of those "
        "of the two stages, so each stage's part of the whole can be named."
    ),
    counting_unit="defendants: a person in a case, so that one person may count several times",
    population="Defendants in the magistrates' courts with a verdict",
    clock="The year in which the case was received",
    does_not_count=(*_NOT_COUNTED, "someone convicted whose sentence is not recorded"),
    censoring="None: decisions that were recorded",
    known_breaks=_BREAKS,
    needs=_NEEDS,
    source=_SOURCE,
    options_type=StageOptions,
    subject="disparities",
)
