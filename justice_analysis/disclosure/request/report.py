"""What became of each output of a request, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from justice_analysis.disclosure.deciding import Decided
from justice_analysis.disclosure.earlier.compared import Compared
from justice_analysis.disclosure.earlier.differences import DifferencingPair
from justice_analysis.disclosure.earlier.history import History
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.request.ranking import NOT_ASKED, Rank, limit, over_the_limit, rank
from justice_analysis.disclosure.runs import Run
from justice_analysis.disclosure.verdict import Judged


@dataclass(frozen=True)
class ReportLine:
    """The decision on one output; one line of `outputs.csv`.

    `status` is pass, review, fail, or not asked: it passes, and the request has no place for it.
    """

    study: str
    variant: str
    id: str
    kind: str
    title: str
    cell: str
    status: str
    reason: str
    files: tuple[str, ...]

    @property
    def as_words(self) -> dict[str, str]:
        """Each field as text."""
        return {**asdict(self), "files": " ".join(self.files)}


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
    ranks
        Outputs in the order in which to ask for them.
    most
        Most outputs that one request may hold.
    """

    profile: str
    lines: tuple[ReportLine, ...]
    folder: Path | None = None
    compared: Compared = field(default_factory=Compared)
    pairs: tuple[DifferencingPair, ...] = ()
    release_id: str | None = None
    ranks: tuple[Rank, ...] = ()
    most: int = 0

    @property
    def passed(self) -> tuple[ReportLine, ...]:
        """Outputs that may leave."""
        return tuple(line for line in self.lines if line.status == "pass")

    @property
    def refused(self) -> tuple[ReportLine, ...]:
        """Outputs that may not, or that a person must look at."""
        return tuple(line for line in self.lines if line.status in ("review", "fail"))

    @property
    def not_asked(self) -> tuple[ReportLine, ...]:
        """Outputs that may leave, in another request: this one is full."""
        return tuple(line for line in self.lines if line.status == NOT_ASKED)


def report_of(decided: Decided, profile: Profile, history: History) -> ReleaseReport:
    """Write down what was decided on every output, and which of them a request has place for."""
    most = limit(decided.runs, profile)
    ranks = rank(decided.runs, history)
    over = over_the_limit(ranks, most)
    lines = [
        _line(run, judged, under, over)
        for run, judgements, under in decided.runs
        for judged in judgements
    ]
    return ReleaseReport(
        profile=profile.name,
        lines=tuple(lines),
        compared=decided.compared,
        pairs=decided.pairs,
        ranks=tuple(ranks),
        most=most,
    )


def lines_of(report: ReleaseReport, run: Run) -> list[ReportLine]:
    """Lines of one run."""
    return [line for line in report.lines if f"{line.study}/{line.variant}" == run.name]


def _line(
    run: Run, judged: Judged, profile: Profile, over: Mapping[tuple[str, str], str]
) -> ReportLine:
    candidate, verdict = judged.candidate, judged.verdict
    no_place = over.get((run.name, candidate.id))
    status = NOT_ASKED if no_place else verdict.status
    endings = ("csv", "txt", *(("png",) if candidate.output.chart else ()))
    kept = [ending for ending in endings if status == "pass" and ending in profile.file_types]
    return ReportLine(
        study=run.manifest["study"],
        variant=run.manifest["variant"],
        id=candidate.id,
        kind=candidate.output.kind,
        title=candidate.output.title,
        cell=_cell(run, candidate.id),
        status=status,
        reason=no_place or " ".join(verdict.reasons),
        files=tuple(f"{candidate.id}.{ending}" for ending in kept),
    )


def _cell(run: Run, output: str) -> str:
    """The notebook cell that displayed an output; empty for sentences."""
    stated = {one["id"]: str(one.get("cell") or "") for one in run.manifest["outputs"]}
    return stated.get(output, "")
