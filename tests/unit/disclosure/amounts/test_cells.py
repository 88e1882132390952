"""Sums that are hidden stay hidden beside sums, means, hierarchies and wider populations."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from justice_analysis import engine
from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.amounts.cells import SQUARES
from justice_analysis.disclosure.amounts.hiding import further_to_hide, ranges_of_hidden
from justice_analysis.disclosure.amounts.stated import amounts_of
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.metrics.estimates.quantities import people_by_bin, quantity_by_group
from tests.unit.disclosure.examples import as_candidate
from tests.unit.disclosure.kinds.quantity_examples import LARGEST, output, sums, with_mechanism

# Of b's 5,100 days one person has 4,700.
ROWS = {
    "all": (190, 20_100, 4_700, 700),
    "a": (100, 11_000, 500, 400),
    "b": (50, 5_100, 4_700, 100),
    "c": (40, 4_000, 700, 600),
}


@pytest.fixture
def suppress(srs):
    return with_mechanism(srs, "suppress")


def means(rows, deviations=None, **changes):
    """By group: people, total, largest; the total stays inside, its mean is shown."""
    table = sums(rows).table
    table["mean"] = table["total"] / table["people"]
    names = ["mean"]
    if deviations:
        table["sd"] = deviations
        names.append("sd")
    roles = ColumnRoles(
        people="people",
        total="total",
        largest=LARGEST,
        estimate=tuple(names),
        statistic={name: name for name in names},
    )
    return output("summary", table, roles, **changes)


def groups_hidden(outputs, profile, hidden=(), **options):
    found = further_to_hide(outputs, set(hidden), profile, **options)
    return {(number, outputs[number].table.iloc[row, 0]) for number, row in found}


def test_a_lone_hidden_sum_takes_the_cheapest_other_with_it_where_totals_are_true(suppress):
    assert groups_hidden([sums(ROWS)], suppress) == {(0, "b"), (0, "c")}


def test_rounding_can_leave_room_enough_for_a_lone_hidden_sum(srs):
    found = sums(ROWS)
    assert groups_hidden([found], srs) == {(0, "b")}
    ((true, low, high, *_),) = ranges_of_hidden([found], {(0, 2)}, srs).values()
    assert low <= 0.9 * true
    assert high >= 1.1 * true


def test_a_mean_beside_its_count_is_a_sum(suppress):
    assert groups_hidden([means(ROWS)], suppress) == {(0, "b"), (0, "c")}


def test_means_in_one_output_and_sums_in_another_are_one_quantity(suppress):
    found = groups_hidden([sums(ROWS), means(ROWS)], suppress)
    assert found == {(0, "b"), (0, "c"), (1, "b"), (1, "c")}


def test_the_total_may_stand_in_another_output(suppress):
    parts = sums({name: row for name, row in ROWS.items() if name != "all"})
    whole = sums({"all": ROWS["all"]})
    assert groups_hidden([parts], suppress) == {(0, "b")}
    assert groups_hidden([parts, whole], suppress) == {(0, "b"), (0, "c")}


def test_two_breakdowns_without_their_total_share_it(suppress):
    parts = sums({name: row for name, row in ROWS.items() if name != "all"})
    by_sex = sums({"F": (90, 9_100, 700, 600), "M": (100, 11_000, 4_700, 500)})
    renamed = by_sex.table.rename(columns={"group": "sex"})
    by_sex = dataclasses.replace(by_sex, table=renamed, dimensions=("sex",))
    found = groups_hidden([parts, by_sex], suppress)
    assert (0, "b") in found
    assert len(found) == 2


def test_a_sum_of_few_families_does_not_come_back_from_its_total(suppress):
    rows = {**ROWS, "b": (50, 5_100, 700, 600), "all": (190, 20_100, 700, 600)}
    found = sums(rows)
    table = found.table.assign(families=[90, 60, 4, 20])
    roles = dataclasses.replace(found.roles, families="families")
    of_children = dataclasses.replace(found, table=table, roles=roles, about="children")
    assert groups_hidden([of_children], suppress) == {(0, "b"), (0, "c")}


def test_another_quantity_or_population_gives_nothing_away(suppress):
    parts = sums({name: row for name, row in ROWS.items() if name != "all"})
    other = sums({"all": ROWS["all"]}, options={"quantity": "pounds"})
    elsewhere = sums({"all": ROWS["all"]}, population_hash="p2")
    assert groups_hidden([parts, other, elsewhere], suppress) == {(0, "b")}


def test_a_population_within_another_leaves_the_few_outside_it(suppress):
    """The wider sum less the narrower is what the five people outside have."""
    everyone = sums({"all": (190, 20_100, 700, 600)})
    most = sums({"all": (185, 19_600, 700, 600)}, population_hash="p2", within=("p1",))
    assert groups_hidden([everyone, most], suppress) == {(1, "all")}
    half = sums({"all": (90, 9_600, 700, 600)}, population_hash="p2", within=("p1",))
    assert groups_hidden([everyone, half], suppress) == set()


def test_a_child_does_not_come_back_from_its_parent(suppress):
    rows = {
        "all": (290, 30_100, 4_700, 700),
        "north": (150, 16_100, 4_700, 500),
        "a": (100, 11_000, 500, 400),
        "b": (50, 5_100, 4_700, 100),
        "south": (140, 14_000, 700, 600),
    }
    found = sums(rows, hierarchy={"group": {"a": "north", "b": "north"}})
    assert groups_hidden([found], suppress) == {(0, "a"), (0, "b")}
    without_parent = {name: row for name, row in rows.items() if name != "north"}
    alone = sums(without_parent, hierarchy={"group": {"a": "north", "b": "north"}})
    assert len(groups_hidden([alone], suppress)) == 2


def test_a_hierarchy_that_runs_in_circles_ends(suppress):
    found = sums(ROWS, hierarchy={"group": {"a": "b", "b": "a"}})
    assert amounts_of([found], [suppress]).cells


def test_sums_of_squares_are_cells_where_deviations_are_shown(srs):
    found = amounts_of([means(ROWS, [300.0, 70, 500, 90])], [srs])
    squares = {name for name in found.cells if name[2] == SQUARES}
    assert len(squares) == 4
    everyone = found.cells["p1", "days in custody", SQUARES, ()]
    assert everyone.value == pytest.approx(189 * 300**2 + 190 * (20_100 / 190) ** 2)
    assert everyone.low <= everyone.value <= everyone.high


def test_an_insider_s_own_part_gives_no_other_sum_away(suppress):
    """c's one large contributor knows most of c, and so would know b."""
    rows = {
        "all": (190, 20_100, 4_700, 3_990),
        "a": (100, 11_000, 500, 400),
        "b": (50, 5_100, 4_700, 100),
        "c": (40, 4_000, 3_990, 5),
    }
    assert groups_hidden([sums(rows)], suppress) != {(0, "b"), (0, "c")}
    assert {(0, "b"), (0, "c")} < groups_hidden([sums(rows)], suppress)


def test_a_hidden_sum_of_nothing_must_be_able_to_be_a_person_s(suppress):
    rows = {
        "all": (109, 11_000, 500, 400),
        "a": (100, 11_000, 500, 400),
        "b": (9, 0, 0, 0),
    }
    assert groups_hidden([sums(rows)], suppress) != {(0, "b")}


def test_what_left_before_stays_as_it_left(suppress):
    whole = sums({"all": ROWS["all"], "a": ROWS["a"]})
    parts = sums({name: row for name, row in ROWS.items() if name != "all"})
    found = groups_hidden([parts, whole], suppress, released=[1])
    assert found == {(0, "b"), (0, "c")}


def test_a_sum_hidden_in_a_release_is_protected_in_the_next(suppress):
    earlier = sums(ROWS)
    later = sums({"c": ROWS["c"]})
    hidden = {(0, 2), (0, 3)}
    assert groups_hidden([earlier, later], suppress, hidden, released=[0]) == {(1, "c")}


def test_what_was_known_before_blocks_nothing_and_stays_hidden(suppress):
    earlier = sums({"all": ROWS["all"], "a": ROWS["a"], "c": ROWS["c"]})
    asked = sums({"b": ROWS["b"], "c": ROWS["c"]})
    assert groups_hidden([earlier, asked], suppress, released=[0]) == {(1, "b")}


def test_true_sums_may_not_narrow_what_rounded_ones_left_open(suppress, srs):
    earlier, hidden = sums(ROWS), {(0, 2)}
    asked = {"profiles": [srs, suppress], "released": [0]}
    one = sums({"a": ROWS["a"]})
    assert groups_hidden([earlier, one], suppress, hidden, **asked) == set()
    both = sums({"all": ROWS["all"], "a": ROWS["a"]})
    assert groups_hidden([earlier, both], suppress, hidden, **asked) == {(1, "a")}


def test_groups_shown_in_two_outputs_are_one_line(suppress):
    some = sums({"all": ROWS["all"], "a": ROWS["a"]})
    others = sums({"b": ROWS["b"], "c": ROWS["c"]})
    assert groups_hidden([some, others], suppress) == {(1, "b"), (1, "c")}


def test_two_groupings_of_one_dimension_are_not_added_to_each_other(suppress):
    wider = sums({"a or c": (140, 15_000, 700, 600), "b or d": (50, 5_100, 900, 700)})
    found = amounts_of([sums(ROWS), wider], [suppress] * 2)
    assert max(len(one.parts) for one in found.sums) == 3


def test_rows_hidden_already_are_not_named_again(suppress):
    assert further_to_hide([sums(ROWS)], {(0, 2), (0, 3)}, suppress) == set()


def test_outputs_without_quantities_need_nothing(suppress):
    table = output("table", pd.DataFrame({"g": ["a"], "people": [3]}), ColumnRoles(people="people"))
    assert further_to_hide([table], set(), suppress) == set()


def test_quantities_that_need_no_protection_are_not_attacked(srs):
    assert further_to_hide([sums(ROWS)], set(), with_mechanism(srs, "none")) == set()


def test_crossed_totals_protect_in_both_directions(suppress):
    table = pd.DataFrame(
        [
            (sex, place, people, float(total), 20.0, 10.0)
            for sex, place, people, total in [
                ("F", "x", 5, 90), ("F", "y", 50, 900), ("F", "z", 50, 700),
                ("F", "all", 105, 1690), ("M", "x", 60, 800), ("M", "y", 70, 650),
                ("M", "z", 40, 500),
                ("M", "all", 170, 1950), ("all", "x", 65, 890), ("all", "y", 120, 1550),
                ("all", "z", 90, 1200), ("all", "all", 275, 3640),
            ]
        ],
        columns=["sex", "place", "people", "total", *LARGEST],
    )  # fmt: skip
    found = output("magnitude", table, ColumnRoles(people="people", total="total", largest=LARGEST))
    rows = {row for _, row in further_to_hide([found], set(), suppress)}
    assert len(rows) == 4  # the smallest pattern: two rows by two columns
    (true, low, high, *_), *_ = ranges_of_hidden([found], {(0, r) for r in rows}, suppress).values()
    assert low <= 0.9 * true
    assert high >= 1.1 * true


def judged(outputs, profile):
    candidates = [as_candidate(found, f"output_{n}") for n, found in enumerate(outputs)]
    return judge(candidates, profile)


def seen_hidden(decision):
    table = decision.protected.table
    return set(table.loc[table["shown"] == "suppressed", "group"])


def test_outputs_that_leave_together_hide_the_same_sums(suppress):
    decisions = judged([sums(ROWS), means(ROWS)], suppress)
    assert [one.verdict.status for one in decisions] == ["pass", "pass"]
    assert [seen_hidden(one) for one in decisions] == [{"b", "c"}, {"b", "c"}]


def test_a_row_hidden_for_its_sum_is_hidden_in_a_summary_of_the_same_people(srs):
    decisions = judged([means(ROWS), sums(ROWS)], srs)
    assert [seen_hidden(one) for one in decisions] == [{"b"}, {"b"}]


def test_a_mean_asked_for_later_obeys_the_sums_that_left(suppress):
    left = Past(sums(ROWS), frozenset({2, 3}), suppress, "spring")
    (later,) = judge([as_candidate(means(ROWS))], suppress, past=[left])
    assert later.verdict.status == "pass"
    assert seen_hidden(later) == {"b", "c"}
    rest = means({name: ROWS[name] for name in ("all", "c")})
    (later,) = judge([as_candidate(rest)], suppress, past=[left])
    assert seen_hidden(later) == {"c"}


def test_the_checker_sees_what_is_left_of_every_hidden_sum(suppress):
    first, second = judged([sums(ROWS), sums(ROWS, population_hash="p2")], suppress)
    (found,) = first.verdict.evidence["sums"]
    assert found["cell"] == "days in custody (sum): group b"
    assert found["true"] == 5_100
    assert found["low"] <= found["needed_low"] < found["true"]
    assert found["high"] >= found["needed_high"] > found["true"]
    assert len(second.verdict.evidence["sums"]) == 1


def sentence(group, **changes):
    """The mean of one group, said in words."""
    people, total, *largest = ROWS[group]
    row = {"name": ["said"], "people": [people], "mean": [total / people]}
    table = pd.DataFrame({**row, LARGEST[0]: [largest[0]], LARGEST[1]: [largest[1]]})
    roles = ColumnRoles(
        people="people", estimate=("mean",), statistic={"mean": "mean"}, largest=LARGEST
    )
    options = {"formats": {"said": "days"}}
    return output("text", table, roles, **{"options": options, **changes})


def test_a_mean_in_a_sentence_says_its_sum_again(suppress):
    alone = groups_hidden([sums(ROWS), sentence("a")], suppress)
    assert alone == {(0, "b"), (0, "c")}
    both = groups_hidden([sums(ROWS), sentence("c")], suppress)
    assert (0, "a") in both or (1, "said") in both


def test_a_sentence_about_everyone_is_the_total_of_the_groups(suppress):
    parts = sums({name: row for name, row in ROWS.items() if name != "all"})
    hidden = groups_hidden([parts, sentence("all")], suppress)
    assert len(hidden) == 2


def test_a_sentence_about_other_people_says_nothing_of_these(suppress):
    elsewhere = sentence("c", population_hash="p2")
    assert groups_hidden([sums(ROWS), elsewhere], suppress) == {(0, "b"), (0, "c")}


def test_a_quantity_from_the_engine_is_released_with_all_its_outputs(srs):
    random = np.random.default_rng(4)
    people = pd.DataFrame(
        {
            "person_id": range(3000),
            "days": random.gamma(2, 60, 3000).round(),
            "sex": random.choice(["F", "M"], 3000),
            "prison_id": random.choice(list("abcdef"), 3000),
        }
    )
    schema = {"person_id": "int64", "days": "float64", "sex": "string", "prison_id": "string"}
    table = engine.memory_table(engine.connect(), people, schema)
    asked = {"quantity": "days", "words": "days in custody", "by": ("sex",)}
    found = quantity_by_group(table, **asked, organisation="prison_id")
    bins = people_by_bin(table, **asked, edges=(0, 30, 60, 90, 180, 365, 730))
    who = {"unit": "people", "population": "people", "population_hash": "p9", "card": "days"}
    outputs = [
        found.sums(title="Sums", with_means=True, **who),
        found.summary(title="Means", **who),
        found.box_plot(title="Boxes", **who),
        bins.histogram(title="Histogram", **who),
    ]
    decisions = judged(outputs, srs)
    assert [one.verdict.status for one in decisions] == ["pass"] * 4, [
        one.verdict.reasons for one in decisions
    ]
    everyone = decisions[0].protected.table.iloc[0]
    assert everyone["total"] == pytest.approx(people["days"].sum(), rel=0.01)
