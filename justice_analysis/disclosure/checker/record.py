"""Write `sdc-record.json`: how disclosure control was set and what it decided, for each output.

SATRE 3.3.09 asks an environment to keep the thresholds, suppression and perturbation rules, model
requirements, risk appetite and versions of tools and settings that outputs were checked with,
linked to the released package. It fixes no field names: these are ours. The top level must not
hold both `version` and `results`, which the SACRO viewer would take for a folder of ACRO's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from justice_analysis.disclosure import checksums
from justice_analysis.disclosure.checker.acro import risk_appetite
from justice_analysis.disclosure.checker.dossier import Dossier
from justice_analysis.disclosure.profiles import profile as profiles
from justice_analysis.disclosure.profiles.profile import Profile

FILE_NAME = "sdc-record.json"
GROUPS = {
    "thresholds": (
        "minimum_count",
        "minimum_families",
        "minimum_cases",
        "minimum_organisations",
        "zeros_disclosive",
        "class_disclosure",
        "dominance_n",
        "dominance_k",
        "p_ratio",
        "percentile_tail",
        "extremes",
        "survival_step",
    ),
    "suppression_rules": ("mechanism", "rounding_base", "derived_from_rounded"),
    "model_requirements": ("degrees_of_freedom",),
    "package_limits": (
        "named_places",
        "natures",
        "file_types",
        "max_rows",
        "max_outputs",
        "max_file_mb",
    ),
}
"""Every rule of a profile, by what SATRE asks for; a rule not named here is a package limit."""


def write(
    folder: Path, dossiers: Sequence[Dossier], *, made: datetime, tool: str, crate: Path
) -> None:
    """Write the record in the checker's tree.

    Parameters
    ----------
    folder
        The release folder, its `request/` complete.
    crate
        The Five Safes crate already written, which the record names by its hash.
    """
    request = folder / "request"
    described = {
        "record": "Statistical disclosure control (SATRE 3.3.09)",
        "made": made.isoformat(),
        "tool": {"name": "justice_analysis", "package_version": tool},
        "profiles": [_profile(profile) for profile in _used(dossiers)],
        "package": {
            "folder": "request",
            "checksums": f"request/{checksums.FILE_NAME}",
            "checksums_sha256": _sha256(request / checksums.FILE_NAME),
            "crate": f"checker/{crate.name}",
            "crate_sha256": _sha256(crate),
        },
        "outputs": [_output(dossier) for dossier in dossiers],
    }
    text = json.dumps(described, indent=1, allow_nan=False, default=_plain)
    (folder / "checker" / FILE_NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def settings_sha256(profile: Profile) -> str:
    """Hash a profile's rules as they were used, so that two records can be told alike."""
    values = {rule: getattr(profile, rule) for rule in profiles.RULES}
    text = json.dumps([profile.name, values], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _used(dossiers: Sequence[Dossier]) -> list[Profile]:
    """Profiles as tightened for the runs, each once."""
    return list({settings_sha256(each.profile): each.profile for each in dossiers}.values())


def _profile(profile: Profile) -> dict[str, Any]:
    named = {rule for rules in GROUPS.values() for rule in rules}
    rest = tuple(rule for rule in profiles.RULES if rule not in named)
    groups = {**GROUPS, "package_limits": (*GROUPS["package_limits"], *rest)}
    return {
        "name": profile.name,
        "title": profile.title,
        "settings_sha256": settings_sha256(profile),
        **{
            group: {rule: getattr(profile, rule) for rule in rules}
            for group, rules in groups.items()
        },
        "risk_appetite": risk_appetite(profile),
        "sources": {
            rule: {"status": said.status, "source": said.source}
            for rule, said in profile.sources.items()
        },
    }


def _output(dossier: Dossier) -> dict[str, Any]:
    verdict, manifest = dossier.judged.verdict, dossier.run.manifest
    return {
        "study": manifest["study"],
        "variant": manifest["variant"],
        "id": dossier.id,
        "kind": dossier.output.kind,
        "title": dossier.output.title,
        "mechanism": dossier.profile.mechanism.get(dossier.output.kind),
        "settings_sha256": settings_sha256(dossier.profile),
        "status": verdict.status,
        "reasons": list(verdict.reasons),
        "controls": list(verdict.controls),
        "rows_hidden": len(dossier.hidden),
        "candidate_sha256": dossier.judged.candidate.sha256,
        "run_package_version": manifest.get("package_version"),
        "files": [
            {"path": f"request/{file.place}", "sha256": file.sha256} for file in dossier.files
        ],
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, (set, frozenset, tuple)) else str(value)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
