"""What reconviction on court records is: the options and the card, apart from the computation."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.metrics.person_groups import PERSON_GROUPS, check_window


@dataclass(frozen=True)
class ReconvictionOptions:
    """Options of `reconviction_12m6m`; each names the rule it settles."""

    index_from: str | None = choice(None, "index date on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "index date before this day")
    index: str = choice(
        "both",
        "who is followed: people released from custody, people sentenced in court but not to "
        "custody, or both",
        "both",
        "release",
        "sentence",
    )
    by: str | None = choice(None, "groups to show apart", None, "index_event", *PERSON_GROUPS)

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.index_from, self.index_to)


CARD = Card(
    name="reconviction_12m6m",
    title="Reconviction within a year, on court records",
    question=(
        "What share of people released from custody or sentenced in court are convicted of an "
        "offence committed in the year after?"
    ),
    definition=(
        "A person is reconvicted if a magistrates' court or the Crown Court finds them guilty "
        "of an offence committed in the 12 months from the index date, within those months or "
        "6 more (18 months from the index date). It has the time limits of proven reoffending "
        "and not its sources, so it is another measure."
    ),
    counting_unit="people, each once: at the first index date in the window",
    population=(
        "Linked people with a release from custody, or a sentence of a criminal court other "
        "than immediate custody, in the window, whose court was covered for 18 months more"
    ),
    clock=(
        "From release (that day included), or from the day of the sentence, to the day of the "
        "offence: 12 calendar months, the last day excluded"
    ),
    does_not_count=(
        "a caution: courts do not record them (official proven reoffending counts them)",
        "a case under the Single Justice Procedure, or on Common Platform: in no research dataset",
        "an offence committed before the index date, however late it is convicted",
        "on the day of a sentence, an offence of the case that was sentenced",
        "a conviction later than 18 months after the index date",
        "a breach or civil-order application, and a charge without a recorded day",
        "a second reconviction: people are counted",
        "a release whose day was not recorded (custody without an end)",
    ),
    censoring=(
        "None: people are counted whose court was covered until 18 months after the index date; "
        "the others are set aside, and counted. A release counts under the court of the person's "
        "last case before it; without one, until the first court left the data"
    ),
    known_breaks=(
        "Courts moved to Common Platform: the window should end 18 months before the first",
        "Deaths and moves abroad are not recorded: those people count as not reconvicted",
        "Time in custody in the year is not taken off",
        "A missed link lowers the share",
    ),
    needs=(
        Need("magistrates_defendant", "mags_offence", "offence_date"),
        Need("magistrates_defendant", "mags_offence", "verdict"),
        Need("magistrates_defendant", "mags_defendant_case", "final_result_date"),
        Need("magistrates_defendant", "mags_defendant_case", "disposal"),
        Need("prisoner_custodial_journey", "nomis", "journey_end_date"),
        Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
    ),
    source=(
        "Time limits of proven reoffending statistics (Ministry of Justice): an offence within "
        "12 months that leads to a conviction within those or a further 6 months",
    ),
    options_type=ReconvictionOptions,
    subject="criminal courts",
)
