"""Measures of areas become a panel, and what cannot be used is said."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from justice_analysis import contracts, engine
from justice_analysis.errors import MetricError
from justice_analysis.evaluation import PanelQuestion, area_panel, panel_designs
from justice_analysis.sources.parsing import schema_of

SCHEMA = schema_of(contracts.common_model().table("area_measure"))
QUESTION = PanelQuestion(
    source="made", outcome="crmrte", outcome_words="crime", measures={"polpc": "police"}
)


@pytest.fixture
def backend():
    return engine.connect()


def held(backend, *values):
    """A warehouse of nothing but measures: place, concept, year, value."""
    rows = [
        {
            "area_measure_id": number, "place_id": place, "concept": concept,
            "from_date": date(year, 1, 1), "to_date": date(year + 1, 1, 1),
            "value_number": float(value), "unit": "1", "source": "made",
            "source_table": "made", "source_key": str(number),
        }
        for number, (place, concept, year, value) in enumerate(values)
    ]  # fmt: skip
    table = engine.memory_table(
        backend, {name: [row[name] for row in rows] for name in SCHEMA}, SCHEMA
    )
    return SimpleNamespace(
        area_measure=table, sources={"made": {"title": "Made"}}, fingerprint="made"
    )


def test_a_panel_has_one_row_per_area_and_year(backend):
    warehouse = held(
        backend, ("a", "polpc", 1990, 2), ("a", "crmrte", 1990, 3), ("b", "polpc", 1991, 4)
    )
    rows = area_panel(warehouse, "made", ["polpc", "crmrte"])
    assert rows[["area", "year", "polpc"]].values.tolist() == [["a", 1990, 2.0], ["b", 1991, 4.0]]
    assert rows["crmrte"].tolist()[0] == 3
    assert rows["crmrte"].isna().tolist() == [False, True]


def test_a_measure_that_is_not_there_is_named(backend):
    with pytest.raises(MetricError, match="made has no crmrte here"):
        panel_designs(held(backend, ("a", "polpc", 1990, 2)), QUESTION)


def test_an_area_measured_twice_in_a_year_is_counted(backend):
    twice = [("a", "polpc", 1990, 2), ("a", "polpc", 1990, 3), ("a", "crmrte", 1990, 3)]
    with pytest.raises(MetricError, match="one value a year: 1 are measured again"):
        panel_designs(held(backend, *twice), QUESTION)


def test_a_logarithm_of_nothing_is_refused_by_name_and_count(backend):
    rows = [
        (place, concept, year, value)
        for place in "abc"
        for year in range(1990, 1994)
        for concept, value in (("crmrte", 2), ("polpc", year % 2))
    ]
    with pytest.raises(MetricError, match=r"above 0: not so are polpc \(6 rows\)"):
        panel_designs(held(backend, *rows), QUESTION)


def test_without_instruments_there_are_three_designs(backend):
    rows = [
        (f"area {place}", concept, 1990 + year, 1 + (7 * place + 5 * year + 3 * salt) % 11)
        for place in range(9)
        for year in range(5)
        for salt, concept in enumerate(("crmrte", "polpc"))
    ]
    found = panel_designs(held(backend, *rows), QUESTION)
    assert list(found.fits) == ["between", "within", "changes"]
    assert "first_stage" not in found.outputs
    assert found.outputs["designs"].about == "records"
    assert set(found.outputs["numbers"].table["name"]) == {
        "between_polpc", "within_polpc", "changes_polpc",
    }  # fmt: skip
