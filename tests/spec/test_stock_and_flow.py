"""Stock and flow and the age of what is open, drawn."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.criminal import open_caseload, stock_and_flow
from tests.spec.criminal_courts import court_warehouse

SOURCE = "magistrates_defendant"
COVERAGE = """
source                | place | from       | to         | reason
magistrates_defendant | m:1   | 2019-12-31 | 2020-10-01 | the extract
magistrates_defendant | m:2   | 2019-12-31 | 2020-08-01 | migrated to Common Platform
"""
CASES = """
row | case | type        | person | court | received   | ended      | status
a   | A    | magistrates | 1      | m:1   | 2019-12-31 | 2020-05-01 | closed
b   | B    | magistrates | 2      | m:1   | 2020-04-01 | -          | open
c   | C    | magistrates | 3      | m:1   | 2020-04-01 | 2020-04-01 | closed
s   | S    | magistrates | 4      | m:1   | 2020-04-05 | -          | stale
u   | U    | magistrates | 5      | m:1   | 2020-04-05 | -          | unknown
m   | M    | magistrates | 6      | m:2   | 2020-02-01 | -          | migrated
l   | L    | magistrates | 7      | m:2   | 2020-02-01 | 2020-09-01 | closed
n   | N    | magistrates | 8      | m:2   | 2020-08-02 | 2020-09-01 | closed
odd | O    | magistrates | 9      | m:1   | 2020-07-01 | 2020-05-01 | closed
non | P    | magistrates | 9      | m:1   | -          | 2020-05-01 | closed
"""
TERMS = ["open_at_start", "received", "disposed", "set_aside", "migrated", "open_at_end"]


@pytest.fixture
def drawn(backend):
    return court_warehouse(backend, CASES, coverage=COVERAGE)


def test_every_term_counts_its_cases_and_no_other(drawn):
    table = stock_and_flow(drawn, source=SOURCE).table
    assert table[["period", *TERMS]].values.tolist() == [
        ["2020 Q1", 1, 2, 0, 0, 0, 3],
        # b, c, s, u came; a, c and the two out of order ended; s and u were set aside
        ["2020 Q2", 3, 4, 4, 2, 0, 3],
        # the case closed before its receipt came; m and l migrated; n came too late
        ["2020 Q3", 3, 1, 0, 0, 2, 1],
    ]


def test_the_residual_is_what_ended_before_it_came_or_never_came(drawn):
    found = stock_and_flow(drawn, source=SOURCE).outputs["residual"].table
    names = ["disposed_out_of_order", "received_out_of_order", "residual_above", "residual_below"]
    assert found[names].values.tolist() == [[0, 0, 0, 0], [2, 0, 2, 0], [0, 1, 0, 1]]


def test_what_no_dataset_records_is_said_not_to_be_recorded_and_is_no_count(drawn):
    output = stock_and_flow(drawn, source=SOURCE).outputs["stock_and_flow"]
    for name in ("transferred_in", "transferred_out", "revised", "reopened"):
        assert set(output.table[name]) == {"not recorded"}
        assert name not in output.roles.counts


def test_open_cases_are_told_by_age_apart_from_those_that_only_look_so(drawn):
    found = open_caseload(drawn, source=SOURCE)
    last = found.outputs["by_state"].table.query("period == '2020 Q3'")
    assert last[["state", "cases"]].values.tolist() == [
        ["all", 4],
        ["open", 1],
        ["migrated", 1],
        ["stale", 1],
        ["unknown", 1],
    ]
    ages = found.table[found.table["age"] != "all"]
    assert ages[["period", "age", "people", "cases"]].values.tolist() == [
        ["2019 Q4", "under 3 months", 1, 1],
        ["2020 Q1", "under 3 months", 2, 2],
        ["2020 Q1", "3 to under 6 months", 1, 1],
        ["2020 Q2", "under 3 months", 1, 1],
        ["2020 Q2", "3 to under 6 months", 2, 2],
        ["2020 Q3", "3 to under 6 months", 1, 1],
    ]
