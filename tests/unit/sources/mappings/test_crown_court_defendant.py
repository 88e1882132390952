"""The Crown Court's delivered tables in the common model: what differs from the magistrates'."""

import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import crown_court_defendant
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside


def defendant(row, case="a", **columns):
    return {
        "row_id_hash": row,
        "case_id_hash": case,
        "case_type": "T",
        "offence_date": "2016-01-01",
        "receipt_date": "2016-02-02",
        "first_hearing_date": "2016-03-01",
        "main_hearing_date": "2016-08-01",
        "completion_date": "2016-09-01",
        "court_code": "401",
        "offence_group": "robbery",
        **columns,
    }


@pytest.fixture
def map_rows(backend):
    def run(defendants, offences=(), courts=()):
        tables = contract_tables(
            backend,
            "crown_court_defendant",
            {
                "crown_defendant_case": list(defendants),
                "crown_offence": list(offences),
                "courts": list(courts),
            },
        )
        context = context_of(backend, "crown_court_defendant", extract_date="2023-12-31")
        return crown_court_defendant.to_common(tables, context)

    return run


def test_trials_committals_for_sentence_and_appeals_are_types_of_their_own(map_rows):
    kinds = {"a": "T", "b": "S", "c": "A", "d": "t", "e": None, "f": "X"}
    mapped = map_rows([defendant(f"r{case}", case, case_type=kind) for case, kind in kinds.items()])
    assert rows_of(mapped, "case", "source_key", "case_type", "jurisdiction") == [
        ("a", "crown_trial", "criminal"),
        ("b", "crown_sentence", "criminal"),
        ("c", "crown_appeal", "criminal"),
        ("d", "crown_trial", "criminal"),
        ("e", "unknown", "criminal"),
        ("f", "code:X", "criminal"),
    ]


def test_the_main_hearing_is_an_event_and_nothing_goes_on_from_here(map_rows):
    mapped = map_rows([defendant("r1")])
    assert rows_of(mapped, "event", "event_type", "event_date", "value_code") == [
        ("completed", "2016-09-01", None),
        ("first_hearing", "2016-03-01", None),
        ("hearing", "2016-08-01", "main"),
        ("offence", "2016-01-01", None),
        ("received", "2016-02-02", None),
    ]


def test_events_in_court_name_the_court(map_rows):
    mapped = map_rows([defendant("r1")])
    places = mapped.tables["place"].select("place_id", "name")
    events = mapped.tables["event"].left_join(places, "place_id").select("event_type", "name")
    named = {kind: name for kind, name in plain(engine.execute(events))}
    assert named == {
        "offence": None,
        "received": "court 401",
        "first_hearing": "court 401",
        "hearing": "court 401",
        "completed": "court 401",
    }


def test_completion_before_the_first_hearing_is_exchanged_with_it(map_rows):
    mapped = map_rows(
        [defendant("r1", first_hearing_date="2016-09-01", completion_date="2016-03-01")]
    )
    dates = dict(rows_of(mapped, "event", "event_type", "event_date"))
    assert (dates["first_hearing"], dates["completed"]) == ("2016-03-01", "2016-09-01")


def test_an_officers_code_serves_where_the_defendant_said_nothing(map_rows):
    mapped = map_rows(
        [
            defendant("r1", ethnicity_self_defined="M1", ethnic_appearance_code="3"),
            defendant("r2", ethnic_appearance_code="4"),
        ]
    )
    assert rows_of(mapped, "record", "source_key", "ethnicity_group", "recorded_date") == [
        ("r1", "mixed", "2016-03-01"),
        ("r2", "asian", "2016-03-01"),
    ]


def test_the_id_within_the_dataset_never_meets_that_of_another(map_rows):
    mapped = map_rows([defendant("r1", estimated_offender_id="77")])
    assert rows_of(mapped, "record_id_link", "id_system", "identifier", "level") == [
        ("estimated_offender", "xhibit:77", "unstated")
    ]


def test_a_jury_verdict_dates_from_completion_and_a_sentence_has_its_length(map_rows):
    mapped = map_rows(
        [
            defendant(
                "r1",
                plea="not_guilty",
                verdict="guilty",
                disposal="suspended_sentence",
                sentence_length_days=180,
            ),
            defendant("r2", verdict="guilty", disposal="fine", sentence_length_days=5),
        ]
    )
    columns = ("source_key", "decision_type", "decision", "decision_date", "amount")
    assert rows_of(mapped, "decision", *columns) == [
        ("r1", "plea", "not_guilty", None, None),
        ("r1", "sentence", "suspended_sentence", "2016-09-01", 180.0),
        ("r1", "verdict", "guilty", "2016-09-01", None),
        ("r2", "sentence", "fine", "2016-09-01", None),
        ("r2", "verdict", "guilty", "2016-09-01", None),
    ]


def test_courts_lie_in_regions_and_every_row_is_used(map_rows):
    mapped = map_rows(
        [defendant("r1")],
        [{"offence_id_hash": "o1", "row_id_hash": "r1"}],
        [{"court_code": "401", "region": "2", "common_platform_from": "2021-09-01"}],
    )
    assert rows_of(mapped, "place", "kind", "name") == [
        ("court", "court 401"),
        ("region", "region 2"),
    ]
    assert rows_of(mapped, "coverage", "from_date", "to_date") == [("2013-01-01", "2021-09-01")]
    for table in ("crown_defendant_case", "crown_offence", "courts"):
        assert set_aside(mapped, table) == {"": 1}
