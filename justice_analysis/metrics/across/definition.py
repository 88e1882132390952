"""What contact across jurisdictions means: options and cards, apart from the computation."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError

COHORTS = (
    "mothers_who_return",
    "mothers_in_first_care_proceedings",
    "defendants_first_known",
    "released_from_sentence",
)
NEEDS = (
    Need("cross_justice_linking", "xjs_link", "estimated_xjs_id"),
    Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),
)
_NOT_COUNTED = (
    "a contact on the index day itself, or further cases of the same set of proceedings",
    "a child whom a family case is about",
    "contact as a witness or a victim: no dataset records them",
    "a person whom no link joins across the systems: missed links lower every overlap",
    "cautions, the Single Justice Procedure and cases on Common Platform",
)
_BREAKS = (
    "Each system begins and ends at a time of its own: only time that every jurisdiction covers "
    "is compared",
    "Cafcass is joined to the courts through its own link, which is another than that of the rest",
)
_SOURCE = ("Data First: linking across courts, prisons and probation (Ministry of Justice)",)


@dataclass(frozen=True)
class CohortOptions:
    """Options that say whose contacts are counted."""

    cohort: str = choice("mothers_who_return", "whom to follow, and from when", *COHORTS)
    index_from: str | None = choice(None, "index date on or after this day (YYYY-MM-DD)")
    index_to: str | None = choice(None, "index date before this day")

    def __post_init__(self) -> None:
        check_choices(self)


@dataclass(frozen=True)
class OverlapOptions(CohortOptions):
    """Options of `contact_overlap`; each names the rule it settles."""

    when: str = choice("before", "look back from the index date, or ahead", "before", "after")
    years: int = choice(2, "years before the index date, or after it")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.years <= 10:
            raise OptionError("years must lie from 1 to 10.")


@dataclass(frozen=True)
class NextOptions(CohortOptions):
    """Options of `next_contact`; each names the rule it settles."""

    horizons: tuple[int, ...] = choice((365, 730, 1826), "days after the index date to report")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.horizons or any(days <= 0 for days in self.horizons):
            raise OptionError("horizons must be above 0 days: some are not.")


@dataclass(frozen=True)
class SequenceOptions:
    """Options of `contact_sequences`; it has none."""


OVERLAP_CARD = Card(
    name="contact_overlap",
    title="Contact with other courts before and after",
    question=(
        "How many people in one court were in contact with another in the years before or after?"
    ),
    definition=(
        "The share of a cohort with at least one case in each jurisdiction within so many years "
        "before (or after) the index date, the index day excluded; and how people divide by the "
        "jurisdictions that they were in contact with."
    ),
    counting_unit="people, each once",
    population="The cohort, where every jurisdiction was covered over the whole window",
    clock="The years before the index date, or after it",
    does_not_count=_NOT_COUNTED,
    censoring="Whoever was not covered over the whole window is left out, and counted",
    known_breaks=_BREAKS,
    needs=NEEDS,
    source=_SOURCE,
    options_type=OverlapOptions,
    subject="across courts",
)
NEXT_CARD = Card(
    name="next_contact",
    title="Time to the next contact with any court",
    question="How soon do people come before any court again, and before which?",
    definition=(
        "The cumulative incidence of the first contact after the index date, by jurisdiction; "
        "the first of them ends the time at risk of the others (Aalen-Johansen). Contacts in "
        "two jurisdictions on one day count as the family court's before the criminal court's "
        "before the civil court's."
    ),
    counting_unit="people, each once",
    population="The cohort",
    clock="From the index date to receipt of the next case, in days",
    does_not_count=_NOT_COUNTED,
    censoring="When the first of the jurisdictions is no longer covered",
    known_breaks=_BREAKS,
    needs=NEEDS,
    source=_SOURCE,
    options_type=NextOptions,
    subject="across courts",
)
SEQUENCE_CARD = Card(
    name="contact_sequences",
    title="In which order people meet the courts",
    question="Which court do people meet first, and which after it?",
    definition=(
        "People by the order of their first contact with each jurisdiction, in the time that "
        "all of them cover. First contacts on one day are named family, criminal, civil."
    ),
    counting_unit="people, each once",
    population="Everyone with a contact in the time that all jurisdictions cover",
    clock="The day of the first contact with each jurisdiction",
    does_not_count=(
        "further contacts with a jurisdiction that was met before",
        *_NOT_COUNTED[1:],
    ),
    censoring="None: an order that is still open counts as it stands",
    known_breaks=_BREAKS,
    needs=NEEDS,
    source=_SOURCE,
    options_type=SequenceOptions,
    subject="across courts",
)
