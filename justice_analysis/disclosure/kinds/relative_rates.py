"""Rules for relative rates: shares of groups, and their ratios to one reference group.

A ratio and its intervals are worked out from four counts that stand in the same table, so they
are judged as these counts are, and are made again from the counts that are shown. A group whose
own row, or whose reference group's row, is hidden has no ratio.

Grain: one row per group. `options.reference` names the reference group of the dimension that is
compared; other dimensions (years) each have a reference group of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.verdict import Protected

INDEX = (
    "index",
    "index_lower",
    "index_upper",
    "exact_lower",
    "exact_upper",
    "least",
    "greatest",
)
"""The ratio, Wald's limits, the exact conditional ones, and bounds for those not known."""
UNKNOWN = "not known"
SHARE = ("estimate", "lower", "upper")
SAME = 1e-6


def broken(output: Output, profile: Profile) -> list[str]:
    """What no relative rate can be."""
    if problems := _shape_problems(output):
        return problems
    wrong = sum(
        int((~np.isclose(given.astype(float), made, rtol=SAME, equal_nan=True)).sum())
        for given, made in zip(
            (unit_rows(output)[name] for name in INDEX),
            _index(output, unit_rows(output)).values(),
            strict=True,
        )
    )
    if wrong:
        return [f"an index must be the ratio of the shares in its table: {wrong:,} are not."]
    return tables.broken(shares_of(output, profile), profile)


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    return tables.rule_problems(shares_of(output, profile), profile)


def shares_of(output: Output, profile: Profile) -> Output:
    """Reduce relative rates to the shares that they are made from."""
    roles = replace(
        output.roles, estimate=SHARE[:1], lower=SHARE[1:2], upper=SHARE[2:], statistic={}
    )
    table = unit_rows(output).drop(columns=list(INDEX))
    return replace(output, kind="estimates", table=table, roles=roles, shares=SHARE, chart=None)


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Protect the shares, and work the ratios out again from the counts that are shown."""
    protected = tables.protect(shares_of(output, profile), hidden, profile, beside)
    table = protected.table.reset_index(drop=True)
    made = (
        _index(output, table)
        if profile.protects(output.kind)
        else {name: unit_rows(output)[name] for name in INDEX}
    )
    for name, values in made.items():
        table[name] = values
    table["shown"] = table.pop("shown")
    said = (*protected.controls, "Ratios are worked out from the counts that are shown.")
    return replace(protected, table=table, controls=said)


def _shape_problems(output: Output) -> list[str]:
    roles, said = output.roles, output.options.get("reference")
    if not isinstance(said, Mapping) or len(said) != 1 or not {*said} <= {*output.dimensions}:
        return ["options.reference must name one dimension and its reference group."]
    if not roles.numerator or {*roles.statistics} != {*SHARE, *INDEX}:
        return [
            "relative rates must name the numerator of their shares, and have exactly the "
            f"columns {', '.join((*SHARE, *INDEX))}."
        ]
    return []


def _index(output: Output, table: pd.DataFrame) -> dict[str, Any]:
    """Ratios of a table's shares to those of the reference group, from its counts alone."""
    said: Any = output.options["reference"]
    ((dimension, reference),) = said.items()
    others = [name for name in output.dimensions if name != dimension]
    made = {name: np.full(len(table), np.nan) for name in INDEX}
    for _, part in table.groupby(others, dropna=False) if others else [((), table)]:
        found = _compared(output, part, dimension, reference)
        for name, values in zip(INDEX, found, strict=True):
            made[name][part.index] = values
    return made


def _compared(
    output: Output, part: pd.DataFrame, dimension: str, reference: str
) -> list[np.ndarray]:
    """Ratios of the groups of one part; missing where it has no reference group."""
    from justice_analysis import models

    groups = part[dimension].tolist()
    if reference not in groups:
        return [np.full(len(part), np.nan)] * len(INDEX)
    roles = output.roles
    people = part[str(roles.denominator or roles.people)].to_numpy(dtype=float, na_value=np.nan)
    events = part[str(roles.numerator)].to_numpy(dtype=float, na_value=np.nan)
    found = models.relative_rates(
        np.minimum(events, people),  # rounding may lift events over their people
        people,
        reference=groups.index(reference),
        unknown=groups.index(UNKNOWN) if UNKNOWN in groups else None,
    )
    return [*vars(found).values()]


RULES = Rules(
    protect=protect,
    broken=broken,
    without_rule=without_rule,
    thin=lambda output, profile: tables.too_few_at_risk(shares_of(output, profile), profile),
    stated=shares_of,
)
