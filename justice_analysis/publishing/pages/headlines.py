"""The page of headline figures: one number a row, where it comes from and how it moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from justice_analysis.publishing.markup import escape, front_matter, page
from justice_analysis.publishing.pages.lists import paper_link
from justice_analysis.publishing.pages.sparkline import ends, sparkline
from justice_analysis.publishing.paper.blocks import Number
from justice_analysis.publishing.paper.paper import HeadlineFigure, Paper
from justice_analysis.publishing.writers.inline import words_html

HERE = "headlines"
LEAD = (
    "One figure a row, each from a paper on real data. Point at a number, or move to it with the "
    "keyboard, to see what it counts."
)
NONE = "No headline figure is in this build of the book: no paper on real data names one."
HEADINGS = ("What", "Value", "Interval", "How it moves", "Place", "Paper")
# "24% (95% interval 23% to 25%)", which a text output may say in one.
_WITH_INTERVAL = re.compile(r"(?P<value>.+?) \((?P<interval>[^()]*interval[^()]*)\)")


def headline_files(papers: Sequence[Paper]) -> dict[str, str]:
    """`headlines.md`: a table of the headline figures of papers on real data."""
    rows = [
        _row(figure, paper)
        for paper in papers
        if not paper.is_synthetic
        for figure in paper.headlines
    ]
    kind = front_matter({"kind": "Headline figures"})
    return {f"{HERE}.md": page(kind, "# Headline figures", LEAD, _table(rows) if rows else NONE)}


def _table(rows: Sequence[str]) -> str:
    """Its roles are said, since a table that is stacked on a phone is no table to a browser."""
    head = "".join(f'<th scope="col" role="columnheader">{name}</th>' for name in HEADINGS)
    body = "\n".join(rows)
    return (
        '<table class="headlines" role="table">\n'
        "<caption>Headline figures, with their intervals and the papers they come from</caption>\n"
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{body}\n</tbody>\n</table>'
    )


def _row(figure: HeadlineFigure, paper: Paper) -> str:
    number, interval = _parted(figure.number)
    release = f"<br>Released {escape(paper.released)}" if paper.released else ""
    cells = (
        (words_html((number,), here=HERE), "value"),
        (escape(interval), "interval"),
        (_trend(figure), "trend"),
        (escape(paper.front.place), "place"),
        (f"{paper_link(paper, HERE)}{release}", "paper"),
    )
    shown = "".join(
        f'<td role="cell" class="{kind}" data-name="{name}">{cell}</td>'
        for (cell, kind), name in zip(cells, HEADINGS[1:], strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{escape(figure.say)}</th>{shown}</tr>'


def _parted(number: Number) -> tuple[Number, str]:
    """The number without its interval, and the interval in words."""
    both = _WITH_INTERVAL.fullmatch(number.text)
    if both is None:
        return number, number.interval or "Not given"
    interval = f"{both['interval'][:1].upper()}{both['interval'][1:]}"
    return replace(number, text=both["value"]), interval


def _trend(figure: HeadlineFigure) -> str:
    is_share = "%" in figure.number.text and all(
        value is None or abs(value) <= 1 for _, value in figure.trend
    )
    title = figure.trend_title or figure.say
    line = sparkline(figure.trend, title=title, is_share=is_share)
    if not line:
        return "No line"
    said = escape(ends(figure.trend, is_share=is_share))
    return f'{line}<span class="sparkline-words" aria-hidden="true">{said}</span>'
