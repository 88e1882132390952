"""The links of 2022 give identifiers of their own to records of four datasets."""

import pytest

from justice_analysis import engine
from justice_analysis.linkage.levels import DEFAULT_PRECEDENCE
from justice_analysis.sources.mapping import key
from justice_analysis.sources.mappings import criminal_prison_probation_linking as linking
from justice_analysis.sources.mappings.person_links import NOT_LOADED, UNKNOWN_DATASET
from tests.delivered import context_of, contract_tables, rows_of, set_aside


def link(row, dataset, person):
    return {"row_id_hash": row, "source_dataset": dataset, "estimated_mc_cc_ps_dp": person}


@pytest.fixture
def mapped(backend):
    links = [
        link("r1", "mags_hocas", "p1"),
        link("r1", "crown_xhibit", "p2"),
        link("r2", "prison_nomis", "p1"),
        link("r3", "familyman", "p1"),
        link("r4", "elsewhere", "p1"),
    ]
    tables = contract_tables(backend, "criminal_prison_probation_linking", {"criminal_link": links})
    rows = engine.memory_table(
        backend,
        {"system": ["libra", "xhibit"], "row": ["r1", "r1"]},
        {"system": "string", "row": "string"},
    )
    context = context_of(
        backend,
        "criminal_prison_probation_linking",
        extract_date="2021-12-31",
        records=rows.select(record_id=key(rows.system, rows.row)),
    )
    return linking.to_common(tables, context)


def test_each_link_is_an_identifier_of_the_record_of_its_own_system(mapped):
    assert rows_of(mapped, "record_id_link", "id_system", "identifier", "level") == [
        ("xjs_2022", "p1", "unstated"),
        ("xjs_2022", "p2", "unstated"),
    ]


def test_links_to_what_is_not_loaded_or_not_known_are_set_aside(mapped):
    assert set_aside(mapped, "criminal_link") == {"": 2, NOT_LOADED: 2, UNKNOWN_DATASET: 1}


def test_the_links_of_2022_stand_below_those_that_replaced_them():
    place = {system: at for at, system in enumerate(DEFAULT_PRECEDENCE)}
    assert place["xjs"] < place["xjs_2022"] < place["estimated_offender"]
