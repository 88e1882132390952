"""Children looked after and children in need, in the common model: episodes with days."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import Rule, birth_month, is_before, not_before
from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    code_name,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.moj_dfe_schooling import PUPIL, SYSTEM

Tables = Mapping[str, ir.Table]

NO_START = "episode without a start"
ADULT_MONTHS = 18 * 12
LEGAL_STATUSES: Mapping[object, str] = {
    "C1": "interim_care_order",
    "C2": "care_order",
    "E1": "placement_order",
    "V2": "voluntary",
    "J1": "youth_justice",
    "L1": "protection",
}
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("cla_episodes", "episode_start_date"): "pupils ever looked after",
    ("cla_episodes", "episode_end_date"): "time looked after",
    ("cla_episodes", "legal_status"): "care orders apart from voluntary care",
    ("cin_episodes", "closure_date"): "time in need",
    ("cin_episodes", "referral_date"): "pupils ever in need",
}


def read_episodes(tables: Tables) -> ir.Table:
    """Episodes of care and of need, with the month of birth and the `reason` not to use."""
    looked_after, in_need = tables["cla_episodes"], tables["cin_episodes"]
    both = engine.union(
        looked_after.select(
            PUPIL,
            table=ibis.literal("cla_episodes"),
            row="cla_episode_id",
            kind=ibis.literal("care"),
            start="episode_start_date",
            end="episode_end_date",
            start_reason=code_name(looked_after.legal_status, LEGAL_STATUSES),
        ),
        in_need.select(
            PUPIL,
            table=ibis.literal("cin_episodes"),
            row="cin_episode_id",
            kind=ibis.literal("child_in_need"),
            start="referral_date",
            end="closure_date",
            start_reason=ibis.null("string"),
        ),
    )
    pupils = tables["npd_pupils"]
    born = pupils.select(
        born_pupil=PUPIL, born=birth_month(pupils.month_of_birth, pupils.month_of_birth)
    )
    joined = both.left_join(born, both[PUPIL] == born.born_pupil).drop("born_pupil")
    return joined.mutate(
        end=not_before(joined.end, joined.start),
        reason=first_reason((joined.start.isnull(), NO_START)),
    )


def episodes(rows: ir.Table, context: MappingContext) -> ir.Table:
    """One row per episode of care (one placement and legal status) or of need."""
    used = rows.filter(rows.reason.isnull())
    is_care = used.kind == "care"
    return used.select(
        episode_id=is_care.ifelse(key("npd_cla", used.row), key("npd_cin", used.row)),
        record_id=key(SYSTEM, used[PUPIL]),
        kind=used.kind,
        granularity=is_care.ifelse("segment", "journey"),
        start_date=used.start,
        end_date=used.end,
        start_reason=used.start_reason,
        end_reason=_end_reason(used, context),
        **provenance(context, used["table"], used.row),
    )


def _end_reason(rows: ir.Table, context: MappingContext) -> ir.StringValue:
    """An episode without an end goes on only while the pupil is under 18 and was still seen."""
    seen_to = context.covered_to()
    if seen_to is None:
        return rows.end.notnull().ifelse("ended", "missing")
    of_age = engine.add_months(rows.born, ADULT_MONTHS) <= seen_to
    return ibis.cases(
        (rows.end.notnull(), "ended"),
        ((~of_age).fill_null(False), "open_at_extract"),
        else_="missing",
    )


def rules(tables: Tables) -> list[Rule]:
    """Episodes whose end is not one."""
    looked_after, in_need = tables["cla_episodes"], tables["cin_episodes"]
    early_end = is_before(looked_after.episode_end_date, looked_after.episode_start_date)
    early_closure = is_before(in_need.closure_date, in_need.referral_date)
    return [
        Rule("cla_episodes", "end before start made missing", looked_after, early_end),
        Rule("cin_episodes", "closure before referral made missing", in_need, early_closure),
    ]


def accounts(rows: ir.Table) -> list[Account]:
    """Account of every delivered episode."""
    return [
        Account(name, rows.filter(rows["table"] == name), ("episode",))
        for name in ("cla_episodes", "cin_episodes")
    ]
