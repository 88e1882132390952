"""Divorce stages: which days begin and end a stage, and what does not count."""

from __future__ import annotations

from justice_analysis.metrics import family
from tests.spec.courts import expected, family_warehouse, shown

CASES = """
case | type        | received   | closed     | court | petition              | conditional           | final      | transfer   | applicants | respondents
A    | divorce     | 2015-01-01 | 2015-07-20 | c:1   | 2015-01-05            | 2015-03-16            | 2015-07-20 | -          | 1          | 2
B    | divorce     | 2015-01-01 | -          | c:1   | 2015-01-05 2015-02-02 | 2015-05-25 2015-06-01 | -          | 2014-12-22 | 3          | 4
C    | divorce     | 2015-01-05 | -          | c:2   | -                     | 2015-03-16            | -          | -          | 5          | 6
D    | divorce     | 2015-01-01 | -          | c:2   | 2015-01-05            | 2014-12-01            | -          | -          | 7          | 8
E    | divorce     | 2015-01-01 | 2015-02-16 | c:2   | 2015-01-05            | -                     | -          | -          | 9          | 10
F    | divorce     | 2015-01-01 | 2015-06-01 | c:2   | 2015-01-05            | -                     | 2015-06-01 | -          | 11         | 12
G    | divorce     | 2022-04-06 | -          | c:2   | 2022-04-06            | 2022-09-21            | -          | -          | 13 14      | -
H    | private_law | 2015-01-01 | -          | c:2   | 2015-01-05            | 2015-03-16            | -          | -          | 15         | 16
I    | divorce     | 2015-01-01 | -          | c:2   | 2015-01-05            | 2015-03-16            | -          | -          | -          | -
J    | divorce     | -          | -          | c:2   | -                     | 2015-03-16            | -          | -          | 17         | 18
"""


def test_durations_are_of_orders_made_in_the_quarter(backend):
    result = family.divorce_stages(family_warehouse(backend, CASES))
    assert shown(
        result.table, "quarter", "law", "divorces", "people", "mean", "median"
    ) == expected(
        """
        quarter | law                     | divorces | people | mean   | median
        all     | all                     | 4        | 4      | 16     | 15
        all     | law before 6 April 2022 | 3        | 3      | 13.333 | 10
        all     | law from 6 April 2022   | 1        | 1      | 24     | 24
        2015 Q1 | all                     | 2        | 2      | 10     | 10
        2015 Q1 | law before 6 April 2022 | 2        | 2      | 10     | 10
        2015 Q2 | all                     | 1        | 1      | 20     | 20
        2015 Q2 | law before 6 April 2022 | 1        | 1      | 20     | 20
        2022 Q3 | all                     | 1        | 1      | 24     | 24
        2022 Q3 | law from 6 April 2022   | 1        | 1      | 24     | 24
        """
    )


def test_what_was_set_aside_is_counted(backend):
    result = family.divorce_stages(family_warehouse(backend, CASES))
    assert shown(result.attrition.table(), "step", "people_excluded") == expected("""
    step                            | people_excluded
    divorce cases                   | 0
    a party recorded                | 1
    beginning of the stage dated    | 1
    order made                      | 2
    order not before the stage began| 1
    """)


def test_published_durations_begin_at_an_earlier_transfer_in(backend):
    drawn = family_warehouse(backend, CASES)
    options = {"period": "quarter", "by": None, "published": True}
    table = family.divorce_stages(drawn, **options).table
    assert table.set_index("quarter").loc["2015 Q2", "mean"] == 22


def test_the_stage_between_the_orders_begins_at_the_first(backend):
    drawn = family_warehouse(backend, CASES)
    result = family.divorce_stages(drawn, stage="conditional_to_final", period=None, by="court")
    assert shown(result.table, "court", "divorces", "mean") == expected("""
    court | divorces | mean
    all   | 1        | 18
    c:1   | 1        | 18
    """)


def test_joint_applications_are_told_from_sole_ones(backend):
    result = family.divorce_stages(family_warehouse(backend, CASES), period=None, by="application")
    assert shown(result.table, "application", "divorces") == expected("""
    application | divorces
    all         | 4
    joint       | 1
    sole        | 3
    """)


def test_a_conditional_order_sooner_than_the_waiting_time_is_found(backend):
    drawn = family_warehouse(backend, CASES)
    found = family.divorce_stages(drawn, minimum_weeks=25).outputs["sooner"].table
    assert shown(found, "application", "sooner", "divorces") == expected("""
    application | sooner | divorces
    all         | 1      | 1
    joint       | 1      | 1
    """)
    kept = family.divorce_stages(drawn, minimum_weeks=24).outputs["sooner"].table
    assert kept["sooner"].tolist() == [0, 0]


def test_an_entry_cohort_censors_open_divorces(backend):
    drawn = family_warehouse(backend, CASES, covered=("2011-01-01", "2022-08-24"))
    options = {"cohort": "entry", "period": None, "by": None, "horizon_weeks": (10, 20)}
    result = family.divorce_stages(drawn, **options)
    # F has a final order and no conditional one: its day is not known. G is open after 20 weeks.
    assert shown(result.table, "outcome", "horizon", "divorces", "reached", "estimate") == expected(
        """
        outcome                       | horizon  | divorces | reached | estimate
        order made                    | 10 weeks | 5        | 2       | 0.4
        order made                    | 20 weeks | 5        | 3       | 0.6
        case closed without the order | 10 weeks | 5        | 1       | 0.2
        case closed without the order | 20 weeks | 5        | 1       | 0.2
        """
    )


def test_only_stages_begun_in_the_window_count_where_asked(backend):
    drawn = family_warehouse(backend, CASES)
    options = {"period": None, "by": None}
    early = family.divorce_stages(drawn, begun_to="2022-04-06", **options)
    late = family.divorce_stages(drawn, begun_from="2022-04-06", **options)
    assert early.table["divorces"].tolist() == [3]
    assert late.table["divorces"].tolist() == [1]
