"""Table 1 against numbers worked out person by person."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from justice_analysis import engine
from justice_analysis.disclosure import load
from justice_analysis.disclosure.kinds import RULES
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics.estimates.measured import About
from justice_analysis.metrics.estimates.table_one import table_one
from justice_analysis.metrics.quality.definition_overlap import CARD, OverlapOptions

ABOUT = About(CARD, OverlapOptions(), "people", "Everyone drawn", "abc")
TYPES = {"person_id": "int64", "arm": "string", "sex": "string", "place": "string",
         "age": "int64"}  # fmt: skip


@pytest.fixture(scope="module")
def backend():
    opened = engine.connect(threads=1)
    yield opened
    opened.disconnect()


def drawn(backend, rows):
    columns = {name: [row[place] for row in rows] for place, name in enumerate(TYPES)}
    return engine.memory_table(backend, columns, TYPES)


@pytest.fixture(scope="module")
def rows():
    chance = random.Random(3)
    return [
        (
            number,
            chance.choice(["asked", "not asked"]),
            chance.choice(["female", "male", None]),
            chance.choice(["north", "south", "west"]),
            chance.choice([None, *range(18, 60)]),
        )
        for number in range(240)
    ]


@pytest.fixture(scope="module")
def described(backend, rows):
    return table_one(
        ABOUT,
        drawn(backend, rows),
        by="arm",
        categories={"sex": "Sex", "place": "Place"},
        quantities={"age": "age in years"},
    )


def cell(found, characteristic, level, group, column):
    table = found.table
    row = table[
        (table["characteristic"] == characteristic)
        & (table["level"] == level)
        & (table["arm"] == group)
    ]
    assert len(row) == 1
    return row[column].iloc[0]


@pytest.mark.parametrize("group", ["asked", "not asked", "all"])
def test_levels_are_shares_of_everyone_in_the_group_with_not_known_shown(described, rows, group):
    of_group = [row for row in rows if group in ("all", row[1])]
    for level, value in (("female", "female"), ("male", "male"), ("not known", None)):
        people = sum(row[2] == value for row in of_group)
        assert cell(described, "Sex", level, group, "people") == people
        share = cell(described, "Sex", level, group, "share")
        assert share == pytest.approx(people / len(of_group))


@pytest.mark.parametrize("group", ["asked", "not asked", "all"])
def test_quantities_are_of_those_of_whom_they_are_known(described, rows, group):
    ages = sorted(row[4] for row in rows if group in ("all", row[1]) and row[4] is not None)
    expected = {
        "people": len(ages),
        "mean": statistics.mean(ages),
        "sd": statistics.stdev(ages),
        "median": statistics.median(ages),
        "percentile_25": statistics.quantiles(ages, n=4, method="inclusive")[0],
        "percentile_75": statistics.quantiles(ages, n=4, method="inclusive")[2],
    }
    for column, value in expected.items():
        assert cell(described, "age in years", "", group, column) == pytest.approx(value)


def test_people_of_whom_a_quantity_is_not_known_are_counted(described, rows):
    missing = sum(row[1] == "asked" and row[4] is None for row in rows)
    assert missing > 0
    assert cell(described, "age in years", "not known", "asked", "people") == missing


def difference(found, name):
    return found.differences.set_index("characteristic").loc[name, "standardised_difference"]


def test_differences_are_of_those_known_first_group_minus_second(described, rows):
    first, second = ([row for row in rows if row[1] == arm] for arm in ("asked", "not asked"))
    male = [
        sum(row[2] == "male" for row in arm) / sum(row[2] is not None for row in arm)
        for arm in (first, second)
    ]
    spread = math.sqrt(sum(share * (1 - share) for share in male) / 2)
    assert difference(described, "Sex") == pytest.approx((male[0] - male[1]) / spread)
    ages = [[row[4] for row in arm if row[4] is not None] for arm in (first, second)]
    spread = math.sqrt(sum(statistics.variance(values) for values in ages) / 2)
    gap = statistics.mean(ages[0]) - statistics.mean(ages[1])
    assert difference(described, "age in years") == pytest.approx(gap / spread)
    assert difference(described, "Place") >= 0


def test_each_part_but_the_differences_has_a_rule_of_disclosure_control(described):
    profile = load("ons-srs")
    for name, output in described.outputs.items():
        rules = RULES[output.kind]
        problems = rules.broken(output, profile) if rules.broken else []
        assert problems == []
        lacking = rules.without_rule(output, profile)
        assert bool(lacking) == (name == "standardised differences")


def test_a_quantity_known_of_nobody_is_shown_as_not_known(backend):
    people = drawn(backend, [(1, "a", "male", "north", None), (2, "b", "male", "north", None)])
    found = table_one(ABOUT, people, by="arm", quantities={"age": "age in years"})
    assert cell(found, "age in years", "not known", "a", "share") == 1
    assert "age in years" not in found.outputs
    assert found.differences.empty


def test_one_group_has_no_difference(backend):
    people = drawn(backend, [(1, "a", "male", "north", 3), (2, "a", "female", "north", 4)])
    found = table_one(ABOUT, people, by="arm", categories={"sex": "Sex"})
    assert found.differences.empty
    assert "standardised differences" not in found.outputs


def test_what_cannot_be_described_is_refused(backend, rows):
    people = drawn(backend, rows)
    with pytest.raises(OptionError, match="no category or quantity"):
        table_one(ABOUT, people, by="arm")
    with pytest.raises(OptionError, match="sex must be one thing only"):
        table_one(ABOUT, people, by="sex", categories={"sex": "Sex"})
    with pytest.raises(OptionError, match="words of its own"):
        table_one(ABOUT, people, by="arm", categories={"sex": "X", "place": "X"})
    with pytest.raises(MetricError, match="240 rows repeat"):
        table_one(ABOUT, people.union(people), by="arm", categories={"sex": "Sex"})
    none = people.filter(people.age < 0)
    with pytest.raises(MetricError, match="there are none"):
        table_one(ABOUT, none, by="arm", categories={"sex": "Sex"})
