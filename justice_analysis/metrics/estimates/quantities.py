"""A quantity of people by group: sums, means, percentiles, bins, and who contributes most.

One call gives what an output about a quantity must bring to be released: the people behind every
number, and the largest contributions of people and of organisations. Everything is aggregated in
the engine; what comes out is small.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import MetricError, UsageError
from justice_analysis.metrics.estimates.person_parts import (
    BODY,
    GROUP,
    PERSON,
    VALUE,
    Parts,
    aggregated,
    check_columns,
    margins,
    parts_of,
    stacked,
)
from justice_analysis.metrics.estimates.quantity_outputs import (
    EVERYONE,
    BinTable,
    QuantityTable,
    bin_text,
    percentile_column,
)

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 2
"""The two largest contributions are what the usual rules on dominance look at."""


def quantity_by_group(
    table: ir.Table,
    *,
    quantity: str,
    words: str,
    person: str = "person_id",
    by: Sequence[str] = (),
    organisation: str | None = None,
    percentiles: Sequence[float] = (5, 25, 50, 75, 95),
    totals: bool = True,
) -> QuantityTable:
    """Sum and describe a quantity of people by group, with what disclosure control must know.

    Parameters
    ----------
    table
        Any grain: a person's rows in a group are added up to the person's part. Rows whose
        quantity is missing are left out, so people are those of whom it is known; rows without
        a person are refused (give an unlinked party a key of its own).
    quantity
        Column of numbers, none below 0: days, pounds.
    words
        What it is and its unit: "days in custody".
    by
        Columns that name groups; a missing one becomes "not known". Without any there is one
        row, of `group` "all".
    organisation
        Column of the organisation that each row is about (court, force, claimant).
    percentiles
        Above 0 and below 100; 50 is the median.
    totals
        Whether to add "all", for every combination of the groups.

    Returns
    -------
    QuantityTable
        One row per group: `people` (distinct), `total`, `mean`, `sd` (of the sample; missing
        for one person), percentiles (interpolated between neighbours), `largest_1`,
        `largest_2`, and with organisations `organisations` (distinct), `largest_organisation_1`,
        `largest_organisation_2`.

    Raises
    ------
    MetricError
        If a quantity is below 0, a person is missing, or no row has a quantity.
    """
    check_columns(table, [quantity, person, *by, *([organisation] if organisation else [])])
    if wrong := [q for q in percentiles if not 0 < q < 100]:
        raise UsageError(f"percentiles must lie between 0 and 100: {len(wrong)} do not.")
    parts = parts_of(table, quantity, person, tuple(by), organisation)
    described = [_describe(parts, kept, percentiles) for kept in margins(parts.by, totals)]
    bodies = ["organisations", *_named("largest_organisation")] if organisation else []
    statistics = ["mean", "sd", *map(percentile_column, percentiles)]
    columns = [*(by or [GROUP]), "people", "total", *statistics, *_named("largest"), *bodies]
    return QuantityTable(
        table=stacked(described, parts.by)[columns],
        by=tuple(by) or (GROUP,),
        words=words,
        percentiles=tuple(percentiles),
        has_organisations=organisation is not None,
    )


def people_by_bin(
    table: ir.Table,
    *,
    quantity: str,
    words: str,
    edges: Sequence[float],
    person: str = "person_id",
    by: Sequence[str] = (),
    totals: bool = True,
) -> BinTable:
    """Count people by bins of a quantity, for a histogram.

    Parameters
    ----------
    table, quantity, words, person, by, totals
        As in `quantity_by_group`.
    edges
        Rising; a bin begins at each, and the last has no end. Nothing may lie below the first.
        Whole edges make bins of whole numbers: "0 to 29", "30 to 59", "60 or more".

    Returns
    -------
    BinTable
        One row per group and bin, with 0 where nobody is, and per group, bin "all": `people`.

    Raises
    ------
    MetricError
        As `quantity_by_group`; or if a quantity lies below the first edge.
    """
    check_columns(table, [quantity, person, *by])
    if len(edges) < 2 or any(low >= high for low, high in pairwise(edges)):
        raise UsageError("edges of bins must be at least two, and rise.")
    parts = parts_of(table, quantity, person, tuple(by), None)
    counted = [_count_bins(parts, kept, edges) for kept in margins(parts.by, totals)]
    return BinTable(
        table=stacked(counted, parts.by)[[*by, "bin", "people"]],
        by=tuple(by),
        words=words,
        texts=tuple(bin_text(edges, place) for place in range(len(edges))),
    )


def _describe(parts: Parts, by: tuple[str, ...], percentiles: Sequence[float]) -> pd.DataFrame:
    """One row per group of one margin."""
    people = parts.of_people(by)
    value = people[VALUE]
    statistics = {
        "people": people.count(),
        "total": value.sum(),
        "mean": value.mean(),
        "sd": value.std(how="sample"),
        **{percentile_column(q): value.quantile(q / 100) for q in percentiles},
    }
    found = aggregated(people, by, statistics)
    found = _beside(found, _largest(people, by, PERSON, "largest"), by)
    if parts.has_bodies:
        bodies = parts.of_bodies(by)
        found = _beside(found, aggregated(bodies, by, {"organisations": bodies.count()}), by)
        found = _beside(found, _largest(bodies, by, BODY, "largest_organisation"), by)
        counted = ["organisations", *_named("largest_organisation")]
        found[counted] = found[counted].fillna(0)
        found["organisations"] = found["organisations"].astype("int64")
    return found


def _largest(values: ir.Table, by: tuple[str, ...], key: str, name: str) -> pd.DataFrame:
    """Largest values of each group, one a column, 0 where there are fewer."""
    order = [ibis.desc(VALUE), key]
    if by:
        place = ibis.row_number().over(group_by=list(by), order_by=order)
        placed = values.mutate(justice_place=place)
        first = placed.filter(placed.justice_place < LARGEST).select(*by, VALUE)
    else:  # a window over everything would be a single task
        first = values.order_by(order).limit(LARGEST).select(VALUE)
    rows = engine.execute(first, step="finding the largest")
    return _one_column_each(rows.sort_values(VALUE, ascending=False), by, _named(name))


def _one_column_each(rows: pd.DataFrame, by: tuple[str, ...], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    groups = rows.groupby(list(by), sort=False) if by else [((), rows)]
    none = dict.fromkeys(columns, 0.0)
    return pd.DataFrame(
        [
            dict(zip(by, group, strict=True)) | none | dict(zip(columns, part[VALUE], strict=False))
            for group, part in groups
        ],
        columns=[*by, *columns],
    )


def _count_bins(parts: Parts, by: tuple[str, ...], edges: Sequence[float]) -> pd.DataFrame:
    """People of one margin by group and bin, and by group."""
    import pandas as pd

    people = parts.of_people(by)
    passed = [(people[VALUE] >= edge).cast("int64") for edge in edges]
    placed = people.mutate(justice_bin=reduce(add, passed) - 1)
    counted = placed.group_by([*by, "justice_bin"]).agg(people=placed.count())
    rows = engine.execute(counted, step="counting bins")
    if below := int(rows.loc[rows["justice_bin"] < 0, "people"].sum()):
        raise MetricError(
            f"the first edge must not lie above any value: {below:,} people are below."
        )
    groups = rows.groupby(list(by), sort=True) if by else [((), rows)]
    texts = [bin_text(edges, place) for place in range(len(edges))]
    found = []
    for group, part in groups:
        counts = part.set_index("justice_bin")["people"].reindex(range(len(edges)), fill_value=0)
        shown = {**dict(zip(texts, counts, strict=True)), EVERYONE: counts.sum()}
        named = dict(zip(by, group, strict=True))
        found += [{**named, "bin": text, "people": int(n)} for text, n in shown.items()]
    return pd.DataFrame(found)


def _beside(left: pd.DataFrame, right: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Put two tables of the same groups side by side; a group may be missing on the right."""
    import pandas as pd

    if not by:
        return pd.concat([left, right], axis=1)
    return left.merge(right, on=list(by), how="left", validate="one_to_one")


def _named(name: str) -> list[str]:
    return [f"{name}_{place}" for place in range(1, LARGEST + 1)]
