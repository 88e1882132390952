"""The cross-justice link table gives identifiers to records of other datasets."""

import pytest

from justice_analysis import engine
from justice_analysis.sources import cross_justice_linking
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
