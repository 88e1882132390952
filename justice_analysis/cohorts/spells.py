"""Episodes to spells: one continuous period of one state, by one rule of overlaps and gaps."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import IntervalError, OptionError, listed

UnknownEnds: TypeAlias = Literal["refuse", "first_day", "ongoing"]

UNKNOWN_ENDS: tuple[UnknownEnds, ...] = ("refuse", "first_day", "ongoing")
# Why an end date is not there, where that does not mean that the episode lasts.
NOT_RECORDED = ("missing", "lost")
# An end that has not come: later than every day in the data, and never shown.
_OPEN = datetime.date(9999, 12, 31)


def merge_into_spells(
    episodes: ir.Table,
    *,
    max_gap_days: int,
    apart: Sequence[str] = (),
    unknown_ends: UnknownEnds = "refuse",
) -> ir.Table:
    """Join a person's episodes that overlap, or nearly touch, into spells.

    Parameters
    ----------
    episodes
        One row per episode: `person_id`, `start_date`, `end_date` (excluded; missing if
        ongoing) and, where it is known why there is no end, `end_reason`. Rows without a
        person are left out: whose time they are is not known.
    max_gap_days
        Longest gap, in days, still counted as the same spell; 0 joins touching episodes.
    apart
        Columns of which no spell may hold two values, such as `kind` or `legal_status`.
    unknown_ends
        What to do with an episode whose end was not recorded, or was lost from view:
        `refuse`, count its `first_day` only, or take it as `ongoing`.

    Returns
    -------
    Table
        One row per person, value of `apart` and spell: `person_id`, the columns of `apart`,
        `spell_number` (from 1), `start_date`, `end_date` (excluded; missing if ongoing),
        `episode_count`.

    Raises
    ------
    IntervalError
        If an episode ends before it starts, has no start, or has an unknown end that is
        refused.
    OptionError
        If the gap is negative, a column is missing, or `unknown_ends` is none of the above.

    Notes
    -----
    A gap is the days from the end of what came before to the next start: 0 where they touch,
    and less where they overlap. An episode that starts and ends on one day has no days, and
    can still join two others.
    """
    _check_options(episodes, max_gap_days, apart, unknown_ends)
    known = episodes.filter(episodes.person_id.notnull())
    _check_dates(known, unknown_ends)
    keys = ["person_id", *apart]
    # Equal episodes are counted together, so that the order of rows is total.
    rows = known.select(*keys, "start_date", _end=_ends(known, unknown_ends))
    rows = rows.group_by(*keys, "start_date", "_end").aggregate(_episodes=rows.count())
    order = ["start_date", "_end"]
    so_far = ibis.cumulative_window(group_by=keys, order_by=order)
    reached = rows.mutate(_reach=rows._end.max().over(so_far))
    earlier = reached._reach.lag().over(ibis.window(group_by=keys, order_by=order))
    gaps = reached.mutate(_gap=engine.days_between(reached.start_date, earlier))
    is_new = gaps._gap.isnull() | (gaps._gap > max_gap_days)
    marked = gaps.mutate(_new=is_new.ifelse(1, 0))
    numbered = marked.mutate(spell_number=marked._new.sum().over(so_far))
    return _spells(numbered, keys)


def _spells(rows: ir.Table, keys: list[str]) -> ir.Table:
    """One row per numbered spell."""
    spells = rows.group_by(*keys, spell_number=rows.spell_number.cast("int64")).aggregate(
        start_date=rows.start_date.min(),
        _end=rows._end.max(),
        episode_count=rows._episodes.sum().cast("int64"),
    )
    end = (spells._end == ibis.literal(_OPEN)).ifelse(ibis.null("date"), spells._end)
    return spells.select(*keys, "spell_number", "start_date", end.name("end_date"), "episode_count")


def _ends(episodes: ir.Table, unknown_ends: UnknownEnds) -> ir.DateValue:
    """The end of each episode; a day that never comes where it is ongoing."""
    ends = ibis.coalesce(episodes.end_date, ibis.literal(_OPEN))
    if unknown_ends != "first_day":
        return ends
    return _is_unknown(episodes).ifelse(engine.add_days(episodes.start_date, 1), ends)


def _is_unknown(episodes: ir.Table) -> ir.BooleanValue:
    """Whether an end is missing for another reason than that the episode lasts."""
    if "end_reason" not in episodes.columns:
        return ibis.literal(False)
    lost = episodes.end_reason.isin(NOT_RECORDED).fill_null(False)
    return episodes.end_date.isnull() & lost


def _check_options(
    episodes: ir.Table, max_gap_days: int, apart: Sequence[str], unknown_ends: str
) -> None:
    if max_gap_days < 0:
        raise OptionError(f"max_gap_days must not be negative: it is {max_gap_days}.")
    if unknown_ends not in UNKNOWN_ENDS:
        raise OptionError(f"unknown_ends must be one of {', '.join(UNKNOWN_ENDS)}.")
    needed = ("person_id", "start_date", "end_date", *apart)
    if missing := [name for name in needed if name not in episodes.columns]:
        raise OptionError(f"episodes must have {', '.join(missing)}: no such column is there.")


def _check_dates(episodes: ir.Table, unknown_ends: UnknownEnds) -> None:
    broken = {
        "start_date": episodes.start_date.isnull(),
        "end_date": (episodes.end_date < episodes.start_date).fill_null(False),
        "end_reason": _is_unknown(episodes) & ibis.literal(unknown_ends == "refuse"),
    }
    counts = count_where(episodes, broken, step="dates of episodes")
    problems = [
        f"{name} {_MUST[name].format(rows=count)}" for name, count in counts.items() if count
    ]
    if problems:
        raise IntervalError(listed(problems))


_MUST = {
    "start_date": "must be known: {rows:,} episodes have none. Leave them out, and say so.",
    "end_date": (
        "must not be before start_date: {rows:,} episodes end before they start. Mend them, or "
        "leave them out."
    ),
    "end_reason": (
        "must say that an episode without an end is open: {rows:,} have an end that was not "
        "recorded or was lost. Say in unknown_ends whether they count as their first_day or as "
        "ongoing."
    ),
}


def count_where(
    table: ir.Table, conditions: dict[str, ir.BooleanValue], *, step: str
) -> dict[str, int]:
    """How many rows meet each condition, in one pass."""
    # Over no rows, a count with a condition is missing on Spark.
    sums = {name: table.count(where=holds).fill_null(0) for name, holds in conditions.items()}
    found: Any = engine.execute(table.aggregate(**sums), step=step).iloc[0]
    return {name: int(found[name]) for name in conditions}
