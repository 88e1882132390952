"""Data First prisoner custodial journey in the common model: episodes of custody.

A journey is an episode; it merges remand, sentence and recall, so it has no legal status.
Where segments of journeys were delivered, each is an episode too, with its status, and names
its journey as parent.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CUSTODY_STATUSES, OFFENCE_GROUPS
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    as_text,
    coverage,
    first_reason,
    key,
    provenance,
)
from justice_analysis.sources.mappings.criminal_cleaning import (
    age_rules,
    placeholder_rules,
    possible_age,
    read_code,
    variant_rules,
)
from justice_analysis.sources.mappings.custody_cleaning import (
    SEXES,
    ethnicity_rules,
    in_order,
    is_no_length,
    next_start,
    overlaps_earlier,
    real_length,
    recorded_sex,
    with_ethnicity,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import records, within_dataset_ids

Tables = Mapping[str, ir.Table]

SYSTEM = "nomis"
JOURNEYS, SEGMENTS = "nomis", "custody_segments"
NO_START = "no first day"
NO_JOURNEY = "its journey was set aside"
STATUSES: Mapping[str, str] = {name: name for name in CUSTODY_STATUSES}
OFFENCES: Mapping[str, str] = {name: name for name in OFFENCE_GROUPS}
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    (SEGMENTS, ""): "remand apart from sentence and recall; time on remand",
    (SEGMENTS, "legal_status"): "remand apart from sentence and recall; time on remand",
    (SEGMENTS, "segment_start_date"): "parts of journeys: none without a first day is used",
    (SEGMENTS, "segment_end_date"): "gaps between the parts of a journey",
    (JOURNEYS, "journey_start_date"): "custody: no journey without a first day is used",
    (JOURNEYS, "journey_end_date"): "releases; every journey is open or its end is not recorded",
    (JOURNEYS, "age_at_reception"): "custody by age",
    (JOURNEYS, "gender"): "custody by sex where no other dataset has it",
    (JOURNEYS, "ethnicity"): "custody by ethnic group where no other dataset has it",
    (JOURNEYS, "main_offence_group"): "custody by offence",
    (JOURNEYS, "sentence_length_days"): "custody by length of sentence",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map journeys and their segments to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(_journeys(tables[JOURNEYS]), step="custodial journeys")
    kept = judged.filter(judged.reason.isnull())
    described = with_ethnicity(_described(_with_ends(kept, context)), "ethnicity")
    journeys = engine.materialise(described, step="ends of journeys")
    parts = engine.materialise(_segments(tables[SEGMENTS], journeys), step="custody segments")
    segments = parts.filter(parts.reason.isnull())
    common = {
        "record": _records(journeys, context),
        "record_id_link": within_dataset_ids(
            journeys,
            context,
            system=SYSTEM,
            table=JOURNEYS,
            row=journeys.row,
            person=journeys.estimated_offender_id,
        ),
        "episode": engine.union(
            _journey_episodes(journeys, context), _segment_episodes(segments, context)
        ),
        "measure": _measures(journeys, context),
        "coverage": coverage(context, reason="journeys of the prison system, to the extract"),
    }
    accounts = [
        Account(JOURNEYS, judged, ("episode", "measure"), rule=JOURNEY_RULE),
        Account(SEGMENTS, parts, ("episode",)),
    ]
    return CommonTables(context.dataset, common, accounts, _rules(tables, journeys, parts))


JOURNEY_RULE = "each journey with a first day is an episode, and gives what it records of a person"


def _rules(tables: Tables, journeys: ir.Table, segments: ir.Table) -> list[Rule]:
    """The rules applied, each with the rows that it is counted over."""
    rows = tables[JOURNEYS]
    aged = rows.select(age="age_at_reception")
    codes = {"gender": SEXES, "main_offence_group": OFFENCES}
    exchanged = "first and last day exchanged"
    missing_end = journeys.end_reason == "missing"
    no_length = is_no_length(rows.sentence_length_days)
    return [
        *placeholder_rules(JOURNEYS, rows, ("journey_start_date", "journey_end_date")),
        Rule(JOURNEYS, exchanged, journeys, journeys.was_exchanged),
        Rule(JOURNEYS, "begins inside an earlier journey", journeys, journeys.overlaps),
        Rule(JOURNEYS, "end not recorded: a later journey follows", journeys, missing_end),
        Rule(JOURNEYS, "placeholder in sentence length made missing", rows, no_length),
        *age_rules(JOURNEYS, aged),
        *variant_rules(JOURNEYS, rows, codes),
        *ethnicity_rules(JOURNEYS, journeys, "ethnicity"),
        Rule(SEGMENTS, exchanged, segments, segments.was_exchanged),
    ]


# Journeys -------------------------------------------------------------------------------


def _journeys(rows: ir.Table) -> ir.Table:
    ordered = in_order(rows, "journey_start_date", "journey_end_date")
    return ordered.mutate(
        row=ordered.row_id_hash, reason=first_reason((ordered.start.isnull(), NO_START))
    )


def _with_ends(journeys: ir.Table, context: MappingContext) -> ir.Table:
    """Say why a journey has no end: whoever is received again later was released before."""
    named = journeys.mutate(person=as_text(journeys.estimated_offender_id))
    follows = named.mutate(
        overlaps=overlaps_earlier(named, person="person"),
        later=next_start(named, person="person"),
    )
    seen = ibis.literal(context.covered_to() is not None)
    return follows.mutate(
        end_reason=ibis.cases(
            (follows.end.notnull(), "ended"),
            (follows.later.notnull(), "missing"),
            (seen, "open_at_extract"),
            else_="missing",
        )
    )


def _described(journeys: ir.Table) -> ir.Table:
    """Name people's characteristics, offence and sentence in the common model's words."""
    return journeys.mutate(
        record=journeys.row,
        sex=recorded_sex(journeys.gender),
        age=possible_age(journeys.age_at_reception),
        offence=read_code(journeys.main_offence_group, OFFENCES),
        sentence_days=real_length(journeys.sentence_length_days),
    )


def _records(journeys: ir.Table, context: MappingContext) -> ir.Table:
    return records(
        journeys,
        context,
        table=JOURNEYS,
        record_id=key(SYSTEM, journeys.row),
        row=journeys.row,
        sex=journeys.sex,
        ethnicity_group=journeys.ethnicity_group,
        recorded_date=journeys.start,
    )


def _journey_episodes(journeys: ir.Table, context: MappingContext) -> ir.Table:
    own = key(SYSTEM, journeys.row)
    return journeys.select(
        episode_id=own,
        record_id=own,
        kind=ibis.literal("custody"),
        legal_status=ibis.null("string"),
        granularity=ibis.literal("journey"),
        parent_episode_id=ibis.null(own.type()),
        start_date=journeys.start,
        end_date=journeys.end,
        end_reason=journeys.end_reason,
        **provenance(context, JOURNEYS, journeys.row),
    )


def _measures(rows: ir.Table, context: MappingContext) -> ir.Table:
    """Ethnicity, age, main offence and length of sentence, as recorded at reception."""
    measured = [
        Measured("recorded_ethnicity", code=rows.ethnicity_code, date=rows.start),
        Measured("age", number=rows.age, date=rows.start, unit="years"),
        Measured("main_offence", code=rows.offence, date=rows.start),
        Measured("sentence_length", number=rows.sentence_days, from_date=rows.start, unit="days"),
    ]
    return measure_rows(rows, measured, context, system=SYSTEM, table=JOURNEYS)


# Segments -------------------------------------------------------------------------------


def _segments(rows: ir.Table, journeys: ir.Table) -> ir.Table:
    """Segments beside their journeys, with the start of the segment that follows."""
    known = journeys.select(journey="row", journey_end_reason="end_reason")
    ordered = in_order(rows, "segment_start_date", "segment_end_date")
    joined = ordered.left_join(known, ordered.row_id_hash == known.journey)
    keyed = joined.mutate(row=joined.segment_number)
    followed = keyed.mutate(later=next_start(keyed, person="row_id_hash"))
    reason = first_reason(
        (followed.journey.isnull(), NO_JOURNEY), (followed.start.isnull(), NO_START)
    )
    return followed.mutate(reason=reason)


def _segment_episodes(segments: ir.Table, context: MappingContext) -> ir.Table:
    """A segment without an end lasts only if it is the last of a journey that does."""
    lasts = segments.later.isnull() & (segments.journey_end_reason == "open_at_extract")
    return segments.select(
        episode_id=key(SYSTEM, segments.row_id_hash, segments.segment_number),
        record_id=key(SYSTEM, segments.row_id_hash),
        kind=ibis.literal("custody"),
        legal_status=read_code(segments.legal_status, STATUSES),
        granularity=ibis.literal("segment"),
        parent_episode_id=key(SYSTEM, segments.row_id_hash),
        start_date=segments.start,
        end_date=segments.end,
        end_reason=ibis.cases(
            (segments.end.notnull(), "ended"), (lasts, "open_at_extract"), else_="missing"
        ),
        **provenance(
            context,
            SEGMENTS,
            segments.row_id_hash + ":" + as_text(segments.segment_number),
        ),
    )
