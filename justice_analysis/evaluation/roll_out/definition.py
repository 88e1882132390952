"""What `roll_out_effects` means: its options and its card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.codes import OFFENCE_GROUPS
from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.evaluation.roll_out.periods import MONTHS
from justice_analysis.evaluation.roll_out.starts import EARLIEST, LATEST, LEAVE_OUT, USE
from justice_analysis.metrics.criminal.conviction import LEVELS
from justice_analysis.metrics.criminal.timeliness_definition import check_window

KEEP, CLOSE = "keep", "close"
CONTESTED = ("violence_against_the_person", "sexual_offences")
INTENTION = (
    "Intention to treat: every contested case of these offences that a court received once it had "
    "the measure counts as reached, whether or not it was used. No research dataset says for "
    "which witnesses it was."
)


@dataclass(frozen=True)
class RollOutOptions:
    """Options of `roll_out_effects`; each names the rule it settles."""

    group: str | None = choice(None, "group of the calendar; its only one unless named")
    offences: tuple[str, ...] = choice(CONTESTED, "offence groups of the charges that count")
    level: str = choice("defendant", "what an outcome is of: a charge, defendant, case", *LEVELS)
    mixed: str = choice(
        "any",
        "when a defendant or case with several charges is convicted; `principal` counts principal "
        "charges alone",
        "any",
        "every",
        "principal",
    )
    period: str = choice("quarter", "length of a period of receipt", *MONTHS)
    received_from: str = choice("2015-01-01", "first day of receipt, inclusive")
    received_to: str | None = choice(
        None, "day of receipt, exclusive; unless named, the window closes while cases are ended"
    )
    least_ended: float = choice(
        0.9,
        "without received_to, the last period is the last of whose contested or undecided charges "
        "this share has a verdict",
    )
    comparison: str = choice(
        "not_yet", "compared with courts not yet reached, or never", "not_yet", "never"
    )
    courts_that_moved: str = choice(
        KEEP,
        "courts whose later cases are in another system: kept until then, or the window closes "
        "before the first of them moves",
        KEEP,
        CLOSE,
    )
    undated: str = choice(
        LEAVE_OUT,
        "courts whose day is not known: left out, or the first or last day of their window",
        LEAVE_OUT,
        EARLIEST,
        LATEST,
    )
    unchecked: str = choice(LEAVE_OUT, "days recalled and not read in a source", LEAVE_OUT, USE)
    used_share: float | None = choice(
        None, "share of cases in which it was used, where known: effects are shown per use too"
    )

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.received_from, self.received_to, ("received_from", "received_to"))
        unknown = [name for name in self.offences if name not in OFFENCE_GROUPS]
        if unknown or not self.offences:
            raise OptionError(
                f"offences must be among {', '.join(OFFENCE_GROUPS)}: {len(unknown)} are not, of "
                f"{len(self.offences)}."
            )
        for name in ("least_ended", "used_share"):
            share = getattr(self, name)
            if share is not None and not 0 < share <= 1:
                raise OptionError(f"{name} must be above 0 and at most 1: it is not.")


CARD = Card(
    name="roll_out_effects",
    title="Convictions before and after a measure reached a court",
    question=(
        "Did the share convicted change where a measure had reached the court, compared with "
        "courts that it had not reached yet?"
    ),
    definition=(
        "For courts reached in one period (a wave), the change in the share convicted from the "
        "period before to each later one, less the change over the same time at courts not yet "
        "reached (group-time average effects, Callaway and Sant'Anna 2021); averaged over waves "
        f"and periods by their size. {INTENTION}"
    ),
    counting_unit="charges, defendants in cases, or cases, by the period of receipt of the case",
    population=(
        "Contested charges (plea of not guilty) of the offence groups named, with a verdict, in "
        "Crown Court trials"
    ),
    clock="The day on which the Crown Court received the case",
    does_not_count=(
        "guilty pleas, cases without a verdict, breaches, sentences and appeals",
        "courts reached before the second period of the window: nothing is seen of them before",
        "courts whose day is not known, unless bounded by their window",
        "cases received in the period of the start, before the day itself",
        "courts with cases in one period alone",
    ),
    censoring=(
        "Cases still open are not in it: the window of receipt closes while nearly all contested "
        "cases have ended. A court that moves to Common Platform counts with what it received "
        "until then; cases are not weighted"
    ),
    known_breaks=(
        "The commencement orders were by court and witness group; no research dataset holds the "
        "witness group",
        "Not all commencement orders were found: the calendar marks what is missing",
    ),
    needs=(
        Need("crown_court_defendant", "crown_offence", "verdict"),
        Need("crown_court_defendant", "crown_offence", "plea"),
    ),
    source=(
        "Group-time average effects: Callaway and Sant'Anna (2021), Journal of Econometrics 225(2)",
        "The unit is disputed: jury verdicts by charge, or cases with mixed verdicts; all three "
        "levels are given",
    ),
    options_type=RollOutOptions,
    subject="evaluations",
)
