"""Categories: named groups of people or children, each with one definition, version and source.

A word such as newborn or prolific has several definitions in use. Each stands here under a name
of its own, so that a result says which it used and two can be compared on one warehouse.
"""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from justice_analysis.definitions.card import ASSUMED, BACKED, TERMINAL_WIDTH, UNBACKED, Gap, Need
from justice_analysis.errors import MetricError, UsageError, listed

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNITS: Mapping[str, tuple[str, ...]] = {
    "people": ("person_id",),
    "children in proceedings": ("person_id", "proceeding_id"),
}
"""What a category holds, and the columns that tell one member from another."""


@dataclass(frozen=True)
class Category:
    """What a category means and where the definition comes from.

    Attributes
    ----------
    word
        The word in use that this is one definition of: newborn, prolific.
    unit
        One of `UNITS`.
    codes
        Code to meaning, of every code that decides who is a member.
    does_not_count
        Who is not a member although the word might suggest it.
    assumed
        What of the definition is ours and stands in no source that we read; missing if nothing.
    gap
        Why it cannot be computed, where no known dataset holds what it needs.
    """

    name: str
    word: str
    title: str
    definition: str
    unit: str
    codes: Mapping[str, str]
    does_not_count: tuple[str, ...]
    needs: tuple[Need, ...]
    source: tuple[str, ...]
    version: str = "1"
    assumed: str | None = None
    gap: Gap | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.unit not in UNITS:
            problems.append(f"unit must be one of {', '.join(UNITS)}: {self.unit} is not.")
        if not self.needs and self.gap is None:
            problems.append("a category must name what it needs, or its gap.")
        if not self.source:
            problems.append("a category must name its source, or say that there is none.")
        if problems:
            raise UsageError(f"{self.name}: {listed(problems)}")

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that tell one member from another."""
        return UNITS[self.unit]

    @property
    def status(self) -> str:
        """`backed`, `assumed` or `unbacked`: of the definition and of the fields it needs."""
        if self.gap:
            return UNBACKED
        found = status_of(self.needs)
        return ASSUMED if self.assumed and found == BACKED else found

    def text(self) -> str:
        """Render the category for a terminal, wrapped."""
        facts = {
            "Word": self.word,
            "Counts": self.unit,
            "Version": self.version,
            "Status": self.status,
        }
        if self.assumed:
            facts["Assumed"] = self.assumed
        if self.gap:
            facts |= {"Missing": self.gap.missing, "Held by": self.gap.owner}
            facts["Route"] = self.gap.route
        sections = {
            "Codes": [f"{code}: {meaning}" for code, meaning in self.codes.items()],
            "What does not count": self.does_not_count,
            "Source": self.source,
        }
        lines = [self.title, "=" * len(self.title), *_wrapped(self.definition), ""]
        lines += [line for name, said in facts.items() for line in _wrapped(said, f"{name:<12}")]
        for heading, items in sections.items():
            if items:
                lines += ["", f"{heading}:"]
                lines += [line for item in items for line in _wrapped(item, "  - ", 4)]
        return "\n".join(lines)


def status_of(needs: Sequence[Need]) -> str:
    """`backed`, `assumed` or `unbacked`, from the fields that a definition needs."""
    found = {need.name_status for need in needs}
    if None in found:
        return UNBACKED
    return ASSUMED if ASSUMED in found else BACKED


def _wrapped(text: str, first: str = "", later: int | None = None) -> list[str]:
    indent = " " * (len(first) if later is None else later)
    return textwrap.wrap(text, TERMINAL_WIDTH, initial_indent=first, subsequent_indent=indent)


Members = Callable[[Any], "ir.Table"]


@dataclass(frozen=True)
class Registered:
    """A category and the function that finds its members.

    `members(warehouse)` gives one row per member: the category's `keys` and `member_from`, the
    day from which the records make it so (missing: not dated).
    """

    category: Category
    find: Members = field(repr=False)

    def members(self, warehouse: Any) -> ir.Table:
        """One row per member: the keys and `member_from`.

        Raises
        ------
        MetricError
            If no known dataset can back the category, or the warehouse lacks what it needs.
        """
        return self.find(warehouse).select(*self.category.keys, "member_from")


_CATEGORIES: dict[str, Registered] = {}


def category(described: Category) -> Callable[[Members], Members]:
    """Register a function as the one computation of a category."""

    def register(find: Members) -> Members:
        if described.name in _CATEGORIES:
            raise UsageError(f"a category's name must be its own: {described.name} is taken.")
        _CATEGORIES[described.name] = Registered(described, find)
        return find

    return register


def category_without_data(described: Category) -> None:
    """Register a category that no known dataset can back: shown, and refused if computed."""
    gap = described.gap
    if gap is None:
        raise UsageError(f"{described.name}: a category without a computation must name its gap.")

    def refuse(warehouse: Any) -> ir.Table:
        raise MetricError(
            f"{described.name} cannot be computed: no known dataset holds {gap.missing}. "
            f"{gap.owner} might; the way there: {gap.route}."
        )

    category(described)(refuse)


def category_names() -> tuple[str, ...]:
    """Every registered category's name, in order."""
    return tuple(sorted(_CATEGORIES))


def get_category(name: str) -> Registered:
    """Return one category; an unknown name is refused with the nearest ones."""
    if name in _CATEGORIES:
        return _CATEGORIES[name]
    near = difflib.get_close_matches(name, category_names(), n=3) or list(category_names())
    raise UsageError(f"there is no category {name!r}. Did you mean {', '.join(near)}?")
