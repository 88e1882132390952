"""Cases of the most frequent defendants: a row for each thing that does not count."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis.metrics.criminal.prolific_users import concentration, prolific_users
from tests.engines.conftest import backend as every_engine
from tests.spec.courts_and_custody import excluded, justice_warehouse

__all__ = ["every_engine"]

# 1 has three cases of six, one of them with two charges. A breach (2), an appeal (3), a case
# without a day (4) and the Crown Court's part of a case (1) are none.
CHARGES = """
case | set | type         | person | received   | offence    | code
A1   | A1  | magistrates  | 1      | 2012-01-10 | 2011-12-01 | theft
A1   | A1  | magistrates  | 1      | 2012-01-10 | 2011-12-02 | theft
A2   | A2  | magistrates  | 1      | 2012-02-10 | 2012-02-01 | theft
A3   | A3  | magistrates  | 1      | 2012-03-10 | 2012-03-01 | theft
A4   | A3  | crown_trial  | 1      | 2012-04-10 | 2012-03-01 | theft
B1   | B1  | magistrates  | 2      | 2012-01-10 | 2011-12-01 | fraud
B2   | B2  | magistrates  | 2      | 2012-05-10 | 2012-04-01 | breach
C1   | C1  | magistrates  | 3      | 2012-01-10 | 2011-12-01 | fraud
C2   | C2  | crown_appeal | 3      | 2012-05-10 | 2011-12-01 | fraud
D1   | D1  | magistrates  | 4      | -          | 2011-12-01 | fraud
E1   | E1  | magistrates  | -      | 2012-01-10 | 2011-12-01 | fraud
"""


def test_cases_of_the_most_frequent_half_are_counted(every_engine):
    drawn = justice_warehouse(every_engine, CHARGES)
    result = prolific_users(drawn, courts="both", most_frequent=(25, 50))
    table = result.table.set_index("defendants")[["people", "cases", "all_cases"]]
    assert table.T.to_dict("list") == {
        "most frequent 25%": [1, 3, 6],
        "from 25% to 50%": [1, 1, 6],
        "most frequent 50%": [2, 4, 6],
        "the others": [2, 2, 6],
        "all": [4, 6, 6],
    }
    assert excluded(result.attrition) == {"about an offence": 1, "dated": 1}
    bands = result.outputs["people"].table.set_index("number_of_cases")["people"]
    assert bands.to_dict() == {"all": 4, "one case": 3, "three to five cases": 1}


@pytest.mark.parametrize(
    ("share", "people", "cases"), [(1, 1, 9), (10, 1, 9), (20, 2, 11), (55, 6, 15), (100, 10, 19)]
)
def test_the_number_of_people_is_rounded_up_and_ties_make_no_difference(share, people, cases):
    counts = pd.DataFrame({"cases": [1, 2, 9], "people": [8, 1, 1]})
    row = concentration(counts, [share]).iloc[0]
    assert (row["people"], row["cases"]) == (people, cases)
    assert row["all_cases"] == 19
