"""Adjusted returns on drawn releases: who is in the model, what each row says, what is refused."""

from __future__ import annotations

import math

import pytest

from justice_analysis.disclosure import judge, load
from justice_analysis.disclosure.candidate import read_candidate, write_candidate
from justice_analysis.errors import MetricError, OptionError
from justice_analysis.metrics import adjusted_reappearance
from tests.unit.metrics.criminal.test_reappearance import drawn, release

DAYS = (40, 80, 120, 160, 200, 240, 280, 320, 360, 400, 440, 480)


def some(number, *, returned, cause="return", source="recid", **said):
    days = DAYS[number % len(DAYS)] + number if returned else None
    return release(number, days=days, cause=cause, source=source, **said)


def releases_of(backend, *, causes=("return",), source="recid"):
    """48 releases, half with the programme; those with it return less, evenly over the causes."""
    found = []
    for number in range(1, 49):
        joined, drugs = number % 2, number % 3 == 0
        returned = number % 4 != 1 if joined else number % 6 != 0
        found.append(
            some(
                number, returned=returned, cause=causes[number // 5 % len(causes)], source=source,
                workprg=str(joined), drugs=str(int(drugs)), band="abc"[number % 3],
            )
        )  # fmt: skip
    return drawn(backend, found)


@pytest.fixture(scope="module")
def one_cause(backend):
    return releases_of(backend)


@pytest.fixture(scope="module")
def two_causes(backend):
    return releases_of(backend, causes=("new", "new", "technical"))


ASKED = {"by": "workprg", "adjust_for": ["drugs"]}


def test_each_group_has_its_releases_and_returns_and_the_first_is_compared_with(one_cause):
    found = adjusted_reappearance(one_cause, **ASKED)
    rows = found.outputs["adjusted"].table.set_index("level")
    assert rows["people"].to_dict() == {
        "workprg: no": 24, "workprg: yes": 24, "drugs: no": 32, "drugs: yes": 16, "all": 48,
    }  # fmt: skip
    assert rows.loc["workprg: no", "estimate"] == 1
    assert math.isnan(rows.loc["workprg: no", "lower"])
    assert rows.loc["all", "events"] == rows.loc[["drugs: no", "drugs: yes"], "events"].sum()


def test_the_groups_compared_stand_alone_and_adjusted_beside_each_other(one_cause):
    found = adjusted_reappearance(one_cause, **ASKED).outputs
    beside = found["beside"].table.set_index("model")["estimate"]
    adjusted = found["adjusted"].table.set_index("level")["estimate"]
    assert beside["adjusted"] == adjusted["workprg: yes"] != beside["unadjusted"]
    assert found["beside"].notes == ("Compared with workprg: no.", "Adjusted for drugs.")


def test_each_cause_has_a_model_of_its_own_and_any_return_stands_beside(two_causes):
    found = adjusted_reappearance(two_causes, **ASKED).outputs
    assert list(found) == [
        "beside", "adjusted_new", "adjusted_technical", "proportional", "between", "numbers"
    ]  # fmt: skip
    events = found["beside"].table.set_index(["compared", "model"])["events"]
    each = [events[f"{cause}, workprg: yes", "adjusted"] for cause in ("new", "technical")]
    assert events["any return, workprg: yes", "adjusted"] == sum(each)
    assert found["between"].table["test"].tolist() == ["Gray", "Gray"]


def test_causes_taken_together_are_one_model(two_causes):
    found = adjusted_reappearance(two_causes, competing=False, **ASKED).outputs
    assert "adjusted" in found
    assert found["between"].table["test"].tolist() == ["log-rank"]


def test_codes_put_together_are_one_group_and_those_put_aside_are_not_recorded(one_cause):
    found = adjusted_reappearance(
        one_cause, by="band", together={"band": {"a": "a or b", "b": "a or b"}}
    )
    assert found.outputs["adjusted"].table["level"].tolist() == ["band: a or b", "band: c", "all"]
    fewer = adjusted_reappearance(one_cause, by="band", together={"band": {"a": None}})
    assert fewer.attrition.table()["people"].tolist() == [48, 32]


def test_the_reference_and_the_names_are_as_asked(one_cause):
    found = adjusted_reappearance(
        one_cause, by="band", reference={"band": "b"}, words={"band": "group"}
    ).outputs["adjusted"]
    assert found.table["level"].tolist() == ["group: b", "group: a", "group: c", "all"]
    assert found.options["reference"] == {"group": "group: b"}


def test_every_ratio_that_is_shown_can_be_said_in_a_sentence(one_cause):
    numbers = adjusted_reappearance(one_cause, **ASKED).outputs["numbers"]
    assert numbers.table["name"].tolist() == [
        "beside_workprg_yes_unadjusted", "beside_workprg_yes_adjusted",
        "adjusted_workprg_yes", "adjusted_drugs_yes",
    ]  # fmt: skip
    assert set(numbers.options["of"].values()) == {"beside", "adjusted"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"adjust_for": ["eye_colour"]}, "eye_colour must be recorded to be used"),
        ({"adjust_for": ["workprg"]}, "workprg must be named once"),
        ({"quantities": ["age"]}, "must name a measure and a step above 0"),
        ({"reference": {"workprg": "Perhaps"}}, "reference must name a group of workprg"),
        ({"together": {"band": {"a": "b"}}}, "together names band, which is no group"),
        ({"words": "words"}, "words must give names of measures their words"),
    ],
)
def test_what_cannot_be_asked_is_refused(one_cause, options, said):
    with pytest.raises(OptionError, match=said):
        adjusted_reappearance(one_cause, **{"by": "workprg", **options})


def test_groups_of_one_kind_and_nobody_who_returned_are_refused(backend, one_cause):
    with pytest.raises(MetricError, match="sex must have at least two groups"):
        adjusted_reappearance(one_cause, by="sex")
    stayed = drawn(backend, [some(n, returned=False, workprg=str(n % 2)) for n in range(1, 9)])
    with pytest.raises(MetricError, match="needs returns: nobody returned"):
        adjusted_reappearance(stayed, by="workprg")


def test_releases_of_unknown_people_say_so(backend):
    iowa = releases_of(backend, source="iowa_releases")
    assert adjusted_reappearance(iowa, **ASKED).outputs["adjusted"].about == "records"


@pytest.mark.parametrize("profile", ["open", "ons-srs"])
def test_the_model_passes_every_rule_of_models(one_cause, tmp_path, profile):
    output = adjusted_reappearance(one_cause, **ASKED).outputs["adjusted"]
    write_candidate(output, "adjusted", tmp_path, synthetic=True)
    judged = judge.judge([read_candidate(tmp_path, "adjusted")], load(profile))[0]
    assert judged.verdict.status == "pass", judged.verdict.reasons
