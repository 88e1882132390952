"""Categories, cohorts, covariates and published figures: pages beside those of the metrics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from justice_analysis.publishing.markup import (
    bullets,
    facts,
    front_matter,
    html_table,
    page,
    plain,
)
from justice_analysis.publishing.pages.definitions import CARD_STATUS

FURTHER = {
    "categories": ("Categories", "What newborn, prolific or care-experienced means, and who is in"),
    "cohorts": ("Cohorts", "Whom a study follows, from when and until when"),
    "covariates": ("Look-back covariates", "What can be known of a person before an index date"),
    "published": ("Published figures", "The official numbers that results are set beside"),
}
"""Pages of the chapter: file, title and what stands there."""


def further_files() -> dict[str, str]:
    """The pages of `FURTHER`, by path in the book."""
    from justice_analysis.cohorts import declared
    from justice_analysis.cohorts.categories import get, names
    from justice_analysis.cohorts.covariates import COVARIATES
    from justice_analysis.definitions.published import figures

    made = {
        "categories": categories_page([get(name).category for name in names()]),
        "cohorts": cohorts_page([declared.get(name) for name in declared.names()]),
        "covariates": covariates_page(COVARIATES.values()),
        "published": published_page(figures()),
    }
    return {f"definitions/{name}.md": text for name, text in made.items()}


def _opened(name: str) -> tuple[str, str]:
    title, said = FURTHER[name]
    return front_matter({"kind": "Definitions"}), f"# {title}\n\n{said}."


def categories_page(categories: Iterable[Any]) -> str:
    """One section a category: definition, codes, who is not in it, source."""
    parts = list(_opened("categories"))
    parts.append(
        "One word often has several definitions in use. Each stands here under a name of its own, "
        "with its version; `justice category compare` sets two side by side."
    )
    for one in categories:
        gap = one.gap
        missing = (("Missing", gap.missing), ("Way there", gap.route)) if gap else ()
        parts += [
            f"## {plain(one.title)}",
            plain(one.definition),
            facts(
                (
                    ("Counts", one.unit),
                    ("Name in the software", one.name),
                    ("Version", one.version),
                    ("Status", CARD_STATUS.get(one.status, one.status)),
                    ("Assumed", one.assumed),
                    *missing,
                )
            ),
            *_listed("Codes", [f"{code}: {meaning}" for code, meaning in one.codes.items()]),
            *_listed("Who is not in it", one.does_not_count),
            *_listed("Source", one.source),
        ]
    return page(*parts)


def cohorts_page(cohorts: Iterable[Any]) -> str:
    """One section a cohort: definition, index, exclusions, follow-up, source."""
    parts = list(_opened("cohorts"))
    for one in cohorts:
        follow = one.follow_up
        parts += [
            f"## {plain(one.title)}",
            plain(one.definition),
            facts(
                (
                    ("Holds", one.unit),
                    ("Index", one.index),
                    ("Look-back", f"{one.lookback_days} days" if one.lookback_days else None),
                    ("Followed in", follow.source if follow else None),
                    ("Name in the software", one.name),
                    ("Version", one.version),
                    ("Status", CARD_STATUS.get(one.status, one.status)),
                )
            ),
            *_listed("Left out", [rule.name for rule in one.exclusions]),
            *_listed("What does not count", one.does_not_count),
            *_listed("Source", one.source),
        ]
    return page(*parts)


def covariates_page(covariates: Iterable[Any]) -> str:
    """One table of all covariates by the history that they are read from."""
    rows = [(one.name, one.block.replace("_", " "), one.meaning) for one in covariates]
    table = html_table(
        caption="Covariates, each of what was recorded before the index day",
        headings=("Name", "Read from", "Meaning"),
        rows=rows,
    )
    said = (
        "Nothing of the index day or later can enter. What could not have been seen is missing, "
        "which is not the same as none; a column says how many days before the index were covered."
    )
    return page(*_opened("covariates"), said, table)


def published_page(figures: Iterable[Any]) -> str:
    """One table of all figures, and what differs from the metric that comes closest."""
    rows = [
        (
            one.title,
            f"{'about ' if one.approximate else ''}{one.value:g} {one.unit}",
            one.period,
            one.geography,
            f"{one.source} ({one.where})",
            one.status,
            one.metric.replace("_", " "),
        )
        for one in figures
    ]
    table = html_table(
        caption="Published figures, where they were read, and the metric that comes closest",
        headings=("Figure", "Value", "Period", "Where", "Read in", "Mark", "Metric"),
        rows=rows,
    )
    said = (
        "Confirmed figures were read in the source named; a secondary one was read where another "
        "reports it. `justice metric compare` sets a metric beside each, and says which "
        "differences in definition remain."
    )
    return page(*_opened("published"), said, table)


def _listed(heading: str, items: Iterable[str]) -> list[str]:
    listed = list(items)
    return [f"**{heading}**", bullets(listed)] if listed else []
