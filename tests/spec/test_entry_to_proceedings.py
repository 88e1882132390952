"""Entry to care proceedings: ages at the first, drawn."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.entry_to_proceedings import entry_to_proceedings
from tests.spec import tables
from tests.spec.children import children_warehouse, rows_of

APPLICATIONS = """
case | set | child | applied_for       | received   | born       | source
A    | A   | 1     | care_order        | 2016-02-09 | 2016-02-03 | cafcass_england
A    | A   | 2     | care_order        | 2016-02-09 | 2009-02-03 | cafcass_england
B    | B   | 1     | supervision_order | 2017-05-10 | 2016-02-03 | cafcass_england
C    | C   | 3     | supervision_order | 2016-05-10 | 2016-02-03 | cafcass_england
D    | D   | 4     | care_order        | 2016-05-10 | 2016-05-11 | cafcass_england
E    | E   | 5     | care_order        | 2016-05-10 | 2016-05    | cafcass_england
G    | G   | 6     | care_order        | 2016-05-10 | -          | cafcass_england
H    | H   | 7     | placement_order   | 2016-05-10 | 2015-05-01 | cafcass_england
"""


@pytest.fixture
def drawn(backend):
    return children_warehouse(backend, APPLICATIONS)


def test_each_child_counts_once_by_age_at_its_first_application(drawn):
    found = entry_to_proceedings(drawn).table
    assert rows_of(found, ["financial_year", "age_band", "children", "children_of_group"]) == (
        tables.read("""
    financial_year | age_band            | children | children_of_group
    all            | all                 | 6        | 6
    all            | 0 to 27 days        | 2        | 6
    all            | 28 days to 51 weeks | 1        | 6
    all            | 5 to 9 years        | 1        | 6
    all            | unborn              | 1        | 6
    all            | not known           | 1        | 6
    2015/16        | all                 | 2        | 2
    2015/16        | 0 to 27 days        | 1        | 2
    2015/16        | 5 to 9 years        | 1        | 2
    2016/17        | all                 | 4        | 4
    2016/17        | 0 to 27 days        | 1        | 4
    2016/17        | 28 days to 51 weeks | 1        | 4
    2016/17        | unborn              | 1        | 4
    2016/17        | not known           | 1        | 4
    """)
    )


def test_newborns_are_shares_of_infants_whose_age_in_days_can_be_told(drawn):
    found = entry_to_proceedings(drawn, period=None).outputs["newborns"].table
    assert rows_of(found, ["infants", "is_newborn"]) == [{"infants": "2", "is_newborn": "1"}]
