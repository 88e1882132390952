"""Make the release folder: `request/` is all that leaves, `checker/` never does."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from justice_analysis.disclosure import checker, checksums, egress
from justice_analysis.disclosure.deciding import Against, Decided, decide
from justice_analysis.disclosure.earlier.families import Families
from justice_analysis.disclosure.earlier.history import RECORDED_IN, Entry, History, beside
from justice_analysis.disclosure.earlier.official_files import read
from justice_analysis.disclosure.profiles.profile import Profile, load
from justice_analysis.disclosure.released import Released, from_judged
from justice_analysis.disclosure.request import context_files, readable
from justice_analysis.disclosure.request.ranking import asked
from justice_analysis.disclosure.request.readable import Beside
from justice_analysis.disclosure.request.report import (
    ReleaseReport,
    ReportLine,
    lines_of,
    report_of,
)
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged
from justice_analysis.errors import DisclosureError


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
    against = _against(run_folders, history, official, families)
    return report_of(decide(run_folders, chosen, against), chosen, against.history)


def bundle(
    run_folders: Sequence[str | Path],
    out: str | Path,
    profile: str | Path | Profile,
    *,
    history: str | Path | None = None,
    official: Sequence[str | Path] = (),
    families: Families | None = None,
    context: str | Path | None = None,
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
    context
        Folder of words that a researcher edited (`context_files.write`), to stand beside the
        numbers.

    Returns
    -------
    ReleaseReport
        One line per output, with the reason where it was refused. Of more outputs than the
        profile lets a request hold, the first by `ranking` are asked for.

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
    every = decide(run_folders, chosen, against)
    edited = context_files.read(context, [run for run, _, _ in every.runs]) if context else {}
    report = report_of(every, chosen, against.history)
    decided = asked(every, report.ranks, report.most)
    records = decided.records()
    entry = against.history.prepare(records) if records else None
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for run, decisions, under in decided.runs:
            beside_it = Beside(against.history, decided.compared, edited)
            _write_run(partial, run, decisions, under, beside_it, lines_of(report, run))
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
    return replace(report, folder=out, release_id=entry.release_id if entry else None)


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
    from justice_analysis import engine  # brings Ibis with it

    recorded = history.append(entry) if entry else None
    try:
        engine.swap_in(partial, out)
    except OSError:
        if recorded and entry:
            recorded.withdraw(entry.release_id, "its folder could not be put in place")
        raise


def _write_run(
    folder: Path,
    run: Run,
    decisions: list[Judged],
    profile: Profile,
    beside_it: Beside,
    lines: Sequence[ReportLine],
) -> None:
    """Write one run's part of both trees."""
    request, inside = (folder / tree / run.name for tree in checksums.TREES)
    request.mkdir(parents=True)
    inside.mkdir(parents=True)
    evidence = {}
    for judged in decisions:
        id = judged.candidate.id
        if judged.verdict.status == "pass":
            _write_released(request, judged, run, profile, beside_it)
        judged.candidate.output.table.to_csv(inside / f"{id}.csv", index=False, lineterminator="\n")
        evidence[id] = {"sha256": judged.candidate.sha256, **_verdict_words(judged)}
    words = [line.as_words for line in lines]
    _write(request / "outputs.csv", readable.index_csv(words, synthetic=run.is_synthetic))
    _write(
        request / "provenance.txt",
        readable.provenance_txt(
            run,
            profile=profile.name,
            released=date.today().isoformat(),
            compared=beside_it.compared,
        ),
    )
    _write(inside / "evidence.json", json.dumps(evidence, indent=1, default=str))


def _write_released(
    folder: Path, judged: Judged, run: Run, profile: Profile, beside_it: Beside
) -> None:
    released = from_judged(judged, profile)
    has_figure = released.chart is not None and "png" in profile.file_types
    _write(folder / f"{released.id}.csv", readable.table_csv(released, synthetic=run.is_synthetic))
    _write(
        folder / f"{released.id}.txt",
        readable.context_txt(
            released,
            beside_it.context(judged, released, run, profile),
            synthetic=run.is_synthetic,
            has_figure=has_figure,
        ),
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


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
