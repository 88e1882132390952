"""Calendars of a roll-out: which place was reached, for whom, from which day, by what source.

A calendar never fills a gap in. A day that is not known is missing, with the window it lies in
where a source states one; a list of places that could not be read is a row of its own.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from justice_analysis.errors import MetricError, listed

if TYPE_CHECKING:
    import pandas as pd

CONFIRMED, SECOND_HAND, RECALLED, NOT_FOUND = (
    "CONFIRMED",
    "CONFIRMED-2ND",
    "RECALLED",
    "NOT FOUND",
)
GIVEN, NEVER = "GIVEN", "NEVER"
STATUSES = (CONFIRMED, SECOND_HAND, RECALLED, NOT_FOUND, GIVEN, NEVER)
"""How well a day is known; `GIVEN` by whoever wrote the calendar, `NEVER` reached."""
UNNAMED = "not found"
"""Place of a row whose list of places could not be read."""
REMAINING = "remaining courts"
"""Place of a row about every place that its group does not name."""
COLUMNS = ("place", "group", "from_date", "source")
FURTHER = ("earliest", "latest", "status", "note")
DAYS = ("from_date", "earliest", "latest")
MOST_CHARACTERS = 80


@dataclass(frozen=True)
class CalendarRow:
    """One place and group: from which day, by what source, and how well that is known.

    `from_date` is the first day in force. Where it is not known, `earliest` and `latest` are the
    first and last day on which it may have been, if a source says so.
    """

    place: str
    group: str
    source: str
    from_date: datetime.date | None = None
    earliest: datetime.date | None = None
    latest: datetime.date | None = None
    status: str = GIVEN
    note: str = ""

    @property
    def is_named(self) -> bool:
        """Whether it is about one place that is known."""
        return self.place not in (UNNAMED, REMAINING)

    @property
    def is_checked(self) -> bool:
        """Whether its day stands in a source, read first or second hand."""
        return self.from_date is not None and self.status not in (RECALLED, NOT_FOUND)


@dataclass(frozen=True)
class Calendar:
    """Days on which something reached places, one row per place and group.

    Raises
    ------
    MetricError
        If a place stands twice for a group, a day is no window or has no source, or nothing is
        dated: every problem at once.
    """

    name: str
    rows: tuple[CalendarRow, ...]

    def __post_init__(self) -> None:
        if problems := [*_row_problems(self.rows), *_repeats(self.rows)]:
            raise MetricError(f"the calendar cannot be used. {listed(problems)}")

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups, in the order in which they first stand."""
        return tuple(dict.fromkeys(row.group for row in self.rows))

    def of(self, group: str | None = None) -> tuple[CalendarRow, ...]:
        """Rows of one group; of the only group there is, where none is named.

        Raises
        ------
        MetricError
            If the group is unknown, or none is named and there are several.
        """
        if group is None and len(self.groups) == 1:
            return self.rows
        if group not in self.groups:
            raise MetricError(
                f"the calendar has the groups {', '.join(self.groups)}: name one of them as group."
            )
        return tuple(row for row in self.rows if row.group == group)

    def gaps(self, group: str | None = None) -> tuple[str, ...]:
        """What is not known, a sentence for each row without a checked day."""
        return tuple(_gap(row) for row in self.of(group) if not _is_settled(row))

    def table(self) -> pd.DataFrame:
        """One row per row of the calendar, with every column; days as ISO text."""
        import pandas as pd

        columns = (*COLUMNS, *FURTHER)
        return pd.DataFrame(
            [[_text(getattr(row, name)) for name in columns] for row in self.rows],
            columns=list(columns),
        )

    def markdown(self) -> list[str]:
        """The calendar as lines of a Markdown table, one row per group, day and source.

        Only days and courts that stand in a source that was read are shown; the others say what
        is not known.
        """
        lines = ["| Group | In force | Courts | Source | How well known |", "|---|---|---|---|---|"]
        found: dict[tuple[str, ...], list[str]] = {}
        for row in self.rows:
            found.setdefault(_shown(row), []).append(_place_words(row))
        for (group, when, source, known), places in found.items():
            told = ", ".join(dict.fromkeys(places))
            lines.append(f"| {group} | {when} | {told} | {source} | {known} |")
        return lines


def _row_problems(rows: Iterable[CalendarRow]) -> list[str]:
    problems = []
    numbered = list(enumerate(rows, start=1))
    for number, row in numbered:
        problems += [f"row {number}: {problem}" for problem in _problems_of(row)]
    if not any(row.from_date or row.latest for _, row in numbered):
        problems.append("a calendar must have a day: no row has one.")
    return problems


def _problems_of(row: CalendarRow) -> list[str]:
    """What is wrong with one row."""
    problems = [
        f"{name} must be given: it is empty."
        for name in ("place", "group", "source")
        if not getattr(row, name)
    ]
    if len(row.place) > MOST_CHARACTERS:
        problems.append(f"place must have {MOST_CHARACTERS} characters at most: it has more.")
    if row.status not in STATUSES:
        problems.append(f"status must be one of {', '.join(STATUSES)}: it is not.")
    if row.status == NEVER and any((row.from_date, row.earliest, row.latest)):
        problems.append("a place that is never reached must have no day: it has one.")
    if (row.earliest is None) != (row.latest is None):
        problems.append("earliest and latest must both be given, or neither.")
    elif row.earliest and row.latest and row.earliest > row.latest:
        problems.append("earliest must not follow latest: it does.")
    elif _is_outside(row):
        problems.append("from_date must lie from earliest to latest: it does not.")
    if row.place == REMAINING and not (row.from_date or row.latest):
        problems.append("the remaining courts must have a day or a window: they have neither.")
    return problems


def _is_outside(row: CalendarRow) -> bool:
    """Whether a day lies outside the window that the same row states."""
    if not (row.from_date and row.earliest and row.latest):
        return False
    return not row.earliest <= row.from_date <= row.latest


def _repeats(rows: Iterable[CalendarRow]) -> list[str]:
    places = Counter(
        (row.group, row.place.casefold()) for row in rows if row.place != UNNAMED
    )  # fmt: skip
    twice = sum(number > 1 for number in places.values())
    return [f"each place must stand once for a group: {twice} stand twice."] if twice else []


def _is_settled(row: CalendarRow) -> bool:
    return row.status == NEVER or (row.is_named and row.is_checked)


def _gap(row: CalendarRow) -> str:
    when = f"in force {row.from_date:%-d %B %Y}" if row.is_checked else "day not checked"
    if row.from_date is None:
        when = "day not found"
        if row.earliest and row.latest:
            when += f", from {row.earliest:%-d %B %Y} to {row.latest:%-d %B %Y}"
    if row.place == UNNAMED and row.from_date:
        when = f"in force {row.from_date:%-d %B %Y}"
    who = "courts not found" if row.place == UNNAMED else row.place
    return f"{row.group}, {who}: {when} ({row.source})."


WORDS = {
    CONFIRMED: "confirmed",
    SECOND_HAND: "second hand",
    RECALLED: "day not confirmed",
    NOT_FOUND: "not found",
    GIVEN: "given",
    NEVER: "never reached",
}
"""How well a day is known, in words."""


def _shown(row: CalendarRow) -> tuple[str, str, str, str]:
    """Group, day, source and how well it is known, as a reader may be told them."""
    known, when = WORDS[row.status], "not known"
    if row.is_named and row.status == RECALLED and not row.earliest:
        known = WORDS[NOT_FOUND]  # a name that was not read in full is not told
    if row.is_checked or (row.from_date and not row.earliest):
        when = f"{row.from_date:%-d %B %Y}"
    elif row.earliest and row.latest:
        same = (row.earliest.year, row.earliest.month) == (row.latest.year, row.latest.month)
        when = f"{row.latest:%B %Y}" if same else f"{row.earliest:%B} to {row.latest:%B %Y}"
    return row.group, when, row.source, known


def _place_words(row: CalendarRow) -> str:
    """The place, where it was read; otherwise what is not known."""
    if row.place == UNNAMED or (row.status == RECALLED and not row.earliest):
        return "courts not found"
    return row.place


def _text(value: object) -> str:
    return "" if value is None else str(value)
