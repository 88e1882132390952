"""Recurrence as a whole: groups, areas, empty and impossible requests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from justice_analysis import engine
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import recurrence
from justice_analysis.metrics.family.recurrence import time_to_return
from justice_analysis.metrics.family.recurrence_definition import RecurrenceOptions, wider
from tests.spec import tables
from tests.spec.family import care_warehouse

ONE_CASE = """
case | set | issued     | order      | mother | role       | child | born
A    | A   | 2012-06-01 | 2012-12-03 | 1      | respondent | 11    | 2006-01-02
"""


def test_four_mothers_of_whom_one_returns_within_five_years(families):
    result = recurrence(families)
    assert result.people == 4
    assert result.at(1826)[["people", "returned"]].tolist() == [4, 1]
    # Mother 4 is followed for 1,400 days only, so three are at risk after that.
    assert result.at(1826)["estimate"] == pytest.approx(1 / 4)
    assert result.at(3652)["estimate"] == pytest.approx(1 - 3 / 4 * 1 / 2)


def test_a_warehouse_without_care_proceedings_is_refused_in_one_sentence(backend):
    with pytest.raises(MetricError) as caught:
        recurrence(tables.warehouse(backend, {}))
    assert str(caught.value) == (
        "the warehouse must hold care proceedings: it has none. Load a family dataset."
    )


def test_when_nobody_is_left_to_follow_a_sentence_says_so(families):
    with pytest.raises(MetricError, match="at least one person to follow: no one is left"):
        recurrence(families, parent="father")


def test_a_source_without_a_place_in_the_precedence_is_refused(backend):
    other = ONE_CASE.replace("born", "born | source").replace("-02\n", "-02 | elsewhere\n")
    with pytest.raises(MetricError, match="elsewhere has none"):
        recurrence(care_warehouse(backend, other))


@pytest.mark.parametrize("text", ["2012", "01/06/2012", "2012-02-30"])
def test_a_day_that_is_not_written_as_a_date_is_refused(families, text):
    with pytest.raises(OptionError, match="a date must be written YYYY-MM-DD"):
        recurrence(families, index_from=text)


@pytest.mark.parametrize("death", ["competing", "censor"])
def test_death_is_refused_where_no_death_is_recorded(families, death):
    with pytest.raises(OptionError, match="no person in this warehouse has a death date"):
        recurrence(families, death=death)


def test_groups_come_in_their_own_order_and_not_known_last(families):
    table = recurrence(families, by="age_band", lookback_years=0).table
    assert list(dict.fromkeys(table["group"])) == [
        "under 20",
        "20 to 24",
        "30 and over",
        "not known",
    ]


def test_only_first_sets_in_the_area_asked_for_are_counted(families):
    result = recurrence(families, area="area:001")
    assert result.people == 2
    assert "in the area asked for" in result.attrition.table()["step"].tolist()


def test_a_region_holds_its_areas_and_an_area_without_one_is_not_known(backend, families):
    places = tables.warehouse(
        backend,
        {
            "place": [
                {"place_id": "area:001", "kind": "area", "parent_id": "region:1"},
                {"place_id": "region:1", "kind": "region", "name": "region 1"},
            ]
        },
    )
    placed = SimpleNamespace(**{**vars(families), "place": places.place})
    assert recurrence(placed, area="region:1").people == 2
    by_region = recurrence(placed, by="region").table
    assert by_region["group"].drop_duplicates().tolist() == ["region 1", "not known"]
    assert by_region.groupby("group")["people"].first().to_dict() == {"region 1": 2, "not known": 2}


def test_a_first_set_without_a_final_order_has_no_clock_that_starts_at_one(families):
    result = recurrence(families, clock="final_order")
    step = result.attrition.table().set_index("step")["people_excluded"]
    assert step["final order of the first set recorded"] == 1


def test_a_closure_is_not_taken_for_a_final_order(backend):
    warehouse = care_warehouse(backend, ONE_CASE)
    warehouse.decision = warehouse.decision.filter(False)
    closed = engine.execute(warehouse.case.closed_date.notnull().all())
    frame, flow = time_to_return(warehouse, RecurrenceOptions(clock="final_order"))
    assert closed
    assert (flow.people_at_start, engine.count_rows(frame)) == (1, 0)


def test_a_child_recorded_in_a_second_role_is_still_a_subject_child(backend):
    warehouse = care_warehouse(backend, ONE_CASE)
    party = warehouse.party
    warehouse.party = party.mutate(role=(party.role == "subject").ifelse("unclear", party.role))
    assert recurrence(warehouse).people == 1


def test_the_set_that_took_a_later_born_child_in_stays_where_no_other_child_is_known(backend):
    drawing = ONE_CASE.replace("2006-01-02", "2013-06-03")
    frame, _ = time_to_return(
        care_warehouse(backend, drawing), RecurrenceOptions(split_later_born=True)
    )
    assert tables.drawn(frame, ["index_issue", "return_issue"], "index_issue") == [
        {"index_issue": "2012-06-01", "return_issue": "2013-06-03"}
    ]


def test_everyone_censored_gives_a_share_of_nothing_at_every_horizon(backend):
    table = recurrence(care_warehouse(backend, ONE_CASE)).table
    assert table["horizon_days"].tolist() == [365, 1095, 1826, 2556, 3652]
    assert table["cause"].unique().tolist() == ["event"]
    assert table[["returned", "estimate", "lower"]].eq(0).all(axis=None)
    assert table["upper"].between(0, 1).all()


def test_horizons_beyond_the_longest_follow_up_are_not_reported(families):
    assert recurrence(families, followup_days=1826).table["horizon_days"].max() == 1826
    assert recurrence(families, followup_days=1825).table["horizon_days"].max() == 1095


RULES = [
    {"area": "area:001"},
    {"endpoint": "new_infant", "risk_start_days": 259},
    {"lookback_years": 3, "index_from": "2009-01-01"},
]


@pytest.mark.parametrize("rules", RULES)
def test_wider_populations_hold_everyone_that_these_rules_count(families, rules):
    options = RecurrenceOptions(**rules)
    counted = people_of(families, options)
    others = wider(options)
    assert others
    assert options not in others
    for other in others:
        assert counted <= people_of(families, other), other


def people_of(warehouse, options):
    frame, _ = time_to_return(warehouse, options)
    return {row["person_id"] for row in tables.drawn(frame, ["person_id"], "person_id")}


def test_a_result_names_the_populations_that_hold_it_and_its_family(families):
    everyone = recurrence(families, lookback_years=0)
    area = recurrence(families, lookback_years=0, area="area:001", endpoint="infant")
    assert everyone.within == ()
    assert everyone.population_hash in area.within
    assert area.population_hash not in area.within
    assert area.estimates("Returns").within == area.within
    assert area.estimates("Returns").family == "recurrence of mothers"


def test_regions_are_named_as_places(families):
    by_region = recurrence(families, by="region")
    assert by_region.places == {"group": "region"}
    assert by_region.estimates("Returns").places == {}  # one group alone is no dimension
    assert recurrence(families, by="age_band").estimates("Returns").places == {}
