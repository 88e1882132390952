"""Checks of a profile's rules: each of its type, together safe, and which of two is stricter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from justice_analysis.definitions.output import KINDS
from justice_analysis.disclosure.rounding import to_base

if TYPE_CHECKING:
    from justice_analysis.disclosure.profiles.profile import Profile

MECHANISMS = ("none", "suppress_then_round", "suppress", "round")
NATURES = ("open", "synthetic", "restricted")
MINIMUMS = ("minimum_count", "minimum_families", "minimum_cases", "minimum_organisations")
HIGHER_IS_STRICTER = (
    *MINIMUMS,
    "rounding_base",
    "dominance_n",
    "p_ratio",
    "percentile_tail",
    "degrees_of_freedom",
    "survival_step",
)
LOWER_IS_STRICTER = ("dominance_k", "max_rows", "max_outputs", "max_file_mb")
SHARES = ("dominance_k", "p_ratio")
WHOLE = tuple(name for name in (*HIGHER_IS_STRICTER, *LOWER_IS_STRICTER) if name not in SHARES)
STRICT_IF_TRUE = ("zeros_disclosive", "class_disclosure", "derived_from_rounded")
STRICT_IF_FALSE = ("extremes",)
SWITCHES = (*STRICT_IF_TRUE, *STRICT_IF_FALSE)
LISTS = ("named_places", "natures", "file_types")
NOT_EMPTY = ("natures", "file_types")


def type_problems(rule: str, value: object) -> list[str]:
    """Say how the value of one rule is not what the rule needs; nothing if it is."""
    if rule in WHOLE and not _is_whole(value):
        return [f"rule {rule} must be a whole number of at least 1, written in digits."]
    if rule in SHARES and not _is_share(value):
        return [f"rule {rule} must be a share from 0 to 1."]
    if rule in SWITCHES and not isinstance(value, bool):
        return [f"rule {rule} must be true or false."]
    if rule in LISTS:
        return _list_problems(rule, value)
    return _mechanism_problems(value) if rule == "mechanism" else []


def safety_problems(profile: Profile) -> list[str]:
    """Combinations of rules that would look safe and not be."""
    problems = []
    mechanisms = set(profile.mechanism.values())
    minimum, base = profile.minimum_count, profile.rounding_base
    if "restricted" in profile.natures and "none" in mechanisms:
        problems.append("mechanism none is not allowed where restricted data may leave.")
    if mechanisms & {"round", "suppress_then_round"} and not profile.derived_from_rounded:
        problems.append("derived_from_rounded must be true wherever counts are rounded.")
    if "suppress_then_round" in mechanisms and to_base(minimum, base) < minimum:
        problems.append(
            f"no number shown may fall below minimum_count: rounded to rounding_base, {minimum} "
            f"becomes {to_base(minimum, base)}. Set minimum_count to "
            f"{least_minimum_to_round(minimum, base)}, or another base."
        )
    if "round" in mechanisms and base < least_base_to_round(minimum):
        problems.append(
            "mechanism round needs a rounding_base so wide that a rounded small number may be "
            f"0 and may be {minimum}: with minimum_count {minimum} it is at least "
            f"{least_base_to_round(minimum)}. Use suppress_then_round, or that base."
        )
    if profile.survival_step < minimum:
        problems.append("survival_step must not be less than minimum_count.")
    return problems


def least_minimum_to_round(minimum_count: int, base: int) -> int:
    """Least minimum, from this one up, below which no count falls that is rounded to the base."""
    counts = range(minimum_count, minimum_count + base)
    return next(count for count in counts if to_base(count, base) >= count)


def least_base_to_round(minimum_count: int) -> int:
    """Least base at which rounding alone protects every count under the minimum.

    Such a count must be shown as 0, and 0 must be what the minimum itself is shown as: else the
    rounded number tells that the count is below the minimum, or that it is not 0. Halves are
    rounded up, so a base of twice the minimum isn't enough.
    """
    return 2 * minimum_count + 1


def is_looser(rule: str, value: object, than: object) -> bool:
    """Whether a value of a rule lets more out than another; both are of the rule's type."""
    if rule in LOWER_IS_STRICTER:
        return _number(value) > _number(than)
    if rule in HIGHER_IS_STRICTER:
        return _number(value) < _number(than)
    if rule in SWITCHES:
        return value != than and value is (rule in STRICT_IF_FALSE)
    if rule in LISTS:
        assert isinstance(value, (tuple, list))
        assert isinstance(than, (tuple, list))
        return not {*value} <= {*than}
    assert isinstance(value, Mapping)
    assert isinstance(than, Mapping)
    return any(_mechanism_is_looser(value[kind], than.get(kind)) for kind in value)


def stricter_of(rule: str, one: object, other: object) -> object:
    """Return the value of a rule that keeps what either of two values keeps."""
    if rule in LISTS:
        assert isinstance(one, tuple)
        assert isinstance(other, tuple)
        return tuple(name for name in one if name in other)
    if rule == "mechanism":
        assert isinstance(one, Mapping)
        assert isinstance(other, Mapping)
        return {k: _stricter_mechanism(one[k], other[k]) for k in one if k in other}
    return other if is_looser(rule, one, other) else one


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_share(value: object) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(_number(value)) and 0 <= _number(value) <= 1


def _number(value: object) -> float:
    assert isinstance(value, (int, float))
    return value


def _list_problems(rule: str, value: object) -> list[str]:
    is_list = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    if not is_list or not all(isinstance(name, str) for name in value):  # type: ignore[attr-defined]
        return [f"rule {rule} must be a list of names, such as [a, b]."]
    names = list(value)  # type: ignore[call-overload]
    problems = []
    if rule in NOT_EMPTY and not names:
        problems.append(f"rule {rule} must name at least one: with none, nothing may leave.")
    if len(set(names)) < len(names):
        problems.append(f"rule {rule} must name each once.")
    if rule == "natures":
        problems += [
            f"rule natures names {name}, which is unknown: it must be one of {', '.join(NATURES)}."
            for name in names
            if name not in NATURES
        ]
    elif not all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name) for name in names):
        problems.append(f"rule {rule} must hold lower-case letters, digits and _ alone (no dots).")
    return problems


def _mechanism_problems(value: object) -> list[str]:
    if not isinstance(value, Mapping) or not value:
        return ["rule mechanism must name one mechanism for each kind of output."]
    problems = [
        f"rule mechanism names the kind {kind}, which is unknown."
        for kind in value
        if kind not in KINDS
    ]
    return problems + [
        f"rule mechanism must be one of {', '.join(MECHANISMS)} for {kind}."
        for kind, chosen in value.items()
        if chosen not in MECHANISMS
    ]


def _mechanism_is_looser(chosen: str, than: str | None) -> bool:
    """Hiding and rounding by themselves keep different things: neither is the stricter."""
    keeps_more = than == "none" or (than is not None and chosen == "suppress_then_round")
    return chosen != than and not keeps_more


def _stricter_mechanism(one: str, other: str) -> str:
    if "none" in (one, other):
        return other if one == "none" else one
    return one if one == other else "suppress_then_round"
