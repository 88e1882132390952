"""Read run folders for release: only whole, unchanged runs, whose data this profile may serve."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from justice_analysis.disclosure.candidate import Candidate, read_candidate
from justice_analysis.disclosure.profiles.profile import Profile, stricter, strictest
from justice_analysis.errors import DisclosureError, listed

NAMED = ("study", "variant", "status", "outputs", "warehouse")


@dataclass(frozen=True)
class Run:
    """A complete run: its manifest, its candidates, the profile tightened by its parameters."""

    manifest: Mapping[str, Any]
    candidates: tuple[Candidate, ...]
    profile: Profile

    @property
    def name(self) -> str:
        """Study and variant, as people write them."""
        return f"{self.manifest['study']}/{self.manifest['variant']}"

    @property
    def populations(self) -> set[str]:
        """Hashes of the populations counted."""
        return {candidate.output.population_hash for candidate in self.candidates}

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Each dataset's nature and extract date; an unstated nature counts as restricted."""
        stated = self.manifest["warehouse"].get("sources") or {}
        return {
            name: {
                "nature": source.get("nature") or "restricted",
                "extract_date": source.get("extract_date"),
            }
            for name, source in stated.items()
        }

    @property
    def sources_read(self) -> dict[str, dict[str, Any]]:
        """Sources that the study declares it reads: what its numbers come from.

        Whether a run may leave goes by every source of its warehouse; a manifest that declares
        none is taken to read them all.
        """
        declared = self.manifest.get("datasets") or ()
        return {
            name: source
            for name, source in self.sources.items()
            if name in declared or not declared
        }

    @property
    def natures(self) -> set[str]:
        """Natures of the data behind the run."""
        natures = {source["nature"] for source in self.sources.values()}
        if natures:
            return natures
        return {"synthetic" if self.manifest["warehouse"].get("is_synthetic") else "restricted"}

    @property
    def is_synthetic(self) -> bool:
        """Whether anything in it is synthetic: one such source makes the whole run so."""
        return (
            bool(self.manifest["warehouse"].get("is_synthetic"))
            or "synthetic" in self.natures
            or any(candidate.synthetic for candidate in self.candidates)
        )


def read_runs(folders: Sequence[str | Path], profile: Profile) -> list[Run]:
    """Read the runs that are to leave together.

    Raises
    ------
    DisclosureError
        If a run is not complete, was changed, appears twice, loosens the profile, or holds data
        that may not leave under it; all problems at once.
    """
    runs: list[Run] = []
    problems = [] if folders else ["a release must have at least one run: none was given."]
    for folder in map(Path, folders):
        try:
            runs.append(_read_run(folder, profile))
        except DisclosureError as error:
            problems.append(f"run {folder.parent.name}/{folder.name}: {error}")
    names = [run.name for run in runs]
    problems += [
        f"run {name} was given more than once."
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    if problems:
        raise DisclosureError(listed(problems))
    return runs


def judged_together(runs: Sequence[Run]) -> list[tuple[Profile, list[Run]]]:
    """Group runs that obey one profile or count one population; each under its strictest.

    In order of their names: what is hidden to protect another must not depend on the order in
    which runs were named.
    """
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.name):
        joined = [group for group in groups if any(_belong(run, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([other for group in joined for other in group] + [run])
    return [(strictest([run.profile for run in group]), group) for group in groups]


def _belong(run: Run, other: Run) -> bool:
    same_study = run.manifest["study"] == other.manifest["study"]
    return same_study or run.profile == other.profile or bool(run.populations & other.populations)


def _read_run(folder: Path, profile: Profile) -> Run:
    manifest = _read_manifest(folder)
    candidates = []
    for stated in manifest["outputs"]:
        candidate = read_candidate(folder / "outputs", stated.get("id"))
        if candidate.sha256 != stated.get("sha256"):
            raise DisclosureError(
                f"candidate {candidate.id} is not the one its manifest records: run it again."
            )
        candidates.append(candidate)
    if not candidates:
        raise DisclosureError("it shows no output: there is nothing to release.")
    run = Run(manifest, tuple(candidates), stricter(profile, manifest.get("disclosure")))
    refused = sorted(run.natures - set(profile.natures))
    if refused:
        raise DisclosureError(
            f"{' and '.join(refused)} data may not leave under profile {profile.name}: "
            "use the profile of the place that holds it."
        )
    return run


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DisclosureError("it must be a run folder with a readable manifest.json.") from None
    if not isinstance(manifest, dict):
        raise DisclosureError("its manifest.json must be an object.")
    if manifest.get("status") != "complete":
        raise DisclosureError("only a complete run may be released: run the study again.")
    missing = [name for name in NAMED if not manifest.get(name)]
    if missing:
        raise DisclosureError(f"its manifest.json lacks {', '.join(missing)}: run it again.")
    for name in ("study", "variant"):
        if not str(manifest[name]).replace("_", "").replace("-", "").isalnum():
            raise DisclosureError(f"its {name} must be letters, digits, _ and -.")
    return manifest
