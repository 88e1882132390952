"""A profile in plain words: what each rule asks, its value, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from justice_analysis.disclosure.profiles.profile import Profile

WORDS = {
    "minimum_count": "Fewest people behind a number that is shown",
    "minimum_families": "Fewest families behind a number about children",
    "minimum_cases": "Fewest cases behind a number about co-defendants",
    "minimum_organisations": "Fewest organisations behind a number about organisations",
    "zeros_disclosive": "Zeros are hidden like other small counts",
    "class_disclosure": "Groups in which everyone, or nobody, has the attribute are hidden",
    "rounding_base": "Counts are rounded to a multiple of",
    "derived_from_rounded": "Shares are worked out from the rounded counts",
    "dominance_n": "How many of the largest contributors to a total are looked at together",
    "dominance_k": "Most of a total that these may make up",
    "p_ratio": "Least that must be left without the two largest, as a share of the largest",
    "percentile_tail": "Fewest people on each side of a percentile",
    "extremes": "Minima and maxima may be shown",
    "degrees_of_freedom": "Fewest residual degrees of freedom of a model",
    "survival_step": "Fewest people who leave a curve between two steps",
    "mechanism": "How numbers are protected",
    "named_places": "Places that may be named",
    "natures": "Data that may leave",
    "file_types": "File types that may be asked for",
    "max_rows": "Most rows of a table",
    "max_outputs": "Most outputs of a request",
    "max_file_mb": "Largest file, in megabytes",
}
MECHANISM_WORDS = {
    "none": "shown as they are",
    "suppress": "small cells hidden, with enough others; totals true",
    "round": "every number rounded by itself",
    "suppress_then_round": "small cells hidden, with enough others, and the rest rounded",
}
SHARES = ("dominance_k", "p_ratio")


@dataclass(frozen=True)
class DescribedRule:
    """One rule of a profile in words; `rule` is its name in the file.

    `status` is confirmed (read in the source), recalled (commonly quoted, not read) or ours.
    """

    rule: str
    meaning: str
    value: str
    status: str
    source: str


def describe_rules(profile: Profile, rules: Sequence[str]) -> tuple[DescribedRule, ...]:
    """Describe rules of a profile, in the order given."""
    return tuple(_described(profile, rule) for rule in rules)


def _described(profile: Profile, rule: str) -> DescribedRule:
    said = profile.sources.get(rule)
    status, source = (said.status, said.source) if said else ("ours", "Set in code; no source.")
    if said and said.looser_because:
        source = f"{source} Looser than its base, because: {said.looser_because}"
    return DescribedRule(
        rule, WORDS[rule], _value_in_words(rule, getattr(profile, rule)), status, source
    )


def _value_in_words(rule: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if rule in SHARES and isinstance(value, (int, float)):
        return f"{value:.4g}" if 0 < value < 0.001 else f"{100 * value:g}%"
    if isinstance(value, Mapping):
        used = dict.fromkeys(value.values())
        return "; ".join(
            f"{MECHANISM_WORDS[chosen]} ({', '.join(k for k in value if value[k] == chosen)})"
            for chosen in used
        ).replace("_", " ")
    if isinstance(value, tuple):
        return ", ".join(value).replace("_", " ") or "none"
    return f"{value:,}"
