"""Differencing pairs: two counts of nearly the same people, whose difference is about few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import (
    dimensions_without_effect,
    is_total,
    stated_counts,
    unit_rows,
)
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.disclosure.profiles.profile import Profile

EVERYONE = "everyone"
Key = tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """An output asked for or released earlier, by the name that people know it by.

    Attributes
    ----------
    hidden
        Positions of its rows (of its curves) that are not shown.
    """

    label: str
    output: Output
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, order=True)
class DifferencingPair:
    """Two counts of one group that differ by fewer people than the minimum.

    Attributes
    ----------
    group
        The group in words; `everyone` where it is in none.
    counted
        Which count of the group: the column's name.
    part
        Whether the people of one are all in the other; else they are versions of one count.
    is_hidden
        Whether one of the two is hidden, so that nobody can subtract.
    """

    output: str
    other: str
    group: str
    counted: str
    part: bool
    is_hidden: bool

    @property
    def sentence(self) -> str:
        """Say it by group, never by value."""
        how = "one is part of the other" if self.part else "versions of one count"
        end = "one of the two is hidden" if self.is_hidden else "both are shown"
        return (
            f"{self.output} and {self.other} differ by too few in {self.counted} of "
            f"{self.group} ({how}; {end})."
        )


@dataclass(frozen=True)
class _Count:
    number: int
    counted: str
    group: str
    value: float
    hidden: bool


def differencing_pairs(outputs: Sequence[Named], profile: Profile) -> list[DifferencingPair]:
    """List pairs of outputs whose difference isolates fewer people than the minimum.

    Compared are the same group of one metric and area in several populations (the variants of a
    study; a table made again after new data), and of a population with one that holds it.

    Parameters
    ----------
    outputs
        Everything an attacker could hold: those asked for, and those released earlier.
    profile
        Its `minimum_count` is the threshold.

    Returns
    -------
    list
        Sorted; empty where no difference is about too few. Nobody at all (equal counts) is no
        pair.
    """
    counts = [_counts(number, named, profile) for number, named in enumerate(outputs)]
    versions: dict[Key, list[_Count]] = defaultdict(list)
    for number, named in enumerate(outputs):
        for key, count in counts[number]:
            versions[(*_family(named.output), *key)].append(count)
    found: set[DifferencingPair] = set()
    for inner, outer in _nested(outputs):
        by_key = dict(counts[outer])
        for key, one in counts[inner]:
            if key in by_key:
                found |= {
                    _pair(outputs, *pair, part=True)
                    for pair in _close([one, by_key[key]], profile.minimum_count)
                }
    parts = {replace(pair, part=False) for pair in found}
    for same in versions.values():
        pairs = {_pair(outputs, *pair, part=False) for pair in _close(same, profile.minimum_count)}
        found |= pairs - parts
    return sorted(found)


def _counts(number: int, named: Named, profile: Profile) -> list[tuple[Key, _Count]]:
    """Every count that an output states, by what is counted and of which group."""
    rules = RULES.get(named.output.kind)
    if rules is None:
        return []
    output = rules.stated(named.output, profile)
    constant = dimensions_without_effect(output)
    found: dict[Key, _Count] = {}
    for position, row in enumerate(unit_rows(output).to_dict("records")):
        for role, value in stated_counts(output, row).items():
            skipped = constant if role == "people" else frozenset()
            words = [
                f"{name}: {row[name]}"
                for name in sorted(output.dimensions)
                if name not in skipped and not is_total(row[name])
            ]
            counted = output.roles.people if role == "people" else role.split(" ", 1)[-1]
            group = ", ".join(words) or EVERYONE
            count = _Count(number, counted, group, value, position in named.hidden)
            shown_before = (role, group) in found and not found[(role, group)].hidden
            if not shown_before:
                found[(role, group)] = count
    return list(found.items())


def _family(output: Output) -> Key:
    """Name what is counted whatever the population; other areas are other people."""
    return (output.family or output.card or output.title, str(output.options.get("area")))


def _close(counts: Sequence[_Count], threshold: int) -> Iterator[tuple[_Count, _Count]]:
    """Pairs of counts of two outputs that differ, by fewer than the threshold."""
    ordered = sorted(counts, key=lambda count: (count.value, count.number))
    for one, other in combinations(ordered, 2):
        if one.number != other.number and 0 < other.value - one.value < threshold:
            yield one, other


def _nested(outputs: Sequence[Named]) -> Iterator[tuple[int, int]]:
    """Outputs of one population and those of a population that holds it."""
    for inner, one in enumerate(outputs):
        for outer, other in enumerate(outputs):
            if other.output.population_hash in one.output.within:
                yield inner, outer


def _pair(outputs: Sequence[Named], one: _Count, other: _Count, *, part: bool) -> DifferencingPair:
    first, second = sorted((one, other), key=lambda count: outputs[count.number].label)
    return DifferencingPair(
        output=outputs[first.number].label,
        other=outputs[second.number].label,
        group=first.group,
        counted=first.counted,
        part=part,
        is_hidden=one.hidden or other.hidden,
    )
