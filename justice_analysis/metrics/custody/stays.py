"""Stays in custody and their ends: what the measures of prison and recall are made of."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CUSTODY_STATUSES
from justice_analysis.cohorts import custody_episodes, custody_spells, observed_period
from justice_analysis.cohorts.spells import NOT_RECORDED
from justice_analysis.errors import MetricError

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

STATUSES = tuple(CUSTODY_STATUSES)


def custody_sources(warehouse: Warehouse) -> list[str]:
    """Datasets that record custody here.

    Raises
    ------
    MetricError
        If there is none.
    """
    held = warehouse.episode.filter(warehouse.episode.kind == "custody")
    found = engine.execute(held.select("source").distinct(), step="sources of custody")
    if found.empty:
        raise MetricError(
            "this needs stays in custody: the warehouse has none. Load "
            "prisoner_custodial_journey, or leave custody out of the options."
        )
    return sorted(found["source"])


def custody_period(warehouse: Warehouse) -> tuple[datetime.date, datetime.date]:
    """First day, and the day after the last, on which custody would have been seen.

    Raises
    ------
    MetricError
        If there is no custody, or its source states no coverage.
    """
    return observed_period(warehouse, sources=custody_sources(warehouse))


def stays(
    warehouse: Warehouse, *, legal_statuses: Sequence[str] = (), max_gap_days: int = 0
) -> ir.Table:
    """Join custody into stays, and tell ends that were not recorded from those that were.

    Parameters
    ----------
    legal_statuses
        Of `remand`, `sentence` and `recall`, those wanted, each a stay of its own; none: all
        custody together.
    max_gap_days
        Longest gap, in days, still counted as the same stay.

    Returns
    -------
    Table
        Stored; one row per person and stay: `person_id`, `legal_status` (missing: not asked
        for, or the stay was delivered without its segments), `start_date`, `end_date`
        (excluded; missing: still held, or not known) and `is_end_known` (False: an episode
        without a recorded end is the last of the stay, so that neither its end nor whether it
        lasts is known). A stay of nobody linked is a row without a person.

    Notes
    -----
    An end that was not recorded is taken as the day after the start to find the stay, and then
    struck out: it is no release. Custody that is recorded again is a stay of its own.
    """
    custody = warehouse.episode.filter(warehouse.episode.kind == "custody")
    keys = ["person_id"]
    whole = None
    if legal_statuses:
        keys.append("legal_status")
        whole = _without_segments(custody)
        custody = custody.anti_join(whole, "episode_id")
    chosen = custody_episodes(custody, legal_statuses=legal_statuses)
    spells = custody_spells(
        custody,
        max_gap_days=max_gap_days,
        legal_statuses=legal_statuses,
        apart=bool(legal_statuses),
        unknown_ends="first_day",
    )
    rows = [_told(spells, chosen, keys), _columns(chosen.filter(chosen.person_id.isnull()))]
    if whole is not None:
        rows.append(_columns(whole))
    return engine.materialise(engine.union(*rows), step="stays in custody")


def _without_segments(custody: ir.Table) -> ir.Table:
    """Journeys delivered without segments: their legal status cannot be told."""
    is_segment = (custody.granularity == "segment").fill_null(False)
    parts = custody.filter(is_segment).select(part_of="parent_episode_id").distinct()
    journeys = custody.filter(~is_segment)
    return journeys.anti_join(parts, journeys.episode_id == parts.part_of)


def is_end_unknown(episodes: ir.Table) -> ir.BooleanValue:
    """Whether an episode has no end for another reason than that it lasts."""
    return episodes.end_date.isnull() & episodes.end_reason.isin(NOT_RECORDED).fill_null(False)


def _columns(episodes: ir.Table) -> ir.Table:
    """Episodes as they stand, each a stay."""
    return episodes.select(
        "person_id",
        "start_date",
        "end_date",
        legal_status=episodes.legal_status.cast("string"),
        is_end_known=~is_end_unknown(episodes),
    )


def _told(spells: ir.Table, episodes: ir.Table, keys: list[str]) -> ir.Table:
    """Spells with the ends struck out that nobody recorded."""
    unknown = episodes.filter(is_end_unknown(episodes) & episodes.person_id.notnull())
    ends = unknown.select(
        **{f"lost_{name}": unknown[name] for name in keys},
        lost_end=engine.add_days(unknown.start_date, 1),
    ).distinct()
    same = [spells[name] == ends[f"lost_{name}"] for name in keys]
    joined = spells.left_join(ends, [*same, spells.end_date == ends.lost_end])
    known = joined.lost_person_id.isnull()
    status = joined.legal_status if "legal_status" in keys else ibis.null("string")
    return joined.select(
        "person_id",
        "start_date",
        end_date=known.ifelse(joined.end_date, None),
        legal_status=status,
        is_end_known=known,
    )


def releases(warehouse: Warehouse, *, max_gap_days: int = 0) -> ir.Table:
    """Stays of linked people that ended while custody was covered, as in `stays`.

    An end on the day that coverage ends, or later, was not seen to come.
    """
    held = stays(warehouse, max_gap_days=max_gap_days)
    seen_from, seen_to = custody_period(warehouse)
    ended = (held.end_date < ibis.literal(seen_to)) & (held.end_date >= ibis.literal(seen_from))
    return held.filter(held.person_id.notnull() & ended.fill_null(False))
