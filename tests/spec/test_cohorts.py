"""Declared cohorts: who enters and who is left out, one drawn table a rule."""

from __future__ import annotations

import dataclasses

import ibis
import pytest

from justice_analysis import engine
from justice_analysis.cohorts import Cohort, Exclusion, FollowUp, declared, overlap
from justice_analysis.cohorts.declared.words import card_text
from justice_analysis.definitions import Need
from justice_analysis.errors import MetricError, OptionError, UsageError
from tests.spec import tables

ENTRANTS = """
person | index      | case | place | age
1      | 2011-01-01 | 11   | m:1   | 30
1      | 2016-05-01 | 12   | m:1   | 35
2      | 2016-01-01 | 21   | m:1   | 17
3      | 2016-12-31 | 31   | m:1   | -
4      | 2017-01-01 | 41   | m:1   | 40
5      | 2016-06-01 | 51   | m:2   | 40
6      | -          | 61   | m:1   | 40
7      | 2016-06-01 | 71   | m:1   | 40
7      | 2016-06-01 | 72   | m:1   | 40
"""
COVERAGE = [
    {"source": source, "place_id": place, "from_date": start, "to_date": "2024-04-01",
     "reason": "the extract", "source_table": "drawn", "source_key": "drawn"}
    for source in ("magistrates_defendant", "crown_court_defendant")
    for place, start in (("m:1", "2011-01-01"), ("m:2", "2015-06-02"))
]  # fmt: skip


@pytest.fixture
def held(backend):
    return tables.warehouse(backend, {"coverage": COVERAGE})


@pytest.fixture
def cohort(backend):
    """Adults who enter in 2016, on whatever is drawn."""
    rows = tables.read(ENTRANTS)
    columns = {
        "person_id": [int(row["person"]) for row in rows],
        "index_date": [row["index"] for row in rows],
        "index_case_id": [int(row["case"]) for row in rows],
        "place_id": [row["place"] for row in rows],
        "age": [int(row["age"]) if row["age"] else None for row in rows],
    }
    types = {"person_id": "int64", "index_date": "date", "index_case_id": "int64",
             "place_id": "string", "age": "int64"}  # fmt: skip
    drawn = engine.memory_table(backend, columns, types)
    return Cohort(
        name="drawn",
        title="Drawn",
        definition="Whoever is drawn.",
        unit="people",
        index="entry",
        entry=lambda warehouse: drawn,
        needs=(Need("magistrates_defendant", "mags_defendant_case", "receipt_date"),),
        source=("drawn",),
        index_from="2016-01-01",
        index_to="2017-01-01",
        exclusions=(Exclusion("those under 18", lambda people: people.age < 18),),
    )


def chosen(found):
    rows = engine.execute(found.table.select("person_id", "index_case_id"))
    return dict(sorted(zip(rows["person_id"], rows["index_case_id"], strict=True)))


def test_the_first_ever_entry_must_lie_in_the_window(cohort, held):
    found = cohort.of(held)
    assert chosen(found) == {3: 31, 5: 51, 7: 71}
    assert found.flow.table().values.tolist() == [
        ["people who could enter", 7, 0],
        ["entry dated", 6, 1],
        ["from 1 January 2016", 5, 1],
        ["before 1 January 2017", 4, 1],
        ["without those under 18", 3, 1],
    ]


def test_the_first_entry_in_the_window_may_follow_an_earlier_one(cohort, held):
    again = dataclasses.replace(cohort, pick=declared.FIRST_IN_WINDOW)
    assert chosen(again.of(held)) == {1: 12, 3: 31, 5: 51, 7: 71}


def test_who_is_not_known_to_be_excluded_stays_unless_the_rule_says_so(cohort, held):
    unknown = Exclusion("those of unknown age", lambda people: people.age.isnull())
    stricter = dataclasses.replace(cohort, exclusions=(*cohort.exclusions, unknown))
    assert chosen(stricter.of(held)) == {5: 51, 7: 71}


@pytest.mark.parametrize(("days", "kept"), [(365, {3: 31, 5: 51, 7: 71}), (366, {3: 31, 7: 71})])
def test_the_look_back_must_have_been_covered_where_the_person_entered(cohort, held, days, kept):
    back = dataclasses.replace(cohort, history="courts", lookback_days=days)
    assert chosen(back.of(held)) == kept


def test_follow_up_leaves_out_whoever_could_not_be_seen_at_the_start(cohort, held):
    rule = FollowUp("magistrates_defendant", days=30)
    early = dataclasses.replace(cohort, index_from=None, index_to=None, follow_up=rule)
    found = early.of(held)
    rows = engine.execute(found.table.select("person_id", "days_at_risk"))
    assert set(rows["days_at_risk"]) == {31}
    late = dataclasses.replace(rule, source="crown_court_defendant")
    none = tables.warehouse(engine.connect(threads=1), {})
    with pytest.raises(MetricError, match="needs coverage"):
        dataclasses.replace(early, entry=_one(none), follow_up=late).of(none)


def _one(warehouse):
    rows = engine.memory_table(
        warehouse.coverage.get_backend(),
        {"person_id": [1], "index_date": ["2016-01-01"], "index_case_id": [1],
         "place_id": [None], "age": [20]},
        {"person_id": "int64", "index_date": "date", "index_case_id": "int64",
         "place_id": "string", "age": "int64"},
    )  # fmt: skip
    return lambda _: rows


def test_the_same_people_have_the_same_name_and_another_window_another(cohort, held):
    found = cohort.of(held).population_hash
    assert cohort.of(held).population_hash == found
    assert cohort.between("2016-01-01", None).of(held).population_hash != found


def test_two_cohorts_are_compared_person_by_person(cohort, held):
    other = dataclasses.replace(cohort, pick=declared.FIRST_IN_WINDOW, exclusions=())
    found = overlap(cohort.of(held).table, other.of(held).table, keys=["person_id"])
    assert (found.in_both, found.only_first, found.only_second) == (3, 0, 2)
    assert found.agreeing == pytest.approx(3 / 5)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"index_from": "2017-01-01"}, "index_from must be before index_to"),
        ({"index_from": "1 January"}, "index_from must be a date"),
        ({"lookback_days": 5}, "history must be one of"),
        ({"lookback_days": -1}, "lookback_days must be 0 or more"),
        ({"pick": "last"}, "pick must be"),
        ({"source": ()}, "must name its source"),
        ({"follow_up": FollowUp("probation", days=-1)}, "days of follow-up"),
    ],
)
def test_a_wrong_cohort_cannot_be_made(cohort, wrong, words):
    with pytest.raises(OptionError, match=words):
        dataclasses.replace(cohort, **wrong)


def test_an_entry_that_lacks_what_is_needed_is_refused(cohort, held):
    short = dataclasses.replace(cohort, entry=lambda w: cohort.entry(w).drop("place_id"))
    with pytest.raises(UsageError, match="must give place_id"):
        short.of(held)
    nobody = dataclasses.replace(
        cohort, entry=lambda w: cohort.entry(w).filter(ibis.literal(False))
    )
    with pytest.raises(MetricError, match="drawn is empty"):
        nobody.of(held)
    blank = ibis.null("int64")
    unnamed = dataclasses.replace(cohort, entry=lambda w: cohort.entry(w).mutate(person_id=blank))
    with pytest.raises(MetricError, match="9 rows have none"):
        unnamed.of(held)


def test_every_shipped_cohort_says_what_it_is(held):
    for name in declared.names():
        shipped = declared.get(name)
        assert shipped.status in ("backed", "assumed")
        assert shipped.definition.split(".")[0][:60] in card_text(shipped).replace("\n", " ")
    with pytest.raises(UsageError, match="Did you mean released_from_sentence"):
        declared.get("released_from_sentences")


def test_a_release_ends_a_spell_with_a_sentence_and_no_other(backend):
    drawn = """
    episode | person | part | status   | from       | to         | end
    j1      | 1      | -    | -        | 2016-01-01 | 2016-06-01 | ended
    s1      | 1      | j1   | remand   | 2016-01-01 | 2016-03-01 | ended
    s2      | 1      | j1   | sentence | 2016-03-01 | 2016-06-01 | ended
    j2      | 2      | -    | -        | 2016-01-01 | 2016-06-01 | ended
    s3      | 2      | j2   | remand   | 2016-01-01 | 2016-06-01 | ended
    j3      | 3      | -    | -        | 2016-01-01 | -          | missing
    s4      | 3      | j3   | sentence | 2016-01-01 | 2016-06-01 | ended
    j4      | 4      | -    | -        | 2016-01-01 | -          | open_at_extract
    s5      | 4      | j4   | sentence | 2016-01-01 | -          | open_at_extract
    j5      | 5      | -    | -        | 2015-01-01 | 2015-06-01 | ended
    s6      | 5      | j5   | sentence | 2015-01-01 | 2015-06-01 | ended
    j6      | 5      | -    | -        | 2016-01-01 | 2016-06-01 | ended
    s7      | 5      | j6   | recall   | 2016-01-01 | 2016-06-01 | ended
    """
    episodes = [
        {"episode_id": row["episode"], "person_id": row["person"], "kind": "custody",
         "granularity": "segment" if row["part"] else "journey",
         "parent_episode_id": row["part"], "legal_status": row["status"],
         "start_date": row["from"], "end_date": row["to"], "end_reason": row["end"],
         "source": "prisoner_custodial_journey", "source_table": "drawn", "source_key": "drawn"}
        for row in tables.read(drawn)
    ]  # fmt: skip
    held = tables.warehouse(backend, {"episode": episodes, "coverage": COVERAGE})
    rule = dataclasses.replace(declared.get("released_from_sentence"), follow_up=None)
    rows = engine.execute(rule.of(held).table.select("person_id", "index_date"))
    found = {
        row["person_id"]: row["index_date"].isoformat()[:10] for row in rows.to_dict("records")
    }
    assert found == {1: "2016-06-01"}
