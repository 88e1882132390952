"""When each court of the data was reached, as far as the calendar knows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from justice_analysis.errors import MetricError
from justice_analysis.evaluation.roll_out.calendar import (
    NEVER,
    REMAINING,
    UNNAMED,
    Calendar,
    CalendarRow,
)

if TYPE_CHECKING:
    import pandas as pd

LEAVE_OUT, EARLIEST, LATEST, USE = "leave_out", "earliest", "latest", "use"


@dataclass(frozen=True, eq=False)
class Starts:
    """First day of each court whose day is known, and how many courts are not so lucky.

    Attributes
    ----------
    table
        One row per court: `court` (place id), `from_date` (missing where it is never reached).
    undated
        Courts of the data that the calendar names or covers without a day that may be used.
    bounded
        Courts in `table` that stand with an end of their window instead of a day.
    unknown
        Courts of the data that the calendar does not name.
    elsewhere
        Rows of the calendar about courts that the data do not have.
    """

    table: pd.DataFrame
    undated: int
    bounded: int
    unknown: int
    elsewhere: int

    def sentences(self) -> tuple[str, ...]:
        """What a reader must know of the courts, a sentence each; counts only."""
        said = {
            "courts have no day that may be used: they are left out.": self.undated,
            "courts stand with an end of the window of their day.": self.bounded,
            "courts of the data are not in the calendar: they are left out.": self.unknown,
            "courts of the calendar are not in the data.": self.elsewhere,
        }
        return tuple(f"{count} {words}" for words, count in said.items() if count)


def starts_of(
    calendar: Calendar,
    places: pd.DataFrame,
    *,
    group: str | None = None,
    undated: str = LEAVE_OUT,
    unchecked: str = LEAVE_OUT,
) -> Starts:
    """Find the day of each court.

    Parameters
    ----------
    places
        One row per court of the data: `place_id`, `name` (may be missing). A calendar names a
        court by its id or by its name, whatever the capitals.
    undated
        What stands for a day that is not known: nothing (`leave_out`), or the `earliest` or
        `latest` day of the window that the calendar states.
    unchecked
        Whether to `use` days that were recalled and not read, or to `leave_out` them (then the
        window counts, where there is one).

    Raises
    ------
    MetricError
        If no court of the data has a day, or two courts have the same name.
    """
    import pandas as pd

    rows = [row for row in calendar.of(group) if row.place != UNNAMED]
    named = {row.place.casefold(): row for row in rows if row.place != REMAINING}
    rest = next((row for row in rows if row.place == REMAINING), None)
    ids = [str(place) for place in places["place_id"]]
    words = [str(name).casefold() for name in places["name"].fillna("")]
    _refuse_same_names(words, named)
    found = [
        named.get(place.casefold()) or named.get(name) or rest
        for place, name in zip(ids, words, strict=True)
    ]
    days = [_day(row, undated, unchecked) if row else None for row in found]
    kept = [n for n, row in enumerate(found) if row and (days[n] or row.status == NEVER)]
    table = pd.DataFrame(
        {
            "court": [ids[n] for n in kept],
            "from_date": pd.to_datetime(pd.Series([days[n] for n in kept], dtype=object)),
        }
    )
    if table["from_date"].isna().all():
        raise MetricError(
            "a roll-out needs a court with a day: of "
            f"{len(ids)} courts of the data, the calendar dates none. Give a calendar that names "
            "courts as the data do, by id or name."
        )
    used = {id(row) for row in found if row}
    return Starts(
        table,
        undated=sum(row is not None for row in found) - len(kept),
        bounded=sum(
            bool(days[n]) and not _has_day(row, unchecked) for n in kept if (row := found[n])
        ),
        unknown=sum(row is None for row in found),
        elsewhere=sum(id(row) not in used for row in named.values()),
    )


def _refuse_same_names(words: Sequence[str], named: dict[str, CalendarRow]) -> None:
    twice = sum(words.count(name) > 1 for name in named)
    if twice:
        raise MetricError(
            f"a court's name must be its own: {twice} names of the calendar stand for several "
            "courts of the data. Name those courts by id."
        )


def _has_day(row: CalendarRow, unchecked: str) -> bool:
    return row.from_date is not None and (row.is_checked or unchecked == USE)


def _day(row: CalendarRow, undated: str, unchecked: str) -> datetime.date | None:
    if _has_day(row, unchecked):
        return row.from_date
    return {EARLIEST: row.earliest, LATEST: row.latest}.get(undated)
