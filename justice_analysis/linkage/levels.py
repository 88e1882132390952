"""Levels of linkage: how sure a delivered link is, and who is who at each level."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import STATED_LEVELS
from justice_analysis.errors import LinkageError, UsageError

# From the surest to links of which nothing is said; `none` marks a record without a link.
STATED = STATED_LEVELS
LEVELS = (*STATED, "unstated")
NOT_LINKED = "none"

DEFAULT_PRECEDENCE = (
    "alf",
    "alf2",
    "cafcass_person",
    "xjs",
    "xjs_2022",
    "estimated_offender",
    "own_splink",
    "moj_dfe",
    "record",
)


def loosest(levels: Sequence[str]) -> str:
    """The level that takes in every other one present."""
    present = [level for level in LEVELS if level in levels]
    return present[-1] if present else NOT_LINKED


def at_level(link: ir.Table, level: str) -> str:
    """The delivered level that answers to a level asked for: the loosest that is as sure.

    Raises
    ------
    UsageError
        If the level is not high, medium or low.
    LinkageError
        If no link states a level as sure as that.
    """
    if level not in STATED:
        raise UsageError(f"level must be one of {', '.join(STATED)}: {level} is not.")
    found = engine.execute(link.select("id_system", "level").distinct(), step="link levels")
    as_sure = [name for name in STATED[: STATED.index(level) + 1] if name in set(found["level"])]
    if not as_sure:
        systems = sorted(set(found.loc[found["level"] != NOT_LINKED, "id_system"]))
        raise LinkageError(
            f"links must state a level to be taken at {level}: {', '.join(systems) or 'none'} "
            "state no level as sure. Use the warehouse as it is."
        )
    return as_sure[-1]


def derive_people(link: ir.Table, level: str, precedence: Sequence[str]) -> ir.Table:
    """Who each record is by its links at one level: its highest id system decides.

    Parameters
    ----------
    link
        One row per record, id system and level, as in the common model.
    level
        `high`, `medium`, `low`, or `unstated`, as delivered.
    precedence
        Id systems, the highest first.

    Returns
    -------
    Table
        One row per record that is linked at the level: `record_id`, `person_id`.
    """
    taken = link.filter(link.level.isin((level, NOT_LINKED)), link.person_id.notnull())
    by_system = {
        f"by_{system}": (taken.id_system == system)
        .ifelse(taken.person_id, ibis.null("int64"))
        .max()
        for system in precedence
    }
    wide = taken.group_by("record_id").aggregate(**by_system)
    found = wide.select("record_id", person_id=ibis.coalesce(*[wide[name] for name in by_system]))
    return found.filter(found.person_id.notnull())
