"""Links of the family court to Cafcass in the common model."""

import pytest

from justice_analysis import engine
from justice_analysis.sources.mappings import family_court, family_court_cafcass_linked
from tests.delivered import context_of, contract_tables, plain, rows_of, set_aside

DATASET = "family_court_cafcass_linked"


@pytest.fixture
def court_records(backend):
    people = [{"row_id_hash": row, "case_number_hash": "a"} for row in ("m", "c")]
    tables = contract_tables(backend, "family_court", {"people": people})
    context = context_of(backend, "family_court", extract_date="2023-03-31")
    return family_court.to_common(tables, context).tables["record"]


def links(backend, rows, records):
    tables = contract_tables(backend, DATASET, {"cafcass_link": rows})
    context = context_of(backend, DATASET, extract_date="2023-01-31", records=records)
    return family_court_cafcass_linked.to_common(tables, context)


def test_a_link_identifies_the_family_courts_own_record(backend, court_records):
    rows = [{"row_id_hash": "m", "ALF2_PE": 7}, {"row_id_hash": "x", "ALF2_PE": 8}]
    mapped = links(backend, rows, court_records.select("record_id"))
    found = mapped.tables["record_id_link"].select("record_id", "id_system", "identifier", "level")
    joined = court_records.select("record_id", row="source_key").inner_join(found, "record_id")
    assert plain(engine.execute(joined.drop("record_id"))) == [("m", "alf2", "7", "unstated")]
    assert set_aside(mapped, "cafcass_link") == {
        "": 1,
        family_court_cafcass_linked.NOT_LOADED: 1,
    }


def test_a_link_without_the_field_is_set_aside(backend, court_records):
    mapped = links(backend, [{"row_id_hash": "m"}], court_records.select("record_id"))
    assert set_aside(mapped, "cafcass_link") == {family_court_cafcass_linked.NO_FIELD: 1}


def test_links_alone_identify_nobody(backend):
    mapped = links(backend, [{"row_id_hash": "m", "ALF2_PE": 7}], None)
    assert rows_of(mapped, "record_id_link", "source_key") == []
