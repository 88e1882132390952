"""Lists of papers: all of them, and as an entry on any other page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from itertools import groupby

from justice_analysis.publishing.markup import (
    SYNTHETIC,
    escape,
    front_matter,
    hidden_toctree,
    page,
    sentence,
    words,
)
from justice_analysis.publishing.pages.topics import topic_page
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.inline import words_html

NO_PAPER = "No paper on real data is in this build of the book."
NO_PROTOCOL = "No protocol paper is in this build of the book."
QUALITY_STUDIES = ("data_quality", "calibration", "counting_units")
QUALITY_PLACE = "% papers on quality"
PAPERS_LEAD = (
    "Studies on real data. Each opens with its main points, says what they mean for policy and how "
    "sure we are, and gives its numbers to download."
)
PROTOCOLS_LEAD = (
    "Studies written and tested on simulated people before access to the real records is granted. "
    "They show the question, the definitions and the tables to come. They hold no finding."
)


def list_files(papers: Sequence[Paper]) -> dict[str, str]:
    """`papers/index.md` and `protocols/index.md`: each paper once, variants with their study."""
    real = [paper for paper in papers if not paper.is_synthetic]
    protocols = [paper for paper in papers if paper.is_synthetic]
    titled = f"Protocol papers ({SYNTHETIC.lower()})"
    return {
        "papers/index.md": _list_page("Papers", "papers", PAPERS_LEAD, real, NO_PAPER),
        "protocols/index.md": _list_page(
            titled, "protocols", PROTOCOLS_LEAD, protocols, NO_PROTOCOL
        ),
    }


def _list_page(title: str, folder: str, lead: str, papers: Sequence[Paper], none: str) -> str:
    return page(
        front_matter({"kind": "List of papers"}),
        f"# {title}",
        lead,
        entries(papers, here=f"{folder}/index") or none,
        hidden_toctree([paper.slug for paper in papers]) if papers else "",
    )


def quality_markdown(prose: str, papers: Sequence[Paper]) -> str:
    """The page on the quality of the data, with the papers about it where it keeps their place."""
    found = [paper for paper in papers if paper.study in QUALITY_STUDIES]
    listed = entries(found, here="quality") or "No paper on quality is in this build of the book."
    return prose.replace(QUALITY_PLACE, listed)


def entries(papers: Iterable[Paper], *, here: str) -> str:
    """Papers as a list; further variants of a study stand under its first.

    Parameters
    ----------
    here
        Path of the page in the book, without suffix.
    """
    studies = [list(group) for _, group in groupby(papers, key=_family)]
    lines = "\n".join(_entry(group, here) for group in studies)
    return f'<ul class="papers">\n{lines}\n</ul>' if studies else ""


def _family(paper: Paper) -> tuple[bool, str]:
    return paper.is_synthetic, paper.study


def _entry(group: Sequence[Paper], here: str) -> str:
    first, *others = group
    # Variants of a paper on real data ask of other data: each is told in full.
    told = "".join(_told(paper, here) for paper in (group if not first.is_synthetic else [first]))
    if not first.is_synthetic or not others:
        return f"<li>{told}</li>"
    also = "".join(f"<li>{paper_link(paper, here)}</li>" for paper in others)
    return f'<li>{told}<p class="about">The same study with other choices:</p><ul>{also}</ul></li>'


def _told(paper: Paper, here: str) -> str:
    return (
        f'<p class="name">{paper_link(paper, here)}</p>'
        f"<p>{words_html(paper.description, here=here)}</p>"
        f'<p class="about">{_about(paper, here)}</p>'
    )


def _about(paper: Paper, here: str) -> str:
    """Status, date, place and topics, in a line."""
    front = paper.front
    mark = f'<span class="tag">{SYNTHETIC}</span> ' if paper.is_synthetic else ""
    facts = [f"{words(front.status)}, version {front.version}", front.date, front.place]
    topics = [
        f'<a href="{address(topic_page(topic), here)}">{escape(topic)}</a>'
        for topic in front.topics
    ]
    return mark + " · ".join([*map(escape, facts), ", ".join(topics)])


def paper_link(paper: Paper, here: str) -> str:
    """The paper's title, leading to it."""
    target = address(f"{paper.chapter}/{paper.slug}", here)
    return f'<a href="{target}">{escape(paper.title)}</a>'


def address(target: str, here: str) -> str:
    """Where a page of the book is, seen from another."""
    path, mark, part = target.partition("#")
    relative = posixpath.relpath(f"{path}.html", posixpath.dirname(here) or ".")
    return escape(f"{relative}{mark}{part}")


def counted(papers: Sequence[Paper]) -> str:
    """How many papers there are of each kind, in words."""
    real = sum(not paper.is_synthetic for paper in papers)
    protocols = len(papers) - real
    said = [f"{real} paper{'s' * (real != 1)}"] if real else []
    said += [f"{protocols} protocol paper{'s' * (protocols != 1)}"] if protocols else []
    return sentence(", ".join(said))
