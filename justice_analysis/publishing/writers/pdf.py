"""A paper as a tagged PDF that anyone can read (PDF/UA-1): the same paper gives the same bytes."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Literal

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.paper import Paper
from justice_analysis.publishing.writers.typst_data import Typeset, typeset

TEMPLATE = Path(__file__).with_name("paper.typ")


def write_pdf(paper: Paper, path: Path) -> None:
    """Write a paper as a tagged PDF: the whole file, or none.

    The typefaces are carried by the typesetter and embedded, so every machine makes the same file.

    Parameters
    ----------
    paper
        As made from its release; its day of release is the day that the file gives.
    path
        Where the file goes; an earlier one is replaced.

    Raises
    ------
    BookError
        If a picture or its alternative text is missing, or something cannot be set.
    """
    made = _compiled(paper, typeset(paper), kind="pdf")
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(made[0])
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def page_pictures(paper: Paper, *, dots_per_inch: int = 80) -> list[bytes]:
    """Pages as PNG pictures, to look at."""
    return _compiled(paper, typeset(paper), kind="png", dots_per_inch=dots_per_inch)


def _compiled(
    paper: Paper,
    made: Typeset,
    *,
    kind: Literal["pdf", "png"],
    dots_per_inch: int | None = None,
) -> list[bytes]:
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
        (folder / "paper.json").write_text(json.dumps(made.data), encoding="utf-8")
        for file, content in made.pictures.items():
            (folder / file).write_bytes(content)
        try:
            pages: bytes | list[bytes] = typst.compile(
                folder / TEMPLATE.name,
                root=folder,
                ignore_system_fonts=True,
                format=kind,
                ppi=dots_per_inch,
                pdf_standards="ua-1" if kind == "pdf" else None,
                timestamp=_timestamp(paper),
            )
        except typst.TypstError as problem:
            said = str(problem).replace(f"{folder}{os.sep}", "")
            raise BookError(f"{paper.name}, PDF: cannot be set: {said}.") from None
    return pages if isinstance(pages, list) else [pages]


def _timestamp(paper: Paper) -> int:
    """The day that the file gives as its own, in seconds."""
    day = datetime.date.fromisoformat(paper.released or paper.front.date)
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())
