"""Decide on the outputs of runs: together, with their families, and against all that left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from justice_analysis.disclosure.blocking import smallest_change
from justice_analysis.disclosure.earlier.compared import Compared, joined
from justice_analysis.disclosure.earlier.differences import (
    DifferencingPair,
    Named,
    differencing_pairs,
)
from justice_analysis.disclosure.earlier.families import Families, family_of, not_judged_together
from justice_analysis.disclosure.earlier.history import History, Source, record_of
from justice_analysis.disclosure.earlier.history.records import Record, hidden_units
from justice_analysis.disclosure.earlier.official import PUBLISHED, Asked, Official, past_outputs
from justice_analysis.disclosure.earlier.past import Past
from justice_analysis.disclosure.judge import judge
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.runs import Run, judged_together, read_runs
from justice_analysis.disclosure.verdict import Judged

Decisions = list[tuple[Run, list[Judged], Profile]]


@dataclass(frozen=True)
class Against:
    """What a request is attacked with: what left, what others published, and its families."""

    history: History
    published: tuple[Official, ...] = ()
    families: Families | None = None


@dataclass(frozen=True)
class Decided:
    """The decisions on a request.

    Attributes
    ----------
    runs
        Each run asked for, its decisions in the order of its outputs, and its rules.
    pairs
        Counts that differ by too few people from one of another output.
    """

    runs: Decisions
    compared: Compared
    pairs: tuple[DifferencingPair, ...] = ()

    def records(self) -> list[Record]:
        """What the history keeps of the outputs that passed."""
        return [
            record_of(judged, source_of(run), under)
            for run, decisions, under in self.runs
            for judged in decisions
            if judged.verdict.status == "pass"
        ]


@dataclass(frozen=True)
class _Group:
    """Runs judged as one, what they are judged against, and the outputs really asked for."""

    runs: Sequence[Run]
    profile: Profile
    past: Sequence[Past] = ()
    wanted: Collection[int] = ()

    @property
    def asked(self) -> list[Asked]:
        return [
            Asked(run.manifest["study"], run.manifest["variant"], one.id, one.output)
            for run in self.runs
            for one in run.candidates
        ]

    @property
    def labels(self) -> list[str]:
        return [f"{one.study}/{one.variant}/{one.id}" for one in self.asked]

    @property
    def protects(self) -> bool:
        return any(self.profile.protects(kind) for kind in self.profile.mechanism)


def decide(run_folders: Sequence[str | Path], profile: Profile, against: Against) -> Decided:
    """Judge the outputs of runs that are to leave together.

    Parameters
    ----------
    run_folders
        `runs/<study>/<variant>`, complete and unchanged since they ran.
    against
        What left before and what others published is attacked with them; variants of their
        studies are judged with them as if they left too.

    Raises
    ------
    DisclosureError
        If a run can't be used, or a published table that is matched to it isn't as it says.
    """
    runs = read_runs(run_folders, profile)
    family = family_of(
        runs, run_folders, profile, families=against.families, history=against.history
    )
    asked = {run.name for run in runs}
    decided: Decisions = []
    compared, pairs = [], []
    for under, group in judged_together([*runs, *family.beside]):
        alone = _Group(group, under)
        past, said = _past(alone, against)
        beside = tuple(run.name for run in group if run.name not in asked)
        said = replace(said, variants=beside if said.protects else ())
        compared.append(said)
        wanted = {
            place for place, one in enumerate(alone.asked) if f"{one.study}/{one.variant}" in asked
        }
        decisions, found = _decide_group(replace(alone, past=past, wanted=wanted), said)
        pairs += found
        for run in group:
            own, decisions = decisions[: len(run.candidates)], decisions[len(run.candidates) :]
            reason = family.reason(run.manifest["study"]) if alone.protects else None
            if run.name in asked:
                own = not_judged_together(own, reason) if reason else own
                decided.append((run, own, under))
    return Decided(decided, joined(compared), tuple(sorted(pairs)))


def source_of(run: Run) -> Source:
    """Say where a run's outputs come from."""
    return Source(
        study=run.manifest["study"],
        variant=run.manifest["variant"],
        fingerprint=run.manifest["warehouse"].get("fingerprint"),
        datasets=tuple(sorted(run.sources)),
        is_synthetic=run.is_synthetic,
    )


def _past(group: _Group, against: Against) -> tuple[list[Past], Compared]:
    """Collect what an attacker holds already, and say what it is."""
    if not group.protects:
        return [], Compared(protects=False)
    natures = {run.is_synthetic for run in group.runs}
    datasets = {name for run in group.runs for name in run.sources}
    left = against.history.past(
        group.profile,
        datasets=datasets if all(run.sources for run in group.runs) else None,
        synthetic=natures.pop() if len(natures) == 1 else None,
    )
    published, not_matched = past_outputs(against.published, group.asked)
    compared = Compared(
        history=against.history.path.name,
        releases=len({past.label.split(":")[0] for past in left}),
        outputs=len(left),
        others=len(against.history.past(group.profile)) - len(left),
        published=tuple(dict.fromkeys(past.label.removeprefix(PUBLISHED) for past in published)),
        not_matched=tuple(not_matched),
    )
    return [*left, *published], compared


def _decide_group(group: _Group, compared: Compared) -> tuple[list[Judged], list[DifferencingPair]]:
    candidates = [one for run in group.runs for one in run.candidates]
    decisions = judge(candidates, group.profile, past=group.past)
    if not group.protects:
        return [_told(judged, compared, []) for judged in decisions], []
    change = smallest_change(
        candidates,
        group.profile,
        group.past,
        decisions=decisions,
        asked=group.wanted,
        names=group.labels,
    )
    for number in change.blocked if change else ():
        verdict = decisions[number].verdict
        assert change is not None
        told = replace(verdict, reasons=(*verdict.reasons, change.sentence))
        decisions[number] = replace(decisions[number], verdict=told)
    pairs = _pairs(group, decisions)
    return [
        _told(judged, compared, [pair for pair in pairs if label in (pair.output, pair.other)])
        for judged, label in zip(decisions, group.labels, strict=True)
    ], pairs


def _pairs(group: _Group, decisions: Sequence[Judged]) -> list[DifferencingPair]:
    """Pairs of an output asked for with another, or with one that left."""
    named = [
        Named(label, judged.candidate.output, _not_shown(judged))
        for label, judged in zip(group.labels, decisions, strict=True)
    ]
    before = [Named(past.label, past.output, frozenset(past.hidden)) for past in group.past]
    labels = {group.labels[place] for place in group.wanted}
    return [
        pair
        for pair in differencing_pairs([*named, *before], group.profile)
        if pair.output in labels or pair.other in labels
    ]


def _not_shown(judged: Judged) -> frozenset[int]:
    if judged.verdict.status == "pass":
        return hidden_units(judged)
    return frozenset(range(len(judged.candidate.output.table)))


def _told(judged: Judged, compared: Compared, pairs: Sequence[DifferencingPair]) -> Judged:
    """Add to the evidence what an output was compared with, and where it comes close."""
    evidence = {
        **judged.verdict.evidence,
        "earlier_releases": [*compared.said, *compared.not_said],
        "differencing_pairs": [pair.sentence for pair in pairs],
    }
    return replace(judged, verdict=replace(judged.verdict, evidence=evidence))
