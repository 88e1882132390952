"""Which case rows are one set of proceedings."""

import json

import pytest

from justice_analysis import contracts, engine
from justice_analysis.errors import LinkageError, OptionError
from justice_analysis.linkage import proceedings
from justice_analysis.linkage.proceedings import ProceedingsRule
from tests.delivered import plain

CASE = {
    "case_id": "string",
    "case_type": "string",
    "received_date": "date",
    "source": "string",
}
PARTY = {"case_id": "string", "person_id": "int64", "role": "string"}
SOURCES = {"e": "cafcass_england", "f": "family_court", "w": "cafcass_cymru"}


@pytest.fixture
def pairs(table):
    """Pairs found among (case, date, people); a name's first letter says the source."""

    def run(*cases, rule=None, roles=None, kinds=None):
        rule, roles, kinds = rule or ProceedingsRule(), roles or {}, kinds or {}
        rows = [
            (name, kinds.get(name, "care_proceedings"), day, SOURCES[name[0]])
            for name, day, _ in cases
        ]
        parties = [
            (name, person, roles.get(name, "respondent"))
            for name, _, people in cases
            for person in people
        ]
        found = proceedings.found_links(table(CASE, rows), table(PARTY, parties), rule)
        return plain(engine.execute(found.select("case_id", "related_case_id", "score")))

    return run


def test_cases_of_two_sources_that_share_a_person_within_days_are_one(pairs):
    found = pairs(("e1", "2015-01-01", [1, 2]), ("f1", "2015-01-15", [1, 2, 3]))
    assert found == [("e1", "f1", 2.0)]


def test_cases_further_apart_are_not_and_the_option_says_how_far(pairs):
    cases = (("e1", "2015-01-01", [1]), ("f1", "2015-01-16", [1]))
    assert pairs(*cases) == []
    assert pairs(*cases, rule=ProceedingsRule(within_days=15)) == [("e1", "f1", 1.0)]


@pytest.mark.parametrize(
    "difference",
    [
        {"kinds": {"f1": "private_law"}},
        {"roles": {"f1": "other"}},
        {"roles": {"e1": "unclear"}},
    ],
)
def test_the_type_must_be_the_same_and_the_shared_person_an_adult_or_subject(pairs, difference):
    cases = (("e1", "2015-01-01", [1]), ("f1", "2015-01-01", [1]))
    assert pairs(*cases, **difference) == []


def test_unlinked_people_are_never_shared(pairs):
    assert pairs(("e1", "2015-01-01", [None]), ("f1", "2015-01-01", [None])) == []


def test_most_shared_people_win_then_the_nearest_date_then_the_smallest_id(pairs):
    assert pairs(
        ("e1", "2015-01-01", [1]), ("e2", "2015-01-10", [1, 2]), ("f1", "2015-01-01", [1, 2])
    ) == [("e2", "f1", 2.0)]
    assert pairs(
        ("e1", "2015-01-01", [1]), ("e2", "2015-01-08", [1]), ("f1", "2015-01-09", [1])
    ) == [("e2", "f1", 1.0)]
    assert pairs(
        ("e2", "2015-01-01", [1]), ("e1", "2015-01-01", [1]), ("f1", "2015-01-01", [1])
    ) == [("e1", "f1", 1.0)]


def test_a_family_court_case_never_draws_two_cafcass_cases_together(pairs, table):
    found = pairs(
        ("e1", "2015-01-01", [1, 2]), ("e2", "2015-01-02", [1, 2]), ("f1", "2015-01-01", [1, 2])
    )
    assert found == [("e1", "f1", 2.0)]
    names = ["case_id", "related_case_id"]
    links = table(dict.fromkeys(names, "string"), [row[:2] for row in found])
    labels = plain(engine.execute(proceedings.proceedings_of(links).select("case_id")))
    assert ("e2",) not in labels


def test_a_case_that_lost_its_best_partner_gets_the_next(pairs):
    found = pairs(
        ("e1", "2015-01-01", [1, 2, 3]),
        ("e2", "2015-01-01", [1, 2]),
        ("f1", "2015-01-01", [1, 2, 3]),
        ("f2", "2015-01-01", [1]),
    )
    assert found == [("e1", "f1", 3.0), ("e2", "f2", 1.0)]


def test_a_case_with_one_candidate_yields_to_a_stronger_rival_for_it(pairs):
    found = pairs(
        ("e1", "2015-01-01", [1, 2, 3]),
        ("e2", "2015-01-01", [3]),
        ("f1", "2015-01-01", [1, 2, 3]),
        ("f2", "2015-01-01", [1]),
    )
    assert found == [("e1", "f1", 3.0)]


def test_linked_cases_take_the_smallest_id_of_all_they_lead_to(table):
    ties = [("e5", "f1"), ("f1", "f2"), ("f2", "f3"), ("e1", "f3"), ("e8", "f9")]
    links = table(dict.fromkeys(["case_id", "related_case_id"], "string"), ties)
    found = dict(plain(engine.execute(proceedings.proceedings_of(links))))
    assert found == {**dict.fromkeys(["e1", "e5", "f1", "f2", "f3"], "e1"), "e8": "e8", "f9": "e8"}


@pytest.fixture
def sets(table):
    """Case and set of proceedings, from ties (case, related case, relation[, score])."""

    def run(*ties, rule=None):
        rows = [(*tie, None) if len(tie) == 3 else tie for tie in ties]
        names = sorted({case for row in rows for case in row[:2]})
        schema = dict.fromkeys(["case_id", "related_case_id", "relation"], "string")
        links = table({**schema, "score": "float64"}, rows)
        cases = table({"case_id": "string"}, [(name,) for name in names])
        found = proceedings.with_proceedings(cases, links, rule or ProceedingsRule())
        return dict(plain(engine.execute(found.select("case_id", "proceeding_id"))))

    return run


def test_only_the_relations_that_are_asked_for_merge_and_others_keep_their_own_id(sets):
    ties = [("e1", "f1", "same_proceedings"), ("f1", "f2", "consolidated")]
    found = sets(*ties, rule=ProceedingsRule(merge=("same_proceedings",)))
    assert found == {"e1": "e1", "f1": "e1", "f2": "f2"}


@pytest.mark.parametrize(
    ("relation", "is_one_set"),
    [
        ("same_proceedings", True),
        ("consolidated", True),
        ("transfer", True),
        ("committal", True),
        ("appeal", False),
        ("sibling", False),
        ("breach_of", False),
    ],
)
def test_by_default_an_appeal_a_breach_and_a_siblings_case_are_sets_of_their_own(
    sets, relation, is_one_set
):
    assert sets(("m", "x", relation)) == {"m": "m", "x": "m" if is_one_set else "x"}
    rule = ProceedingsRule(merge=(relation,))
    assert sets(("m", "x", relation), rule=rule) == {"m": "m", "x": "m"}


def test_the_relations_are_those_of_the_common_model():
    relation = contracts.common_model().table("case_link").field("relation")
    assert set(proceedings.RELATIONS) == {category.value for category in relation.categories}


def test_a_weak_tie_may_be_left_out_and_one_without_a_score_never_is(sets):
    ties = [("a", "b", "committal", 0.4), ("c", "d", "committal", 0.5), ("e", "f", "transfer")]
    found = sets(*ties, rule=ProceedingsRule(least_score=0.5))
    assert found == {"a": "a", "b": "b", "c": "c", "d": "c", "e": "e", "f": "e"}


def test_a_case_is_paired_with_one_of_each_other_system(pairs):
    cases = (("e1", "2015-01-01", [1]), ("w1", "2015-01-01", [1]), ("f1", "2015-01-01", [1]))
    assert pairs(*cases) == [("e1", "f1", 1.0), ("w1", "f1", 1.0)]
    rule = ProceedingsRule(sources=(("cafcass_cymru", "family_court"),))
    assert pairs(*cases, rule=rule) == [("w1", "f1", 1.0)]


def test_two_sources_of_the_same_proceedings_without_a_rule_are_refused():
    rule = ProceedingsRule(merge=("consolidated",))
    with pytest.raises(LinkageError, match="cafcass_england and family_court are loaded"):
        proceedings.check_sources(rule, ["cafcass_england", "family_court"])
    proceedings.check_sources(rule, ["family_court"])
    proceedings.check_sources(ProceedingsRule(), ["cafcass_england", "family_court"])


def test_a_rule_is_read_back_from_a_manifest_as_it_was():
    rule = ProceedingsRule(merge=("committal",), least_score=0.2)
    record = json.loads(json.dumps(rule.as_record()))
    assert ProceedingsRule.from_record(record) == rule


def test_a_rule_that_is_not_known_or_makes_no_sense_is_refused():
    with pytest.raises(OptionError, match="not known"):
        ProceedingsRule(name="nearest")
    with pytest.raises(OptionError, match="within_days"):
        ProceedingsRule(within_days=-1)
    with pytest.raises(OptionError, match="merge must name"):
        ProceedingsRule(merge=("cousin",))
