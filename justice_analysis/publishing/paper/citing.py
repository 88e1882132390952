"""How to cite a paper, in the files that reference managers read: CFF and BibTeX."""

from __future__ import annotations

import re
from typing import Any

import yaml

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.blocks import plain_text
from justice_analysis.publishing.paper.front import Author
from justice_analysis.publishing.paper.paper import Paper

CFF_VERSION = "1.2.0"
# CFF's words for a work that is not published.
_STATUS = {"draft": "in-preparation", "in review": "submitted"}
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}(?:\.\d+)?/[\w:/;\-.()\[\]\\]+)")
_ESCAPED = {sign: f"\\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def citation_cff(paper: Paper) -> str:
    """The paper as a Citation File (CFF 1.2.0).

    A file can call itself only software or a dataset, so it describes the paper's released tables,
    and names the paper, a report, as what is to be cited.

    Raises
    ------
    BookError
        If the DOI of the front matter is none.
    """
    content: dict[str, Any] = {
        "cff-version": CFF_VERSION,
        "message": f"{_nature(paper)} Please cite the paper named as the preferred citation.",
        "type": "dataset",
        **_shared(paper),
        "abstract": _one_line(plain_text(paper.abstract)),
        "keywords": _keywords(paper),
        "preferred-citation": {
            "type": "report",
            **_shared(paper),
            "year": int(paper.front.date[:4]),
            "month": int(paper.front.date[5:7]),
            "status": _STATUS.get(paper.front.status),
            "notes": _note(paper),
            "languages": [paper.language.partition("-")[0]],
        },
    }
    return yaml.safe_dump(_filled(content), sort_keys=False, allow_unicode=True, width=100)


def _shared(paper: Paper) -> dict[str, Any]:
    """What the file and the paper in it both say."""
    return {
        "title": _one_line(paper.title),
        "authors": [_author(author) for author in paper.front.authors],
        "version": paper.front.version,
        "date-released": paper.front.date,
        "doi": _doi(paper),
    }


def _author(author: Author) -> dict[str, str]:
    """A person where the name has a comma (family, given), otherwise a body."""
    family, comma, given = (part.strip() for part in author.name.partition(","))
    named: dict[str, Any]
    if comma and family and given:
        named = {"family-names": family, "given-names": given, "affiliation": author.affiliation}
    else:
        named = {"name": author.name.strip()}
    orcid = f"https://orcid.org/{author.orcid}" if author.orcid else None
    return _filled({**named, "orcid": orcid})


def _filled(content: dict[str, Any]) -> dict[str, Any]:
    """The content without what is not known, at every depth."""
    return {
        name: _filled(value) if isinstance(value, dict) else value
        for name, value in content.items()
        if value not in (None, "", [], {})
    }


def _keywords(paper: Paper) -> list[str]:
    front = paper.front
    nature = ("synthetic data",) if paper.is_synthetic else ()
    return list(dict.fromkeys((*front.topics, *front.jurisdiction, front.place, *nature)))


def _doi(paper: Paper) -> str | None:
    if not paper.front.doi:
        return None
    found = _DOI.fullmatch(str(paper.front.doi).strip())
    if found is None:
        where = f"{paper.front.file}: " if paper.front.file else ""
        raise BookError(f"{where}the doi must be one such as 10.1093/bjsw/bcv130.")
    return found.group(1)


def _nature(paper: Paper) -> str:
    if paper.is_synthetic:
        return "A protocol paper on synthetic data: it holds no findings."
    return "A paper with its released tables."


def _note(paper: Paper) -> str:
    nature = f"{paper.kind} on synthetic data" if paper.is_synthetic else paper.kind
    return f"{nature}, version {paper.front.version} ({paper.front.status}), study {paper.name}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def citation_bibtex(paper: Paper) -> str:
    """The paper as an entry of BibTeX, whose key is the paper's file name.

    Raises
    ------
    BookError
        If the DOI of the front matter is none.
    """
    fields = {
        "author": " and ".join(_bibtex_name(author) for author in paper.front.authors),
        "title": f"{{{_escaped(paper.title)}}}",
        "year": paper.front.date[:4],
        "month": str(int(paper.front.date[5:7])),
        "note": _escaped(_note(paper)),
        "doi": _doi(paper),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{paper.slug},\n{lines}\n}}\n"


def _bibtex_name(author: Author) -> str:
    """A body stands in braces, so that no part of its name is taken for a given name."""
    family, comma, given = (part.strip() for part in author.name.partition(","))
    if comma and family and given:
        return f"{{{_escaped(family)}}}, {{{_escaped(given)}}}"
    return f"{{{_escaped(author.name)}}}"


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(sign, sign) for sign in _one_line(text))
