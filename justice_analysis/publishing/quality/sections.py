"""The part of the quality report about one dataset: delivered, set aside, mended, complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from justice_analysis.publishing.markup import escape
from justice_analysis.publishing.quality.cells import (
    HIDDEN,
    Cell,
    count,
    count_words,
    details,
    name,
    paragraph,
    share_cell,
    table,
    text,
    total_words,
    year_bars,
)
from justice_analysis.publishing.quality.years import by_shown_years
from justice_analysis.sources.quality import MISSING, months_between

DONE = {
    "set aside": "row set aside",
    "made missing": "value made missing",
    "kept": "kept as it is",
    "refuse": "refused",
}
FIELDS_SHOWN_OPEN = 15


@dataclass(frozen=True)
class DatasetQuality:
    """What a load found in one dataset, as `quality.json` has it.

    Attributes
    ----------
    checks
        The check report of the dataset.
    cleaning, aside, codes
        Its cleaning rules, its rows set aside by year, and codes that a list lacks.
    """

    name: str
    title: str
    checks: Mapping[str, Any]
    cleaning: Sequence[Mapping[str, Any]]
    aside: Sequence[Mapping[str, Any]]
    codes: Sequence[Mapping[str, Any]]
    threshold: int

    @property
    def rows(self) -> int:
        """Rows delivered, all tables."""
        return sum(int(one["rows"]) for one in self.checks["tables"])

    def aside_of(self, table: str) -> dict[str, int]:
        """Rows of a table set aside by reason, checks and mapping together."""
        found: dict[str, int] = {}
        for one in self.aside:
            if one["table"] == table:
                found[one["reason"]] = found.get(one["reason"], 0) + int(one["rows"])
        return found

    @property
    def all_aside(self) -> list[int]:
        """Rows set aside, one number for each table and reason."""
        tables = (one["table"] for one in self.checks["tables"])
        return [rows for name in tables for rows in self.aside_of(name).values()]

    @property
    def cells(self) -> tuple[int, int]:
        """Values missing, and all there could be."""
        missing, everything = 0, 0
        for one in self.checks["tables"]:
            fields = one["by_year"]["fields"].values()
            held = [found[MISSING] for found in fields if MISSING in found]
            missing += sum(map(sum, held))
            everything += int(one["rows"]) * len(held)
        return missing, everything


def dataset_section(one: DatasetQuality) -> str:
    """Everything about one dataset, under one heading."""
    parts = [
        f'<section aria-labelledby="{escape(one.name)}">',
        f'<h2 id="{escape(one.name)}">{escape(one.title)}</h2>',
        paragraph(_lead(one)),
        _delivered(one),
        *_losses(one),
        _found(one),
        _set_aside(one),
        *_mended(one),
        _codes(one),
        *_complete(one),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _lead(one: DatasetQuality) -> str:
    date = one.checks["extract_date"]
    extracted = f", extracted on {date}" if date else ""
    absent = one.checks["absent_tables"]
    gone = f" Not delivered, as may be: {', '.join(absent)}." if absent else ""
    return f"Named {one.name} in the software{extracted}.{gone}"


def _delivered(one: DatasetQuality) -> str:
    return table(
        "What was delivered",
        ("Table", "Rows", "Set aside", "Counted by the year of", "Ten latest rows since"),
        [_delivered_row(one, report) for report in one.checks["tables"]],
        numeric=(1, 2),
        of=one.title,
    )


def _delivered_row(one: DatasetQuality, report: Mapping[str, Any]) -> list[Cell]:
    aside = list(one.aside_of(report["table"]).values())
    years = report["by_year"]
    behind = months_between(years["last_month"], one.checks["extract_date"])
    late = f" ({behind} months before the extract)" if behind else ""
    return [
        text(report["table"]),
        count(report["rows"], one.threshold),
        Cell(total_words(aside, one.threshold), "number"),
        text(years["dated_by"] or "not dated"),
        text(f"{years['last_month']}{late}"),
    ]


def _losses(one: DatasetQuality) -> Iterator[str]:
    lost = one.checks.get("switched_off", ())
    if lost:
        items = "".join(f"<li>{escape(words)}</li>" for words in lost)
        yield f"<h3>Not delivered, and what that switches off or changes</h3><ul>{items}</ul>"


def _found(one: DatasetQuality) -> str:
    rows = [
        [
            name(report["table"], found["column"]),
            text(found["rule"]),
            count(found["count"], one.threshold) if found["count"] else text(""),
            Cell(_share(found["count"], report["rows"], one.threshold), "number"),
            text(DONE[found["consequence"]], "nowrap"),
        ]
        for report in one.checks["tables"]
        for found in report["findings"]
    ]
    caption = "What the checks found"
    headings = ("Column", "Found", "Rows", "Share", "Done")
    return table(caption, headings, rows, numeric=(2, 3), of=one.title)


def _share(rows: int, delivered: int, threshold: int) -> str:
    """A share to a tenth of a percent, beside its count; hidden where that is."""
    if not rows or not delivered:
        return ""
    return HIDDEN if rows < threshold else f"{max(rows / delivered, 0.001):.1%}"


def _set_aside(one: DatasetQuality) -> str:
    rows = [
        [text(report["table"]), text(reason), count(number, one.threshold)]
        for report in one.checks["tables"]
        for reason, number in sorted(one.aside_of(report["table"]).items())
    ]
    caption = "Rows set aside, and why"
    return table(caption, ("Table", "Reason", "Rows"), rows, numeric=(2,), of=one.title)


def _mended(one: DatasetQuality) -> Iterator[str]:
    applied = [rule for rule in one.cleaning if rule["rows"]]
    yield table(
        "What was mended, and other cleaning rules that applied",
        ("Table", "Rule", "Rows"),
        [[text(r["table"]), text(r["rule"]), count(r["rows"], one.threshold)] for r in applied],
        numeric=(2,),
        of=one.title,
    )
    idle = [f"{rule['table']}: {rule['rule']}" for rule in one.cleaning if not rule["rows"]]
    items = "".join(f"<li>{escape(words)}</li>" for words in idle)
    rules = "1 cleaning rule" if len(idle) == 1 else f"{len(idle)} cleaning rules"
    yield details(f"{rules} that applied to no row", f"<ul>{items}</ul>" if idle else "")


def _codes(one: DatasetQuality) -> str:
    rows = [
        [
            name(code["table"], code["column"]),
            Cell(f"<code>{escape(code['code'])}</code>"),
            count(code["rows"], one.threshold),
        ]
        for code in one.codes
        if code["rows"] >= one.threshold
    ]
    caption = f"Codes that the list lacks, where {one.threshold} rows or more share one"
    return table(caption, ("Column", "Code", "Rows"), rows, numeric=(2,), of=one.title)


# Completeness by field and year ---------------------------------------------------------------


def _complete(one: DatasetQuality) -> Iterator[str]:
    reports = [report for report in one.checks["tables"] if report["by_year"]["fields"]]
    if reports:
        yield "<h3>Completeness by field and year</h3>"
    for report in reports:
        yield from _complete_table(one, report)


def _complete_table(one: DatasetQuality, report: Mapping[str, Any]) -> Iterator[str]:
    labels, rows, fields = by_shown_years(report["by_year"], one.threshold)
    gaps = {name: counts for name, counts in fields.items() if any(counts)}
    whole = [name for name in fields if name not in gaps]
    heat = table(
        f"{report['table']}: share of rows in which each column is filled",
        ("Column", *labels),
        [
            [text(name), *_shares(counts, rows, one.threshold)]
            for name, counts in sorted(gaps.items(), key=lambda pair: -sum(pair[1]))
        ],
        numeric=range(1, len(labels) + 1),
        of=one.title,
        wide=True,
    )
    bars = year_bars(labels, rows, of=report["table"], threshold=one.threshold)
    full = f"Filled in every row: {', '.join(whole)}." if whole else ""
    summary = f"{report['table']}: {_columns(len(gaps))} with gaps, {len(whole)} without"
    body = "\n".join(part for part in (bars, heat, paragraph(full)) if part)
    yield details(summary, body, is_open=0 < len(gaps) <= FIELDS_SHOWN_OPEN)


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number} columns"


def _shares(missing: Sequence[int], rows: Sequence[int], threshold: int) -> list[Cell]:
    return [
        share_cell(number - gone, number, threshold)
        for gone, number in zip(missing, rows, strict=True)
    ]


def unknown_codes(one: DatasetQuality) -> str:
    """How many values a code list lacks, in words, for the overview."""
    counts = [
        int(found["count"])
        for report in one.checks["tables"]
        for found in report["findings"]
        if found["rule"] in ("unknown code", "not an allowed value")
    ]
    return total_words(counts, one.threshold) if counts else count_words(0, one.threshold)
