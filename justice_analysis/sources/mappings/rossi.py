"""The Rossi recidivism data in the common model: measures of one person per man released.

Time is given in weeks. A week is kept as delivered (`weeks_to_arrest`) and as days
(`days_to_return`, seven to a week). Everyone was followed for 52 weeks.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import CommonTables, MappingContext, all_used, coverage
from justice_analysis.sources.releases import measure, numbered, people_of_rows, stack

TABLE = "men"
FOLLOWED_WEEKS = 52
DAYS_IN_WEEK = 7
CODED = ("fin", "race", "wexp", "mar", "paro")
COUNTED: Mapping[str, str] = {"age": "years", "prio": "convictions"}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the men released to measures; see `mapping.CommonTables`."""
    rows = numbered(tables[TABLE], context)
    common = dict(people_of_rows(rows, context, TABLE, sex=ibis.literal("male")))
    arrested = rows.filter(rows.arrest == 1)
    common["measure"] = stack(
        measure(
            rows,
            context,
            TABLE,
            "followup_days",
            number=ibis.literal(FOLLOWED_WEEKS * DAYS_IN_WEEK),
            unit="days",
        ),
        measure(
            arrested,
            context,
            TABLE,
            "days_to_return",
            number=arrested.week * DAYS_IN_WEEK,
            code=ibis.literal("arrest"),
            unit="days",
        ),
        measure(arrested, context, TABLE, "weeks_to_arrest", number=arrested.week, unit="weeks"),
        *[
            measure(rows, context, TABLE, name, code=rows[name], number=rows[name])
            for name in CODED
        ],
        *[
            measure(rows, context, TABLE, name, number=rows[name], unit=unit)
            for name, unit in COUNTED.items()
        ],
    )
    common["coverage"] = coverage(context, reason="52 weeks after release")
    accounts = [all_used(TABLE, tables[TABLE], "measure", "link")]
    return CommonTables(context.dataset, common, accounts)
