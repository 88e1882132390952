"""Cafcass's newer system (ECMS, from April 2014) in the columns that both systems share."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import (
    birth_month,
    closed_for_good,
    is_true,
    mend_century,
)
from justice_analysis.sources.mappings.cafcass_codes import NOT_AN_ETHNIC_GROUP

SYSTEM = "ecms"
Tables = Mapping[str, ir.Table]


def people(tables: Tables) -> ir.Table:
    """One row per person record, with the latest ethnic group recorded for it."""
    rows = tables["ecms_people"]
    stated = latest_ethnicities(tables)
    joined = rows.left_join(stated, stated.ethnic_person == rows.ID_PE)
    return joined.select(
        system=ibis.literal(SYSTEM),
        person=joined.ID_PE,
        sex=joined.GENDER.lower(),
        birth_month=birth_month(joined.WEEKOFBIRTH, joined.MOB_LINKAGE),
        week_of_birth=mend_century(joined.WEEKOFBIRTH),
        ethnicity_code=joined.ethnicity_code,
        recorded_date=joined.AVAIL_FROM_DT,
        alf=joined.ALF_PE,
        alf2=joined.ALF2_PE,
        source_table=ibis.literal("ecms_people"),
    )


def latest_ethnicities(tables: Tables) -> ir.Table:
    """One row per person: the ethnic group recorded last; refusals and unknowns do not count."""
    rows = tables["ecms_ethnicities"]
    stated = rows.filter(
        rows.ETHNICITYTYPE_ID.notnull(), ~rows.ETHNICITYTYPE_ID.isin(NOT_AN_ETHNIC_GROUP)
    )
    latest = engine.first_per_group(
        stated,
        by=["PERSON_ID_PE"],
        order_by=[stated.AVAIL_FROM_DT.desc(), stated.ID_PE],
    )
    return latest.select(ethnic_person="PERSON_ID_PE", ethnicity_code="ETHNICITYTYPE_ID")


def cases(tables: Tables) -> ir.Table:
    """One row per case; a case that was reopened is closed only if closed again."""
    rows = tables["ecms_cases"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        case=rows.ID_PE,
        law=rows.LAWTYPE_ID,
        area=rows.LOCALAUTHORITY_ID,
        court=rows.COURTCOURTLEVELREF_ID,
        case_received=rows.DATERECEIVED,
        first_closed=rows.CLOSUREDATE,
        reopened=rows.REOPENDATE,
        closed_date=closed_for_good(rows.CLOSUREDATE, rows.REOPENDATE),
        status_code=rows.CASESTATU_ID,
        source_table=ibis.literal("ecms_cases"),
    )


def applications(tables: Tables) -> ir.Table:
    """One row per application."""
    rows = tables["ecms_applications"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        application=rows.ID_PE,
        case=rows.CASE_ID_PE,
        application_code=rows.APPLICATIONTYPE1_ID,
        application_court=ibis.null("int64"),
        applied=rows.DATEOFAPPLICATION,
        received=rows.DATERECEIVED,
        completed=ibis.coalesce(rows.DATEAPPLICATIONCOMPLETED, rows.DATECOMPLETED),
        source_table=ibis.literal("ecms_applications"),
    )


def members(tables: Tables) -> ir.Table:
    """One row per delivered person on an application, with a flag for each role."""
    rows = tables["ecms_personsonapplications"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        member=rows.ID_PE,
        application=rows.APPLICATION_ID_PE,
        person=rows.PERSON_ID_PE,
        subject=is_true(rows.ISSUBJECT),
        applicant=is_true(rows.ISAPPLICANT),
        respondent=is_true(rows.ISRESPONDENT),
        other=is_true(rows.ISOTHER),
    )


def relationships(tables: Tables) -> ir.Table:
    """One row per recorded tie: the related person is the `kind` of the person."""
    rows = tables["ecms_personrelationships"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        tie=rows.ID_PE,
        person=rows.PERSON_ID_PE,
        related=rows.RELATEDPERSON_ID_PE,
        tie_code=rows.RELATIONSHIPTYPE_ID,
    )


def legal_outputs(tables: Tables) -> ir.Table:
    """One row per legal output, for one child on one application."""
    rows = tables["ecms_legaloutputs"]
    return rows.select(
        output=rows.ID_PE,
        application=rows.APPLICATION_ID_PE,
        person=rows.PERSON_ID_PE,
        order_code=rows.LEGALOUTPUTTYPE_ID,
        decision_date=rows.DATEORDERED,
    )
