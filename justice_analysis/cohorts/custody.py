"""Custody: its spells, with remand and sentence apart where the delivery tells them apart.

A journey through prison merges remand, sentence and recall, so only segments of journeys can
tell these apart; a journey is never split.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CUSTODY_STATUSES
from justice_analysis.cohorts.spells import UnknownEnds, count_where, merge_into_spells
from justice_analysis.errors import IntervalError, MetricError, OptionError, listed


def custody_episodes(episodes: ir.Table, *, legal_statuses: Sequence[str] = ()) -> ir.Table:
    """Choose the episodes that say when people were in custody, each day in one of them.

    Parameters
    ----------
    episodes
        The common table `episode`.
    legal_statuses
        Of `remand`, `sentence` and `recall`, those asked for; none asks for all custody.

    Returns
    -------
    Table
        One row per episode, with the columns of `episodes`: whole journeys (and segments
        without one) where all custody is asked for, segments where a status is.

    Raises
    ------
    OptionError
        If a status is none of the three.
    MetricError
        If a status is asked for and a journey was delivered without its segments.
    """
    unknown = [status for status in legal_statuses if status not in CUSTODY_STATUSES]
    if unknown:
        raise OptionError(f"legal_statuses must be among {', '.join(CUSTODY_STATUSES)}.")
    custody = episodes.filter(episodes.kind == "custody")
    if not legal_statuses:
        is_part = (custody.granularity == "segment") & custody.parent_episode_id.notnull()
        return custody.filter(~is_part.fill_null(False))
    _refuse_whole_journeys(custody)
    segments = custody.filter(custody.granularity == "segment")
    return segments.filter(segments.legal_status.isin(list(legal_statuses)))


def _refuse_whole_journeys(custody: ir.Table) -> None:
    """A journey merges remand, sentence and recall, and nothing here can split it."""
    is_segment = (custody.granularity == "segment").fill_null(False)
    parts = custody.filter(is_segment).select(part_of="parent_episode_id").distinct()
    journeys = custody.filter(~is_segment)
    whole = journeys.anti_join(parts, journeys.episode_id == parts.part_of)
    count = int(engine.execute(whole.count(), step="journeys without segments"))
    if count:
        raise MetricError(
            "remand, sentence and recall can be told apart only in segments of journeys: "
            f"{count:,} journeys were delivered without any, and a journey cannot be split. "
            "Count all custody, or leave these journeys out and say so."
        )


def custody_spells(
    episodes: ir.Table,
    *,
    max_gap_days: int = 0,
    legal_statuses: Sequence[str] = (),
    apart: bool = False,
    unknown_ends: UnknownEnds = "refuse",
) -> ir.Table:
    """Join custody into spells, of all custody or of the legal statuses asked for.

    Parameters
    ----------
    episodes
        The common table `episode`.
    legal_statuses
        As in `custody_episodes`.
    apart
        One spell per legal status, rather than one through all those asked for.
    max_gap_days, unknown_ends
        As in `merge_into_spells`.

    Returns
    -------
    Table
        As `merge_into_spells`; with `legal_status` if `apart`.

    Raises
    ------
    OptionError
        If `apart` is asked for without legal statuses, and as in `custody_episodes`.
    MetricError, IntervalError
        As in `custody_episodes` and `merge_into_spells`.
    """
    if apart and not legal_statuses:
        raise OptionError("apart must come with legal_statuses: none was named.")
    chosen = custody_episodes(episodes, legal_statuses=legal_statuses)
    columns = ("legal_status",) if apart else ()
    return merge_into_spells(
        chosen, max_gap_days=max_gap_days, apart=columns, unknown_ends=unknown_ends
    )


def time_in_custody(
    episodes: ir.Table,
    windows: ir.Table,
    *,
    seen_to: datetime.date,
    legal_statuses: Sequence[str] = (),
    unknown_ends: UnknownEnds = "refuse",
) -> ir.Table:
    """Count the days that each person was in custody within a window, for time at risk.

    Parameters
    ----------
    episodes
        The common table `episode`.
    windows
        One row per person and window: `person_id`, `from_date` (included), `to_date`
        (excluded). Other columns are left out, and equal rows count once.
    seen_to
        Day from which custody would no longer have been seen (`coverage`): whoever is held
        then is held up to that day.
    legal_statuses, unknown_ends
        As in `custody_spells`.

    Returns
    -------
    Table
        One row per person and window: `person_id`, `from_date`, `to_date`,
        `days_in_custody`, `days_at_risk` (the rest of the window).

    Raises
    ------
    IntervalError
        If a window ends before it starts, lacks a date, or ends after `seen_to`: what
        happened then is not known.
    OptionError, MetricError
        As in `custody_spells`.

    Notes
    -----
    Each day counts once, however many episodes hold it. The day of release is free.
    """
    asked = windows.select("person_id", "from_date", "to_date").distinct()
    _check_windows(asked, seen_to)
    spells = custody_spells(episodes, legal_statuses=legal_statuses, unknown_ends=unknown_ends)
    held = spells.select(
        held_person="person_id",
        held_from="start_date",
        held_to=ibis.coalesce(spells.end_date, ibis.literal(seen_to)),
    )
    meets = (
        (asked.person_id == held.held_person)
        & (held.held_from < asked.to_date)
        & (held.held_to > asked.from_date)
    )
    pairs = asked.left_join(held, meets)
    first = ibis.greatest(pairs.held_from, pairs.from_date)
    last = ibis.least(pairs.held_to, pairs.to_date)
    both = pairs.held_person.notnull()
    days = both.ifelse(engine.days_between(last, first), 0)
    counted = pairs.mutate(_days=days)
    inside = counted.group_by("person_id", "from_date", "to_date").aggregate(
        days_in_custody=counted._days.sum().cast("int64")
    )
    whole = engine.days_between(inside.to_date, inside.from_date)
    return inside.mutate(days_at_risk=whole - inside.days_in_custody)


def _check_windows(windows: ir.Table, seen_to: datetime.date) -> None:
    broken = {
        "be known": windows.from_date.isnull() | windows.to_date.isnull(),
        "not end before they start": (windows.to_date < windows.from_date).fill_null(False),
        "not end after custody was last seen": (windows.to_date > ibis.literal(seen_to)).fill_null(
            False
        ),
    }
    counts = count_where(windows, broken, step="windows")
    problems = [
        f"from_date and to_date of windows must {must}: {count:,} windows do not so. "
        "Check the follow-up."
        for must, count in counts.items()
        if count
    ]
    if problems:
        raise IntervalError(listed(problems))
