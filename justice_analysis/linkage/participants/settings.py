"""What a linkage is made by: fields, rules, thresholds, and the least people it may serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from justice_analysis.errors import UsageError, listed

# Each with where it is from; only what was read in a source may be printed as a fact.
MINIMUM_SUBMITTED = 60
MINIMUM_SUBMITTED_SOURCE = (
    "Justice Data Lab, as users of it describe its guidance of 2013; not read in the Lab's own "
    "words"
)
MINIMUM_MATCHED = 30
MINIMUM_MATCHED_SOURCE = "recalled of the Justice Data Lab's practice; no source was found"

FIELDS = ("forename", "surname", "birth_date", "gender", "postcode", "pnc_id")
# A pair that agrees on all columns of one rule is compared; columns that are worked out of the
# fields may stand here too (`columns.DERIVED`).
BLOCKING = (
    ("pnc_id",),
    ("forename", "surname"),
    ("swapped",),
    ("birth_date",),
    ("postcode", "surname_start"),
    ("postcode", "forename_start"),
    ("surname", "birth_year_month"),
    ("surname", "birth_day_month"),
    ("forename", "birth_year_month"),
    ("forename", "postcode_district", "birth_year"),
    ("surname", "postcode_district"),
)
# Pairs that agree on one of these are taken for the same person, to begin with.
CERTAIN = (
    ("pnc_id",),
    ("forename", "surname", "birth_date"),
    ("surname", "birth_date", "postcode"),
)
TRAINING = (("birth_date",), ("forename", "surname"), ("postcode",))


@dataclass(frozen=True)
class LinkSettings:
    """How participants are linked.

    Attributes
    ----------
    threshold
        Least match probability of a link, above 0 and below 1. At 0.9 a link that is wrong
        puts a stranger among the treated, so precision comes before recall.
    extra
        Further text columns that both files have, compared exactly and by likeness.
    blocking
        Rules by which pairs are compared at all: columns of which all must agree.
    certain
        Rules for the share of random pairs that are one person.
    certain_recall
        Share of true pairs that the rules of `certain` are taken to find (assumed).
    training
        Blocking rules for the EM; each trains the comparisons that it does not fix.
    random_pairs
        Most random pairs from which agreement by chance (u) is estimated.
    assumed_pairs
        Weight of the model's assumed agreement among true pairs (m), as a number of pairs
        added to those that the EM saw: it matters for short lists, and keeps a level that no
        pair reached from being impossible.
    tie_weight
        Two population people whose match weights (bits) differ by less are a tie.
    review_pairs
        Pairs to write for clerical review, spread over strata of match weight.
    minimum_submitted, minimum_matched
        Fewer people than these and no effect may be estimated.
    """

    threshold: float = 0.9
    extra: tuple[str, ...] = ()
    blocking: tuple[tuple[str, ...], ...] = BLOCKING
    certain: tuple[tuple[str, ...], ...] = CERTAIN
    certain_recall: float = 0.7
    training: tuple[tuple[str, ...], ...] = TRAINING
    random_pairs: float = 1e6
    assumed_pairs: float = 10.0
    tie_weight: float = 0.01
    review_pairs: int = 60
    minimum_submitted: int = MINIMUM_SUBMITTED
    minimum_matched: int = MINIMUM_MATCHED

    def __post_init__(self) -> None:
        """Refuse settings that make no sense, all at once."""
        if problems := self._problems():
            raise UsageError(listed(problems))

    def _problems(self) -> list[str]:
        shares = {"threshold": self.threshold, "certain_recall": self.certain_recall}
        found = [
            f"{name} must be above 0 and below 1." for name, x in shares.items() if not 0 < x < 1
        ]
        if self.random_pairs < 1000:
            found.append("random_pairs must be at least 1,000.")
        if min(self.assumed_pairs, self.tie_weight) <= 0:
            found.append("assumed_pairs and tie_weight must be more than 0.")
        if min(self.review_pairs, self.minimum_submitted, self.minimum_matched) < 0:
            found.append("review_pairs and the minimums must not be negative.")
        if len(self.training) < 2:
            found.append("training needs two rules or more, so that each field is trained by one.")
        if not self.blocking or not self.certain:
            found.append("blocking and certain need a rule at least.")
        return found

    def as_record(self) -> dict[str, Any]:
        """The settings with the sources of the minimums, for `links.json`."""
        sources: Mapping[str, str] = {
            "minimum_submitted_source": MINIMUM_SUBMITTED_SOURCE,
            "minimum_matched_source": MINIMUM_MATCHED_SOURCE,
        }
        return {**asdict(self), **sources}
