"""Questions about the criminal courts that no known dataset can answer: defined, not computed."""

from __future__ import annotations

from justice_analysis.definitions import Card, Gap, definition_only
from justice_analysis.metrics.criminal.guilty_plea_stage import NoOptions

HMCTS = "HM Courts and Tribunals Service"
DATA_FIRST = "ask for it in a further iteration of the Data First criminal courts data"

TRIALS = Card(
    name="trial_effectiveness",
    title="Effective, cracked, ineffective and vacated trials",
    question="How many listed trials go ahead, and why do the others not?",
    definition=(
        "Of trials listed for a day, the shares that were effective, cracked or ineffective. "
        "Vacated trials are counted too, and are left out of these three shares."
    ),
    counting_unit="trials listed for a day; a case relisted counts again",
    population="Trials listed in the Crown Court or in magistrates' courts",
    clock="The day for which the trial was listed",
    does_not_count=("vacated trials, in the three shares", "hearings other than trials"),
    censoring="None: listings of the period",
    known_breaks=(),
    needs=(),
    source=(
        "Criminal court statistics quarterly, Ministry of Justice, for the ineffective trial "
        "rate; the four categories as its data label them",
    ),
    options_type=NoOptions,
    subject="criminal courts",
    gap=Gap(
        missing="listings of trials with what became of each",
        owner=HMCTS,
        route=f"{DATA_FIRST}, as a table of hearings with their outcome and its reason",
    ),
)
SITTING = Card(
    name="sitting_days",
    title="Days sat by the Crown Court",
    question="How much time do courts sit, and how does it go with the cases that they end?",
    definition="Days sat by the judges of a court in a period, by kind of court.",
    counting_unit="days sat",
    population="Courtrooms of the Crown Court",
    clock="The day sat",
    does_not_count=("days for which a courtroom was listed and did not sit",),
    censoring="None: a count of days",
    known_breaks=(),
    needs=(),
    source=("Management information of the courts; no publication is followed",),
    options_type=NoOptions,
    subject="criminal courts",
    gap=Gap(
        missing="days sat by court",
        owner=HMCTS,
        route="ask for its management information on sittings, by court and day",
    ),
)
VICTIMS = Card(
    name="victim_attrition",
    title="Cases that stop because a victim or witness withdraws",
    question="How many cases stop, before charge and after it, because a victim withdraws?",
    definition=(
        "Of offences recorded, the share closed because the victim does not support action; of "
        "cases charged, the share stopped for a reason of the victim or of witnesses."
    ),
    counting_unit="offences recorded before charge, cases after it",
    population="Offences recorded by the police, and cases charged",
    clock="The day on which the investigation or the case was closed",
    does_not_count=("cases that stopped for another reason of evidence",),
    censoring="None: closures of the period",
    known_breaks=(),
    needs=(),
    source=("Criminal justice scorecards: timeliness, and attrition of victims",),
    options_type=NoOptions,
    subject="criminal courts",
    gap=Gap(
        missing="why an investigation or a prosecution was stopped",
        owner="The police and the Crown Prosecution Service",
        route=(
            "ask for outcomes of recorded crime and reasons for stopping, linked to the court "
            "case by its reference"
        ),
    ),
)
UNREPRESENTED = Card(
    name="unrepresented_defendants",
    title="Defendants in magistrates' courts without a lawyer",
    question="How many defendants in magistrates' courts have no lawyer?",
    definition="Of defendants whose case ended, those without a legal representative on record.",
    counting_unit="defendants in cases",
    population="Defendants in magistrates' courts",
    clock="The day on which the case ended",
    does_not_count=("cases under the Single Justice Procedure, which have no hearing",),
    censoring="None: cases that ended",
    known_breaks=(),
    needs=(),
    source=(
        "Centre for Public Data, report of March 2023, which names the question as unanswered",
    ),
    options_type=NoOptions,
    subject="criminal courts",
    gap=Gap(
        missing="whether a defendant in a magistrates' court was represented",
        owner=HMCTS,
        route=f"{DATA_FIRST}, or link it to records of the Legal Aid Agency",
    ),
)

for card in (TRIALS, SITTING, VICTIMS, UNREPRESENTED):
    definition_only(card)
