"""What profiles of recurrence mean: options and card."""

from __future__ import annotations

from dataclasses import dataclass

from justice_analysis.definitions import Card, Need, check_choices, choice
from justice_analysis.errors import OptionError, listed
from justice_analysis.metrics.family.children import window_problems
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions

FIVE_YEARS = 1826


@dataclass(frozen=True)
class RecurrenceProfilesOptions:
    """Options of `recurrence_profiles`; each names the rule it settles."""

    parent: str = choice("mother", "whose first set is the index", "mother", "father")
    followup_days: int = choice(
        FIVE_YEARS, "days followed from issue of the first set; all of them must have been seen"
    )
    by: str | None = choice(None, "groups to show apart", None, "age_band", "cohort")
    index_from: str | None = choice(None, "first day of issue of the first set, inclusive")
    index_to: str | None = choice(None, "day of issue of the first set, exclusive")
    lookback_years: int = choice(
        1, "years of history that must be observable before the first set", 0, 1, 2, 3
    )
    precedence: tuple[str, ...] = choice(
        ("cafcass_england", "family_court", "cafcass_cymru"),
        "which source's dates are used where one set is in several",
    )

    def __post_init__(self) -> None:
        check_choices(self)
        problems = window_problems(self.index_from, self.index_to, ("index_from", "index_to"))
        if self.followup_days < 1:
            problems.append("followup_days must be at least 1.")
        if problems:
            raise OptionError(listed(problems))

    @property
    def recurrence(self) -> RecurrenceOptions:
        """The same rules as options of `recurrence`."""
        return RecurrenceOptions(
            parent=self.parent,
            index_from=self.index_from,
            index_to=self.index_to,
            lookback_years=self.lookback_years,
            followup_days=self.followup_days,
            by=self.by,
            precedence=self.precedence,
        )


CARD = Card(
    name="recurrence_profiles",
    title="With whom parents return in further care proceedings",
    question="Do parents who return come back with the same partner, another one, or alone?",
    definition=(
        "For each parent who returns within the follow-up, the other parents recorded in the "
        "first set and in the first return. Same couple: one of them is in both sets. Another "
        "partner: both sets have other parents, and none is in both. Partner only at the return, "
        "partner only before (alone at the return), alone both times: the same by who is recorded. "
        "For couples (each mother and father of the first set): both return in one set, both "
        "apart, the mother alone, the father alone, neither."
    ),
    counting_unit="parents who return, each once; couples of a first set, each once",
    population=(
        "Parents in a first observed set of care proceedings who could be followed for the whole "
        "follow-up; for couples, the other parents recorded in that set"
    ),
    clock="From issue of the first set to issue of the next, in days",
    does_not_count=(
        "a set issued on the same day as the first",
        "later returns of the same parent: the first alone is described",
        "an adult who is no recorded parent of a subject child of the set: a partner who is no "
        "parent is not seen",
        "parents whose follow-up is not complete, so that shares need no censoring",
        "a return of one of a couple after the follow-up",
    ),
    censoring=(
        "None: parents whose whole follow-up was not seen are left out, and counted in the "
        "selection. Deaths are not used"
    ),
    known_breaks=(
        "A parent who is not linked, or not recorded, looks absent: alone is alone in the record",
        "Bedston's five profiles (recurrent family, recurrent couple, re-partnered couple, complex "
        "recurrence, lone parent) are latent classes of a model; these are descriptions by rule, "
        "and the two are not the same",
    ),
    needs=(
        Need("cafcass_england", "ecms_cases", "ID_PE"),
        Need("cafcass_england", "ecms_applications", "APPLICATIONTYPE1_ID"),
        Need("cafcass_england", "ecms_applications", "DATERECEIVED"),
        Need("cafcass_england", "ecms_personsonapplications", "ISSUBJECT"),
        Need("cafcass_england", "ecms_personrelationships", "RELATIONSHIPTYPE_ID"),
        Need("cafcass_england", "ecms_people", "GENDER"),
        Need("cafcass_england", "ecms_people", "ALF_PE"),
    ),
    source=(
        "Bedston et al. (2019), International Journal of Population Data Science 4(3): parents "
        "and couples who return (its classes are not reproduced)",
        "Rules of first set and return: the metric recurrence",
    ),
    options_type=RecurrenceProfilesOptions,
    subject="family courts",
)
