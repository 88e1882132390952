"""The common tables of a criminal court dataset, from its cleaned defendants and charges."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.case_status import status_by_activity
from justice_analysis.sources.cleaning_rules import not_before
from justice_analysis.sources.mapping import (
    CommonTables,
    MappingContext,
    all_used,
    key,
    provenance,
)
from justice_analysis.sources.mappings.criminal_cleaning import variant_rules
from justice_analysis.sources.mappings.criminal_courts import (
    Layout,
    charges_of,
    clean_defendants,
    clean_offences,
)
from justice_analysis.sources.mappings.criminal_matters import matter_tables
from justice_analysis.sources.mappings.criminal_places import (
    COURTS,
    court_id,
    coverage_table,
    known_courts,
    place_table,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import records, within_dataset_ids

# Dates of a defendant in a case that are events: our name of the event and the column.
EVENTS = {
    "offence": "alleged",
    "charge": "charged",
    "received": "received",
    "first_hearing": "first_hearing",
    "hearing": "main_hearing",
    "sent_to_crown": "sent",
    "completed": "completed",
}
# All that is used of a cleaned defendant; keeping the delivered columns too is costly.
DEFENDANT = (
    "row", "case", "offender", "court", "case_type", "is_breach", "sent_for",
    *EVENTS.values(), "arrived", "seen",
    "sex", "birth_month", "age", "self_defined", "officer_identified", "ethnicity_group",
    "offence_group", "offence_code", "plea", "verdict", "disposal", "sentence_days", "remand",
)  # fmt: skip
AT_COURT = ("received", "first_hearing", "hearing", "sent_to_crown", "completed")


def map_court(
    tables: Mapping[str, ir.Table],
    context: MappingContext,
    layout: Layout,
    *,
    own: Callable[[ir.Table], ir.Table],
    own_codes: Mapping[str, Mapping[str, str]],
) -> CommonTables:
    """Map one criminal court dataset to the common model.

    Parameters
    ----------
    tables, context
        As every mapping takes them; the offences and the courts may be without rows.
    layout
        Which delivered table and column says what.
    own
        Adds to cleaned defendants what only this system says: `case_type`, `is_breach`,
        `sent` (day of going to the Crown Court) and `sent_for` (why).
    own_codes
        Columns of the case summary with codes that only this system has.

    Returns
    -------
    CommonTables
        Every delivered row is used.
    """
    summary, offences = tables[layout.summary], tables[layout.offences]
    cleaned, rules = clean_defendants(summary, layout)
    defendants = own(cleaned).select(*DEFENDANT)
    defendants = engine.materialise(defendants, step=f"defendants of {context.dataset}")
    charged, more_rules = clean_offences(offences, layout)
    courts = known_courts(tables[COURTS], defendants, layout)
    courts = engine.materialise(courts, step=f"courts of {context.dataset}")
    common = {
        **people_tables(defendants, layout, context),
        **matter_tables(charges_of(defendants, charged), layout, context),
        "case": case_table(defendants, courts, layout, context),
        "event": event_table(defendants, layout, context),
        "place": place_table(courts, layout, context),
        "coverage": coverage_table(courts, layout, context),
    }
    accounts = [
        all_used(layout.summary, summary, "case", "party", "event", "matter", "decision"),
        all_used(layout.offences, offences, "matter", "decision"),
        all_used(COURTS, tables[COURTS], "place", "coverage"),
    ]
    own_rules = variant_rules(layout.summary, summary, own_codes)
    return CommonTables(context.dataset, common, accounts, [*rules, *more_rules, *own_rules])


def people_tables(
    defendants: ir.Table, layout: Layout, context: MappingContext
) -> dict[str, ir.Table]:
    """`party`, `record`, `record_id_link` and `measure`: a row per defendant in a case."""
    record_id = key(layout.system, defendants.row)
    described = {
        "sex": defendants.sex,
        "birth_month": defendants.birth_month,
        "ethnicity_group": defendants.ethnicity_group,
    }
    parties = defendants.select(
        party_id=record_id,
        case_id=key(layout.system, defendants.case),
        record_id=record_id,
        role=ibis.literal("defendant"),
        **described,
        **provenance(context, layout.summary, defendants.row),
    )
    return {
        "party": parties,
        "record": records(
            defendants,
            context,
            table=layout.summary,
            record_id=record_id,
            row=defendants.row,
            recorded_date=defendants.seen,
            **described,
        ),
        "record_id_link": within_dataset_ids(
            defendants,
            context,
            system=layout.system,
            table=layout.summary,
            row=defendants.row,
            person=defendants.offender,
        ),
        "measure": _measures(defendants, layout, context),
    }


def _measures(defendants: ir.Table, layout: Layout, context: MappingContext) -> ir.Table:
    """Each ethnicity as recorded, by who said so; and age, where no month of birth is known."""
    rows = defendants.mutate(record=defendants.row)
    age = rows.birth_month.isnull().ifelse(rows.age, ibis.null("int64"))
    measured = [
        *(
            Measured("recorded_ethnicity", code=rows[basis], date=rows.seen, basis=basis)
            for basis in ("self_defined", "officer_identified")
        ),
        Measured("age", number=age, date=rows.seen, unit="years"),
    ]
    return measure_rows(
        rows,
        measured,
        context,
        system=layout.system,
        table=layout.summary,
        party_id=key(layout.system, rows.row),
    )


def case_table(
    defendants: ir.Table, migrated: ir.Table, layout: Layout, context: MappingContext
) -> ir.Table:
    """One row per case: closed when all of its defendants are.

    Parameters
    ----------
    defendants
        With `case_type`.
    migrated
        Courts and the day from which their cases are on Common Platform: `court`, `moved`.
    """
    dates = [defendants[column] for column in EVENTS.values()]
    grouped = defendants.group_by("case").aggregate(
        case_type=defendants.case_type.min(),
        court=defendants.court.min(),
        received=defendants.arrived.min(),
        last=ibis.greatest(*dates).max(),
        completed=defendants.completed.max(),
        unfinished=defendants.completed.isnull().cast("int64").sum(),
    )
    cases = grouped.left_join(migrated, "court")
    closed = (cases.unfinished == 0).ifelse(cases.completed, ibis.null("date"))
    return cases.select(
        case_id=key(layout.system, cases.case),
        jurisdiction=ibis.literal("criminal"),
        case_type=cases.case_type,
        place_id=court_id(layout, cases.court),
        area_id=cases.area_id,
        received_date=cases.received,
        closed_date=not_before(closed, cases.received),
        status=_status(closed, cases.last, cases.moved, context),
        last_activity_date=cases.last,
        **provenance(context, layout.summary, cases.case),
    )


def _status(
    closed: ir.DateValue, last: ir.DateValue, moved: ir.DateValue, context: MappingContext
) -> ir.StringValue:
    """State at the extract; what goes on in a court that moved is no longer seen."""
    extracted = context.covered_to()
    gone = [(moved <= ibis.literal(extracted), "migrated")] if extracted else []
    return status_by_activity(closed.notnull(), last, context, unless=gone)


def event_table(defendants: ir.Table, layout: Layout, context: MappingContext) -> ir.Table:
    """One row per dated event of a defendant in a case.

    The offence is that of the case summary; each matter has its own day in `alleged_date`. The
    value of `hearing` is `main`, that of `sent_to_crown` the reason.
    """
    parts = []
    for event, column in EVENTS.items():
        known = defendants.filter(defendants[column].notnull())
        place = court_id(layout, known.court) if event in AT_COURT else ibis.null("string")
        parts.append(
            known.select(
                event_id=key(f"{layout.system}_{event}", known.row),
                case_id=key(layout.system, known.case),
                party_id=key(layout.system, known.row),
                record_id=key(layout.system, known.row),
                event_type=ibis.literal(event),
                event_date=known[column],
                place_id=place,
                value_code=_event_value(event, known),
                **provenance(context, layout.summary, known.row),
            )
        )
    return engine.union(*parts)


def _event_value(event: str, rows: ir.Table) -> ir.StringValue:
    if event == "hearing":
        return ibis.literal("main")
    return rows.sent_for if event == "sent_to_crown" else ibis.null("string")
