"""How alike two groups are must not tell of the few who have a characteristic, or have it not."""

from __future__ import annotations

import pandas as pd
import pytest

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.kinds.balance import COUNTS
from tests.unit.disclosure.examples import as_candidate

STATISTICS = {
    "difference_before": "standardised difference",
    "difference_after": "standardised difference",
    "variance_ratio_before": "variance ratio",
    "variance_ratio_after": "variance ratio",
}
ROWS = [("male", "green", 412, 8_240, 371, 7_102), ("age", "amber", 412, 8_240, 412, 8_240)]


def balance(rows=ROWS, statistic=None) -> Output:
    table = pd.DataFrame(rows, columns=["characteristic", "rating", "treated_people", *COUNTS])
    table = table.assign(
        difference_before=0.41234,
        difference_after=-0.04567,
        variance_ratio_before=1.23456,
        variance_ratio_after=1.01234,
    )
    return Output(
        kind="balance",
        title="How alike are participants and people compared with them?",
        table=table,
        dimensions=("characteristic", "rating"),
        roles=ColumnRoles(
            people="treated_people",
            count=COUNTS,
            estimate=tuple(STATISTICS),
            statistic=STATISTICS | (statistic or {}),
        ),
        unit="people",
        population="participants",
        population_hash="p1",
        card="reconviction_12m6m",
    )


def decided(output, profile):
    return judge([as_candidate(output)], profile)[0]


def shown(judged):
    return judged.protected.table.set_index("characteristic")


def test_a_balance_is_shown_with_two_digits_and_without_who_has_what(srs):
    judged = decided(balance(), srs)
    assert judged.verdict.status == "pass", judged.verdict.reasons
    table = shown(judged)
    assert not {"treated_with", "comparison_with"} & {*table}
    assert table.loc["male", "difference_before"] == pytest.approx(0.41)
    assert table.loc["age", "variance_ratio_after"] == pytest.approx(1.01)
    assert table.loc["age", "treated_people"] == 412


@pytest.mark.parametrize(
    "counts", [(412, 8_240, 9, 700), (412, 8_240, 403, 700), (412, 8_240, 90, 8_239)]
)
def test_a_characteristic_that_few_have_or_lack_is_hidden(srs, counts):
    table = shown(decided(balance([("rare", "green", *counts), *ROWS]), srs))
    assert table.loc["rare", "shown"] == "suppressed"
    assert table.loc["rare", list(STATISTICS)].isna().all()
    assert table.loc["rare", "rating"] == "not shown"
    assert table.loc["male", "shown"] == "yes"


def test_rows_are_the_same_people_again_and_do_not_add_up(srs):
    rows = [(f"item {n}", "green", 60, 900, 30, 400) for n in range(12)]
    assert set(shown(decided(balance(rows), srs))["shown"]) == {"yes"}


def test_more_with_a_characteristic_than_there_are_fails(srs):
    judged = decided(balance([("male", "green", 412, 8_240, 413, 700)]), srs)
    assert judged.verdict.status == "fail"
    assert "1 are not" in " ".join(judged.verdict.reasons)


def test_other_statistics_have_no_rule(srs):
    judged = decided(balance(statistic={"difference_after": "t statistic"}), srs)
    assert judged.verdict.status == "review"
    assert "standardised difference and variance ratio alone" in " ".join(judged.verdict.reasons)
