"""The traces of a built book: what stands on which page, and the release it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.released.reader import ReleasedStudy

FILE = "traces.json"
NUMBER, FIGURE, TABLE, DOWNLOAD = "number", "figure", "table", "file"
KINDS = (FIGURE, TABLE, NUMBER, DOWNLOAD)
_VERSION = 1


@dataclass(frozen=True)
class Use:
    """One use of something released: what stands on which page, and where it came from.

    Attributes
    ----------
    page
        Path of the page in the book, without a suffix.
    kind
        number, figure, table or file.
    reference
        For a number, as the prose names it; for the others, the id of the output.
    file
        Path within the release's request folder.
    sha256
        Of a number, its cell; of a table or file, the released file; of a figure, the picture
        with the numbers behind it.
    text
        Of a number, as the page shows it; empty for the others.
    release
        Name of the release's folder.
    released
        Day of the release, as YYYY-MM-DD.
    """

    page: str
    kind: str
    reference: str
    study: str
    variant: str
    output: str
    file: str
    sha256: str
    text: str
    release: str
    released: str


@dataclass(frozen=True)
class Traces:
    """All uses of a book, and the release folders that it was built from."""

    uses: tuple[Use, ...]
    releases: tuple[Path, ...]


def release_folder(study: ReleasedStudy) -> Path:
    """The release that a study variant was read from."""
    request = study.folder.resolve().parents[1]
    return request.parent if request.name == "request" else request


def write_traces(uses: Iterable[Use], studies: Sequence[ReleasedStudy], out: Path) -> Path:
    """Write the traces of a book beside its pages; they are not published.

    Parameters
    ----------
    studies
        All that the book was built from: where their releases lie is written too.
    out
        The book's folder, which holds `html`.
    """
    folders = dict.fromkeys(release_folder(study) for study in studies)
    content = {
        "version": _VERSION,
        "releases": [os.path.relpath(folder, out.resolve()) for folder in folders],
        "uses": [asdict(use) for use in uses],
    }
    out.mkdir(parents=True, exist_ok=True)
    partial = out / f".{FILE}.partial"
    partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, out / FILE)
    return out / FILE


def read_traces(out: Path) -> Traces:
    """Read the traces of a built book.

    Raises
    ------
    BookError
        If there is no book, or it was built without traces.
    """
    file = out / FILE
    if not file.is_file():
        raise BookError(
            f"there is no {FILE} in {out}: build the book there with justice book build, or name "
            "its folder with --book."
        )
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        uses = tuple(Use(**use) for use in content["uses"])
        releases = tuple((out / folder).resolve() for folder in content["releases"])
    except (ValueError, KeyError, TypeError):
        raise BookError(f"{FILE} of {out} cannot be read: build the book again.") from None
    return Traces(uses, releases)
