"""Journeys through courts, custody and probation: one answer on every engine."""

from __future__ import annotations

from justice_analysis.cohorts import JourneyRule, journeys
from justice_analysis.cohorts import journey_stages as stages
from tests.spec.criminal import criminal_warehouse

DEFENDANTS = """
row | case | type        | person | court | received   | heard      | sent       | ended      | sentence           | remand
1   | 11   | magistrates | 1      | m:1   | 2018-01-01 | 2018-01-10 | 2018-02-01 | 2018-02-01 | -                  | custody
2   | 11   | magistrates | 2      | m:1   | 2018-01-01 | 2018-01-10 | 2018-02-01 | 2018-02-01 | -                  | bail
3   | 12   | magistrates | 3      | m:1   | 2018-01-01 | 2018-01-10 | 2018-02-01 | 2018-02-01 | -                  | -
4   | 13   | magistrates | 4      | m:1   | 2018-01-01 | 2018-01-10 | -          | 2018-03-01 | community_sentence | -
5   | 14   | magistrates | -      | m:1   | 2022-01-01 | 2022-01-10 | 2022-02-01 | 2022-02-01 | -                  | -
6   | 21   | crown_trial | 1      | c:1   | 2018-02-01 | 2018-03-01 | -          | 2018-08-01 | immediate_custody  | custody
7   | 21   | crown_trial | 9      | c:1   | 2018-02-01 | 2018-03-01 | -          | 2018-08-01 | fine               | -
8   | 22   | crown_trial | 3      | c:1   | 2018-02-03 | 2018-03-01 | -          | 2018-08-01 | immediate_custody  | -
"""  # noqa: E501
EPISODES = """
episode | person | kind      | from       | to
31      | 1      | custody   | 2018-01-10 | 2018-12-01
32      | 1      | licence   | 2018-12-01 | 2019-06-01
33      | 4      | probation | 2018-03-02 | 2019-03-01
34      | 4      | probation | 2018-02-28 | 2019-03-01
35      | 3      | custody   | 2014-01-01 | 2014-02-01
"""
PLACES = """
source                | place | from       | to         | reason
crown_court_defendant | c:1   | 2013-01-01 | 2021-06-01 | migrated to Common Platform
crown_court_defendant | c:2   | 2013-01-01 | 2024-04-01 | the extract
"""


def test_journeys_are_the_same(backend, rows):
    drawn = criminal_warehouse(
        backend,
        DEFENDANTS,
        ties="case | to | score\n11 | 21 | 0.9",
        episodes=EPISODES,
        coverage=PLACES,
    )
    found = journeys(drawn, rule=JourneyRule())
    stage = ["crown_party_id", "crown_how", "remand_id", "custody_id", "custody_how"]
    held = found.table.select("party_id", *stage, "probation_id", "probation_how")
    by_person, only = stages.PERSON_AND_DATES, stages.ONLY_ONE_LEFT
    assert rows(held) == [
        (1, 6, stages.CASE_LINK, 31, 31, by_person, 32, by_person),
        (2, 7, only, None, None, None, None, None),
        (3, 8, by_person, None, None, stages.NOT_NEAR, None, stages.NO_RECORD),
        (4, None, None, None, None, None, 34, by_person),
        (5, None, stages.MIGRATED, None, None, None, None, None),
    ]
    assert found.attrition["defendants"].sum() == 5 + 4 + 1 + 2 + 3
