"""Private-law timeliness: which order ends a child's application, and what does not count."""

from __future__ import annotations

from justice_analysis.metrics import family
from tests.spec.courts import expected, family_warehouse, shown

CAO, PSO = "child_arrangements_order", "prohibited_steps_order"

# Each row is one child and order applied for, as the load makes them.
CASES = f"""
case | type             | received   | closed     | child | order      | applied    | orders
A    | private_law      | 2015-01-01 | 2015-07-01 | 1     | {CAO}      | 2015-01-05 | *{CAO}@2015-03-16
A    | private_law      | 2015-01-01 | 2015-07-01 | 1     | {PSO}      | 2015-02-02 | *{CAO}@2015-03-16
A    | private_law      | 2015-01-01 | 2015-07-01 | 2     | {CAO}      | 2015-01-05 | case_management_direction@2015-01-12 *{CAO}@2015-05-25
B    | private_law      | 2015-01-01 | -          | 3     | {CAO}      | 2015-01-05 | no_order@2015-01-19 *{CAO}@2015-12-01
C    | private_law      | 2015-01-01 | -          | 4     | {CAO}      | 2015-01-05 | no_order@2015-03-16
D    | private_law      | 2015-01-01 | 2015-08-01 | 5     | {CAO}      | 2015-01-05 | *{CAO}@2014-12-29
E    | private_law      | 2015-01-01 | 2015-08-01 | 6     | {CAO}      | 2015-01-05 | -
F    | private_law      | 2015-01-01 | 2015-08-01 | 7     | care_order | 2015-01-05 | *no_order@2015-03-16
G    | care_proceedings | 2015-01-01 | 2015-08-01 | 8     | {CAO}      | 2015-01-05 | *{CAO}@2015-03-16
H    | private_law      | 2015-01-01 | 2015-08-01 | -     | {CAO}      | 2015-01-05 | *{CAO}@2015-03-16
I    | private_law      | 2015-01-01 | 2015-08-01 | 9     | {CAO}      | -          | *{CAO}@2015-03-16
"""


def test_the_first_disposal_on_or_after_the_application_ends_it(backend):
    result = family.private_law_timeliness(family_warehouse(backend, CASES))
    # C's case is neither closed nor has a final order; D's order comes before its application.
    assert shown(result.table, "quarter", "applications", "people", "groups", "mean", "median") == (
        expected("""
        quarter | applications | people | groups | mean | median
        all     | 4            | 3      | 2      | 9.5  | 8
        2015 Q1 | 3            | 2      | 2      | 6    | 6
        2015 Q2 | 1            | 1      | 1      | 20   | 20
        """)
    )


def test_what_was_set_aside_is_counted(backend):
    result = family.private_law_timeliness(family_warehouse(backend, CASES))
    assert shown(result.attrition.table(), "step", "people", "people_excluded") == expected("""
    step                                       | people | people_excluded
    applications about children in private law | 10     | 0
    for an order that is counted               | 9      | 1
    child recorded                             | 8      | 1
    application dated                          | 7      | 1
    disposed of by an order                    | 5      | 2
    case closed or with a final order          | 4      | 1
    """)


def test_any_case_counts_where_asked(backend):
    drawn = family_warehouse(backend, CASES)
    result = family.private_law_timeliness(drawn, cases="any", period=None)
    assert result.table["applications"].tolist() == [5]


def test_published_durations_are_completed_weeks_and_the_lower_median(backend):
    days = [("1", "2015-01-15"), ("2", "2015-01-25"), ("3", "2015-02-08"), ("4", "2015-03-05")]
    rows = [f"A{n} | private_law | 2015-01-01 | 2015-06-01 | {n} | {CAO} | 2015-01-01 | *{CAO}@{day}"
            for n, day in days]  # fmt: skip
    heading = "case | type | received | closed | child | order | applied | orders"
    drawn = family_warehouse(backend, "\n".join([heading, *rows]))
    # 14, 24, 38 and 63 days: 2, 3.4, 5.4 and 9 weeks, of which 2, 3, 5 and 9 are complete.
    plain = family.private_law_timeliness(drawn, period=None).table
    published = family.private_law_timeliness(drawn, period=None, published=True).table
    assert shown(plain, "mean", "median") == [{"mean": "4.964", "median": "4.429"}]
    assert shown(published, "mean", "median") == [{"mean": "4.75", "median": "3.429"}]


def test_an_entry_cohort_censors_open_applications_and_tells_closings_apart(backend):
    drawn = family_warehouse(backend, CASES, covered=("2011-01-01", "2015-07-20"))
    options = {"cohort": "entry", "period": None, "horizon_weeks": (12, 28)}
    result = family.private_law_timeliness(drawn, **options)
    # By 28 weeks (196 days) C is disposed of, and D and E have closed after the end of coverage.
    assert shown(result.table, "outcome", "horizon", "applications", "reached", "estimate") == (
        expected("""
        outcome                      | horizon  | applications | reached | estimate
        disposed of                  | 12 weeks | 7            | 4       | 0.571
        disposed of                  | 28 weeks | 7            | 5       | 0.714
        case closed without an order | 12 weeks | 7            | 0       | 0
        case closed without an order | 28 weeks | 7            | 0       | 0
        """)
    )
