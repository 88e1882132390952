"""The front page: words written by people, and what the papers say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import escape, hidden_toctree, page
from justice_analysis.publishing.pages.lists import (
    NO_PAPER,
    NO_PROTOCOL,
    address,
    paper_link,
)
from justice_analysis.publishing.paper.blocks import Words
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.inline import words_html

HERE = "index"
KNOWN, NEW, NOT_KNOWN = "% what is known", "% what is new", "% what is not known"
PROTOCOLS, UNANSWERED = "% what protocol papers will ask", "% questions that no data answers"
WHERE = "% where to go"
QUESTIONS_SHOWN = 4
ALL_QUESTIONS = "definitions/index#not-answerable-yet"
HOME_COUNTRY = "England and Wales"
NOTHING_NEW = "This is the first edition of the book: all in it is new."
NO_QUESTION = "No such question is recorded in this build of the book."
_ABOUT = ("reading", "decisions/index")
_QUALITY = ("recovery", "linkage-error")
MENU = (
    "headlines",
    "topics/index",
    "papers/index",
    "protocols/index",
    "definitions/index",
    "catalogue/index",
    "quality",
    "guides/index",
    "changes",
    "glossary",
)
_LEADS: Mapping[str, tuple[str, str]] = {
    "headlines": ("Headline figures", "the main numbers on one page, with where each comes from"),
    "topics/index": ("Topics", "papers by what they are about, by court and by place"),
    "papers/index": ("Papers", "studies on real data"),
    "protocols/index": ("Protocol papers", "studies ready to run, tested on simulated people"),
    "definitions/index": ("Definitions", "what each measure counts, and what it does not"),
    "catalogue/index": ("Data catalogue", "which data there is and how to apply for it"),
    "quality": ("Quality", "how complete the records are, and how often links are wrong"),
    "guides/index": ("Guides", "from a first hour with your own extract to a finished study"),
    "reading": ("How to read this book", "what a page is and how far to trust it"),
}


def front_markdown(
    prose: str,
    papers: Sequence[Paper],
    chapters: Sequence[str],
    *,
    changes: Sequence[str] = (),
    unanswered: Sequence[tuple[str, str]] = (),
) -> str:
    """The front page with its lists filled in and the book's contents at its end.

    Parameters
    ----------
    prose
        `book/index.md`; it holds a line for each list.
    papers
        In the order of the lists, those on real data first.
    chapters
        Pages that are no papers.
    changes
        What is new in this edition, in sentences.
    unanswered
        Title and page of each question that no dataset can answer; the chapter of definitions
        lists them all.

    Raises
    ------
    BookError
        If the prose keeps no place for a list.
    """
    real = [paper for paper in papers if not paper.is_synthetic]
    protocols = [paper for paper in papers if paper.is_synthetic]
    lists = {
        KNOWN: _known(real),
        NEW: _new(changes, chapters),
        NOT_KNOWN: _not_known(real),
        PROTOCOLS: _protocols(protocols),
        UNANSWERED: _unanswered(unanswered),
        WHERE: _where(chapters),
    }
    lines = prose.split("\n")
    missing = [line for line in lists if line not in lines]
    if missing:
        raise BookError(f"index.md: the book's front page must hold the line {missing[0]!r}.")
    filled = "\n".join(lists.get(line, line) for line in lines)
    return page(filled.rstrip(), hidden_toctree(menu(chapters)))


def _list(items: Sequence[str], *, style: str = "") -> str:
    named = f' class="{style}"' if style else ""
    return "\n".join((f"<ul{named}>", *(f"<li>{item}</li>" for item in items), "</ul>"))


def _known(papers: Sequence[Paper]) -> str:
    told = [paper for paper in papers if paper.known]
    if not told:
        return NO_PAPER
    items = [_said(paper, paper.known) for paper in told]
    return "\n\n".join(part for part in (_places(told), _list(items, style="known")) if part)


def _places(papers: Sequence[Paper]) -> str:
    """What the findings are not about, where a reader would take them for home."""
    away = [paper for paper in papers if HOME_COUNTRY not in paper.front.place]
    if not away:
        return ""
    if len(away) == len(papers):
        return f"None of these findings is about {HOME_COUNTRY}."
    return (
        "Each is about the place that it names. What holds in another country may not hold in "
        f"{HOME_COUNTRY}."
    )


def _new(changes: Sequence[str], chapters: Sequence[str]) -> str:
    told = "\n".join(f"- {change}" for change in changes) or NOTHING_NEW
    if "changes" not in chapters:
        return told
    return f"{told}\n\n[All changes, with what moved each figure](changes.md)."


def _not_known(papers: Sequence[Paper]) -> str:
    told = [paper for paper in papers if paper.not_known]
    items = [_said(paper, paper.not_known) for paper in told]
    return _list(items, style="known not") if items else NO_PAPER


def _said(paper: Paper, words: Words) -> str:
    """A paper's sentence with the place it is about, and the way to the paper."""
    return (
        f'<p class="place">{escape(paper.front.place)}</p>'
        f"<p>{words_html(words, here=HERE)}</p>"
        f'<p class="from">{paper_link(paper, HERE)}</p>'
    )


def _protocols(papers: Sequence[Paper]) -> str:
    """One line for each study: its first variant asks what the others ask."""
    first: dict[str, Paper] = {}
    for paper in papers:
        first.setdefault(paper.study, paper)
    return _list([paper_link(paper, HERE) for paper in first.values()]) if first else NO_PROTOCOL


def _unanswered(questions: Sequence[tuple[str, str]]) -> str:
    if not questions:
        return NO_QUESTION
    items = [
        f'<a href="{address(path, HERE)}">{escape(title)}</a>'
        for title, path in questions[:QUESTIONS_SHOWN]
    ]
    listed = _list(items)
    if len(questions) <= QUESTIONS_SHOWN:
        return listed
    index = address(ALL_QUESTIONS, HERE)
    return f'{listed}\n<p><a href="{index}">All {len(questions)} of them</a></p>'


def _where(chapters: Sequence[str]) -> str:
    items = [
        f'<a href="{address(name, HERE)}">{title}</a>: {said}'
        for name, (title, said) in _LEADS.items()
        if name in chapters
    ]
    return _list(items, style="links")


def menu(chapters: Sequence[str]) -> list[str]:
    """Pages of the book's menu, in the order of reading; the rest comes before what is about it.

    Pages that the quality page and the page about the book hold do not stand here again.
    """
    placed = [*MENU, "about"]
    placed += _QUALITY if "quality" in chapters else ()
    placed += _ABOUT if "about" in chapters else ()
    return [
        *(name for name in MENU if name in chapters),
        *(name for name in chapters if name not in placed),
        *(name for name in ("about",) if name in chapters),
    ]
