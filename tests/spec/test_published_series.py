"""Stocks, flows and growth of published series, drawn."""

from __future__ import annotations

import datetime as dt

import pytest

from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.journeys import published_flows, published_growth
from tests.spec.tables import read, warehouse

SERIES = """
quarter | open | started | ended | convicted | remand | other | prison | wait
2019 Q1 | 100  | 50      | 45    | 30        | 10     | 90    | 100    | 7.5
2019 Q2 | 110  | 60      | 50    | 40        | 12     | 89    | 101    | 8
2019 Q3 | 120  | 60      | 49    | 60        | 13     | 88    | 101    | 8
2019 Q4 | 120  | 40      | 40    | 40        | 14     | 87    | 101    | 8
2020 Q1 | 150  | 50      | 20    | 10        | 16     | 88    | 104    | 8
"""
CHOSEN = {"source": "made", "base": "2019 Q1"}
FLOWS = {**CHOSEN, "stock": "open", "arrivals": ["started"]}
PARTS = {**CHOSEN, "series": ["remand", "other"], "whole": "prison"}


def held(backend, text=SERIES, place="here"):
    """A warehouse of one place and its series; a quarter drawn twice stands twice."""
    rows = []
    for line in read(text):
        year, quarter = line.pop("quarter").split(" Q")
        first = dt.date(int(year), 3 * int(quarter) - 2, 1)
        rows += [
            {
                "area_measure_id": len(rows) + number, "place_id": place, "concept": name,
                "from_date": first, "to_date": first + dt.timedelta(days=90),
                "value_number": float(value), "source": "made", "source_table": "made",
                "unit": "not stated" if name == "wait" else "cases", "source_key": str(number),
            }
            for number, (name, value) in enumerate(line.items())
            if value is not None
        ]  # fmt: skip
    named = {"place_id": place, "kind": "country", "name": "Nowhere", "source": "made",
             "source_table": "made", "source_key": "1"}  # fmt: skip
    return warehouse(backend, {"area_measure": rows, "place": [named]})


def drawn(output, *columns):
    return [list(row) for row in output.table[list(columns)].itertuples(index=False)]


def test_what_went_out_is_what_came_in_less_the_change_of_the_stock(backend):
    found = published_flows(held(backend), **FLOWS)
    columns = ["quarter", "open_at_start", "arrived", "departed", "open_at_end"]
    assert drawn(found.outputs["account"], *columns) == [
        ["2019 Q2", 100, 60, 50, 110],
        ["2019 Q3", 110, 60, 50, 120],
        ["2019 Q4", 120, 40, 40, 120],
        ["2020 Q1", 120, 50, 20, 150],
    ]
    assert "worked out" in found.outputs["account"].notes[0]


def test_departures_that_are_published_leave_what_is_unaccounted_for(backend):
    account = published_flows(held(backend), **FLOWS, departures=["ended"]).outputs["account"]
    assert drawn(account, "departed", "unaccounted") == [[50, 0], [49, -1], [40, 0], [20, 0]]


def test_months_to_clear_are_the_stock_over_what_goes_out_in_a_month(backend):
    pace = published_flows(held(backend), **FLOWS).outputs["pace"]
    (only,) = drawn(pace, "quarter", "months_at_last_quarter", "months_at_last_year",
                    "months_at_arrivals")  # fmt: skip
    # 150 open: 20 a quarter; 160 a year; 210 came in that year
    assert only[0] == "2020 Q1"
    assert only[1:] == [22.5, 11.2, 8.6]


def test_quarters_in_which_fewer_left_than_are_known_to_have_ended_are_counted(backend):
    found = published_flows(held(backend), **FLOWS, known_endings=["convicted"])
    said = found.outputs["numbers"].table.set_index("name")["estimate"]
    assert said["quarters_with_fewer_than_known"] == 1
    assert (said["quarters"], said["quarters_with_more_arrivals"]) == (4, 3)
    assert (said["arrived_since_base"], said["departed_since_base"]) == (210, 160)
    assert said["departed_per_arrival_since_base"] == pytest.approx(160 / 210)


def test_growth_is_counted_from_the_base_and_parts_share_that_of_the_whole(backend):
    growth = published_growth(held(backend), **PARTS).outputs["growth"]
    shown = drawn(growth, "series", "at_base", "at_last", "change", "growth", "share_of_growth")
    assert shown == [
        ["remand", 10, 16, 6, 0.6, 1.5],
        ["other", 90, 88, -2, pytest.approx(-2 / 90), -0.5],
        ["prison", 100, 104, 4, 0.04, 1],
    ]


def test_parts_that_do_not_add_up_to_the_whole_say_by_how_much(backend):
    short = SERIES.replace("88    | 101", "85    | 101")
    for text, gap in ((SERIES, 0), (short, 3)):
        numbers = published_growth(held(backend, text), **PARTS).outputs["numbers"].table
        assert numbers.set_index("name").loc["largest_gap", "estimate"] == gap


def test_an_index_is_100_in_the_base_quarter_and_odd_numbers_are_shown_whole(backend):
    found = published_growth(held(backend), **CHOSEN, series=["wait"]).outputs["over_time"]
    first = drawn(found, "quarter", "number", "index")[:2]
    assert first == [["2019 Q1", 8, 100], ["2019 Q2", 8, 106.7]]
    assert "1 numbers are not whole" in " ".join(found.notes)
    assert found.unit == "a unit that is not stated"


def test_series_of_one_unit_are_shown_side_by_side_and_others_are_not(backend):
    parts = published_growth(held(backend), **PARTS).outputs
    assert drawn(parts["levels"], "series", "quarter", "number")[:1] == [["prison", "2019 Q1", 100]]
    assert "Unit: cases." in parts["growth"].notes
    both = published_growth(held(backend), **CHOSEN, series=["open", "wait"]).outputs
    assert "levels" not in both
    assert drawn(both["growth"], "unit") == [["cases"], ["not stated"]]


def test_totals_have_no_interval_and_say_why(backend):
    found = published_growth(held(backend), **PARTS)
    assert "since" not in found.outputs  # too few quarters to tell since when
    for output in (
        *found.outputs.values(),
        *published_flows(held(backend), **FLOWS).outputs.values(),
    ):
        assert output.about == "totals"
        assert output.roles.lower or "without an interval" in " ".join(output.notes)


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (("2019 Q3", "2021 Q3"), FLOWS, "every quarter from first to last: 12 lack"),
        (("2019 Q3", "2019 Q2"), FLOWS, "one number a series: 2 stand twice"),
        (("| 60      | 49", "| -       | 49"), FLOWS, "every quarter from first to last: 1 lack"),
        (("2020 Q1 | 150", "2020 Q1 | 171"), FLOWS, "in 1 of 4 quarters it would"),
        (("", ""), {**FLOWS, "stock": "gone"}, "made has no series gone here"),
        (("", ""), {**FLOWS, "base": "2018 Q4"}, "base must be a quarter of the series"),
        (("", ""), {**FLOWS, "source": "other"}, "other has no series open, started"),
    ],
)  # fmt: skip
def test_series_that_cannot_be_accounted_for_are_refused(backend, change, options, message):
    text = SERIES.replace(*change, 1) if change[0] else SERIES
    with pytest.raises(MetricError, match=message):
        published_flows(held(backend, text), **options)


@pytest.mark.parametrize(
    ("metric", "options", "message"),
    [
        (published_flows, {**FLOWS, "arrivals": []}, "at least one"),
        (published_flows, {**FLOWS, "arrivals": ["open"]}, "none of the flows"),
        (published_growth, {**CHOSEN, "series": []}, "at least one"),
        (published_growth, {**PARTS, "whole": "remand"}, "none of the series"),
    ],
)
def test_options_that_contradict_each_other_are_refused(backend, metric, options, message):
    with pytest.raises(OptionError, match=message):
        metric(held(backend), **options)


def test_few_quarters_make_no_account(backend):
    text = "\n".join(SERIES.splitlines()[:5])
    with pytest.raises(MetricError, match="need 5 quarters: there are 3"):
        published_flows(held(backend, text), **FLOWS)
