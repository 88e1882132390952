"""Newborns per 10,000 live births: who is one, and over which births."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.newborn_rate import newborn_rate
from tests.spec import tables
from tests.spec.children import children_warehouse, left, rows_of

# 2016-02-01 is a Monday: its Thursday is the 4th, its Sunday the 7th.
APPLICATIONS = """
case | set | child | applied_for | received   | born       | week  | area     | source
A    | A   | 1     | care_order  | 2016-02-09 | 2016-02-03 | false | area:001 | cafcass_england
F    | A   | 1     | care_order  | 2016-02-03 | 2016-02-03 | false | -        | family_court
B    | B   | 2     | care_order  | 2016-02-10 | 2016-02-03 | false | area:001 | cafcass_england
C    | C   | 3     | care_order  | 2016-02-10 | 2016-02-01 | true  | area:001 | cafcass_england
D    | D   | 4     | care_order  | 2016-02-12 | 2016-02-01 | true  | area:001 | cafcass_england
E    | E   | 5     | care_order  | 2016-02-03 | 2016-02-01 | true  | area:002 | cafcass_england
G    | G   | 6     | care_order  | 2016-02-03 | 2016-02-04 | false | area:001 | cafcass_england
H    | H   | 7     | care_order  | 2016-02-20 | 2016-02    | -     | area:001 | cafcass_england
I    | I   | 8     | care_order  | 2016-02-13 | 2016-01    | -     | area:001 | cafcass_england
J    | J   | 9     | care_order  | 2016-02-12 | 2016-01    | -     | area:001 | cafcass_england
K    | K   | 10    | care_order  | 2016-02-12 | -          | -     | area:001 | cafcass_england
L    | L   | 11    | care_order  | 2017-02-03 | 2017-02-03 | false | area:003 | cafcass_england
M    | M   | 12    | care_order  | 2019-02-03 | 2019-02-03 | false | area:001 | cafcass_england
N    | N   | 13    | discharge_of_care_order | 2016-02-03 | 2016-02-03 | false | area:001 | cafcass_england
O    | O   | 1     | care_order  | 2017-02-03 | 2016-02-03 | false | area:001 | cafcass_england
"""
BIRTHS = """place,period,live_births,source,version
area:001,2016,1000,drawn by hand,first
area:002,2016,500,drawn by hand,first
area:001,2017,1000,drawn by hand,first
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS)


@pytest.fixture
def births(tmp_path):
    path = tmp_path / "births.csv"
    path.write_text(BIRTHS, "utf-8")
    return str(path)


def test_a_newborn_is_under_seven_days_old_and_counts_over_births_of_its_area(drawn, births):
    result = newborn_rate(drawn, births=births, by="area")
    assert rows_of(result.table, ["period", "area", "newborns", "live_births", "rate"]) == (
        tables.read("""
    period  | area     | newborns | live_births | rate
    all     | all      | 3        | 2500        | 12
    all     | area:001 | 2        | 2000        | 10
    all     | area:002 | 1        | 500         | 20
    in 2016 | all      | 3        | 1500        | 20
    in 2016 | area:001 | 2        | 1000        | 20
    in 2016 | area:002 | 1        | 500         | 20
    in 2017 | all      | 0        | 1000        | 0
    in 2017 | area:001 | 0        | 1000        | 0
    """)
    )
    assert left(result.attrition) == {
        "birth recorded": 1,
        "age in days can be told, or counted all the same": 2,
        "born by the day of the application": 1,
        "under 7 days old": 3,
        "in a period of which births are known": 1,
        "in an area of which births are known": 1,
    }


@pytest.mark.parametrize(
    ("options", "newborns"),
    [
        ({"birth_day": "first"}, 2),  # from Monday both weeks' children but one are too old
        ({"birth_day": "last"}, 4),
        ({"within_days": 14}, 5),
        ({"undecided": "count"}, 5),
    ],
)
def test_the_days_of_a_week_and_what_cannot_be_told_are_options(drawn, births, options, newborns):
    assert newborn_rate(drawn, births=births, **options).table["newborns"].iloc[0] == newborns
