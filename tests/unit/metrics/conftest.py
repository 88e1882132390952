"""A small engine and drawn families for the metrics."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from tests.spec.family import care_warehouse

# Two mothers return (1 at 731 days, 3 at 3,000), 2 and 4 don't; 4's age is not recorded.
FAMILIES = """
case | set | issued     | order      | mother | role       | child | born       | area
A    | A   | 2010-06-01 | 2010-12-01 | 1      | respondent | 11    | 2006-01-02 | area:001
B    | B   | 2012-06-01 | 2012-12-01 | 1      | respondent | 12    | 2012-05-07 | area:001
C    | C   | 2010-06-01 | 2010-12-01 | 2      | respondent | 21    | 2008-01-07 | area:001
D    | D   | 2009-06-01 | -          | 3      | respondent | 31    | 2008-01-07 | area:002
E    | E   | 2017-08-18 | 2018-03-01 | 3      | respondent | 31    | 2008-01-07 | area:002
F    | F   | 2020-06-01 | 2020-12-01 | 4      | respondent | 41    | 2019-01-07 | area:002
"""


@pytest.fixture(scope="session")
def backend():
    return engine.connect()


@pytest.fixture(scope="session")
def families(backend):
    people = [
        {"person_id": "1", "birth_month": "1992-01-01"},
        {"person_id": "3", "birth_month": "1970-01-01"},
        {"person_id": "4", "birth_month": None},
    ]
    return care_warehouse(backend, FAMILIES, people=people)
