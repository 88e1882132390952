"""Make the release folder: `request/` is all that leaves, `checker/` never does."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from justice_analysis.disclosure import checker, checksums, egress, readable
from justice_analysis.disclosure.compared import Compared
from justice_analysis.disclosure.deciding import Against, Decided, decide
from justice_analysis.disclosure.differences import DifferencingPair
from justice_analysis.disclosure.families import Families
from justice_analysis.disclosure.history import RECORDED_IN, Entry, History, beside
from justice_analysis.disclosure.official_files import read
from justice_analysis.disclosure.profiles import Profile, load
from justice_analysis.disclosure.released import Released, from_judged
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged
from justice_analysis.errors import DisclosureError


@dataclass(frozen=True)
class ReportLine:
    """The decision on one output; one line of `outputs.csv`."""

    study: str
    variant: str
    id: str
    kind: str
    title: str
    cell: str
    status: str
    reason: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class ReleaseReport:
    """Every output of a request with its decision.

    Attributes
    ----------
    folder
        Where the request was written, if it was.
    compared
        What the outputs were attacked together with.
    pairs
        Counts that differ by too few people from those of another output.
    release_id
        The release in the history; missing if nothing passed or nothing was written.
    """

    profile: str
    lines: tuple[ReportLine, ...]
    folder: Path | None = None
    compared: Compared = field(default_factory=Compared)
    pairs: tuple[DifferencingPair, ...] = ()
    release_id: str | None = None

    @property
    def passed(self) -> tuple[ReportLine, ...]:
        """Outputs that may leave."""
        return tuple(line for line in self.lines if line.status == "pass")

    @property
    def refused(self) -> tuple[ReportLine, ...]:
        """Outputs that may not, or that a person must look at."""
        return tuple(line for line in self.lines if line.status != "pass")


def check(
    run_folders: Sequence[str | Path],
    profile: str | Path | Profile,
    *,
    history: str | Path | None = None,
    official: Sequence[str | Path] = (),
    families: Families | None = None,
) -> ReleaseReport:
    """Judge the outputs of some runs without writing anything; options are those of `bundle`."""
    chosen = load(profile)
    decided = decide(run_folders, chosen, _against(run_folders, history, official, families))
    lines = [
        _line(run, judged, under) for run, decisions, under in decided.runs for judged in decisions
    ]
    return ReleaseReport(chosen.name, tuple(lines), compared=decided.compared, pairs=decided.pairs)


def bundle(
    run_folders: Sequence[str | Path],
    out: str | Path,
    profile: str | Path | Profile,
    *,
    history: str | Path | None = None,
    official: Sequence[str | Path] = (),
    families: Families | None = None,
) -> ReleaseReport:
    """Judge the outputs of some runs together and write what may leave.

    Parameters
    ----------
    run_folders
        `runs/<study>/<variant>`, complete and unchanged since they ran.
    out
        Release folder to make; an earlier release there is replaced, any other folder refused.
    history
        The project's release history, which every release is compared with and added to;
        `release-history` beside the runs folder if missing. It never leaves.
    official
        Descriptions (YAML) of published tables that an attacker holds too.
    families
        For a study, all of its variants that are ever to leave, if not all it has.

    Returns
    -------
    ReleaseReport
        One line per output, those refused too, with the reason.

    Raises
    ------
    DisclosureError
        If a run, the history or the place to write to can't be used, or another release was
        made meanwhile. The folder appears whole or not at all.
    """
    chosen, out = load(profile), Path(out)
    _refuse_other_folder(out)
    missing = {"csv", "txt"} - set(chosen.file_types)
    if missing:
        raise DisclosureError(f"profile {chosen.name} must allow csv and txt files to be bundled.")
    against = _against(run_folders, history, official, families)
    against.history.confirm(out)
    decided = decide(run_folders, chosen, against)
    records = decided.records()
    entry = against.history.prepare(records) if records else None
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        lines = [
            line
            for run, decisions, under in decided.runs
            for line in _write_run(partial, run, decisions, under, decided.compared)
        ]
        checksums.write(partial / "request")
        egress.refuse_findings(partial / "request", chosen)
        _write_history(partial / "checker", decided, against.history, entry)
        checker.write(
            partial,
            decided.runs,
            made=datetime.now(UTC).replace(microsecond=0),
            compared=decided.compared.said,
            not_compared=decided.compared.not_said,
        )
        checksums.write(partial / "checker")
        _record_and_put_in_place(partial, out, against.history, entry)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return ReleaseReport(
        chosen.name,
        tuple(lines),
        out,
        decided.compared,
        decided.pairs,
        entry.release_id if entry else None,
    )


def _against(
    run_folders: Sequence[str | Path],
    history: str | Path | None,
    official: Sequence[str | Path],
    families: Families | None,
) -> Against:
    place = Path(history) if history is not None else beside(run_folders)
    return Against(History.open(place), tuple(read(path) for path in official), families)


def _write_history(folder: Path, decided: Decided, history: History, entry: Entry | None) -> None:
    """Say, for the checker, what was compared and where the history has this release."""
    said = {
        "release_id": entry.release_id if entry else None,
        "history": history.path.name,
        "entry": entry.number if entry else None,
        "entry_sha256": entry.sha256 if entry else None,
        "compared": decided.compared.said,
        "not_compared": decided.compared.not_said,
        "differencing_pairs": [pair.sentence for pair in decided.pairs],
    }
    _write(folder / RECORDED_IN, json.dumps(said, indent=1))


def _record_and_put_in_place(
    partial: Path, out: Path, history: History, entry: Entry | None
) -> None:
    """Record the release, then let it appear: a crash between them loses no release.

    A release in the history that nobody holds makes later ones too careful; one that the history
    doesn't know could give people away.
    """
    recorded = history.append(entry) if entry else None
    try:
        _put_in_place(partial, out)
    except OSError:
        if recorded and entry:
            recorded.withdraw(entry.release_id, "its folder could not be put in place")
        raise


def _write_run(
    folder: Path, run: Run, decisions: list[Judged], profile: Profile, compared: Compared
) -> list[ReportLine]:
    """Write one run's part of both trees."""
    request, inside = (folder / tree / run.name for tree in checksums.TREES)
    request.mkdir(parents=True)
    inside.mkdir(parents=True)
    lines, evidence = [], {}
    for judged in decisions:
        id = judged.candidate.id
        if judged.verdict.status == "pass":
            _write_released(request, from_judged(judged, profile), run, profile)
        judged.candidate.output.table.to_csv(inside / f"{id}.csv", index=False, lineterminator="\n")
        evidence[id] = {"sha256": judged.candidate.sha256, **_verdict_words(judged)}
        lines.append(_line(run, judged, profile))
    words = [{**asdict(line), "files": " ".join(line.files)} for line in lines]
    _write(request / "outputs.csv", readable.index_csv(words, synthetic=run.is_synthetic))
    _write(
        request / "provenance.txt",
        readable.provenance_txt(
            run, profile=profile.name, released=date.today().isoformat(), compared=compared
        ),
    )
    _write(inside / "evidence.json", json.dumps(evidence, indent=1, default=str))
    return lines


def _write_released(folder: Path, released: Released, run: Run, profile: Profile) -> None:
    has_figure = released.chart is not None and "png" in profile.file_types
    _write(folder / f"{released.id}.csv", readable.table_csv(released, synthetic=run.is_synthetic))
    _write(
        folder / f"{released.id}.txt",
        readable.context_txt(released, synthetic=run.is_synthetic, has_figure=has_figure),
    )
    if has_figure:
        _draw(released, folder / f"{released.id}.png", synthetic=run.is_synthetic)


def _draw(released: Released, path: Path, *, synthetic: bool) -> None:
    """Draw from released numbers only; hidden rows are gaps that the chart names."""
    from justice_analysis import charts

    figure = charts.draw(
        released.table,
        released.chart,
        title=released.title,
        subtitle=str(released.context["subtitle"]),
        synthetic=synthetic,
    )
    charts.save_png(figure, path)


def _line(run: Run, judged: Judged, profile: Profile) -> ReportLine:
    candidate, verdict = judged.candidate, judged.verdict
    endings = ("csv", "txt", *(("png",) if candidate.output.chart else ()))
    files = tuple(
        f"{candidate.id}.{ending}"
        for ending in endings
        if verdict.status == "pass" and ending in profile.file_types
    )
    cell = next(
        (
            str(stated.get("cell") or "")
            for stated in run.manifest["outputs"]
            if stated["id"] == candidate.id
        ),
        "",
    )
    return ReportLine(
        study=run.manifest["study"],
        variant=run.manifest["variant"],
        id=candidate.id,
        kind=candidate.output.kind,
        title=candidate.output.title,
        cell=cell,
        status=verdict.status,
        reason=" ".join(verdict.reasons),
        files=files,
    )


def _verdict_words(judged: Judged) -> dict[str, object]:
    verdict = judged.verdict
    return {
        "status": verdict.status,
        "reasons": list(verdict.reasons),
        "controls": list(verdict.controls),
        "evidence": dict(verdict.evidence),
    }


def _refuse_other_folder(out: Path) -> None:
    is_release = (out / "request" / checksums.FILE_NAME).is_file()
    if out.exists() and not is_release and (not out.is_dir() or any(out.iterdir())):
        raise DisclosureError(
            f"{out.name} must be a new folder or an earlier release: it holds other files."
        )


def _put_in_place(partial: Path, out: Path) -> None:
    """Swap the finished folder in; an earlier release stays whole until then."""
    earlier = out.with_name(f".{out.name}.{os.getpid()}.earlier")
    if out.exists():
        os.replace(out, earlier)
    try:
        os.replace(partial, out)
    except OSError:
        if earlier.exists():
            os.replace(earlier, out)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
