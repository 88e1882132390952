"""Stays, remand, recall and return to custody: drawn tables with what does not count."""

from __future__ import annotations

from justice_analysis import engine
from justice_analysis.metrics.custody import custody_spells, recall, remand_durations
from justice_analysis.metrics.custody.recall import RecallOptions, time_to_recall
from justice_analysis.metrics.custody.reimprisonment import (
    ReimprisonmentOptions,
    reimprisonment,
    time_to_custody,
)
from tests.engines.conftest import backend as every_engine
from tests.spec.courts_and_custody import by_person, excluded, justice_warehouse

__all__ = ["every_engine"]

# 1 has a stay of two touching journeys and another; 2 is still held; 3's end was not recorded; 4
# was held before coverage began; 5 comes and goes on a day; one stay is of nobody linked; 6's end
# lies after coverage.
STAYS = """
person | kind    | from       | to         | end
1      | custody | 2012-01-01 | 2012-02-01 | -
1      | custody | 2012-02-01 | 2012-03-01 | -
1      | custody | 2013-01-01 | 2013-01-11 | -
2      | custody | 2012-01-01 | -          | -
3      | custody | 2012-01-01 | -          | missing
4      | custody | 2010-01-01 | 2012-01-01 | -
5      | custody | 2012-01-01 | 2012-01-01 | -
-      | custody | 2012-01-01 | 2012-01-09 | -
6      | custody | 2024-03-01 | 2024-08-01 | -
"""


def test_stays_are_counted_once_and_open_ones_are_censored(every_engine):
    drawn = justice_warehouse(every_engine, episodes=STAYS)
    result = custody_spells(drawn, horizons=(30, 91))
    lengths = result.outputs["lengths"].table.iloc[0]
    assert (lengths["stays_ended"], lengths["people"], lengths["mean"]) == (2, 1, 35)
    over = result.outputs["ended_by"].table.set_index("within")
    counted = ["people", "stays", "ended", "people_ended", "at_risk"]
    assert over.loc["30 days", counted].tolist() == [3, 4, 1, 1, 3]
    # The stay of 31 days that coverage cuts is no longer followed when the one of 60 ends.
    assert over.loc["91 days", "estimate"] == 1 - (3 / 4) * (1 / 2)
    assert excluded(result.attrition) == {
        "linked to a person": 1,
        "began while custody was covered": 1,
        "end recorded, or still held": 1,
        "lasting a day or more": 1,
    }


def test_a_gap_within_the_limit_is_part_of_the_stay():
    drawn = justice_warehouse(engine.connect(), episodes=STAYS)
    result = custody_spells(drawn, max_gap_days=306, horizons=(30,))
    assert result.outputs["lengths"].table.iloc[0]["mean"] == 376


# 1: remand of 30 days to sentence; 2: held on remand still; 3: a remand of 200 days; 4: journey
# without segments; 5: the end of the remand is lost; 6: began too late for the limit.
SEGMENTS = """
episode | person | kind    | status   | of | from       | to         | end
a       | 1      | custody | -        | -  | 2012-01-01 | 2012-06-01 | -
b       | 1      | custody | remand   | a  | 2012-01-01 | 2012-01-31 | -
c       | 1      | custody | sentence | a  | 2012-01-31 | 2012-06-01 | -
d       | 2      | custody | -        | -  | 2023-09-01 | -          | -
e       | 2      | custody | remand   | d  | 2023-09-01 | -          | -
f       | 3      | custody | -        | -  | 2012-01-01 | 2012-07-19 | -
g       | 3      | custody | remand   | f  | 2012-01-01 | 2012-07-19 | -
h       | 4      | custody | -        | -  | 2012-01-01 | 2012-07-19 | -
i       | 5      | custody | -        | -  | 2012-01-01 | 2012-07-19 | -
j       | 5      | custody | remand   | i  | 2012-01-01 | -          | lost
k       | 6      | custody | -        | -  | 2023-10-02 | -          | -
l       | 6      | custody | remand   | k  | 2023-10-02 | -          | -
"""


def test_remand_is_told_from_sentence_and_held_against_the_limit(every_engine):
    drawn = justice_warehouse(every_engine, episodes=SEGMENTS)
    result = remand_durations(drawn)
    lengths = result.outputs["lengths"].table.iloc[0]
    assert (lengths["remands_ended"], lengths["total"]) == (2, 230)
    limit = result.outputs["over_limit"].table.iloc[0]
    assert (limit["remands"], limit["over_limit"]) == (3, 2)  # 6 began too late to say
    assert excluded(result.attrition) == {
        "delivered in segments of one status": 1,
        "end recorded, or still held": 1,
    }


# 1 is recalled in the licence; 2 after it; 3 is remanded, not recalled; 4 is on licence still; 5
# serves supervision; 6's end is not recorded; 7's licence began before coverage; 8 has no licence
# in the window but a recall; 9's first licence is followed, not the second.
LICENCES = """
person | kind                      | status | of | from       | to         | end
1      | licence                   | -      | -  | 2012-01-01 | 2012-07-01 | -
1      | custody                   | recall | x  | 2012-03-01 | 2012-03-29 | -
1      | custody                   | recall | x  | 2012-05-01 | 2012-05-29 | -
2      | licence                   | -      | -  | 2012-01-01 | 2012-07-01 | -
2      | custody                   | recall | x  | 2012-07-01 | 2012-07-29 | -
3      | licence                   | -      | -  | 2012-01-01 | 2012-07-01 | -
3      | custody                   | remand | x  | 2012-03-01 | 2012-03-29 | -
4      | licence                   | -      | -  | 2024-01-01 | -          | -
5      | post_sentence_supervision | -      | -  | 2012-01-01 | 2012-07-01 | -
6      | licence                   | -      | -  | 2012-01-01 | -          | lost
7      | licence                   | -      | -  | 2010-12-31 | 2012-07-01 | -
9      | licence                   | -      | -  | 2012-01-01 | 2012-02-01 | -
9      | licence                   | -      | -  | 2013-01-01 | 2013-02-01 | -
9      | custody                   | recall | x  | 2013-01-15 | 2013-01-29 | -
"""


def test_a_recall_is_custody_on_recall_within_the_licence(every_engine):
    drawn = justice_warehouse(every_engine, episodes=LICENCES)
    frame, flow = time_to_recall(drawn, RecallOptions())
    assert by_person(frame, "duration_days", "outcome") == {
        1: (60, "recalled"),
        2: (182, "licence ended"),
        3: (182, "licence ended"),
        4: (91, "censored"),
        9: (31, "licence ended"),
    }
    assert excluded(flow) == {
        "licence began, while covered": 1,
        "end of the licence recorded, or still on it": 1,
    }


def test_the_end_of_the_licence_competes_with_recall():
    drawn = justice_warehouse(engine.connect(), episodes=LICENCES)
    row = recall(drawn).table.set_index("horizon_days").loc[91]
    assert (row["people"], row["returned"], row["estimate"]) == (5, 1, 0.2)


# 1 returns; 2 is moved on the day; 3 does not return; 4's first release is not recorded; 5 is
# held still; 6 returns under a stay of which the end is not recorded; 7's release is too late.
RETURNS = """
episode | person | kind    | status   | of | from       | to         | end
-       | 1      | custody | -        | -  | 2012-01-01 | 2012-02-01 | -
-       | 1      | custody | -        | -  | 2012-12-01 | 2012-12-09 | -
-       | 2      | custody | -        | -  | 2012-01-01 | 2012-02-01 | -
-       | 2      | custody | -        | -  | 2012-02-01 | 2012-03-01 | -
a       | 3      | custody | -        | -  | 2012-01-01 | 2012-02-01 | -
-       | 3      | custody | remand   | a  | 2012-01-01 | 2012-01-10 | -
-       | 3      | custody | sentence | a  | 2012-01-10 | 2012-02-01 | -
-       | 4      | custody | -        | -  | 2012-01-01 | -          | missing
-       | 5      | custody | -        | -  | 2012-01-01 | -          | -
-       | 6      | custody | -        | -  | 2012-01-01 | 2012-02-01 | -
-       | 6      | custody | -        | -  | 2012-03-01 | -          | missing
-       | 7      | custody | -        | -  | 2012-01-01 | 2024-04-01 | -
"""


def test_a_return_is_the_next_stay_after_a_release(every_engine):
    drawn = justice_warehouse(every_engine, episodes=RETURNS)
    frame, flow = time_to_custody(drawn, ReimprisonmentOptions())
    assert by_person(frame, "duration_days", "outcome") == {
        1: (304, "event"),
        2: (4414, "censored"),
        3: (4443, "censored"),
        6: (29, "event"),
    }
    assert excluded(flow) == {
        "the end of a stay recorded, or still held": 1,
        "released, while custody was covered": 2,
    }


def test_people_are_shown_by_their_status_before_release():
    drawn = justice_warehouse(engine.connect(), episodes=RETURNS)
    table = reimprisonment(drawn, by="legal_status").table
    people = table[table["horizon_days"] == 365].set_index("group")["people"]
    assert people.to_dict() == {"sentence": 1, "not known": 3}
    frame, _ = time_to_custody(drawn, ReimprisonmentOptions(followup_days=304))
    assert by_person(frame, "duration_days", "outcome")[1] == (304, "event")
    frame, _ = time_to_custody(drawn, ReimprisonmentOptions(followup_days=303))
    assert by_person(frame, "duration_days", "outcome")[1] == (304, "censored")
