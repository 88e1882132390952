"""Places are named only at a level that may be, and a map is a table of them."""

from __future__ import annotations

import dataclasses

import pytest

from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.judge import judge
from tests.unit.disclosure.examples import as_candidate, frequencies, shares
from tests.unit.disclosure.kinds.model_examples import rates

COUNTS = {"all": 603, "North": 300, "South": 300, "West": 3}


def counts(values=None, *, level="region", **changes):
    output = frequencies(values or COUNTS)
    table = output.table.rename(columns={"age": "area"})
    described = {"kind": "map", "dimensions": ("area",), "places": {"area": level}}
    return dataclasses.replace(output, table=table, **{**described, **changes})


def decided(output, profile):
    return judge([as_candidate(output)], profile)[0]


def why(judged):
    return " ".join(judged.verdict.reasons)


def test_a_hidden_area_stays_on_the_map_and_says_so(srs):
    judged = decided(counts(), srs)
    assert judged.verdict.status == "pass", why(judged)
    table = judged.protected.table.set_index("area")
    assert table.loc["West", "shown"] == "suppressed"
    assert "not nothing" in " ".join(judged.protected.controls)


@pytest.mark.parametrize("kind", ["map", "table"])
@pytest.mark.parametrize("level", ["court", "prison", "postcode"])
def test_a_level_that_may_not_be_named_fails_by_its_name(srs, kind, level):
    judged = decided(counts(level=level, kind=kind), srs)
    assert judged.verdict.status == "fail"
    assert level in why(judged)
    assert "West" not in why(judged)


@pytest.mark.parametrize("name", ["court", "Prison", "area", "police_force"])
def test_a_dimension_of_places_must_say_its_level(srs, name):
    output = frequencies(COUNTS)
    table = output.table.rename(columns={"age": name})
    judged = decided(dataclasses.replace(output, table=table, dimensions=(name,)), srs)
    assert judged.verdict.status == "fail"
    assert name in why(judged)


def test_a_dimension_named_after_a_level_that_may_be_named_needs_no_more(srs):
    output = frequencies({"North": 300, "South": 300})
    table = output.table.rename(columns={"age": "region"})
    judged = decided(dataclasses.replace(output, table=table, dimensions=("region",)), srs)
    assert judged.verdict.status == "pass", why(judged)


def test_groups_made_by_a_place_must_say_their_level(srs):
    judged = decided(frequencies({"a": 20, "b": 30}, options={"by": ["sex", "court"]}), srs)
    assert judged.verdict.status == "fail"
    judged = decided(frequencies({"a": 20, "b": 30}, options={"by": "region"}), srs)
    assert judged.verdict.status == "pass", why(judged)


def test_an_area_has_one_name(srs):
    judged = decided(counts({"North": 300, "north ": 200}), srs)
    assert judged.verdict.status == "fail"
    assert "one name" in why(judged)


def test_a_map_needs_its_level(srs):
    judged = decided(counts(places={}), srs)
    assert judged.verdict.status == "fail"
    assert "dimension of places" in why(judged)


def test_a_map_of_rates_is_judged_as_rates(srs):
    rows = [("North", 120, 40_000), ("South", 127, 49_500), ("West", 3, 500)]
    output = rates(rows, kind="map", places={"area": "region"})
    judged = decided(output, srs)
    assert judged.verdict.status == "pass", why(judged)
    table = judged.protected.table.set_index("area")
    assert table.loc["West", ["cases", "rate"]].isna().all()
    assert table.loc["South", "rate"] == 125 / 49_500 * 1000
    wrong = dataclasses.replace(output, table=output.table.assign(rate=1.0))
    assert decided(wrong, srs).verdict.status == "fail"


def test_a_map_of_shares_is_judged_as_estimates(srs):
    output = shares([("North", "x", 400, 120), ("South", "x", 300, 4)])
    output = dataclasses.replace(output, kind="map", places={"group": "region"})
    judged = decided(output, srs)
    assert list(judged.protected.table["shown"]) == ["yes", "suppressed"]


def test_an_area_inside_another_is_a_part_of_it(srs):
    values = {"all": 899, "North": 499, "Leeds": 298, "York": 198, "Hull": 3, "South": 400}
    inside = {"area": dict.fromkeys(("Leeds", "York", "Hull"), "North")}
    judged = decided(counts(values, level="local_authority", hierarchy=inside), srs)
    assert judged.verdict.status == "pass", why(judged)
    table = judged.protected.table.set_index("area")
    hidden = set(table.index[table["shown"] == "suppressed"])
    assert "Hull" in hidden
    assert len(hidden) > 1


@pytest.mark.parametrize(
    ("nested", "said"),
    [
        ({"North": "South", "South": "North"}, "itself"),
        ({"Bath": "West"}, "not on it"),
        ({"West": "all"}, "no area"),
    ],
)
def test_a_hierarchy_that_cannot_be_fails(srs, nested, said):
    judged = decided(counts(hierarchy={"area": nested}), srs)
    assert judged.verdict.status == "fail"
    assert said in why(judged)


def test_places_of_a_profile_without_any_are_refused(srs):
    profile = dataclasses.replace(srs, named_places=())
    judged = decided(counts(roles=ColumnRoles(people="people")), profile)
    assert judged.verdict.status == "fail"
    assert "none" in why(judged)
