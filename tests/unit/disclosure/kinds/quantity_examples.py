"""Small outputs about quantities, and what their rules say of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from justice_analysis.definitions.output import ColumnRoles, Output
from justice_analysis.disclosure.kinds import RULES, Beside
from justice_analysis.disclosure.profiles.profile import Profile

LARGEST = ("largest_1", "largest_2")
BODIES = ("body_1", "body_2")


def output(kind: str, table: pd.DataFrame, roles: ColumnRoles, **changes: Any) -> Output:
    named = {*roles.counts, *roles.statistics, *roles.evidence, roles.total}
    described: dict[str, Any] = {
        "kind": kind,
        "title": "Days in custody",
        "table": table,
        "dimensions": tuple(name for name in table.columns if name not in named),
        "roles": roles,
        "unit": "people in custody",
        "population": "people in custody",
        "population_hash": "p1",
        "options": {"quantity": "days in custody"},
    }
    return Output(**{**described, **changes})


def sums(rows: Mapping[str, tuple[float, ...]], **changes: Any) -> Output:
    """By group: people, total, the largest two contributions."""
    table = pd.DataFrame(
        [(group, *row) for group, row in rows.items()],
        columns=["group", "people", "total", *LARGEST],
    )
    roles = ColumnRoles(people="people", total="total", largest=LARGEST)
    return output("magnitude", table, roles, **changes)


def statistics(rows: Mapping[str, tuple[float, ...]], *names: str, **changes: Any) -> Output:
    """By group: people, then the named statistics; sums of no dominant person behind means."""
    table = pd.DataFrame(
        [(group, *row) for group, row in rows.items()], columns=["group", "people", *names]
    )
    moments = {"mean", "sd"} & {*names}
    if "mean" in names:
        table["largest_1"] = table["mean"] * 1.5
        table["largest_2"] = table["mean"] * 1.4
    roles = ColumnRoles(
        people="people",
        estimate=names,
        statistic={name: name.replace("_", " ") for name in names},
        largest=LARGEST if moments and "mean" in names else (),
    )
    return output(changes.pop("kind", "summary"), table, roles, **changes)


def with_mechanism(profile: Profile, mechanism: str) -> Profile:
    """The profile with one mechanism for every kind, and a base that is wide enough for it."""
    changes: dict[str, Any] = {"mechanism": dict.fromkeys(profile.mechanism, mechanism)}
    if mechanism == "round":
        changes["rounding_base"] = 2 * profile.minimum_count + 1
    if mechanism == "none":
        changes["natures"] = ("open", "synthetic")
    return dataclasses.replace(profile, **changes)


def failures(checked: Output, profile: Profile) -> str:
    return " ".join(RULES[checked.kind].broken(checked, profile))


def reviews(checked: Output, profile: Profile) -> str:
    return " ".join(RULES[checked.kind].without_rule(checked, profile))


def thin(checked: Output, profile: Profile) -> set[Any]:
    """Groups of the rows hidden by the rules of the kind."""
    rows = RULES[checked.kind].thin(checked, profile)
    return {checked.table[checked.dimensions[0]].iloc[row] for row in rows}


def protected(checked: Output, profile: Profile, hidden: set[int] | None = None) -> pd.DataFrame:
    """The table that may be shown, by its first dimension; thin rows hidden unless told."""
    rules = RULES[checked.kind]
    rows = rules.thin(checked, profile) if hidden is None else hidden
    return rules.protect(checked, rows, profile, Beside()).table.set_index(checked.dimensions[0])


def controls(checked: Output, profile: Profile) -> str:
    rules = RULES[checked.kind]
    return " ".join(rules.protect(checked, set(), profile, Beside()).controls)
