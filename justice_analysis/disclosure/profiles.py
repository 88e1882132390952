"""The rules of a place: what may leave it, read from a profile and checked when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from justice_analysis.definitions.output import KINDS
from justice_analysis.errors import DisclosureError, listed

MECHANISMS = ("none", "suppress_then_round", "suppress", "round")
"""`suppress` and `round` are known words that this version cannot yet make safe: see `judge`."""
NATURES = ("open", "synthetic", "restricted")
TIGHTENED_BY = ("minimum_count", "rounding_base")
SHIPPED = Path(__file__).parent / "profiles"


@dataclass(frozen=True)
class Profile:
    """The disclosure rules of one place.

    Attributes
    ----------
    minimum_count
        Fewest distinct people behind a number that is shown.
    minimum_families, minimum_cases, minimum_organisations
        Fewest distinct families behind a number about children, cases behind one about
        co-defendants, and organisations behind one that names or describes these.
    zeros_disclosive
        Whether a zero is hidden like any other count under the minimum.
    class_disclosure
        Whether a group in which everyone, or nobody, has the attribute is hidden.
    rounding_base
        Every count shown is a multiple of it; 1 leaves counts as they are.
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
        number by itself) or `suppress_then_round`.
    named_places
        Levels of places that may be named.
    natures
        Natures of data (open, synthetic, restricted) that may leave under this profile.
    file_types
        File name endings that may stand in the request.
    max_rows, max_outputs, max_file_mb
        Longest table, most outputs of one request, and largest file in megabytes.
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

    def __post_init__(self) -> None:
        problems = [*_number_problems(self), *_choice_problems(self)]
        if not problems:
            problems = _safety_problems(self)
        if problems:
            raise DisclosureError(listed(problems))

    def protects(self, kind: str) -> bool:
        """Whether numbers of this kind of output are hidden or rounded at all."""
        return self.mechanism.get(kind) != "none"


RULES = tuple(rule.name for rule in fields(Profile) if rule.name not in ("name", "title"))


def names() -> tuple[str, ...]:
    """Names of the profiles that come with the package."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def load(name_or_path: str | Path | Profile) -> Profile:
    """Read a profile by name, or a data owner's own from a file.

    Raises
    ------
    DisclosureError
        If there is no such profile, or it has an unknown, missing or unsourced rule.
    """
    import yaml

    if isinstance(name_or_path, Profile):
        return name_or_path
    path = SHIPPED / f"{name_or_path}.yaml"
    if str(name_or_path) not in names():
        path = Path(name_or_path)
    if not path.is_file():
        raise DisclosureError(
            f"a disclosure profile must be one of {', '.join(names())} or a file: "
            f"{name_or_path} is neither."
        )
    try:
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise DisclosureError(f"{path.name} must be a YAML file: it cannot be read.") from None
    return from_mapping(described)


def from_mapping(described: Any) -> Profile:
    """Make a profile from `name`, `title` and `rules`, each rule a value with its source."""
    if not isinstance(described, Mapping) or not isinstance(described.get("rules"), Mapping):
        raise DisclosureError("a disclosure profile must have a name, a title and rules.")
    rules = described["rules"]
    problems = [
        f"{name} is not a field of a profile."
        for name in described
        if name not in ("name", "title", "rules")
    ]
    problems += [
        f"rule {name} is unknown: remove it or correct its name."
        for name in rules
        if name not in RULES
    ]
    problems += [f"rule {name} is missing." for name in RULES if name not in rules]
    problems += [
        f"rule {name} must have a value, a status and a source."
        for name, rule in rules.items()
        if not isinstance(rule, Mapping) or set(rule) != {"value", "status", "source"}
    ]
    problems += [f"{name} is missing." for name in ("name", "title") if not described.get(name)]
    if problems:
        raise DisclosureError(listed(problems))
    values = {name: _frozen(rule["value"]) for name, rule in rules.items()}
    return Profile(name=str(described["name"]), title=str(described["title"]), **values)


def stricter(profile: Profile, overrides: Mapping[str, object] | None) -> Profile:
    """Tighten a profile by a parameter file's `disclosure` block.

    Parameters
    ----------
    overrides
        `minimum_count`, `rounding_base`; each at least the profile's own.

    Raises
    ------
    DisclosureError
        If an override is unknown or looser than the profile.
    """
    overrides = overrides or {}
    problems = [
        f"disclosure.{name} is unknown: only {' and '.join(TIGHTENED_BY)} may be set."
        for name in overrides
        if name not in TIGHTENED_BY
    ]
    problems += [
        f"disclosure.{name} may only be stricter than profile {profile.name}."
        for name in TIGHTENED_BY
        if name in overrides and not _at_least(overrides[name], getattr(profile, name))
    ]
    if problems:
        raise DisclosureError(listed(problems))
    changed: dict[str, Any] = {
        name: value for name, value in overrides.items() if value != getattr(profile, name)
    }
    if not changed:
        return profile
    step = max(profile.survival_step, changed.get("minimum_count", 1))
    mechanism = {
        kind: "suppress_then_round" if chosen == "none" else chosen
        for kind, chosen in profile.mechanism.items()
    }
    return replace(
        profile, **changed, survival_step=step, mechanism=mechanism, derived_from_rounded=True
    )


def strictest(profiles: list[Profile]) -> Profile:
    """Join tightened versions of one profile: outputs judged together obey the tightest."""
    first, *others = profiles
    for other in others:
        first = stricter(
            first, {name: max(getattr(first, name), getattr(other, name)) for name in TIGHTENED_BY}
        )
    return first


def _at_least(value: object, floor: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= floor


def _is_share(value: object) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and 0 <= value <= 1  # type: ignore[operator]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _number_problems(profile: Profile) -> list[str]:
    whole = (
        "minimum_count",
        "minimum_families",
        "minimum_cases",
        "minimum_organisations",
        "rounding_base",
        "dominance_n",
        "percentile_tail",
        "degrees_of_freedom",
        "survival_step",
        "max_rows",
        "max_outputs",
        "max_file_mb",
    )
    problems = [
        f"rule {name} must be a whole number of at least 1."
        for name in whole
        if not _at_least(getattr(profile, name), 1)
    ]
    problems += [
        f"rule {name} must be a share from 0 to 1."
        for name in ("dominance_k", "p_ratio")
        if not (
            isinstance(getattr(profile, name), (int, float)) and 0 <= getattr(profile, name) <= 1
        )
    ]
    return problems + [
        f"rule {name} must be true or false."
        for name in ("zeros_disclosive", "class_disclosure", "derived_from_rounded", "extremes")
        if not isinstance(getattr(profile, name), bool)
    ]


def _choice_problems(profile: Profile) -> list[str]:
    problems = []
    if not isinstance(profile.mechanism, Mapping):
        return ["rule mechanism must name one mechanism for each kind of output."]
    problems += [
        f"rule mechanism names the kind {kind}, which is unknown."
        for kind in profile.mechanism
        if kind not in KINDS
    ]
    problems += [
        f"rule mechanism must be one of {', '.join(MECHANISMS)} for {kind}."
        for kind, chosen in profile.mechanism.items()
        if chosen not in MECHANISMS
    ]
    problems += [
        f"rule natures names {nature}, which is unknown."
        for nature in profile.natures
        if nature not in NATURES
    ]
    return problems


def _safety_problems(profile: Profile) -> list[str]:
    """Combinations of rules that would look safe and not be."""
    problems = []
    protecting = any(profile.protects(kind) for kind in profile.mechanism)
    if "restricted" in profile.natures and not all(map(profile.protects, profile.mechanism)):
        problems.append("mechanism none is not allowed where restricted data may leave.")
    if protecting and not profile.derived_from_rounded:
        problems.append("derived_from_rounded must be true wherever counts are protected.")
    if protecting and profile.minimum_count % profile.rounding_base:
        problems.append(
            "minimum_count must be a multiple of rounding_base, or a shown count "
            "could round below the minimum: set both."
        )
    if profile.survival_step < profile.minimum_count:
        problems.append("survival_step must not be less than minimum_count.")
    return problems
