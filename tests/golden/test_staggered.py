"""Group-time effects of `differences` 0.3.0 and of the method's authors, on their own data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from justice_analysis.models import goodman_bacon, group_time_effects

DESIGN = {"outcome": "lemp", "unit": "county", "period": "year", "first_treated": "first_treated"}
SPECIFICATIONS = [
    ("lemp", "reg", ()),
    ("lemp ~ lpop", "reg", ("lpop",)),
    ("lemp ~ lpop", "dr", ("lpop",)),
]
# Prefix of the columns of `differences`, its column of labels, our table.
AVERAGES = {
    "simple": ("SimpleAggregation", None, "overall"),
    "event": ("EventAggregation", "relative_period", "event_study"),
    "cohort": ("CohortAggregation", "cohort", "by_group"),
    "time": ("TimeAggregation", "time", "by_period"),
}
# Callaway and Sant'Anna's printed effects, no covariates.
PRINTED = {
    (2004, 2004): -0.0105,
    (2004, 2006): -0.1373,
    (2006, 2007): -0.0412,
    (2007, 2007): -0.0261,
}


@pytest.fixture(scope="module")
def counties(shared_data: Path) -> pd.DataFrame:
    """One row per county and year, 2003 to 2007: log of teenagers employed, and of people."""
    rows = pd.read_csv(shared_data / "mpdta.csv")
    return rows.rename(columns={"countyreal": "county", "first.treat": "first_treated"})


@pytest.mark.parametrize(("formula", "method", "covariates"), SPECIFICATIONS)
@pytest.mark.parametrize("average", AVERAGES)
def test_averages_are_those_of_differences(golden, counties, formula, method, covariates, average):
    theirs = golden("differences_mpdta")
    prefix, label, name = AVERAGES[average]
    which = (theirs["f"] == formula) & (theirs["est"] == method) & (theirs["agg"] == average)
    theirs = theirs[which]
    effects = group_time_effects(
        counties, **DESIGN, covariates=covariates, method=method, base="varying"
    )
    ours = getattr(effects, name)
    if label is None:
        ours = ours[ours["average"] == "simple"]
    else:
        assert ours.iloc[:, 0].tolist() == theirs[label].tolist()
    same = {"ATT": "estimate", "analytic_std_error": "standard_error"}
    same |= {f"pointwise conf. band_{end}": end for end in ("lower", "upper")}
    for their_name, our_name in same.items():
        expected = theirs[f"{prefix}_{their_name}"].to_numpy()
        np.testing.assert_allclose(ours[our_name], expected, atol=1e-4, rtol=0)


def test_group_time_effects_are_those_the_authors_print(counties):
    effects = group_time_effects(counties, **DESIGN)
    found = effects.group_time.set_index(["group", "period"])["estimate"]
    for at, expected in PRINTED.items():
        assert round(found[at], 4) == expected


def test_the_event_study_is_that_of_sun_and_abraham_in_fixest(golden, counties):
    theirs = golden("panel_models").query("model == 'mpdta_sunab_event'")
    theirs = theirs.set_index(theirs["term"].str.removeprefix("year::").astype(int))["coef"]
    ours = group_time_effects(counties, **DESIGN).event_study.set_index("event_time")["estimate"]
    assert set(ours.index) == {*theirs.index, -1}
    np.testing.assert_allclose(ours[theirs.index], theirs, atol=1e-8, rtol=0)


def test_the_two_way_estimate_is_that_of_fixest_and_linearmodels(golden, counties):
    from linearmodels.panel import PanelOLS

    found = goodman_bacon(counties, **DESIGN)
    fixest = golden("panel_models").query("model == 'mpdta_twfe'")["coef"].item()
    assert found.estimate == pytest.approx(fixest, abs=1e-8)
    rows = counties.set_index(["county", "year"])
    year = rows.index.get_level_values("year")
    treated = ((rows["first_treated"] > 0) & (year >= rows["first_treated"])).astype(float)
    two_way = PanelOLS(
        rows["lemp"], treated.to_frame("treated"), entity_effects=True, time_effects=True
    ).fit()
    parts = found.table
    assert parts["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert parts["weight"] @ parts["estimate"] == pytest.approx(two_way.params["treated"], abs=1e-8)
    assert found.estimate == pytest.approx(two_way.params["treated"], abs=1e-8)
