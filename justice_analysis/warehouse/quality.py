"""What a load says of the quality of its data, beyond the checks: counts only, by field and year.

The checks count by field and year in their one pass; what needs more is here, from few small
queries: rows set aside by year, unknown codes that many rows share, and who has a link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.contracts import TableContract
from justice_analysis.sources import quality as yearly
from justice_analysis.sources.cleaning import CleanExtract
from justice_analysis.sources.findings import CheckReport
from justice_analysis.sources.mapping import as_text

if TYPE_CHECKING:
    import pandas as pd

# A code that fewer rows share is counted and not kept: it may be a value of one person's row.
ROWS_THAT_SHOW_A_CODE = 10
CODE_RULES = ("unknown code", "not an allowed value")
CHECK, MAPPING = "check", "mapping"


def measure(
    cleaned: Sequence[CleanExtract], folder: Path, party: ir.Table | None, backend: BaseBackend
) -> dict[str, Any]:
    """Count what the checks did not, for `quality.json`.

    Parameters
    ----------
    cleaned
        The extracts after their checks.
    folder
        The generation, with its quarantine written.
    party
        The written common table; None if no source has parties.
    backend
        The engine.

    Returns
    -------
    dict
        `set_aside_by_year`: dataset, table, step, reason, year, rows. `codes_not_in_the_list`:
        dataset, table, column, code, rows, for codes of ten rows or more. `linked`: dataset,
        parties (people in cases), and how many of them a delivered identifier links.
    """
    return {
        "set_aside_by_year": set_aside_by_year(cleaned, folder / "quarantine", backend),
        "codes_not_in_the_list": [row for clean in cleaned for row in shared_codes(clean)],
        "linked": [] if party is None else linked_parties(party),
    }


def set_aside_by_year(
    cleaned: Sequence[CleanExtract], quarantine: Path, backend: BaseBackend
) -> list[dict[str, Any]]:
    """Rows in quarantine by reason and year."""
    parts = [
        _counted(engine.read_parquet(backend, folder), contract, (dataset, contract.name, step))
        for dataset, contract, step, folder in _quarantined(cleaned, quarantine)
    ]
    if not parts:
        return []
    found = engine.execute(engine.union(*parts), step="rows set aside by year")
    names = ["dataset", "table", "step", "reason", "year"]
    return _records(found.sort_values(names))


def _quarantined(
    cleaned: Sequence[CleanExtract], quarantine: Path
) -> Iterator[tuple[str, TableContract, str, Path]]:
    for clean in cleaned:
        for contract in clean.extract.contract.tables:
            for step in (CHECK, MAPPING):
                folder = quarantine / clean.extract.dataset / contract.name / step
                if list(folder.glob("*.parquet")):
                    yield clean.extract.dataset, contract, step, folder


def _counted(aside: ir.Table, contract: TableContract, place: tuple[str, str, str]) -> ir.Table:
    year: ir.Value = ibis.literal(yearly.UNDATED)
    if contract.dated_by in aside.columns:
        dated = yearly.periods(aside, contract).get(yearly.YEAR)
        year = year if dated is None else as_text(dated).fill_null(yearly.UNDATED)
    counted = aside.group_by(reason=aside.reason, year=year).aggregate(rows=aside.count())
    named = dict(zip(("dataset", "table", "step"), place, strict=True))
    said = {name: ibis.literal(value) for name, value in named.items()}
    return counted.select(**said, reason=counted.reason, year=counted.year, rows=counted.rows)


def shared_codes(clean: CleanExtract) -> list[dict[str, Any]]:
    """Codes that a code list lacks, where ten rows or more have them."""
    parts = [
        _codes(clean.tables[report.table], clean.extract.contract.table(report.table), column)
        for report in clean.report.tables
        if report.table in clean.tables
        for column in _columns_with_codes(report)
    ]
    if not parts:
        return []
    found = engine.execute(engine.union(*parts), step="codes that are not in the list")
    found.insert(0, "dataset", clean.extract.dataset)
    return _records(found.sort_values(["table", "column", "code"]))


def _columns_with_codes(report: CheckReport) -> list[str]:
    found = [
        finding.column
        for finding in report.findings
        if finding.rule in CODE_RULES and finding.count >= ROWS_THAT_SHOW_A_CODE
    ]
    return list(dict.fromkeys(found))


def _codes(table: ir.Table, contract: TableContract, column: str) -> ir.Table:
    field = contract.field(column)
    codes = as_text(table[column])
    unknown = table.filter(table[column].notnull(), ~codes.isin([*field.codes, *field.enum]))
    counted = unknown.group_by(code=as_text(unknown[column])).aggregate(rows=unknown.count())
    shared = counted.filter(counted.rows >= ROWS_THAT_SHOW_A_CODE)
    where = {"table": ibis.literal(contract.name), "column": ibis.literal(column)}
    return shared.select(**where, code=shared.code, rows=shared.rows)


def linked_parties(party: ir.Table) -> list[dict[str, Any]]:
    """People in cases, and those of them with a person behind them, by dataset."""
    people = party.filter(party.organisation_id.isnull() | party.person_id.notnull())
    counted = people.group_by(dataset=people.source).aggregate(
        parties=people.count(), linked=people.person_id.count()
    )
    found = engine.execute(counted.order_by("dataset"), step="linked parties by dataset")
    return _records(found)


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): value.item() if hasattr(value, "item") else value for name, value in row}
        for row in (row.items() for row in found.to_dict("records"))
    ]


# As one table --------------------------------------------------------------------------------

# What a measure's name begins with, or holds, and the aspect of quality that it is about.
ASPECTS: Mapping[str, str] = {
    yearly.MISSING: "completeness",
    "key missing": "completeness",
    "exact duplicate row": "uniqueness",
    "duplicate key": "uniqueness",
    "after the extract date": "consistency",
    " must not follow ": "consistency",
    " not found in ": "consistency",
    "unreadable": "validity",
    "out of range": "validity",
    "unknown code": "validity",
    "not an allowed value": "validity",
    "not of the form": "validity",
}
NOT_USED = "not used"
MONTHS_BEHIND = "months from the tenth latest row to the extract"
COLUMNS = ("dataset", "table", "field", "year", "aspect", "measure", "rows", "count", "share")


def aspect_of(measure: str) -> str:
    """Which aspect of quality a measure is about; rows that a mapping leaves out are not used."""
    held = (aspect for words, aspect in ASPECTS.items() if words in measure)
    return next(held, NOT_USED)


def quality_table(quality: Mapping[str, Any]) -> pd.DataFrame:
    """One row per dataset, table, field, year and measure.

    Returns
    -------
    DataFrame
        `dataset`, `table`, `field` (empty for whole rows), `year` (empty where rows are not
        dated), `aspect` (completeness, validity, uniqueness, consistency, timeliness, not
        used), `measure`, `rows` (delivered in that year), `count` (of rows with the fault) and
        `share`. Missing values are listed for every field and year, other faults where there
        are some. Of rows set aside whose year is not known, `rows` and `share` are of the whole
        table. Timeliness is in months (`count`), and no share.
    """
    import pandas as pd

    rows = [
        row
        for dataset, report in quality["checks"].items()
        for table in report["tables"]
        for row in (
            *_field_rows(dataset, table),
            *_months_behind(dataset, table, report["extract_date"]),
            *_aside_rows(dataset, table, quality.get("set_aside_by_year", ())),
        )
    ]
    table = pd.DataFrame(rows, columns=[*COLUMNS[:-1]])
    delivered = table["rows"].where((table["rows"] > 0) & (table["aspect"] != "timeliness"))
    return table.assign(share=table["count"] / delivered)


def _field_rows(dataset: str, table: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    years = table["by_year"]
    for field, measures in years["fields"].items():
        for name, counts in measures.items():
            for year, rows, count in zip(years["years"], years["rows"], counts, strict=True):
                if count or name == yearly.MISSING:
                    yield dataset, table["table"], field, year, aspect_of(name), name, rows, count


def _months_behind(
    dataset: str, table: Mapping[str, Any], extract_date: str
) -> Iterator[tuple[Any, ...]]:
    months = yearly.months_between(table["by_year"]["last_month"], extract_date)
    if months is not None:
        field, rows = table["by_year"]["dated_by"], table["rows"]
        yield dataset, table["table"], field, "", "timeliness", MONTHS_BEHIND, rows, months


def _aside_rows(
    dataset: str, table: Mapping[str, Any], aside: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    held = dict(zip(table["by_year"]["years"], table["by_year"]["rows"], strict=True))
    for one in aside:
        if (one["dataset"], one["table"]) == (dataset, table["table"]):
            reason, year, count = one["reason"], one["year"], one["rows"]
            rows = held.get(year, count) if year else table["rows"]
            yield dataset, one["table"], "", year, aspect_of(reason), reason, rows, count
