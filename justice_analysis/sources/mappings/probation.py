"""Data First probation in the common model: supervision as episodes, requirements as measures.

An event of the source is a referral by a court and what became of it. It has at most one
disposal, which is the episode; an event of custody runs from sentence, so its episode of
licence holds the time in prison before release.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import OFFENCE_GROUPS
from justice_analysis.sources.cleaning_rules import Rule
from justice_analysis.sources.mapping import (
    Account,
    CommonTables,
    MappingContext,
    coverage,
    first_reason,
    key,
    number_keyless_rows,
    place_key,
    provenance,
)
from justice_analysis.sources.mappings.criminal_cleaning import (
    age_rules,
    placeholder_rules,
    possible_age,
    read_code,
    real_date,
    variant_rules,
)
from justice_analysis.sources.mappings.custody_cleaning import (
    SEXES,
    ethnicity_rules,
    in_order,
    is_no_length,
    is_no_rank,
    real_length,
    recorded_sex,
    too_long_ago,
    with_ethnicity,
)
from justice_analysis.sources.mappings.probation_codes import (
    DISPOSALS,
    REQUIREMENT_ENDS,
    REQUIREMENT_UNITS,
    REQUIREMENTS,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import records, within_dataset_ids

Tables = Mapping[str, ir.Table]

SYSTEM = "delius"
EVENTS, REQUIRED = "moj_probation_flatfile", "moj_probation_rqmnts"
REPEATED = "another row of the same event"
NO_EVENT = "its event is not in the flat file"
# Without an end, supervision this long past its length is not open: its end is not recorded.
OVERDUE_DAYS = 365
OFFENCES: Mapping[str, str] = {name: name for name in OFFENCE_GROUPS}
# What an extract without these assumed columns does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    (EVENTS, "imd_rank"): "deprivation of the area of residence",
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map events and requirements to the common model; see `mapping.CommonTables`."""
    judged = engine.materialise(_judged_events(tables[EVENTS]), step="probation events")
    kept = judged.filter(judged.reason.isnull())
    described = with_ethnicity(_described(_with_ends(kept, context)), "ethnicity_desc")
    events = engine.materialise(described, step="ends of supervision")
    needs = engine.materialise(
        _judged_requirements(tables[REQUIRED], events), step="probation requirements"
    )
    common = {
        "record": _records(events, context),
        "record_id_link": within_dataset_ids(
            events,
            context,
            system=SYSTEM,
            table=EVENTS,
            row=events.row,
            person=events.estimated_offender_id,
        ),
        "event": _referrals(events, context),
        "episode": _episodes(events, context),
        "measure": engine.union(
            _measures(events, context),
            _requirements(needs.filter(needs.reason.isnull()), context),
        ),
        "place": _places(events, context),
        "coverage": coverage(context, reason="events referred to probation, to the extract"),
    }
    accounts = [
        Account(EVENTS, judged, ("event", "episode", "measure"), rule=EVENT_RULE),
        Account(REQUIRED, needs, ("measure",), rule="each requirement of an event that is used"),
    ]
    return CommonTables(context.dataset, common, accounts, _rules(tables, events, needs))


EVENT_RULE = (
    "one row of each event is used: one with a disposal before one without, then with an end, "
    "then the latest referral, then the smallest key"
)


def _rules(tables: Tables, events: ir.Table, needs: ir.Table) -> list[Rule]:
    """The rules applied, each with the rows that it is counted over."""
    rows, required = tables[EVENTS], tables[REQUIRED]
    aged = rows.select(age="age_at_offence")
    overdue = (events.end_reason == "missing").fill_null(False)
    no_length = is_no_length(rows.length_in_days)
    days = ("referral_date", "main_offence_date", "disposal_date", "disposal_termination_date")
    required_days = ("rqmnt_start_date", "rqmnt_commencement_date", "rqmnt_termination_date")
    return [
        *placeholder_rules(EVENTS, rows, days),
        Rule(EVENTS, "disposal and its end exchanged", events, events.was_exchanged),
        Rule(EVENTS, "end not recorded: long overdue at the extract", events, overdue),
        Rule(EVENTS, "placeholder in length made missing", rows, no_length),
        Rule(EVENTS, "zero rank of deprivation made missing", rows, is_no_rank(rows.imd_rank)),
        *age_rules(EVENTS, aged),
        *variant_rules(EVENTS, rows, {"gender": SEXES, "disposal_type_description": DISPOSALS}),
        *ethnicity_rules(EVENTS, events, "ethnicity_desc"),
        *placeholder_rules(REQUIRED, required, required_days),
        Rule(REQUIRED, "date imposed and end exchanged", needs, needs.was_exchanged),
    ]


# Events ---------------------------------------------------------------------------------


def _judged_events(rows: ir.Table) -> ir.Table:
    """Events with their dates in order; all but one row of an event are set aside."""
    ordered = in_order(rows, "disposal_date", "disposal_termination_date")
    named = ordered.mutate(
        row=ordered.row_id_hash,
        event=ordered.event_id_hash.fill_null(ordered.row_id_hash),
        referred=real_date(ordered.referral_date),
    )
    order = [
        named.start.isnull().ifelse(1, 0),
        named.end.isnull().ifelse(1, 0),
        named.referred.desc(),
        named.row,
    ]
    placed = named.mutate(_place=ibis.row_number().over(group_by=named.event, order_by=order))
    repeated = (placed._place > 0, REPEATED)
    return placed.mutate(reason=first_reason(repeated)).drop("_place")


def _with_ends(events: ir.Table, context: MappingContext) -> ir.Table:
    """Name the kind of supervision, and why it has no end where it has none."""
    kind = read_code(events.disposal_type_description, DISPOSALS)
    named = events.mutate(kind=kind)
    extracted = context.covered_to()
    if extracted is None:
        open_reason: ir.StringValue = ibis.literal("missing")
    else:
        days = real_length(named.length_in_days).fill_null(0).round().cast("int64")
        due = engine.add_days(named.start, days)
        overdue = too_long_ago(due, ibis.literal(extracted), days=OVERDUE_DAYS)
        known = real_length(named.length_in_days).notnull()
        open_reason = (known & overdue).ifelse("missing", "open_at_extract")
    return named.mutate(end_reason=named.end.notnull().ifelse("ended", open_reason))


def _described(events: ir.Table) -> ir.Table:
    """Name people's characteristics and the offence in the common model's words."""
    rank, recalls = events.imd_rank, events.recall_count
    return events.mutate(
        record=events.row,
        sex=recorded_sex(events.gender),
        offended=real_date(events.main_offence_date),
        age=possible_age(events.age_at_offence),
        offence=read_code(events.mo_category_description, OFFENCES),
        rank=is_no_rank(rank).ifelse(ibis.null("int64"), rank),
        recalls=(recalls > 0).ifelse(recalls, ibis.null("int64")),
        area=events.probation_area_desc.strip(),
    )


def _records(events: ir.Table, context: MappingContext) -> ir.Table:
    return records(
        events,
        context,
        table=EVENTS,
        record_id=key(SYSTEM, events.row),
        row=events.row,
        sex=events.sex,
        ethnicity_group=events.ethnicity_group,
        recorded_date=events.referred,
    )


def _referrals(events: ir.Table, context: MappingContext) -> ir.Table:
    known = events.filter(events.referred.notnull())
    return known.select(
        event_id=key(SYSTEM, known.row),
        record_id=key(SYSTEM, known.row),
        event_type=ibis.literal("referral"),
        event_date=known.referred,
        place_id=_area(known.area),
        value_code=known.kind,
        **provenance(context, EVENTS, known.row),
    )


def _episodes(events: ir.Table, context: MappingContext) -> ir.Table:
    """One row per disposal with a day; a referral without one is an event alone."""
    disposed = events.filter(events.start.notnull(), events.kind.notnull())
    return disposed.select(
        episode_id=key(SYSTEM, disposed.row),
        record_id=key(SYSTEM, disposed.row),
        kind=disposed.kind,
        start_date=disposed.start,
        end_date=disposed.end,
        start_reason=disposed.disposal_type_description,
        end_reason=disposed.end_reason,
        **provenance(context, EVENTS, disposed.row),
    )


def _measures(rows: ir.Table, context: MappingContext) -> ir.Table:
    """Ethnicity, age, main offence, deprivation and recalls, as recorded for the event."""
    measured = [
        Measured("recorded_ethnicity", code=rows.ethnicity_code, date=rows.referred),
        Measured("age", number=rows.age, date=rows.offended, unit="years"),
        Measured("main_offence", code=rows.offence, date=rows.offended),
        Measured("imd_rank", number=rows.rank, date=rows.referred, unit="rank"),
        Measured("recall_count", number=rows.recalls, from_date=rows.start, unit="recalls"),
    ]
    return measure_rows(rows, measured, context, system=SYSTEM, table=EVENTS)


def _area(name: ir.StringValue) -> ir.StringValue:
    return place_key("probation_area", name)


def _places(events: ir.Table, context: MappingContext) -> ir.Table:
    """Areas and providers of probation, by their recorded names."""
    named = events.select(name="area")
    found = named.filter(named.name.notnull()).distinct()
    return found.select(
        place_id=_area(found.name),
        kind=ibis.literal("probation_area"),
        name=found.name,
        **provenance(context, EVENTS, found.name),
    )


# Requirements ---------------------------------------------------------------------------


def _judged_requirements(rows: ir.Table, events: ir.Table) -> ir.Table:
    """Requirements with the record of their event, which the person is found through."""
    # A digest takes no fractions, so lengths are held in thousandths.
    thousandths = (rows.length * 1000).round().cast("int64")
    keyed = number_keyless_rows(rows.mutate(thousandths=thousandths).drop("length"))
    ordered = in_order(keyed, "rqmnt_start_date", "rqmnt_termination_date")
    known = events.select(known_event="event", record="row")
    joined = ordered.left_join(known, ordered.event_id_hash == known.known_event)
    return joined.mutate(
        reason=first_reason((joined.record.isnull(), NO_EVENT)),
        row=joined.row_key,
        category=read_code(joined.rqmnt_type_main_category_desc, REQUIREMENTS),
        ending=read_code(joined.rqmnt_termination_reason_desc, REQUIREMENT_ENDS),
    )


def _requirements(needs: ir.Table, context: MappingContext) -> ir.Table:
    """What was required, from when to when, and why it ended."""
    units = [(needs.category == name, unit) for name, unit in REQUIREMENT_UNITS.items()]
    measured = [
        Measured(
            "requirement",
            code=needs.category,
            number=engine.divide(needs.thousandths, ibis.literal(1000)),
            from_date=needs.start,
            to_date=needs.end,
            unit=ibis.cases(*units),
        ),
        Measured("requirement_end", code=needs.ending, date=needs.end),
    ]
    return measure_rows(needs, measured, context, system=SYSTEM, table=REQUIRED)
