"""Running studies: one run folder per variant, whole or not at all, skipped if unchanged."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import justice_analysis
from justice_analysis import warehouse
from justice_analysis.errors import JusticeError, StudyError
from justice_analysis.studies import notebook
from justice_analysis.studies.catalogue import Project
from justice_analysis.studies.parameters import Variant, declared_parameters, read_variant
from justice_analysis.studies.session import RUN, WAREHOUSE

COMPLETE = "complete"


@dataclass(frozen=True)
class Job:
    """One variant of one study on one warehouse, into one folder of runs."""

    project: Project
    study: str
    variant: str
    data: Path
    runs: Path

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


def run_one(job: Job, *, progress: bool = False) -> Outcome:
    """Run one variant, or skip it where notebook, parameters, package and data are the same.

    Raises
    ------
    ParameterError, StudyError
        If the parameters break the rules or a cell fails. A failed run leaves a folder
        `<variant>.failed` with its manifest; an earlier complete run stays as it was.
    """
    source = job.project.notebook(job.study)
    read = notebook.read(source)
    declared = declared_parameters(read, name=source.name)
    variant = read_variant(job.project.parameter_file(job.study, job.variant), declared=declared)
    manifest = _inputs(job, variant, read)
    if _is_unchanged(job.folder, manifest):
        return Outcome(job, "unchanged")
    partial = job.folder.with_name(f".{job.variant}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "outputs").mkdir(parents=True)
    started = _now()
    try:
        executed = notebook.execute(
            source,
            partial / "executed.ipynb",
            values=variant.values,
            environment={WAREHOUSE: str(job.data.resolve()), RUN: str(partial.resolve())},
            progress=progress,
        )
    except StudyError as error:
        _keep_failure(job, partial, manifest, str(error))
        raise
    finished = _now()
    manifest |= {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 1),
        "outputs": notebook.shown_outputs(executed),
        "status": COMPLETE,
    }
    _write_manifest(partial, manifest)
    _put_in_place(partial, job.folder)
    return Outcome(job, "ran", manifest["seconds"])


def run_all(
    jobs: Sequence[Job], *, workers: int = 1, done: Callable[[Outcome], None] | None = None
) -> list[Outcome]:
    """Run jobs side by side; one that fails is reported and the others go on."""
    outcomes = []
    if workers == 1 or len(jobs) == 1:
        for outcome in map(_attempt, jobs):
            outcomes.append(outcome)
            if done:
                done(outcome)
        return outcomes
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for outcome in pool.map(_attempt, jobs):
            outcomes.append(outcome)
            if done:
                done(outcome)
    return outcomes


def _attempt(job: Job) -> Outcome:
    try:
        return run_one(job)
    except JusticeError as error:
        return Outcome(job, "failed", problem=str(error))


def status(job: Job) -> str:
    """`complete`, `stale` (an input has changed since), `failed` or `not run`."""
    read = notebook.read(job.project.notebook(job.study))
    declared = declared_parameters(read, name=job.study)
    variant = read_variant(job.project.parameter_file(job.study, job.variant), declared=declared)
    if _is_unchanged(job.folder, _inputs(job, variant, read)):
        return COMPLETE
    if job.folder.is_dir():
        return "stale"
    return "failed" if _failed_folder(job).is_dir() else "not run"


def _inputs(job: Job, variant: Variant, read: Any) -> dict[str, Any]:
    """Everything that the result depends on, by hash."""
    store = warehouse.open(job.data)
    sources = [f"{cell.cell_type}\n{cell.source}" for cell in read.cells]
    return {
        "study": job.study,
        "variant": job.variant,
        "title": variant.title,
        "parameters": dict(variant.values),
        "disclosure": dict(variant.disclosure),
        "parameters_sha256": _sha256(json.dumps([variant.values, variant.disclosure])),
        "notebook_sha256": _sha256("\f".join(sources)),
        "package_version": justice_analysis.__version__,
        "package_sha256": package_sha256(),
        "warehouse": {
            "fingerprint": store.fingerprint,
            "is_synthetic": store.is_synthetic,
            "sources": store.sources,
        },
    }


@cache
def package_sha256() -> str:
    """One hash over the package's own code and descriptors."""
    root = Path(justice_analysis.__file__).parent
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".yaml"))
    parts = [f"{path.relative_to(root).as_posix()}\0{path.read_text('utf-8')}" for path in files]
    return _sha256("\0".join(parts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_unchanged(folder: Path, inputs: dict[str, Any]) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    keys = ("parameters_sha256", "notebook_sha256", "package_sha256")
    same = all(manifest.get(key) == inputs[key] for key in keys)
    print_of = manifest.get("warehouse", {}).get("fingerprint")
    is_same_data = print_of == inputs["warehouse"]["fingerprint"]
    return same and is_same_data and manifest.get("status") == COMPLETE


def _keep_failure(job: Job, partial: Path, manifest: dict[str, Any], problem: str) -> None:
    """Say what failed and drop the rest: outputs and tracebacks may hold values of rows."""
    shutil.rmtree(partial)
    partial.mkdir()
    _write_manifest(partial, {**manifest, "outputs": [], "status": "failed", "problem": problem})
    _put_in_place(partial, _failed_folder(job))


def _failed_folder(job: Job) -> Path:
    return job.folder.with_name(f"{job.variant}.failed")


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, sort_keys=True, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _put_in_place(partial: Path, folder: Path) -> None:
    """Swap a finished folder in; an older one steps aside first, since renames don't merge."""
    older = folder.with_name(f".{folder.name}.older")
    shutil.rmtree(older, ignore_errors=True)
    if folder.exists():
        os.replace(folder, older)
    os.replace(partial, folder)
    shutil.rmtree(older, ignore_errors=True)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
