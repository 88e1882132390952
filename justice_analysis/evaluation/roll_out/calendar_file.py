"""Calendars from files: a user's own, and the one of section 28 that the package carries."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from justice_analysis.errors import MetricError, listed
from justice_analysis.evaluation.roll_out.calendar import (
    COLUMNS,
    DAYS,
    FURTHER,
    GIVEN,
    Calendar,
    CalendarRow,
)


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
