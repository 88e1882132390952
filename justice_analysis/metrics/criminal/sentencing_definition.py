"""What sentencing by court means: its options and its card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError
from justice_analysis.metrics.criminal.court_groups import COARSE
from justice_analysis.metrics.criminal.court_records import CROWN, MAGISTRATES
from justice_analysis.metrics.criminal.timeliness_definition import check_window

STRATA = ("offence_group", "case_type", "plea")


@dataclass(frozen=True)
class SentencingOptions:
    """Options of `sentencing_by_court`; each names the rule it settles."""

    court: str = choice(CROWN, "which courts", CROWN, MAGISTRATES)
    level: str = choice(
        "region",
        "what is compared: courts, which few rules of release allow to be named, or regions",
        "region",
        "court",
    )
    strata: tuple[str, ...] = choice(("offence_group",), f"what the mix is of: {', '.join(STRATA)}")
    least_mix: float = choice(
        0.95, "share of the national mix that a court must hear for a direct estimate"
    )
    breaches: str = choice(
        "exclude", "breaches and civil-order applications, no offences", "exclude", "count"
    )
    sentenced_from: str | None = choice(None, "first day of the sentence, inclusive")
    sentenced_to: str | None = choice(None, "day of the sentence, exclusive")

    def __post_init__(self) -> None:
        check_choices(self)
        check_window(self.sentenced_from, self.sentenced_to, ("sentenced_from", "sentenced_to"))
        unknown = [name for name in self.strata if name not in STRATA]
        if unknown or not self.strata or len(set(self.strata)) != len(self.strata):
            raise OptionError(f"strata must be among {', '.join(STRATA)}, each once.")
        if not 0 < self.least_mix <= 1:
            raise OptionError("least_mix must be above 0 and at most 1: it is not.")


CARD = Card(
    name="sentencing_by_court",
    title="Immediate custody by court",
    question="Do courts send a different share of the sentenced to prison, for the same offences?",
    definition=(
        "Of defendants sentenced, those whose principal sentence is immediate custody, by court. "
        "Directly standardised: the share that a court would have if it sentenced the national "
        "mix of offence groups. Indirectly: its custody over what its own mix would give at the "
        "national share of each group. Length is that of the principal sentence of immediate "
        "custody, in days, and its ratio to the mean of the court's own mix."
    ),
    counting_unit="sentenced defendants, by the principal sentence",
    population="Defendants sentenced in the Crown Court, or in magistrates' courts",
    clock="The day of the sentence",
    does_not_count=(
        "sentences for charges other than the principal one, and whether terms are concurrent",
        "suspended sentences, among custody",
        "breaches and civil-order applications, which are no offences, unless asked for",
        "custody whose length is not recorded (for life, say), among lengths",
        "judges and magistrates: who sentenced is no field of the model",
    ),
    censoring="None: sentences passed",
    known_breaks=(
        COARSE,
        "Earlier convictions, harm and culpability decide sentences, and are not in the mix",
        "Courts that moved to Common Platform early have fewer sentences, from earlier years",
    ),
    needs=(
        Need("crown_court_defendant", "crown_defendant_case", "disposal"),
        Need("crown_court_defendant", "crown_defendant_case", "offence_group"),
        Need("crown_court_defendant", "crown_defendant_case", "sentence_length_days"),
        Need("crown_court_defendant", "crown_defendant_case", "court_code"),
        Need("magistrates_defendant", "mags_defendant_case", "disposal"),
    ),
    source=(
        "Dobson and others (1991) and Wilson (1927) for the intervals, Spiegelhalter (2005) for "
        "the funnel; the question is one that the Centre for Public Data names as unanswered",
    ),
    options_type=SentencingOptions,
    subject="criminal courts",
)
