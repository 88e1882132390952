"""The parties of civil claims: people, and bodies that are recognised by a stated rule.

Companies are parties without a person: they are organisations, never records of people.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.sources.cleaning_rules import UNCLEAR, Rule, birth_month, is_century_typo
from justice_analysis.sources.mapping import MappingContext, code_name, key, place_key, provenance
from justice_analysis.sources.records import records

SYSTEM = "caseman"
ROLES: Mapping[object, str] = {"claimant": "claimant", "defendant": "defendant", "other": "other"}
SEXES: Mapping[object, str] = {1: "male", 2: "female"}
PARTS = ("claimant", "defendant")
COMPANY, PERSON = "company", "person"
# How rows of one body are recognised, the surest first.
BY_CODED_NUMBER = "coded party number"
BY_NAME = "company name key"
BY_ROW = "the row alone: no number or name key"


def _has_company_key(parties: ir.Table) -> ir.BooleanValue:
    return parties.coded_party_number.notnull() | parties.company_name_hash.notnull()


def read_parties(parties: ir.Table) -> ir.Table:
    """Give parties with what a body is recognised by: `basis` and `body`, missing for people.

    A party of an unknown type is a body too: people counts must not take in what may be none.
    """
    known = _with_numbers(parties)
    is_company = ibis.coalesce(known.party_type != PERSON, _has_company_key(known))
    basis = ibis.cases(
        (known.number.notnull(), BY_CODED_NUMBER),
        (known.company_name_hash.notnull(), BY_NAME),
        else_=BY_ROW,
    )
    body = ibis.coalesce(known.number, known.company_name_hash, known.row_id_hash)
    is_other = (known.party_type != COMPANY).fill_null(False)
    kind = ibis.cases(
        (known.number.notnull(), "bulk_claimant"), (is_other, "other"), else_="company"
    )
    return known.select(
        row="row_id_hash",
        case="case_number_hash",
        role=code_name(known.party_role, ROLES).fill_null(UNCLEAR),
        is_company=is_company,
        basis=is_company.ifelse(basis, ibis.null("string")),
        body=is_company.ifelse(body, ibis.null("string")),
        kind=is_company.ifelse(kind, ibis.null("string")),
        sex=is_company.ifelse(ibis.null("string"), code_name(known.gender, SEXES)),
        birth_month=is_company.ifelse(ibis.null("date"), birth_month(known.dob, known.dob)),
    )


def _with_numbers(parties: ir.Table) -> ir.Table:
    """Parties with their coded `number`, found by the name where the row has none.

    Only a name that stands beside a single number in the whole delivery gives it.
    """
    rows = parties.view()
    both = parties.filter(_has_both(parties))
    named = both.group_by(name="company_name_hash").aggregate(
        first=both.coded_party_number.min(), last=both.coded_party_number.max()
    )
    single = named.filter(named["first"] == named["last"]).select("name", found="first")
    joined = rows.left_join(single, rows.company_name_hash == single.name)
    return joined.mutate(number=ibis.coalesce(joined.coded_party_number, joined.found))


def _has_both(parties: ir.Table) -> ir.BooleanValue:
    return parties.coded_party_number.notnull() & parties.company_name_hash.notnull()


def organisations(companies: ir.Table, context: MappingContext) -> ir.Table:
    """One row per body, under the first of its rows."""
    first = engine.first_per_group(companies, by=["basis", "body"], order_by=["row"])
    return first.select(
        organisation_id=place_key(SYSTEM, first.basis, first.body),
        kind=first.kind,
        rule=first.basis,
        **provenance(context, "case_parties", first.row),
    )


def common_records(people: ir.Table, context: MappingContext) -> ir.Table:
    """One record per party who is a person."""
    return records(
        people,
        context,
        table="case_parties",
        record_id=key(SYSTEM, people.row),
        row=people.row,
        sex=people.sex,
        birth_month=people.birth_month,
    )


def common_parties(parties: ir.Table, context: MappingContext) -> ir.Table:
    """Parties; only those that are people have a record."""
    record, body = key(SYSTEM, parties.row), place_key(SYSTEM, parties.basis, parties.body)
    return parties.select(
        party_id=key(SYSTEM, parties.row),
        case_id=key(SYSTEM, parties.case),
        record_id=parties.is_company.ifelse(ibis.null(record.type()), record),
        organisation_id=parties.is_company.ifelse(body, ibis.null(body.type())),
        role=parties.role,
        birth_month=parties.birth_month,
        sex=parties.sex,
        **provenance(context, "case_parties", parties.row),
    )


def matter_parties(parties: ir.Table, context: MappingContext) -> ir.Table:
    """Part of each claimant and defendant in the claim."""
    rows = parties.filter(parties.role.isin(PARTS))
    return rows.select(
        matter_id=key(SYSTEM, rows.case),
        party_id=key(SYSTEM, rows.row),
        part=rows.role,
        **provenance(context, "case_parties", rows.row),
    )


def party_rules(parties: ir.Table) -> list[Rule]:
    """What is mended, or not used, in delivered parties."""
    unmarked = parties.party_type.isnull() & _has_company_key(parties)
    as_person = (parties.party_type == PERSON) & _has_company_key(parties)
    numbered = _with_numbers(parties)
    found = numbered.coded_party_number.isnull() & numbered.number.notnull()
    strange = ~parties.party_type.isin([PERSON, COMPANY])
    return [
        Rule("case_parties", "century of birth mended", parties, is_century_typo(parties.dob)),
        Rule("case_parties", "company known by its key alone", parties, unmarked),
        Rule(
            "case_parties",
            "coded party number found by the company's name",
            numbered,
            found & (numbered.party_type != PERSON).fill_null(True),
        ),
        Rule(
            "case_parties",
            "company key of a person not used",
            parties,
            as_person.fill_null(False),
        ),
        Rule(
            "case_parties",
            "party of an unknown type taken as a body",
            parties,
            strange.fill_null(False),
        ),
    ]
