"""Pages by which papers are found: by topic, by jurisdiction and by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from justice_analysis.publishing.markup import (
    SYNTHETIC,
    escape,
    front_matter,
    hidden_toctree,
    page,
    plain,
    words,
)
from justice_analysis.publishing.pages.lists import address, counted, entries, paper_link
from justice_analysis.publishing.pages.topics import FOLDER, topic_page
from justice_analysis.publishing.paper.paper import Paper

LEAD = "Every paper and protocol paper by what it is about, which courts, and which place."
NO_TOPIC = "No paper is in this build of the book."
_HERE = f"{FOLDER}/index"
_Groups = Mapping[str, Sequence[Paper]]


def topic_files(papers: Sequence[Paper]) -> dict[str, str]:
    """`topics/index.md` and a page for each topic, papers on real data first."""
    ordered = sorted(papers, key=lambda paper: paper.is_synthetic)
    topics = _grouped((topic, paper) for paper in ordered for topic in paper.front.topics)
    files = {f"{topic_page(topic)}.md": _topic_page(topic, held) for topic, held in topics.items()}
    return {f"{_HERE}.md": _index(ordered, topics), **files}


def _grouped(pairs: Iterable[tuple[str, Paper]]) -> dict[str, list[Paper]]:
    groups: dict[str, list[Paper]] = {}
    for name, paper in pairs:
        groups.setdefault(name, []).append(paper)
    return dict(sorted(groups.items(), key=lambda item: item[0].lower()))


def _topic_page(topic: str, papers: Sequence[Paper]) -> str:
    real = [paper for paper in papers if not paper.is_synthetic]
    protocols = [paper for paper in papers if paper.is_synthetic]
    here = topic_page(topic)
    return page(
        front_matter({"kind": "Topic"}),
        f"# {plain(words(topic))}",
        counted(papers),
        *_part("Papers", real, here),
        *_part(f"Protocol papers ({SYNTHETIC.lower()})", protocols, here),
    )


def _part(title: str, papers: Sequence[Paper], here: str) -> list[str]:
    return [f"## {title}", entries(papers, here=here)] if papers else []


def _index(papers: Sequence[Paper], topics: _Groups) -> str:
    if not papers:
        return page(front_matter({"kind": "Topics"}), "# Topics", LEAD, NO_TOPIC)
    courts = _grouped((court, paper) for paper in papers for court in paper.front.jurisdiction)
    places = _grouped((paper.front.place, paper) for paper in papers)
    return page(
        front_matter({"kind": "Topics"}),
        "# Topics",
        LEAD,
        "## By topic",
        _topic_list(topics),
        "## By jurisdiction",
        *_groups(courts),
        "## By place",
        *_groups(places),
        hidden_toctree([topic_page(topic).removeprefix(f"{FOLDER}/") for topic in topics]),
    )


def _topic_list(topics: _Groups) -> str:
    lines = "\n".join(
        f'<li><a href="{address(topic_page(topic), _HERE)}">{escape(words(topic))}</a> '
        f"{escape(counted(papers))}</li>"
        for topic, papers in topics.items()
    )
    return f'<ul class="links">\n{lines}\n</ul>'


def _groups(groups: _Groups) -> list[str]:
    return [part for name, held in groups.items() for part in _group(name, held)]


def _group(name: str, papers: Sequence[Paper]) -> tuple[str, str]:
    lines = "\n".join(f"<li>{paper_link(paper, _HERE)}{_mark(paper)}</li>" for paper in papers)
    return f"### {plain(words(name))}", f"<ul>\n{lines}\n</ul>"


def _mark(paper: Paper) -> str:
    return f' <span class="tag">{SYNTHETIC}</span>' if paper.is_synthetic else ""
