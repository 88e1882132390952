"""Which case rows are one set of proceedings."""

import pytest

from justice_analysis import engine
from justice_analysis.errors import OptionError
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
SOURCES = {"e": "cafcass_england", "f": "family_court"}


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
        found = proceedings.same_proceedings(table(CASE, rows), table(PARTY, parties), rule)
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


def test_only_the_relations_that_are_asked_for_merge_and_others_keep_their_own_id(table):
    cases = table({"case_id": "string"}, [("e1",), ("f1",), ("f2",)])
    schema = dict.fromkeys(["case_id", "related_case_id", "relation"], "string")
    links = table(schema, [("e1", "f1", "same_proceedings"), ("f1", "f2", "consolidated")])
    rule = ProceedingsRule(merge=("same_proceedings",))
    found = proceedings.with_proceedings(cases, links, rule)
    assert plain(engine.execute(found.select("case_id", "proceeding_id"))) == [
        ("e1", "e1"),
        ("f1", "e1"),
        ("f2", "f2"),
    ]


def test_a_rule_that_is_not_known_or_makes_no_sense_is_refused():
    with pytest.raises(OptionError, match="not known"):
        ProceedingsRule(name="nearest")
    with pytest.raises(OptionError, match="within_days"):
        ProceedingsRule(within_days=-1)
