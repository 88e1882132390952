"""Cafcass's older system (CMS, to March 2014) in the columns that both systems share."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.cleaning_rules import birth_month, mend_century
from justice_analysis.sources.mappings.cafcass_codes import NOT_AN_ETHNIC_GROUP

SYSTEM = "cms"
Tables = Mapping[str, ir.Table]

APPLICANT, RESPONDENT, SUBJECT, UNKNOWN, SEE_CONVERTED = 1, 2, 4, 8, 16


def people(tables: Tables) -> ir.Table:
    """One row per person record."""
    rows = tables["cms_tblperson"]
    is_group = ~rows.ETHNICREF.isin(NOT_AN_ETHNIC_GROUP)
    return rows.select(
        system=ibis.literal(SYSTEM),
        person=rows.PERSONID_PE,
        sex=rows.GENDER.lower(),
        birth_month=birth_month(rows.WEEKOFBIRTH, rows.MOB_LINKAGE),
        week_of_birth=mend_century(rows.WEEKOFBIRTH),
        ethnicity_code=is_group.ifelse(rows.ETHNICREF, ibis.null("int64")),
        recorded_date=rows.AVAIL_FROM_DT,
        alf=rows.ALF_PE,
        alf2=rows.ALF2_PE,
        source_table=ibis.literal("cms_tblperson"),
    )


def cases(tables: Tables) -> ir.Table:
    """One row per case; its date of receipt is that of its applications."""
    rows = tables["cms_tblcase"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        case=rows.CASEID_PE,
        law=rows.LAWTYPEREF,
        area=rows.LOCALAUTHORITYREF,
        court=ibis.null("int64"),
        case_received=ibis.null("date"),
        first_closed=rows.DATECASECOMPLETED,
        reopened=ibis.null("date"),
        closed_date=rows.DATECASECOMPLETED,
        status_code=rows.CASESTATUSREF,
        source_table=ibis.literal("cms_tblcase"),
    )


def applications(tables: Tables) -> ir.Table:
    """One row per application."""
    rows = tables["cms_tblcaseapplication"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        application=rows.CASEAPPLICATIONID_PE,
        case=rows.CASEREF_PE,
        application_code=rows.CASEAPPLICATIONTYPEREF,
        application_court=rows.COURTREF,
        applied=rows.DATEOFAPPLICATION,
        received=rows.DATERECEIVED,
        completed=ibis.coalesce(rows.DATEAPPLICATIONCOMPLETED, rows.DATECOMPLETED),
        source_table=ibis.literal("cms_tblcaseapplication"),
    )


def members(tables: Tables) -> ir.Table:
    """One row per delivered member of an application, with a flag for each role."""
    rows = tables["cms_tblcaseapplicationmember"]
    converted = rows.MEMBERTYPE == SEE_CONVERTED
    role = converted.ifelse(rows.CONVERTEDTYPE, rows.MEMBERTYPE)
    # Who acts for the local authority is no family member, whatever role is recorded.
    acts_for_authority = rows.ISLAREP.fill_null(False)
    return rows.select(
        system=ibis.literal(SYSTEM),
        member=rows.CASEAPPLICATIONMEMBERID_PE,
        application=rows.CASEAPPLICATIONREF_PE,
        person=rows.MEMBERREF_PE,
        subject=(role == SUBJECT).fill_null(False) & ~acts_for_authority,
        applicant=(role == APPLICANT).fill_null(False) & ~acts_for_authority,
        respondent=(role == RESPONDENT).fill_null(False) & ~acts_for_authority,
        other=acts_for_authority,
    )


def relationships(tables: Tables) -> ir.Table:
    """One row per recorded tie of a child and an adult: the adult is the `kind` of the child."""
    rows = tables["cms_tblcrspersonrelationship"]
    return rows.select(
        system=ibis.literal(SYSTEM),
        tie=rows.PERSONRELATIONSHIPID_PE,
        person=rows.CHILDREF_PE,
        related=rows.PARENTREF_PE,
        tie_code=rows.RELATIONSHIPREF,
    )


def legal_outputs(tables: Tables) -> ir.Table:
    """One row per legal output, for a whole case."""
    rows = tables["cms_tbllegaloutput"]
    return rows.select(
        output=rows.LEGALOUTPUTID_PE,
        case=rows.CASEREF_PE,
        order_code=rows.LEGALOUTPUTTYPEREF,
        decision_date=rows.LEGALORDERHEARINGDATE,
        is_final=rows.ISFINAL,
    )
