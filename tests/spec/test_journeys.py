"""Which case, custody and supervision follow a defendant's case: one drawn table a rule."""

from __future__ import annotations

import pytest

from justice_analysis import engine
from justice_analysis.cohorts import JourneyRule, journeys
from justice_analysis.cohorts import journey_stages as stages
from justice_analysis.errors import MetricError, OptionError
from tests.spec import tables
from tests.spec.criminal import criminal_warehouse


@pytest.fixture(scope="module")
def backend():
    """DuckDB alone: a journey is thirty small queries, and `tests/engines` has all of them."""
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def followed(backend, defendants, *columns, ties="", episodes="", coverage=None, **rule):
    """Journeys by the drawn name of the row they start at; ids are drawn names again."""
    drawn = criminal_warehouse(backend, defendants, ties=ties, episodes=episodes, coverage=coverage)
    found = journeys(drawn, rule=JourneyRule(**rule))
    names = {
        **_names(drawn.party, "party_id"),
        **_names(drawn.episode, "episode_id"),
    }
    rows = engine.execute(found.table.select("party_id", *columns))
    return {
        names[row["party_id"]]: tuple(_shown(row[column], column, names) for column in columns)
        for row in rows.to_dict("records")
    }, found


def _names(table, key):
    held = engine.execute(table.select(key, "source_key"))
    return dict(zip(held[key], held["source_key"], strict=True))


def _shown(value, column, names):
    if value is None or value != value:
        return None
    if column.endswith("_id"):
        return names[int(value)]
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value


SENT = """
row | case | type        | person | received   | sent       | ended      | sentence
m1  | M    | magistrates | 1      | 2018-01-01 | 2018-02-01 | 2018-02-01 | -
c1  | C    | crown_trial | 1      | 2018-02-03 | -          | 2018-08-01 | immediate_custody
c2  | D    | crown_trial | 1      | 2018-02-01 | -          | 2018-09-01 | fine
"""
COURT = ("crown_party_id", "crown_how")


def test_a_delivered_tie_decides_even_where_another_case_of_the_person_is_nearer(backend):
    found, _ = followed(backend, SENT, *COURT, ties="case | to\nM | C")
    assert found["m1"] == ("c1", stages.CASE_LINK)


def test_without_a_tie_the_nearest_case_of_the_person_follows(backend):
    found, _ = followed(backend, SENT, *COURT)
    assert found["m1"] == ("c2", stages.PERSON_AND_DATES)


def test_a_case_that_a_tie_leads_to_is_never_joined_through_a_person(backend):
    found, _ = followed(
        backend,
        """
    row | case | type        | person | received   | sent
    m1  | M    | magistrates | 2      | 2018-01-01 | 2018-02-01
    m2  | N    | magistrates | 1      | 2018-01-01 | 2018-02-01
    c1  | C    | crown_trial | 1      | 2018-02-01 | -
    """,
        *COURT,
        ties="case | to\nM | C",
    )
    assert found["m2"] == (None, stages.NO_CASE)
    assert found["m1"] == ("c1", stages.ONLY_ONE_LEFT)


def test_a_case_with_a_tie_is_never_joined_through_a_person_to_another(backend):
    found, _ = followed(
        backend,
        """
    row | case | type        | person | received   | sent
    m1  | M    | magistrates | 1      | 2018-01-01 | 2018-02-01
    m2  | M    | magistrates | 2      | 2018-01-01 | 2018-02-01
    c1  | C    | crown_trial | 8      | 2018-02-01 | -
    c2  | C    | crown_trial | 9      | 2018-02-01 | -
    c3  | D    | crown_trial | 1      | 2018-02-01 | -
    """,
        *COURT,
        ties="case | to\nM | C",
    )
    assert found["m1"] == found["m2"] == (None, stages.NOT_TOLD_APART)


def test_inside_a_tied_case_the_same_person_goes_first_and_the_last_two_left_are_one(backend):
    found, _ = followed(
        backend,
        """
    row | case | type        | person | received   | sent
    m1  | M    | magistrates | 1      | 2018-01-01 | 2018-02-01
    m2  | M    | magistrates | 2      | 2018-01-01 | 2018-02-01
    m3  | M    | magistrates | 3      | 2018-01-01 | -
    c1  | C    | crown_trial | 1      | 2018-02-01 | -
    c2  | C    | crown_trial | 9      | 2018-02-01 | -
    """,
        *COURT,
        ties="case | to\nM | C",
    )
    assert found == {
        "m1": ("c1", stages.CASE_LINK),
        "m2": ("c2", stages.ONLY_ONE_LEFT),
        "m3": (None, None),
    }


def test_a_tie_below_the_least_score_counts_as_none(backend):
    ties = "case | to | score\nM | C | 0.4"
    assert followed(backend, SENT, *COURT, ties=ties, least_score=0.4)[0]["m1"][0] == "c1"
    assert followed(backend, SENT, *COURT, ties=ties, least_score=0.5)[0]["m1"][0] == "c2"


def test_an_appeal_is_no_stage_of_a_journey(backend):
    found, _ = followed(
        backend,
        """
    row | case | type         | person | received   | sent
    m1  | M    | magistrates  | 1      | 2018-01-01 | -
    c1  | C    | crown_appeal | 1      | 2018-02-01 | -
    """,
        *COURT,
        ties="case | to | relation\nM | C | appeal",
    )
    assert found == {"m1": (None, None)}


def test_a_crown_court_row_that_nothing_leads_to_starts_a_journey(backend):
    found, made = followed(
        backend,
        """
    row | case | type        | person | received   | sent | ended      | sentence
    m1  | M    | magistrates | 1      | 2018-01-01 | -    | 2018-01-09 | fine
    c1  | C    | crown_trial | 2      | 2018-02-01 | -    | 2018-08-01 | fine
    """,
        "starts_at",
        "sentence",
        "sentenced_by",
    )
    assert found == {"m1": ("magistrates", "fine", "magistrates"), "c1": ("crown", "fine", "crown")}
    first = made.attrition[made.attrition["stage"] == "first court"]
    assert first["defendants"].tolist() == [1, 1]


LOST = """
row | case | type        | person | court | received   | sent
m1  | M1   | magistrates | 1      | m:1   | 2018-01-01 | 2018-02-01
c1  | C1   | crown_trial | 1      | c:1   | 2018-02-01 | -
m2  | M2   | magistrates | 2      | m:1   | 2012-01-01 | 2012-02-01
m3  | M3   | magistrates | 3      | m:1   | 2022-01-01 | 2022-02-01
m4  | M4   | magistrates | 4      | m:1   | 2024-03-01 | 2024-04-01
m5  | M5   | magistrates | -      | m:1   | 2018-01-01 | 2018-02-01
m6  | M6   | magistrates | 6      | m:1   | 2018-01-01 | 2018-02-01
m7  | M7   | magistrates | 7      | m:2   | 2022-01-01 | 2022-02-01
"""
PLACES = """
source                | place | from       | to         | reason
crown_court_defendant | c:1   | 2013-01-01 | 2021-06-01 | migrated to Common Platform
crown_court_defendant | c:2   | 2013-01-01 | 2024-04-01 | the extract
"""


def test_why_a_case_sent_up_was_not_found_is_said_once_for_each_defendant(backend):
    found, made = followed(backend, LOST, "crown_how", coverage=PLACES)
    assert found == {
        "m1": (stages.PERSON_AND_DATES,),
        "m2": (stages.BEFORE,),
        "m3": (stages.MIGRATED,),
        "m4": (stages.AFTER,),
        "m5": (stages.NOT_LINKED,),
        "m6": (stages.NO_CASE,),
        "m7": (stages.NO_CASE,),
    }
    crown = made.attrition[made.attrition["stage"] == "Crown Court"]
    assert crown["defendants"].sum() == 7
    assert crown.loc[crown["is_joined"], "defendants"].tolist() == [1]


def test_a_stage_of_which_nothing_was_loaded_is_said_so(backend):
    found, _ = followed(
        backend,
        """
    row | case | type        | person | received   | sent       | ended      | sentence
    m1  | M    | magistrates | 1      | 2018-01-01 | 2018-02-01 | -          | -
    m2  | N    | magistrates | 2      | 2018-01-01 | -          | 2018-02-01 | immediate_custody
    """,
        "crown_how",
        "custody_how",
        "probation_how",
    )
    none = stages.NOT_LOADED
    assert found == {"m1": (none, None, None), "m2": (None, none, none)}


# Custody and probation ------------------------------------------------------------------

SENTENCED = """
row | case | type        | person | received   | heard      | ended      | sentence          | remand
m1  | M    | magistrates | 1      | 2018-01-01 | 2018-01-10 | 2018-03-01 | immediate_custody | custody
"""
CUSTODY = ("custody_id", "custody_how")


@pytest.mark.parametrize(
    ("drawn", "found"),
    [
        ("e1 | 1 | custody | 2018-03-01 | 2018-05-01", "e1"),
        ("e1 | 1 | custody | 2018-03-08 | 2018-05-01", "e1"),
        ("e1 | 1 | custody | 2018-03-09 | 2018-05-01", None),
        ("e1 | 1 | custody | 2018-02-22 | 2018-02-27", "e1"),
        ("e1 | 1 | custody | 2017-01-01 | 2018-03-01", "e1"),
        ("e1 | 1 | custody | 2017-01-01 | 2018-02-28", None),
        ("e1 | 1 | custody | 2017-01-01 | -", "e1"),
        ("e1 | 1 | licence | 2018-03-01 | 2018-05-01", None),
        ("e1 | 2 | custody | 2018-03-01 | 2018-05-01", None),
        ("e1 | - | custody | 2018-03-01 | 2018-05-01", None),
    ],
)
def test_custody_begins_within_days_of_the_sentence_or_lasts_on_it(backend, drawn, found):
    episodes = f"episode | person | kind | from | to\n{drawn}"
    assert followed(backend, SENTENCED, "custody_id", episodes=episodes)[0] == {"m1": (found,)}


def test_custody_with_an_end_that_was_not_recorded_does_not_last(backend):
    episodes = """
    episode | person | kind    | from       | to | end
    e1      | 1      | custody | 2017-01-01 | -  | missing
    """
    found, _ = followed(backend, SENTENCED, *CUSTODY, episodes=episodes)
    assert found == {"m1": (None, stages.NOT_NEAR)}


def test_custody_that_lasts_on_the_day_goes_before_the_nearest_start_and_that_before_others(
    backend,
):
    episodes = """
    episode | person | kind    | from       | to
    e1      | 1      | custody | 2018-03-03 | 2018-05-01
    e2      | 1      | custody | 2018-02-26 | 2018-02-27
    e3      | 1      | custody | 2018-01-10 | 2018-03-01
    """
    found, _ = followed(backend, SENTENCED, "custody_id", "remand_id", episodes=episodes)
    assert found == {"m1": ("e3", "e3")}
    without = "\n".join(episodes.strip().splitlines()[:-1])
    found, _ = followed(backend, SENTENCED, "custody_id", "remand_how", episodes=without)
    assert found == {"m1": ("e1", stages.NOT_NEAR)}


def test_the_sentence_is_the_crown_courts_where_there_is_one(backend):
    episodes = """
    episode | person | kind    | from       | to
    e1      | 1      | custody | 2018-08-01 | 2019-05-01
    """
    columns = ("sentence", "sentence_date", "sentenced_by", "custody_id")
    found, _ = followed(backend, SENT, *columns, ties="case | to\nM | C", episodes=episodes)
    assert found["m1"] == ("immediate_custody", "2018-08-01", "crown", "e1")


def test_a_defendant_whose_records_were_linked_to_two_people_is_looked_for_as_both(backend):
    drawn = SENT.replace("c1  | C    | crown_trial | 1", "c1  | C    | crown_trial | 9")
    episodes = """
    episode | person | kind    | from       | to
    e1      | 1      | custody | 2018-08-01 | 2019-05-01
    e9      | 9      | licence | 2019-05-01 | 2020-05-01
    """
    columns = ("custody_id", "probation_id")
    found, _ = followed(backend, drawn, *columns, ties="case | to\nM | C", episodes=episodes)
    assert found["m1"] == ("e1", "e9")


@pytest.mark.parametrize(
    ("sentence", "episode"),
    [
        ("community_sentence", "p"),
        ("suspended_sentence", "p"),
        ("immediate_custody", "l"),
        ("fine", None),
    ],
)
def test_supervision_is_of_the_kind_that_the_sentence_leads_to(backend, sentence, episode):
    episodes = """
    episode | person | kind      | from       | to
    e1      | 1      | custody   | 2018-03-01 | 2018-05-01
    p       | 1      | probation | 2018-03-02 | 2019-05-01
    l       | 1      | licence   | 2018-05-01 | 2019-05-01
    """
    drawn = SENTENCED.replace("immediate_custody", sentence)
    found, _ = followed(backend, drawn, "probation_id", episodes=episodes)
    assert found == {"m1": (episode,)}


def test_of_two_equally_near_the_earlier_start_is_taken_and_then_the_smaller_id(backend):
    episodes = """
    episode | person | kind      | from       | to
    b       | 1      | probation | 2018-03-02 | 2019-05-01
    a       | 1      | probation | 2018-02-28 | 2019-05-01
    c       | 1      | probation | 2018-02-28 | 2019-05-01
    """
    drawn = SENTENCED.replace("immediate_custody", "community_sentence")
    assert followed(backend, drawn, "probation_id", episodes=episodes)[0] == {"m1": ("a",)}


def test_why_no_custody_was_found(backend):
    drawn = """
    row | case | type        | person | received   | ended      | sentence
    m1  | A    | magistrates | 1      | 2018-01-01 | 2018-03-01 | immediate_custody
    m2  | B    | magistrates | 2      | 2018-01-01 | 2018-03-01 | immediate_custody
    m3  | C    | magistrates | -      | 2018-01-01 | 2018-03-01 | immediate_custody
    m4  | D    | magistrates | 1      | 2012-01-01 | 2012-03-01 | immediate_custody
    m5  | E    | magistrates | 1      | 2024-01-01 | 2024-04-01 | immediate_custody
    """
    episodes = "episode | person | kind | from | to\ne1 | 1 | custody | 2014-01-01 | 2014-02-01"
    found, made = followed(backend, drawn, "custody_how", episodes=episodes)
    assert found == {
        "m1": (stages.NOT_NEAR,),
        "m2": (stages.NO_RECORD,),
        "m3": (stages.NOT_LINKED,),
        "m4": (stages.BEFORE,),
        "m5": (stages.AFTER,),
    }
    custody = made.attrition[made.attrition["stage"] == "custody under sentence"]
    assert (custody["defendants"].sum(), custody["is_joined"].any()) == (5, False)


def test_where_nobody_is_in_both_datasets_the_link_is_what_is_missing(backend):
    episodes = "episode | person | kind | from | to\ne1 | 7 | custody | 2018-03-01 | 2018-05-01"
    found, _ = followed(backend, SENTENCED, "custody_how", episodes=episodes)
    assert found == {"m1": (stages.NO_LINK,)}


def test_a_warehouse_without_criminal_cases_and_rules_without_sense_are_refused(backend):
    with pytest.raises(MetricError, match="criminal cases"):
        journeys(tables.warehouse(backend, {}))
    with pytest.raises(OptionError, match="custody_within_days"):
        JourneyRule(custody_within_days=-1)
