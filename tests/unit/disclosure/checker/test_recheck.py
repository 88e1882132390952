"""The second look reads the file that leaves, and finds what the judgement should have."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from justice_analysis.definitions.output import ColumnRoles
from justice_analysis.disclosure.checker.dossier import File
from justice_analysis.disclosure.checker.recheck import recheck
from tests.unit.disclosure.checker.conftest import with_output


def results(dossier) -> dict[str, str]:
    return {check.rule: check.result for check in recheck(dossier)}


def leaving_as(dossier, text: str):
    """The same dossier, with another table in its file."""
    changed = File(dossier.files[0].place, text.encode())
    return dataclasses.replace(dossier, files=(changed, *dossier.files[1:]))


def test_what_passed_holds(collected):
    for name in ("by_age", "returned", "over_time"):
        assert set(results(collected[name]).values()) == {"holds"}, name


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("age,people,shown\nall,163,yes\n", "rounding_base"),
        ("age,people,shown\nc,5,yes\n", "minimum_count"),
        ("age,people,shown\nc,5,suppressed\n", "mechanism"),
    ],
)
def test_a_number_that_should_not_leave_is_found(collected, text, broken):
    found = results(leaving_as(collected["by_age"], text))
    assert [rule for rule, result in found.items() if result == "broken"] == [broken]


def test_a_shown_zero_is_put_before_the_checker(collected):
    output = with_output(collected["by_age"], table=pd.DataFrame({"age": ["a"], "people": [12]}))
    found = results(leaving_as(output, "age,people,shown\na,0,yes\n"))
    assert found["zeros_disclosive"] == "look"


def test_a_share_more_exact_than_its_rounded_counts_is_put_before_the_checker(collected):
    text = "group,horizon,people,returned,estimate,lower,upper,shown\nx,1,200,40,{},0.1,0.3,yes\n"
    exact, rounded = (leaving_as(collected["returned"], text.format(s)) for s in (0.203, 0.2))
    assert results(exact)["derived_from_rounded"] == "look"
    assert results(rounded)["derived_from_rounded"] == "holds"


@pytest.mark.parametrize(("share", "result"), [(0.22, "holds"), (0.225, "look"), (0.21, "look")])
def test_an_estimate_that_allows_for_censoring_must_be_coarse(collected, share, result):
    """With 400 still followed a step worth 5 of them is 0.0125 or more, so 0.02."""
    table = collected["returned"].output.table.assign(at_risk=400)
    roles = dataclasses.replace(collected["returned"].output.roles, count=("at_risk",))
    dossier = with_output(collected["returned"], table=table, roles=roles)
    text = "group,horizon,people,returned,estimate,lower,upper,shown\nx,1,200,40,{},0.1,0.3,yes\n"
    assert results(leaving_as(dossier, text.format(share)))["derived_from_rounded"] == result


def test_a_group_in_which_everyone_has_it_is_put_before_the_checker(collected):
    table = collected["returned"].output.table.assign(returned=lambda rows: rows["people"])
    found = results(with_output(collected["returned"], table=table))
    assert found["class_disclosure"] == "look"


def test_a_curve_that_moves_with_too_few_is_found(collected):
    text = "group,day,people,at_risk,estimate,lower,upper,shown\n"
    rows = [f"all,{day},120,{at},0,0,0,yes\n" for day, at in ((1, 120), (2, 105))]
    dossier = leaving_as(collected["over_time"], text + "".join(rows))
    assert results(dossier)["survival_step"] == "holds"
    stepped = dossier.output.table.assign(at_risk=lambda t: t["at_risk"] + 8 * (t["day"] > 1))
    assert results(with_output(dossier, table=stepped))["survival_step"] == "broken"


def quantity(collected, **changes: object):
    """Days in prison by group: a total, and what the largest two people add to it."""
    row = {"age": ["a"], "people": [40], "days": [1000], "first": [300], "second": [200]} | changes
    roles = ColumnRoles(people="people", total="days", largest=("first", "second"))
    dossier = with_output(
        collected["by_age"], kind="magnitude", table=pd.DataFrame(row), roles=roles
    )
    return leaving_as(dossier, "age,people,days,shown\na,40,1000,yes\n")


def test_dominance_is_worked_out_again(collected):
    fair = results(quantity(collected))
    assert fair["dominance_k"] == fair["p_ratio"] == "holds"
    assert results(quantity(collected, first=[700], second=[250]))["dominance_k"] == "broken"
    assert results(quantity(collected, first=[800], second=[150]))["p_ratio"] == "broken"


def test_children_without_families_are_put_before_the_checker(collected):
    found = results(with_output(collected["by_age"], about="children"))
    assert found["minimum_families"] == "look"
    table = collected["by_age"].output.table.assign(families=[160, 40, 80, 3, 4])
    roles = ColumnRoles(people="people", families="families")
    few = with_output(collected["by_age"], about="children", table=table, roles=roles)
    assert "minimum_families" not in results(few)
    assert results(few)["minimum_count"] == "holds"  # the row of 4 families is hidden
    shown = leaving_as(few, "age,people,shown\nd,35,yes\n")
    assert results(shown)["minimum_count"] == "broken"


def test_a_model_must_say_its_degrees_of_freedom(collected):
    model = with_output(collected["by_age"], kind="model")
    assert results(model)["degrees_of_freedom"] == "look"
    for degrees, result in ((9, "broken"), (500, "holds")):
        told = with_output(collected["by_age"], kind="model", options={"dof": degrees})
        assert results(told)["degrees_of_freedom"] == result


def test_a_minimum_is_found(collected):
    roles = dataclasses.replace(
        collected["returned"].output.roles, statistic={"estimate": "minimum"}
    )
    assert results(with_output(collected["returned"], roles=roles))["extremes"] == "broken"


def test_places_files_and_rows_are_held_against_the_profile(collected):
    place = with_output(collected["by_age"], places={"age": "prison"})
    assert results(place)["named_places"] == "broken"
    long = "age,people,shown\n" + "".join(f"{n},20,yes\n" for n in range(501))
    assert results(leaving_as(collected["by_age"], long))["max_rows"] == "broken"
    other = dataclasses.replace(
        collected["by_age"], files=(*collected["by_age"].files, File("a/b.svg", b""))
    )
    assert results(other)["file_types"] == "broken"


def test_nothing_is_protected_under_a_profile_that_protects_nothing(collected, srs):
    mechanism = dict.fromkeys(srs.mechanism, "none")
    free = dataclasses.replace(srs, mechanism=mechanism, natures=("open",))
    dossier = dataclasses.replace(collected["by_age"], profile=free)
    assert set(results(dossier)) == {"max_rows", "max_file_mb", "file_types"}


def test_steps_of_a_selection_may_lose_nobody(collected):
    table = pd.DataFrame({"age": ["all", "kept"], "people": [160, 160], "removed": [0, 0]})
    roles = ColumnRoles(people="people", count=("removed",))
    steps = with_output(collected["by_age"], kind="attrition", table=table, roles=roles)
    text = "age,people,removed,shown\nall,160,0,yes\nkept,160,0,yes\n"
    assert set(results(leaving_as(steps, text)).values()) == {"holds"}
