"""Running studies: one run folder per variant, whole or not at all, skipped if unchanged."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import justice_analysis
from justice_analysis import engine, warehouse
from justice_analysis.errors import JusticeError, StudyError
from justice_analysis.studies import notebook
from justice_analysis.studies.parameters import Variant, declared_parameters, read_variant
from justice_analysis.studies.planning import (
    OF_PARTICIPANTS,
    Job,
    Outcome,
    beside,
    variants_of_the_same_people,
)
from justice_analysis.studies.session import INTERVIEWS, PARTICIPANTS, RUN, TRUTH, WAREHOUSE

COMPLETE = "complete"
_AFTER_STUDIES = ("publishing", "cli")


def run_one(job: Job, *, progress: bool = False) -> Outcome:
    """Run one variant, or skip it where code, parameters, package and data are the same.

    Raises
    ------
    ParameterError, StudyError
        If the parameters break the rules or a cell fails. A failed run leaves a folder
        `<variant>.failed` with its manifest; an earlier complete run stays as it was.
    """
    source = job.project.notebook(job.study)
    read = notebook.read(source)
    variant = _variant(job, read)
    manifest = _inputs(job, variant, read)
    _refuse_missing_datasets(job, variant, manifest)
    if _is_unchanged(job.folder, manifest):
        return Outcome(job, "unchanged")
    folder = job.folder.with_name(f".{job.variant}.{os.getpid()}.partial")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "outputs").mkdir(parents=True)
    interviews = _written_interviews(variant, folder)
    started = _now()
    try:
        executed = notebook.execute(
            source,
            folder / "executed.ipynb",
            values=variant.values,
            environment={**_environment(job, folder), **interviews},
            progress=progress,
        )
    except StudyError as error:
        _keep_failure(job, folder, manifest, str(error))
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finished = _now()
    manifest |= {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 1),
        "outputs": notebook.shown_outputs(executed),
        "status": COMPLETE,
    }
    _write_manifest(folder, manifest)
    engine.swap_in(folder, job.folder)
    shutil.rmtree(_failed_folder(job), ignore_errors=True)
    return Outcome(job, "ran", manifest["seconds"])


def run_all(
    jobs: Sequence[Job],
    *,
    workers: int = 1,
    done: Callable[[Outcome], None] | None = None,
    progress: bool = False,
) -> list[Outcome]:
    """Run jobs side by side; one that fails is reported and the others go on."""
    outcomes = []
    if workers == 1 or len(jobs) == 1:
        for outcome in map(partial(_attempt, progress=progress), jobs):
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


def _attempt(job: Job, *, progress: bool = False) -> Outcome:
    try:
        return run_one(job, progress=progress)
    except JusticeError as error:
        return Outcome(job, "failed", problem=str(error))


def status(job: Job) -> str:
    """`complete`, `stale` (an input has changed since), `failed` or `not run`."""
    read = notebook.read(job.project.notebook(job.study))
    if _is_unchanged(job.folder, _inputs(job, _variant(job, read), read)):
        return COMPLETE
    if job.folder.is_dir():
        return "stale"
    return "failed" if _failed_folder(job).is_dir() else "not run"


def _environment(job: Job, folder: Path) -> dict[str, str]:
    paths = {
        WAREHOUSE: job.data,
        RUN: folder,
        TRUTH: job.truth,
        PARTICIPANTS: job.participants,
    }
    return {name: str(path.resolve()) for name, path in paths.items() if path is not None}


def _written_interviews(variant: Variant, folder: Path) -> dict[str, str]:
    """Put what interviews found where the notebook finds it; only a run that has any says so."""
    if not variant.interviews:
        return {}
    file = folder / "interviews.json"
    file.write_text(json.dumps(variant.interviews), encoding="utf-8")
    return {INTERVIEWS: str(file.resolve())}


def _truth(job: Job) -> str | None:
    """What was planted in the world that a study may compare with."""
    return (job.truth / "planted.json").read_text("utf-8") if job.truth else None


def _participants(job: Job, variant: Variant) -> str | None:
    """Hash of the linked participants that a variant names: another list runs it again."""
    name = variant.values.get(OF_PARTICIPANTS)
    if job.participants is None or not isinstance(name, str):
        return None
    files = [job.participants / name / file for file in ("links.json", "people.parquet")]
    held = [file.read_bytes() for file in files if file.is_file()]
    return hashlib.sha256(b"\0".join(held)).hexdigest() if held else None


def _variant(job: Job, read: Any) -> Variant:
    declared = declared_parameters(read, name=f"{job.study}.ipynb")
    return read_variant(job.project.parameter_file(job.study, job.variant), declared=declared)


def _refuse_missing_datasets(job: Job, variant: Variant, manifest: dict[str, Any]) -> None:
    held = set(manifest["warehouse"]["sources"]) | beside(job.truth, job.participants)
    missing = sorted(set(variant.datasets) - held)
    if missing:
        raise StudyError(
            f"{job} reads {', '.join(variant.datasets)}: the warehouse lacks "
            f"{', '.join(missing)}. Load it, or name another warehouse."
        )


def _inputs(job: Job, variant: Variant, read: Any) -> dict[str, Any]:
    """Everything that the result depends on, by hash."""
    store = warehouse.open(job.data)
    linked = _participants(job, variant)
    return {
        "study": job.study,
        "variant": job.variant,
        "variants": variants_of_the_same_people(job),
        "title": variant.title,
        "datasets": list(variant.datasets),
        "parameters": dict(variant.values),
        "disclosure": dict(variant.disclosure),
        "participants_sha256": linked,
        "parameters_sha256": _sha256(
            json.dumps(
                [variant.title, variant.values, variant.disclosure, variant.interviews, _truth(job)]
            )
        ),
        "notebook_sha256": notebook.sha256(read.cells),
        "code_sha256": notebook.code_sha256(read.cells),
        "interviews_sha256": variant.interviews_sha256,
        "package_version": justice_analysis.__version__,
        "package_sha256": package_sha256(),
        "warehouse": {
            "fingerprint": store.fingerprint,
            "is_synthetic": store.is_synthetic,
            "sources": store.sources,
        },
    }


def is_synthetic(run: Path) -> bool:
    """Whether a finished run was made from synthetic data."""
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    return bool(manifest["warehouse"]["is_synthetic"])


@cache
def package_sha256(part: str = ".") -> str:
    """One hash over the code and descriptors that results depend on, or over one part of it.

    What comes after studies in the order of layers cannot change what they find.
    """
    root = Path(justice_analysis.__file__).parent / part
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".yaml"))
    files = [path for path in files if path.relative_to(root).parts[0] not in _AFTER_STUDIES]
    parts = [f"{path.relative_to(root).as_posix()}\0{path.read_text('utf-8')}" for path in files]
    return _sha256("\0".join(parts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_unchanged(folder: Path, inputs: dict[str, Any]) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    keys = ("parameters_sha256", "code_sha256", "package_sha256", "participants_sha256")
    same = all(manifest.get(key) == inputs[key] for key in keys)
    print_of = manifest.get("warehouse", {}).get("fingerprint")
    is_same_data = print_of == inputs["warehouse"]["fingerprint"]
    return same and is_same_data and manifest.get("status") == COMPLETE


def _keep_failure(job: Job, folder: Path, manifest: dict[str, Any], problem: str) -> None:
    """Say what failed and drop the rest: outputs and tracebacks may hold values of rows."""
    shutil.rmtree(folder)
    folder.mkdir()
    _write_manifest(folder, {**manifest, "outputs": [], "status": "failed", "problem": problem})
    engine.swap_in(folder, _failed_folder(job))


def _failed_folder(job: Job) -> Path:
    return job.folder.with_name(f"{job.variant}.failed")


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, sort_keys=True, default=str)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
