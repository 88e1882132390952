"""What no longer holds: a release that its study left behind, a page that its release did."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from justice_analysis.errors import BookError
from justice_analysis.publishing.paper.traced import find_cell
from justice_analysis.publishing.released.reader import ReleasedStudy
from justice_analysis.publishing.traces.file import FIGURE, NUMBER, Use
from justice_analysis.publishing.traces.uses import digest_of, file_digest


def refuse_stale(study: ReleasedStudy, notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse to publish numbers beside code or parameters that did not make them.

    Prose and title may be reworded: no number depends on them.

    Parameters
    ----------
    notebook
        The study's notebook as it is now.
    parameters
        Content of the parameter file as it is now.

    Raises
    ------
    BookError
        Naming study, file and what differs; also for a release that doesn't say by which code
        it was made.
    """
    if not study.provenance.get("code_sha256"):
        raise BookError(
            f"{study.name}: its release does not say by which code it was made, so that nobody "
            f"can tell whether it is stale. {_again(study)}"
        )
    differs = [*_code(study, notebook), *_parameters(study, parameters)]
    if differs:
        raise BookError(f"{study.name} is stale: {'; '.join(differs)}. {_again(study)}")


def _again(study: ReleasedStudy) -> str:
    return (
        f"Run and release it again: justice study run {study.study} --variant {study.variant} "
        "--data WAREHOUSE, then justice release bundle RUN --out DIR."
    )


def _code(study: ReleasedStudy, notebook: Path) -> list[str]:
    from justice_analysis.studies.notebook import code_sha256  # brings the runner with it

    try:
        now = code_sha256(json.loads(notebook.read_text(encoding="utf-8"))["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        there = "is not a notebook that can be read" if notebook.is_file() else "is missing"
        raise BookError(f"{notebook.name} {there}: the prose of {study.name} is needed.") from None
    is_same = now == study.provenance["code_sha256"]
    return [] if is_same else [f"the code of {notebook.name} has changed since it was run"]


def _parameters(study: ReleasedStudy, content: Mapping[str, Any]) -> list[str]:
    from justice_analysis.studies.parameters import interviews_sha256

    file, stated = f"{study.study}/{study.variant}.yaml", study.provenance
    differs = []
    for part, words in (("parameters", "parameters"), ("disclosure", "rules of disclosure")):
        names = _differing(stated.get(part) or {}, content.get(part) or {})
        if names:
            differs.append(f"{words} {', '.join(names)} of {file} are not those that ran")
    if interviews_sha256(content.get("interviews") or {}) != stated.get("interviews_sha256"):
        differs.append(f"the interviews of {file} are not those that were released")
    return differs


def _differing(ran: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names whose values differ, or that only one side has."""
    ran, now = _plain(ran), _plain(now)
    names = [*ran, *(name for name in now if name not in ran)]
    absent = object()
    return [name for name in names if ran.get(name, absent) != now.get(name, absent)]


def _plain(value: Any) -> Any:
    """A value as provenance writes it: names are words."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


# Pages against releases ------------------------------------------------------------------------


def stale_uses(
    uses: Iterable[Use], studies: Sequence[ReleasedStudy]
) -> tuple[tuple[Use, str], ...]:
    """Uses that the releases no longer bear out, each with why.

    Parameters
    ----------
    studies
        What the releases hold now.
    """
    found = []
    for use in uses:
        why = _why_stale(use, studies)
        if why:
            found.append((use, why))
    return tuple(found)


def _why_stale(use: Use, studies: Sequence[ReleasedStudy]) -> str:
    name = f"{use.study}/{use.variant}"
    study = next((study for study in studies if study.name == name), None)
    if study is None:
        return f"no release holds {name} any more"
    output = study.output(use.output)
    if output is None:
        return f"{name} has no output {use.output} any more"
    if not output.is_released:
        return f"{use.output} is no longer released"
    if use.kind == NUMBER:
        return _why_number(use, study)
    if use.kind == FIGURE and output.figure is None:
        return f"{use.output} has no picture any more"
    return "" if file_digest(use.kind, output) == use.sha256 else "its numbers have changed"


def _why_number(use: Use, study: ReleasedStudy) -> str:
    own = use.reference.strip().removeprefix(f"{study.name}:")
    try:
        cell = find_cell(own, within=study, studies=(study,))
    except BookError:
        return "its cell is gone, or hidden"
    return "" if digest_of(cell.value.encode()) == use.sha256 else "its cell has changed"
