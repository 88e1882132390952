"""Pupils and what schools record about them, in the common model.

An academic year is a period from 1 September to 31 August, not a day, so what is recorded for a
year is a measure of that period.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import Rule, birth_month, is_century_typo
from justice_analysis.sources.mapping import (
    Account,
    MappingContext,
    as_text,
    code_name,
    first_reason,
    key,
)
from justice_analysis.sources.measures import Measured, measure_rows
from justice_analysis.sources.records import identifiers, records

Tables = Mapping[str, ir.Table]

SYSTEM = "npd"
ID_SYSTEM = "moj_dfe"
PUPIL = "pupil_reference_anonymised"
NO_YEAR = "academic year cannot be read"
NO_SESSIONS = "no sessions were possible"
NO_MISSED = "sessions missed are not recorded"
TOO_MANY = "more sessions missed than possible"
NO_RESULT = "no result recorded"

SEXES: Mapping[object, str] = {"M": "male", "F": "female"}
# Chinese is in the Asian group, as in the census.
ETHNICITIES: Mapping[object, str] = {
    "WHIT": "white",
    "MIXD": "mixed",
    "ASIA": "asian",
    "CHIN": "asian",
    "BLAC": "black",
    "AOEG": "other",
}
NOT_STATED = "UNCL"
SCHOOLS: Mapping[object, str] = {
    name: name for name in ("mainstream", "special", "alternative_provision")
}
NEEDS: Mapping[object, str] = {
    "N": "none",
    "A": "support",
    "P": "support",
    "K": "support",
    "S": "statement_or_plan",
    "E": "statement_or_plan",
}
EXCLUSIONS: Mapping[object, str] = {
    "FIXD": "fixed_period",
    "PERM": "permanent",
    "LNCH": "lunchtime",
}
KEY_STAGES: Mapping[object, str] = {"KS2": "key_stage_2", "KS4": "key_stage_4"}
YEARLY = ("npd_school_years", "npd_absence", "npd_exclusions", "npd_attainment")
# What an extract without these assumed columns or tables does not give.
SWITCHED_OFF: Mapping[tuple[str, str], str] = {
    ("npd_pupils", "gender"): "shares of boys and girls",
    ("npd_pupils", "month_of_birth"): "age at first offence; cohorts by year of birth",
    ("npd_pupils", "ethnic_group_major"): "shares by ethnic group",
    ("npd_school_years", "fsm_eligible"): "pupils ever eligible for free school meals",
    ("npd_school_years", "sen_provision"): "pupils with special educational needs",
    ("npd_school_years", "school_type"): "pupils in special schools or alternative provision",
    ("npd_absence", "sessions_possible"): "pupils ever persistently absent",
    ("npd_absence", "sessions_missed"): "pupils ever persistently absent",
    ("npd_exclusions", "exclusion_category"): "pupils ever suspended or excluded",
    ("npd_exclusions", "sessions_excluded"): "lengths of suspensions",
    ("npd_attainment", "expected_english_maths"): "attainment before offending",
}


# Pupils ---------------------------------------------------------------------------------


def pupil_records(tables: Tables, context: MappingContext) -> ir.Table:
    """One record per pupil."""
    rows = tables["npd_pupils"]
    return records(
        rows,
        context,
        table="npd_pupils",
        record_id=key(SYSTEM, rows[PUPIL]),
        row=rows[PUPIL],
        sex=code_name(rows.gender, SEXES),
        birth_month=birth_month(rows.month_of_birth, rows.month_of_birth),
        ethnicity_group=_ethnicity(rows),
    )


def _ethnicity(pupils: ir.Table) -> ir.StringValue:
    """Group of a known code; refused, not obtained and unknown codes are in no group."""
    codes = pupils.ethnic_group_major
    return codes.isin(list(ETHNICITIES)).ifelse(code_name(codes, ETHNICITIES), ibis.null("string"))


def pupil_ids(tables: Tables, context: MappingContext) -> ir.Table:
    """The pupil's own reference, which linked offending records carry too."""
    rows = tables["npd_pupils"]
    return identifiers(
        rows,
        context,
        table="npd_pupils",
        record_id=key(SYSTEM, rows[PUPIL]),
        row=rows[PUPIL],
        id_system=ID_SYSTEM,
        identifier=rows[PUPIL],
    )


def rules(tables: Tables) -> list[Rule]:
    """What is mended in the records of pupils."""
    pupils = tables["npd_pupils"]
    typo = is_century_typo(pupils.month_of_birth)
    return [Rule("npd_pupils", "century of birth mended", pupils, typo)]


# What is recorded for an academic year -----------------------------------------------------


def read_years(tables: Tables) -> dict[str, ir.Table]:
    """The yearly tables with the period `from_date`, `to_date` and the `reason` not to use."""
    return {name: _with_period(tables[name], name) for name in YEARLY}


def _with_period(rows: ir.Table, name: str) -> ir.Table:
    first_year = rows.academic_year.substr(0, 4)
    from_date = engine.to_date(first_year + "-09-01", "%Y-%m-%d")
    dated = rows.mutate(from_date=from_date, to_date=engine.add_months(from_date, 12))
    unusable = [(dated.from_date.isnull(), NO_YEAR)]
    if name == "npd_absence":
        unusable += [
            (~(dated.sessions_possible.fill_null(0) > 0), NO_SESSIONS),
            (dated.sessions_missed.isnull(), NO_MISSED),
            (dated.sessions_missed > dated.sessions_possible, TOO_MANY),
        ]
    if name == "npd_attainment":
        unusable.append((dated.expected_english_maths.isnull(), NO_RESULT))
    return dated.mutate(reason=first_reason(*unusable))


def measures(years: Mapping[str, ir.Table], context: MappingContext) -> list[ir.Table]:
    """Measures of pupils, each of an academic year."""
    used = {name: rows.filter(rows.reason.isnull()) for name, rows in years.items()}
    return [
        _school_years(used["npd_school_years"], context),
        _absence(used["npd_absence"], context),
        _exclusions(used["npd_exclusions"], context),
        _attainment(used["npd_attainment"], context),
    ]


def _measures(
    rows: ir.Table,
    context: MappingContext,
    *measured: Measured,
    table: str,
    row: Sequence[ir.Value],
) -> ir.Table:
    """Measures of the pupils of a delivered table, each row known by its key."""
    named = rows.mutate(record=rows[PUPIL], row=_joined(row))
    return measure_rows(named, measured, context, system=SYSTEM, table=table)


def _joined(row: Sequence[ir.Value]) -> ir.StringValue:
    """The delivered key of a row as one text."""
    return reduce(lambda text, part: text + ":" + as_text(part), row[1:], as_text(row[0]))


def _school_years(rows: ir.Table, context: MappingContext) -> ir.Table:
    """School, needs and free meals; a year at school counts where no type of school is known."""
    # What is not recorded is not a no, and the column may not be delivered at all.
    meals = ibis.cases(
        (rows.fsm_eligible, "eligible"),
        (~rows.fsm_eligible, "not_eligible"),
        else_=ibis.null("string"),
    )
    year = {"from_date": rows.from_date, "to_date": rows.to_date}
    return _measures(
        rows,
        context,
        Measured("school_year", code=code_name(rows.school_type, SCHOOLS), is_period=True, **year),
        Measured("special_educational_need", code=code_name(rows.sen_provision, NEEDS), **year),
        Measured("free_school_meals", code=meals, **year),
        table="npd_school_years",
        row=(rows[PUPIL], rows.academic_year),
    )


def _absence(rows: ir.Table, context: MappingContext) -> ir.Table:
    rate = Measured(
        "absence_rate",
        number=engine.divide(rows.sessions_missed, rows.sessions_possible),
        from_date=rows.from_date,
        to_date=rows.to_date,
        unit="share of possible sessions",
    )
    return _measures(
        rows, context, rate, table="npd_absence", row=(rows[PUPIL], rows.academic_year)
    )


def _exclusions(rows: ir.Table, context: MappingContext) -> ir.Table:
    """Exclusions and suspensions; one of an unknown kind and length is one all the same."""
    exclusion = Measured(
        "exclusion",
        code=code_name(rows.exclusion_category, EXCLUSIONS),
        number=rows.sessions_excluded,
        from_date=rows.from_date,
        to_date=rows.to_date,
        unit="sessions",
        is_period=True,
    )
    return _measures(rows, context, exclusion, table="npd_exclusions", row=(rows.exclusion_id,))


def _attainment(rows: ir.Table, context: MappingContext) -> ir.Table:
    reached = Measured(
        "attainment",
        code=code_name(rows.key_stage, KEY_STAGES),
        number=rows.expected_english_maths.ifelse(1.0, 0.0),
        from_date=rows.from_date,
        to_date=rows.to_date,
        unit="1: expected level in English and mathematics",
    )
    return _measures(
        rows, context, reached, table="npd_attainment", row=(rows[PUPIL], rows.key_stage)
    )


def recorded_ethnicity(tables: Tables, context: MappingContext) -> ir.Table:
    """The ethnic group that the school recorded last, as delivered."""
    rows = tables["npd_pupils"]
    group = Measured("recorded_ethnicity", code=rows.ethnic_group_major)
    return _measures(rows, context, group, table="npd_pupils", row=(rows[PUPIL],))


def accounts(years: Mapping[str, ir.Table]) -> list[Account]:
    """Account of every delivered row of the yearly tables."""
    return [Account(name, rows, ("measure",)) for name, rows in years.items()]
