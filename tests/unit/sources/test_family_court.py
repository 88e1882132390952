"""The family court's delivered tables in the common model, rule by rule."""

import pytest

from justice_analysis.sources import family_court
from tests.delivered import context_of, contract_tables, rows_of, set_aside


def case(number, kind="public_law", **columns):
    return {
        "case_number_hash": number,
        "case_type": kind,
        "receipt_date": "2016-02-01",
        **columns,
    }


def event(number, model="application", at="a", **columns):
    return {
        "event_id": number,
        "case_number_hash": at,
        "event_model": model,
        "receipt_date": "2016-02-01",
        **columns,
    }


def person(number, role, at="a", **columns):
    return {"row_id_hash": number, "case_number_hash": at, "role_model": role, **columns}


@pytest.fixture
def map_rows(backend):
    def run(**rows):
        tables = contract_tables(backend, "family_court", rows)
        context = context_of(backend, "family_court", extract_date="2023-03-31")
        return family_court.to_common(tables, context)

    return run


@pytest.mark.parametrize(
    ("kind", "applied", "expected"),
    [
        ("public_law", "care_order", "care_proceedings"),
        ("public_law", "supervision_order", "care_proceedings"),
        ("public_law", "placement_order", "public_law_other"),
        ("private_law", "care_order", "private_law"),
        ("adoption", None, "adoption"),
        ("something", None, "unknown"),
    ],
)
def test_the_type_of_a_case_follows_from_its_type_and_applications(
    map_rows, kind, applied, expected
):
    mapped = map_rows(cases=[case("a", kind)], events=[event("1", application_type=applied)])
    assert rows_of(mapped, "case", "case_id", "case_type") == [("familyman:a", expected)]


def test_an_application_entered_in_error_makes_no_care_proceedings(map_rows):
    mapped = map_rows(
        cases=[case("a")], events=[event("1", application_type="care_order", error=True)]
    )
    assert rows_of(mapped, "case", "case_type") == [("public_law_other",)]
    assert set_aside(mapped, "events") == {family_court.IN_ERROR: 1}


def test_events_keep_their_kind_day_and_what_was_applied_for_or_ordered(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("1", application_type="care_order"),
            event("2", "order", order_type="order_refused", receipt_date="2016-05-01"),
            event("3", "hearing", receipt_date=None, entry_date="2016-03-01"),
            event("4", "hearing", receipt_date=None),
        ],
    )
    assert rows_of(mapped, "event", "event_id", "event_type", "event_date", "value_code") == [
        ("familyman:1", "application", "2016-02-01", "care_order"),
        ("familyman:2", "order", "2016-05-01", "order_refused_or_dismissed"),
        ("familyman:3", "hearing", "2016-03-01", None),
    ]
    assert set_aside(mapped, "events") == {"": 3, family_court.NO_DATE: 1}


def test_a_matter_is_a_child_in_a_case_and_an_order_decides_each(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("1", application_type="care_order"),
            event("2", "order", order_type="care_order", is_final_order=True),
        ],
        people=[person("m", "respondent"), person("c", "child"), person("d", "child")],
    )
    assert rows_of(mapped, "matter", "matter_id", "case_id", "code") == [
        ("familyman:c", "familyman:a", "care_order"),
        ("familyman:d", "familyman:a", "care_order"),
    ]
    assert rows_of(mapped, "decision", "matter_id", "decision", "is_final", "attribution") == [
        ("familyman:c", "care_order", True, "case"),
        ("familyman:d", "care_order", True, "case"),
    ]
    assert rows_of(mapped, "matter_party", "matter_id", "party_id", "part") == [
        ("familyman:c", "familyman:c", "subject"),
        ("familyman:c", "familyman:m", "respondent"),
        ("familyman:d", "familyman:d", "subject"),
        ("familyman:d", "familyman:m", "respondent"),
    ]


def test_parties_keep_role_sex_and_month_of_birth(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        people=[
            person("m", "respondent", gender=2, dob="1890-05-01", ALF2_PE=5),
            person("x", None, gender=1),
        ],
    )
    assert rows_of(mapped, "party", "party_id", "role", "sex", "birth_month") == [
        ("familyman:m", "respondent", "female", "1990-05-01"),
        ("familyman:x", "unclear", "male", None),
    ]
    assert rows_of(mapped, "record_id_link", "record_id", "id_system", "identifier") == [
        ("familyman:m", "alf2", "5")
    ]


def test_a_related_case_is_a_tie_only_if_it_was_delivered(map_rows):
    mapped = map_rows(
        cases=[
            case("a", related_case_number_hash="b"),
            case("b", related_case_number_hash="elsewhere"),
            case("c", related_case_number_hash="c"),
        ]
    )
    assert rows_of(mapped, "case_link", "case_id", "related_case_id", "relation") == [
        ("familyman:a", "familyman:b", "consolidated")
    ]


def test_a_case_without_closure_is_open_only_while_something_happens(map_rows):
    mapped = map_rows(
        cases=[case("a"), case("b"), case("c", case_closed_date="2016-09-01")],
        events=[event("1", at="b", receipt_date="2023-01-01")],
    )
    assert rows_of(mapped, "case", "case_id", "status", "last_activity_date") == [
        ("familyman:a", "stale", "2016-02-01"),
        ("familyman:b", "open", "2023-01-01"),
        ("familyman:c", "closed", "2016-09-01"),
    ]


def test_courts_and_family_judge_areas_are_places_of_their_own(map_rows):
    mapped = map_rows(
        cases=[case("a", creating_court=3, dfj_area=2)], events=[event("1", creating_court=4)]
    )
    assert rows_of(mapped, "place", "place_id", "kind") == [
        ("dfj:2", "dfj_area"),
        ("familyman_court:3", "court"),
        ("familyman_court:4", "court"),
    ]


def test_a_closure_before_receipt_is_made_missing(map_rows):
    mapped = map_rows(
        cases=[case("a", case_closed_date="2016-01-01"), case("b", case_closed_date="2016-03-01")]
    )
    closed = dict(rows_of(mapped, "case", "case_id", "closed_date"))
    assert closed["familyman:a"] is None
    assert str(closed["familyman:b"]) == "2016-03-01"
