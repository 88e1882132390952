"""Divorce progression: quarters since petition, with and without censoring."""

from __future__ import annotations

from justice_analysis.metrics import family
from tests.spec.courts import expected, family_warehouse, shown

# Three months after 31 January is 30 April.
CASES = """
case | type    | received   | petition   | conditional | final      | applicants | respondents
A    | divorce | 2015-01-31 | 2015-01-31 | 2015-04-30  | -          | 1          | 2
B    | divorce | 2015-01-31 | 2015-01-31 | 2015-05-01  | -          | 3          | 4
C    | divorce | 2015-02-01 | 2015-02-01 | -           | -          | 5          | 6
D    | divorce | 2015-05-01 | 2015-05-01 | 2015-12-20  | -          | 7          | 8
E    | divorce | 2015-05-01 | 2015-05-01 | 2015-04-01  | -          | 9          | 10
F    | divorce | 2010-12-31 | 2010-12-31 | 2011-02-01  | -          | 11         | 12
G    | divorce | 2015-05-01 | 2015-05-01 | -           | 2015-12-01 | 13         | 14
"""


def test_open_petitions_are_censored_after_their_complete_quarters(backend):
    drawn = family_warehouse(backend, CASES, covered=("2011-01-01", "2015-12-31"))
    result = family.divorce_progression(drawn, quarters=3)
    # The third quarter of D's is not complete by the end: its order in it is not counted.
    assert shown(
        result.table, "quarter", "horizon", "petitions", "reached", "estimate"
    ) == expected(
        """
        quarter | horizon    | petitions | reached | estimate
        2015 Q1 | 1 quarter  | 3         | 1       | 0.333
        2015 Q1 | 2 quarters | 3         | 2       | 0.667
        2015 Q1 | 3 quarters | 3         | 2       | 0.667
        2015 Q2 | 1 quarter  | 1         | 0       | 0
        2015 Q2 | 2 quarters | 1         | 0       | 0
        """
    )


def test_published_shares_are_of_all_petitions_of_the_quarter(backend):
    drawn = family_warehouse(backend, CASES, covered=("2011-01-01", "2015-12-31"))
    result = family.divorce_progression(drawn, quarters=3, published=True)
    assert shown(result.table, "quarter", "horizon", "petitions", "estimate") == expected("""
    quarter | horizon    | petitions | estimate
    all     | 1 quarter  | 4         | 0.25
    all     | 2 quarters | 4         | 0.5
    all     | 3 quarters | 4         | 0.75
    2015 Q1 | 1 quarter  | 3         | 0.333
    2015 Q1 | 2 quarters | 3         | 0.667
    2015 Q1 | 3 quarters | 3         | 0.667
    2015 Q2 | 1 quarter  | 1         | 0
    2015 Q2 | 2 quarters | 1         | 0
    2015 Q2 | 3 quarters | 1         | 1
    """)


def test_what_was_set_aside_is_counted(backend):
    result = family.divorce_progression(family_warehouse(backend, CASES))
    assert shown(result.attrition.table(), "step", "people_excluded") == expected("""
    step                                            | people_excluded
    divorce cases                                   | 0
    a party recorded                                | 0
    petition dated                                  | 0
    petition in the window                          | 1
    order not before petition                       | 1
    conditional order dated where there is a final one | 1
    """)


def test_one_law_can_be_counted_alone(backend):
    drawn = family_warehouse(backend, CASES)
    found = family.divorce_progression(drawn, law="before_2022", period=None)
    assert found.table["petitions"].tolist() == [4] * 8
