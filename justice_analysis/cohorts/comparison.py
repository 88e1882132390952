"""Two definitions on one warehouse: who meets both, who meets one, and what share agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from justice_analysis import engine
from justice_analysis.errors import OptionError

BOTH, FIRST_ONLY, SECOND_ONLY = "in both", "only in the first", "only in the second"


@dataclass(frozen=True)
class Overlap:
    """How many members two definitions share.

    `agreeing` is those in both over those in either (Jaccard); missing where nobody is in one.
    """

    in_both: int
    only_first: int
    only_second: int

    @property
    def agreeing(self) -> float | None:
        """Share of the members of either who are members of both."""
        either = self.in_both + self.only_first + self.only_second
        return self.in_both / either if either else None


def membership(first: ir.Table, second: ir.Table, *, keys: Sequence[str]) -> ir.Table:
    """Say of each member of either definition which of the two it meets.

    Parameters
    ----------
    first, second
        One row or more per member, with `keys`, none missing; further columns are left out.

    Returns
    -------
    Table
        One row per member of either: `keys`, `membership` (`BOTH`, `FIRST_ONLY`,
        `SECOND_ONLY`).

    Raises
    ------
    OptionError
        If the two do not hold the same kind of member.
    """
    for table in (first, second):
        if missing := [name for name in keys if name not in table.columns]:
            raise OptionError(
                f"two definitions are compared by {', '.join(keys)}: one of them has no "
                f"{', '.join(missing)}. Compare definitions of the same unit."
            )
    one = ibis.literal(1, "int64")
    none = ibis.literal(0, "int64")
    rows = engine.union(
        first.select(*keys).distinct().mutate(_first=one, _second=none),
        second.select(*keys).distinct().mutate(_first=none, _second=one),
    )
    met = rows.group_by(*keys).aggregate(_first=rows._first.max(), _second=rows._second.max())
    words = ibis.cases(
        ((met._first == 1) & (met._second == 1), BOTH), (met._first == 1, FIRST_ONLY),
        else_=SECOND_ONLY,
    )  # fmt: skip
    return met.select(*keys, membership=words)


def overlap(first: ir.Table, second: ir.Table, *, keys: Sequence[str]) -> Overlap:
    """Count who meets both definitions and who meets one; as `membership`."""
    rows = membership(first, second, keys=keys)
    counts = engine.execute(
        rows.group_by("membership").aggregate(members=rows.count()), step="comparing definitions"
    )
    found = dict(zip(counts["membership"], counts["members"], strict=True))
    return Overlap(*(int(found.get(name, 0)) for name in (BOTH, FIRST_ONLY, SECOND_ONLY)))
