"""With whom parents return: one drawn family for each profile."""

from __future__ import annotations

import pytest

from justice_analysis.metrics.family.recurrence_profiles import recurrence_profiles
from tests.spec import tables
from tests.spec.children import left, rows_of
from tests.spec.family import care_warehouse

# Each family's mother, then its fathers beside the same child.
FAMILIES = """
case | set | issued     | order      | mother | role       | child | born       | adult_sex
A1   | A1  | 2010-06-01 | 2010-12-01 | 1      | respondent | 11    | 2006-01-02 | female
A1   | A1  | 2010-06-01 | 2010-12-01 | 101    | respondent | 11    | 2006-01-02 | male
A2   | A2  | 2012-06-01 | 2012-12-01 | 1      | respondent | 12    | 2012-01-02 | female
A2   | A2  | 2012-06-01 | 2012-12-01 | 101    | respondent | 12    | 2012-01-02 | male
B1   | B1  | 2010-06-01 | 2010-12-01 | 2      | respondent | 21    | 2006-01-02 | female
B1   | B1  | 2010-06-01 | 2010-12-01 | 102    | respondent | 21    | 2006-01-02 | male
B2   | B2  | 2012-06-01 | 2012-12-01 | 2      | respondent | 22    | 2012-01-02 | female
B2   | B2  | 2012-06-01 | 2012-12-01 | 103    | respondent | 22    | 2012-01-02 | male
B3   | B3  | 2013-06-01 | 2013-12-01 | 102    | respondent | 23    | 2012-01-02 | male
C1   | C1  | 2010-06-01 | 2010-12-01 | 3      | respondent | 31    | 2006-01-02 | female
C2   | C2  | 2012-06-01 | 2012-12-01 | 3      | respondent | 32    | 2012-01-02 | female
C2   | C2  | 2012-06-01 | 2012-12-01 | 104    | respondent | 32    | 2012-01-02 | male
D1   | D1  | 2010-06-01 | 2010-12-01 | 4      | respondent | 41    | 2006-01-02 | female
D1   | D1  | 2010-06-01 | 2010-12-01 | 105    | respondent | 41    | 2006-01-02 | male
D2   | D2  | 2012-06-01 | 2012-12-01 | 4      | respondent | 42    | 2012-01-02 | female
E1   | E1  | 2010-06-01 | 2010-12-01 | 5      | respondent | 51    | 2006-01-02 | female
E2   | E2  | 2012-06-01 | 2012-12-01 | 5      | respondent | 51    | 2006-01-02 | female
F1   | F1  | 2010-06-01 | 2010-12-01 | 6      | respondent | 61    | 2006-01-02 | female
F1   | F1  | 2010-06-01 | 2010-12-01 | 106    | respondent | 61    | 2006-01-02 | male
F2   | F2  | 2010-06-01 | 2010-12-01 | 6      | respondent | 62    | 2006-01-02 | female
F3   | F3  | 2011-06-01 | 2011-12-01 | 106    | respondent | 63    | 2006-01-02 | male
G1   | G1  | 2010-06-01 | 2010-12-01 | 7      | respondent | 71    | 2006-01-02 | female
G1   | G1  | 2010-06-01 | 2010-12-01 | 107    | respondent | 71    | 2006-01-02 | male
G2   | G2  | 2016-06-01 | 2016-12-01 | 7      | respondent | 72    | 2016-01-02 | female
H1   | H1  | 2020-06-01 | 2020-12-01 | 8      | respondent | 81    | 2006-01-02 | female
H2   | H2  | 2021-06-01 | 2021-12-01 | 8      | respondent | 82    | 2006-01-02 | female
"""


@pytest.fixture
def drawn(backend):
    return care_warehouse(backend, FAMILIES)


def test_profiles_are_by_who_is_in_the_first_set_and_in_the_first_return(drawn):
    result = recurrence_profiles(drawn)
    assert rows_of(result.table, ["profile", "returned"]) == tables.read("""
    profile                    | returned
    all                        | 5
    alone both times           | 1
    another partner            | 1
    partner only at the return | 1
    partner only before        | 1
    same couple                | 1
    """)
    # One was not seen for long enough; two did not return in time (one on the same day).
    assert left(result.attrition) == {"1,826 days seen": 1, "returned within 1,826 days": 2}


def test_couples_of_the_first_set_return_together_apart_or_alone(drawn):
    found = recurrence_profiles(drawn).outputs["couples"].table
    assert rows_of(found, ["who_returned", "couples"]) == tables.read("""
    who_returned     | couples
    all              | 5
    both, apart      | 1
    both, in one set | 1
    neither          | 1
    the father alone | 1
    the mother alone | 1
    """)


def test_fathers_may_be_those_whose_first_set_is_the_index(drawn):
    assert rows_of(recurrence_profiles(drawn, parent="father").table, ["profile", "returned"]) == (
        tables.read("""
    profile             | returned
    all                 | 3
    partner only before | 2
    same couple         | 1
    """)
    )
