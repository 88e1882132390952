"""What a cohort is declared with: entry, exclusions and follow-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import ibis.expr.types as ir

if TYPE_CHECKING:
    from justice_analysis.warehouse import Warehouse

ENTRY = ("person_id", "index_date", "index_case_id", "place_id")
"""What an entry must give; a case or place that is not known is missing."""
FIRST_EVER, FIRST_IN_WINDOW = "first ever", "first in the window"

Entry: TypeAlias = "Callable[[Warehouse], ir.Table]"


@dataclass(frozen=True)
class Exclusion:
    """Whom to leave out: words for those left out, and the condition that finds them.

    `condition(people)` is true for whoever is left out; where it is missing they stay, so that
    what is not known is never a reason unless the condition says so.
    """

    name: str
    condition: Callable[[ir.Table], ir.BooleanValue] = field(repr=False)


@dataclass(frozen=True)
class FollowUp:
    """Until when people are followed, as in `time_at_risk`.

    `days` is the longest follow-up (missing: to the end of what the source covers); `custody`
    takes time in custody off the days at risk; `at_death` is `ignore` or `censor`.
    """

    source: str
    days: int | None = None
    at_death: str = "ignore"
    custody: bool = False
