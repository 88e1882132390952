"""Public-law metrics beside the truth of a small synthetic world, with its mess."""

from __future__ import annotations

import duckdb
import pytest

from justice_analysis import warehouse
from justice_analysis.metrics.family.care_timeliness import care_timeliness
from justice_analysis.metrics.family.newborn_rate import newborn_rate
from justice_analysis.metrics.family.recurrence_profiles import recurrence_profiles

CARE = """
SELECT count(*), avg(days) / 7, stddev(days) / 7, avg((days <= 182)::int) FROM (
  SELECT final_order_date - issue_date AS days
  FROM '{0}/set_of_proceedings.parquet' JOIN '{0}/child_in_set.parquet' USING (proceedings_id)
  WHERE final_order_date >= DATE '2012-01-01' AND final_order_date < DATE '2024-03-31')
"""
NEWBORNS = """
SELECT count(*) FROM (
  SELECT child_id, arg_min(c.received_date, s.issue_date) - min(birth_date) AS days
  FROM '{0}/set_of_proceedings.parquet' s
  JOIN '{0}/child_in_set.parquet' USING (proceedings_id)
  JOIN '{0}/court_case.parquet' c USING (proceedings_id)
  WHERE c.kind = 'care' AND s.issue_date >= DATE '2008-01-01' AND s.issue_date < DATE '2024-01-01'
  GROUP BY child_id) WHERE days BETWEEN 0 AND 13
"""
SAME_FATHER = """
SELECT count(*), avg(coalesce(a.father_id = b.father_id, false)::int)
FROM '{0}/set_of_proceedings.parquet' a JOIN '{0}/set_of_proceedings.parquet' b
  ON a.mother_id = b.mother_id AND a.set_number = 1 AND b.set_number = 2
WHERE a.issue_date >= DATE '2008-04-01' AND a.issue_date + 1826 < DATE '2024-03-31'
  AND b.issue_date - a.issue_date <= 1826
"""


@pytest.fixture(scope="module")
def opened(small_warehouse):
    return warehouse.open(small_warehouse)


def truth(small_world, query: str):
    return duckdb.sql(query.format(small_world / "truth")).fetchone()


def test_care_timeliness_is_that_of_the_true_sets(opened, small_world):
    children, weeks, spread, share = truth(small_world, CARE)
    result = care_timeliness(opened, period=None, first_day="2012-01-01", last_day="2024-03-31")
    row, within = result.table.iloc[0], result.outputs["within"].table.iloc[0]
    # Brothers and sisters end together, so the error is that of families: half as many.
    error = spread / (children / 2) ** 0.5
    assert abs(row["mean"] - weeks) < 3 * error
    assert abs(within["estimate"] - share) < 3 * (share * (1 - share) / (children / 2)) ** 0.5


def test_newborns_lie_between_the_ends_of_the_week(opened, small_world):
    (true,) = truth(small_world, NEWBORNS)
    options = {"within_days": 14, "first_day": "2008-01-01", "source": "cafcass_england"}
    fewest = newborn_rate(opened, birth_day="first", **options).table["newborns"].iloc[0]
    most = newborn_rate(opened, birth_day="last", undecided="count", **options)
    assert fewest < true < most.table["newborns"].iloc[0]
    middle = newborn_rate(opened, undecided="count", **options).table["newborns"].iloc[0]
    assert middle == pytest.approx(true, rel=0.08)


def test_couples_return_together_as_often_as_in_truth(opened, small_world):
    mothers, share = truth(small_world, SAME_FATHER)
    table = recurrence_profiles(opened, index_from="2008-04-01").table.set_index("profile")
    error = (share * (1 - share) / mothers) ** 0.5
    assert abs(table.loc["same couple", "estimate"] - share) < 3 * error
