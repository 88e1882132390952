"""Rules for numbers in sentences: each says what it is, and obeys the rule of what it is.

`options.formats` says of each name how it is written, and so what it is: a `percent` is judged
as a share, a `rate` and a `ratio` as rates, `days` and a `number` as a mean, a median or a
percentile (`roles.statistic`), a `count` as a count of its row; differences, and comparisons in
the words of the Justice Data Lab, are judged as the output they repeat. Options
of these rules (`per`, `denominator`, `interval`) stand for every number, or by name.

A number that repeats one of another output says so in `options.of` (name -> id of the output):
it is then said exactly as it is shown there, and hidden where it is hidden there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import AT_RISK, kept_back, unit_rows
from justice_analysis.disclosure.counted import rules as counted
from justice_analysis.disclosure.counted.denominators import RATE_FORMATS, option_of
from justice_analysis.disclosure.kinds import rates, summary, tables
from justice_analysis.disclosure.kinds.parts import profile_as, rows_as
from justice_analysis.disclosure.kinds.repeats import repeated
from justice_analysis.disclosure.kinds.rules import Beside, Rules
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.reading import count_base
from justice_analysis.disclosure.rounding import to_base
from justice_analysis.disclosure.verdict import Protected
from justice_analysis.disclosure.wording import FORMATS

QUANTITIES = ("days", "number")
JUDGED_AS: Mapping[str, tuple[str, Rules]] = {
    "percent": ("estimates", tables.RULES),
    **dict.fromkeys(RATE_FORMATS, ("rates", rates.RULES)),
    **dict.fromkeys(QUANTITIES, ("summary", summary.RULES)),
}
"""For each format, the kind whose rules hold."""
BELOW = "told below"
"""Column of what stands below the numbers, as it is told."""
Row = Mapping[Any, Any]


def broken(output: Output, profile: Profile) -> list[str]:
    """Numbers for sentences must be named and say what they are; each may break its own rules."""
    problems = _format_problems(output)
    if problems or tables.count_problems(output):
        return problems
    of = output.options.get("of", {})
    if not isinstance(of, Mapping) or {*of} - {*output.table["name"]}:
        return ["options.of must give names of this text the id of the output they repeat."]
    for position, form in _own(output):
        if form in JUDGED_AS:
            problems += JUDGED_AS[form][1].broken(*_part(output, position, profile))
        if form not in RATE_FORMATS:  # a rate's denominator may be more than its people
            problems += counted.broken(rows_as(output, "estimates", [position]))
    return list(dict.fromkeys(problems))


def without_rule(output: Output, profile: Profile) -> list[str]:
    """What has no rule yet, so that a person must look."""
    problems = []
    for position, form in _own(output):
        if form in QUANTITIES and not _statistic(output, position):
            problems.append(
                "numbers in days or other units must say what they are in roles.statistic (mean, "
                "median, percentile 25), or which output they repeat in options.of: without "
                "either they have no rule yet."
            )
        elif form in JUDGED_AS:
            problems += JUDGED_AS[form][1].without_rule(*_part(output, position, profile))
        elif form == "count":
            problems += _count_problems(output, _records(output)[position])
        else:
            problems.append(
                "differences, and comparisons in words, have no rule by themselves: name the "
                "output they repeat in options.of."
            )
    return list(dict.fromkeys(problems))


def thin(output: Output, profile: Profile) -> set[int]:
    """Rows that the rule of what they are would hide."""
    return {
        position
        for position, form in _own(output)
        if form in JUDGED_AS and JUDGED_AS[form][1].thin(*_part(output, position, profile))
    }


def stated(output: Output, profile: Profile) -> Output:
    """The counts of each number, as an attacker reads them.

    Those without the outcome are people only beside a share. Two sides of a ratio are parts of
    both together; other numbers tell their people, and a count itself, and nothing of a rest: for
    these the rest is set to the people, who are judged anyhow.
    """
    roles = output.roles
    if not roles.numerator:
        return output
    told = [_told(output, position, profile) for position in range(len(output.table))]
    if not any(told):
        return output
    table = unit_rows(output)
    rows = zip(_records(output), told, strict=True)
    both = [
        own or (row[roles.numerator], row[roles.denominator or roles.people]) for row, own in rows
    ]
    table[roles.numerator] = [above for above, _ in both]
    table[BELOW] = [below for _, below in both]
    if roles.denominator and roles.denominator != roles.people:
        table = table.drop(columns=roles.denominator)
    return replace(output, table=table, roles=replace(roles, denominator=BELOW))


def protect(output: Output, hidden: Iterable[int], profile: Profile, beside: Beside) -> Protected:
    """Hide numbers and round the others by the rule of what they are.

    Parameters
    ----------
    beside
        Its `others` are what the other outputs show: a number that repeats one of them is said
        as it is there.
    """
    table, hidden = unit_rows(output).copy(), set(hidden)
    base = count_base(output.kind, profile)
    shown: list[dict[str, float]] = []
    for position, row in enumerate(_records(output)):
        form = formats_of(output)[row["name"]]
        if row["name"] in _of(output):
            said = repeated(output, row, beside.others)
            hidden |= {position} if said is None else set()
        elif form in JUDGED_AS:
            part, rules = _part(output, position, profile), JUDGED_AS[form][1]
            said = dict(rules.protect(part[0], set(), part[1], beside).table.iloc[0])
        else:
            said = {output.roles.estimate[0]: float(to_base(row[output.roles.estimate[0]], base))}
        shown.append(said or {})
    for name in output.roles.statistics:
        table[name] = [float(said.get(name, math.nan)) for said in shown]
    tables.round_counts(output, table, base)
    tables.hide_rows(output, table, hidden)
    table = table.drop(columns=list(kept_back(output)))
    return Protected(table, _controls(output, hidden, tables.controls(output, table, profile)))


def quantities(output: Output, profile: Profile) -> list[tuple[int, Output, Profile]]:
    """Rows that say a mean, a median or a percentile, each as a summary of its own."""
    if _format_problems(output):
        return []
    return [
        (position, *_part(output, position, profile))
        for position, form in _own(output)
        if form in QUANTITIES
    ]


def formats_of(output: Output) -> Mapping[str, str]:
    """How each number of a text is written."""
    formats = output.options.get("formats")
    return formats if isinstance(formats, Mapping) else {}


def _format_problems(output: Output) -> list[str]:
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


def _own(output: Output) -> list[tuple[int, str]]:
    """Rows that are judged by themselves, with their format; the others repeat an output."""
    formats, of = formats_of(output), _of(output)
    return [
        (position, formats[row["name"]])
        for position, row in enumerate(_records(output))
        if row["name"] not in of
    ]


def _of(output: Output) -> Mapping[str, str]:
    of = output.options.get("of")
    return of if isinstance(of, Mapping) else {}


def _records(output: Output) -> list[Row]:
    return [*unit_rows(output).to_dict("records")]


def _part(output: Output, position: int, profile: Profile) -> tuple[Output, Profile]:
    """One row as an output of the kind whose rules hold for it, with the options it needs."""
    name = str(unit_rows(output)["name"].iloc[position])
    form = formats_of(output)[name]
    kind = JUDGED_AS[form][0]
    part = _without_empty_bounds(rows_as(output, kind, [position]))
    options = dict(output.options)
    for option in ("per", "denominator", "interval", "public_denominator"):
        if option in options:
            options[option] = option_of(output, option, name)
    if form == "ratio":
        options |= {"per": 1, "denominator": "count"}
    if kind == "summary":
        options.setdefault("quantity", form)
    # A number that left before is kept as its counts alone: it has no estimate any more.
    estimates = output.roles.estimate[:1]
    statistic = {name: _statistic(output, position) or form for name in estimates}
    named = kind != "estimates"
    roles = replace(part.roles, statistic=statistic) if named else part.roles
    return replace(part, options=options, roles=roles), profile_as(profile, kind, of=output.kind)


def _without_empty_bounds(part: Output) -> Output:
    """Leave out bounds that a number does not have: other numbers of the text have them."""
    bounds = [*part.roles.lower, *part.roles.upper]
    if not bounds or part.table[bounds].notna().any(axis=None):
        return part
    roles = replace(part.roles, lower=(), upper=())
    shares = tuple(name for name in part.shares if name not in bounds)
    return replace(part, table=part.table.drop(columns=bounds), roles=roles, shares=shares)


def _told(output: Output, position: int, profile: Profile) -> tuple[int, int] | None:
    """Numerator and denominator that a number tells; None for a share, which tells its own."""
    row, roles = _records(output)[position], output.roles
    assert roles.numerator is not None
    above, people = int(row[roles.numerator]), int(row[roles.people])
    form = dict(_own(output)).get(position)
    if form == "percent":
        return None
    if form == "ratio":
        return above, above + int(row[roles.denominator or roles.people])
    if form == "rate":
        tells_rest = rates.stated(*_part(output, position, profile)).roles.numerator is not None
        return None if tells_rest else (above, above + people)
    is_numerator = form == "count" and float(row[roles.estimate[0]]) == above
    return (above, above + people) if is_numerator else (people, 2 * people)


def _statistic(output: Output, position: int) -> str | None:
    """What a number is: as its column says, or by name in `options.statistics`."""
    name = str(unit_rows(output)["name"].iloc[position])
    said = option_of(output, "statistics", name)
    own = output.roles.statistic.get(output.roles.estimate[0])
    return said if isinstance(said, str) else own


def _count_problems(output: Output, row: Row) -> list[str]:
    roles, problems = output.roles, []
    counts = [name for name in roles.counts if name != AT_RISK]
    if float(row[roles.estimate[0]]) not in {float(row[name]) for name in counts}:
        problems.append(
            "a count in a sentence must be the number of people behind it, or a count of its row."
        )
    if any(math.isfinite(float(row[name])) for name in (*roles.lower, *roles.upper)):
        problems.append("a count in a sentence must have no interval.")
    return problems


def _controls(output: Output, hidden: set[int], said: tuple[str, ...]) -> tuple[str, ...]:
    of = _of(output)
    if not of:
        return said
    lost = sum(row["name"] in of and n in hidden for n, row in enumerate(_records(output)))
    repeats = "Numbers that repeat another output are said as they are shown there"
    return (*said, f"{repeats}; {lost} of {len(of)} are hidden there, or not found.")


RULES = Rules(protect=protect, broken=broken, without_rule=without_rule, thin=thin, stated=stated)
