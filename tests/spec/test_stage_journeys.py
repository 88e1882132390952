"""Passages of stages, who waits, and paths: tables in, tables out."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.journeys import path_variants, stage_queues, stage_waits
from justice_analysis.metrics.journeys.stage_dates import passages
from justice_analysis.metrics.journeys.stages import READY
from tests.spec import tables
from tests.spec.stages import divorces

DRAWN = """
case          | court | petition   | conditional | final      | closed     | status  | active     | person
ordinary      | north | 2012-01-10 | 2012-06-10  | 2012-08-10 | 2012-08-10 | closed  | 2012-08-10 | one
waiting       | north | 2015-12-01 | -           | -          | -          | open    | 2015-12-01 | two
withdrawn     | south | 2013-01-01 | -           | -          | 2013-02-01 | closed  | 2013-02-01 | three
silent        | south | 2013-01-01 | -           | -          | -          | stale   | 2013-01-21 | four
not recorded  | south | 2013-01-01 | -           | 2013-09-01 | -          | open    | 2013-09-01 | five
backwards     | south | 2013-05-01 | 2013-04-01  | -          | -          | open    | 2013-05-01 | six
too early     | north | 2010-12-31 | 2011-03-01  | -          | -          | open    | 2011-03-01 | seven
after the end | north | 2015-11-01 | 2016-01-01  | -          | -          | open    | 2016-01-01 | eight
same day      | north | 2014-01-01 | 2014-01-01  | 2014-03-01 | 2014-03-01 | closed  | 2014-03-01 | nine
nobody there  | north | 2014-01-01 | 2014-02-01  | -          | -          | open    | 2014-02-01 | nobody
"""


def test_each_stage_that_was_entered_is_one_passage_with_why_it_is_open(backend):
    rows, _ = passages(divorces(backend, DRAWN), READY["divorce"])
    columns = ["passage", "entered_date", "left_date", "duration_days", "why_open"]
    found = tables.drawn(rows, columns, "entered_date")
    expected = tables.read("""
passage                        | entered_date | left_date  | duration_days | why_open
conditional order to final order | 2011-03-01 | -          | 1767 | end of data
petition to conditional order  | 2012-01-10   | 2012-06-10 | 152  | left
conditional order to final order | 2012-06-10 | 2012-08-10 | 61   | left
petition to conditional order  | 2013-01-01   | -          | 20   | stale
petition to conditional order  | 2013-01-01   | -          | 31   | closed
conditional order to final order | 2013-04-01 | -          | 1005 | end of data
conditional order to final order | 2014-01-01 | 2014-03-01 | 59   | left
petition to conditional order  | 2014-01-01   | 2014-01-01 | 0    | left
petition to conditional order  | 2015-11-01   | -          | 61   | end of data
petition to conditional order  | 2015-12-01   | -          | 31   | end of data
""")
    order = lambda row: sorted(map(str, row.items()))  # noqa: E731
    assert sorted(found, key=order) == sorted(expected, key=order)


def test_what_is_set_aside_is_counted_once_and_by_its_reason(backend):
    _, flow = passages(divorces(backend, DRAWN), READY["divorce"])
    lost = dict(zip(flow.table()["step"], flow.table()["people_excluded"], strict=True))
    assert lost == {
        "Stages entered": 0,
        "Someone is recorded in the case": 2,
        "Entered while the court was covered": 2,  # before it, and on the day after it
        "Date of the next stage not missing before a later one": 1,
        "Next stage not before this one": 1,
    }


def test_the_exit_cohort_counts_by_the_later_date_and_the_entry_cohort_by_the_earlier(backend):
    found = stage_waits(divorces(backend, DRAWN), by="year")
    ended = found.outputs["ended"].table.set_index(["stage", "ended"])["median"]
    stage = "petition to conditional order"
    assert ended[stage].to_dict() == {"all": 76, "in 2012": 152, "in 2014": 0}
    entered = found.outputs["entered"].table.set_index(["stage", "entered"])["median"]
    # Half had left by 152 days of the six: two are censored before, two more never leave.
    assert entered[stage].to_dict() == {"all": 152, "in 2012": 152, "in 2014": 0}


def test_who_waits_at_the_end_of_a_month_is_told_from_who_only_looks_so(backend):
    found = stage_queues(divorces(backend, DRAWN))
    table = found.outputs["waiting"].table
    first = table[table["stage"] == "petition to conditional order"].set_index("month")["cases"]
    said = {month: int(first[month]) for month in
            ("2011-12", "2012-01", "2012-05", "2012-06", "2013-01", "2013-02", "2015-11",
             "2015-12")}  # fmt: skip
    assert said == {
        "2011-12": 0, "2012-01": 1, "2012-05": 1, "2012-06": 0, "2013-01": 1, "2013-02": 0,
        "2015-11": 1, "2015-12": 2,
    }  # fmt: skip
    states = found.outputs["states"].table
    stale = states[(states["state"] == "stale") & (states["month"] == "2013-03")]
    assert stale["cases"].tolist() == [1]


def test_a_court_whose_new_cases_went_elsewhere_is_told_apart(backend):
    left = (("north", "2011-01-01", "2016-01-01"), ("south", "2011-01-01", "2012-03-15"))
    drawing = """
case | court | petition   | conditional
a    | south | 2012-01-10 | 2012-06-10
b    | north | 2012-01-10 | 2012-06-10
"""
    table = stage_queues(divorces(backend, drawing, covered=left)).outputs["states"].table
    held = table[table["stage"] == "petition to conditional order"]
    assert held[["month", "state", "cases"]].values.tolist() == [
        ["2012-03", "waiting", 1], ["2012-03", "migrated", 1],
    ]  # fmt: skip


def test_paths_are_orders_of_first_dates_and_rare_ones_are_together(backend):
    drawn = divorces(backend, DRAWN)
    found = path_variants(drawn, least_people=2)
    shown = dict(zip(found.table["path"], found.table["cases"], strict=True))
    assert shown == {
        "all": 9, "petition": 4, "other paths": 5,
    }  # fmt: skip
    every = path_variants(drawn, least_people=1).table["path"]
    assert {"petition and conditional order, then final order",
            "conditional order, then petition"} <= set(every)  # fmt: skip


@pytest.mark.parametrize("metric", [stage_waits, stage_queues, path_variants])
def test_one_person_in_two_cases_is_counted_once_as_a_person(backend, metric):
    drawing = """
case | court | petition   | conditional | final      | person
a    | north | 2012-01-10 | 2012-06-10  | 2012-07-10 | one
b    | north | 2012-01-12 | 2012-06-12  | 2012-07-12 | one
"""
    table = metric(divorces(backend, drawing)).table
    busy = table[table["cases"] == 2]
    assert len(busy)
    assert set(busy["people"]) == {1}
