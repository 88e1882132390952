"""The rules of a place: what may leave it, read from a profile and checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from justice_analysis.disclosure.profiles import checks
from justice_analysis.disclosure.profiles.files import description_problems, read_yaml
from justice_analysis.disclosure.profiles.words import DescribedRule, describe_rules
from justice_analysis.errors import DisclosureError, listed

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class RuleSource:
    """Where a rule's value comes from.

    `status` is `confirmed` (read in the source), `recalled` (commonly quoted, not read) or `ours`
    (chosen by whoever wrote the profile); `looser_because` says why a rule is looser than the one
    of the profile it is based on.
    """

    status: str
    source: str
    looser_because: str = ""


@dataclass(frozen=True)
class Profile:
    """The disclosure rules of one place.

    Attributes
    ----------
    minimum_count
        Fewest distinct people behind a number that is shown; means, medians and standard
        deviations are numbers about their people.
    minimum_families, minimum_cases, minimum_organisations
        Fewest distinct families behind a number about children, cases behind one about
        co-defendants, and organisations behind one that names or describes these.
    zeros_disclosive
        Whether a zero is hidden like any other count under the minimum.
    class_disclosure
        Whether a group in which everyone, or nobody, has the attribute is hidden.
    rounding_base
        Every count shown is a multiple of it; 1 leaves counts as they are. Kinds of output with
        mechanism `suppress` show true counts.
    derived_from_rounded
        Whether shares are worked out again from the rounded counts.
    dominance_n, dominance_k
        A total is hidden where its largest `n` people, or organisations, make up more than the
        share `k` of it.
    p_ratio
        A total is hidden where what is left without the two largest is less than this share of
        the largest: the second could work the first out as closely.
    percentile_tail
        Fewest people on each side of a percentile.
    extremes
        Whether minima and maxima may be shown: they are single people's values.
    degrees_of_freedom
        Fewest residual degrees of freedom of a model.
    survival_step
        Fewest people who must leave a curve between two published steps.
    mechanism
        For each kind of output: `none`, `suppress` (hidden cells, true totals), `round` (every
        number by itself) or `suppress_then_round`. A kind that is not named is refused.
    named_places
        Levels of places that may be named.
    natures
        Natures of data (open, synthetic, restricted) that may leave under this profile.
    file_types
        File name endings that may stand in the request.
    max_rows, max_outputs, max_file_mb
        Longest table, most outputs of one request, and largest file in megabytes.
    sources
        Status and source of each rule; two profiles with the same rules are equal whatever these.
    """

    name: str
    title: str
    minimum_count: int
    minimum_families: int
    minimum_cases: int
    minimum_organisations: int
    zeros_disclosive: bool
    class_disclosure: bool
    rounding_base: int
    derived_from_rounded: bool
    dominance_n: int
    dominance_k: float
    p_ratio: float
    percentile_tail: int
    extremes: bool
    degrees_of_freedom: int
    survival_step: int
    mechanism: Mapping[str, str]
    named_places: tuple[str, ...]
    natures: tuple[str, ...]
    file_types: tuple[str, ...]
    max_rows: int
    max_outputs: int
    max_file_mb: int
    sources: Mapping[str, RuleSource] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        problems = [p for rule in RULES for p in checks.type_problems(rule, getattr(self, rule))]
        if problems := problems or checks.safety_problems(self):
            raise DisclosureError(listed(problems))

    def protects(self, kind: str) -> bool:
        """Whether numbers of this kind of output are hidden or rounded at all."""
        return self.mechanism.get(kind) != "none"


RULES = tuple(
    rule.name for rule in fields(Profile) if rule.name not in ("name", "title", "sources")
)
MAY_BE_TIGHTENED = tuple(
    rule for rule in RULES if rule not in ("mechanism", "natures", "derived_from_rounded")
)
ABOUT_FILES = ("named_places", "file_types", "max_rows", "max_outputs", "max_file_mb")
FOLLOW_THE_MINIMUM = ("minimum_families", "minimum_cases", "percentile_tail", "survival_step")
"""Rules that are the minimum for people in another place: they rise with it."""


def names() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def describe(name_or_path: str | Path | Profile) -> tuple[DescribedRule, ...]:
    """Describe a profile in plain words: one row per rule, with its value, status and source."""
    profile = load(name_or_path)
    return describe_rules(profile, RULES)


def load(name_or_path: str | Path | Profile) -> Profile:
    """Read a profile by name, or a data owner's own from a file.

    Raises
    ------
    DisclosureError
        If there is no such profile, or it has an unknown, missing, unsourced or senseless rule.
    """
    if isinstance(name_or_path, Profile):
        return name_or_path
    if str(name_or_path) in names():
        return from_mapping(read_yaml(SHIPPED / f"{name_or_path}.yaml"))
    path = Path(name_or_path)
    if not path.exists():
        raise DisclosureError(
            f"a disclosure profile must be one of {', '.join(names())} or a file: "
            f"{name_or_path} is neither."
        )
    profile = from_mapping(read_yaml(path))
    if profile.name in names():
        raise DisclosureError(
            f"{path.name} must have a name of its own: {profile.name} comes with the package."
        )
    return profile


def from_mapping(described: Any) -> Profile:
    """Make a profile from `name`, `title` and `rules`, each rule a value with its source.

    With `based_on` (a profile that comes with the package) only the rules that differ are given;
    rules that stand for the minimum in families, cases, tails and steps rise with it.
    A rule that is looser than the base's must be `confirmed` and say `looser_because`.

    Raises
    ------
    DisclosureError
        With every problem at once: unknown, missing, unsourced, mistyped or looser rules; or
        rules that are unsafe together.
    """
    if not isinstance(described, Mapping) or not isinstance(described.get("rules"), Mapping):
        raise DisclosureError("a disclosure profile must have a name, a title and rules.")
    base, problems = _base(described)
    rules = described["rules"]
    problems += description_problems(described, names=RULES, base=base)
    if problems:
        raise DisclosureError(listed(problems))
    values = {name: _frozen(rule["value"]) for name, rule in rules.items()}
    sources = {
        name: RuleSource(rule["status"], rule["source"], rule.get("looser_because", ""))
        for name, rule in rules.items()
    }
    heading = {"name": described["name"], "title": described["title"]}
    if base is None:
        return Profile(**heading, **values, sources=sources)
    risen = _risen(base, values)
    said = RuleSource("ours", "Rises with minimum_count, for which it stands.")
    sources = {**base.sources, **dict.fromkeys(risen, said), **sources}
    return replace(base, **heading, **{**risen, **values}, sources=sources)


def stricter(profile: Profile, overrides: Mapping[str, Any] | None) -> Profile:
    """Tighten a profile by a parameter file's `disclosure` block.

    Parameters
    ----------
    overrides
        Any of `MAY_BE_TIGHTENED`, none looser than the profile's own. Rules that stand for the
        minimum in families, cases, tails and steps rise with `minimum_count`.

    Raises
    ------
    DisclosureError
        If an override is unknown, of the wrong type, or looser than the profile.
    """
    changed = {} if overrides is None else overrides
    if not isinstance(changed, Mapping):
        raise DisclosureError("disclosure must name rules and values.")
    problems = [
        problem for name in changed for problem in _override_problems(profile, changed, name)
    ]
    if problems:
        raise DisclosureError(listed(problems))
    values = {
        name: _frozen(value)
        for name, value in changed.items()
        if checks.is_looser(name, getattr(profile, name), _frozen(value))
    }
    return _with_stricter(profile, values) if values else profile


def strictest(profiles: list[Profile]) -> Profile:
    """Join tightened versions of one profile: outputs judged together obey the tightest.

    Where the minimum of one, rounded to the base of another, would fall below itself, it rises.
    """
    first, *others = profiles
    for other in others:
        values: dict[str, Any] = {
            rule: checks.stricter_of(rule, getattr(first, rule), getattr(other, rule))
            for rule in RULES
        }
        least = checks.least_minimum_to_round(values["minimum_count"], values["rounding_base"])
        values["minimum_count"] = least
        values["survival_step"] = max(least, values["survival_step"])
        first = replace(first, **values, sources={**other.sources, **first.sources})
    return first


def _with_stricter(profile: Profile, values: dict[str, Any]) -> Profile:
    least = values.get("minimum_count", 0)
    for name in FOLLOW_THE_MINIMUM if least else ():
        if getattr(profile, name) >= profile.minimum_count:
            values[name] = max(values.get(name, getattr(profile, name)), least)
    if set(values) - set(ABOUT_FILES):  # a rule on numbers is no use where nothing is protected
        values["derived_from_rounded"] = True
        values["mechanism"] = {
            kind: "suppress_then_round" if chosen == "none" else chosen
            for kind, chosen in profile.mechanism.items()
        }
    said = RuleSource(
        "ours", f"Stricter than profile {profile.name}, as the study's parameters say."
    )
    changed = {name: said for name in values if values[name] != getattr(profile, name)}
    return replace(profile, **values, sources={**profile.sources, **changed})


def _override_problems(profile: Profile, overrides: Mapping[str, Any], name: str) -> list[str]:
    if name not in MAY_BE_TIGHTENED:
        return [f"disclosure.{name} is unknown: only {', '.join(MAY_BE_TIGHTENED)} may be set."]
    value = _frozen(overrides[name])
    if problems := checks.type_problems(name, value):
        return [problem.replace("rule ", "disclosure.", 1) for problem in problems]
    if checks.is_looser(name, value, getattr(profile, name)):
        return [f"disclosure.{name} may only be stricter than profile {profile.name}."]
    return []


def _base(described: Mapping[Any, Any]) -> tuple[Profile | None, list[str]]:
    if "based_on" not in described:
        return None, []
    if described["based_on"] not in names():
        return None, [f"based_on must be one of {', '.join(names())}."]
    return load(described["based_on"]), []


def _risen(base: Profile, values: Mapping[str, Any]) -> dict[str, int]:
    """Rules that stand for the minimum, and that rise with it where they are not given."""
    least = values.get("minimum_count", 0)
    return {
        name: least
        for name in FOLLOW_THE_MINIMUM
        if base.minimum_count <= getattr(base, name) < least
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
