"""The variants of a study count nearly the same people: they are judged together, or not yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from justice_analysis.disclosure.earlier.history import History
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.runs import Run, read_runs
from justice_analysis.disclosure.verdict import Judged, Verdict
from justice_analysis.errors import DisclosureError

Families = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Family:
    """What of the families of some runs is judged with them.

    Attributes
    ----------
    beside
        Runs of other variants that are judged with those asked for, and don't leave.
    missing
        For each study, the variants that have not been judged with it.
    """

    beside: tuple[Run, ...] = ()
    missing: Mapping[str, tuple[str, ...]] | None = None

    def reason(self, study: str) -> str | None:
        """Say which variants of a study have not been judged; None where all have."""
        missing = (self.missing or {}).get(study, ())
        if not missing:
            return None
        have = (
            "variant {} of the study has" if len(missing) == 1 else "variants {} of the study have"
        )
        return (
            have.format(_and(missing)) + " not been judged with it: run all on the same "
            "data, or say which variants are ever to leave."
        )


def family_of(
    runs: Sequence[Run],
    folders: Sequence[str | Path],
    profile: Profile,
    *,
    families: Families | None,
    history: History,
) -> Family:
    """Find the other variants of the studies of some runs.

    Parameters
    ----------
    runs, folders
        The runs asked for, and their folders; other variants are looked for beside these.
    families
        For a study, all variants that are ever to leave. Where a study isn't named, the list
        that its run's manifest has; without either, the variants asked for.
    history
        Variants that left, of the same data, are attacked as earlier releases.
    """
    asked = {run.name for run in runs}
    beside: dict[str, Run] = {}
    missing: dict[str, tuple[str, ...]] = {}
    for run, folder in zip(runs, folders, strict=True):
        study = str(run.manifest["study"])
        stated = (families or {}).get(study, run.manifest.get("variants") or ())
        left = history.variants(study, _data_of(run))
        for variant in stated:
            name = f"{study}/{variant}"
            if name in asked or name in beside:
                continue
            found = _read(Path(folder).parent / variant, profile)
            if found is not None and found.name == name and _data_of(found) == _data_of(run):
                beside[name] = found
            elif variant not in left:
                known = missing.get(study, ())
                missing[study] = known if variant in known else (*known, variant)
    return Family(tuple(beside.values()), missing)


def not_judged_together(decisions: Sequence[Judged], reason: str) -> list[Judged]:
    """Answer review for outputs whose family was not judged with them; refusals stay."""
    return [
        judged
        if judged.verdict.status == "fail"
        else Judged(
            judged.candidate,
            Verdict("review", (reason, *judged.verdict.reasons), evidence=judged.verdict.evidence),
        )
        for judged in decisions
    ]


def _read(folder: Path, profile: Profile) -> Run | None:
    """Read the run of another variant; one that can't be read has not been judged."""
    try:
        return read_runs([folder], profile)[0]
    except DisclosureError:
        return None


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _data_of(run: Run) -> str | None:
    return run.manifest["warehouse"].get("fingerprint")
