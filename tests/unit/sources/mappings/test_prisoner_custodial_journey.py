"""Delivered journeys and segments in the common model, rule by rule."""

import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import prisoner_custodial_journey as mapping
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside
from tests.rules import counted_rules, measured

EPISODE = ("source_key", "start_date", "end_date", "end_reason")


def journey(number, start="2016-02-01", end="2016-03-01", **columns):
    return {
        "row_id_hash": number,
        "journey_start_date": start,
        "journey_end_date": end,
        **columns,
    }


def segment(of, number, status, start, end):
    return {
        "row_id_hash": of,
        "segment_number": number,
        "legal_status": status,
        "segment_start_date": start,
        "segment_end_date": end,
    }


@pytest.fixture
def map_rows(backend):
    def run(*journeys, segments=()):
        rows = {"nomis": list(journeys), "custody_segments": list(segments)}
        tables = contract_tables(backend, "prisoner_custodial_journey", rows)
        context = context_of(backend, "prisoner_custodial_journey", extract_date="2020-06-30")
        return mapping.to_common(tables, context)

    return run


def test_a_journey_is_an_episode_of_custody_without_a_legal_status(map_rows):
    mapped = map_rows(journey("a"))
    found = rows_of(mapped, "episode", *EPISODE, "kind", "granularity", "legal_status")
    assert found == [("a", "2016-02-01", "2016-03-01", "ended", "custody", "journey", None)]


def test_a_missing_end_is_open_only_for_the_last_journey_of_a_person(map_rows):
    mapped = map_rows(
        journey("a", "2016-02-01", None, estimated_offender_id="p"),
        journey("b", "2017-02-01", None, estimated_offender_id="p"),
        journey("c", "2015-02-01", None),
        journey("d", "2016-02-01", None),
    )
    assert dict(rows_of(mapped, "episode", "source_key", "end_reason")) == {
        "a": "missing",
        "b": "open_at_extract",
        "c": "open_at_extract",
        "d": "open_at_extract",
    }
    assert counted_rules(mapped)["nomis", "end not recorded: a later journey follows"] == 1


def test_days_in_the_wrong_order_are_exchanged_and_counted(map_rows):
    mapped = map_rows(journey("a", "2016-03-01", "2016-02-01"), journey("b"))
    assert rows_of(mapped, "episode", *EPISODE) == [
        ("a", "2016-02-01", "2016-03-01", "ended"),
        ("b", "2016-02-01", "2016-03-01", "ended"),
    ]
    assert counted_rules(mapped)["nomis", "first and last day exchanged"] == 1


def test_a_placeholder_is_no_day(map_rows):
    mapped = map_rows(journey("a", end="9999-12-31"), journey("b", start="1900-01-01"))
    assert rows_of(mapped, "episode", *EPISODE) == [("a", "2016-02-01", None, "open_at_extract")]
    assert set_aside(mapped, "nomis") == {"": 1, mapping.NO_START: 1}
    counts = counted_rules(mapped)
    assert counts["nomis", "placeholder in journey_end_date made missing"] == 1
    assert counts["nomis", "placeholder in journey_start_date made missing"] == 1


def test_journeys_that_overlap_are_kept_and_counted(map_rows):
    mapped = map_rows(
        journey("a", "2016-01-01", "2016-06-01", estimated_offender_id="p"),
        journey("b", "2016-02-01", "2016-03-01", estimated_offender_id="p"),
        journey("c", "2016-04-01", "2016-05-01", estimated_offender_id="p"),
        journey("d", "2016-06-01", "2016-07-01", estimated_offender_id="p"),
        journey("e", "2016-02-01", "2016-03-01", estimated_offender_id="q"),
        journey("f", "2016-02-01", "2016-03-01"),
        journey("g", "2016-02-01", "2016-03-01"),
    )
    assert len(rows_of(mapped, "episode", "source_key")) == 7
    assert counted_rules(mapped)["nomis", "begins inside an earlier journey"] == 2


def test_people_keep_sex_and_ethnic_group_however_they_are_written(map_rows):
    mapped = map_rows(
        journey("a", gender="Male", ethnicity="W1"),
        journey("b", gender="F", ethnicity="Asian or Asian British: Chinese"),
        journey("c", gender="FEMALE ", ethnicity="NS"),
        journey("d", gender="X", ethnicity="Martian"),
        journey("e", ethnicity="o2"),
    )
    assert rows_of(mapped, "record", "source_key", "sex", "ethnicity_group") == [
        ("a", "male", "white"),
        ("b", "female", "asian"),
        ("c", "female", None),
        ("d", "code:X", None),
        ("e", None, "other"),
    ]
    assert measured(mapped, "recorded_ethnicity") == [
        ("a", None, "W1"),
        ("b", None, "A4"),
        ("d", None, "code:Martian"),
        ("e", None, "O2"),
    ]
    counts = counted_rules(mapped)
    assert counts["nomis", "gender written in another way"] == 1
    assert counts["nomis", "no ethnic group: refusal, filler or blank"] == 1
    assert counts["nomis", "ethnicity in no list"] == 1


def test_the_person_id_of_the_dataset_names_its_system(map_rows):
    mapped = map_rows(journey("a", estimated_offender_id="7"), journey("b"))
    found = rows_of(mapped, "record_id_link", "source_key", "id_system", "identifier", "level")
    assert found == [("a", "estimated_offender", "nomis:7", "unstated")]


def test_age_offence_and_sentence_are_measures_and_impossible_values_are_not(map_rows):
    mapped = map_rows(
        journey("a", age_at_reception=30, main_offence_group="theft", sentence_length_days=90),
        journey("b", age_at_reception=3, main_offence_group="Theft", sentence_length_days=0),
        journey("c", age_at_reception=999, main_offence_group="odd", sentence_length_days=99999),
    )
    assert measured(mapped, "age") == [("a", 30.0, None)]
    assert measured(mapped, "sentence_length") == [("a", 90.0, None)]
    assert measured(mapped, "main_offence") == [
        ("a", None, "theft"),
        ("b", None, "theft"),
        ("c", None, "code:odd"),
    ]
    counts = counted_rules(mapped)
    assert counts["nomis", "impossible age made missing"] == 1
    assert counts["nomis", "placeholder in age made missing"] == 1
    assert counts["nomis", "placeholder in sentence length made missing"] == 2


def test_segments_name_their_journey_and_their_status(map_rows):
    mapped = map_rows(
        journey("a", "2016-02-01", None),
        segments=[
            segment("a", 1, "remand", "2016-02-01", "2016-02-11"),
            segment("a", 2, "sentence", "2016-02-11", None),
        ],
    )
    episodes = mapped.tables["episode"]
    parts = episodes.filter(episodes.granularity == "segment")
    whole = episodes.filter(episodes.granularity == "journey").select(own="episode_id")
    joined = parts.inner_join(whole, parts.parent_episode_id == whole.own)
    assert plain(engine.execute(joined.select(*EPISODE, "legal_status"))) == [
        ("a:1", "2016-02-01", "2016-02-11", "ended", "remand"),
        ("a:2", "2016-02-11", None, "open_at_extract", "sentence"),
    ]


def test_a_segment_without_an_end_is_open_only_if_it_is_the_last_of_an_open_journey(map_rows):
    mapped = map_rows(
        journey("a", "2016-02-01", None),
        journey("b", "2016-02-01", "2016-03-01"),
        segments=[
            segment("a", 1, "remand", "2016-02-01", None),
            segment("a", 2, "sentence", "2016-02-11", None),
            segment("b", 1, "remand", "2016-02-01", None),
        ],
    )
    ends = dict(rows_of(mapped, "episode", "source_key", "end_reason"))
    assert (ends["a:1"], ends["a:2"], ends["b:1"]) == ("missing", "open_at_extract", "missing")


def test_a_segment_of_a_journey_that_was_set_aside_is_set_aside(map_rows):
    mapped = map_rows(
        journey("a", None, "2016-03-01"),
        journey("b"),
        segments=[
            segment("a", 1, "remand", "2016-02-01", None),
            segment("b", 1, "remand", None, None),
        ],
    )
    assert set_aside(mapped, "custody_segments") == {mapping.NO_JOURNEY: 1, mapping.NO_START: 1}


def test_every_episode_and_measure_has_a_key_of_its_own(map_rows):
    mapped = map_rows(
        journey("a", age_at_reception=30, ethnicity="W1"),
        segments=[segment("a", 1, "remand", "2016-02-01", "2016-03-01")],
    )
    for table, column in (("episode", "episode_id"), ("measure", "measure_id")):
        found = rows_of(mapped, table, column)
        assert len(found) == len(set(found)) == 2


def test_coverage_is_from_the_contracts_first_day_to_the_extract(map_rows):
    mapped = map_rows(journey("a"))
    assert rows_of(mapped, "coverage", "place_id", "from_date", "to_date") == [
        (None, "2011-01-01", "2020-06-30")
    ]


def test_an_extract_without_its_assumed_columns_still_maps(map_rows):
    mapped = map_rows({"row_id_hash": "a", "journey_start_date": "2016-02-01"})
    assert rows_of(mapped, "episode", *EPISODE) == [("a", "2016-02-01", None, "open_at_extract")]
    assert rows_of(mapped, "measure", "concept") == []
