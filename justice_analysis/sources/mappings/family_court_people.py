"""People in family court cases: their records, identifiers and parts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import UNCLEAR, birth_month
from justice_analysis.sources.mapping import MappingContext, code_name, key, provenance
from justice_analysis.sources.mappings.family_court_codes import ROLES, SEXES, SYSTEM
from justice_analysis.sources.records import identifiers, records


def people_of(people: ir.Table) -> ir.Table:
    """One row per delivered row: a person in a case in one role.

    A person is represented where a representative is on record, and not where none is, as
    official statistics count; where no row has one the column was not delivered, and nothing
    is known.
    """
    known_sex = people.gender.isin(list(SEXES)).fill_null(False)
    return people.select(
        row="row_id_hash",
        case="case_number_hash",
        role=code_name(people.role_model, ROLES).fill_null(UNCLEAR),
        sex=known_sex.ifelse(code_name(people.gender, SEXES), ibis.null("string")),
        birth_month=birth_month(people.dob, people.dob),
        represented=_represented(people),
        alf2="ALF2_PE",
    )


def is_unknown_gender(people: ir.Table) -> ir.BooleanValue:
    """Whether a gender is recorded by a code that is in no list."""
    return people.gender.notnull() & ~people.gender.isin(list(SEXES))


def _represented(people: ir.Table) -> ir.BooleanValue:
    represented = people.representative_role.notnull()
    delivered = engine.execute(
        represented.any().fill_null(False), step="representatives of family court people"
    )
    return represented if bool(delivered) else ibis.null("boolean")


def common_records(people: ir.Table, context: MappingContext) -> ir.Table:
    """One person record per delivered row."""
    return records(
        people,
        context,
        table="people",
        record_id=key(SYSTEM, people.row),
        row=people.row,
        sex=people.sex,
        birth_month=people.birth_month,
    )


def common_identifiers(people: ir.Table, context: MappingContext) -> ir.Table:
    """The linking field to Cafcass, where a match was made."""
    return identifiers(
        people,
        context,
        table="people",
        record_id=key(SYSTEM, people.row),
        row=people.row,
        id_system="alf2",
        identifier=people.alf2,
    )


def common_parties(people: ir.Table, context: MappingContext) -> ir.Table:
    """One party per person, case and role."""
    return people.select(
        party_id=key(SYSTEM, people.row),
        case_id=key(SYSTEM, people.case),
        record_id=key(SYSTEM, people.row),
        role=people.role,
        birth_month=people.birth_month,
        sex=people.sex,
        represented=people.represented,
        **provenance(context, "people", people.row),
    )
