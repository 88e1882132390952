"""The civil county court's delivered tables in the common model, rule by rule."""

import pytest

from justice_analysis import engine, warehouse
from justice_analysis.sources import reasons
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import civil_county_court
from tests.delivered import (
    context_of,
    contract_tables,
    plain,
    rows_of,
    set_aside,
    write_extract,
)


def case(number, kind="money", **columns):
    return {
        "case_number_hash": number,
        "case_type": kind,
        "issue_date": "2016-02-01",
        **columns,
    }


def party(number, role="defendant", kind="person", at="a", **columns):
    return {
        "row_id_hash": number,
        "case_number_hash": at,
        "party_role": role,
        "party_type": kind,
        **columns,
    }


def event(number, kind, at="a", **columns):
    return {
        "event_id": number,
        "case_number_hash": at,
        "event_type": kind,
        "event_date": "2016-03-01",
        **columns,
    }


@pytest.fixture
def map_rows(backend):
    def run(**rows):
        tables = contract_tables(backend, "civil_county_court", rows)
        context = context_of(backend, "civil_county_court", extract_date="2022-01-31")
        return civil_county_court.to_common(tables, context)

    return run


def joined(mapped, left, right, on, *columns):
    """Rows of two common tables joined by an id that both hold."""
    ours, theirs = mapped.tables[left], mapped.tables[right]
    both = ours.inner_join(theirs, on, lname="{name}", rname="{name}_right")
    return plain(engine.execute(both.select(*columns)))


@pytest.mark.parametrize(
    ("kind", "expected", "code"),
    [
        ("money", "money_claim", "money"),
        ("damages", "damages_claim", "damages"),
        ("possession", "possession_claim", "possession"),
        ("other", "other_claim", "other"),
        ("strange", "code:strange", "code:strange"),
        (None, "unknown", None),
    ],
)
def test_a_case_is_one_claim_of_its_kind(map_rows, kind, expected, code):
    mapped = map_rows(cases=[case("a", kind)])
    assert rows_of(mapped, "case", "source_key", "jurisdiction", "case_type") == [
        ("a", "civil", expected)
    ]
    assert joined(mapped, "matter", "case", "case_id", "kind", "code") == [("claim", code)]


def test_a_claim_holds_its_amount_and_when_it_was_issued(map_rows):
    mapped = map_rows(cases=[case("a", claim_amount=950.5), case("b", "damages")])
    assert rows_of(mapped, "matter", "source_key", "received_date", "amount", "amount_unit") == [
        ("a", "2016-02-01", 950.5, "pounds"),
        ("b", "2016-02-01", None, None),
    ]


def test_only_parties_who_are_people_are_records(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        case_parties=[
            party("p", gender=2, dob="1890-05-01"),
            party("q", None),
            party("c", "claimant", "company", company_name_hash="n1", gender=1, dob="1980-01-01"),
        ],
    )
    assert rows_of(mapped, "record", "source_key", "sex", "birth_month") == [
        ("p", "female", "1990-05-01"),
        ("q", None, None),
    ]
    assert joined(mapped, "party", "record", "record_id", "source_key", "role") == [
        ("p", "defendant"),
        ("q", "unclear"),
    ]
    found = rows_of(mapped, "party", "source_key", "role", "sex", "birth_month")
    assert found[0] == ("c", "claimant", None, None)


def test_a_body_is_recognised_by_its_number_then_its_name_then_its_row(map_rows):
    mapped = map_rows(
        cases=[case("a"), case("b")],
        case_parties=[
            party("1", "claimant", "company", coded_party_number="77", company_name_hash="k"),
            party("2", "claimant", "company", at="b", coded_party_number="77"),
            party("3", "defendant", "company", company_name_hash="n"),
            party("4", "defendant", "company", at="b", company_name_hash="n"),
            party("5", "defendant", "company"),
            party("6", "defendant", "company"),
        ],
    )
    assert rows_of(mapped, "organisation", "source_key", "kind", "rule") == [
        ("1", "bulk_claimant", "coded party number"),
        ("3", "company", "company name key"),
        ("5", "company", "the row alone: no number or name key"),
        ("6", "company", "the row alone: no number or name key"),
    ]
    members = joined(
        mapped, "party", "organisation", "organisation_id", "source_key", "source_key_right"
    )
    assert members == [("1", "1"), ("2", "1"), ("3", "3"), ("4", "3"), ("5", "5"), ("6", "6")]


def test_a_company_not_marked_as_one_is_known_by_its_key_and_counted(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        case_parties=[
            party("1", kind=None, company_name_hash="n"),
            party("2", kind=None),
            party("3", kind="person", company_name_hash="n"),
        ],
    )
    assert rows_of(mapped, "organisation", "source_key") == [("1",)]
    assert rows_of(mapped, "record", "source_key") == [("2",), ("3",)]
    counted = applied(mapped)
    assert counted["company known by its key alone"] == 1
    assert counted["company key of a person not used"] == 1


def applied(mapped):
    return {
        rule.name: int(engine.execute(rule.rows.filter(rule.applies).count()))
        for rule in mapped.rules
    }


def test_a_name_that_stands_beside_one_number_gives_it_to_rows_without(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        case_parties=[
            party("1", kind="company", coded_party_number="77", company_name_hash="n"),
            party("2", kind="company", company_name_hash="n"),
            party("3", kind="company", coded_party_number="78", company_name_hash="m"),
            party("4", kind="company", coded_party_number="79", company_name_hash="m"),
            party("5", kind="company", company_name_hash="m"),
        ],
    )
    assert rows_of(mapped, "organisation", "source_key", "kind", "rule") == [
        ("1", "bulk_claimant", "coded party number"),
        ("3", "bulk_claimant", "coded party number"),
        ("4", "bulk_claimant", "coded party number"),
        ("5", "company", "company name key"),
    ]
    assert applied(mapped)["coded party number found by the company's name"] == 1


def test_a_party_of_an_unknown_type_is_a_body_and_not_a_person(map_rows):
    mapped = map_rows(cases=[case("a")], case_parties=[party("1", kind="charity")])
    assert rows_of(mapped, "record", "source_key") == []
    assert rows_of(mapped, "organisation", "source_key", "kind") == [("1", "other")]
    assert applied(mapped)["party of an unknown type taken as a body"] == 1


def test_claimants_and_defendants_take_part_in_the_claim(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        case_parties=[party("c", "claimant", "company"), party("d"), party("o", "other")],
    )
    found = joined(mapped, "matter_party", "party", "party_id", "source_key", "part")
    assert found == [("c", "claimant"), ("d", "defendant")]


def test_events_keep_their_kind_and_a_judgment_decides_the_claim_with_its_amount(map_rows):
    mapped = map_rows(
        cases=[case("a", claim_amount=900)],
        case_events=[
            event("1", "defence"),
            event("2", "hearing"),
            event("3", "judgment", judgment_type="default", judgment_amount=800, court=5),
            event("4", "warrant", warrant_type="control"),
        ],
    )
    assert rows_of(mapped, "event", "source_key", "event_type", "value_code", "value_number") == [
        ("1", "administrative", "defence", None),
        ("2", "hearing", None, None),
        ("3", "judgment", "default_judgment", 800.0),
        ("4", "warrant", "control", None),
    ]
    decided = joined(
        mapped, "decision", "matter", "matter_id", "source_key_right", "decision_type",
        "decision", "decision_date", "is_final", "amount", "amount_unit", "attribution",
    )  # fmt: skip
    assert decided == [
        ("a", "judgment", "default_judgment", "2016-03-01", True, 800.0, "pounds", "matter")
    ]


def test_events_in_error_without_a_case_or_without_a_date_are_set_aside(map_rows):
    mapped = map_rows(
        cases=[case("a")],
        case_events=[
            event("1", "hearing", error=True),
            event("2", "hearing", event_date=None),
            event("3", "hearing", at=None),
            event("4", "hearing"),
        ],
    )
    assert set_aside(mapped, "case_events") == {
        "": 1,
        reasons.IN_ERROR: 1,
        reasons.NO_DATE: 1,
        reasons.CASE_MISSING: 1,
    }
    assert rows_of(mapped, "event", "source_key") == [("4",)]


def test_a_case_is_closed_moved_stale_or_open(map_rows):
    mapped = map_rows(
        cases=[
            case("a", case_status="paid", case_status_date="2016-09-01"),
            case("b", case_status="transferred", case_status_date="2016-09-01"),
            case("c"),
            case("d"),
            case("e", case_status="stayed", case_status_date="2021-12-01"),
            case("f", case_status="paid", case_status_date="2016-01-01"),
        ],
        case_events=[event("1", "hearing", at="d", event_date="2022-01-01")],
    )
    assert rows_of(mapped, "case", "source_key", "status", "closed_date", "last_activity_date") == [
        ("a", "closed", "2016-09-01", "2016-09-01"),
        ("b", "migrated", None, "2016-09-01"),
        ("c", "stale", None, "2016-02-01"),
        ("d", "open", None, "2022-01-01"),
        ("e", "open", None, "2021-12-01"),
        ("f", "closed", None, "2016-02-01"),
    ]
    assert applied(mapped)["status before issue made missing"] == 1


def test_a_claim_is_disposed_of_by_judgment_or_its_end_or_withdrawn(map_rows):
    mapped = map_rows(
        cases=[
            case("a"),
            case("b", case_status="settled", case_status_date="2016-04-01"),
            case("c", case_status="paid", case_status_date="2016-05-01"),
            case("d"),
        ],
        case_events=[event("1", "judgment"), event("2", "judgment", at="c")],
    )
    assert rows_of(mapped, "matter", "source_key", "status", "disposed_date") == [
        ("a", "disposed", "2016-03-01"),
        ("b", "withdrawn", "2016-04-01"),
        ("c", "disposed", "2016-03-01"),
        ("d", "unknown", None),
    ]


def test_courts_are_places(map_rows):
    heard = [event("1", "hearing", court=4), event("2", "hearing", court=3)]
    mapped = map_rows(cases=[case("a", court=3)], case_events=heard)
    assert rows_of(mapped, "place", "kind", "name", "source_table") == [
        ("court", "county court 3", "cases"),
        ("court", "county court 4", "case_events"),
    ]


def test_coverage_is_that_of_the_contract(map_rows):
    mapped = map_rows(cases=[case("a")])
    assert rows_of(mapped, "coverage", "from_date", "to_date") == [("2012-01-01", "2022-01-31")]


def test_the_mapping_runs_without_any_assumed_column(map_rows):
    mapped = map_rows(
        cases=[{"case_number_hash": "a"}],
        case_parties=[{"row_id_hash": "p", "case_number_hash": "a"}],
        case_events=[{"event_id": "1", "case_number_hash": "a", "event_date": "2020-01-01"}],
    )
    assert rows_of(mapped, "party", "source_key", "role") == [("p", "unclear")]
    assert rows_of(mapped, "record", "source_key") == [("p",)]
    assert rows_of(mapped, "event", "event_type") == [("administrative",)]
    assert rows_of(mapped, "case", "case_type") == [("unknown",)]


def test_people_counts_never_include_companies(tmp_path):
    rows = {
        "cases": [case("a"), case("b")],
        "case_parties": [
            party("1", gender=1),
            party("2", "claimant", "company", coded_party_number="77"),
            party("3", "claimant", "company", at="b"),
            party("4", at="b", gender=2),
        ],
        "case_events": [event("e", "hearing")],
    }
    extract = read_extract(write_extract(tmp_path / "civil", "civil_county_court", rows))
    opened = warehouse.load([extract], tmp_path / "warehouse")
    party_rows = opened.party
    counted = party_rows.aggregate(
        people=party_rows.record_id.nunique(),
        bodies=party_rows.organisation_id.nunique(),
        both=(party_rows.person_id.notnull() & party_rows.organisation_id.notnull()).sum(),
    )
    assert plain(engine.execute(counted)) == [(2, 2, 0)]
    records = opened.link.record_id.nunique()
    assert int(engine.execute(records)) == 2
