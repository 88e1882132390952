"""Matched comparison: index events and outcomes as drawn tables, and a whole one of many people."""

from __future__ import annotations

import datetime

import pytest

from justice_analysis import engine
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.evaluation.data_lab import data_lab
from justice_analysis.evaluation.data_lab.definition import DataLabOptions
from justice_analysis.evaluation.data_lab.described import followed
from justice_analysis.evaluation.data_lab.index_events import (
    index_events,
    of_everyone_else,
    of_participants,
)
from tests.engines.conftest import backend as every_engine
from tests.spec.courts_and_custody import by_person, justice_warehouse

__all__ = ["every_engine"]

# 1 took part on 1 March: the release before is that of somebody not yet treated, the one after
# is the index event, the third is neither. 2 is released too late, 3 never. 4 and 5 are others;
# 5's first release lies in an earlier quarter. 6 is sentenced in the community.
EPISODES = """
person | kind    | from       | to         | status
1      | custody | 2013-12-01 | 2014-01-10 | sentence
1      | custody | 2014-02-01 | 2014-03-01 | sentence
1      | custody | 2014-03-05 | 2014-03-10 | remand
2      | custody | 2014-01-01 | 2014-09-01 | sentence
4      | custody | 2014-01-01 | 2014-02-01 | remand
4      | custody | 2014-02-10 | 2014-02-20 | recall
5      | custody | 2013-01-01 | 2013-02-01 | sentence
5      | custody | 2014-03-01 | 2014-03-20 | sentence
"""
CHARGES = """
case | person | received   | offence    | verdict | convicted  | given              | on
A    | 6      | 2014-01-01 | 2013-12-01 | guilty  | 2014-02-02 | community_sentence | 2014-02-02
B    | 6      | 2014-03-01 | 2014-02-15 | guilty  | 2014-04-01 | fine               | 2014-04-01
"""


def participants(backend, rows):
    columns = {"person_id": [who for who, _ in rows], "intervention_date": [on for _, on in rows]}
    return engine.memory_table(
        backend, columns, {"person_id": "int64", "intervention_date": "date"}
    )


def test_the_index_event_is_the_first_from_the_intervention_on(every_engine):
    drawn = justice_warehouse(every_engine, CHARGES, episodes=EPISODES)
    given = participants(every_engine, [(1, "2014-03-01"), (2, "2014-03-01"), (3, "2014-03-01")])
    events = index_events(drawn, DataLabOptions())
    met = of_participants(given, events, within_days=90)
    assert by_person(met, "index_date", "sentence_type", "stay_days") == {
        1: ("2014-03-01", "release from a custodial sentence", 28),
        2: (None, None, None),
        3: (None, None, None),
    }


@pytest.mark.parametrize(("earlier", "of_treated"), [(True, ["2014-01-10"]), (False, [])])
def test_nobody_is_compared_with_from_the_intervention_on(earlier, of_treated):
    backend = engine.connect()
    drawn = justice_warehouse(backend, CHARGES, episodes=EPISODES)
    given = participants(backend, [(1, "2014-03-01"), (2, "2014-03-01")])
    events = index_events(drawn, DataLabOptions())
    met = of_participants(given, events, within_days=90)
    kept = met.filter(met.index_date.notnull())
    pool = engine.execute(of_everyone_else(events, given, kept, earlier=earlier))
    found = {
        who: sorted(str(day)[:10] for day in rows["index_date"])
        for who, rows in pool.groupby("person_id")
    }
    assert found.pop(1, []) == of_treated
    assert found == {4: ["2014-02-01", "2014-02-20"], 5: ["2014-03-20"]}


def test_a_sentence_in_the_community_is_an_index_event_where_it_is_asked_for():
    drawn = justice_warehouse(engine.connect(), CHARGES, episodes=EPISODES)
    events = index_events(drawn, DataLabOptions(index="sentence"))
    assert by_person(events, "index_date", "sentence_type", "stay_days") == {
        6: ("2014-02-02", "community sentence", None)
    }


# One offence in both courts is one; a fine in court is no custody; an offence before the index
# date and one of the thirteenth month are none; convictions of the year before are the placebo.
FOLLOWED = """
case | person | set | type        | offence    | verdict | convicted  | given             | on
A1   | 1      | s1  | magistrates | 2014-04-01 | guilty  | 2014-05-01 | -                 | -
A2   | 1      | s1  | crown_trial | 2014-04-01 | guilty  | 2014-08-01 | immediate_custody | 2014-08-01
B    | 1      | s2  | magistrates | 2014-06-01 | guilty  | 2014-06-20 | fine              | 2014-06-20
C    | 1      | s3  | magistrates | 2014-02-01 | guilty  | 2014-06-20 | fine              | 2014-06-20
D    | 2      | s4  | magistrates | 2015-03-01 | guilty  | 2015-03-20 | fine              | 2015-03-20
E    | 2      | s5  | magistrates | 2013-04-01 | guilty  | 2013-05-01 | fine              | 2013-05-01
"""


def test_an_offence_of_two_courts_counts_once_and_only_in_the_year(every_engine):
    drawn = justice_warehouse(every_engine, FOLLOWED)
    rows = {"person_id": [1, 2], "index_date": ["2014-03-01"] * 2, "proceeding_id": [None] * 2}
    types = {"person_id": "int64", "index_date": "date", "proceeding_id": "int64"}
    people = engine.memory_table(every_engine, rows, types)
    told = followed(drawn, people, DataLabOptions())
    columns = ("reoffended", "reoffences", "duration_days", "custody_reoffences")
    assert by_person(told, *columns, "convicted_before") == {
        1: (True, 2, 31, 1, False),
        2: (False, 0, None, 0, True),
    }


SIDE = 70
PLAIN = {
    "covariates": ("convictions_ever", "custody_days_ever"),
    "ethnicity": False,
    "region": False,
    "oasys": False,
    "strata": (),
    "caliper": 1.0,
    "adjusted": False,
}


def a_world(backend):
    """So many participants, twice as many others; a half and two thirds of them offend again."""
    charges = ["case | person | received | offence | verdict | convicted | given | on"]
    episodes = ["person | kind | from | to | status"]
    first = datetime.date(2014, 1, 6)
    for person in range(1, 3 * SIDE + 1):
        out = first + datetime.timedelta(days=person % 50)
        # Days in custody and earlier convictions differ a little, and alike on both sides.
        into = out - datetime.timedelta(days=100 + 7 * (person % 11))
        episodes.append(f"{person} | custody | {into} | {out} | sentence")
        for number in range(1 + person % 3):
            on = into - datetime.timedelta(days=30 * number)
            charges.append(f"P{person}.{number} | {person} | {on} | {on} | guilty | {on} | - | -")
        again = person % 2 == 0 if person <= SIDE else person % 3 != 0
        if again:
            on = out + datetime.timedelta(days=40 + person % 60)
            charges.append(f"R{person} | {person} | {on} | {on} | guilty | {on} | fine | {on}")
    return justice_warehouse(backend, "\n".join(charges), episodes="\n".join(episodes))


@pytest.fixture(scope="module")
def world():
    backend = engine.connect()
    return backend, a_world(backend)


def given(backend, people=SIDE):
    return participants(backend, [(who, "2013-12-20") for who in range(1, people + 1)])


def test_a_matched_comparison_gives_the_tables_of_the_report(world):
    backend, drawn = world
    result = data_lab(drawn, given(backend), **PLAIN)
    row = result.outputs["rate"].table.iloc[0]
    assert (row["treated_people"], row["treated_events"]) == (SIDE, SIDE // 2)
    assert row["treated"] == 0.5
    assert abs(row["comparison"] - 2 / 3) < 0.1
    assert row["difference"] == row["treated"] - row["comparison"]
    assert row["lower"] < row["difference"] < row["upper"]
    assert row["significant"] == ("yes" if row["p_value"] < 0.05 else "no")
    assert set(result.later_tables) == {"days"} | {"custody_rate", "custody_frequency"}
    steps = result.attrition.table()
    assert list(steps["people"]) == [SIDE] * 5
    assert result.overview["region controlled for"] == "no"
    assert result.overview["OASys used"] == "no"


def test_sentences_say_the_numbers_of_the_tables(world):
    backend, drawn = world
    result = data_lab(drawn, given(backend), **PLAIN)
    text = result.outputs["headline"]
    rows = text.table.set_index("name")
    rate = result.outputs["rate"].table.iloc[0]
    assert text.options["of"]["rate_difference"] == "rate"
    assert text.options["formats"]["rate_difference"] == "range_of_100"
    assert text.options["nouns"]["rate_difference"] == "people"
    assert rows.loc["rate_difference", "lower"] == rate["lower"]
    assert text.population_hash == result.outputs["rate"].population_hash


def test_later_tables_need_more_reoffenders_than_the_minimum(world):
    backend, drawn = world
    few = data_lab(drawn, given(backend), minimum_reoffenders=SIDE // 2, **PLAIN)
    assert few.later_tables == {}
    enough = data_lab(drawn, given(backend), minimum_reoffenders=SIDE // 2 - 1, **PLAIN)
    assert "days" in enough.later_tables


def test_too_few_people_submitted_give_no_estimate(world):
    backend, drawn = world
    with pytest.raises(MetricError, match="at least 60 participants submitted are needed"):
        data_lab(drawn, given(backend, 59), **PLAIN)


def test_too_few_who_could_be_followed_give_no_estimate(world):
    backend, drawn = world
    late = participants(backend, [(who, "2014-02-20") for who in range(1, SIDE + 1)])
    with pytest.raises(MetricError, match="could be followed are needed"):
        data_lab(drawn, late, **PLAIN)


def test_a_participant_who_stands_twice_is_refused(world):
    backend, drawn = world
    rows = [(who, "2013-12-20") for who in (*range(1, SIDE + 1), 1, 2)]
    with pytest.raises(MetricError, match=r"must stand once: 2 rows repeat"):
        data_lab(drawn, participants(backend, rows), **PLAIN)


def test_a_treated_person_in_the_pool_is_refused(world):
    backend, drawn = world
    pool = participants(backend, [(who, "2013-12-20") for who in (5, 100, 101)])
    with pytest.raises(MetricError, match="nobody treated may stand in the comparison pool: 1"):
        data_lab(drawn, given(backend), pool=pool.select("person_id"), **PLAIN)


def test_without_a_list_nothing_is_compared(world):
    with pytest.raises(OptionError, match="none were given"):
        data_lab(world[1])


def test_the_year_before_is_kept_for_the_placebo():
    with pytest.raises(OptionError, match="kept for the placebo"):
        DataLabOptions(covariates=("convictions_1y",))
