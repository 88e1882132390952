"""Rules for box plots: five percentiles a box, no extremes, no outliers.

A box plot as software draws it shows people: whiskers end at someone's value and outliers are
single points. Here the whiskers are percentiles (5 and 95, say), every number passes the rule for
percentiles, and a box of which one does not is hidden whole: a box without a whisker would be read
as a short one.
"""

from __future__ import annotations

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.cells import unit_rows
from justice_analysis.disclosure.kinds import summary
from justice_analysis.disclosure.kinds.rules import Rules
from justice_analysis.disclosure.kinds.statistic_names import EXTREMES, named, percentiles
from justice_analysis.disclosure.profiles.profile import Profile

NUMBERS = 5


def broken(output: Output, profile: Profile) -> list[str]:
    """Whiskers that are extremes, outliers, and boxes of other than five numbers."""
    said = named(output)
    problems = summary.broken(output, profile)
    if profile.protects(output.kind):
        problems += [
            f"{name} must be a percentile: whiskers and outliers that are people's values may not "
            "be shown."
            for name in output.roles.estimate
            if name not in percentiles(output) and said.get(name) not in EXTREMES
        ]
        if any(statistic in EXTREMES for statistic in said.values()):
            problems.append("whiskers must be percentiles, such as 5 and 95, never extremes.")
    shares = sorted(percentiles(output).values())
    if profile.protects(output.kind) and (len(shares) != NUMBERS or 0.5 not in shares):
        problems.append(
            f"a box must have {NUMBERS} percentiles, one of them the median: "
            f"{len(shares)} were found."
        )
    return problems


def thin(output: Output, profile: Profile) -> set[int]:
    """Boxes about too few people, and those of which a number may not be shown."""
    found = summary.thin(output, profile)
    return found | {
        position
        for position, row in enumerate(unit_rows(output).to_dict("records"))
        if len(summary.may_be_shown(output, row, profile)) < NUMBERS
    }


RULES = Rules(protect=summary.protect, broken=broken, without_rule=summary.without_rule, thin=thin)
