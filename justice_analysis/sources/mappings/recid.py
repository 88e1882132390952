"""Releases in North Carolina in the common model: measures of one person per row.

Time is given in months. A month is kept as delivered (`months_to_return`) and as whole days
(`days_to_return`): 30.4375 days a month, a twelfth of 365.25, rounded down. No day of the month
was recorded, so days fall on whole months. Each person's follow-up has its own length.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import CommonTables, MappingContext, all_used, coverage
from justice_analysis.sources.releases import measure, numbered, people_of_rows, stack

TABLE = "releases"
DAYS_IN_MONTH = 365.25 / 12
CODED = (
    "black", "alcohol", "drugs", "super", "married", "felon", "workprg", "property", "person",
)  # fmt: skip
COUNTED: Mapping[str, str] = {
    "priors": "convictions",
    "educ": "years of schooling",
    "rules": "violations",
    "age": "months",
    "tserved": "months",
}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the people released to measures; see `mapping.CommonTables`."""
    rows = numbered(tables[TABLE], context)
    # The source does not say who is a man and who a woman.
    common = dict(people_of_rows(rows, context, TABLE, sex=ibis.null("string")))
    common["measure"] = stack(
        *_times(rows, context),
        *[
            measure(rows, context, TABLE, name, code=rows[name], number=rows[name])
            for name in CODED
        ],
        *[
            measure(rows, context, TABLE, name, number=rows[name], unit=unit)
            for name, unit in COUNTED.items()
        ],
    )
    common["coverage"] = coverage(context, reason="follow-up of each person after release")
    accounts = [all_used(TABLE, tables[TABLE], "measure", "link")]
    return CommonTables(context.dataset, common, accounts)


def _times(rows: ir.Table, context: MappingContext) -> tuple[ir.Table, ...]:
    """How long each person was followed and, for those who returned, after how long."""
    returned = rows.filter(rows.cens == 0)
    return (
        measure(
            rows, context, TABLE, "followup_days", number=_days(rows.follow), unit="days"
        ),
        measure(
            returned,
            context,
            TABLE,
            "days_to_return",
            number=_days(returned.durat),
            code=ibis.literal("return"),
            unit="days",
        ),
        measure(
            returned, context, TABLE, "months_to_return", number=returned.durat, unit="months"
        ),
    )  # fmt: skip


def _days(months: ir.Value) -> ir.Value:
    return (months * DAYS_IN_MONTH).floor().cast("int64")
