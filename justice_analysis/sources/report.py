"""The check report for people and for scripts: what `justice data check` shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ibis.backends import BaseBackend

from justice_analysis import engine
from justice_analysis.sources.cleaning import examine_extract
from justice_analysis.sources.extract import Extract
from justice_analysis.sources.findings import CheckReport, ExtractReport

_HEADINGS = ("consequence", "column", "rule", "rows", "share")


def check_extract(extract: Extract, *, backend: BaseBackend | None = None) -> ExtractReport:
    """Check every table of an extract against its contract, without loading it.

    Parameters
    ----------
    extract
        From `look_at_extract`, or from `read_extract`, which refuses missing files at once.
    backend
        The engine; one is opened, and closed again, where none is given.

    Returns
    -------
    ExtractReport
        `passed` says whether the extract may be loaded; files that cannot be read are among
        its `problems`. It holds no value of any row.
    """
    if backend is not None:
        return examine_extract(extract, backend).report
    own = engine.connect()
    try:
        return examine_extract(extract, own).report
    finally:
        engine.close(own)


def render(report: ExtractReport) -> str:
    """Draw a report as plain text in aligned columns, one block a table."""
    return "\n".join(_lines(report)) + "\n"


def to_json(report: ExtractReport) -> str:
    """Write a report as JSON text."""
    return json.dumps(report.as_record(), indent=2, ensure_ascii=False) + "\n"


def _lines(report: ExtractReport) -> Iterator[str]:
    date = f", extracted {report.extract_date}" if report.extract_date else ""
    yield f"{report.dataset} ({report.nature}{date})"
    for table in report.tables:
        yield ""
        yield from _table_lines(table)
    yield ""
    for problem in report.problems:
        yield f"REFUSED: {problem}"
    if report.absent_tables:
        yield f"Tables not delivered (they may be absent): {', '.join(report.absent_tables)}"
    if report.switched_off:
        yield "Not delivered, and what that switches off or changes:"
        yield from (f"    {sentence}" for sentence in report.switched_off)
    if report.not_used:
        yield f"Files not used: {', '.join(report.not_used)}"
    yield _verdict(report)


def _table_lines(report: CheckReport) -> Iterator[str]:
    verdict = "nothing found" if not report.findings else "may be loaded"
    rows = f"{_rows(report.rows)}, " if report.rows or report.passed else ""
    yield f"{report.table}: {rows}{verdict if report.passed else 'REFUSED'}"
    if report.findings:
        yield from _aligned([_HEADINGS, *_cells(report)])
    for finding in report.findings:
        if finding.advice:
            yield f"    {finding.column or report.table}: {finding.advice}"
    if report.set_aside:
        aside = sum(report.set_aside.values())
        yield f"    {_rows(aside)} set aside in all, {report.rows - aside:,} to use"
    for note in report.notes:
        yield f"    {note}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _cells(report: CheckReport) -> Iterator[tuple[str, ...]]:
    for finding in report.findings:
        share = f"{finding.count / report.rows:.2%}" if report.rows and finding.count else ""
        count = f"{finding.count:,}" if finding.count else ""
        yield finding.consequence, finding.column or "(table)", finding.rule, count, share


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Pad cells to the width of their column; numbers stand to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        padded = [
            cell.rjust(width) if place >= len(row) - 2 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "    " + "  ".join(padded).rstrip()


def _verdict(report: ExtractReport) -> str:
    if report.passed:
        return "The extract may be loaded."
    refused = [table.table for table in report.tables if not table.passed]
    where = [f"see {', '.join(refused)}"] if refused else []
    where += ["see the files that are refused"] if report.problems else []
    return f"The extract may not be loaded: {', and '.join(where)}."
