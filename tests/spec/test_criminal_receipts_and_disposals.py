"""Receipts and disposals, drawn: by defendant and by case."""

from __future__ import annotations

from justice_analysis.metrics.criminal import criminal_receipts_and_disposals
from tests.spec.criminal_courts import court_warehouse

COVERAGE = """
source                | place | from       | to         | reason
magistrates_defendant | m:1   | 2018-01-01 | 2024-04-01 | the extract
magistrates_defendant | m:2   | 2018-01-01 | 2020-05-01 | migrated to Common Platform
"""
CASES = """
row | case | type        | person | court | received   | ended      | sent       | code  | plea
a1  | A    | magistrates | 1      | m:1   | 2020-02-01 | 2020-03-01 | -          | theft | guilty
a2  | A    | magistrates | 2      | m:1   | 2020-02-01 | 2020-06-01 | -          | theft | guilty
b   | B    | magistrates | 1      | m:1   | 2020-04-01 | -          | -          | theft | -
c   | C    | magistrates | 3      | m:1   | 2020-04-01 | 2020-04-09 | 2020-04-09 | theft | -
old | D    | magistrates | 4      | m:1   | 2017-12-31 | 2018-02-01 | -          | theft | guilty
gon | E    | magistrates | 5      | m:2   | 2020-04-30 | 2020-05-01 | -          | theft | guilty
new | F    | magistrates | 6      | m:2   | 2020-05-01 | 2020-05-09 | -          | theft | guilty
"""


def counted(backend, name, **options):
    drawn = court_warehouse(backend, CASES, coverage=COVERAGE)
    found = criminal_receipts_and_disposals(drawn, court="magistrates", **options)
    table = found.outputs[name].table
    inner = table[table["quarter"] != "all"]
    return inner[["quarter", "defendants", "people", "cases"]].values.tolist()


def test_defendants_are_received_and_disposed_of_one_by_one(backend):
    assert counted(backend, "receipts") == [["2020 Q1", 2, 2, 1], ["2020 Q2", 3, 3, 3]]
    assert counted(backend, "disposals") == [
        ["2018 Q1", 1, 1, 1],
        ["2020 Q1", 1, 1, 1],
        ["2020 Q2", 2, 2, 2],
    ]


def test_a_case_leaves_with_the_last_of_its_defendants(backend):
    assert counted(backend, "disposals", unit="case")[-1] == ["2020 Q2", 3, 3, 2]


def test_disposals_in_courts_that_moved_count_if_asked_for(backend):
    found = counted(backend, "disposals", after_migration="count")
    assert found[-1] == ["2020 Q2", 4, 4, 4]
