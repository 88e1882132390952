"""Prose that a variant of a study says for itself: `{prose}` in the notebook, `prose` in its file.

Variants that read other data share a notebook, and little of what can be said of their results.
What each says stands in its parameter file, under `prose`, beside the title: it changes nothing
that runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.prose import Cell, StudyText

KEY = "prose"
ROLE = re.compile(r"\{prose\}`([^`]*)`")


def with_variant_prose(text: StudyText, parameters: Mapping[str, Any], *, place: str) -> StudyText:
    """Put the prose of a variant's parameter file where the notebook names it.

    Parameters
    ----------
    parameters
        The parameter file; its `prose` gives names Markdown, which may use every role.
    place
        The parameter file, for errors: `release_returns/iowa.yaml`.

    Returns
    -------
    StudyText
        The notebook's text; a cell that is left empty is left out.

    Raises
    ------
    BookError
        If the notebook names prose that the file does not have, or the file has prose that the
        notebook does not name.
    """
    said = {str(name): str(words) for name, words in (parameters.get(KEY) or {}).items()}
    named = {name for cell in text.cells if cell.is_prose for name in ROLE.findall(cell.text)}
    absent, unused = sorted(named - {*said}), sorted({*said} - named)
    if absent or unused:
        raise BookError(
            f"{place}: prose must have what the notebook names: "
            + "; ".join(
                [f"{name} is missing" for name in absent]
                + [f"{name} is named nowhere" for name in unused]
            )
            + "."
        )
    cells = [_filled(cell, said) for cell in text.cells]
    return replace(text, cells=tuple(cell for cell in cells if cell.text or not cell.is_prose))


def _filled(cell: Cell, said: Mapping[str, str]) -> Cell:
    if not cell.is_prose or not ROLE.search(cell.text):
        return cell
    filled = ROLE.sub(lambda match: said[match.group(1)].strip(), cell.text)
    return replace(cell, text=filled.strip())
