"""Small tables of episodes, and the same spells found day by day, slowly and obviously."""

from __future__ import annotations

import datetime
from typing import Any

from ibis.backends import BaseBackend

from justice_analysis import engine

EPISODE = {
    "episode_id": "string",
    "person_id": "int64",
    "kind": "string",
    "legal_status": "string",
    "granularity": "string",
    "parent_episode_id": "string",
    "start_date": "date",
    "end_date": "date",
    "end_reason": "string",
}
FIRST_DAY = datetime.date(2020, 1, 1)


def episode_table(backend: BaseBackend, *rows: dict[str, Any]) -> Any:
    """The common table of episodes; a row is custody, and ended or open, unless it says not."""
    filled = [
        {
            "episode_id": str(number),
            "kind": "custody",
            "granularity": "journey",
            "end_reason": "ended" if row.get("end_date") else "open_at_extract",
            **row,
        }
        for number, row in enumerate(rows)
    ]
    columns = {name: [row.get(name) for row in filled] for name in EPISODE}
    return engine.memory_table(backend, columns, EPISODE)


def stay(person: int, start: str, end: str | None, **more: Any) -> dict[str, Any]:
    return {"person_id": person, "start_date": start, "end_date": end, **more}


def segment(person: int, status: str, start: str, end: str | None, of: str) -> dict[str, Any]:
    more = {"granularity": "segment", "legal_status": status, "parent_episode_id": of}
    return stay(person, start, end, **more)


def day(number: int | None) -> str | None:
    """The day so many days after the first of 2020."""
    if number is None:
        return None
    return (FIRST_DAY + datetime.timedelta(days=number)).isoformat()


def spells_by_day(
    episodes: list[tuple[int, int | None]], *, max_gap_days: int, last_day: int
) -> list[tuple[int, int | None, int]]:
    """Start, end and episodes of each spell of one person, going through the days.

    Every episode has a day at least. An open one holds every day up to `last_day`, which is
    later than any other date.
    """
    ends = [last_day if end is None else end for _, end in episodes]
    days = {
        one for (start, _), end in zip(episodes, ends, strict=True) for one in range(start, end)
    }
    spells: list[list[int]] = []
    for one in sorted(days):
        if spells and one - spells[-1][1] - 1 <= max_gap_days:
            spells[-1][1] = one
        else:
            spells.append([one, one])
    return [
        (
            first,
            None if last + 1 == last_day else last + 1,
            sum(first <= start <= last for start, _ in episodes),
        )
        for first, last in spells
    ]


def spells_by_ties(
    episodes: list[tuple[int, int]], *, max_gap_days: int
) -> list[tuple[int, int, int]]:
    """The same by tying every two episodes that are near enough; one may have no days."""
    group = list(range(len(episodes)))
    for _ in episodes:
        for one, (start, end) in enumerate(episodes):
            for other, (other_start, other_end) in enumerate(episodes):
                gap = max(start, other_start) - min(end, other_end)
                if gap <= max_gap_days:
                    group[one] = group[other] = min(group[one], group[other])
    members = [[episodes[at] for at, of in enumerate(group) if of == one] for one in set(group)]
    return sorted(
        (min(start for start, _ in held), max(end for _, end in held), len(held))
        for held in members
    )


def days_by_day(episodes: list[tuple[int, int | None]], window: tuple[int, int], seen: int) -> int:
    """Days of a window on which any episode holds the person."""
    first, last = window
    return sum(
        any(start <= one < (seen if end is None else end) for start, end in episodes)
        for one in range(first, last)
    )
