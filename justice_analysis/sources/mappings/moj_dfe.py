"""The MoJ-DfE linked dataset in the common model: offending beside schooling and social care.

An occasion on which the police or a court dealt with a person's offences is a case of one party;
each offence is a charge, and its caution or sentence a decision. What schools record is in
`moj_dfe_schooling`, what councils record in `moj_dfe_social_care`. A person of either side is a
record; the pupil reference that both carry is the link.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.codes import CAUTIONS, DISPOSALS, OFFENCE_GROUPS
from justice_analysis.sources.cleaning_rules import Rule, birth_month, is_before, is_century_typo
from justice_analysis.sources.mapping import (
    CommonTables,
    MappingContext,
    all_used,
    code_name,
    coverage,
    key,
    provenance,
)
from justice_analysis.sources.mappings import moj_dfe_schooling as schooling
from justice_analysis.sources.mappings import moj_dfe_social_care as social_care
from justice_analysis.sources.mappings.moj_dfe_schooling import PUPIL
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import identifiers, records

Tables = Mapping[str, ir.Table]

SYSTEM = "pnc"
SEXES: Mapping[object, str] = {"M": "male", "F": "female"}
GROUPS: Mapping[object, str] = {name: name for name in OFFENCE_GROUPS}
DECISIONS: Mapping[object, str] = {name: name for name in (*CAUTIONS, *DISPOSALS)}
# What an extract without these assumed columns does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("pnc_people", "pupil_reference_anonymised"): "offending of pupils: no record is linked",
    ("pnc_people", "gender"): "sex of people with offences that no pupil is linked to",
    ("pnc_people", "month_of_birth"): "age of people with offences that no pupil is linked to",
    ("pnc_offences", "offence_date"): "age at first offence",
    ("pnc_offences", "offence_group"): "offending by offence group",
    ("pnc_offences", "is_serious_violence"): "pupils with a serious violence offence",
    ("pnc_offences", "disposal"): "pupils cautioned, sentenced or in custody",
    ("pnc_offences", "custody_days"): "lengths of custody",
    **schooling.SWITCHED_OFF,
    **social_care.SWITCHED_OFF,
}


def to_common(tables: Tables, context: MappingContext) -> CommonTables:
    """Map the linked dataset to the common model; see `mapping.CommonTables`."""
    offences = engine.materialise(_offences(tables["pnc_offences"]), step="offences dealt with")
    care = engine.materialise(social_care.read_episodes(tables), step="social care episodes")
    years = {
        name: engine.materialise(rows, step=name)
        for name, rows in schooling.read_years(tables).items()
    }
    common = {
        "record": engine.union(
            _people(tables["pnc_people"], context), schooling.pupil_records(tables, context)
        ),
        "record_id_link": engine.union(
            _identifiers(tables["pnc_people"], context), schooling.pupil_ids(tables, context)
        ),
        "case": _cases(offences, context),
        "party": _parties(offences, tables["pnc_people"], context),
        "matter": _matters(offences, context),
        "matter_party": _matter_parties(offences, context),
        "decision": _decisions(offences, context),
        "event": _events(offences, context),
        "measure": engine.union(
            _serious_violence(offences, context),
            schooling.recorded_ethnicity(tables, context),
            *schooling.measures(years, context),
        ),
        "episode": social_care.episodes(care, context),
        "coverage": coverage(context, reason="the offending records, to the extract"),
    }
    accounts = [
        all_used("pnc_people", tables["pnc_people"], "link"),
        all_used("pnc_offences", tables["pnc_offences"], "matter", "decision", "event"),
        all_used("npd_pupils", tables["npd_pupils"], "link", "measure"),
        *schooling.accounts(years),
        *social_care.accounts(care),
    ]
    rules = [*_rules(tables), *schooling.rules(tables), *social_care.rules(tables)]
    return CommonTables(context.dataset, common, accounts, rules)


def _rules(tables: Tables) -> list[Rule]:
    offences, people = tables["pnc_offences"], tables["pnc_people"]
    late = is_before(offences.disposal_date, offences.offence_date)
    typo = is_century_typo(people.month_of_birth)
    return [
        Rule("pnc_offences", "offence after its disposal made missing", offences, late),
        Rule("pnc_people", "century of birth mended", people, typo),
    ]


def _offences(offences: ir.Table) -> ir.Table:
    """Offences with a date that can be: none committed after it was dealt with."""
    late = is_before(offences.disposal_date, offences.offence_date)
    return offences.select(
        offence="offence_id",
        person="pnc_person_anonymised",
        occasion="disposal_event_id",
        committed=late.ifelse(ibis.null("date"), offences.offence_date),
        disposed="disposal_date",
        group=code_name(offences.offence_group, GROUPS),
        decision=code_name(offences.disposal, DECISIONS),
        serious="is_serious_violence",
        days="custody_days",
    )


# People ---------------------------------------------------------------------------------


def _people(people: ir.Table, context: MappingContext) -> ir.Table:
    return records(
        people,
        context,
        table="pnc_people",
        record_id=key(SYSTEM, people.pnc_person_anonymised),
        row=people.pnc_person_anonymised,
        sex=code_name(people.gender, SEXES),
        birth_month=birth_month(people.month_of_birth, people.month_of_birth),
    )


def _identifiers(people: ir.Table, context: MappingContext) -> ir.Table:
    """The pupil whom a person with offences was linked to."""
    return identifiers(
        people,
        context,
        table="pnc_people",
        record_id=key(SYSTEM, people.pnc_person_anonymised),
        row=people.pnc_person_anonymised,
        id_system=schooling.ID_SYSTEM,
        identifier=people[PUPIL],
    )


# Occasions, offences and what was decided -------------------------------------------------


def _cases(offences: ir.Table, context: MappingContext) -> ir.Table:
    """One row per person and occasion on which offences were dealt with."""
    days = offences.group_by("person", "occasion").aggregate(disposed=offences.disposed.max())
    return days.select(
        case_id=key(SYSTEM, days.occasion, days.person),
        jurisdiction=ibis.literal("criminal"),
        case_type=ibis.literal("pnc_record"),
        closed_date=days.disposed,
        status=ibis.literal("closed"),
        last_activity_date=days.disposed,
        **provenance(context, "pnc_offences", days.occasion),
    )


def _parties(offences: ir.Table, people: ir.Table, context: MappingContext) -> ir.Table:
    """The person dealt with, once per occasion."""
    known = people.select(
        person="pnc_person_anonymised",
        sex=code_name(people.gender, SEXES),
        birth_month=birth_month(people.month_of_birth, people.month_of_birth),
    )
    rows = offences.select("person", "occasion").distinct().inner_join(known, "person")
    return rows.select(
        party_id=key(SYSTEM, rows.occasion, rows.person),
        case_id=key(SYSTEM, rows.occasion, rows.person),
        record_id=key(SYSTEM, rows.person),
        role=ibis.literal("defendant"),
        birth_month=rows.birth_month,
        sex=rows.sex,
        **provenance(context, "pnc_offences", rows.occasion),
    )


def _matters(offences: ir.Table, context: MappingContext) -> ir.Table:
    return offences.select(
        matter_id=key(SYSTEM, offences.offence),
        case_id=key(SYSTEM, offences.occasion, offences.person),
        kind=ibis.literal("charge"),
        code=offences.group,
        alleged_date=offences.committed,
        disposed_date=offences.disposed,
        status=ibis.literal("disposed"),
        **provenance(context, "pnc_offences", offences.offence),
    )


def _matter_parties(offences: ir.Table, context: MappingContext) -> ir.Table:
    return offences.select(
        matter_id=key(SYSTEM, offences.offence),
        party_id=key(SYSTEM, offences.occasion, offences.person),
        part=ibis.literal("defendant"),
        **provenance(context, "pnc_offences", offences.offence),
    )


def _decisions(offences: ir.Table, context: MappingContext) -> ir.Table:
    """The caution or sentence for each offence; an unknown disposal is a sentence."""
    rows = offences.filter(offences.decision.notnull())
    cautioned = rows.decision.isin(list(CAUTIONS))
    return rows.select(
        decision_id=key(SYSTEM, rows.offence),
        matter_id=key(SYSTEM, rows.offence),
        decision_type=cautioned.ifelse("caution", "sentence"),
        decision=rows.decision,
        decision_date=rows.disposed,
        is_final=ibis.literal(True),
        amount=rows.days.cast("float64"),
        amount_unit=rows.days.notnull().ifelse("days", ibis.null("string")),
        attribution=ibis.literal("matter"),
        **provenance(context, "pnc_offences", rows.offence),
    )


def _events(offences: ir.Table, context: MappingContext) -> ir.Table:
    """The day of each offence, where it is known."""
    rows = offences.filter(offences.committed.notnull())
    return rows.select(
        event_id=key(SYSTEM, rows.offence),
        case_id=key(SYSTEM, rows.occasion, rows.person),
        record_id=key(SYSTEM, rows.person),
        matter_id=key(SYSTEM, rows.offence),
        party_id=key(SYSTEM, rows.occasion, rows.person),
        event_type=ibis.literal("offence"),
        event_date=rows.committed,
        value_code=rows.group,
        **provenance(context, "pnc_offences", rows.offence),
    )


def _serious_violence(offences: ir.Table, context: MappingContext) -> ir.Table:
    """Offences that the publication counts as serious violence."""
    serious = offences.filter(offences.serious)
    rows = serious.mutate(record=serious.person, row=serious.offence)
    violence = Measured(
        "serious_violence",
        number=ibis.literal(1.0),
        code=rows.group,
        date=rows.disposed,
        unit="offence",
    )
    return measure_rows(
        rows,
        [violence],
        context,
        system=SYSTEM,
        table="pnc_offences",
        party_id=key(SYSTEM, rows.occasion, rows.person),
    )
