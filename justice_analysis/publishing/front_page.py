"""The front page: prose written by people, lists of papers made from the releases."""

from __future__ import annotations

from collections.abc import Sequence

from justice_analysis.errors import BookError
from justice_analysis.publishing.markup import SYNTHETIC, front_matter, hidden_toctree, plain
from justice_analysis.publishing.study_page import StudyPage

PAPERS, PROTOCOLS = "% list of papers", "% list of protocol papers"
NO_PAPER = "No paper on real data is in this build of the book."
NO_PROTOCOL = "No protocol paper is in this build of the book."


def front_markdown(prose: str, pages: Sequence[StudyPage], chapters: Sequence[str]) -> str:
    """The front page with its lists filled in and the book's contents at its end.

    Parameters
    ----------
    prose
        `book/index.md`; it holds a line for each list.
    pages
        The first variant of each study, which holds the others.
    chapters
        Pages that are no papers, in the order of the contents list.
    """
    missing = [line for line in (PAPERS, PROTOCOLS) if line not in prose.split("\n")]
    if missing:
        raise BookError(f"the book's index.md must hold the line {missing[0]!r}.")
    papers = [page for page in pages if not page.is_synthetic]
    protocols = [page for page in pages if page.is_synthetic]
    filled = prose.replace(PROTOCOLS, _listed(protocols) or NO_PROTOCOL)
    # Variants of a paper on real data ask of other data: each stands here by its own title.
    each = [variant for page in papers for variant in (page, *page.siblings)]
    filled = filled.replace(PAPERS, _listed(each) or NO_PAPER)
    return "\n\n".join((filled.rstrip(), *_contents(papers, protocols, chapters))) + "\n"


def _listed(pages: Sequence[StudyPage]) -> str:
    return "\n\n".join(
        f"[{plain(page.title)}]({page.chapter}/{page.slug}.md)\n: *{_kind(page)}.* "
        f"{plain(page.description)}"
        for page in pages
    )


def _kind(page: StudyPage) -> str:
    return f"{page.kind}, {SYNTHETIC.lower()}" if page.is_synthetic else page.kind


def _contents(
    papers: Sequence[StudyPage], protocols: Sequence[StudyPage], chapters: Sequence[str]
) -> list[str]:
    reference = [name for name in chapters if name in _REFERENCE]
    about = [name for name in chapters if name not in _REFERENCE]
    groups = (
        ("Papers", [f"{page.chapter}/{page.slug}" for page in papers]),
        (f"Protocol papers ({SYNTHETIC.lower()})", [f"{p.chapter}/{p.slug}" for p in protocols]),
        ("Reference", reference),
        ("About this book", about),
    )
    return [hidden_toctree(names, caption=caption) for caption, names in groups if names]


_REFERENCE = ("definitions/index", "catalogue/index", "glossary")


def glossary_markdown(text: str) -> str:
    """The glossary as a page of the book."""
    body = text if text.lstrip().startswith("# ") else f"# Glossary\n\n{text}"
    return f"{front_matter({'kind': 'Glossary'})}\n\n{body.strip()}\n"
