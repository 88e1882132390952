"""The cross-justice link table gives identifiers to records of other datasets."""

from dataclasses import replace

import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import cross_justice_linking
from justice_analysis.sources.mappings.person_links import SYSTEMS
from tests.delivered import context_of, contract_tables, rows_of, set_aside
from tests.row_ids import ids, named


def link(row, dataset, person):
    return {"row_id_hash": row, "source_dataset": dataset, "estimated_xjs_id": person}


@pytest.fixture
def map_links(backend):
    def run(links, records):
        tables = contract_tables(backend, "cross_justice_linking", {"xjs_link": links})
        known = engine.memory_table(
            backend, {"record_id": [named(name) for name in records]}, {"record_id": "int64"}
        )
        context = context_of(
            backend,
            "cross_justice_linking",
            extract_date="2023-12-31",
            records=known if records else None,
        )
        return cross_justice_linking.to_common(tables, context)

    return run


def test_a_link_is_an_identifier_of_the_record_it_names(map_links):
    mapped = map_links([link("r1", "familyman", "p1")], ["familyman:r1"])
    assert rows_of(
        mapped, "record_id_link", "record_id", "id_system", "identifier", "level"
    ) == ids([("familyman:r1", "xjs", "p1", "unstated")])


def test_a_link_to_a_record_that_is_not_loaded_is_set_aside(map_links):
    links = [link("r1", "familyman", "p1"), link("r2", "familyman", "p2")]
    mapped = map_links([*links, link("r1", "mags_hocas", "p1")], ["familyman:r1"])
    assert set_aside(mapped, "xjs_link") == {"": 1, cross_justice_linking.NOT_LOADED: 2}


def test_without_any_records_every_link_is_set_aside(map_links):
    mapped = map_links([link("r1", "familyman", "p1")], [])
    assert set_aside(mapped, "xjs_link") == {cross_justice_linking.NOT_LOADED: 1}


def test_every_component_dataset_has_a_system(map_links):
    links = [link(f"r{at}", code, "p1") for at, code in enumerate(SYSTEMS)]
    records = [f"{system}:r{at}" for at, system in enumerate(SYSTEMS.values())]
    mapped = map_links(links, records)
    assert len(SYSTEMS) == 7
    assert set_aside(mapped, "xjs_link") == {"": 7}


def test_a_link_of_an_unknown_dataset_is_set_aside_before_it_is_looked_for(map_links):
    mapped = map_links([link("r1", "elsewhere", "p1"), link("r1", "familyman", "p1")], [])
    assert set_aside(mapped, "xjs_link") == {
        cross_justice_linking.NOT_LOADED: 1,
        cross_justice_linking.UNKNOWN_DATASET: 1,
    }


def journey(mags, crown, score=None):
    return {"mc_case_id_hash": mags, "cc_case_id_hash": crown, "estimated_match_score": score}


@pytest.fixture
def map_journeys(backend):
    def run(journeys, cases):
        tables = contract_tables(backend, "cross_justice_linking", {"mags_crown_journey": journeys})
        known = engine.memory_table(
            backend,
            {
                "case_id": [named(name) for name in cases],
                "case_type": list(cases.values()),
            },
            {"case_id": "int64", "case_type": "string"},
        )
        context = context_of(backend, "cross_justice_linking", extract_date="2023-12-31")
        context = replace(context, cases=known if cases else None)
        return cross_justice_linking.to_common(tables, context)

    return run


CASES = {
    "libra:m1": "magistrates",
    "libra:m2": "magistrates",
    "libra:m3": "magistrates",
    "xhibit:c1": "crown_trial",
    "xhibit:c2": "crown_appeal",
    "xhibit:c3": "crown_sentence",
}


def test_a_case_sent_up_is_a_committal_and_an_appeal_is_one(map_journeys):
    journeys = [journey("m1", "c1", 0.9), journey("m2", "c2", 0.8), journey("m3", "c3")]
    mapped = map_journeys(journeys, CASES)
    columns = ("case_id", "related_case_id", "relation", "score")
    assert rows_of(mapped, "case_link", *columns) == ids(
        [
            ("libra:m1", "xhibit:c1", "committal", 0.9),
            ("libra:m2", "xhibit:c2", "appeal", 0.8),
            ("libra:m3", "xhibit:c3", "committal", None),
        ]
    )


def test_two_defendants_of_one_case_make_one_tie_with_the_better_score(map_journeys):
    mapped = map_journeys([journey("m1", "c1", 0.6), journey("m1", "c1", 0.9)], CASES)
    assert rows_of(mapped, "case_link", "relation", "score") == [("committal", 0.9)]
    assert set_aside(mapped, "mags_crown_journey") == {"": 2}


def test_a_tie_to_a_case_that_is_not_loaded_is_set_aside(map_journeys):
    mapped = map_journeys([journey("m1", "elsewhere"), journey("elsewhere", "c1")], CASES)
    assert rows_of(mapped, "case_link", "relation") == []
    assert set_aside(mapped, "mags_crown_journey") == {cross_justice_linking.NO_CASE: 2}


def test_without_any_cases_every_tie_is_set_aside(map_journeys):
    mapped = map_journeys([journey("m1", "c1")], {})
    assert set_aside(mapped, "mags_crown_journey") == {cross_justice_linking.NO_CASE: 1}
