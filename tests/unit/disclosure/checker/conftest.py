"""A release folder with something of everything that a checker decides on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from justice_analysis.disclosure import checker, checksums
from justice_analysis.disclosure.checker import dossier as dossiers
from justice_analysis.disclosure.profiles.profile import Profile
from justice_analysis.disclosure.released import from_judged
from justice_analysis.disclosure.request.readable import table_csv
from justice_analysis.disclosure.runs import read_runs
from justice_analysis.disclosure.verdict import Judged, Protected, Verdict
from tests.unit.disclosure.examples import curve, frequencies, shares

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PNG = bytes.fromhex("89504e470d0a1a0a")


def judged(candidate, profile: Profile, *, hidden=(), status="pass", evidence=None) -> Judged:
    """A decision made by hand: rows `hidden` are emptied, counts are rounded to 5."""
    if status != "pass":
        return Judged(candidate, Verdict(status, ("it breaks <b>a rule</b>.",)))
    output = candidate.output
    left_out = (*output.roles.evidence, *(("events", "censored") * (output.kind == "survival")))
    table = output.table.drop(columns=list(left_out)).copy()
    for name in output.roles.counts:
        if name in table:
            table[name] = (table[name] / 5 + 0.5).astype(int) * 5
    if output.roles.numerator:
        table[output.roles.estimate[0]] = table[output.roles.numerator] / table["people"]
    table = table.astype({name: object for name in table if name not in output.dimensions})
    table.loc[list(hidden), [n for n in table if n not in output.dimensions]] = None
    table["shown"] = ["suppressed" if n in hidden else "yes" for n in range(len(table))]
    verdict = Verdict("pass", controls=("Counts are rounded.",), evidence=evidence or {})
    return Judged(candidate, verdict, Protected(table, verdict.controls))


@pytest.fixture
def outputs():
    return {
        "by_age": frequencies({"all": 163, "a": 41, "b": 83, "c": 3, "d": 36}),
        "returned": shares([("x", 1, 200, 40), ("x", 2, 200, 60), ("y", 1, 90, 4)]),
        "over_time": curve({"all": [(day, 12, 3) for day in range(1, 9)]}),
        "too_few": frequencies({"x": 4, "y": 3}, population_hash="other", title="<script>x"),
    }


@pytest.fixture
def decided(make_run, outputs, srs) -> dossiers.Decided:
    """One run with three outputs that passed and one that was refused."""
    (run,) = read_runs([make_run(outputs, finished="2026-11-22T08:00:00+00:00")], srs)
    attack = [{"cell": "c", "true": 3, "low": 0, "high": 25}]
    decisions = [
        judged(run.candidates[0], srs, hidden=(3, 4),
               evidence={"hidden": [3, 4], "attacker": attack}),
        judged(run.candidates[1], srs, hidden=(2,)),
        judged(run.candidates[2], srs),
        judged(run.candidates[3], srs, status="fail"),
    ]  # fmt: skip
    return [(run, decisions, srs)]


@pytest.fixture
def release(decided, tmp_path) -> Callable[..., Path]:
    """Write a release folder of those decisions, as `bundle` does."""

    def make(name: str = "release", **changes: object) -> Path:
        folder = tmp_path / name
        for run, decisions, profile in decided:
            home = folder / "request" / run.name
            home.mkdir(parents=True)
            (folder / "checker" / run.name).mkdir(parents=True)
            for each in decisions:
                counts = folder / "checker" / run.name / f"{each.candidate.id}.csv"
                each.candidate.output.table.to_csv(counts, index=False)
                if each.verdict.status == "pass":
                    _write(home, from_judged(each, profile))
        checksums.write(folder / "request")
        checker.write(folder, decided, made=MADE, **changes)
        checksums.write(folder / "checker")
        return folder

    return make


def _write(home: Path, released) -> None:
    (home / f"{released.id}.csv").write_text(table_csv(released, synthetic=True))
    (home / f"{released.id}.txt").write_text(f"title: {released.title}\n")
    if released.chart is not None:
        (home / f"{released.id}.png").write_bytes(PNG)


@pytest.fixture
def collected(release, decided) -> dict[str, dossiers.Dossier]:
    found = dossiers.collect(release("collected") / "request", decided)
    return {dossier.id: dossier for dossier in found}


def with_output(dossier: dossiers.Dossier, **changes: object) -> dossiers.Dossier:
    """The same dossier of an output with something changed."""
    output = dataclasses.replace(dossier.output, **changes)
    candidate = dataclasses.replace(dossier.judged.candidate, output=output)
    return dataclasses.replace(
        dossier, judged=dataclasses.replace(dossier.judged, candidate=candidate)
    )
