"""Writers that note what they were asked for, for tests of what is made again."""

from __future__ import annotations

from pathlib import Path

from justice_analysis.errors import BookError

MODULE = __name__
WRITERS = {
    kind: (MODULE, "write_text" if kind in ("cff", "bib") else "write_file")
    for kind in ("pdf", "docx", "xlsx", "ods", "cff", "bib")
}


def write_file(paper, path: Path) -> None:
    if "cannot" in paper.title and path.suffix == ".ods":
        raise BookError("a title of this kind cannot be written.")
    if "lost" in paper.title and path.suffix == ".ods":
        return
    path.write_text(f"{paper.title} {len(paper.blocks)}", encoding="utf-8")


def write_text(paper) -> str:
    return f"cite {paper.title}\n"
