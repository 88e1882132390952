from __future__ import annotations

import pytest

from justice_analysis.errors import OptionError, UsageError
from justice_analysis.metrics.journeys.stages import READY, Stage, Stages, stages_named

SOME = {"name": "mine", "unit": "case", "units": "cases", "case_types": ("divorce",),
        "source": "family_court", "role": "applicant"}  # fmt: skip
TWO = (Stage("one", "petition"), Stage("two", "final_order"))


def test_passages_go_from_each_stage_to_the_next():
    assert READY["divorce"].passages == (
        "petition to conditional order", "conditional order to final order",
    )  # fmt: skip


def test_passages_before_a_case_comes_into_the_data_are_not_followed():
    assert READY["criminal"].passages[READY["criminal"].first_followed] == "charge to first hearing"
    assert READY["divorce"].first_followed == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"stages": TWO[:1]}, "at least two stages"),
        ({"stages": (TWO[0], TWO[0])}, "each of its stages once"),
        ({"stages": TWO, "in_data_from": "three"}, "no stage three"),
    ],
)
def test_stages_that_cannot_be_are_refused(wrong, message):
    with pytest.raises(UsageError, match=message):
        Stages(**SOME, **wrong)


@pytest.mark.parametrize("wrong", [{}, {"event_type": "petition", "rule": "received"},
                                   {"rule": "luck"}])  # fmt: skip
def test_a_stage_has_an_event_type_or_a_known_rule(wrong):
    with pytest.raises(UsageError, match="stage one"):
        Stage("one", **wrong)


def test_stages_of_ones_own_are_taken_and_unknown_names_refused():
    mine = Stages(**SOME, stages=TWO)
    assert stages_named(mine) is mine
    with pytest.raises(OptionError, match="must be one of divorce"):
        stages_named("marriage")
