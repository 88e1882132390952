"""Cafcass England's delivered tables in the common model, rule by rule."""

import pytest

from justice_analysis.sources import reasons
from justice_analysis.sources.mappings import cafcass_england, cafcass_orders
from justice_analysis.warehouse.accounts import applied_rules
from tests.delivered import context_of, contract_tables, rows_of, set_aside
from tests.row_ids import ids, named

DATE = "2024-03-31"


def ecms(number, law=1, received="2015-01-10", **columns):
    return {"ID_PE": number, "LAWTYPE_ID": law, "DATERECEIVED": received, **columns}


def application(number, case, kind=1, **columns):
    return {"ID_PE": number, "CASE_ID_PE": case, "APPLICATIONTYPE1_ID": kind, **columns}


def member(number, at, person, *roles):
    flags = {f"IS{role.upper()}": "true" for role in roles}
    unset = dict.fromkeys(("ISSUBJECT", "ISRESPONDENT", "ISAPPLICANT", "ISOTHER"), "false")
    return {"ID_PE": number, "APPLICATION_ID_PE": at, "PERSON_ID_PE": person, **unset, **flags}


def output(number, at, person, kind, date, case=1):
    return {
        "ID_PE": number,
        "CASE_ID_PE": case,
        "APPLICATION_ID_PE": at,
        "PERSON_ID_PE": person,
        "LEGALOUTPUTTYPE_ID": kind,
        "DATEORDERED": date,
    }


@pytest.fixture
def map_rows(backend):
    def run(**rows):
        tables = contract_tables(backend, "cafcass_england", rows)
        context = context_of(backend, "cafcass_england", extract_date=DATE)
        return cafcass_england.to_common(tables, context)

    return run


# Cases ----------------------------------------------------------------------------------


def test_a_case_of_the_older_system_is_received_with_its_earliest_application(map_rows):
    mapped = map_rows(
        cms_tblcase=[{"CASEID_PE": 1, "LAWTYPEREF": 1}],
        cms_tblcaseapplication=[
            {"CASEAPPLICATIONID_PE": 5, "CASEREF_PE": 1, "DATERECEIVED": "2012-03-01"},
            {"CASEAPPLICATIONID_PE": 6, "CASEREF_PE": 1, "DATERECEIVED": "2012-02-01"},
        ],
    )
    assert rows_of(mapped, "case", "case_id", "received_date") == ids([("cms:1", "2012-02-01")])


@pytest.mark.parametrize(
    ("law", "kinds", "expected"),
    [
        (1, [3, 1], "care_proceedings"),
        (1, [2], "care_proceedings"),
        (1, [3, 4], "public_law_other"),
        (2, [1], "private_law"),
        (9, [1], "unknown"),
        (None, [1], "unknown"),
    ],
)
def test_care_proceedings_are_public_law_with_a_section_31_application(
    map_rows, law, kinds, expected
):
    applications = [application(number, 1, kind) for number, kind in enumerate(kinds)]
    mapped = map_rows(ecms_cases=[ecms(1, law)], ecms_applications=applications)
    assert rows_of(mapped, "case", "case_type") == [(expected,)]


def test_a_reopened_case_is_closed_only_if_it_was_closed_again(map_rows):
    mapped = map_rows(
        ecms_cases=[
            ecms(1, CLOSUREDATE="2015-06-01", REOPENDATE="2015-07-01", CASESTATU_ID=3),
            ecms(2, CLOSUREDATE="2015-09-01", REOPENDATE="2015-07-01", CASESTATU_ID=2),
            ecms(3, CLOSUREDATE="2015-06-01", CASESTATU_ID=2),
        ]
    )
    assert rows_of(mapped, "case", "case_id", "closed_date") == ids(
        [
            ("ecms:1", None),
            ("ecms:2", "2015-09-01"),
            ("ecms:3", "2015-06-01"),
        ]
    )
    assert rows_of(mapped, "event", "case_id", "event_type", "event_date") == ids(
        [
            ("ecms:1", "closed", "2015-06-01"),
            ("ecms:1", "reopened", "2015-07-01"),
            ("ecms:2", "closed", "2015-09-01"),
            ("ecms:2", "reopened", "2015-07-01"),
        ]
    )


def test_a_closure_before_receipt_is_missing_and_the_case_still_closed(map_rows):
    mapped = map_rows(ecms_cases=[ecms(1, CLOSUREDATE="2014-06-01", CASESTATU_ID=2)])
    assert rows_of(mapped, "case", "closed_date", "status") == [(None, "closed")]


def test_an_open_case_that_was_long_silent_is_stale_and_not_open(map_rows):
    mapped = map_rows(
        ecms_cases=[
            ecms(1, received="2023-09-01", CASESTATU_ID=1),
            ecms(2, received="2019-09-01", CASESTATU_ID=1),
            ecms(3, received="2019-09-01", CASESTATU_ID=2),
            ecms(4, received="2019-09-01", CASESTATU_ID=None),
        ]
    )
    assert rows_of(mapped, "case", "case_id", "status") == ids(
        [
            ("ecms:1", "open"),
            ("ecms:2", "stale"),
            ("ecms:3", "closed"),
            ("ecms:4", "unknown"),
        ]
    )


def test_an_area_lies_in_the_region_most_often_recorded_with_it(map_rows):
    regions = [(1, 3), (2, 3), (3, 4)]
    mapped = map_rows(
        cms_tblcase=[
            {"CASEID_PE": case, "LOCALAUTHORITYREF": 7, "REGIONREF": region}
            for case, region in regions
        ],
        ecms_cases=[ecms(9, LOCALAUTHORITY_ID=8, COURTCOURTLEVELREF_ID=2)],
    )
    places = rows_of(mapped, "place", "place_id", "kind", "name", "parent_id")
    assert ("area:007", "area", "area 007", "region:3") in places
    assert ("area:008", "area", "area 008", None) in places
    assert ("cafcass_court:2", "court", "court 2", None) in places
    assert ("region:3", "region", "region 3", None) in places
    assert rows_of(mapped, "place", "name", "source_table") == [
        ("area 007", "cms_tblcase"),
        ("area 008", "ecms_cases"),
        ("court 2", "ecms_cases"),
        ("region 3", "cms_tblcase"),
    ]


def test_care_proceedings_without_a_date_of_receipt_are_counted(map_rows):
    mapped = map_rows(
        ecms_cases=[ecms(1, received=None), ecms(2, law=2, received=None), ecms(3)],
        ecms_applications=[application(n, n) for n in (1, 2, 3)],
    )
    counted = [rule for rule in applied_rules(mapped) if rule["rule"].startswith("care case")]
    assert {(rule["table"], rule["rows"]) for rule in counted} == {
        ("cms_tblcase", 0),
        ("ecms_cases", 1),
    }


# People in cases --------------------------------------------------------------------------


def test_a_matter_is_a_child_on_an_application(map_rows):
    mapped = map_rows(
        ecms_cases=[ecms(1)],
        ecms_applications=[application(10, 1, 1), application(11, 1, 3)],
        ecms_people=[{"ID_PE": 100}, {"ID_PE": 101}, {"ID_PE": 200}],
        ecms_personsonapplications=[
            member(1, 10, 100, "subject"),
            member(2, 10, 101, "subject"),
            member(3, 11, 100, "subject"),
            member(4, 10, 200, "respondent"),
        ],
    )
    assert rows_of(mapped, "matter", "matter_id", "case_id", "application_id", "code") == ids(
        [
            ("ecms:10:100", "ecms:1", "ecms:10", "care_order"),
            ("ecms:10:101", "ecms:1", "ecms:10", "care_order"),
            ("ecms:11:100", "ecms:1", "ecms:11", "placement_order"),
        ]
    )
    assert rows_of(mapped, "matter_party", "matter_id", "party_id", "part") == ids(
        [
            ("ecms:10:100", "ecms:1:100:subject", "subject"),
            ("ecms:10:100", "ecms:1:200:respondent", "respondent"),
            ("ecms:10:101", "ecms:1:101:subject", "subject"),
            ("ecms:10:101", "ecms:1:200:respondent", "respondent"),
            ("ecms:11:100", "ecms:1:100:subject", "subject"),
        ]
    )


def test_a_person_is_one_party_per_case_and_role_however_often_delivered(map_rows):
    mapped = map_rows(
        ecms_cases=[ecms(1)],
        ecms_applications=[application(10, 1), application(11, 1)],
        ecms_people=[{"ID_PE": 200, "GENDER": "Female", "WEEKOFBIRTH": "1990-05-07"}],
        ecms_personsonapplications=[
            member(1, 10, 200, "respondent"),
            member(2, 10, 200, "respondent"),
            member(3, 11, 200, "applicant"),
        ],
    )
    assert rows_of(mapped, "party", "party_id", "role", "sex", "birth_month", "record_id") == ids(
        [
            ("ecms:1:200:applicant", "applicant", "female", "1990-05-01", "ecms:200"),
            ("ecms:1:200:respondent", "respondent", "female", "1990-05-01", "ecms:200"),
        ]
    )


def test_two_roles_on_one_application_are_unclear_and_kept(map_rows):
    mapped = map_rows(
        ecms_cases=[ecms(1)],
        ecms_applications=[application(10, 1)],
        ecms_people=[{"ID_PE": number} for number in (100, 200, 201)],
        ecms_personsonapplications=[
            member(1, 10, 100, "subject", "respondent"),
            member(2, 10, 200, "respondent"),
            member(3, 10, 200, "applicant"),
            member(4, 10, 201),
        ],
    )
    assert rows_of(mapped, "party", "party_id") == ids(
        [
            ("ecms:1:100:unclear",),
            ("ecms:1:200:unclear",),
            ("ecms:1:201:unclear",),
        ]
    )
    # The child recorded in a second role is still the subject of the application.
    assert rows_of(mapped, "matter_party", "matter_id", "party_id", "part") == ids(
        [("ecms:10:100", "ecms:1:100:unclear", "subject")]
    )


def test_a_converted_member_type_gives_the_role_in_the_older_system(map_rows):
    def on_case(number, kind, converted=None, authority=False):
        return {
            "CASEAPPLICATIONMEMBERID_PE": number,
            "CASEAPPLICATIONREF_PE": 5,
            "MEMBERREF_PE": number,
            "MEMBERTYPE": kind,
            "CONVERTEDTYPE": converted,
            "ISLAREP": authority,
        }

    mapped = map_rows(
        cms_tblcase=[{"CASEID_PE": 1}],
        cms_tblcaseapplication=[{"CASEAPPLICATIONID_PE": 5, "CASEREF_PE": 1}],
        cms_tblperson=[{"PERSONID_PE": number} for number in range(1, 7)],
        cms_tblcaseapplicationmember=[
            on_case(1, 1),
            on_case(2, 2),
            on_case(3, 4),
            on_case(4, 8),
            on_case(5, 16, 2),
            on_case(6, 1, authority=True),
        ],
    )
    assert rows_of(mapped, "party", "source_key", "role") == [
        ("1", "applicant"),
        ("2", "respondent"),
        ("3", "subject"),
        ("4", "unclear"),
        ("5", "respondent"),
        ("6", "other"),
    ]


def test_the_related_person_is_the_kind_of_the_person(map_rows):
    names = ("ID_PE", "PERSON_ID_PE", "RELATEDPERSON_ID_PE", "RELATIONSHIPTYPE_ID")
    ties = [(1, 100, 200, 1), (2, 100, 101, 41), (3, 101, 200, 77)]
    older = ("PERSONRELATIONSHIPID_PE", "CHILDREF_PE", "PARENTREF_PE", "RELATIONSHIPREF")
    mapped = map_rows(
        ecms_people=[{"ID_PE": number} for number in (100, 101, 200)],
        ecms_personrelationships=[dict(zip(names, tie, strict=True)) for tie in ties],
        cms_tblperson=[{"PERSONID_PE": 1}, {"PERSONID_PE": 2}],
        cms_tblcrspersonrelationship=[dict(zip(older, (1, 1, 2, 1), strict=True))],
    )
    assert rows_of(mapped, "relationship", "record_id", "related_record_id", "kind") == ids(
        [
            ("cms:1", "cms:2", "parent"),
            ("ecms:100", "ecms:101", "half_sibling"),
            ("ecms:100", "ecms:200", "parent"),
            ("ecms:101", "ecms:200", "code:77"),
        ]
    )


def test_a_mistyped_century_is_mended_and_a_month_alone_is_no_birth_event(map_rows):
    born = {1: "1885-02-02", 2: "2215-03-02", 3: "2904-01-04", 4: "7985-05-06"}
    people = [{"ID_PE": number, "WEEKOFBIRTH": day} for number, day in born.items()]
    mapped = map_rows(ecms_people=[*people, {"ID_PE": 5, "MOB_LINKAGE": "2016-08-01"}])
    assert rows_of(mapped, "record", "record_id", "birth_month") == ids(
        [
            ("ecms:1", "1985-02-01"),
            ("ecms:2", "2015-03-01"),
            ("ecms:3", "2004-01-01"),
            ("ecms:4", "1985-05-01"),
            ("ecms:5", "2016-08-01"),
        ]
    )
    births = rows_of(mapped, "event", "record_id", "event_date", "value_code")
    assert births[0] == (named("ecms:1"), "1985-02-02", "week")
    assert len(births) == 4


def test_the_latest_stated_ethnicity_counts_and_every_one_is_a_measure(map_rows):
    recorded = [(1, 1, "2015-01-01"), (2, 3, "2018-01-01"), (3, 19, "2020-01-01"), (4, 22, None)]
    mapped = map_rows(
        ecms_people=[{"ID_PE": 100}],
        ecms_ethnicities=[
            {"ID_PE": number, "PERSON_ID_PE": 100, "ETHNICITYTYPE_ID": code, "AVAIL_FROM_DT": day}
            for number, code, day in recorded
        ],
    )
    assert rows_of(mapped, "record", "ethnicity_group") == [("asian",)]
    assert len(rows_of(mapped, "measure", "value_code")) == 4


def test_each_record_has_its_delivered_identifiers_and_its_own_systems(map_rows):
    mapped = map_rows(
        ecms_people=[{"ID_PE": 1, "ALF_PE": 7, "ALF2_PE": 8}], cms_tblperson=[{"PERSONID_PE": 1}]
    )
    assert rows_of(
        mapped, "record_id_link", "source_table", "id_system", "identifier", "level"
    ) == [
        ("cms_tblperson", "cafcass_person", "cms:1", "unstated"),
        ("ecms_people", "alf", "7", "unstated"),
        ("ecms_people", "alf2", "8", "unstated"),
        ("ecms_people", "cafcass_person", "ecms:1", "unstated"),
    ]
    assert rows_of(mapped, "record_id_link", "record_id") == ids([("cms:1",), *[("ecms:1",)] * 3])


# Orders -----------------------------------------------------------------------------------


@pytest.fixture
def one_family(map_rows):
    def run(*outputs):
        return map_rows(
            ecms_cases=[ecms(1)],
            ecms_applications=[application(10, 1)],
            ecms_people=[{"ID_PE": number} for number in (100, 101, 200)],
            ecms_personsonapplications=[
                member(1, 10, 100, "subject"),
                member(2, 10, 101, "subject"),
                member(3, 10, 200, "respondent"),
            ],
            ecms_legaloutputs=list(outputs),
        )

    return run


def test_an_order_of_the_newer_system_belongs_to_its_child_and_application(one_family):
    mapped = one_family(output(1, 10, 100, 9, "2015-06-30"), output(2, 10, 101, 20, "2015-02-01"))
    columns = ("matter_id", "decision", "is_final", "attribution")
    assert rows_of(mapped, "decision", *columns) == ids(
        [
            ("ecms:10:100", "care_order", True, "matter"),
            ("ecms:10:101", "interim_care_order", False, "matter"),
        ]
    )


def test_orders_before_april_2010_or_without_a_child_are_set_aside(one_family):
    mapped = one_family(
        output(1, 10, 100, 9, "2010-03-31"),
        output(2, 10, 100, 9, "2010-04-01"),
        output(3, 10, 200, 9, "2015-06-30"),
        output(4, 99, 100, 9, "2015-06-30"),
    )
    assert set_aside(mapped, "ecms_legaloutputs") == {
        "": 1,
        cafcass_orders.TOO_EARLY: 1,
        cafcass_orders.NO_MATTER: 2,
    }


@pytest.mark.parametrize(
    ("others", "is_final"),
    [
        ([], True),
        ([(2, 10, 100, 9, "2015-06-30")], False),
        ([(2, 10, 100, 20, "2015-01-20")], False),
        ([(2, 10, 100, 20, "2015-01-01")], True),
        ([(2, 10, 101, 9, "2015-06-30")], True),
    ],
)
def test_an_emergency_protection_order_is_final_only_if_nothing_follows_for_the_child(
    one_family, others, is_final
):
    mapped = one_family(
        output(1, 10, 100, 8, "2015-01-20"), *[output(*columns) for columns in others]
    )
    rows = rows_of(mapped, "decision", "decision_id", "is_final")
    assert (named("ecms:1"), is_final) in rows


def test_an_order_of_the_older_system_stands_beside_each_child_of_its_case(map_rows):
    mapped = map_rows(
        cms_tblcase=[{"CASEID_PE": 1}, {"CASEID_PE": 2}],
        cms_tblcaseapplication=[{"CASEAPPLICATIONID_PE": 5, "CASEREF_PE": 1}],
        cms_tblperson=[{"PERSONID_PE": 1}, {"PERSONID_PE": 2}],
        cms_tblcaseapplicationmember=[
            {
                "CASEAPPLICATIONMEMBERID_PE": number,
                "CASEAPPLICATIONREF_PE": 5,
                "MEMBERREF_PE": number,
                "MEMBERTYPE": 4,
            }
            for number in (1, 2)
        ],
        cms_tbllegaloutput=[
            {
                "LEGALOUTPUTID_PE": number,
                "CASEREF_PE": case,
                "LEGALOUTPUTTYPEREF": 6,
                "ISFINAL": True,
                "LEGALORDERHEARINGDATE": "2012-06-30",
            }
            for number, case in ((1, 1), (2, 2))
        ],
    )
    columns = ("decision_id", "matter_id", "decision", "is_final", "attribution")
    assert rows_of(mapped, "decision", *columns) == ids(
        [
            ("cms:1:5:1", "cms:5:1", "special_guardianship_order", True, "case"),
            ("cms:1:5:2", "cms:5:2", "special_guardianship_order", True, "case"),
        ]
    )
    assert set_aside(mapped, "cms_tbllegaloutput") == {"": 1, cafcass_orders.NO_MATTER: 1}


def test_coverage_runs_from_the_start_of_the_source_to_the_extract(map_rows):
    mapped = map_rows()
    assert rows_of(mapped, "coverage", "place_id", "to_date") == [(None, DATE)]


def test_people_on_an_application_that_names_no_case_are_set_aside_with_it(map_rows):
    mapped = map_rows(
        ecms_cases=[ecms(1)],
        ecms_people=[{"ID_PE": 7}],
        ecms_applications=[application(1, 1), application(2, None)],
        ecms_personsonapplications=[member(1, 1, 7, "subject"), member(2, 2, 7, "subject")],
    )
    assert set_aside(mapped, "ecms_applications") == {"": 1, reasons.KEY_MISSING: 1}
    assert set_aside(mapped, "ecms_personsonapplications") == {
        "": 1,
        reasons.KEY_MISSING: 1,
    }
    assert rows_of(mapped, "party", "case_id") == ids([("ecms:1",)])


def test_areas_with_long_codes_stay_apart(map_rows):
    mapped = map_rows(
        ecms_cases=[
            ecms(number, LOCALAUTHORITY_ID=area) for number, area in enumerate([7, 100, 1001, 1002])
        ]
    )
    areas = {area for (area,) in rows_of(mapped, "case", "area_id")}
    assert areas == {"area:007", "area:100", "area:1001", "area:1002"}
