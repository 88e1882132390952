"""How the Justice Data Lab words a difference: three sentences, by where the interval lies.

The rule is that of the Ministry of Justice's own report code: both ends above 0, both below, or
anything else, an end of exactly 0 included. Ends are said as whole numbers; which sentence it is
goes by the ends as they are given, before they are made whole.
"""

from __future__ import annotations

import math

SIGNIFICANT = "This is a statistically significant difference"
NOT_SIGNIFICANT = (
    "This is not a statistically significant difference: more people would need to be available "
    "for analysis to determine the direction, but this should not be taken to mean that the "
    "programme fails to affect it"
)


def difference_phrase(lower: float, upper: float, *, noun: str) -> str:
    """Say between what a difference lies, and whether its direction is known.

    Parameters
    ----------
    lower, upper
        Interval of treated less comparison, in the unit that is said (people of 100, days).
    noun
        What is counted: "people", "offences", "days".

    Returns
    -------
    str
        Without a full stop at the end: the sentence goes on around it.
    """
    if lower > 0 and upper > 0:
        return f"higher by between {_whole(lower)} and {_whole(upper)} {noun}. {SIGNIFICANT}"
    if lower < 0 and upper < 0:
        return f"lower by between {_whole(upper)} and {_whole(lower)} {noun}. {SIGNIFICANT}"
    return (
        f"lower by as many as {_whole(lower)} {noun}, or higher by as many as {_whole(upper)} "
        f"{noun}. {NOT_SIGNIFICANT}"
    )


def _whole(value: float) -> str:
    """A size as a whole number, halves up."""
    return f"{math.floor(abs(value) + 0.5):,}"
