"""The one door to the engines: Ibis over DuckDB, and the same expressions on Spark.

Only what gives the same answer on both is offered here (`book/decisions/ibis.md`). Dates and
the reading of text go through the functions below, and an expression that the engines are
known to answer differently is refused before it runs.
"""

from justice_analysis.engine.conversion import (
    DATE_FORMATS,
    MONTH_FORMATS,
    to_boolean,
    to_date,
    to_integer,
    to_month,
    to_number,
    to_whole,
)
from justice_analysis.engine.dates import (
    add_days,
    add_months,
    days_between,
    financial_year,
    month_end,
    month_start,
    months_between,
    years_between,
)
from justice_analysis.engine.delimited import read_delimited
from justice_analysis.engine.files import (
    memory_table,
    missing_counts,
    nan_to_null,
    read_parquet,
    write_table,
)
from justice_analysis.engine.linking import (
    from_splink,
    quietly,
    splink_database,
    splink_table,
)
from justice_analysis.engine.running import (
    Asked,
    count_rows,
    execute,
    materialise,
    named,
    recording,
    under_name,
)
from justice_analysis.engine.sessions import close, connect, half_of_memory_gb
from justice_analysis.engine.swapping import swap_in
from justice_analysis.engine.tables import (
    digest,
    divide,
    first_per_group,
    integer_keys,
    join_one,
    union,
)

__all__ = [
    "DATE_FORMATS",
    "MONTH_FORMATS",
    "Asked",
    "add_days",
    "add_months",
    "close",
    "connect",
    "count_rows",
    "days_between",
    "digest",
    "divide",
    "execute",
    "financial_year",
    "first_per_group",
    "from_splink",
    "half_of_memory_gb",
    "integer_keys",
    "join_one",
    "materialise",
    "memory_table",
    "missing_counts",
    "month_end",
    "month_start",
    "months_between",
    "named",
    "nan_to_null",
    "quietly",
    "read_delimited",
    "read_parquet",
    "recording",
    "splink_database",
    "splink_table",
    "swap_in",
    "to_boolean",
    "to_date",
    "to_integer",
    "to_month",
    "to_number",
    "to_whole",
    "under_name",
    "union",
    "write_table",
    "years_between",
]
