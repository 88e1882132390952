"""Read the `request/` tree of a release: the only numbers and pictures that the book may hold."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from justice_analysis.errors import BookError, listed

RELEASED_FILES = (".csv", ".txt", ".png")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_MARK, _SYNTHETIC = "data", "synthetic"  # the column by which a released CSV says what it is
_MAKE_ONE = (
    "Make one with: justice release bundle RUN... --out DIR. Then: justice book build --from DIR."
)
_INDEX_COLUMNS = ("id", "kind", "title", "cell", "status", "reason")


@dataclass(frozen=True)
class ReleasedOutput:
    """One line of `outputs.csv`: a released table, figure or set of texts, or why it was not.

    Attributes
    ----------
    cell
        Id of the notebook cell that displayed it; empty for texts.
    context
        What its `.txt` says: title, unit, population, definition, controls, alternative text.
    columns, rows
        The released table as text, exactly as it left; nothing is computed from it.
    """

    id: str
    kind: str
    title: str
    cell: str
    status: str
    reason: str
    context: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    csv_file: Path | None = None
    figure: Path | None = None

    @property
    def is_released(self) -> bool:
        """Whether disclosure control let it pass."""
        return self.status == "pass"

    @property
    def card(self) -> str | None:
        """Name of the definition card it was computed by."""
        return self.context.get("card") or None


@dataclass(frozen=True)
class ReleasedStudy:
    """One study variant as released; synthetic if any source or any output of it is."""

    study: str
    variant: str
    folder: Path
    provenance: Mapping[str, Any]
    outputs: tuple[ReleasedOutput, ...]

    @property
    def name(self) -> str:
        """Study and variant, as people write them."""
        return f"{self.study}/{self.variant}"

    @cached_property
    def is_synthetic(self) -> bool:
        """Whether this is a protocol paper."""
        return bool(self.provenance["synthetic"])

    @property
    def released(self) -> tuple[ReleasedOutput, ...]:
        """Only what passed."""
        return tuple(output for output in self.outputs if output.is_released)

    def output(self, output_id: str) -> ReleasedOutput | None:
        """The output of that id, released or not."""
        return next((output for output in self.outputs if output.id == output_id), None)


def read_releases(releases: Iterable[Path]) -> tuple[ReleasedStudy, ...]:
    """Read every study variant in the `request/` trees of some release folders.

    Returns
    -------
    tuple
        One item per study and variant, ordered by name.

    Raises
    ------
    BookError
        If a folder is not a release, a file is missing or not of a released kind, an output
        contradicts its provenance, or two releases hold the same study variant.
    """
    found: dict[tuple[str, str], ReleasedStudy] = {}
    for release in releases:
        for folder in _variant_folders(_request_folder(Path(release))):
            item = _read_variant(folder)
            if (item.study, item.variant) in found:
                raise BookError(
                    f"{item.name} is in more than one release. Give the book one of them."
                )
            found[item.study, item.variant] = item
    return tuple(found[key] for key in sorted(found))


def _request_folder(release: Path) -> Path:
    if not release.is_dir():
        raise BookError(f"{release.name} is not a folder. Give the folder of a release.")
    from justice_analysis.disclosure import checksums  # brings pandas with it

    request = release if release.name == "request" else release / "request"
    if not (request / checksums.FILE_NAME).is_file():
        raise BookError(_no_release(release))
    problems = checksums.verify(request)
    if problems:
        raise BookError(
            f"{release.name} is not as it was released, so nothing of it is published. Copy it "
            f"again from where it was approved, or make the release again. {listed(problems)}"
        )
    return request


def _no_release(folder: Path) -> str:
    """Say what a folder is instead of a release, and what to do."""
    if (folder / "manifest.json").is_file() and (folder / "outputs").is_dir():
        why = f"{folder.name} is a run, not a release: its outputs were not checked."
        return f"{why} {_MAKE_ONE}"
    if any(folder.glob("*/manifest.json")) or any(folder.glob("*/*/manifest.json")):
        return f"{folder.name} holds runs, not a release: outputs were not checked. {_MAKE_ONE}"
    if folder.name == "checker" or (folder / "sdc-record.json").is_file():
        return (
            f"{folder.name} is for the output checker and never leaves: it holds exact counts. "
            "Give the release folder, or its request folder."
        )
    return f"{folder.name} holds no request/checksums.txt, so it is not a release. {_MAKE_ONE}"


def _variant_folders(request: Path) -> list[Path]:
    folders = [item for item in sorted(request.glob("*/*")) if item.is_dir()]
    if not folders:
        raise BookError("the release holds no study: its request folder is empty.")
    return folders


def _read_variant(folder: Path) -> ReleasedStudy:
    name = f"{folder.parent.name}/{folder.name}"
    _refuse_other_files(folder, name)
    provenance = _read_provenance(folder / "provenance.txt", name)
    outputs = tuple(_read_output(folder, line, name) for line in _read_index(folder, name))
    repeated = len(outputs) - len({output.id for output in outputs})
    if repeated:
        raise BookError(f"{name}: outputs.csv must name each output once: {repeated} repeat.")
    study = ReleasedStudy(folder.parent.name, folder.name, folder, provenance, outputs)
    _refuse_contradiction(study)
    return study


def _refuse_other_files(folder: Path, name: str) -> None:
    strange = [item.name for item in folder.rglob("*") if item.suffix not in RELEASED_FILES]
    if strange:
        raise BookError(
            f"{name}: a release holds only CSV, TXT and PNG files: {len(strange)} are of "
            f"another kind ({strange[0]}). Make the release again."
        )


def _read_provenance(path: Path, name: str) -> Mapping[str, Any]:
    content = _read_yaml(path, name)
    named = f"{content.get('study')}/{content.get('variant')}"
    if named != name:
        raise BookError(f"{name}: provenance.txt speaks of {named}. Make the release again.")
    if not isinstance(content.get("synthetic"), bool):
        raise BookError(f"{name}: provenance.txt must say whether the data is synthetic.")
    return content


def _read_yaml(path: Path, name: str) -> dict[str, Any]:
    if not path.is_file():
        raise BookError(f"{name}: {path.name} is missing. Make the release again.")
    try:
        # The loader in C reads the same and is some eight times faster.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        content = None
    if not isinstance(content, dict):
        raise BookError(f"{name}: {path.name} cannot be read. Make the release again.")
    return content


def _read_index(folder: Path, name: str) -> list[dict[str, str]]:
    columns, lines = _read_csv(folder / "outputs.csv", name)
    missing = [column for column in _INDEX_COLUMNS if column not in columns]
    if missing:
        raise BookError(f"{name}: outputs.csv lacks the column {missing[0]}.")
    return lines


def _read_csv(path: Path, name: str) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    if not path.is_file():
        raise BookError(f"{name}: {path.name} is missing. Make the release again.")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    uneven = sum(None in row or None in row.values() for row in rows)
    if uneven:
        raise BookError(f"{name}: {path.name} has {uneven} rows of the wrong length.")
    return tuple(reader.fieldnames or ()), rows


def _read_output(folder: Path, line: Mapping[str, str], name: str) -> ReleasedOutput:
    output_id = line["id"]
    if not _NAME.fullmatch(output_id):
        raise BookError(f"{name}: an output's id must be letters, digits, hyphens, underscores.")
    if line["status"] != "pass":
        _refuse_files_of_unreleased(folder, output_id, name)
        return _output(line)
    context = _read_yaml(folder / f"{output_id}.txt", name)
    columns, rows = _read_csv(folder / f"{output_id}.csv", name)
    if columns[-1:] == (_MARK,):
        _refuse_other_marks(rows, context, f"{name}: {output_id}")
        columns = columns[:-1]
        rows = [{column: row[column] for column in columns} for row in rows]
    figure = folder / f"{output_id}.png"
    if not figure.is_file() and context.get("chart"):
        raise BookError(f"{name}: the figure {figure.name} is missing. Make the release again.")
    if figure.is_file() and not str(context.get("alt_text") or "").strip():
        raise BookError(f"{name}: the figure {output_id} has no alternative text.")
    return _output(
        line,
        context=context,
        columns=columns,
        rows=tuple(rows),
        csv_file=folder / f"{output_id}.csv",
        figure=figure if figure.is_file() else None,
    )


def _refuse_other_marks(
    rows: Iterable[Mapping[str, str]], context: Mapping[str, Any], name: str
) -> None:
    """The mark in the file and the word beside it must agree."""
    other = sum(row[_MARK] != _SYNTHETIC for row in rows)
    if other or context.get("synthetic") is not True:
        raise BookError(
            f"{name}: the column {_MARK} and the .txt beside the file disagree on whether data "
            "is synthetic. Make the release again."
        )


def _output(line: Mapping[str, str], **released: Any) -> ReleasedOutput:
    described: dict[str, Any] = {column: line[column] for column in _INDEX_COLUMNS}
    return ReleasedOutput(**described, **released)


def _refuse_files_of_unreleased(folder: Path, output_id: str, name: str) -> None:
    if any((folder / f"{output_id}{suffix}").exists() for suffix in RELEASED_FILES):
        raise BookError(
            f"{name}: {output_id} was not released, yet the folder holds its files. "
            "Make the release again."
        )


def _refuse_contradiction(study: ReleasedStudy) -> None:
    """Real and synthetic may not be mixed: one word wrong and a protocol reads as a finding."""
    stated = study.is_synthetic
    problems = [
        f"{study.name}: provenance.txt and {output.id}.txt disagree on whether data is synthetic."
        for output in study.released
        if output.context.get("synthetic") is not stated
    ]
    sources = study.provenance.get("sources") or {}
    natures = [source.get("nature") for source in sources.values() if isinstance(source, dict)]
    if "synthetic" in natures and not stated:
        problems.append(f"{study.name}: a source is synthetic, but provenance.txt says real data.")
    if problems:
        raise BookError(listed(problems))
