"""The family court's delivered tables in the common model, rule by rule."""

import pytest

from justice_analysis import engine
from justice_analysis.sources import reasons
from justice_analysis.sources.mappings import family_court
from justice_analysis.warehouse.accounts import applied_rules
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside


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


def lost(mapped, table, column, other, key=None):
    """Rows of a common table whose reference leads nowhere."""
    known = mapped.tables[other].select(known=key or column)
    rows = mapped.tables[table].filter(lambda t: t[column].notnull())
    return engine.count_rows(rows.anti_join(known, rows[column] == known.known))


def counts(mapped):
    return {row["rule"]: row["rows"] for row in applied_rules(mapped) if row["rows"]}


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
    assert rows_of(mapped, "case", "source_key", "case_type") == [("a", expected)]


def test_an_application_entered_in_error_makes_no_care_proceedings(map_rows):
    mapped = map_rows(
        cases=[case("a")], events=[event("1", application_type="care_order", error=True)]
    )
    assert rows_of(mapped, "case", "case_type") == [("public_law_other",)]
    assert set_aside(mapped, "events") == {reasons.IN_ERROR: 1}


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
    assert rows_of(mapped, "event", "source_key", "event_type", "event_date", "value_code") == [
        ("1", "application", "2016-02-01", "care_order"),
        ("2", "order", "2016-05-01", "order_refused_or_dismissed"),
        ("3", "hearing", "2016-03-01", None),
    ]
    assert set_aside(mapped, "events") == {"": 3, reasons.NO_DATE: 1}


def test_a_matter_is_a_child_in_a_case_and_an_order_decides_each(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("1", application_type="care_order"),
            event("2", "order", order_type="care_order", is_final_order=True),
        ],
        people=[person("m", "respondent"), person("c", "child"), person("d", "child")],
    )
    columns = ("source_key", "kind", "code", "received_date", "disposed_date", "status")
    asked = ("child_in_application", "care_order", "2016-02-01", "2016-02-01", "disposed")
    assert rows_of(mapped, "matter", *columns) == [("c", *asked), ("d", *asked)]
    assert decisions_of(mapped) == [
        ("c", "care_order", "2016-02-01", True, "case"),
        ("d", "care_order", "2016-02-01", True, "case"),
    ]
    assert parts_of(mapped) == [
        ("c", "c", "subject"),
        ("c", "m", "respondent"),
        ("d", "d", "subject"),
        ("d", "m", "respondent"),
    ]


def decisions_of(mapped):
    """Decisions with the child (or application) whose matter they decide, in place of ids."""
    matters = mapped.tables["matter"].select("matter_id", child="source_key")
    rows = mapped.tables["decision"].inner_join(matters, "matter_id")
    columns = ("child", "decision", "decision_date", "is_final", "attribution")
    return plain(engine.execute(rows.select(*columns)))


def parts_of(mapped):
    matters = mapped.tables["matter"].select("matter_id", child="source_key")
    parties = mapped.tables["party"].select("party_id", person="source_key")
    rows = mapped.tables["matter_party"].inner_join(matters, "matter_id")
    rows = rows.inner_join(parties, "party_id")
    return plain(engine.execute(rows.select("child", "person", "part")))


def test_parties_keep_role_sex_and_month_of_birth(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        people=[
            person("m", "respondent", gender=2, dob="1890-05-01", ALF2_PE=5),
            person("x", None, gender=1),
        ],
    )
    assert rows_of(mapped, "party", "source_key", "role", "sex", "birth_month") == [
        ("m", "respondent", "female", "1990-05-01"),
        ("x", "unclear", "male", None),
    ]
    assert rows_of(mapped, "record_id_link", "source_key", "id_system", "identifier") == [
        ("m", "alf2", "5")
    ]


def test_a_related_case_is_a_tie_only_if_it_was_delivered(map_rows):
    mapped = map_rows(
        cases=[
            case("a", related_case_number_hash="b"),
            case("b", related_case_number_hash="elsewhere"),
            case("c", related_case_number_hash="c"),
        ]
    )
    cases = mapped.tables["case"].select("case_id", case="source_key")
    other = cases.select(related_case_id="case_id", related="case").view()
    ties = mapped.tables["case_link"].select("case_id", "related_case_id", "relation").view()
    rows = ties.inner_join(cases, "case_id").inner_join(other, "related_case_id")
    rows = rows.select("case", "related", "relation")
    assert plain(engine.execute(rows)) == [("a", "b", "consolidated")]
    assert rows_of(mapped, "case_link", "source_key") == [("a",)]


def test_a_case_without_closure_is_open_only_while_something_happens(map_rows):
    mapped = map_rows(
        cases=[case("a"), case("b"), case("c", case_closed_date="2016-09-01")],
        events=[event("1", at="b", receipt_date="2023-01-01")],
    )
    assert rows_of(mapped, "case", "source_key", "status", "last_activity_date") == [
        ("a", "stale", "2016-02-01"),
        ("b", "open", "2023-01-01"),
        ("c", "closed", "2016-09-01"),
    ]


def test_courts_and_family_judge_areas_are_places_of_their_own(map_rows):
    mapped = map_rows(
        cases=[case("a", creating_court=3, dfj_area=2)], events=[event("1", creating_court=4)]
    )
    assert rows_of(mapped, "place", "kind", "name", "source_table") == [
        ("court", "court 3", "cases"),
        ("court", "court 4", "events"),
        ("dfj_area", "family judge area 2", "cases"),
    ]
    assert lost(mapped, "case", "place_id", "place") == 0
    assert lost(mapped, "case", "area_id", "place", "place_id") == 0


def test_a_closure_before_receipt_is_made_missing(map_rows):
    mapped = map_rows(
        cases=[case("a", case_closed_date="2016-01-01"), case("b", case_closed_date="2016-03-01")]
    )
    assert rows_of(mapped, "case", "source_key", "closed_date") == [
        ("a", None),
        ("b", "2016-03-01"),
    ]


def test_an_order_that_lists_children_decides_only_theirs(map_rows):
    mapped = map_rows(
        cases=[case("a"), case("b")],
        events=[
            event("1", application_type="care_order"),
            event("2", "order", order_type="care_order", receipt_date="2016-06-01"),
            event("3", "order", order_type="no_order", receipt_date="2016-07-01"),
        ],
        people=[person("c", "child"), person("d", "child"), person("e", "child", at="b")],
        event_children=[
            {"event_id": "2", "row_id_hash": "c"},
            {"event_id": "2", "row_id_hash": "e"},
        ],
    )
    assert decisions_of(mapped) == [
        ("c", "care_order", "2016-06-01", None, "matter"),
        ("c", "no_order", "2016-07-01", None, "case"),
        ("d", "no_order", "2016-07-01", None, "case"),
    ]
    assert set_aside(mapped, "event_children") == {"": 1, family_court.NOT_ITS_CHILD: 1}


def test_an_application_that_lists_children_is_a_matter_of_theirs_only(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("1", application_type="care_order"),
            event("2", application_type="placement_order", receipt_date="2016-05-01"),
        ],
        people=[person("c", "child"), person("d", "child")],
        event_children=[{"event_id": "2", "row_id_hash": "d"}],
    )
    assert rows_of(mapped, "matter", "source_key", "code", "received_date") == [
        ("c", "care_order", "2016-02-01"),
        ("d", "care_order", "2016-02-01"),
        ("d", "placement_order", "2016-05-01"),
    ]


def test_of_a_childs_applications_for_one_order_the_earliest_counts(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("2", application_type="care_order", receipt_date="2016-04-01"),
            event("1", application_type="care_order", receipt_date="2016-03-01"),
        ],
        people=[person("c", "child")],
    )
    assert rows_of(mapped, "matter", "code", "received_date") == [("care_order", "2016-03-01")]


def test_a_care_application_is_disposed_of_by_the_first_valid_disposal(map_rows):
    orders = [
        ("interim_care_order", "2016-03-01"),
        ("emergency_protection_order", "2016-04-01"),
        ("supervision_order", "2016-08-01"),
        ("care_order", "2016-09-01"),
    ]
    mapped = map_rows(
        cases=[case("a")],
        events=[
            event("1", application_type="care_order"),
            *(event(f"o{day}", "order", order_type=name, receipt_date=day) for name, day in orders),
        ],
        people=[person("c", "child")],
    )
    assert rows_of(mapped, "matter", "disposed_date", "status") == [("2016-08-01", "disposed")]
    assert len(decisions_of(mapped)) == len(orders)


@pytest.mark.parametrize(
    ("columns", "orders", "expected"),
    [
        ({}, ["application_withdrawn"], ("2016-03-01", "withdrawn")),
        ({}, ["interim_care_order"], (None, "unknown")),
        ({}, ["case_management_direction"], (None, "unknown")),
        ({"case_closed_date": "2016-09-01"}, [], (None, "disposed")),
    ],
)
def test_what_is_no_disposal_leaves_a_matter_without_a_date_of_disposal(
    map_rows, columns, orders, expected
):
    mapped = map_rows(
        cases=[case("a", **columns)],
        events=[
            event("1", application_type="care_order"),
            *(event(o, "order", order_type=o, receipt_date="2016-03-01") for o in orders),
        ],
        people=[person("c", "child")],
    )
    assert rows_of(mapped, "matter", "disposed_date", "status") == [expected]


def test_an_order_before_every_application_stands_with_the_first_and_is_counted(map_rows):
    mapped = map_rows(
        cases=[case("a", receipt_date="2016-03-01")],
        events=[
            event("1", application_type="care_order", receipt_date="2016-03-01"),
            event("2", application_type="placement_order", receipt_date="2016-06-01"),
            event("3", "order", order_type="no_order", receipt_date="2016-02-01"),
        ],
        people=[person("c", "child")],
    )
    assert decisions_of(mapped) == [("c", "no_order", "2016-02-01", None, "case")]
    assert rows_of(mapped, "matter", "code", "disposed_date") == [
        ("care_order", None),
        ("placement_order", None),
    ]
    assert counts(mapped) == {"order before every application of its child": 1}


def test_a_child_without_application_and_an_application_without_child_are_matters(map_rows):
    mapped = map_rows(
        cases=[case("a"), case("b", number_of_children=2)],
        events=[event("1", at="b", application_type="care_order")],
        people=[person("c", "child"), person("m", "respondent", at="b")],
    )
    assert rows_of(mapped, "matter", "source_key", "kind", "code") == [
        ("1", "application", "care_order"),
        ("c", "child_in_application", None),
    ]
    assert parts_of(mapped) == [("1", "m", "respondent"), ("c", "c", "subject")]
    assert counts(mapped) == {"fewer children listed than counted": 1, family_court.NO_CHILD: 1}


def test_a_divorce_goes_from_petition_to_final_order_under_either_law(map_rows):
    divorce = {"application_type": "divorce"}
    mapped = map_rows(
        cases=[case("a", "divorce"), case("b", "divorce", receipt_date="2022-04-06")],
        events=[
            event("1", receipt_date="2016-02-01", **divorce),
            event("2", "order", order_type="decree_nisi", receipt_date="2016-10-01"),
            event(
                "3",
                "order",
                order_type="decree_absolute",
                receipt_date="2016-12-01",
                is_final_order=True,
            ),
            event("4", at="b", receipt_date="2022-04-06", **divorce),
            event("5", "order", "b", order_type="conditional_order", receipt_date="2022-10-01"),
        ],
        people=[person("w", "applicant"), person("h", "respondent"), person("x", "applicant", "b")],
    )
    assert rows_of(mapped, "event", "source_key", "event_type", "value_code") == [
        ("1", "petition", "fault_based"),
        ("2", "conditional_order", "fault_based"),
        ("3", "final_order", "fault_based"),
        ("4", "petition", "no_fault"),
        ("5", "conditional_order", "no_fault"),
    ]
    assert rows_of(mapped, "matter", "kind", "code", "received_date", "disposed_date") == [
        ("application", "divorce", "2016-02-01", "2016-12-01"),
        ("application", "divorce", "2022-04-06", None),
    ]
    assert decisions_of(mapped) == [
        ("1", "conditional_order", "2016-10-01", None, "case"),
        ("1", "final_order", "2016-12-01", True, "case"),
        ("4", "conditional_order", "2022-10-01", None, "case"),
    ]
    assert parts_of(mapped) == [
        ("1", "h", "respondent"),
        ("1", "w", "applicant"),
        ("4", "x", "applicant"),
    ]


def test_a_case_without_received_date_takes_its_earliest_application(map_rows):
    mapped = map_rows(
        cases=[case("a", receipt_date=None), case("b", receipt_date=None)],
        events=[event("1", application_type="care_order", receipt_date="2016-02-03")],
    )
    assert rows_of(mapped, "case", "source_key", "received_date") == [
        ("a", "2016-02-03"),
        ("b", None),
    ]
    assert counts(mapped) == {"received date taken from the earliest application": 1}


def test_a_case_that_came_from_another_court_has_an_event_on_the_day(map_rows):
    mapped = map_rows(cases=[case("a", transfer_in_date="2016-01-20", creating_court=3)])
    assert rows_of(mapped, "event", "event_type", "event_date", "value_code") == [
        ("received", "2016-01-20", "transferred_in")
    ]


def test_no_representative_means_unrepresented_only_where_the_column_was_delivered(map_rows):
    told = map_rows(
        cases=[case("a")],
        people=[person("m", "respondent", representative_role="9"), person("f", "respondent")],
    )
    assert rows_of(told, "party", "source_key", "represented") == [("f", False), ("m", True)]
    silent = map_rows(cases=[case("a")], people=[person("m", "respondent")])
    assert rows_of(silent, "party", "represented") == [(None,)]


def test_an_unknown_gender_code_is_missing_and_counted(map_rows):
    mapped = map_rows(cases=[case("a")], people=[person("m", "respondent", gender=9)])
    assert rows_of(mapped, "party", "sex") == [(None,)]
    assert rows_of(mapped, "record", "sex") == [(None,)]
    assert counts(mapped) == {"unknown gender code made missing": 1}


def test_the_high_court_is_a_place_in_the_court_where_it_sits(map_rows):
    mapped = map_rows(
        cases=[case("a", creating_court=3)],
        events=[event("1", "hearing", creating_court=3, is_high_court=True)],
    )
    assert rows_of(mapped, "place", "name") == [("High Court at court 3",), ("court 3",)]
    assert lost(mapped, "event", "place_id", "place") == 0
    assert lost(mapped, "place", "parent_id", "place", "place_id") == 0
