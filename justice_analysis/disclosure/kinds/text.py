"""Rules for numbers in sentences: each says what it is, and obeys the rule of what it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import kept_back, unit_rows
from justice_analysis.disclosure.kinds import tables
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles import Profile
from justice_analysis.disclosure.rounding import to_base
from justice_analysis.disclosure.verdict import Protected
from justice_analysis.disclosure.wording import FORMATS


def format_problems(output: Output, profile: Profile) -> list[str]:
    """Numbers for sentences must be named and say how they are written."""
    if output.dimensions != ("name",):
        return ["a text output must have one dimension, name."]
    formats = formats_of(output)
    wrong = [name for name in output.table["name"] if formats.get(name) not in FORMATS]
    problems = []
    if wrong:
        problems.append(
            f"options.formats must give each name one of {', '.join(FORMATS)}: "
            f"{len(wrong)} names have none."
        )
    if len(output.roles.estimate) != 1:
        problems.append("a text output must have one estimate column.")
    return problems


def rule_problems(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    form = _forms(output)
    other = int((~form.isin(["percent", "count"])).sum())
    problems = tables.sum_problems(output)
    if other:
        problems.append(f"numbers in days or other units have no rule yet: {other} were found.")
    if (form == "percent").any():
        problems += tables.statistic_problems(output, output.table[form == "percent"])
    return problems + _count_problems(output, output.table[form == "count"])


def too_few_at_risk(output: Output, profile: Profile) -> set[int]:
    """Rows with a share that allows for censoring and rests on too few people."""
    positions = [n for n, form in enumerate(_forms(output)) if form == "percent"]
    thin = tables.too_few_at_risk(_rows(output, positions), profile)
    return {positions[position] for position in thin}


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide numbers and round the others by the rule of what they are."""
    table = unit_rows(output).copy()
    for name in output.roles.statistics:
        table[name] = table[name].astype(float)
    forms = list(_forms(output))
    shares = [n for n, form in enumerate(forms) if form == "percent"]
    if shares:
        said = tables.protect(_rows(output, shares), (), profile, beside).table
        for name in output.roles.statistics:
            table.loc[shares, name] = said[name].to_numpy()
    for position, row in enumerate(unit_rows(output).to_dict("records")):
        if forms[position] == "count":
            count = _rounded_count(output, float(row[output.roles.estimate[0]]), profile)
            table.loc[position, list(count)] = list(count.values())
    for name in output.roles.counts:
        rounded = [to_base(value, profile.rounding_base) for value in table[name]]
        table[name] = pd.array(rounded, dtype="Int64")
    tables.hide_rows(output, table, hidden)
    table = table.drop(columns=list(kept_back(output)))
    return Protected(table, tables.controls(output, table, profile))


def formats_of(output: Output) -> Mapping[str, str]:
    """How each number of a text is written."""
    formats = output.options.get("formats")
    return formats if isinstance(formats, Mapping) else {}


def _forms(output: Output) -> pd.Series:
    return unit_rows(output)["name"].map(dict(formats_of(output)))


def _rows(output: Output, positions: list[int]) -> Output:
    """Make an output of some rows, judged as estimates."""
    return replace(output, kind="estimates", table=unit_rows(output).iloc[positions])


def _rounded_count(output: Output, count: float, profile: Profile) -> dict[str, float]:
    """Return a count that a sentence states, rounded; it has no interval."""
    rounded = dict.fromkeys(output.roles.statistics, math.nan)
    rounded[output.roles.estimate[0]] = float(to_base(count, profile.rounding_base))
    return rounded


def _count_problems(output: Output, counted: pd.DataFrame) -> list[str]:
    problems = []
    people = counted[output.roles.people].astype(float)
    if not (counted[output.roles.estimate[0]].astype(float) == people).all():
        problems.append("a count in a sentence must be the number of people behind it.")
    bounds = [*output.roles.lower, *output.roles.upper]
    if counted[bounds].notna().any().any():
        problems.append("a count in a sentence must have no interval.")
    return problems


RULES = Rules(
    protect=protect, broken=format_problems, without_rule=rule_problems, thin=too_few_at_risk
)
