"""Jobs of studies: each variant on the warehouse that holds what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from justice_analysis import warehouse
from justice_analysis.studies.catalogue import Project

OF_PARTICIPANTS = "participants"
"""Dataset, folder and parameter that linked participants go by."""


@dataclass(frozen=True)
class Job:
    """One variant of one study on one warehouse, into one folder of runs."""

    project: Project
    study: str
    variant: str
    data: Path
    runs: Path
    truth: Path | None = None
    participants: Path | None = None

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.runs / self.study / self.variant

    def __str__(self) -> str:
        return f"{self.study}/{self.variant}"


@dataclass(frozen=True)
class Outcome:
    """How one job ended: `ran`, `unchanged` or `failed`, with seconds and a sentence."""

    job: Job
    state: str
    seconds: float = 0.0
    problem: str = ""


def plan(
    project: Project,
    warehouses: Sequence[Path],
    runs: Path,
    *,
    study: str | None = None,
    variant: str | None = None,
    truth: Path | None = None,
    participants: Path | None = None,
    for_demo: bool = False,
) -> list[Job]:
    """The jobs to run: each variant on the first warehouse that holds its datasets.

    A study named must fit a warehouse; where none is named, those that fit are taken.
    `truth` is the truth of a synthetic world, which some studies compare with; `participants`
    holds folders of linked participants (`participants` beside the warehouse, if not named).
    `for_demo` keeps one variant for each set of datasets a study can read: the first.
    """
    linked = {path: participants or _linked_beside(path) for path in warehouses}
    held = {
        path: set(warehouse.open(path).sources) | beside(truth, linked[path]) for path in warehouses
    }
    jobs = []
    for name in [study] if study else project.studies():
        read: list[set[str]] = []
        for each in [variant] if variant else project.variants(name):
            needs = _datasets(project.parameter_file(name, each))
            if for_demo and needs in read:
                continue
            read.append(needs)
            fits = [path for path, sources in held.items() if needs <= sources]
            if fits or study:
                data = (fits or list(held))[0]
                jobs.append(Job(project, name, each, data, runs, truth, linked[data]))
    return jobs


def beside(truth: Path | None, participants: Path | None) -> set[str]:
    """What a study may read beside a warehouse, named as datasets are."""
    found = {"truth": truth, OF_PARTICIPANTS: participants}
    return {name for name, path in found.items() if path is not None}


def _linked_beside(data: Path) -> Path | None:
    """Folders of linked participants beside a warehouse, where there are any."""
    folder = data.resolve().parent / OF_PARTICIPANTS
    return folder if folder.is_dir() else None


def variants_of_the_same_people(job: Job) -> list[str]:
    """Variants of the study that share a dataset with this one: they are judged as one family.

    Those of other datasets alone count other people.
    """

    def reads(variant: str) -> set[str]:
        return _datasets(job.project.parameter_file(job.study, variant))

    mine = reads(job.variant)
    variants = job.project.variants(job.study)
    return [name for name in variants if not mine or not reads(name) or reads(name) & mine]


def _datasets(file: Path) -> set[str]:
    import yaml

    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return set(content.get("datasets") or [])
    except (yaml.YAMLError, AttributeError, TypeError):
        return set()  # the runner says what is wrong with it
