"""Iowa releases from prison in the common model: measures of one person per release.

The file holds no person id, so a release stands for a person, and no dates: the fiscal year
of release is a period. Everyone is followed for three years; days to return are recorded for
those who returned.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from justice_analysis.sources.mapping import (
    CommonTables,
    MappingContext,
    all_used,
    code_name,
    coverage,
)
from justice_analysis.sources.releases import measure, numbered, people_of_rows, stack

TABLE = "releases"
FOLLOWED_DAYS = 1095
CAUSES: Mapping[object, str] = {"New": "new", "Tech": "technical"}
RETURNED = "Yes"
RECORDED: Mapping[str, str] = {
    "age_band_at_release": "Age At Release ",
    "release_type": "Release Type",
    "offence_class": "Offense Classification",
    "offence_type": "Offense Type",
    "recorded_ethnicity": "Race - Ethnicity",
    "supervising_district": "Main Supervising District",
    "target_population": "Target Population",
}


def to_common(tables: Mapping[str, ir.Table], context: MappingContext) -> CommonTables:
    """Map the releases to measures; see `mapping.CommonTables`."""
    rows = numbered(tables[TABLE], context)
    common = dict(people_of_rows(rows, context, TABLE, sex=rows["Sex"].lower()))
    common["measure"] = stack(
        _periods(rows, context),
        _followed(rows, context),
        _returns(rows, context),
        *[
            measure(rows, context, TABLE, concept, code=rows[column])
            for concept, column in RECORDED.items()
        ],
    )
    common["coverage"] = coverage(context, reason="releases and three years of follow-up")
    accounts = [all_used(TABLE, tables[TABLE], "measure", "link")]
    return CommonTables(context.dataset, common, accounts)


def _periods(rows: ir.Table, context: MappingContext) -> ir.Table:
    """The fiscal year of release, from 1 July of the year before, as a period."""
    year = rows["Fiscal Year Released"].cast("int32")
    return measure(
        rows,
        context,
        TABLE,
        "release",
        code=year,
        from_date=ibis.date(year - 1, 7, 1),
        to_date=ibis.date(year, 7, 1),
    )


def _followed(rows: ir.Table, context: MappingContext) -> ir.Table:
    days = ibis.literal(FOLLOWED_DAYS)
    return measure(rows, context, TABLE, "followup_days", number=days, unit="days")


def _returns(rows: ir.Table, context: MappingContext) -> ir.Table:
    """Days to return and its cause, for those who returned."""
    returned = rows.filter(rows["Return to Prison"] == RETURNED)
    return measure(
        returned,
        context,
        TABLE,
        "days_to_return",
        number=returned["Days to Return"],
        code=code_name(returned["Recidivism Type"], CAUSES),
        unit="days",
    )
