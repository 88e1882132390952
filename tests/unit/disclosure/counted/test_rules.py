"""Ten siblings of two families are not ten people, nor are twelve hearings of one person."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis import disclosure
from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.judge import judge
from tests.unit.disclosure.examples import as_candidate, curve, frequencies


def children(rows: list[tuple], **changes: object) -> Output:
    """Rows of age, children, families."""
    table = pd.DataFrame(rows, columns=["age", "people", "families"])
    roles = ColumnRoles(people="people", families="families")
    described = {"table": table, "roles": roles, "about": "children", "unit": "children"}
    return dataclasses.replace(frequencies({"a": 1}), **{**described, **changes})


def events(rows: list[tuple], *, behind: bool = True, **changes: object) -> Output:
    """Rows of age, people, hearings, and those who had any."""
    table = pd.DataFrame(rows, columns=["age", "people", "hearings", "heard"])
    named = {"hearings": "heard"} if behind else {}
    roles = ColumnRoles(people="people", count=("hearings",), people_behind=named)
    if not behind:
        table = table.drop(columns="heard")
    return dataclasses.replace(frequencies({"a": 1}), table=table, roles=roles, **changes)


def shares(rows: list[tuple], *, about: str = "children") -> Output:
    """Rows of age, people, groups, returned, groups behind these."""
    names = ["age", "people", "groups", "returned", "groups_returned"]
    table = pd.DataFrame(rows, columns=names)
    table["share"] = table["returned"] / table["people"]
    group = "families" if about == "children" else "cases"
    roles = ColumnRoles(
        people="people",
        numerator="returned",
        estimate=("share",),
        groups_behind={"returned": "groups_returned"},
        **{group: "groups"},
    )
    output = frequencies({"a": 1})
    return dataclasses.replace(output, kind="estimates", table=table, roles=roles, about=about)


def verdict(output: Output, profile: disclosure.Profile):
    return judge([as_candidate(output)], profile)[0].verdict


def test_ten_siblings_of_two_families_do_not_pass_as_ten_people(srs):
    siblings = children([("under 1", 10, 2), ("1 to 4", 60, 40), ("5 to 9", 80, 50)])
    assert counted.thin(siblings, srs) == {0}
    judged = judge([as_candidate(siblings)], srs)[0]
    assert judged.protected is not None
    assert judged.protected.table["shown"].tolist()[0] == "suppressed"
    assert "families" not in judged.protected.table.columns


def test_a_table_of_two_families_alone_is_refused(srs):
    found = verdict(children([("under 1", 10, 2)]), srs)
    assert (found.status, found.reasons) == ("fail", ("no row of it may be shown.",))


@pytest.mark.parametrize("profile", ["ons-srs", "sail"])
def test_what_a_hidden_row_of_siblings_counts_cannot_be_worked_out_from_the_total(profile):
    rows = [("under 1", 15, 2), ("1 to 4", 60, 40), ("5 to 9", 80, 50), ("all", 155, 92)]
    judged = judge([as_candidate(children(rows))], disclosure.load(profile))[0]
    assert judged.protected is not None
    shown = judged.protected.table["shown"] == "yes"
    assert not shown[0]
    assert (~shown).sum() >= 2  # or the total less the two others would tell the fifteen


def test_a_row_hidden_for_its_events_lets_its_people_be_worked_out(srs):
    rows = [("a", 50, 12, 1), ("b", 60, 90, 40), ("c", 70, 95, 45), ("all", 180, 197, 86)]
    judged = judge([as_candidate(events(rows))], srs)[0]
    assert judged.protected is not None
    hidden = judged.protected.table["shown"] == "suppressed"
    assert hidden[0]
    assert hidden.sum() == 2  # the total of hearings less the others' would tell the twelve


@pytest.mark.parametrize(("families", "is_thin"), [(9, True), (10, False)])
def test_the_minimum_of_families_is_the_profiles_own(srs, families, is_thin):
    assert counted.thin(children([("a", 40, families)]), srs) == ({0} if is_thin else set())
    four = dataclasses.replace(srs, minimum_families=4)
    assert counted.thin(children([("a", 40, families)]), four) == set()


def test_children_without_families_are_for_review(srs):
    found = verdict(frequencies({"a": 50}, about="children"), srs)
    assert found.status == "review"
    assert "must name the families behind each row" in found.reasons[0]


@pytest.mark.parametrize(
    ("unit", "about"),
    [
        ("children in care", "children"),
        ("Siblings", "children"),
        ("co-defendants", "co_defendants"),
    ],
)
def test_a_unit_that_names_children_is_about_children(srs, unit, about):
    reasons = counted.without_rule(frequencies({"a": 50}, unit=unit), srs)
    assert f"set about to {about}" in reasons[0]
    assert counted.without_rule(frequencies({"a": 50}, unit="childless mothers"), srs) == []


def test_curves_of_children_have_no_rule(srs):
    output = curve({"all": [(1, 20, 20), (2, 20, 40)]}, about="children", unit="children")
    assert "curves of children have no rule" in counted.without_rule(output, srs)[0]


def test_co_defendants_without_cases_are_for_review(srs):
    found = verdict(frequencies({"a": 50}, about="co_defendants"), srs)
    assert found.status == "review"
    assert "must name the cases behind each row" in found.reasons[0]


def test_twelve_co_defendants_of_one_case_are_hidden(srs):
    table = pd.DataFrame({"age": ["a", "b"], "people": [12, 400], "cases": [1, 300]})
    roles = ColumnRoles(people="people", cases="cases")
    output = frequencies({"a": 1}, table=table, about="co_defendants", roles=roles)
    assert counted.thin(output, srs) == {0}


def test_published_totals_pass_under_open_rules_alone_whatever_their_counts(srs):
    totals = events([("one", 5, 9, 0), ("two", 3, 7, 0)], behind=False, about="totals")
    assert verdict(totals, disclosure.load("open")).status == "pass"
    found = verdict(totals, srs)
    assert found.status == "review"
    assert "published totals" in found.reasons[0]


def test_records_of_unknown_people_are_never_passed_where_people_are_protected(srs):
    output = frequencies({"a": 5000}, about="records")
    found = verdict(output, srs)
    assert found.status == "review"
    assert "how many people are behind its numbers is not known" in found.reasons[0]
    assert verdict(output, disclosure.load("open")).status == "pass"


def test_organisations_have_their_minimum_and_rows_that_name_none_do_not(srs):
    table = pd.DataFrame({"age": list("abcd"), "people": [50] * 4, "bodies": [0, 2, 3, 9]})
    roles = ColumnRoles(people="people", organisations="bodies")
    output = frequencies({"a": 1}, table=table, about="organisations", roles=roles)
    assert counted.thin(output, srs) == {1}
    assert counted.protected_counts(output, srs) == {1: ("people",)}


def test_twelve_hearings_of_one_person_are_one_person(srs):
    output = events([("a", 50, 12, 1), ("b", 50, 90, 40)])
    assert counted.broken(output) == []
    assert counted.protected_counts(output, srs) == {0: ("hearings",)}
    assert counted.thin(output, srs) == {0}


def test_nor_are_the_hearings_of_one_person_outside_a_share(srs):
    names = ["age", "people", "hearings", "missed", "missed_by"]
    rows = [("a", 50, 120, 100, 49), ("b", 50, 120, 100, 40), ("c", 50, 120, 120, 50)]
    table = pd.DataFrame(rows, columns=names)
    roles = ColumnRoles(
        people="people",
        numerator="missed",
        denominator="hearings",
        people_behind={"hearings": "people", "missed": "missed_by"},
    )
    output = frequencies({"a": 1}, table=table, roles=roles)
    assert counted.broken(output) == []
    assert counted.protected_counts(output, srs) == {0: ("people", "missed", "hearings")}


def test_a_step_that_takes_away_what_few_people_have_is_for_review(srs):
    table = pd.DataFrame(
        {"step": ["roles", "less further roles"], "people": [400, 400], "roles": [430, 400]}
    ).assign(further=[0, 30], people_again=[0, 3])
    roles = ColumnRoles(
        people="people",
        count=("roles", "further"),
        people_behind={"roles": "people", "further": "people_again"},
    )
    flow = frequencies({"a": 1}, table=table, roles=roles, kind="attrition", dimensions=("step",))
    assert counted.broken(flow) == []
    assert "have no rule: merge the steps" in counted.without_rule(flow, srs)[0]
    many = dataclasses.replace(flow, table=table.assign(people_again=[0, 30]))
    assert counted.without_rule(many, srs) == []


def test_a_count_greater_than_people_is_refused_unless_people_are_behind_it(srs):
    silent = events([("a", 50, 12, 1), ("b", 50, 90, 40)], behind=False)
    found = verdict(silent, srs)
    assert found.status == "fail"
    assert found.reasons == (
        "hearings counts more than there are people in 1 rows, so it counts events: say how many "
        "people are behind it (roles.people_behind).",
    )
    assert verdict(silent, disclosure.load("open")).status == "fail"
    assert verdict(events([("a", 50, 90, 40)]), srs).status == "pass"


def test_those_lost_at_a_step_may_be_more_than_those_left():
    table = pd.DataFrame({"age": ["all", "kept"], "people": [100, 20], "people_excluded": [0, 80]})
    roles = ColumnRoles(people="people", count=("people_excluded",))
    flow = frequencies({"a": 1}, table=table, roles=roles, kind="attrition")
    assert counted.broken(flow) == []
    more = flow.table.assign(people_excluded=[0, 101])
    assert "counts events" in counted.broken(dataclasses.replace(flow, table=more))[0]


@pytest.mark.parametrize(
    ("families", "said"),
    [
        ([None, 20], "must be given: 1 are wrong"),
        (["few", 20], "must be given: 1 are wrong"),
        ([float("inf"), 20], "must be given: 1 are wrong"),
        ([-1, 20], "must not be negative: 1 are wrong"),
        ([10.5, 20], "must be whole numbers: 1 are wrong"),
        ([51, 20], "families must not exceed people: 1 rows do"),
        ([0, 20], "families must be at least 1 where people is: 1 rows have none"),
    ],
)
def test_families_that_cannot_be_are_refused(srs, families, said):
    output = children([("a", 50, 1), ("b", 50, 1)])
    output = dataclasses.replace(output, table=output.table.assign(families=families))
    found = verdict(output, srs)
    assert found.status == "fail"
    assert said in "".join(found.reasons)
    assert "51" not in "".join(found.reasons)  # a value is never said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("a", 50, 90, 51), "heard must not exceed people"),
        (("a", 50, 12, 0), "heard must be at least 1 where hearings is"),
        (("a", 50, 12, 1.5), "heard must be whole numbers"),
    ],
)
def test_people_behind_events_that_cannot_be_are_refused(row, said):
    assert said in "".join(counted.broken(events([row])))


def test_a_hearing_may_have_several_people():
    assert counted.broken(events([("a", 50, 12, 40)])) == []


def test_what_is_behind_a_count_must_be_behind_a_count():
    output = events([("a", 50, 90, 40)])
    roles = dataclasses.replace(output.roles, people_behind={"trials": "heard"})
    wrong = counted.broken(dataclasses.replace(output, roles=roles))
    assert wrong == ["people_behind names trials, which is no count of the output."]


def test_cases_may_be_more_than_people():
    table = pd.DataFrame({"age": ["a"], "people": [12], "cases": [300]})
    roles = ColumnRoles(people="people", cases="cases")
    output = frequencies({"a": 1}, table=table, about="co_defendants", roles=roles)
    assert counted.broken(output) == []


def test_zeros_are_thin_where_zeros_are_hidden(srs):
    output = children([("a", 0, 0), ("b", 50, 20)])
    assert counted.thin(output, srs) == {0}
    shows_zeros = dataclasses.replace(srs, zeros_disclosive=False)
    assert counted.thin(output, shows_zeros) == set()


def test_a_count_of_some_of_the_children_must_name_their_families(srs):
    output = shares([("a", 100, 60, 30, 20)])
    assert counted.without_rule(output, srs) == []
    silent = dataclasses.replace(output.roles, groups_behind={})
    table = output.table.drop(columns="groups_returned")
    reasons = counted.without_rule(dataclasses.replace(output, roles=silent, table=table), srs)
    assert "must name the families behind returned too" in reasons[0]


@pytest.mark.parametrize("about", ["children", "co_defendants"])
def test_fifteen_children_who_returned_may_be_of_two_families(srs, about):
    output = shares([("a", 100, 60, 15, 2), ("b", 100, 60, 30, 20)], about=about)
    assert counted.protected_counts(output, srs) == {0: ("returned",)}


def test_so_may_the_fifteen_who_did_not(srs):
    output = shares([("a", 100, 60, 85, 51), ("b", 100, 60, 85, 50), ("c", 80, 60, 80, 60)])
    assert counted.protected_counts(output, srs) == {0: ("people", "returned")}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("a", 100, 60, 30, 31), "groups_returned must not exceed returned"),
        (("a", 100, 20, 30, 25), "groups_returned must not exceed groups"),
        (("a", 100, 20, 30, 0), "groups_returned must be at least 1 where returned is"),
    ],
)
def test_families_behind_some_children_that_cannot_be_are_refused(row, said):
    assert said in "".join(counted.broken(shares([row])))


def test_a_curve_is_hidden_whole_where_its_families_are_few(srs):
    exits = {"few": [(day, 2, 0) for day in range(1, 21)], "many": [(1, 10, 10), (2, 10, 30)]}
    output = curve(exits, about="children")
    families = output.table["group"].map({"few": 3, "many": 30})
    roles = dataclasses.replace(output.roles, families="families")
    output = dataclasses.replace(output, table=output.table.assign(families=families), roles=roles)
    table = pd.DataFrame({"group": ["few", "many"], "everyone": "all", "people": [40, 60]})
    starts = frequencies({"a": 1}, table=table, dimensions=("group", "everyone"))
    assert len(counted.thin(output, srs)) == 20
    assert counted.thin_units(output, starts, srs) == {0}
    assert set(counted.protected_units(output, starts, srs)) == {0}


def test_steps_that_lose_few_families_are_for_review(srs):
    def steps(left: list[tuple]) -> list[str]:
        flow = children([(f"step {n}", *row) for n, row in enumerate(left)], kind="attrition")
        return counted.without_rule(flow, srs)

    assert steps([(200, 100), (150, 80), (150, 80)]) == []
    assert "have no rule: merge the steps" in steps([(200, 100), (188, 98)])[0]
    assert "have no rule: merge the steps" in steps([(200, 100), (20, 8)])[0]


def test_under_open_nothing_is_thin():
    open_data = disclosure.load("open")
    assert counted.thin(children([("a", 10, 1), ("b", 0, 0)]), open_data) == set()


def test_no_row_of_a_random_table_passes_below_a_minimum_of_its_families(srs):
    rows = [(f"g{n}", people, 1 + n % people) for n, people in enumerate(range(1, 60))]
    output = children(rows)
    slow = {at for at, (_, _, families) in enumerate(rows) if families < srs.minimum_families}
    assert counted.thin(output, srs) == slow
    judged = judge([as_candidate(output)], srs)[0]
    assert judged.protected is not None
    shown = judged.protected.table["shown"] == "yes"
    assert not {at for at in slow if shown.iloc[at]}
    assert shown.any()
