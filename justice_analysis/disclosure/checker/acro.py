"""Write an output folder in the ACRO 1.0 format, which the SACRO viewer opens.

The folder stands by itself (`checker/acro/`): the viewer takes the one JSON file with `version`
and `results`, and refuses two. What an output that passed leaves as is copied into it byte for
byte, so that what a checker approves there is what leaves; an output that didn't pass stands as a
note without numbers. Layout after AI-SDC/ACRO, acro/record.py and acro/summary.py (1.0.2).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from justice_analysis.disclosure.checker import acro_words as words
from justice_analysis.disclosure.checker.acro_summary import as_csv, session_summary
from justice_analysis.disclosure.checker.dossier import Dossier, File, Grid
from justice_analysis.disclosure.checker.reasons import small_counts
from justice_analysis.disclosure.profiles.profile import Profile

FOLDER = "acro"
SUMMARIES = {
    "2ndary_risk_summary_json-DONT_RELEASE": "session_summary.json",
    "2ndary_risk_summary_csv-DONT_RELEASE": "session_summary.csv",
}
NOT_TO_LEAVE = "DO NOT RELEASE - SUMMARY FOR OUTPUT CHECKER USE ONLY"


def write(
    checker: Path, dossiers: Sequence[Dossier], profile: Profile, *, made: datetime, tool: str
) -> None:
    """Write `acro/` in the checker's tree.

    Parameters
    ----------
    made
        When the release was made, with its time zone; stands where a run doesn't say.
    tool
        Version of this package; the folder's own `version` is that of ACRO.
    """
    folder = checker / FOLDER
    folder.mkdir(parents=True)
    results = {dossier.key: _result(dossier, made) for dossier in dossiers}
    for dossier in dossiers:
        for name, content in _contents(dossier).items():
            (folder / name).write_bytes(content)
    summary = session_summary(results, timestamp=_local(None, made))
    _write_json(folder / "session_summary.json", summary)
    (folder / "session_summary.csv").write_text(as_csv(summary), "utf-8", newline="")
    described = {
        "version": words.IMITATED_VERSION,
        "tool": {"@type": "SoftwareApplication", "name": "justice_analysis", "version": tool},
        "results": results | {key: _summary_result(key, made) for key in SUMMARIES},
    }
    _write_json(folder / "results.json", described)
    _write_json(folder / "config.json", risk_appetite(profile))
    _write_checksums(folder)


def risk_appetite(profile: Profile) -> dict[str, object]:
    """Say a profile's rules under the names of ACRO's configuration."""
    chosen = set(profile.mechanism.values())
    return {
        "safe_threshold": profile.minimum_count,
        "safe_dof_threshold": profile.degrees_of_freedom,
        "safe_nk_n": profile.dominance_n,
        "safe_nk_k": profile.dominance_k,
        "safe_pratio_p": profile.p_ratio,
        "check_missing_values": False,
        "survival_safe_threshold": profile.survival_step,
        "zeros_are_disclosive": profile.zeros_disclosive,
        "safe_round_base": profile.rounding_base,
        "federated": False,
        "blocked_extensions": [
            ending for ending in (".svg", ".gph") if ending[1:] not in profile.file_types
        ],
        "suppress": any("suppress" in mechanism for mechanism in chosen),
    }


def folder_name(dossier: Dossier, file: File) -> str:
    """Name of a file in the folder, which has no folders of its own."""
    return f"{dossier.key}{file.name.removeprefix(dossier.id)}"


def flagged_cells(dossier: Dossier) -> dict[str, list[list[int]]]:
    """Find the hidden cells by check, as [row, column] of the table's body.

    Rows count from 0 under the heading; columns count from 0 after the first, which the viewer
    takes for the index: further dimensions are part of the body.
    """
    grid = dossier.leaving
    found: dict[str, list[list[int]]] = {check: [] for check in _cell_checks(dossier)}
    for number in dossier.hidden if grid else ():
        assert grid is not None
        checks = _checks_of_row(dossier, grid.rows[number])
        for column in _number_columns(dossier, grid):
            for check in checks:
                found.setdefault(check, []).append([number, column])
    return found


def _cell_checks(dossier: Dossier) -> tuple[str, ...]:
    return (*words.checks_of(dossier.output.kind), words.FOR_ANOTHER)


def _checks_of_row(dossier: Dossier, row: Mapping[str, str]) -> list[str]:
    behind = dossier.behind(row)
    small = small_counts(dossier, behind) if behind else []
    if not small:
        return [words.FOR_ANOTHER]
    return [words.THRESHOLD] + [words.ZERO] * any(" is 0," in said for said in small)


def _number_columns(dossier: Dossier, grid: Grid) -> list[int]:
    """Columns that hold numbers, from 0 after the first."""
    beside = (*dossier.output.dimensions, "shown", "data", "text")
    return [n - 1 for n, name in enumerate(grid.columns) if n > 0 and name not in beside]


def _result(dossier: Dossier, made: datetime) -> dict[str, Any]:
    output, verdict = dossier.output, dossier.judged.verdict
    sdc = _sdc(dossier)
    manifest = dossier.run.manifest
    return {
        "uid": dossier.key,
        "status": dossier.status,
        "type": words.TYPES.get(output.kind, "custom"),
        "properties": _properties(dossier),
        "files": [
            {"name": name, "sdc": sdc if name.endswith(".csv") else {}}
            for name in _contents(dossier)
        ],
        "outcome": _outcome(dossier) if sdc else {},
        "command": f"justice study run {manifest['study']} --variant {manifest['variant']}",
        "summary": _summary(dossier, sdc),
        "timestamp": _local(manifest.get("finished"), made),
        "comments": [f"{output.title}. {output.population}.", *verdict.controls],
        "exception": "",
        "fair": _fair(dossier, sdc),
    }


def _contents(dossier: Dossier) -> dict[str, bytes]:
    """The files of one output by name; a note in their place where it didn't pass."""
    if dossier.files:
        return {folder_name(dossier, file): file.content for file in dossier.files}
    reasons = "\n".join(f"- {reason}" for reason in dossier.judged.verdict.reasons)
    note = (
        f"{dossier.output.title}\n\nNot asked for: {dossier.status}. No number of it stands in "
        f"request/.\n\n{reasons}\n\nThe checker's page shows the counts behind it.\n"
    )
    return {f"{dossier.key}-NOT_ASKED_FOR.txt": note.encode()}


def _properties(dossier: Dossier) -> dict[str, object]:
    kind = dossier.output.kind
    if words.TYPES.get(kind, "custom") == "custom":
        return {}
    mitigation = dossier.profile.mechanism.get(kind, "none")
    described: dict[str, object] = {"method": words.METHODS[kind], "mitigation": mitigation}
    if kind == "model":
        described["dof"] = degrees_of_freedom(dossier)
    return described


def degrees_of_freedom(dossier: Dossier) -> float | None:
    """Residual degrees of freedom of a model, where the output or its evidence names them."""
    said = {**dossier.output.options, **dossier.evidence}
    for name in ("residual_df", "degrees_of_freedom", "residual_degrees_of_freedom", "dof"):
        value = said.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        if math.isfinite(value):
            return value
    return None


def _sdc(dossier: Dossier) -> dict[str, Any]:
    if words.TYPES.get(dossier.output.kind, "custom") in ("custom", "regression"):
        return {}
    if dossier.leaving is None:
        return {}
    cells = flagged_cells(dossier)
    return {"summary": {check: len(found) for check, found in cells.items()}, "cells": cells}


def _outcome(dossier: Dossier) -> dict[str, dict[str, str]]:
    """What was found by column and row: "ok", or the checks that flag a cell."""
    grid = dossier.leaving
    assert grid is not None
    flags: dict[tuple[int, int], list[str]] = {}
    for check, cells in flagged_cells(dossier).items():
        for row, column in cells:
            flags.setdefault((row, column), []).append(check)
    labels = _row_labels(dossier, grid)
    return {
        grid.columns[column + 1]: {
            label: "".join(f"{check}; " for check in flags.get((row, column), ())) or "ok"
            for row, label in enumerate(labels)
        }
        for column in _number_columns(dossier, grid)
    }


def _row_labels(dossier: Dossier, grid: Grid) -> list[str]:
    names = [name for name in dossier.output.dimensions if name in grid.columns]
    labels = [" / ".join(grid.key(row, names)) for row in grid.rows]
    unique = len(set(labels)) == len(labels)
    return labels if unique else [f"{n}: {label}" for n, label in enumerate(labels)]


def _summary(dossier: Dossier, sdc: Mapping[str, Any]) -> str:
    verdict = dossier.judged.verdict
    found = [
        f"{check}: {number} cells suppressed; "
        for check, number in sdc.get("summary", {}).items()
        if number
    ]
    return f"{verdict.status}; {''.join(found)}{' '.join(verdict.reasons)}".strip()


def _fair(dossier: Dossier, sdc: Mapping[str, Any]) -> dict[str, object]:
    output = dossier.output
    if words.TYPES.get(output.kind, "custom") == "custom":
        return {}
    statbarn = words.STATBARNS[output.kind]
    checks = words.checks_of(output.kind)
    return {
        "context": words.CONTEXT,
        "statbarn": statbarn,
        "risks": list(words.RISKS[statbarn]),
        "checks_needed": list(checks),
        "common_mitigations": list(words.mitigations_of(output.kind)),
        "check_status": dict.fromkeys(checks, dossier.status),
        "dependent": output.roles.numerator or output.roles.total or "unknown",
        "independent": list(output.dimensions),
    }


def _summary_result(key: str, made: datetime) -> dict[str, Any]:
    return {
        "uid": key,
        "status": "review",
        "type": "custom",
        "properties": {},
        "files": [{"name": SUMMARIES[key], "sdc": {}}],
        "outcome": {},
        "command": "custom",
        "summary": "review",
        "timestamp": _local(None, made),
        "comments": [NOT_TO_LEAVE],
        "exception": "",
        "fair": {},
    }


def _local(finished: object, made: datetime) -> str:
    """ISO time without a zone, as ACRO writes it."""
    try:
        moment = datetime.fromisoformat(str(finished))
    except ValueError:
        moment = made
    return moment.replace(tzinfo=None).isoformat()


def _write_json(path: Path, described: object) -> None:
    text = json.dumps(described, indent=4, allow_nan=False, default=str)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_checksums(folder: Path) -> None:
    """Write `checksums/<file>.txt`: the sha256 of each file, without a line end."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    (folder / "checksums").mkdir()
    for path in files:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        (folder / "checksums" / f"{path.name}.txt").write_text(digest, encoding="utf-8")
