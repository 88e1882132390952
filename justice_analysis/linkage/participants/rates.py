"""Who was matched: the steps from the list to people, and match rates by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.models.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd

NOT_RECORDED = "not recorded"
# Lower ages of the bands, in completed years at the index date.
AGE_BANDS: Mapping[str, int] = {
    "under 18": 0,
    "18 to 20": 18,
    "21 to 24": 21,
    "25 to 29": 25,
    "30 to 39": 30,
    "40 to 49": 40,
    "50 and over": 50,
}


def attrition(steps: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """One row per step: `step`, `people` left, `people_excluded` at it."""
    import pandas as pd

    left = [people for _, people in steps]
    lost = [0, *(before - after for before, after in pairwise(left))]
    return pd.DataFrame(
        {"step": [name for name, _ in steps], "people": left, "people_excluded": lost}
    )


def age_band(age: ir.IntegerValue) -> ir.StringValue:
    """The band of an age; an age that is not known, or below 0, is not recorded."""
    bands = [((age >= lower), name) for name, lower in reversed(list(AGE_BANDS.items()))]
    return ibis.cases(*bands, else_=NOT_RECORDED)


def match_rates(people: ir.Table, *, fields: Sequence[str]) -> pd.DataFrame:
    """Share matched, overall and by group.

    Parameters
    ----------
    people
        One row per participant that was linked: `is_matched`, `gender`, `age_band`, `fields`.
    fields
        Fields by whether they are filled; one that all have, or none, is left out.

    Returns
    -------
    DataFrame
        `characteristic`, `group`, `people`, `matched`, `match_rate`, `lower`, `upper` (Wilson,
        95%; missing where there are no people).
    """
    import pandas as pd

    named = {
        "all": ibis.literal("all participants"),
        "gender": people.gender.fill_null(NOT_RECORDED),
        "age_band": people.age_band,
        **{f"{name}_filled": people[name].notnull().ifelse("filled", "missing") for name in fields},
    }
    parts = [
        people.select(characteristic=ibis.literal(name), group=group, is_matched=people.is_matched)
        for name, group in named.items()
    ]
    stacked = engine.union(*parts)
    counted = stacked.group_by("characteristic", "group").aggregate(
        people=stacked.count(), matched=stacked.is_matched.cast("int64").sum()
    )
    rows = engine.execute(counted, step="match rates by group")
    order = {name: place for place, name in enumerate(named)}
    groups = {name: place for place, name in enumerate([*AGE_BANDS, "female", "male", "filled"])}
    rows = rows.assign(
        first=rows["characteristic"].map(order), second=rows["group"].map(groups).fillna(99)
    ).sort_values(["first", "second"])
    alone = rows.groupby("characteristic")["group"].transform("size") == 1
    rows = rows[~alone | (rows["characteristic"] == "all")].reset_index(drop=True)
    interval = wilson(rows["matched"], rows["people"])
    return pd.DataFrame(
        {
            "characteristic": rows["characteristic"].astype(str),
            "group": rows["group"].astype(str),
            "people": rows["people"].astype("int64"),
            "matched": rows["matched"].astype("int64"),
            "match_rate": interval.estimate,
            "lower": interval.lower,
            "upper": interval.upper,
        }
    )
