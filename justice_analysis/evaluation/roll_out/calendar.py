"""Calendars of a roll-out: which place was reached, for whom, from which day, by what source.

A calendar never fills a gap in. A day that is not known is missing, with the window it lies in
where a source states one; a list of places that could not be read is a row of its own.
"""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
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


def read_calendar(file: Path | str, *, name: str = "") -> Calendar:
    """Read a calendar from a CSV file and check it.

    Parameters
    ----------
    file
        Columns `place` (a court's name or id), `group`, `from_date` (YYYY-MM-DD; empty where it
        is not known) and `source`. Optional: `earliest`, `latest` (window of a day that is not
        known), `status` (one of `STATUSES`; `GIVEN` unless said), `note`. A place that is never
        reached has the status `NEVER` and no day.

    Raises
    ------
    MetricError
        If the file cannot be read, lacks a column, or a row is not as `Calendar` says; rows are
        named by their number, never by what they hold.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise MetricError(
            "a calendar must be a CSV file in UTF-8: this one cannot be read."
        ) from None
    return _read(text, name or path.stem)


def section_28() -> Calendar:
    """The roll-out of section 28 of the Youth Justice and Criminal Evidence Act 1999.

    Pre-recorded cross-examination, by Crown Court and witness group: `s.16` (children and
    witnesses with an incapacity) and `s.17(4)` (complainants of sexual and modern slavery
    offences). Each row has its source; orders whose courts were not found stand as gaps.
    """
    text = (files(__package__) / "section_28.csv").read_text(encoding="utf-8")
    return _read(text, "Section 28")


def _read(text: str, name: str) -> Calendar:
    reader = csv.DictReader(text.splitlines())
    found = [str(column).strip() for column in reader.fieldnames or ()]
    lacking = [column for column in COLUMNS if column not in found]
    strange = sum(column not in (*COLUMNS, *FURTHER) for column in found)
    if lacking or strange:
        raise MetricError(
            f"a calendar must have the columns {', '.join(COLUMNS)} and may have "
            f"{', '.join(FURTHER)}: {', '.join(lacking) or 'none'} missing, {strange} unknown."
        )
    reader.fieldnames = found
    problems: list[str] = []
    rows = [_row(row, number, problems) for number, row in enumerate(reader, start=2)]
    if problems:
        raise MetricError(f"the calendar cannot be used. {listed(problems)}")
    return Calendar(name, tuple(rows))


def _row(cells: Mapping[str, str | None], number: int, problems: list[str]) -> CalendarRow:
    told = {name: (cells.get(name) or "").strip() for name in (*COLUMNS, *FURTHER)}
    if None in cells:
        problems.append(f"line {number} has more cells than there are columns.")
    days = {name: _day(told[name], name, number, problems) for name in DAYS}
    return CalendarRow(
        place=told["place"],
        group=told["group"],
        source=told["source"],
        from_date=days["from_date"],
        earliest=days["earliest"],
        latest=days["latest"],
        status=told["status"].upper() or GIVEN,
        note=told["note"],
    )


def _day(text: str, column: str, number: int, problems: list[str]) -> datetime.date | None:
    if not text:
        return None
    try:
        if len(text) != len("2020-01-31"):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        problems.append(f"line {number}: {column} must be a day as YYYY-MM-DD: it is none.")
        return None


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
