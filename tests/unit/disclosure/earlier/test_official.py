"""Published official tables are attacked beside what we release, where their files say how."""

from __future__ import annotations

import dataclasses

import pytest
import yaml

from justice_analysis.disclosure.earlier.official import Asked, past_outputs
from justice_analysis.disclosure.earlier.official_files import read
from justice_analysis.errors import DisclosureError
from tests.unit.disclosure.examples import frequencies, shares

AGES = {"all": 163, "a": 41, "b": 83, "c": 39}
OURS = Asked("repeat_mothers", "default", "by_age", frequencies(AGES))
TABLE = 'Age band,Mothers\nAll ages,"1,163"\nUnder 20,40\n20 to 29,c\n'
DESCRIBED = {
    "title": "Mothers by age",
    "source": "Ministry, table 3",
    "date": "2025-01-30",
    "counts": "mothers in proceedings",
    "population": "England, 2019",
    "table": "ages.csv",
    "columns": {"Age band": "age", "Mothers": "people"},
    "groups": {"age": {"All ages": "all", "Under 20": "a", "20 to 29": "b"}},
    "rounded_to": 5,
    "matches": {"study": "repeat_mothers", "output": "by_age"},
}


@pytest.fixture
def published(tmp_path):
    def make(content=TABLE, **changes):
        described = {**DESCRIBED, **changes}
        (tmp_path / "ages.csv").write_text(content)
        path = tmp_path / "ages.yaml"
        kept = {name: value for name, value in described.items() if value is not None}
        path.write_text(yaml.safe_dump(kept))
        return path

    return make


def test_a_table_is_read_under_our_names(published):
    official = read(published())
    assert list(official.table) == ["age", "people"]
    assert official.table["age"].tolist() == ["all", "a", "b"]
    assert official.table["people"].tolist() == ["1,163", "40", "c"]
    assert official.label == "published: Mothers by age (Ministry, table 3, 2025-01-30)"


def test_every_published_number_is_shown_and_an_unpublished_one_is_not_there(published):
    (past,), notes = past_outputs([read(published())], [OURS])
    assert notes == []
    assert past.hidden == frozenset()
    assert past.output.table["age"].tolist() == ["all", "a"]
    assert past.output.population_hash == OURS.output.population_hash
    assert past.output.card == OURS.output.card
    assert (past.profile.rounding_base, past.profile.minimum_count) == (5, 1)
    assert past.profile.mechanism["table"] == "round"


def test_a_rounded_number_stands_for_ours_where_ours_rounds_to_it(published):
    (past,), _ = past_outputs([read(published())], [OURS])
    assert past.output.table["people"].tolist() == [1163, 41]


def test_exact_numbers_are_read_exactly(published):
    (past,), _ = past_outputs([read(published(rounded_to=None))], [OURS])
    assert past.output.table["people"].tolist() == [1163, 40]
    assert past.profile.mechanism["table"] == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"matches": None},
        {"matches": {"study": "other", "output": "by_age"}},
        {"matches": {"study": "repeat_mothers", "output": "other"}},
        {"matches": {"study": "repeat_mothers", "output": "by_age", "variant": "strict"}},
        {"matches": None, "population_hash": "p9"},
    ],
)
def test_what_its_file_does_not_match_is_not_compared_and_said_so(published, changes):
    past, notes = past_outputs([read(published(**changes))], [OURS])
    assert past == []
    assert notes == [
        "Not compared with published: Mothers by age (Ministry, table 3, 2025-01-30): "
        "no output asked for matches it."
    ]


def test_a_population_may_be_named_by_its_hash(published):
    official = read(published(matches=None, population_hash="p1"))
    other = dataclasses.replace(OURS, id="b", output=frequencies(AGES, population_hash="p2"))
    past, _ = past_outputs([official], [other, OURS, OURS])
    assert [one.output.population_hash for one in past] == ["p1"]


def test_a_table_with_fewer_dimensions_counts_everyone_in_the_others(published):
    rows = [("all", "1 year", 120, 40), ("a", "1 year", 80, 22)]
    ours = Asked("s", "v", "by_group", shares(rows))
    official = read(
        published(
            "Group,Mothers\nAll,120\nUnder 20,80\n",
            columns={"Group": "group", "Mothers": "people"},
            groups={"group": {"All": "all", "Under 20": "a"}},
            matches={"study": "s", "output": "by_group"},
        )
    )
    (past,), _ = past_outputs([official], [ours])
    assert past.output.dimensions == ("group",)
    assert past.output.roles.numerator is None


def test_a_mark_that_nobody_named_is_no_count(published):
    path = published(TABLE.replace(",c", ",few"))
    with pytest.raises(DisclosureError, match="1 in people are neither"):
        past_outputs([read(path)], [OURS])
    path = published(TABLE.replace(",c", ",few"), not_published=["few"])
    assert len(past_outputs([read(path)], [OURS])[0][0].output.table) == 2


def test_columns_that_are_not_ours_are_refused(published):
    official = read(published(columns={"Age band": "colour", "Mothers": "people"}))
    with pytest.raises(DisclosureError, match="colour is none"):
        past_outputs([official], [OURS])
    official = read(published(columns={"Age band": "age"}))
    with pytest.raises(DisclosureError, match="people is missing"):
        past_outputs([official], [OURS])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"source": None}, "source is missing"),
        ({"colour": "red"}, "colour is not a field"),
        ({"rounded_to": 2}, "rounded_to must be 1"),
        ({"rounded_to": "5"}, "rounded_to must be 1"),
        ({"groups": ["a"]}, "groups must give names"),
        ({"matches": {"study": "s"}}, "must name study and output"),
        ({"population_hash": "p1"}, "either population_hash or matches"),
        ({"table": "none.csv"}, r"none.csv cannot be read"),
        ({"columns": {"Colour": "age"}}, "Colour is missing"),
    ],
)
def test_a_description_that_is_not_complete_is_refused(published, changes, problem):
    with pytest.raises(DisclosureError, match=problem):
        read(published(**changes))


def test_what_is_no_yaml_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_text("a: [")
    with pytest.raises(DisclosureError, match="readable YAML"):
        read(tmp_path / "x.yaml")
    with pytest.raises(DisclosureError, match="readable YAML"):
        read(tmp_path / "absent.yaml")
    (tmp_path / "x.yaml").write_text("- a")
    with pytest.raises(DisclosureError, match="field by field"):
        read(tmp_path / "x.yaml")


def test_what_others_published_is_attacked_beside_what_we_release(published, srs):
    from justice_analysis.disclosure.judge import judge
    from tests.unit.disclosure.examples import as_candidate

    groups = frequencies({"a": 40, "b": 85, "c": 40, "d": 3})
    ours = Asked("repeat_mothers", "default", "by_age", groups)
    total = published("Age band,Mothers\nAll ages,168\n", rounded_to=None)
    past, _ = past_outputs([read(total)], [ours])
    hidden = [
        [mark != "yes" for mark in decided.protected.table["shown"]]
        for decided in (
            judge([as_candidate(groups)], srs)[0],
            judge([as_candidate(groups)], srs, past=past)[0],
        )
    ]
    assert hidden[0] == [False, False, False, True]
    assert sum(hidden[1]) > 1
