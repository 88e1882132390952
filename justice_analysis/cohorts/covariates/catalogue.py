"""What can be known of a person before an index date: the names and meanings of covariates."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from justice_analysis.codes import OASYS_ITEMS, OASYS_PREFIX, OFFENCE_GROUPS
from justice_analysis.errors import OptionError, listed

EVER = "ever"
WINDOW_MONTHS: dict[str, int | None] = {EVER: None, "2y": 24, "1y": 12}
"""Look-back windows: the months before the index, whole calendar months; `ever` has no start."""
WINDOW_WORDS = {EVER: "ever", "2y": "in the 2 years", "1y": "in the year"}
COURTS, PNC, CUSTODY, FAMILY, CARE, OASYS, PROBATION, PERSON = (
    "courts",
    "pnc",
    "custody",
    "family",
    "social_care",
    "oasys",
    "probation",
    "person",
)
DATASETS: dict[str, tuple[str, ...]] = {
    COURTS: ("magistrates_defendant", "crown_court_defendant"),
    PNC: ("moj_dfe",),
    CUSTODY: ("prisoner_custodial_journey",),
    FAMILY: ("cafcass_england", "family_court", "cafcass_cymru"),
    CARE: ("moj_dfe",),
    OASYS: ("offender_assessments_oasys",),
    PROBATION: ("probation",),
}
"""Where each kind of history is recorded; of several family systems the first one's coverage
counts, of the two criminal courts the shorter."""


@dataclass(frozen=True)
class Covariate:
    """One thing about a person that was so before the index date.

    Attributes
    ----------
    name
        Of its column.
    block
        The history it is read from, in one engine pass with the others of its block.
    fact
        What is counted or read there.
    window
        `ever`, `2y` or `1y` before the index; missing for what has no window.
    unit
        What its number is: convictions, days, years, rank.
    meaning
        One sentence, in plain words.
    is_count
        Whether 0 is what it is of a person of whom nothing is recorded.
    """

    name: str
    block: str
    fact: str
    window: str | None
    unit: str
    meaning: str
    is_count: bool = False


def _windowed(block: str, fact: str, unit: str, words: str) -> Iterable[Covariate]:
    for window, when in WINDOW_WORDS.items():
        name = f"{fact}_{window}"
        meaning = f"{words} {when} before the index."
        yield Covariate(name, block, fact, window, unit, meaning, is_count=True)


def _court_history() -> Iterable[Covariate]:
    yield from _windowed(
        COURTS,
        "convictions",
        "convictions",
        "Charges found or pleaded guilty, in a magistrates' court or at trial in the Crown Court,",
    )
    yield from _windowed(COURTS, "conviction_days", "days", "Different days with a conviction")
    yield from _windowed(
        COURTS, "court_cases", "proceedings", "Criminal proceedings received, whatever came of them"
    )
    for group, label in OFFENCE_GROUPS.items():
        words = f"Convictions for {label[:1].lower()}{label[1:]}"
        yield from _windowed(COURTS, f"convictions_{group}", "convictions", words)
    yield Covariate(
        "age_at_first_conviction",
        COURTS,
        "first_conviction",
        None,
        "years",
        "Completed years at the first conviction recorded before the index; below 10, the age of "
        "criminal responsibility, it is missing.",
    )


def _other_history() -> Iterable[Covariate]:
    yield from _windowed(PNC, "pnc_convictions", "convictions", "Sentenced offences in PNC records")
    yield from _windowed(PNC, "pnc_cautions", "cautions", "Cautioned offences in PNC records")
    yield from _windowed(PNC, "pnc_serious_violence", "offences", "Serious violence in PNC records")
    yield from _windowed(CUSTODY, "custody_days", "days", "Days in custody, each counted once,")
    yield from _windowed(CUSTODY, "custody_spells", "spells", "Spells of custody that began")
    for kind, words in (("family", "Family"), ("care", "Care")):
        for role, said in (
            ("parent", "as a recorded parent of a subject child"),
            ("adult", "as an adult party"),
            ("child", "as a subject child"),
        ):
            yield from _windowed(
                FAMILY,
                f"{kind}_proceedings_as_{role}",
                "proceedings",
                f"{words} proceedings issued, {said},",
            )
    yield from _windowed(CARE, "looked_after_episodes", "episodes", "Episodes of care that began")
    yield from _windowed(CARE, "in_need_episodes", "episodes", "Episodes of need that began")


def _nearest() -> Iterable[Covariate]:
    yield Covariate(
        "imd_rank",
        PROBATION,
        "imd_rank",
        None,
        "rank, 1 the most deprived",
        "Deprivation rank of the last area of residence recorded by probation before the index.",
    )
    for item, words in OASYS_ITEMS.items():
        yield Covariate(
            f"oasys_{item}",
            OASYS,
            f"{OASYS_PREFIX}{item}",
            None,
            "as in OASys; yes is 1, no is 0",
            f"OASys, {words[:1].lower()}{words[1:]}: the last answer before the index.",
        )
    yield Covariate(
        "oasys_days",
        OASYS,
        "oasys_days",
        None,
        "days",
        "Days from the last OASys answer before the index, whatever the item, to the index.",
    )


def _person() -> Iterable[Covariate]:
    yield Covariate(
        "age",
        PERSON,
        "age",
        None,
        "years",
        "Completed years at the index, from the first of the month of birth.",
    )
    yield Covariate("is_female", PERSON, "is_female", None, "yes is 1, no is 0", "Recorded female.")


COVARIATES: dict[str, Covariate] = {
    covariate.name: covariate
    for source in (_person, _court_history, _other_history, _nearest)
    for covariate in source()
}
"""Every covariate by the name of its column."""


def chosen(names: Sequence[str]) -> tuple[Covariate, ...]:
    """The covariates of some names, in the order given.

    Raises
    ------
    OptionError
        If none is named, a name is unknown, or one stands twice.
    """
    problems = []
    if not names:
        problems.append("covariates must be named: none was.")
    for name in names:
        if name not in COVARIATES:
            near = ", ".join(difflib.get_close_matches(name, COVARIATES, n=3)) or "age, convictions"
            problems.append(f"there is no covariate {name!r}. Did you mean {near}?")
    if len(set(names)) != len(names):
        problems.append("each covariate must be named once: one is named twice.")
    if problems:
        raise OptionError(listed(problems))
    return tuple(COVARIATES[name] for name in names)
