"""Cafcass Cymru's delivered tables in the common model, rule by rule."""

import pytest

import justice_analysis as ja
from justice_analysis import engine, warehouse
from justice_analysis.sources import reasons
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import cafcass_cymru
from justice_analysis.sources.mappings import cafcass_cymru_cases as cases
from justice_analysis.sources.mappings import cafcass_cymru_orders as orders
from justice_analysis.sources.mappings import cafcass_cymru_people as people
from justice_analysis.warehouse.accounts import applied_rules
from tests.delivered import (
    context_of,
    contract_tables,
    plain,
    rows_of,
    set_aside,
    write_extract,
)

MOTHER, FATHER, CHILD = 1, 2, 3


def contact(number, week=None):
    return {"CONTACTID_E": number, "SYSTEM_ID_E": 100 + number, "WOB": week}


def linked(number, alf, status=4, gender=2):
    return {"SYSTEM_ID_E": 100 + number, "ALF_E": alf, "ALF_STS_CD": status, "GNDR_CD": gender}


def application(number, case=10, kind="Care Order", issued="2016-02-01", **columns):
    return {
        "CAP_APPLICATIONID_E": number,
        "CAP_INCIDENTID_E": case,
        "CAP_LAWTYPENAME": "Public law",
        "CAP_PRIMARYAPPLICATIONTYPENAME": kind,
        "CAP_ISSUEDATE": issued,
        **columns,
    }


def user(person, role, on=20, **columns):
    return {"RECORD1ID_E": on, "RECORD2ID_E": person, "RECORD2ROLEIDNAME": role, **columns}


def tie(one, first, other, second):
    return {
        "RECORD1ID_E": one,
        "RECORD1ROLEIDNAME": first,
        "RECORD2ID_E": other,
        "RECORD2ROLEIDNAME": second,
    }


def hearing(number, day, case=10, court="Family Court 1"):
    return {
        "CAP_HEARINGID_E": number,
        "CAP_CASEID_E": case,
        "CAP_HEARINGDATETIME": day,
        "CAP_COURTIDNAME": court,
    }


def outcome(number, at, name, final="No"):
    return {
        "CAP_HEARINGOUTCOMEID_E": number,
        "CAP_HEARINGID_E": at,
        "CAP_CASEID_E": 10,
        "CAP_HEARINGOUTCOMETYPEIDNAME": name,
        "CAP_HEARINGOUTCOMEFINALNAME": final,
    }


FAMILY = {
    "cafcass_contacts": [contact(MOTHER), contact(FATHER), contact(CHILD, "2016-01-25")],
    "cafcass_application": [application(20)],
    "cafcass_applicationserviceusers": [
        user(MOTHER, "Respondent"),
        user(FATHER, " respondent "),
        user(CHILD, "Subject"),
    ],
}


@pytest.fixture
def map_rows(backend):
    def run(**rows):
        tables = contract_tables(backend, "cafcass_cymru", {**FAMILY, **rows})
        context = context_of(backend, "cafcass_cymru", extract_date="2020-07-06")
        return cafcass_cymru.to_common(tables, context)

    return run


def counts(mapped):
    return {row["rule"]: row["rows"] for row in applied_rules(mapped) if row["rows"]}


@pytest.mark.parametrize(
    ("law", "kind", "expected"),
    [
        ("Public law", "Care Order", "care_proceedings"),
        ("public", "supervision order ", "care_proceedings"),
        ("Public law", "Placement Order", "public_law_other"),
        ("Private law", "Child Arrangements Order", "private_law"),
        (None, "Care Order", "unknown"),
        ("Other law", "Care Order", "unknown"),
    ],
)
def test_the_type_of_a_case_follows_from_its_law_and_applications(map_rows, law, kind, expected):
    mapped = map_rows(cafcass_application=[application(20, kind=kind, CAP_LAWTYPENAME=law)])
    assert rows_of(mapped, "case", "source_key", "case_type") == [("10", expected)]


def test_an_order_applied_for_beside_the_main_one_can_make_care_proceedings(map_rows):
    asked = [
        {"CAP_APPLICATIONORDERID_E": n, "CAP_APPLICATIONID_E": 20, "CAP_ORDERAPPLIEDFORIDNAME": o}
        for n, o in enumerate(["Placement Order", "Care Order"])
    ]
    asked[0]["CAP_ISPRIMARYNAME"] = "Yes"
    mapped = map_rows(
        cafcass_application=[application(20, kind=None)], cafcass_applicationorders=asked
    )
    assert rows_of(mapped, "case", "case_type") == [("care_proceedings",)]
    assert rows_of(mapped, "matter", "code") == [("placement_order",)]


def test_an_order_applied_for_on_a_rejected_application_is_not_used(map_rows):
    rejected = application(21, case=11, CAP_APPLICATIONREJECTIONREASONIDNAME="Duplicate")
    asked = [
        {"CAP_APPLICATIONORDERID_E": n, "CAP_APPLICATIONID_E": n, "CAP_ORDERAPPLIEDFORIDNAME": None}
        for n in (20, 21)
    ]
    mapped = map_rows(
        cafcass_application=[application(20), rejected], cafcass_applicationorders=asked
    )
    assert set_aside(mapped, "cafcass_applicationorders") == {"": 1, cases.NOT_USED: 1}


def test_a_case_runs_from_its_first_issue_to_its_last_completion(map_rows):
    mapped = map_rows(
        cafcass_application=[
            application(20, CAP_DATEOFCOMPLETION="2016-08-01"),
            application(21, issued="2016-05-01", CAP_DATEOFCOMPLETION="2016-09-01"),
            application(22, case=11, issued="2019-12-01"),
            application(23, case=12, issued="2012-01-01"),
        ],
        cafcass_incident=[
            {"CAP_INCIDENTID_E": 10, "CAP_LOCALAUTHORITYIDNAME": "Area A"},
            {"CAP_INCIDENTID_E": 99},
        ],
    )
    columns = ("source_key", "received_date", "closed_date", "status")
    assert rows_of(mapped, "case", *columns) == [
        ("10", "2016-02-01", "2016-09-01", "closed"),
        ("11", "2019-12-01", None, "open"),
        ("12", "2012-01-01", None, "stale"),
    ]
    assert set_aside(mapped, "cafcass_incident")[""] == 1
    assert rows_of(mapped, "place", "kind", "name", "source_table") == [
        ("area", "Area A", "cafcass_incident")
    ]


def test_a_rejected_application_is_set_aside_with_the_people_on_it(map_rows):
    rejected = application(21, case=11, CAP_APPLICATIONREJECTIONREASONIDNAME="Incomplete")
    mapped = map_rows(
        cafcass_application=[application(20), rejected],
        cafcass_applicationserviceusers=[user(CHILD, "Subject"), user(MOTHER, "Respondent", on=21)],
    )
    assert rows_of(mapped, "case", "source_key") == [("10",)]
    assert sum(set_aside(mapped, "cafcass_application").values()) == 2
    aside = set_aside(mapped, "cafcass_applicationserviceusers")
    assert aside == {"": 1, reasons.KEY_MISSING: 1}


def test_roles_by_name_make_parties_and_matters(map_rows):
    mapped = map_rows()
    assert rows_of(mapped, "party", "source_key", "role") == [
        ("10/1", "respondent"),
        ("10/2", "respondent"),
        ("10/3", "subject"),
    ]
    columns = ("source_key", "kind", "code", "received_date", "status")
    assert rows_of(mapped, "matter", *columns) == [
        ("20", "child_in_application", "care_order", "2016-02-01", "unknown")
    ]
    assert rows_of(mapped, "matter_party", "source_key", "part") == [
        ("10/1", "respondent"),
        ("10/2", "respondent"),
        ("10/3", "subject"),
    ]


def test_two_roles_on_one_application_are_unclear_and_counted(map_rows):
    mapped = map_rows(
        cafcass_applicationserviceusers=[
            user(CHILD, "Subject"),
            user(MOTHER, "Respondent"),
            user(MOTHER, "Other"),
            user(FATHER, "Respondent"),
            user(FATHER, "Respondent"),
        ]
    )
    assert rows_of(mapped, "party", "source_key", "role") == [
        ("10/1", "unclear"),
        ("10/2", "respondent"),
        ("10/3", "subject"),
    ]
    assert counts(mapped) == {
        "person with several roles on an application": 1,
        "person named again on an application": 1,
    }


def test_a_row_that_ties_no_service_user_to_an_application_is_set_aside(map_rows):
    mapped = map_rows(
        cafcass_applicationserviceusers=[
            user(CHILD, "Subject", RECORD1OBJECTTYPECODENAME="Application"),
            user(MOTHER, "Respondent", RECORD1OBJECTTYPECODENAME="Case"),
        ]
    )
    aside = set_aside(mapped, "cafcass_applicationserviceusers")
    assert aside == {"": 1, cafcass_cymru.NOT_ON_APPLICATION: 1}


def test_a_linking_field_counts_by_its_match_status(map_rows):
    mapped = map_rows(
        cafcass_alf=[
            linked(MOTHER, 501),
            linked(FATHER, 502, status=99, gender=1),
            linked(CHILD, 503, status=None, gender=9),
            linked(77, 504),
        ]
    )
    found = rows_of(mapped, "record_id_link", "source_key", "id_system", "identifier", "level")
    assert [row for row in found if row[1] == "alf"] == [
        ("1", "alf", "501", "unstated"),
        ("3", "alf", "503", "unstated"),
    ]
    assert sum(row[1] == "cafcass_person" for row in found) == 3
    assert rows_of(mapped, "record", "source_key", "sex") == [
        ("1", "female"),
        ("2", "male"),
        ("3", None),
    ]
    assert counts(mapped) == {
        "linking field not used for its match status": 1,
        "unknown gender code made missing": 1,
    }
    assert set_aside(mapped, "cafcass_alf") == {"": 3, people.NO_PERSON: 1}
    assert rows_of(mapped, "measure", "concept", "value_code") == [
        ("alf_match_status", "4"),
        ("alf_match_status", "99"),
    ]


def test_of_two_linkage_rows_the_usable_match_counts(map_rows):
    mapped = map_rows(cafcass_alf=[linked(MOTHER, 500, status=99), linked(MOTHER, 501, status=1)])
    found = rows_of(mapped, "record_id_link", "id_system", "identifier")
    assert ("alf", "501") in found
    assert set_aside(mapped, "cafcass_alf") == {"": 1, people.SECOND_ROW: 1}


def test_ties_say_what_each_record_is_to_the_other(map_rows):
    mapped = map_rows(
        cafcass_relationships=[
            tie(CHILD, "Child", MOTHER, "Mother"),
            tie(FATHER, "Father", CHILD, "Child"),
            tie(MOTHER, "Partner", FATHER, "Partner"),
            tie(MOTHER, "Child", FATHER, None),
            tie(FATHER, None, CHILD, "Godchild"),
        ]
    )
    records = mapped.tables["record"].select("record_id", person="source_key")
    other = records.select(related_record_id="record_id", related="person").view()
    rows = mapped.tables["relationship"].select("record_id", "related_record_id", "kind").view()
    rows = rows.inner_join(records, "record_id").inner_join(other, "related_record_id")
    assert plain(engine.execute(rows.select("person", "related", "kind"))) == [
        ("1", "2", "partner"),
        ("2", "1", "partner"),
        ("2", "3", "code:godchild"),
        ("3", "1", "parent"),
        ("3", "2", "parent"),
    ]
    assert set_aside(mapped, "cafcass_relationships") == {"": 4, people.NO_KIND: 1}


def test_an_outcome_decides_the_applications_it_closes_else_the_whole_case(map_rows):
    mapped = map_rows(
        cafcass_application=[application(20), application(21, kind="Placement Order")],
        cafcass_applicationserviceusers=[user(CHILD, "Subject"), user(CHILD, "Subject", on=21)],
        cafcass_hearing=[hearing(1, "2016-03-01"), hearing(2, "2016-08-01"), hearing(3, None)],
        cafcass_hearingoutcome=[
            outcome(1, 1, "Interim Care Order"),
            outcome(2, 2, "Placement Order", "Yes"),
            outcome(3, 3, "Care Order", "Yes"),
        ],
        cafcass_hearingoutcomeapplication=[
            {
                "CAP_HEARINGOUTCOMEAPPLICATIONID_E": 1,
                "CAP_HEARINGOUTCOMEID_E": 2,
                "CAP_APPLICATIONID_E": 21,
            },
        ],
    )
    matters = mapped.tables["matter"].select("matter_id", application="source_key")
    rows = mapped.tables["decision"].inner_join(matters, "matter_id")
    columns = ("application", "decision", "decision_date", "is_final", "attribution")
    assert plain(engine.execute(rows.select(*columns))) == [
        ("20", "interim_care_order", "2016-03-01", False, "case"),
        ("21", "interim_care_order", "2016-03-01", False, "case"),
        ("21", "placement_order", "2016-08-01", True, "matter"),
    ]
    assert set_aside(mapped, "cafcass_hearingoutcome") == {"": 2, orders.NO_HEARING: 1}


def test_representation_is_known_of_those_who_have_it(map_rows):
    held = {"CAP_REPRESENTATIONID_E": 1, "CAP_CASEID_E": 10, "CAP_CONTACTID_E": MOTHER}
    mapped = map_rows(cafcass_representation=[held, {**held, "CAP_CASEID_E": 11}])
    assert rows_of(mapped, "party", "source_key", "represented") == [
        ("10/1", True),
        ("10/2", None),
        ("10/3", None),
    ]
    assert set_aside(mapped, "cafcass_representation")[""] == 1


def test_hearings_reports_referrals_and_births_are_events(map_rows):
    mapped = map_rows(
        cafcass_hearing=[hearing(1, "2016-03-01"), hearing(2, "2016-03-02", case=99)],
        cafcass_casereport=[
            {"CAP_CASEREPORTID_E": 1, "CAP_CASEID_E": 10, "CAP_REPORTFILEDATCOURT": "2016-04-01"}
        ],
        cafcass_wt4c=[{"ACTIVITYID_E": 1, "CONTACTID_E": MOTHER, "COURTREFERALDATE": "2016-05-01"}],
    )
    assert rows_of(mapped, "event", "source_table", "event_type", "event_date") == [
        ("cafcass_casereport", "administrative", "2016-04-01"),
        ("cafcass_contacts", "birth", "2016-01-25"),
        ("cafcass_hearing", "hearing", "2016-03-01"),
        ("cafcass_wt4c", "referral", "2016-05-01"),
    ]
    assert rows_of(mapped, "place", "name") == [("Family Court 1",)]
    assert sum(set_aside(mapped, "cafcass_hearing").values()) == 2


def test_experts_are_no_parties(map_rows):
    mapped = map_rows(cafcass_experts=[{"RECORD1ID_E": 10, "RECORD2ID_E": MOTHER}])
    assert set_aside(mapped, "cafcass_experts") == {cafcass_cymru.NO_PARTY: 1}


def test_returns_of_mothers_can_be_counted_from_a_welsh_extract(tmp_path):
    people_of = {"a": (1, 2, 3), "b": (4, 5, 6)}
    rows = {
        "cafcass_contacts": [contact(n) for family in people_of.values() for n in family],
        "cafcass_alf": [linked(n, 500 + n, gender=2) for n in (1, 4)],
        "cafcass_application": [
            application(20, case=10, issued="2016-02-01"),
            application(21, case=11, issued="2016-03-01"),
            application(22, case=12, issued="2018-03-01"),
        ],
        "cafcass_applicationserviceusers": [
            user(1, "Respondent", on=20),
            user(2, "Subject", on=20),
            user(4, "Respondent", on=21),
            user(5, "Subject", on=21),
            user(1, "Respondent", on=22),
            user(3, "Subject", on=22),
        ],
        "cafcass_relationships": [
            tie(2, "Child", 1, "Mother"),
            tie(3, "Child", 1, "Mother"),
            tie(5, "Child", 4, "Mother"),
        ],
    }
    folder = write_extract(tmp_path / "cymru", "cafcass_cymru", rows, extract_date="2024-03-31")
    held = warehouse.load([read_extract(folder)], tmp_path / "warehouse")
    result = ja.metrics.recurrence(held)
    last = result.table.iloc[-1]
    assert (last.people, last.returned) == (2, 1)
