"""A declared cohort in words."""

from __future__ import annotations

import datetime
import textwrap
from typing import TYPE_CHECKING

from justice_analysis.definitions.card import TERMINAL_WIDTH

if TYPE_CHECKING:
    from justice_analysis.cohorts.declared.cohort import Cohort
    from justice_analysis.cohorts.declared.parts import FollowUp


def written(day: datetime.date) -> str:
    """A date as people write it: 1 April 2008."""
    return f"{day.day} {day:%B %Y}"


def span(days: int) -> str:
    """A number of days as whole years of 365 where it is that."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return f"{years} year{'s' * (years > 1)}"
    return f"{days:,} days"


def card_text(cohort: Cohort) -> str:
    """Render a cohort for a terminal, wrapped."""
    window = f"{cohort.index_from or 'any day'} to before {cohort.index_to or 'any day'}"
    looked = f"{span(cohort.lookback_days)} of {cohort.history}" if cohort.lookback_days else "none"
    facts = {
        "Holds": cohort.unit,
        "Index": f"{cohort.index}, the {cohort.pick}; window: {window}",
        "Look-back": f"must be covered: {looked}",
        "Follow-up": _follow_up(cohort.follow_up),
        "Version": cohort.version,
        "Status": cohort.status,
    }
    lists = {
        "Left out, in order": tuple(one.name for one in cohort.exclusions),
        "What does not count": cohort.does_not_count,
        "Source": cohort.source,
    }
    lines = [cohort.title, "=" * len(cohort.title), *_wrapped(cohort.definition), ""]
    lines += [line for name, said in facts.items() for line in _wrapped(said, f"{name:<12}")]
    for heading, items in lists.items():
        if items:
            lines += ["", f"{heading}:"]
            lines += [line for item in items for line in _wrapped(item, "  - ")]
    return "\n".join(lines)


def _follow_up(rule: FollowUp | None) -> str:
    if rule is None:
        return "none declared"
    longest = f"{span(rule.days)} at most" if rule.days is not None else "no limit"
    custody = "; days in custody taken off" if rule.custody else ""
    death = "; ends at death" if rule.at_death == "censor" else ""
    return f"in {rule.source} while it would have been seen, {longest}{custody}{death}"


def _wrapped(text: str, first: str = "") -> list[str]:
    indent = " " * len(first)
    return textwrap.wrap(text, TERMINAL_WIDTH, initial_indent=first, subsequent_indent=indent)
