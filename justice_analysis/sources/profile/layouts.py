"""Signs that a file has another layout: slots side by side, dates in parts, a table in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from justice_analysis.sources.profile.columns import ColumnProfile
from justice_analysis.sources.profile.likeness import words_of

_NUMBERED = re.compile(r"^(.*?[A-Za-z])[_ ]?(\d{1,2})(\D*)$")
_PARTS = {"year": ("year", "yr", "yyyy", "y"), "month": ("month", "mon", "mm", "m")}


@dataclass(frozen=True)
class Slots:
    """Columns that differ by a number only: `pattern` with one `*`, how many, and one of them."""

    name: str
    pattern: str
    count: int
    like: ColumnProfile

    @property
    def as_column(self) -> ColumnProfile:
        """The column that it would be if each slot were a row."""
        return replace(self.like, name=self.name, unique=False)


@dataclass(frozen=True)
class Parts:
    """Columns that together are a date."""

    name: str
    year: str
    month: str
    day: str | None


def find_slots(columns: Sequence[ColumnProfile]) -> tuple[Slots, ...]:
    """Find columns such as `offence_1` to `offence_10`; the numbers must begin at 1 or 0."""
    groups: dict[tuple[str, str], dict[int, ColumnProfile]] = {}
    for column in columns:
        if found := _NUMBERED.match(column.name.strip()):
            before = column.name.strip()[: found.start(2)]
            groups.setdefault((before, found[3]), {})[int(found[2])] = column
    return tuple(
        Slots((before.rstrip("_ ") + after), f"{before}*{after}", len(slots), slots[min(slots)])
        for (before, after), slots in groups.items()
        if len(slots) > 1 and min(slots) in (0, 1) and max(slots) - min(slots) == len(slots) - 1
    )


def as_rows(columns: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """The columns that there would be if slots were rows."""
    slots = find_slots(columns)
    sides = {one.pattern.replace("*", "") for one in slots}
    apart = [
        one for one in columns if re.sub(r"\d{1,2}", "", one.name.strip(), count=1) not in sides
    ]
    return [*apart, *(one.as_column for one in slots)]


def find_parts(columns: Sequence[ColumnProfile]) -> tuple[Parts, ...]:
    """Find columns of whole numbers whose names differ by year, month and day only."""
    numbers = [column.name for column in columns if column.kind == "integer"]
    return tuple(_parts(numbers))


def _parts(names: Sequence[str]) -> Iterator[Parts]:
    for name in names:
        words = words_of(name)
        year = next((word for word in words if word in _PARTS["year"]), None)
        if year is None:
            continue
        rest = tuple(word for word in words if word != year)
        others = {kind: _part(names, rest, kind) for kind in ("month", "day")}
        if others["month"]:
            yield Parts("_".join(rest) or "date", name, others["month"], others["day"])


def _part(names: Sequence[str], rest: tuple[str, ...], kind: str) -> str | None:
    # `day` and `dt` are read as `date` among the words of a name.
    signs = ("date", "dd", "d") if kind == "day" else _PARTS["month"]
    for name in names:
        words = words_of(name)
        for sign in signs:
            if sign in words and tuple(word for word in words if word != sign) == rest:
                return name
    return None


def same_columns(files: Mapping[str, Sequence[ColumnProfile]]) -> tuple[tuple[str, ...], ...]:
    """Group files that have the same columns: pieces of one table."""
    groups: dict[frozenset[str], list[str]] = {}
    for name, columns in files.items():
        groups.setdefault(frozenset(one.name.strip().lower() for one in columns), []).append(name)
    return tuple(tuple(names) for names in groups.values() if len(names) > 1)
