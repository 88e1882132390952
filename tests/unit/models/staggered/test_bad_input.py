"""Everything wrong with rows is said in one plain sentence, and no value of a row is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from justice_analysis.errors import JusticeError, MetricError, UsageError
from justice_analysis.models import goodman_bacon, group_time_effects
from justice_analysis.models.staggered.checks import Columns
from justice_analysis.models.staggered.rows import checked_rows
from tests.unit.models.staggered.worlds import DESIGN, panel, trials

ROWS = panel(each=5, never=6).assign(
    court=lambda table: "SECRET-" + table["court"].astype(str), same=7.25
)
COURTS = ROWS["court"].unique()


def changed(where, **values):
    """Rows with other values in some of them."""
    rows = ROWS.astype({name: object for name in values if name != "y"})
    for name, value in values.items():
        rows.loc[where, name] = value
    return rows


def some(number):
    """Rows of the first courts."""
    return ROWS["court"].isin(COURTS[:number])


BAD = {
    "a column that is not there": (
        ROWS.drop(columns="y"), {}, "rows must have the columns asked for: y not found",
    ),
    "no row": (ROWS.iloc[:0], {}, "rows must not be empty"),
    "missing outcomes": (
        changed(ROWS.index[:3], y=np.nan), {}, "outcome y must not be missing: 3 of 210 rows are",
    ),
    "an outcome of words": (ROWS.assign(y="SECRET"), {}, "outcome y must hold numbers"),
    "a missing court": (
        changed(ROWS.index[:2], court=None), {}, "court must not be missing: 2 of 210 rows are",
    ),
    "periods that are no whole numbers": (
        ROWS.assign(quarter=ROWS["quarter"] + 0.5), {}, "quarter must hold whole numbers",
    ),
    "dates that are no whole numbers": (
        changed(some(2), from_quarter=3.5), {}, "from_quarter must hold whole numbers: 20 of 210",
    ),
    "dates that are words": (
        changed(some(2), from_quarter="SECRET"), {}, "from_quarter must hold periods",
    ),
    "a single period": (ROWS.query("quarter == 3"), {}, "two periods or more: there is one"),
    "a gap between periods": (
        ROWS.query("quarter not in (3, 9)"), {}, "2 between the first and the last hold no row",
    ),
    "a date after the last period": (
        changed(some(5), from_quarter=31), {},
        "a roll-out date must lie within the periods: 5 of 21 units are first treated after the",
    ),
    "no unit treated within the periods": (
        ROWS.assign(from_quarter=0), {}, "some unit must be first treated after the first period",
    ),
    "units treated before the first period alone": (
        changed(ROWS["from_quarter"] > 0, from_quarter=-3), {},
        "none is. Left out, treated in the first period or before: 15.",
    ),
    "only units always treated": (
        ROWS.assign(from_quarter=1), {},
        "must be left to analyse: none is. Left out, treated in the first period or before: 21.",
    ),
    "a unit whose date changes": (
        changed(ROWS.index[[4, 14]], from_quarter=9), {},
        "from_quarter must be the same in all rows of a unit: 2 of 21 units vary",
    ),
    "a unit whose cluster changes": (
        changed(ROWS.index[[4]], area=99), {"clusters": "area"},
        "area must be the same in all rows of a unit: 1 of 21 units vary",
    ),
    "a unit twice in a period": (
        pd.concat([ROWS, ROWS.iloc[:4]]), {}, "one row per period: 4 of 214 rows repeat one",
    ),
    "an unbalanced panel": (
        ROWS.drop(index=ROWS.index[[3, 17, 18]]), {},
        "a row in each of 10 periods: 2 of 21 units have not",
    ),
    "singletons": (
        ROWS.drop(index=ROWS.index[1:10]), {}, "1 of 21 units have not (1 have one row only)",
    ),
    "no units never treated": (
        ROWS.query("from_quarter > 0"), {}, "units that are never treated: there is none",
    ),
    "no comparison left": (
        ROWS.query("from_quarter == 4"), {"comparison": "not_yet"},
        "all are first treated in one period",
    ),
    "a constant covariate": (
        ROWS, {"covariates": ["share", "same"]}, "differ between units: same does not",
    ),
    "a covariate that is missing": (
        changed(ROWS.index[:4], y=1.0).assign(share=[np.nan] * 4 + [1.0] * 206),
        {"covariates": ["share"]}, "covariate share must not be missing: 4 of 210",
    ),
    "a covariate of words": (ROWS, {"covariates": ["court"]}, "covariate court must hold numbers"),
    "weights of nothing": (
        ROWS.assign(size=0), {"weights": "size"}, "weights must be above 0: 210 are not",
    ),
    "one cluster": (
        ROWS.assign(area=1), {"clusters": "area"}, "two clusters or more: there is one",
    ),
    "more covariates than units": (
        ROWS.assign(**{f"x{k}": np.random.default_rng(k).normal(size=210) for k in range(8)}),
        {"covariates": [f"x{k}" for k in range(8)]}, "could not be adjusted for 8 covariates",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_rows_that_cannot_be_used_are_refused(case):
    rows, options, said = BAD[case]
    with pytest.raises(JusticeError) as refused:
        group_time_effects(rows, **DESIGN, **options)
    message = str(refused.value)
    assert said in message
    assert "SECRET" not in message
    assert isinstance(refused.value, MetricError | UsageError)


def test_every_problem_is_said_at_once():
    rows = changed(ROWS.index[:3], y=np.nan).assign(share=np.inf)
    with pytest.raises(MetricError, match="2 problems:"):
        group_time_effects(rows, **DESIGN, covariates=["share"])


def test_units_always_treated_are_left_out_and_counted():
    rows = pd.concat([ROWS, changed(some(3), from_quarter=1).loc[some(3)].assign(
        court=lambda table: table["court"] + "-always"
    )])  # fmt: skip
    with_them, without = (group_time_effects(one, **DESIGN) for one in (rows, ROWS))
    assert with_them.left_out == {"treated in the first period or before": 3}
    pd.testing.assert_frame_equal(with_them.overall, without.overall)
    assert goodman_bacon(rows, **DESIGN).left_out == with_them.left_out


def test_units_treated_after_the_last_period_are_taken_as_asked():
    rows = changed(some(5), from_quarter=31)
    compared = group_time_effects(rows, **DESIGN, after_last="comparison")
    as_never = group_time_effects(changed(some(5), from_quarter=0), **DESIGN)
    pd.testing.assert_frame_equal(compared.overall, as_never.overall)
    left = group_time_effects(rows, **DESIGN, after_last="leave_out")
    assert left.left_out == {"treated after the last period": 5}
    pd.testing.assert_frame_equal(
        left.overall, group_time_effects(ROWS[~some(5)], **DESIGN).overall
    )


def test_units_that_lack_periods_are_left_out_as_asked_and_counted():
    rows = ROWS.drop(index=ROWS.index[[3, 17, 18]])
    complete = group_time_effects(rows, **DESIGN, unbalanced="complete")
    assert complete.left_out == {"not seen in every period": 2}
    pd.testing.assert_frame_equal(
        complete.overall, group_time_effects(ROWS[~some(2)], **DESIGN).overall
    )
    as_samples = group_time_effects(rows, **DESIGN, repeated_cross_sections=True)
    assert as_samples.left_out == {}
    assert np.isfinite(as_samples.overall["lower"]).all()


def test_a_quarter_that_only_courts_left_out_had_is_no_period():
    rows = (
        trials()
        .query("quarter > 1 or court == 0")
        .assign(from_quarter=lambda table: table["from_quarter"].where(table["court"] != 0, 1))
    )
    with pytest.raises(MetricError, match="left out hold rows of some period alone"):
        group_time_effects(rows, **DESIGN, repeated_cross_sections=True)


def test_labels_may_be_words_and_columns_of_any_name():
    rows = ROWS.rename(columns={"court": "weight", "y": "group", "quarter": "unit"})
    design = {"outcome": "group", "unit": "weight", "period": "unit"}
    found = group_time_effects(rows, **design, first_treated="from_quarter")
    expected = group_time_effects(ROWS, **DESIGN).overall.replace("court", "weight")
    pd.testing.assert_frame_equal(found.overall, expected)


def test_rows_are_numbered_from_one():
    used = checked_rows(
        ROWS.assign(quarter=ROWS["quarter"] + 2000, from_quarter=ROWS["from_quarter"] + 2000)
        .replace({"from_quarter": {2000: None}}),
        Columns("y", "court", "quarter", "from_quarter"),
    )  # fmt: skip
    assert (used.periods, used.before_first, used.groups) == (10, 2000, [4, 6, 8])
    assert np.bincount(used.group_of_unit).tolist() == [6, 0, 0, 0, 5, 0, 5, 0, 5]
