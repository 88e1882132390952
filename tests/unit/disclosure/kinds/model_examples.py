"""Models and rates that the tests of their rules judge."""

from __future__ import annotations

import math

import pandas as pd

from justice_analysis.definitions.output import ColumnRoles, Output

MODEL = ColumnRoles(
    people="people",
    count=("events",),
    estimate=("coefficient", "ratio", "standard_error", "p"),
    lower=(),
    upper=(),
    statistic={
        "coefficient": "coefficient",
        "ratio": "odds ratio",
        "standard_error": "standard error",
        "p": "p",
    },
)
COLUMNS = ["term", "level", "people", "events", "coefficient", "standard_error"]


def model(rows: list[tuple], *, options: dict | None = None, **changes: object) -> Output:
    """Rows of term, level, people, events, coefficient, standard error."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["coefficient"] = table["coefficient"].astype(float)
    table["standard_error"] = table["standard_error"].astype(float)
    table["ratio"] = [math.exp(value) for value in table["coefficient"]]
    table["p"] = [
        math.erfc(abs(value / error) / math.sqrt(2)) if error > 0 else math.nan
        for value, error in zip(table["coefficient"], table["standard_error"], strict=True)
    ]
    people = int(table.loc[table["term"] == "all", "people"].max() or 0)
    said = {
        "model": "logistic",
        "residual_df": people - len(rows),
        "observations": people,
        "reference": {"sex": "women"},
        "continuous": [],
    }
    described = {
        "kind": "model",
        "title": "Return, by sex",
        "table": table,
        "dimensions": ("term", "level"),
        "roles": MODEL,
        "unit": "people",
        "population": "people",
        "population_hash": "p1",
        "options": said | (options or {}),
    }
    return Output(**{**described, **changes})


def by_sex(women: tuple[int, int], men: tuple[int, int], **changes: object) -> Output:
    """A logistic model of one binary covariate, from people and events of each level."""
    (n0, e0), (n1, e1) = women, men
    cells = [max(cell, 0.5) for cell in (e0, n0 - e0, e1, n1 - e1)]
    value = math.log(cells[2] / cells[3] / (cells[0] / cells[1]))
    error = math.sqrt(sum(1 / cell for cell in cells))
    rows = [
        ("all", "all", n0 + n1, e0 + e1, math.nan, math.nan),
        ("sex", "women", n0, e0, 0, math.nan),
        ("sex", "men", n1, e1, value, error),
    ]
    return model(rows, **changes)


def rates(
    rows: list[tuple[str, int, int]],
    *,
    per: float = 1000,
    options: dict | None = None,
    dimension: str = "area",
    **changes: object,
) -> Output:
    """Rows of area, count and denominator; people are those counted."""
    table = pd.DataFrame(rows, columns=[dimension, "cases", "births"])
    table["people"] = table["cases"]
    table["rate"] = table["cases"] / table["births"] * per
    described = {
        "kind": "rates",
        "title": "Cases per birth",
        "table": table,
        "dimensions": (dimension,),
        "roles": ColumnRoles(
            people="people",
            numerator="cases",
            denominator="births",
            estimate=("rate",),
            statistic={"rate": "rate"},
        ),
        "unit": "newborns in cases",
        "population": "newborns in cases",
        "population_hash": "p1",
        "options": {"per": per, "public_denominator": True} | (options or {}),
    }
    return Output(**{**described, **changes})
