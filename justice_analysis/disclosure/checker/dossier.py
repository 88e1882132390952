"""All that a checker decides on about one output, gathered once and written in several forms."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from justice_analysis.definitions.output import Output
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged

Decided = Sequence[tuple[Run, Sequence[Judged], Profile]]
"""Each run with its decisions and the profile that they were judged under."""


@dataclass(frozen=True)
class File:
    """A file of the release: its place under `request/`, what it weighs and what it hashes to."""

    place: str
    content: bytes

    @property
    def name(self) -> str:
        """Name without the folders."""
        return self.place.rsplit("/", 1)[-1]

    @property
    def ending(self) -> str:
        """File name ending, without the dot."""
        return self.name.rsplit(".", 1)[-1].lower()

    @cached_property
    def sha256(self) -> str:
        """Hash in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Grid:
    """A table as text, cell by cell as a CSV file holds it."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def key(self, row: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
        """Which group a row is about."""
        return tuple(row.get(name, "") for name in names)


@dataclass(frozen=True)
class Dossier:
    """One output: the decision on it, what leaves, and what stays.

    Attributes
    ----------
    files
        The files of this output in `request/`, the table first; none unless it passed.
    """

    run: Run
    judged: Judged
    profile: Profile
    files: tuple[File, ...]

    @property
    def output(self) -> Output:
        """The candidate's table and description, unrounded."""
        return self.judged.candidate.output

    @property
    def id(self) -> str:
        """The output's id within its run."""
        return self.judged.candidate.id

    @property
    def key(self) -> str:
        """Study, variant and id; study and variant hold no full stop, so it names one output."""
        return f"{self.run.manifest['study']}.{self.run.manifest['variant']}.{self.id}"

    @property
    def status(self) -> str:
        """Pass, review or fail."""
        return self.judged.verdict.status

    @property
    def evidence(self) -> Mapping[str, object]:
        """What the judgement recorded beside its verdict."""
        return self.judged.verdict.evidence

    @cached_property
    def leaving(self) -> Grid | None:
        """The table exactly as its file in `request/` holds it."""
        table = next((file for file in self.files if file.ending == "csv"), None)
        return read_grid(table.content.decode("utf-8")) if table else None

    @cached_property
    def underlying(self) -> Grid:
        """The table as the run counted it, unrounded; never leaves."""
        table = self.output.table
        return read_grid(str(table.to_csv(index=False, float_format="%.8g")))

    @cached_property
    def hidden(self) -> tuple[int, ...]:
        """Rows of the leaving table whose numbers are hidden, from 0."""
        rows = self.leaving.rows if self.leaving else ()
        return tuple(n for n, row in enumerate(rows) if row.get("shown") == "suppressed")

    @cached_property
    def _behind(self) -> Mapping[tuple[str, ...], Mapping[str, str]]:
        dimensions = self.output.dimensions
        return {self.underlying.key(row, dimensions): row for row in self.underlying.rows}

    def behind(self, row: Mapping[str, str]) -> Mapping[str, str] | None:
        """Find the unrounded row behind a row that leaves."""
        names = self.output.dimensions
        if not set(names) <= set(row):
            return None
        return self._behind.get(tuple(row[name] for name in names))


def read_grid(text: str) -> Grid:
    """Read a CSV file without guessing at what its cells mean."""
    lines = csv.DictReader(io.StringIO(text))
    rows = tuple({str(name): value or "" for name, value in line.items()} for line in lines)
    return Grid(tuple(lines.fieldnames or ()), rows)


def collect(request: Path, decided: Decided) -> tuple[Dossier, ...]:
    """Gather every output that was asked for, in the order of the release.

    Parameters
    ----------
    request
        The `request/` tree, already written.
    """
    return tuple(
        Dossier(run, judged, profile, _files(request, run, judged))
        for run, decisions, profile in decided
        for judged in decisions
    )


def _files(request: Path, run: Run, judged: Judged) -> tuple[File, ...]:
    if judged.verdict.status != "pass":
        return ()
    found = sorted((request / run.name).glob(f"{judged.candidate.id}.*"))
    files = [File(path.relative_to(request).as_posix(), path.read_bytes()) for path in found]
    return tuple(sorted(files, key=lambda file: (file.ending != "csv", file.place)))


def as_number(text: str | None) -> float | None:
    """Read a cell as a number; None where it is empty or is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None
