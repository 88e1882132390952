"""The quality report of a load: one page of HTML that needs nothing beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from justice_analysis.errors import JusticeError
from justice_analysis.publishing.markup import SYNTHETIC, escape
from justice_analysis.publishing.quality.cells import (
    HIDDEN,
    Cell,
    count,
    count_words,
    details,
    meter,
    name,
    paragraph,
    table,
    text,
    total_words,
)
from justice_analysis.publishing.quality.sections import (
    DatasetQuality,
    dataset_section,
    unknown_codes,
)
from justice_analysis.warehouse import Warehouse

FILE = "quality.html"
THRESHOLD = 10
STYLE = files("justice_analysis.publishing") / "site" / "assets" / "quality.css"
ABOUT = (
    "What was delivered in this load, what was set aside and why, what was mended, what is "
    "missing, and what has changed since the load before."
)


def write_quality_report(warehouse: Warehouse, *, threshold: int = THRESHOLD) -> Path:
    """Write `quality.html` into the folder of a warehouse's generation.

    Parameters
    ----------
    warehouse
        As loaded or opened.
    threshold
        Counts from one up to this are shown as fewer; `quality.json` beside it has them all.

    Returns
    -------
    Path
        The file: no script, no picture or style from outside.
    """
    path = warehouse.generation / FILE
    beside = path.with_name(f".{FILE}.{os.getpid()}")
    beside.write_text(quality_html(warehouse, threshold=threshold), encoding="utf-8")
    os.replace(beside, path)
    return path


def quality_html(warehouse: Warehouse, *, threshold: int = THRESHOLD) -> str:
    """The report as HTML."""
    quality = warehouse.quality
    datasets = [_dataset(warehouse, name, quality, threshold) for name in sorted(quality["checks"])]
    body = [
        *_top(warehouse, threshold),
        _contents(datasets),
        _overview(datasets, quality, threshold),
        _changes(quality, threshold),
        _links(quality, datasets, threshold),
        *map(dataset_section, datasets),
    ]
    title = (
        f"{SYNTHETIC}: quality of a load" if warehouse.is_synthetic else "Data quality of a load"
    )
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE.read_text('utf-8')}</style>\n</head>\n"
        "<body>\n<main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main>\n</body>\n</html>\n"
    )


def _dataset(
    warehouse: Warehouse, name: str, quality: Mapping[str, Any], threshold: int
) -> DatasetQuality:
    def own(key: str) -> list[Mapping[str, Any]]:
        return [one for one in quality.get(key, ()) if one["dataset"] == name]

    try:
        title = warehouse.contract(name).short_title
    except JusticeError:
        title = name
    return DatasetQuality(
        name=name,
        title=title,
        checks=quality["checks"][name],
        cleaning=own("cleaning"),
        aside=own("set_aside_by_year"),
        codes=own("codes_not_in_the_list"),
        threshold=threshold,
    )


def _top(warehouse: Warehouse, threshold: int) -> Iterator[str]:
    yield "<header>"
    if warehouse.is_synthetic:
        yield paragraph("Synthetic data: no row is about a real person.", "synthetic")
    yield f"<h1>Data quality of a load</h1>\n{paragraph(ABOUT, 'lead')}"
    yield paragraph(
        f"Counts on this page have not been checked for release. Counts below {threshold} are "
        "hidden ([c]), but others may be worked out from those that are shown: keep the page where "
        "the data is.",
        "notice",
    )
    yield paragraph(
        f"Generation {warehouse.fingerprint[:12]}, written by justice_analysis "
        f"{warehouse.manifest['package_version']}. All counts, exact, are in quality.json beside "
        "this page.",
        "quiet",
    )
    yield "</header>"


def _contents(datasets: Sequence[DatasetQuality]) -> str:
    links = [("overview", "Overview"), ("changes", "Changes"), ("links", "Links")]
    links += [(one.name, one.title) for one in datasets]
    items = "".join(f'<li><a href="#{escape(to)}">{escape(name)}</a></li>' for to, name in links)
    return f'<nav aria-label="On this page"><ul>{items}</ul></nav>'


def _section(name: str, title: str, *parts: str) -> str:
    body = "\n".join(part for part in parts if part)
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{body}\n</section>'


def _overview(
    datasets: Sequence[DatasetQuality], quality: Mapping[str, Any], threshold: int
) -> str:
    large = [one["dataset"] for one in _all_changes(quality) if one["is_large"]]
    rows = [
        [
            Cell(f'<a href="#{escape(one.name)}">{escape(one.title)}</a>'),
            text(one.checks["extract_date"] or "not known", "nowrap"),
            count(one.rows, threshold),
            Cell(total_words(one.all_aside, threshold), "number"),
            Cell(unknown_codes(one), "number"),
            _filled(one),
            count_of_changes(large.count(one.name)),
        ]
        for one in datasets
    ]
    headings = (
        "Dataset", "Extracted", "Rows", "Set aside", "Unknown codes", "Values filled",
        "Large changes",
    )  # fmt: skip
    caption = "Each dataset at a glance"
    return _section(
        "overview",
        "Overview",
        table(caption, headings, rows, numeric=(2, 3, 4, 5, 6)),
        paragraph(
            "Values filled: of all cells of all tables, in the columns of the contract. Much of "
            "what is missing is so by design, such as the end of what has not ended.",
            "quiet",
        ),
    )


def _filled(one: DatasetQuality) -> Cell:
    missing, everything = one.cells
    return meter(everything - missing, everything, one.threshold)


def count_of_changes(number: int) -> Cell:
    """How many changes are large; the word stands for those who do not see the colour."""
    return Cell(f"<strong>{number}</strong>" if number else "none", "number")


def _all_changes(quality: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(quality.get("changes", {}).get("found", ()))


def _changes(quality: Mapping[str, Any], threshold: int) -> str:
    about = quality.get("changes", {})
    if not about.get("since"):
        words = "These are the first loads of these datasets in this warehouse."
        return _section("changes", "Changes since the load before", paragraph(words))
    found = _all_changes(quality)
    large = [one for one in found if one["is_large"]]
    small = [one for one in found if not one["is_large"]]
    first = about["first_loads"]
    return _section(
        "changes",
        "Changes since the load before",
        paragraph(about["rule"], "quiet"),
        paragraph(f"Loaded for the first time: {', '.join(first)}." if first else ""),
        paragraph("" if large else "No change is large."),
        _change_table("Large changes", large, threshold),
        details(f"{len(small)} smaller changes", _change_table("Smaller changes", small, threshold))
        if small
        else "",
    )


def _change_table(caption: str, found: Sequence[Mapping[str, Any]], threshold: int) -> str:
    rows = [
        [
            text(one["dataset"]),
            name(one["table"] or "links", one["column"]),
            text(one["what"]),
            Cell(_number(one["before"], one["before_count"], threshold), "number"),
            Cell(_number(one["now"], one["now_count"], threshold), "number"),
        ]
        for one in found
    ]
    headings = ("Dataset", "Where", "What changed", "Before", "Now")
    return table(caption, headings, rows, numeric=(3, 4))


def _number(value: float | None, behind: int | None, threshold: int) -> str:
    """A count, or a share unless the count behind it is small."""
    if value is None:
        return ""
    if behind is None:
        return count_words(int(value), threshold)
    return HIDDEN if 0 < behind < threshold else f"{value:.1%}"


def _links(quality: Mapping[str, Any], datasets: Sequence[DatasetQuality], threshold: int) -> str:
    titles = {one.name: one.title for one in datasets}
    linked = [
        [
            text(titles.get(one["dataset"], one["dataset"])),
            count(one["parties"], threshold),
            meter(one["linked"], one["parties"], threshold),
        ]
        for one in quality.get("linked", ())
    ]
    systems = [
        [text(one["id_system"]), text(one["level"]), count(one["records"], threshold)]
        for one in quality["links"]["identifiers"]
    ]
    disagreeing = quality["people"]["people_whose_records_disagree"]
    conflicts = [
        [text(name.replace("_", " ")), count(number, threshold)]
        for name, number in disagreeing.items()
    ]
    rule = quality["people"]["rule"]
    return _section(
        "links",
        "Links",
        paragraph(
            "A person in a case is linked where a delivered identifier says whose record it is. "
            "How many links are wrong or missed is not known from the data."
        ),
        table("People in cases who are linked", ("Dataset", "In cases", "Linked"), linked,
              numeric=(1, 2)),
        table("Records with an identifier", ("Id system", "Level", "Records"), systems,
              numeric=(2,)),
        table("People whose records disagree", ("About", "People"), conflicts, numeric=(1,)),
        paragraph(f"Where records disagree, the value is the one {rule}.", "quiet"),
    )  # fmt: skip
